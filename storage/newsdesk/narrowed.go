package newsdesk

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

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

// where is the condition for the rows of articles, with its arguments from a number on.
func (n Narrowed) where(from int) (condition string, args []any) {
	var b strings.Builder
	equal := func(column string, value any) {
		fmt.Fprintf(&b, " AND %s = $%d", column, from+len(args))
		args = append(args, value)
	}
	if n.State != "" {
		equal("state", n.State)
	}
	if n.Language != "" {
		equal("language", n.Language)
	}
	if n.Kind != "" {
		b.WriteString(" AND kind <> ''") // or the index of kinds would not be used
		equal("kind", n.Kind)
	}
	if n.By != "" {
		fmt.Fprintf(&b, " AND id IN (SELECT article FROM manuscripts WHERE by_person = $%d)", from+len(args))
		args = append(args, n.By)
	}
	return b.String(), args
}

// AllOf is [Tx.All] of the articles of a list that is narrowed. Each section is read by
// itself, so that no list is longer than what is shown of it.
func (tx *Tx) AllOf(n Narrowed, after Place, limit int) ([]press.Article, error) {
	if after.ID == "" {
		after = start()
	}
	condition, values := n.where(4)
	places := func(more string, args ...any) (all []Place, err error) {
		all, err = tx.places(listPlaces(condition+more), slices.Concat([]any{kernel.Micros(after.Published), after.ID, limit}, values, args)...)
		return all, err
	}
	if n.Sections == nil {
		found, err := places("")
		if err != nil {
			return nil, err
		}
		return tx.articlesAt(found)
	}
	var found []Place
	for _, section := range n.Sections {
		more, err := places(fmt.Sprintf(" AND section = $%d", 4+len(values)), section)
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
