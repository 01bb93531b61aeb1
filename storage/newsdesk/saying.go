package newsdesk

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/internal/textindex"
	"communique/storage/press"
	"communique/storage/terms"
)

// found is where an article stands among those that say something.
type found struct {
	document int64
	of       int // which of the states has it
	id       press.ArticleID
}

// compare orders what was found: the newest first.
func (f found) compare(g found) int {
	return cmp.Or(cmp.Compare(g.document, f.document), cmp.Compare(f.of, g.of))
}

// said are the states of articles that say something.
var said = []press.State{press.Published, press.Withdrawn, press.Embargoed}

// AllSaying is [Tx.AllOf] of those articles that say something, from a date of publication on. It
// reads none but those that it returns: public ones are found by the index of readers, those that
// were withdrawn by that of the desk. Those under embargo, which are few, are read.
func (tx *Tx) AllSaying(q terms.Query, n Narrowed, since time.Time, after Place, limit int) ([]press.Article, error) {
	if q.Empty() || n.Sections != nil && len(n.Sections) == 0 {
		return nil, nil
	}
	drafts, err := tx.draftsSaying(q, n)
	if err != nil {
		return nil, err
	}
	place, err := tx.foundAt(after, drafts)
	if err != nil {
		return nil, err
	}
	from := int64(math.MinInt64)
	if !since.IsZero() {
		from = textindex.Number(since)
	}
	var all []found
	for of, state := range said {
		if n.State != "" && n.State != state {
			continue
		}
		below := place.document
		if of > place.of && below < textindex.All {
			below++
		}
		in, ok := indexOf(state)
		if !ok {
			for _, f := range drafts {
				if f.document >= from && f.document < below {
					all = append(all, f)
				}
			}
			continue
		}
		documents, err := tx.index.In(tx.db, in).Find(n.match(q), from, below, limit)
		if err != nil {
			return nil, err
		}
		for _, document := range documents {
			all = append(all, found{document: document, of: of})
		}
	}
	slices.SortFunc(all, found.compare)
	return tx.articlesFound(all[:min(limit, len(all))])
}

// match is the condition of an index for a list that is narrowed.
func (n Narrowed) match(q terms.Query) textindex.Match {
	var sections, languages []string
	for _, s := range n.Sections {
		sections = append(sections, textindex.Section(s))
	}
	if n.Language != "" {
		languages = []string{textindex.Language(n.Language)}
	}
	return textindex.Match{
		Query: q, Fields: textindex.Text,
		Filed: textindex.Narrowed(sections, textindex.Terms(textindex.Author(n.By)), textindex.Terms(textindex.Kind(n.Kind)), languages),
	}
}

// draftsSaying are the articles under embargo of a list that say something.
func (tx *Tx) draftsSaying(q terms.Query, n Narrowed) (all []found, err error) {
	if n.State != "" && n.State != press.Embargoed {
		return nil, nil
	}
	n.State = press.Embargoed
	var place Place
	for number := int64(0); ; {
		batch, err := tx.AllOf(n, place, draftsAtOnce)
		if err != nil {
			return nil, err
		}
		for _, a := range batch {
			number-- // each below the one before it, also of one second
			if Says(a, q) {
				all = append(all, found{textindex.Number(a.Published.Add(time.Second)) + max(number, -textindex.PerSecond), len(said) - 1, a.ID})
			}
			place = PlaceOf(a)
		}
		if len(batch) < draftsAtOnce {
			return all, nil
		}
	}
}

// draftsAtOnce is how many articles under embargo are read in a go.
const draftsAtOnce = 500

// foundAt is where the list goes on behind a place.
func (tx *Tx) foundAt(after Place, drafts []found) (found, error) {
	if after.ID == "" {
		return found{document: textindex.All}, nil
	}
	for of, state := range said {
		in, ok := indexOf(state)
		if !ok {
			continue
		}
		if document, there, err := tx.index.In(tx.db, in).Of(after.ID); err != nil || there {
			return found{document, of, after.ID}, err
		}
	}
	if i := slices.IndexFunc(drafts, func(f found) bool { return f.id == after.ID }); i >= 0 {
		return drafts[i], nil
	}
	return found{textindex.Number(after.Published), len(said), ""}, nil
}

// articlesFound reads what was found, in its order.
func (tx *Tx) articlesFound(places []found) (all []press.Article, err error) {
	for of, state := range said {
		in, ok := indexOf(state)
		if !ok {
			continue
		}
		var documents []int64
		for _, p := range places {
			if p.of == of {
				documents = append(documents, p.document)
			}
		}
		articles, err := tx.index.In(tx.db, in).ThoseOf(documents)
		if err != nil {
			return nil, err
		}
		for i, p := range places {
			if p.of == of {
				places[i].id = press.ArticleID(articles[p.document])
			}
		}
	}
	ids := make([]any, len(places))
	for i, p := range places {
		ids[i] = p.id
	}
	if len(ids) == 0 {
		return nil, nil
	}
	read, err := tx.articles(`SELECT `+articleColumns+` FROM articles a
		JOIN revisions r ON r.article = a.id AND r.number = a.revision WHERE a.id IN (`+kernel.Numbered(1, len(ids))+`)`, ids...)
	if err != nil {
		return nil, fmt.Errorf("read what was found: %w", err)
	}
	for _, p := range places {
		if i := slices.IndexFunc(read, func(a press.Article) bool { return a.ID == p.id }); i >= 0 {
			all = append(all, read[i])
		}
	}
	return all, nil
}
