package ops

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"communique/storage"
	"communique/storage/press"
)

// Chronicle writes a line into a server's log for each entry of the publication log that
// is appended while the server runs, by whichever process: an editor's command leaves no
// other trace there. A line says which article and when, and nothing that it says: a log
// is kept for longer than a text that is withdrawn.
type Chronicle struct {
	Store *storage.Store
	Log   *slog.Logger
	// Told is called with each entry, if it is set.
	Told func(press.Entry)

	last press.Seq
}

const (
	chronicleEvery = time.Second
	chronicleBatch = 100
)

// Begin takes the head of the log for what is known.
func (c *Chronicle) Begin(ctx context.Context) error {
	err := c.Store.View(ctx, func(tx *storage.Tx) error {
		head, err := tx.Head()
		c.last = head.Seq
		return err
	})
	if err != nil {
		return fmt.Errorf("read where the log ends: %w", err)
	}
	return nil
}

// Run writes the lines until ctx ends. What cannot be read now is told a second later.
func (c *Chronicle) Run(ctx context.Context) {
	var seen uint64
	failed := false
	storage.Every(ctx, chronicleEvery, func(ctx context.Context) error {
		state, err := c.Store.State(ctx)
		if err == nil && state != seen {
			if err = c.tell(ctx); err == nil {
				seen = state
			}
		}
		return err
	}, func(err error) {
		if err != nil && !failed {
			c.Log.Warn("what was published is told later: the log of publications cannot be read", "error", err)
		}
		failed = err != nil
	})
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), chronicleEvery)
	defer cancel()
	if err := c.tell(last); err != nil {
		c.Log.Warn("what was published last is not told", "error", err)
	}
}

func (c *Chronicle) tell(ctx context.Context) error {
	for {
		var entries []press.Entry
		err := c.Store.View(ctx, func(tx *storage.Tx) (err error) {
			entries, err = tx.EntriesAfter(c.last, chronicleBatch)
			return err
		})
		if err != nil || len(entries) == 0 {
			return err
		}
		for _, e := range entries {
			c.Log.LogAttrs(ctx, slog.LevelInfo, didOf(e.Kind), attrsOf(e)...)
			if c.Told != nil {
				c.Told(e)
			}
			c.last = e.Seq
		}
	}
}

// didOf is what an entry says was done.
func didOf(k press.Kind) string {
	switch k {
	case press.KindActor:
		return "actor changed"
	case press.KindMoved:
		return "actor moved"
	case press.KindSection:
		return "section changed"
	default:
		return "article " + string(k)
	}
}

func attrsOf(e press.Entry) []slog.Attr {
	attrs := []slog.Attr{slog.Int64("seq", int64(e.Seq)), slog.Time("at", e.At)}
	if e.Article != "" {
		attrs = append(attrs, slog.String("article", string(e.Article)), slog.Int("revision", e.Revision))
	}
	if e.Actor != "" {
		attrs = append(attrs, slog.String("actor", e.Actor))
	}
	if e.Silent {
		attrs = append(attrs, slog.Bool("silent", true))
	}
	return attrs
}
