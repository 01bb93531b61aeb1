package vocab

// OrderedCollection is the head of a paged collection: outbox, followers,
// featured. Without First its items count as hidden.
type OrderedCollection struct {
	ID         string      `json:"id"`
	Type       orderedType `json:"type"`
	TotalItems int         `json:"totalItems"`
	First      string      `json:"first,omitempty"`
	Last       string      `json:"last,omitempty"`
	// Items stand here in a collection that is not paged: ids, or structs of
	// this package.
	Items []any `json:"orderedItems,omitempty"`
}

func (OrderedCollection) context() string { return objectContext }

// OrderedCollectionPage is a page of it, newest first.
type OrderedCollectionPage struct {
	ID     string          `json:"id"`
	Type   orderedPageType `json:"type"`
	PartOf string          `json:"partOf"`
	Prev   string          `json:"prev,omitempty"`
	Next   string          `json:"next,omitempty"`
	// Items are ids, or structs of this package; written as [] if there is
	// none.
	Items Items `json:"orderedItems"`
}

func (OrderedCollectionPage) context() string { return objectContext }

// Items of a page.
type Items []any

// MarshalJSON implements json.Marshaler: an empty page has an empty list.
func (i Items) MarshalJSON() ([]byte, error) {
	if len(i) == 0 {
		return []byte("[]"), nil
	}
	return encode([]any(i))
}

// Collection is an unordered one with nothing but its count, as it stands in
// an object: replies, likes, shares.
type Collection struct {
	ID         string         `json:"id"`
	Type       collectionType `json:"type"`
	TotalItems int            `json:"totalItems"`
}

func (Collection) context() string { return plainContext }
