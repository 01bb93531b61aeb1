package storagetest

import (
	"testing"
	"time"

	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

var tagTests = map[string]func(*testing.T, *world){
	"an article is listed under its tags while it is public": func(t *testing.T, w *world) {
		a, e := w.publish(w.tagged("Treaty", "Sea Law", "Häfen", "/"))
		secret := w.tagged("Secret", "Sea Law", "Secrets")
		secret.Published = noon.Add(time.Hour)
		w.publish(secret)
		w.same("by any case", []string{"Treaty"}, w.under("en", "sea-law"))
		w.same("beyond ASCII", []string{"Treaty"}, w.under("en", press.TagSlug("HÄFEN")))
		w.same("in another language", []string(nil), w.under("fr", "sea-law"))
		w.same("tag", newsdesk.Tag{Slug: "sea-law", Name: "Sea Law", Changed: e.Seq, At: e.At}, w.tag("en", "sea-law"))
		for _, slug := range []string{"secrets", "never", ""} {
			w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
				_, err := tx.Tag("en", slug)
				return err
			})
		}
		w.clock.Pass(time.Hour)
		w.release()
		w.same("after the embargo", []string{"Secret", "Treaty"}, w.under("en", "sea-law"))
		w.withdraw(a.ID)
		w.same("after the withdrawal", []string{"Secret"}, w.under("en", "sea-law"))
		w.same("nothing left", []string(nil), w.under("en", "häfen"))
		w.same("listed tags", []string{"Sea Law", "Secrets"}, w.tagNames("en"))
	},

	"a correction marks what it takes a tag from and what it gives one, and no other": func(t *testing.T, w *world) {
		a, first := w.publish(w.tagged("Treaty", "old", "kept"))
		_, other := w.publish(w.tagged("Visit", "visits"))
		_, e := w.correct(a.ID, w.tagged("Treaty", "kept", "new"))
		w.same("gone", []string(nil), w.under("en", "old"))
		w.same("come", []string{"Treaty"}, w.under("en", "new"))
		for slug, want := range map[string]press.Seq{"old": e.Seq, "kept": e.Seq, "new": e.Seq, "visits": other.Seq} {
			w.same(slug, want, w.tag("en", slug).Changed)
		}
		_, again := w.correct(a.ID, w.tagged("Treaty, again", "kept", "new"))
		w.same("what it left before tells of it", again.Seq, w.tag("en", "old").Changed)
		w.view(func(tx *storage.Tx) error {
			seq, err := tx.TagsChanged("en")
			w.same("newest", again.Seq, seq)
			return err
		})
		if first.Seq == e.Seq {
			t.Error("the correction has no entry of its own")
		}
	},

	"whoever got an article under a tag learns of its withdrawal there": func(t *testing.T, w *world) {
		a, _ := w.publish(w.tagged("Treaty", "old"))
		w.correct(a.ID, w.tagged("Treaty", "new"))
		french := w.tagged("Traité", "new")
		french.Language = "fr"
		w.correct(a.ID, french)
		_, e := w.withdraw(a.ID)
		for _, at := range []struct {
			lang press.Language
			slug string
		}{{"en", "old"}, {"en", "new"}, {"fr", "new"}} {
			w.view(func(tx *storage.Tx) error {
				withdrawn, err := tx.TaggedWithdrawn(at.lang, at.slug, time.Time{}, 10)
				w.same("tombstones", 1, len(withdrawn))
				return err
			})
			w.same("mark", e.Seq, w.tag(at.lang, at.slug).Changed)
		}
	},

	"a tag's list is paged by key": func(t *testing.T, w *world) {
		for _, title := range []string{"One", "Two", "Three"} {
			w.publish(w.tagged(title, "tag"))
			w.clock.Pass(time.Second)
		}
		w.view(func(tx *storage.Tx) error {
			page, err := tx.Tagged("en", "tag", newsdesk.Place{}, 2)
			if err != nil {
				return err
			}
			w.same("first", "Three", page[0].Title)
			rest, err := tx.Tagged("en", "tag", newsdesk.PlaceOf(page[1]), 2)
			w.same("rest", 1, len(rest))
			return err
		})
	},
}

func (w *world) tagged(title string, tags ...string) press.Draft {
	d := w.draft(title)
	d.Tags = tags
	return d
}

func (w *world) under(lang press.Language, slug string) (titles []string) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) error {
		articles, err := tx.Tagged(lang, slug, newsdesk.Place{}, 100)
		for _, a := range articles {
			titles = append(titles, a.Title)
		}
		return err
	})
	return titles
}

func (w *world) tag(lang press.Language, slug string) (tag newsdesk.Tag) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) (err error) {
		tag, err = tx.Tag(lang, slug)
		return err
	})
	return tag
}

func (w *world) tagNames(lang press.Language) (names []string) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) error {
		tags, err := tx.Tags(lang, 100)
		for _, tag := range tags {
			names = append(names, tag.Name)
		}
		return err
	})
	return names
}
