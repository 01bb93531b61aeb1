package manuscripts

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// Listing is which manuscripts a list has; what is zero lets all pass.
type Listing struct {
	States []State
	// Sections are those of which one has the manuscript; nil is all.
	Sections []press.SectionID
	Language press.Language
	Kind     press.ArticleKind
	By       string // who began it, the id of a person
	Of       string // likewise, or to whom it is assigned
	// For is somebody for whom it may wait: it is in review, or theirs to work on next.
	For string
}

// Place is where a manuscript stands among others, the last changed first.
type Place struct {
	Changed time.Time
	ID      string
}

// PlaceOf is the place of a manuscript.
func PlaceOf(m Manuscript) Place { return Place{m.Changed, m.ID} }

// fewSections is up to how many sections are read each by itself, by the index of sections.
const fewSections = 8

// Manuscripts reads up to limit manuscripts of a list, the last changed first, from behind a
// place on; the zero place begins with the last. What no index has in that order is read in
// parts that one has, so that no more is sorted than what is shown.
func (tx *Tx) Manuscripts(l Listing, after Place, limit int) (all []Manuscript, err error) {
	if after == (Place{}) {
		after.Changed = tx.db.Now().Add(24 * time.Hour)
	}
	for _, part := range l.parts() {
		where, args := part.where(4)
		found, err := tx.manuscripts(`(changed, id) < ($1, $2)`+where, `changed DESC, id DESC LIMIT $3`,
			append([]any{kernel.Micros(after.Changed), after.ID, limit}, args...), part.States)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	slices.SortFunc(all, func(a, b Manuscript) int { return cmp.Or(b.Changed.Compare(a.Changed), cmp.Compare(b.ID, a.ID)) })
	return all[:min(limit, len(all))], nil
}

// part is a part of a list, of one state. No two have the same manuscript.
type part struct {
	Listing
	assigned string
	notBy    string
}

func (l Listing) parts() (all []part) {
	within := [][]press.SectionID{l.Sections}
	if l.Sections != nil && len(l.Sections) <= fewSections && l.By == "" && l.Of == "" && l.Kind == "" {
		within = slices.Collect(slices.Chunk(l.Sections, 1))
	}
	for _, state := range l.States {
		for _, sections := range within {
			one := part{Listing: l}
			one.States, one.Sections = []State{state}, sections
			if l.For != "" && state != InReview {
				one.assigned = l.For
			}
			if l.Of == "" {
				all = append(all, one)
				continue
			}
			began, has := one, one
			if l.By == "" || l.By == l.Of {
				began.By = l.Of
				all = append(all, began)
			}
			has.assigned, has.notBy = l.Of, l.Of
			all = append(all, has)
		}
	}
	return all
}

// where is the condition for a part, apart from its state, with its arguments from a number on. It
// names one thing in a way that an index is for, and the others in one that none is: the database
// knows less of which of them few manuscripts have.
func (p part) where(from int) (condition string, args []any) {
	var b strings.Builder
	led := false
	equal := func(column, lead, value string) {
		form := " AND (%[1]s || '') = $%[2]d"
		if !led {
			form, led = lead, true
		}
		fmt.Fprintf(&b, form, column, from+len(args))
		args = append(args, value)
	}
	const whole, partial = " AND %[1]s = $%[2]d", " AND %[1]s <> '' AND %[1]s = $%[2]d"
	if p.assigned != "" {
		equal("assigned", partial, p.assigned)
	}
	if p.By != "" {
		equal("by_person", whole, p.By)
	}
	if p.Kind != "" {
		equal("article_kind", partial, string(p.Kind))
	}
	if p.Sections != nil {
		column := "section + 0"
		if !led && len(p.Sections) == 1 {
			column, led = "section", true
		}
		b.WriteString(" AND " + column + " IN (" + kernel.Numbered(from+len(args), len(p.Sections)) + ")")
		args = append(args, kernel.Args(p.Sections)...)
	}
	if p.Language != "" {
		equal("language", whole, string(p.Language))
	}
	if p.notBy != "" {
		fmt.Fprintf(&b, " AND by_person <> $%d", from+len(args))
		args = append(args, p.notBy)
	}
	return b.String(), args
}

// ManuscriptsDue are those that are open and whose instant is not after one, the first to go
// out first, up to limit.
func (tx *Tx) ManuscriptsDue(until time.Time, limit int) ([]Manuscript, error) {
	args := []any{kernel.Micros(until), limit}
	return tx.manuscripts(`instant <> 0 AND instant <= $1`, `instant, id LIMIT $2`, args, OpenStates())
}

// ManuscriptsComing are those that are open and come to their instant, or came to it, between
// two moments, the first to go out first, up to limit. One that was past when the manuscript was
// begun never comes: it is the date of something older.
func (tx *Tx) ManuscriptsComing(from, until time.Time, limit int) ([]Manuscript, error) {
	args := []any{kernel.Micros(from), kernel.Micros(until), limit}
	return tx.manuscripts(`instant <> 0 AND instant > created AND instant > $1 AND instant <= $2`, `instant, id LIMIT $3`, args, OpenStates())
}

// Translating are the languages in which something is written that is to translate one of some
// articles, by the articles. What is limited to named people is left out: the others would learn of
// it.
func (tx *Tx) Translating(articles []press.ArticleID) (map[press.ArticleID][]press.Language, error) {
	all := map[press.ArticleID][]press.Language{}
	if len(articles) == 0 {
		return all, nil
	}
	err := tx.db.Each(func(scan func(...any) error) error {
		var of press.ArticleID
		var language press.Language
		err := scan(&of, &language)
		all[of] = append(all[of], language)
		return err
	}, `SELECT translates, language FROM manuscripts WHERE state IN `+inOpen+` AND translates <> '' AND named = '[]' AND translates IN (`+kernel.Numbered(1, len(articles))+`)`, kernel.Args(articles)...)
	if err != nil {
		return nil, fmt.Errorf("read what translates articles: %w", err)
	}
	return all, nil
}
