package newsroom

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/clocktest"
	"communique/storage/newsdesk"
	"communique/storage/press"
	"communique/storage/publog"
	"communique/storage/sqlite"
	"communique/storage/sqlite/sqlitetest"
)

// now is when the tests begin: a Thursday morning in Berlin.
var now = time.Date(2026, 11, 26, 9, 30, 0, 0, time.UTC)

func berlin(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// room is a newsroom with one desk, a clock that stands still until it is moved, and
// the section "The Ministry > Statements".
type room struct {
	Desk
	t     *testing.T
	clock *clocktest.Clock
	told  strings.Builder // what the log was told
}

func newRoom(t *testing.T) *room {
	t.Helper()
	file := sqlitetest.File(t)
	return newRoomOn(t, func(clock storage.Clock) (*storage.Store, error) { return sqlite.Open(t.Context(), file, clock) })
}

// newRoomOn is a room with a database that is opened.
func newRoomOn(t *testing.T, open func(storage.Clock) (*storage.Store, error)) *room {
	t.Helper()
	r := &room{t: t, clock: clocktest.At(now)}
	store, err := open(r.clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := store.DateIn(t.Context(), berlin(t)); err != nil {
		t.Fatal(err)
	}
	err = store.Update(t.Context(), func(tx *storage.Tx) error {
		return tx.AddSource(publog.Source{Name: publog.ActorSource("ministry"), Kind: publog.Author})
	})
	if err != nil {
		t.Fatal(err)
	}
	r.Desk = Desk{
		Store: store, Site: press.Site{Base: "https://press.mfa.example", Tag: "press.mfa.example,2026"},
		Zone: berlin(t), Language: "en", Languages: []press.Language{"en", "fr", "ar", "el", "es"}, Actor: "ministry", Author: Author{Name: "ada", Via: CommandLine},
		Log: slog.New(slog.NewTextHandler(&r.told, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey || a.Key == slog.LevelKey {
				return slog.Attr{}
			}
			return a
		}})),
	}
	r.sections("The Ministry", "Statements")
	return r
}

func (r *room) sections(names ...string) press.Section {
	r.t.Helper()
	added, err := r.AddSections(r.t.Context(), names, NewSections{})
	if err != nil {
		r.t.Fatal(err)
	}
	return added.Section
}

// document reads a document that has a title and further fields, a line each.
func (r *room) document(title string, fields ...string) Document {
	r.t.Helper()
	doc, err := r.Read("statement.md", []byte(source(title, fields...)), nil)
	if err != nil {
		r.t.Fatal(err)
	}
	return doc
}

func source(title string, fields ...string) string {
	return fmt.Sprintf("---\ntitle: %s\nsection: the-ministry/statements\n%s\n---\n\nText of %s.\n", title, strings.Join(fields, "\n"), title)
}

// file files a document that must be taken.
func (r *room) file(title string, fields ...string) press.Article {
	r.t.Helper()
	filed, err := r.File(r.t.Context(), r.document(title, fields...), Filing{})
	if err != nil {
		r.t.Fatal(err)
	}
	return filed.Article
}

// stored is an article as it is in the store.
func (r *room) stored(id press.ArticleID) press.Article {
	r.t.Helper()
	var a press.Article
	r.look(func(tx *storage.Tx) (err error) {
		a, err = tx.Article(id)
		return err
	})
	return a
}

// articles counts what the store has, in whatever state.
func (r *room) articles() int {
	r.t.Helper()
	var all []press.Article
	r.look(func(tx *storage.Tx) (err error) {
		all, err = tx.All(newsdesk.Place{}, 1000)
		return err
	})
	return len(all)
}

func (r *room) look(read func(*storage.Tx) error) {
	r.t.Helper()
	if err := r.Store.View(context.WithoutCancel(r.t.Context()), read); err != nil {
		r.t.Fatal(err)
	}
}

// TestRehearse: a rehearsal returns what would be, and leaves nothing; what fails in
// it fails.
func TestRehearse(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	told := r.told.Len()
	var preview Result
	err := r.Rehearse(t.Context(), func(d Desk) (err error) {
		if _, err = d.AddSections(t.Context(), []string{"Press Room"}, NewSections{}); err != nil {
			return err
		}
		if slow, err := d.MovesSlowly(t.Context(), "press-room"); slow || err != nil {
			t.Errorf("what was made in it: slow %v, %v", slow, err)
		}
		doc := r.document("Treaty signed")
		doc.Section = "press-room"
		preview, err = d.File(t.Context(), doc, Filing{})
		return err
	})
	if err != nil || preview.Article.Title != "Treaty signed" || preview.Article.State != press.Published || preview.Entry.Seq == 0 {
		t.Errorf("the preview is %+v, %+v (%v)", preview.Article, preview.Entry, err)
	}
	if r.articles() != 0 || len(r.tree()) != 2 || r.told.Len() != told {
		t.Errorf("it left %d articles and %v, and told %s", r.articles(), r.tree(), r.told.String()[told:])
	}
	err = r.Rehearse(t.Context(), func(d Desk) error {
		_, err := d.Withdraw(t.Context(), "aaaaaaaaaaaaaaaa", "Unknown.")
		return err
	})
	if !errors.Is(err, press.ErrNotFound) {
		t.Errorf("what cannot be done: %v", err)
	}
}

// TestTogether: all acts or none, and the log is told when they are done.
func TestTogether(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	both := func(second string) error {
		return r.Together(t.Context(), func(d Desk) error {
			filed, err := d.File(t.Context(), r.document("Treaty signed"), Filing{})
			if err != nil {
				return err
			}
			_, err = d.Withdraw(t.Context(), filed.Article.ID, second)
			return err
		})
	}
	told := r.told.Len()
	if err := both(""); !errors.Is(err, press.ErrInvalid) || r.articles() != 0 || r.told.Len() != told {
		t.Errorf("half of it: %v, %d articles, told %s", err, r.articles(), r.told.String()[told:])
	}
	if err := both("Issued in error."); err != nil || r.articles() != 1 || strings.Count(r.told.String()[told:], "\n") != 2 {
		t.Errorf("all of it: %v, %d articles, told %s", err, r.articles(), r.told.String()[told:])
	}
}
