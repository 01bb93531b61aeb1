package storagetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// archive publishes nine articles in four sections, three at each of three
// instants, and returns them newest first.
func (w *world) archive() []press.Article {
	w.t.Helper()
	sections := []press.SectionID{w.activities, w.minister, w.ministry, w.pressRoom}
	var all []press.Article
	for i := range 9 {
		d := w.silent(fmt.Sprint(i), noon.AddDate(0, 0, -1-i%3))
		d.Section = sections[i%len(sections)]
		a, _ := w.publish(d)
		all = append(all, w.article(a.ID))
	}
	slices.SortFunc(all, func(a, b press.Article) int {
		if c := b.Published.Compare(a.Published); c != 0 {
			return c
		}
		if a.ID > b.ID {
			return -1
		}
		return 1
	})
	return all
}

func ids(all []press.Article) []press.ArticleID {
	var ids []press.ArticleID
	for _, a := range all {
		ids = append(ids, a.ID)
	}
	return ids
}

var listTests = map[string]func(*testing.T, *world){
	"a section knows what it said before an instant": func(t *testing.T, w *world) {
		all := w.archive()
		before := noon
		for day := 1; day <= 3; day++ {
			w.view(func(tx *storage.Tx) (err error) {
				before, err = tx.LastBefore(press.Root, "en", before)
				return err
			})
			w.same("the day before", noon.AddDate(0, 0, -day), before)
		}
		_ = w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
			_, err := tx.LastBefore(press.Root, "en", before)
			return err
		})
		w.view(func(tx *storage.Tx) error {
			found, err := tx.Within(press.Root, "en", noon.AddDate(0, 0, -2), noon.AddDate(0, 0, -1), newsdesk.Place{}, 9)
			w.same("that day", ids(all[3:6]), ids(found))
			if err != nil {
				return err
			}
			n, err := tx.CountWithin(press.Root, "en", noon.AddDate(0, 0, -2), noon.AddDate(0, 0, -1))
			w.same("how many that day", 3, n)
			if err != nil {
				return err
			}
			found, err = tx.Within(press.Root, "en", noon.AddDate(0, 0, -2), noon, newsdesk.PlaceOf(all[1]), 3)
			w.same("from behind a place", ids(all[2:5]), ids(found))
			return err
		})
	},

	"a section rolls up its subtree": func(t *testing.T, w *world) {
		all := w.archive()
		for section, below := range map[press.SectionID][]press.SectionID{
			press.Root:   {w.activities, w.minister, w.ministry, w.pressRoom},
			w.ministry:   {w.activities, w.minister, w.ministry},
			w.minister:   {w.activities, w.minister},
			w.activities: {w.activities},
			w.pressRoom:  {w.pressRoom},
		} {
			var want []press.ArticleID
			for _, a := range all {
				if slices.Contains(below, a.Section) {
					want = append(want, a.ID)
				}
			}
			w.view(func(tx *storage.Tx) error {
				got, err := tx.Newest(section, "en", newsdesk.Place{}, 100)
				w.same("listed", want, ids(got))
				return err
			})
		}
		w.same("in another language", []string(nil), w.titles(press.Root, "fr"))
	},

	"pages lead forward and back, also among equal instants": func(t *testing.T, w *world) {
		all := w.archive()
		for size := 1; size <= 4; size++ {
			var got []press.ArticleID
			behind := newsdesk.Place{}
			for {
				var page []press.Article
				w.view(func(tx *storage.Tx) (err error) {
					page, err = tx.Newest(press.Root, "en", behind, size)
					return err
				})
				if len(page) == 0 {
					break
				}
				got = append(got, ids(page)...)
				behind = newsdesk.PlaceOf(page[len(page)-1])
			}
			w.same("forward", ids(all), got)

			before := newsdesk.PlaceOf(all[len(all)-1])
			got = []press.ArticleID{all[len(all)-1].ID}
			for {
				var page []press.Article
				w.view(func(tx *storage.Tx) (err error) {
					page, err = tx.Newer(press.Root, "en", before, size)
					return err
				})
				if len(page) == 0 {
					break
				}
				got = append(ids(page), got...)
				before = newsdesk.PlaceOf(page[0])
			}
			w.same("back", ids(all), got)
		}
	},

	"the editor's list has every state": func(t *testing.T, w *world) {
		w.publish(w.embargoed("Embargoed"))
		w.clock.Jump(-time.Minute)
		gone, _ := w.publish(w.draft("Withdrawn"))
		w.withdraw(gone.ID)
		w.publish(w.silent("Archived", noon.AddDate(-1, 0, 0)))
		var titles []string
		behind := newsdesk.Place{}
		for range 4 {
			w.view(func(tx *storage.Tx) error {
				page, err := tx.All(behind, 1)
				for _, a := range page {
					titles = append(titles, a.Title)
					behind = newsdesk.PlaceOf(a)
				}
				return err
			})
		}
		w.same("listed", []string{"Embargoed", "Withdrawn", "Archived"}, titles)
	},

	"what is public is counted": func(t *testing.T, w *world) {
		w.archive()
		w.publish(w.embargoed("Embargoed"))
		gone, _ := w.publish(w.draft("Withdrawn"))
		w.withdraw(gone.ID)
		w.view(func(tx *storage.Tx) error {
			n, err := tx.CountPublished()
			w.same("count", 9, n)
			return err
		})
	},
}
