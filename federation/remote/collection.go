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
		d, err := c.get(ctx, at)
		if err != nil {
			return nil, err
		}
		got, err := vocab.ReadCollection(d.body)
		switch {
		case err != nil:
			return nil, fmt.Errorf("fetching %s: %w: %w", at, ErrUntrusted, err)
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
	d, err := c.get(ctx, id)
	if err != nil {
		return "", err
	}
	got, err := vocab.ReadCollection(d.body)
	switch {
	case err != nil:
		return "", fmt.Errorf("fetching %s: %w: %w", id, ErrUntrusted, err)
	case got.ID != id || !d.saysOf(id) || !vocab.SameOrigin(got.AttributedTo, id):
		return "", fmt.Errorf("fetching %s: %w", id, untrusted("it is %s, kept by %s", got.ID, got.AttributedTo))
	}
	return got.AttributedTo, nil
}
