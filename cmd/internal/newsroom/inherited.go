package newsroom

import (
	"errors"
	"time"

	"communique/storage"
	"communique/storage/manuscripts"
	"communique/storage/press"
)

// inheritedInstant is from when a new article is to be public that gives no date: when its
// original is, while that waits for it; zero is as soon as it is approved.
func (d Desk) inheritedInstant(tx *storage.Tx, m manuscripts.Manuscript) (time.Time, error) {
	of := m.Translates
	if m.Set != "" && m.Set != m.ID {
		original, err := tx.Manuscript(m.Set)
		if err != nil || original.State.Open() {
			return original.Instant, err
		}
		of = original.Article
	}
	if of == "" || m.Kind != manuscripts.NewArticle {
		return time.Time{}, nil
	}
	anchor, err := tx.Anchor(of)
	switch {
	case errors.Is(err, press.ErrNotFound):
		return time.Time{}, nil // it is told when the manuscript is looked at
	case err != nil || anchor.State != press.Embargoed:
		return time.Time{}, err
	}
	return anchor.Published, nil
}

// reinherit brings the instant of a manuscript in line with that of its original, if it gives
// no date of its own.
func (d Desk) reinherit(tx *storage.Tx, id string) error {
	m, err := tx.Manuscript(id)
	if err != nil || !m.State.Open() || m.Kind != manuscripts.NewArticle {
		return err
	}
	own, err := d.dateOf(tx, m)
	if err != nil {
		return err
	}
	instant := own.Published
	if instant.IsZero() {
		if instant, err = d.inheritedInstant(tx, m); err != nil {
			return err
		}
	}
	if instant.Equal(m.Instant) {
		return nil
	}
	return tx.SetInstant(m.ID, instant)
}

// reinheritOf does so for what is written as a translation of an article, or in a set with it,
// after the embargo of one of its set was moved, or taken back.
func (d Desk) reinheritOf(tx *storage.Tx, a press.Article) error {
	set, err := tx.Set(a.Group)
	if err != nil {
		return err
	}
	ids := []press.ArticleID{a.ID}
	for _, other := range set {
		ids = append(ids, other.ID)
	}
	following, err := tx.TranslationsOf(ids)
	for _, m := range following {
		if err == nil {
			err = d.reinherit(tx, m.ID)
		}
	}
	return err
}

// reinheritIn does so for the other languages of a set after its original was written again.
func (d Desk) reinheritIn(tx *storage.Tx, original manuscripts.Manuscript) error {
	if original.Set != original.ID {
		return nil
	}
	set, err := tx.LanguageSet(original.Set)
	for _, m := range set {
		if err == nil && m.ID != original.ID {
			err = d.reinherit(tx, m.ID)
		}
	}
	return err
}
