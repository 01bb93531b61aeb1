package vocab

// OrderedCollection is a collection without its pages: outbox, followers, featured.
// Without First and Items its items are hidden.
type OrderedCollection struct {
	ID         string      `json:"id"`
	Type       orderedType `json:"type"`
	TotalItems int         `json:"totalItems"`
	First      string      `json:"first,omitempty"`
	Last       string      `json:"last,omitempty"`
	// Items are those of a collection that is not paged: ids, or structs of this
	// package. nil and an empty list differ: receivers drop what they had only if
	// the list is there.
	Items Items `json:"orderedItems,omitzero"`
}

func (OrderedCollection) context() string { return objectContext }

// OrderedCollectionPage is a page of an [OrderedCollection], newest first.
type OrderedCollectionPage struct {
	ID     string          `json:"id"`
	Type   orderedPageType `json:"type"`
	PartOf string          `json:"partOf"`
	Prev   string          `json:"prev,omitempty"`
	Next   string          `json:"next,omitempty"`
	// Items are ids, or structs of this package; written as [] if there are none.
	Items Items `json:"orderedItems"`
}

func (OrderedCollectionPage) context() string { return objectContext }

// Items of a collection or a page.
type Items []any

// MarshalJSON implements json.Marshaler: an empty page has an empty list.
func (i Items) MarshalJSON() ([]byte, error) {
	if len(i) == 0 {
		return []byte("[]"), nil
	}
	return encode([]any(i))
}

// Collection is an unordered collection, in an object (replies, likes, shares) or
// alone. Without First and Items its items are hidden.
type Collection struct {
	ID         string         `json:"id"`
	Type       collectionType `json:"type"`
	TotalItems int            `json:"totalItems"`
	First      string         `json:"first,omitempty"`
	Items      Items          `json:"items,omitzero"` // as in [OrderedCollection]
}

func (Collection) context() string { return objectContext }

// CollectionPage is a page of a [Collection], oldest first.
type CollectionPage struct {
	ID     string             `json:"id"`
	Type   collectionPageType `json:"type"`
	PartOf string             `json:"partOf"`
	Next   string             `json:"next,omitempty"`
	Items  Items              `json:"items"`
}

func (CollectionPage) context() string { return objectContext }
