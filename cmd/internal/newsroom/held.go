package newsroom

import (
	"communique/storage"
	"communique/storage/press"
)

// asks reports whether a correction says of a draft that is held when it is to go out: by
// another date, or at once.
func (c Correction) asks(before press.Article, draft press.Draft) bool {
	return c.Lift || !draft.Published.IsZero() && !draft.Published.Equal(before.Published)
}

// rejoin finds whether a draft that is held, because what it translated was withdrawn or
// cancelled, is a translation of what is there from now on. Where that is in its own set,
// a correction must say when the draft goes out, or else it stays as it is.
func (c *Correction) rejoin(tx *storage.Tx, before press.Article, draft *press.Draft) error {
	named := draft.TranslationOf
	if !before.Held || named == before.ID {
		return nil
	}
	if named != "" {
		of, err := tx.Article(named)
		if err != nil {
			return err
		}
		if of.Group != before.Group || named != before.Translates && !c.Alone {
			c.joins, err = tx.Joins(before, named)
			return err
		}
	}
	draft.TranslationOf = "" // it says what is so already
	if c.Alone || !c.asks(before, *draft) {
		return nil
	}
	for _, of := range []press.ArticleID{named, before.Group} {
		joins, err := tx.Joins(before, of)
		if err != nil || joins {
			c.joins, draft.TranslationOf = joins, of
			return err
		}
	}
	return nil
}

// waitsFor is the original of the set of a draft that is held, if that is there: it may go
// out without being alone.
func waitsFor(tx *storage.Tx, held press.Article) (original press.Article, there bool, err error) {
	original, err = tx.Article(held.Group)
	return original, err == nil && original.ID != held.ID && !isGone(original) && !original.Held, err
}
