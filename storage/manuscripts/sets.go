package manuscripts

import (
	"fmt"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// A set of languages is a text and its translations that are written together, under the id of
// the manuscript of the original. It says of itself how it goes out: all or none, or the
// original first and the rest as they are approved. Package newsroom holds to that.

// BeginLanguageSet makes a manuscript the original of a set of languages, if it is in none yet.
func (tx *Tx) BeginLanguageSet(id string) error {
	if err := tx.db.Exec(`UPDATE manuscripts SET language_set = id WHERE id = $1 AND language_set = ''`, id); err != nil {
		return fmt.Errorf("begin a set of languages: %w", err)
	}
	return nil
}

// LanguageSet are the manuscripts of a set of languages, the original before the others. Those
// that were given up are among them until they leave it.
func (tx *Tx) LanguageSet(set string) ([]Manuscript, error) {
	if set == "" {
		return nil, nil
	}
	states := append(OpenStates(), Released, Cancelled)
	return tx.manuscripts(`language_set = $1`, `CASE WHEN id = language_set THEN 0 ELSE 1 END, language, id`, []any{set}, states)
}

// SetTogether says of a set of languages whether all go out or none.
func (tx *Tx) SetTogether(set string, together bool) error {
	if err := tx.db.Exec(`UPDATE manuscripts SET together = $2 WHERE language_set = $1`, set, kernel.Number(together)); err != nil {
		return fmt.Errorf("say how a set of languages goes out: %w", err)
	}
	return nil
}

// LeaveLanguageSet takes a manuscript out of its set of languages.
func (tx *Tx) LeaveLanguageSet(id string) error {
	if err := tx.db.Exec(`UPDATE manuscripts SET language_set = '', together = 0 WHERE id = $1`, id); err != nil {
		return fmt.Errorf("take manuscript %s out of its set of languages: %w", id, err)
	}
	return nil
}

// SetInstant says from when a manuscript is to be public that is open, and gives no date of its
// own: zero is as soon as it is approved.
func (tx *Tx) SetInstant(id string, instant time.Time) error {
	if err := tx.db.Exec(`UPDATE manuscripts SET instant = $2 WHERE id = $1 AND state IN `+inOpen, id, kernel.Micros(instant)); err != nil {
		return fmt.Errorf("say when manuscript %s goes out: %w", id, err)
	}
	return nil
}

// TranslationsOf are the new articles that are open and say, or whose set says, that they
// translate one of some articles.
func (tx *Tx) TranslationsOf(articles []press.ArticleID) ([]Manuscript, error) {
	if len(articles) == 0 {
		return nil, nil
	}
	those := `(` + kernel.Numbered(1, len(articles)) + `)`
	return tx.manuscripts(`(translates IN `+those+` OR language_set IN (SELECT o.id FROM manuscripts o WHERE o.article IN `+those+` AND o.language_set <> ''))`,
		`language, id`, kernel.Args(articles), OpenStates())
}
