package newsdesk

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// SetAuthor says who began the manuscript that an article was, by the id of a person.
func (tx *Tx) SetAuthor(id press.ArticleID, person string) error {
	if err := tx.db.Exec(`UPDATE articles SET author = $1 WHERE id = $2`, person, id); err != nil {
		return fmt.Errorf("say whose article %s is: %w", id, err)
	}
	a, err := tx.Article(id)
	if err == nil {
		err = tx.removeFromIndex(id) // where it stands under nobody's name
	}
	if err != nil {
		return err
	}
	return tx.addToIndex(a)
}

// Narrowed is which articles an editor's list has; what is zero lets all pass.
type Narrowed struct {
	State    press.State
	Language press.Language
	Kind     press.ArticleKind
	// By is who began the manuscript that the article was, the id of a person.
	By string
	// Sections are those of which one has the article; nil is all.
	Sections []press.SectionID
}

// where is the condition for the rows of articles, with its arguments from a number on; section is
// the one of which it is asked, or nil. It names one thing in a way that an index is for, and the
// others in one that none is: the database knows less of which of them few articles have.
func (n Narrowed) where(from int, section *press.SectionID) (condition string, args []any) {
	var b strings.Builder
	led := false
	equal := func(column, lead, other string, value any) {
		form := other
		if !led {
			form, led = lead, true
		}
		fmt.Fprintf(&b, form, column, from+len(args))
		args = append(args, value)
	}
	const whole, partial, text, number = " AND %[1]s = $%[2]d", " AND %[1]s <> '' AND %[1]s = $%[2]d", " AND (%[1]s || '') = $%[2]d", " AND %[1]s + 0 = $%[2]d"
	if n.By != "" {
		equal("author", partial, text, n.By)
	}
	if n.Kind != "" {
		equal("kind", partial, text, n.Kind)
	}
	if section != nil {
		equal("section", whole, number, *section)
	}
	if n.State != "" {
		equal("state", whole, text, n.State)
	}
	if n.Language != "" {
		equal("language", whole, text, n.Language)
	}
	return b.String(), args
}

// AllOf is [Tx.All] of the articles of a list that is narrowed. Each section is read by
// itself, so that no list is longer than what is shown of it.
func (tx *Tx) AllOf(n Narrowed, after Place, limit int) ([]press.Article, error) {
	if after.ID == "" {
		after = start()
	}
	places := func(section *press.SectionID) ([]Place, error) {
		condition, values := n.where(4, section)
		return tx.places(listPlaces(condition), slices.Concat([]any{kernel.Micros(after.Published), after.ID, limit}, values)...)
	}
	if n.Sections == nil {
		found, err := places(nil)
		if err != nil {
			return nil, err
		}
		return tx.articlesAt(found)
	}
	var found []Place
	for _, section := range n.Sections {
		more, err := places(&section)
		if err != nil {
			return nil, err
		}
		found = append(found, more...)
	}
	slices.SortFunc(found, func(a, b Place) int {
		return cmp.Or(b.Published.Compare(a.Published), cmp.Compare(b.ID, a.ID))
	})
	return tx.articlesAt(found[:min(limit, len(found))])
}

// listPlaces is the query for where articles of a condition stand, behind a place.
func listPlaces(condition string) string {
	return `SELECT published, id FROM articles WHERE (published, id) < ($1, $2)` + condition + ` ORDER BY published DESC, id DESC LIMIT $3`
}

func (tx *Tx) places(query string, args ...any) (all []Place, err error) {
	err = tx.db.Each(func(scan func(...any) error) error {
		var p Place
		var published int64
		err := scan(&published, &p.ID)
		p.Published = kernel.Given(published)
		all = append(all, p)
		return err
	}, query, args...)
	if err != nil {
		return nil, fmt.Errorf("list articles: %w", err)
	}
	return all, nil
}

// articlesAt reads articles in the order of their places.
func (tx *Tx) articlesAt(places []Place) ([]press.Article, error) {
	if len(places) == 0 {
		return nil, nil
	}
	ids := make([]any, len(places))
	for i, p := range places {
		ids[i] = p.ID
	}
	return tx.articles(`SELECT `+articleColumns+` FROM articles a
		JOIN revisions r ON r.article = a.id AND r.number = a.revision
		WHERE a.id IN (`+kernel.Numbered(1, len(ids))+`) ORDER BY a.published DESC, a.id DESC`, ids...)
}
