package newsdesk

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// GoTogether has drafts of one set go out all or none when their embargo ends: what each says
// now is sealed, and if one is not there then as it was sealed, or not due, or held, none goes
// out. What was public already is left alone.
func (tx *Tx) GoTogether(ids ...press.ArticleID) error {
	for _, id := range ids {
		a, err := tx.Article(id)
		if err != nil {
			return err
		}
		seal, err := tx.Seal(a)
		if err != nil {
			return err
		}
		if err := tx.db.Exec(`UPDATE articles SET together = 1, seal = $2 WHERE id = $1 AND state = 'embargoed'`, id, seal); err != nil {
			return fmt.Errorf("have article %s go out with its set: %w", id, err)
		}
	}
	return nil
}

// Seal is the digest of what goes out by a draft. The instant is no part of it where it is
// that of the original, and follows it. Nor is where its section is, or who announces that: a draft
// goes along with its section as what is public does, and a set is not held back for what holds back
// no article that is alone.
func (tx *Tx) Seal(a press.Article) (string, error) {
	files, err := tx.Files(a)
	if err != nil {
		return "", err
	}
	sealed := struct {
		press.Draft
		Names  []string // of the files that it links to, with what they are
		Silent bool
		At     string
	}{Draft: press.Draft{
		Section: a.Section, Language: a.Language, Title: a.Title, Lead: a.Lead, Body: a.Body, Images: a.Images, Tags: a.Tags, Particulars: a.Particulars,
	}}
	for _, f := range files {
		sealed.Names = append(sealed.Names, f.Hash+" "+f.Name)
	}
	if !a.Inherits {
		sealed.Silent, sealed.At = a.Silent, string(a.Local)
		if a.Local == "" {
			sealed.At = a.Published.UTC().Format(time.RFC3339)
		}
	}
	text, err := json.Marshal(sealed)
	if err != nil {
		return "", fmt.Errorf("encode what goes out by article %s: %w", a.ID, err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

// isSealed tells whether a draft says what it said when it was sealed.
func (tx *Tx) isSealed(a press.Article) (bool, error) {
	var seal string
	if err := tx.db.Row(`SELECT seal FROM articles WHERE id = $1`, a.ID).Scan(&seal); err != nil {
		return false, fmt.Errorf("read the seal of article %s: %w", a.ID, err)
	}
	now, err := tx.Seal(a)
	return seal == now, err
}

// allOrNone takes out of what is due the sets of which all go out or none, and one cannot. They
// are held, until somebody has said what is to become of them; so is whatever else of the set
// is due, unless it may be public alone.
func (tx *Tx) allOrNone(due []press.Article) ([]press.Article, error) {
	var sets, back []press.ArticleID
	for _, a := range due {
		if !a.Together || slices.Contains(sets, a.Group) {
			continue
		}
		sets = append(sets, a.Group)
		whole, err := tx.isWhole(a.Group)
		if err != nil {
			return nil, err
		}
		if whole {
			continue
		}
		back = append(back, a.Group)
		err = tx.db.Exec(`UPDATE articles SET held = 1 WHERE translation_group = $1 AND state = 'embargoed' AND (together = 1 OR published <= $2 AND alone = 0)`,
			a.Group, kernel.Micros(tx.db.Now()))
		if err != nil {
			return nil, fmt.Errorf("hold the set %s: %w", a.Group, err)
		}
	}
	if len(back) == 0 {
		return due, nil
	}
	return slices.DeleteFunc(slices.Clone(due), func(a press.Article) bool { return slices.Contains(back, a.Group) && !a.Alone }), nil
}

// isWhole tells whether all of a set that go out together are due, as they were sealed.
func (tx *Tx) isWhole(group press.ArticleID) (bool, error) {
	set, err := tx.Set(group)
	if err != nil {
		return false, err
	}
	for _, a := range set {
		if a.State != press.Embargoed || !a.Together {
			continue
		}
		if a.Held || a.Published.After(tx.db.Now()) {
			return false, nil
		}
		if sealed, err := tx.isSealed(a); err != nil || !sealed {
			return false, err
		}
	}
	return true, nil
}

// HoldTogether holds the others of a set that go out with an article or not at all: that one
// was taken back.
func (tx *Tx) HoldTogether(group press.ArticleID) error {
	if err := tx.db.Exec(`UPDATE articles SET held = 1 WHERE translation_group = $1 AND state = 'embargoed' AND together = 1`, group); err != nil {
		return fmt.Errorf("hold the set %s: %w", group, err)
	}
	return nil
}

// HeldTogether are up to limit drafts that go out with others or not at all and are held, whose
// instant is not before one and not after another, the first due first: one of each set, the
// original if it is among them.
func (tx *Tx) HeldTogether(from, until time.Time, limit int) ([]press.Article, error) {
	held, err := tx.articles(`SELECT `+articleColumns+` FROM articles a
		JOIN revisions r ON r.article = a.id AND r.number = a.revision
		WHERE a.state = 'embargoed' AND a.together = 1 AND a.held = 1 AND a.published >= $1 AND a.published <= $2
		ORDER BY a.published, CASE WHEN a.id = a.translation_group THEN 0 ELSE 1 END, a.id LIMIT $3`, kernel.Micros(from), kernel.Micros(until), limit)
	if err != nil {
		return nil, err
	}
	seen := map[press.ArticleID]bool{}
	return slices.DeleteFunc(held, func(a press.Article) bool {
		before := seen[a.Group]
		seen[a.Group] = true
		return before
	}), nil
}

// Missing are the languages of a set that goes out all or none for which it is held: those that were
// taken back and are not there in another article, and those that say something else than was sealed.
func (tx *Tx) Missing(group press.ArticleID) (gone, changed []press.Language, err error) {
	set, err := tx.Set(group)
	if err != nil {
		return nil, nil, err
	}
	for _, a := range set {
		if a.State != press.Embargoed || !a.Together {
			continue
		}
		sealed, err := tx.isSealed(a)
		if err != nil {
			return nil, nil, err
		}
		if !sealed {
			changed = append(changed, a.Language)
		}
	}
	err = tx.db.Each(func(scan func(...any) error) error {
		var language press.Language
		err := scan(&language)
		if !slices.ContainsFunc(set, func(a press.Article) bool { return a.Language == language }) {
			gone = append(gone, language)
		}
		return err
	}, `SELECT DISTINCT language FROM articles WHERE translation_group = $1 AND state IN ('withdrawn', 'cancelled') ORDER BY language`, group)
	if err != nil {
		return nil, nil, fmt.Errorf("read what is missing of the set %s: %w", group, err)
	}
	return gone, changed, nil
}

// FreeTogether lets what is left of a set go out all or none that was held, as it is now.
func (tx *Tx) FreeTogether(group press.ArticleID) error {
	set, err := tx.Set(group)
	if err != nil {
		return err
	}
	for _, a := range set {
		if a.State != press.Embargoed || !a.Together {
			continue
		}
		if err := tx.GoTogether(a.ID); err != nil {
			return err
		}
	}
	if err := tx.db.Exec(`UPDATE articles SET held = 0 WHERE translation_group = $1 AND state = 'embargoed' AND together = 1`, group); err != nil {
		return fmt.Errorf("hold the set %s no longer: %w", group, err)
	}
	return nil
}
