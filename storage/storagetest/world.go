package storagetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communique/storage"
	"communique/storage/clocktest"
	"communique/storage/newsdesk"
	"communique/storage/press"
	"communique/storage/publog"
)

// noon is when every test begins.
var noon = time.Date(2031, time.March, 4, 12, 0, 0, 0, time.UTC)

const source = "actor:ministry"

// world is a fresh store with one source and a small tree:
//
//	the-ministry
//	  the-minister
//	    activities
//	press-room
type world struct {
	t        *testing.T
	database Database
	store    *storage.Store
	clock    *clocktest.Clock

	ministry, minister, activities, pressRoom press.SectionID
}

func newWorld(t *testing.T, d Database) *world {
	t.Helper()
	w := &world{t: t, database: d, clock: clocktest.At(noon)}
	w.store = w.open()
	w.update(func(tx *storage.Tx) error {
		w.ministry = w.section(tx, press.Root, "the-ministry", "The Ministry")
		w.minister = w.section(tx, w.ministry, "the-minister", "The Minister")
		w.activities = w.section(tx, w.minister, "activities", "Activities")
		w.pressRoom = w.section(tx, press.Root, "press-room", "Press Room")
		return tx.AddSource(publog.Source{Name: source, Kind: publog.Author})
	})
	return w
}

// open opens one more handle, which is closed when the test ends.
func (w *world) open() *storage.Store {
	w.t.Helper()
	s, err := w.database.Open(w.clock)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() {
		if err := s.Close(); err != nil {
			w.t.Error(err)
		}
	})
	return s
}

func (w *world) section(tx *storage.Tx, parent press.SectionID, slug, name string) press.SectionID {
	w.t.Helper()
	s, err := tx.AddSection(parent, slug, "en", name)
	if err != nil {
		w.t.Fatal(err)
	}
	return s.ID
}

func (w *world) update(fn func(*storage.Tx) error) {
	w.t.Helper()
	if err := w.store.Update(context.Background(), fn); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) view(fn func(*storage.Tx) error) {
	w.t.Helper()
	if err := w.store.View(context.Background(), fn); err != nil {
		w.t.Fatal(err)
	}
}

// refused runs an update that must fail with a certain error, and checks that
// it left no entry behind, even if the caller goes on and commits.
func (w *world) refused(want error, fn func(*storage.Tx) error) error {
	w.t.Helper()
	before := w.head()
	var got error
	w.update(func(tx *storage.Tx) error {
		got = fn(tx)
		return nil
	})
	if !errors.Is(got, want) {
		w.t.Errorf("got error %v, want %v", got, want)
	}
	if after := w.head(); after != before {
		w.t.Errorf("a refused call moved the log from %d to %d", before, after)
	}
	return got
}

// draft is a draft filed under Activities.
func (w *world) draft(title string) press.Draft {
	return press.Draft{
		Section: w.activities, Language: "en", Title: title, Lead: "In short.",
		Body: "<p>At length.</p>", Tags: []string{"treaties"},
	}
}

// silent is a draft of an article that is pulled only.
func (w *world) silent(title string, published time.Time) press.Draft {
	d := w.draft(title)
	d.Silent, d.Published = true, published
	return d
}

// embargoed is a draft that becomes public in an hour.
func (w *world) embargoed(title string) press.Draft {
	d := w.draft(title)
	d.Published = w.clock.Now().Add(time.Hour)
	return d
}

func (w *world) publish(d press.Draft) (a press.Article, e press.Entry) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) (err error) {
		a, e, err = tx.Publish(d)
		return err
	})
	return a, e
}

func (w *world) correct(id press.ArticleID, d press.Draft) (a press.Article, e press.Entry) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) (err error) {
		a, e, err = tx.Correct(id, newsdesk.Correction{Draft: d, Note: "A name was misspelt."})
		return err
	})
	return a, e
}

func (w *world) correctMinor(id press.ArticleID, d press.Draft) (a press.Article, e press.Entry) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) (err error) {
		a, e, err = tx.Correct(id, newsdesk.Correction{Draft: d, Minor: true})
		return err
	})
	return a, e
}

func (w *world) withdraw(id press.ArticleID) (a press.Article, e press.Entry) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) (err error) {
		a, e, err = tx.Withdraw(id, "Issued in error.")
		return err
	})
	return a, e
}

func (w *world) release() (released []press.Entry) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) (err error) {
		released, err = tx.Release(100)
		return err
	})
	return released
}

func (w *world) head() (seq press.Seq) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) error {
		h, err := tx.Head()
		seq = h.Seq
		return err
	})
	return seq
}

func (w *world) sourceHead() (seq press.Seq) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) (err error) {
		seq, err = tx.SourceHead(source)
		return err
	})
	return seq
}

func (w *world) article(id press.ArticleID) (a press.Article) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) (err error) {
		a, err = tx.Article(id)
		return err
	})
	return a
}

// changed is the mark of a section in a language.
func (w *world) changed(section press.SectionID, lang press.Language) (seq press.Seq) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) (err error) {
		seq, _, err = tx.Changed(section, lang)
		return err
	})
	return seq
}

// titles are those of the articles that a section lists, newest first.
func (w *world) titles(section press.SectionID, lang press.Language) []string {
	w.t.Helper()
	var all []string
	w.view(func(tx *storage.Tx) error {
		list, err := tx.Newest(section, lang, newsdesk.Place{}, 100)
		for _, a := range list {
			all = append(all, a.Title)
		}
		return err
	})
	return all
}

func (w *world) same(what string, want, got any) {
	w.t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		w.t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
