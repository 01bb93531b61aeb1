package vocab

import "encoding/json"

// IncomingCollection is a collection of another server, or one page of it.
type IncomingCollection struct {
	ID string
	// AttributedTo is who keeps it, or empty.
	AttributedTo string
	Items        []string // ids
	First        string   // address of the first page, of a collection that has pages
	Next         string   // of the next one, of a page
}

// ReadCollection reads a collection, ordered or not, or a page. If the first page is
// embedded, it is what is read. Every error is [ErrMalformed].
func ReadCollection(document []byte) (IncomingCollection, error) {
	document, err := checked(document)
	if err != nil {
		return IncomingCollection{}, err
	}
	return readCollection(document)
}

// Collection reads the embedded object as a collection.
func (r Reference) Collection() (IncomingCollection, error) {
	if r.Raw == nil {
		return IncomingCollection{}, malformed("a collection was expected to be embedded")
	}
	return readCollection(r.Raw)
}

func readCollection(document json.RawMessage) (c IncomingCollection, err error) {
	f, err := readFields(document)
	if err != nil {
		return c, err
	}
	var items string
	switch kind, err := f.kind(); kind {
	case "Collection", "CollectionPage":
		items = "items"
	case "OrderedCollection", "OrderedCollectionPage", "FeaturedCollection":
		items = "orderedItems"
	default:
		if err == nil {
			err = malformed("a collection was expected, not %q", kind)
		}
		return c, err
	}
	if c.ID, err = f.ownID(); err != nil {
		return c, err
	}
	if c.AttributedTo, err = f.id("attributedTo"); err != nil {
		return c, err
	}
	if c.Items, err = f.ids(items, maxItems); err != nil {
		return c, err
	}
	if first := f.get("first"); first != nil && first[0] == '{' && len(c.Items) == 0 {
		return readCollection(first)
	}
	if c.First, err = f.id("first"); err != nil {
		return c, err
	}
	c.Next, err = f.id("next")
	return c, err
}
