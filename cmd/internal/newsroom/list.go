package newsroom

import (
	"context"
	"time"

	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/people"
	"communique/storage/press"
)

// Listing says which articles are listed; what is zero lets all pass.
type Listing struct {
	State    press.State
	Held     bool   // only drafts that do not go out at their time
	Section  string // a path, with everything below it
	Language press.Language
	Kind     press.ArticleKind
	By       string // who began the manuscript that it was, the id of a person
	// Since and Before bound the date of publication: the first is within, the second
	// is not.
	Since, Before time.Time
	// Text is what is looked for in the words of articles; see [terms.Parse].
	Text string
	// After is the place behind which the list begins; zero is the newest of all.
	After newsdesk.Place
	// Reader is for whom it is listed: see [Reading]. Nil is somebody who reads all.
	Reader *people.Person
}

// pageOfArticles is how many articles are looked at in a go.
const pageOfArticles = 500

// List reads up to limit articles in every state, the newest first, with the sections
// that they are in. An unknown section is press.ErrNotFound; more words than anybody needs are
// press.ErrInvalid.
func (d Desk) List(ctx context.Context, l Listing, limit int) ([]press.Article, press.Tree, error) {
	page, err := d.ListPage(ctx, l, limit, 0)
	return page.Articles, page.Tree, err
}

// Listed is a page of a list.
type Listed struct {
	Articles []press.Article
	Tree     press.Tree
	// Next is the place behind which the list goes on; zero if this is its end.
	Next newsdesk.Place
}

// ListPage is [Desk.List] of one page: it ends also when so many articles have been looked at
// as most says, 0 being all, however few of them are listed.
func (d Desk) ListPage(ctx context.Context, l Listing, limit, most int) (found Listed, err error) {
	query, err := wordsAsked(l.Text)
	if err != nil {
		return found, err
	}
	return found, d.view(ctx, func(tx *storage.Tx) error {
		indexed, err := query.indexed(tx)
		if err != nil {
			return err
		}
		reads, err := l.reads(tx)
		if err != nil {
			return err
		}
		if found.Tree, err = tx.Tree(); err != nil {
			return err
		}
		reason, err := tx.ClockHeld()
		if err != nil {
			return err
		}
		narrowed := newsdesk.Narrowed{State: l.State, Language: l.Language, Kind: l.Kind, By: l.By}
		if l.Held {
			narrowed.State = press.Embargoed
		}
		if l.Section != "" {
			within, _, err := findSection(found.Tree, l.Section)
			if err != nil {
				return err
			}
			narrowed.Sections = withBelow(found.Tree, within.ID)
		}
		place := l.After
		if place == (newsdesk.Place{}) && !l.Before.IsZero() {
			place = newsdesk.Place{Published: l.Before, ID: " "} // before every id
		}
		batch, looked := min(limit+1, pageOfArticles), 0
		for {
			var page []press.Article
			if indexed {
				page, err = tx.AllSaying(query.Query, narrowed, l.Since, place, batch)
			} else {
				page, err = tx.AllOf(narrowed, place, batch)
			}
			if err != nil {
				return err
			}
			for _, a := range page {
				if a.Published.Before(l.Since) {
					return nil
				}
				held := a.State == press.Embargoed && (a.Held || reason != "")
				fits := (held || !l.Held) && reads(a) && (indexed || query.says(a))
				if fits && len(found.Articles) == limit || most > 0 && looked == most {
					found.Next = place
					return nil
				}
				if fits {
					found.Articles = append(found.Articles, a)
				}
				place = newsdesk.PlaceOf(a)
				looked++
			}
			if len(page) < batch {
				return nil
			}
			batch = pageOfArticles
		}
	})
}

// reads is whether the one for whom it is listed may read an article.
func (l Listing) reads(tx *storage.Tx) (func(press.Article) bool, error) {
	if l.Reader == nil {
		return func(press.Article) bool { return true }, nil
	}
	reading, err := ReadingOf(tx, *l.Reader)
	return reading.Article, err
}

// withBelow is a section with all below it.
func withBelow(tree press.Tree, id press.SectionID) (all []press.SectionID) {
	within := map[press.SectionID]bool{id: true}
	tree.Walk(func(s press.Section, _ int) {
		if within[s.ID] = within[s.ID] || within[s.Parent]; within[s.ID] {
			all = append(all, s.ID)
		}
	})
	return all
}
