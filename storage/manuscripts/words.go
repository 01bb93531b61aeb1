package manuscripts

import (
	"cmp"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"communique/storage/internal/kernel"
	"communique/storage/internal/textindex"
	"communique/storage/terms"
)

// Words are what a revision says beside its title, for those who look for it. Only those of the
// newest one are kept.
type Words struct{ Lead, Tags, Text string }

// Two indexes have what is pending and what was released. Nobody but the desk reads them, and what is
// given up leaves nothing in either. To change what one has of a manuscript takes longer the more it
// has of others, and what is pending, which is little, changes with every save.
var (
	ofPending  = textindex.Index{Terms: "search_pending_terms", Documents: "search_manuscripts", Of: "manuscript", Erases: true}
	ofReleased = textindex.Index{Terms: "search_manuscript_terms", Documents: "search_manuscripts", Of: "manuscript", Erases: true}
)

// indexFiled is where a manuscript is that was filed under these terms.
func indexFiled(filed string) textindex.Index {
	under := strings.Fields(filed)
	if slices.ContainsFunc(pending(), func(s State) bool { return slices.Contains(under, textindex.State(s)) }) {
		return ofPending
	}
	return ofReleased
}

// indexesOf are those that have manuscripts in some states.
func indexesOf(states []State) (all []textindex.Index) {
	if slices.ContainsFunc(states, State.Pending) {
		all = append(all, ofPending)
	}
	if slices.Contains(states, Released) {
		all = append(all, ofReleased)
	}
	return all
}

// worded is what the index has of a manuscript.
type worded struct {
	title string
	Words
}

func (w worded) fields() textindex.Fields {
	return textindex.Fields{Title: terms.Index(w.title), Lead: terms.Index(w.Lead), Tags: terms.Index(w.Tags), Body: terms.Index(w.Text)}
}

func (tx *Tx) words(id string) (w worded, there bool, err error) {
	err = tx.db.Row(`SELECT title, lead, tags, text FROM manuscript_words WHERE manuscript = $1`, id).Scan(&w.title, &w.Lead, &w.Tags, &w.Text)
	if errors.Is(err, sql.ErrNoRows) {
		return w, false, nil
	}
	if err != nil {
		return w, false, fmt.Errorf("read the words of manuscript %s: %w", id, err)
	}
	return w, true, nil
}

// ManuscriptSays tells whether a manuscript says what is looked for, as the index would.
func (tx *Tx) ManuscriptSays(id string, q terms.Query) (bool, error) {
	w, there, err := tx.words(id)
	return there && q.In(w.title, w.Lead, w.Tags, w.Text), err
}

// setWords has a manuscript be found by what it says now.
func (tx *Tx) setWords(id, title string, w Words) error {
	if err := tx.unindex(id); err != nil {
		return err
	}
	err := tx.db.Exec(`INSERT INTO manuscript_words (manuscript, title, lead, tags, text) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (manuscript) DO UPDATE SET title = excluded.title, lead = excluded.lead, tags = excluded.tags, text = excluded.text`,
		id, title, w.Lead, w.Tags, w.Text)
	if err != nil {
		return fmt.Errorf("keep the words of manuscript %s: %w", id, err)
	}
	return tx.index(id, worded{title, w}.fields())
}

// refile has manuscripts be found by whose they are, their states and when they were changed, as that
// is now.
func (tx *Tx) refile(ids ...string) error {
	for _, id := range ids {
		w, there, err := tx.words(id)
		if err != nil {
			return err
		}
		if !there {
			continue
		}
		fields := w.fields()
		if err := tx.remove(id, fields); err != nil {
			return err
		}
		if err := tx.index(id, fields); err != nil {
			return err
		}
	}
	return nil
}

// dropWords leaves nothing of what a manuscript said.
func (tx *Tx) dropWords(id string) error {
	if err := tx.unindex(id); err != nil {
		return err
	}
	if err := tx.db.Exec(`DELETE FROM manuscript_words WHERE manuscript = $1`, id); err != nil {
		return fmt.Errorf("forget the words of manuscript %s: %w", id, err)
	}
	return nil
}

func (tx *Tx) unindex(id string) error {
	w, there, err := tx.words(id)
	if err != nil || !there {
		return err
	}
	return tx.remove(id, w.fields())
}

// remove takes a manuscript, of which it has these terms, out of the index.
func (tx *Tx) remove(id string, fields textindex.Fields) error {
	document, there, err := tx.engine.In(tx.db, ofPending).Taken(id, &fields)
	if err == nil && there {
		err = tx.engine.In(tx.db, indexFiled(fields.Filed)).Forget(document, fields)
	}
	if err != nil {
		return fmt.Errorf("take manuscript %s out of the index: %w", id, err)
	}
	return nil
}

// index takes a manuscript in with what it says.
func (tx *Tx) index(id string, fields textindex.Fields) error {
	m, err := tx.Manuscript(id)
	if err == nil {
		fields.Filed = m.filed()
		err = tx.engine.In(tx.db, indexFiled(fields.Filed)).Add(id, m.Changed, fields)
	}
	if err != nil {
		return fmt.Errorf("index manuscript %s: %w", id, err)
	}
	return nil
}

// filed are the terms that a manuscript is narrowed by. What is pending is little, and is saved often:
// there is no more of it than must be.
func (m Manuscript) filed() string {
	section, author, kind, language := textindex.Section(m.Section), textindex.Author(m.By), textindex.Kind(m.ArticleKind), textindex.Language(m.Language)
	if m.State.Pending() {
		return textindex.Filed(textindex.State(m.State), section, author, kind, language, textindex.Assigned(m.Assigned))
	}
	return textindex.Filed(textindex.Kept(section, author, kind, language), textindex.Assigned(m.Assigned))
}

// IndexManuscripts takes up to limit manuscripts into the index that are not in it, as after their
// rows were copied from another engine, from behind one on; it tells which was the last, which is
// none if all are in.
func (tx *Tx) IndexManuscripts(after string, limit int) (last string, err error) {
	ids, err := tx.idsOf(`SELECT w.manuscript FROM manuscript_words w WHERE w.manuscript > $1
		AND NOT EXISTS (SELECT 1 FROM search_manuscripts d WHERE d.manuscript = w.manuscript) ORDER BY w.manuscript LIMIT $2`, after, limit)
	if err != nil {
		return "", fmt.Errorf("look for manuscripts that are not in the index: %w", err)
	}
	if len(ids) > 0 {
		last = ids[len(ids)-1]
	}
	return last, tx.refile(ids...)
}

// MergeManuscriptIndexes puts a little of the indexes of manuscripts together, and tells whether that
// was anything.
func (tx *Tx) MergeManuscriptIndexes() (did bool, err error) {
	return tx.engine.MergeOne(tx.db, ofPending, ofReleased)
}

// ManuscriptsSaying is [Tx.Manuscripts] of those of a list that say something. It reads none but
// those that it returns.
func (tx *Tx) ManuscriptsSaying(q terms.Query, l Listing, after Place, limit int) ([]Manuscript, error) {
	if q.Empty() || len(l.States) == 0 || l.Sections != nil && len(l.Sections) == 0 {
		return nil, nil
	}
	documents := tx.engine.In(tx.db, ofPending)
	below := int64(textindex.All)
	if after != (Place{}) {
		below = textindex.Number(after.Changed) + textindex.PerSecond
		document, there, err := documents.Of(after.ID)
		if err != nil {
			return nil, err
		}
		if there && document < below { // it was not changed since
			below = document
		}
	}
	found, err := tx.saying(q, l, below, limit)
	if err != nil {
		return nil, err
	}
	of, err := documents.ThoseOf(found)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	var args []any
	for _, id := range of {
		args = append(args, id)
	}
	all, err := tx.manuscripts(`id IN (`+kernel.Numbered(1, len(args))+`)`, `id`, args, nil)
	place := map[string]int{}
	for i, document := range found {
		place[of[document]] = i
	}
	slices.SortFunc(all, func(a, b Manuscript) int { return cmp.Compare(place[a.ID], place[b.ID]) })
	return all, err
}

// saying are the numbers of up to limit manuscripts of a list that say something, the highest first.
func (tx *Tx) saying(q terms.Query, l Listing, below int64, limit int) (found []int64, err error) {
	m := textindex.Match{Query: q, Fields: textindex.Text}
	for _, index := range indexesOf(l.States) {
		m.Filed = l.filed(index == ofPending)
		in, err := tx.engine.In(tx.db, index).Find(m, 0, below, limit)
		if err != nil {
			return nil, err
		}
		found = append(found, in...)
	}
	slices.SortFunc(found, func(a, b int64) int { return cmp.Compare(b, a) })
	return found[:min(len(found), limit)], nil
}

// filed are the terms of which a list has one of each group, in one of the indexes.
func (l Listing) filed(pending bool) (groups [][]string) {
	var states, sections, languages []string
	for _, s := range l.States {
		states = append(states, textindex.State(s))
	}
	for _, s := range l.Sections {
		sections = append(sections, textindex.Section(s))
	}
	if l.Language != "" {
		languages = []string{textindex.Language(l.Language)}
	}
	authors, kinds := textindex.Terms(textindex.Author(l.By)), textindex.Terms(textindex.Kind(l.Kind))
	if pending {
		groups = append(groups, states, sections, authors, kinds, languages)
	} else {
		groups = textindex.Narrowed(sections, authors, kinds, languages)
	}
	if l.Of != "" {
		groups = append(groups, []string{textindex.Author(l.Of), textindex.Assigned(l.Of)})
	}
	if l.For != "" {
		groups = append(groups, []string{textindex.State(InReview), textindex.Assigned(l.For)})
	}
	return slices.DeleteFunc(groups, func(group []string) bool { return len(group) == 0 })
}

// changedAll takes note of manuscripts that a statement has changed, by their ids.
func (tx *Tx) changedAll(query string, args ...any) error {
	ids, err := tx.idsOf(query, args...)
	if err != nil {
		return err
	}
	return tx.refile(ids...)
}

// titleOnly leaves of the words of a manuscript what it is called now.
func (tx *Tx) titleOnly(id, title string) error {
	if err := tx.db.Exec(`UPDATE manuscripts SET title = $2 WHERE id = $1`, id, title); err != nil {
		return err
	}
	return tx.setWords(id, title, Words{})
}
