package remote

import (
	"context"
	"fmt"

	"communique/federation/vocab"
)

// FetchNote returns the post with an id, as its server answers it now; [ErrGone] also
// if a Tombstone stands for it, [ErrUntrusted] if the document has another id, or an author of another origin.
func (c *Client) FetchNote(ctx context.Context, id string) (vocab.IncomingNote, error) {
	return once(ctx, c, "note "+id, func(ctx context.Context) (vocab.IncomingNote, error) {
		d, err := c.get(ctx, id)
		if err != nil {
			return vocab.IncomingNote{}, err
		}
		note, err := vocab.ReadNote(d.body)
		switch {
		case vocab.IsTombstone(d.body):
			return vocab.IncomingNote{}, fmt.Errorf("fetching %s: %w: a Tombstone is there", id, ErrGone)
		case err != nil:
			return vocab.IncomingNote{}, fmt.Errorf("fetching %s: %w: %w", id, ErrUntrusted, err)
		case note.ID != id || !d.saysOf(id) || !vocab.SameOrigin(note.AttributedTo, id):
			return vocab.IncomingNote{}, fmt.Errorf("fetching %s: %w", id, untrusted("it is %s by %s", note.ID, note.AttributedTo))
		}
		return note, nil
	})
}
