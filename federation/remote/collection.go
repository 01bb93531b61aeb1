package remote

import (
	"context"
	"fmt"

	"communique/federation/vocab"
)

// maxPages bounds the pages of a collection that are read, as Mastodon does.
const maxPages = 10

// FetchCollection returns the ids in a collection, all of whose pages must be of its
// own origin. What has more than ten pages is [ErrUntrusted].
func (c *Client) FetchCollection(ctx context.Context, address string) ([]string, error) {
	var ids []string
	for page, at := 0, address; at != ""; page++ {
		if page > maxPages {
			return nil, fmt.Errorf("fetching %s: %w", address, untrusted("more than %d pages", maxPages))
		}
		if !vocab.SameOrigin(at, address) {
			return nil, fmt.Errorf("fetching %s: %w", address, untrusted("the page %s is of another server", at))
		}
		got, d, err := c.collection(ctx, at)
		switch {
		case err != nil:
			return nil, err
		case !vocab.SameOrigin(d.found, address):
			return nil, fmt.Errorf("fetching %s: %w", at, untrusted("it leads to %s", d.found))
		}
		ids = append(ids, got.Items...)
		if at = got.Next; page == 0 && at == "" && len(got.Items) == 0 {
			at = got.First
		}
	}
	return ids, nil
}

// FetchKeeper returns who keeps the collection with an id, as its document says;
// [ErrUntrusted] if that has another id, or a keeper of another origin.
func (c *Client) FetchKeeper(ctx context.Context, id string) (string, error) {
	got, d, err := c.collection(ctx, id)
	switch {
	case err != nil:
		return "", err
	case got.ID != id || !d.saysOf(id) || !vocab.SameOrigin(got.AttributedTo, id):
		return "", fmt.Errorf("fetching %s: %w", id, untrusted("it is %s, kept by %s", got.ID, got.AttributedTo))
	}
	return got.AttributedTo, nil
}

// collection fetches a collection or a page of one.
func (c *Client) collection(ctx context.Context, address string) (vocab.IncomingCollection, document, error) {
	d, err := c.get(ctx, address)
	if err != nil {
		return vocab.IncomingCollection{}, d, err
	}
	got, err := vocab.ReadCollection(d.body)
	if err != nil {
		err = fmt.Errorf("fetching %s: %w: %w", address, ErrUntrusted, err)
	}
	return got, d, err
}
