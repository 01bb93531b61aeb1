package newsdesk

import (
	"fmt"
	"math"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/internal/textindex"
	"communique/storage/press"
	"communique/storage/terms"
)

// Search is what is looked for among the public articles.
type Search struct {
	Query    terms.Query
	Language press.Language  // empty: every one
	Section  press.SectionID // with all below it; [press.Root]: all
	From     time.Time       // first instant of publication; zero: open
	Until    time.Time       // first instant no longer meant; zero: open
}

// Rank is a place among hits: those whose title says it all come first, then
// those where title and lead do, then with the tags, then with the text; and
// the newest first among equals. So a rank is lasting, whatever is published
// meanwhile, and the cost of a page does not grow with the number of hits. The
// zero rank is the start.
type Rank struct {
	Field    int // of TextFields, the last one that was needed
	Document int64
}

// Hit is an article that was found, and its rank.
type Hit struct {
	Article press.Article
	Rank    Rank
}

// Search reads up to limit public articles that say what is looked for, best
// first, after a rank.
func (tx *Tx) Search(s Search, after Rank, limit int) ([]Hit, error) {
	if s.Query.Empty() {
		return nil, nil
	}
	match, err := tx.match(s)
	if err != nil {
		return nil, err
	}
	var ranks []Rank
	for field := max(after.Field, 0); field < len(TextFields) && len(ranks) < limit; field++ {
		match.Fields, match.Without = TextFields[:field+1], TextFields[:field]
		below := int64(textindex.All)
		if field == after.Field && after.Document != 0 {
			below = after.Document
		}
		found, err := tx.find(s, match, below, limit-len(ranks))
		if err != nil {
			return nil, err
		}
		for _, id := range found {
			ranks = append(ranks, Rank{field, id})
		}
	}
	return tx.hits(ranks)
}

// CountHits counts what a search finds, up to most.
func (tx *Tx) CountHits(s Search, most int) (int, error) {
	if s.Query.Empty() {
		return 0, nil
	}
	match, err := tx.match(s)
	if err != nil {
		return 0, err
	}
	match.Fields = TextFields
	found, err := tx.find(s, match, textindex.All, most)
	return len(found), err
}

// match is the condition of a search, but for the fields.
func (tx *Tx) match(s Search) (textindex.Match, error) {
	match := textindex.Match{Query: s.Query}
	var sections, languages []string
	if s.Language != "" {
		languages = []string{textindex.Language(s.Language)}
	}
	if s.Section == press.Root {
		match.Filed = textindex.Narrowed(nil, nil, nil, languages)
		return match, nil
	}
	err := tx.db.Each(func(scan func(...any) error) error {
		var id press.SectionID
		err := scan(&id)
		sections = append(sections, textindex.Section(id))
		return err
	}, `SELECT section FROM section_ancestors WHERE ancestor = $1 ORDER BY section`, s.Section)
	if err != nil {
		return match, fmt.Errorf("read what is below section %d: %w", s.Section, err)
	}
	if len(sections) == 0 {
		return match, fmt.Errorf("search: %w: there is no section %d", press.ErrNotFound, s.Section)
	}
	match.Filed = textindex.Narrowed(sections, nil, nil, languages)
	return match, nil
}

func (tx *Tx) find(s Search, match textindex.Match, below int64, limit int) ([]int64, error) {
	from := int64(math.MinInt64)
	if !s.From.IsZero() {
		from = textindex.Number(s.From)
	}
	if !s.Until.IsZero() {
		below = min(below, textindex.Number(s.Until))
	}
	return tx.index.In(tx.db, publicIndex).Find(match, from, below, limit)
}

// hits reads the articles of the documents that were found. The index has
// public ones only; that is asked again here, because a word of another would
// be the worst that a search can say.
func (tx *Tx) hits(ranks []Rank) ([]Hit, error) {
	if len(ranks) == 0 {
		return nil, nil
	}
	byID := map[int64]press.Article{}
	ids := make([]any, len(ranks))
	for i, r := range ranks {
		ids[i] = r.Document
	}
	err := tx.db.Each(func(scan func(...any) error) error {
		var id int64
		a, err := scanArticle(func(into ...any) error { return scan(append([]any{&id}, into...)...) })
		byID[id] = a
		return err
	}, `SELECT d.id, `+articleColumns+` FROM search_documents d
		JOIN articles a ON a.id = d.article
		JOIN revisions r ON r.article = a.id AND r.number = a.revision
		WHERE a.state = 'published' AND d.id IN (`+kernel.Numbered(1, len(ids))+`)`, ids...)
	if err != nil {
		return nil, fmt.Errorf("read what was found: %w", err)
	}
	var hits []Hit
	for _, r := range ranks {
		if a, ok := byID[r.Document]; ok {
			hits = append(hits, Hit{a, r})
		}
	}
	return hits, nil
}
