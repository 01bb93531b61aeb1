package storagetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/audience"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

func (w *world) rendition(id press.ArticleID) (r newsdesk.Rendition) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) (err error) {
		r, err = tx.Rendition(id)
		return err
	})
	return r
}

func (w *world) renderAs(r newsdesk.Rendition) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) error { return tx.SetRendition(r) })
}

func (w *world) pinned() (ids []press.ArticleID) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) (err error) {
		ids, err = tx.Pinned()
		return err
	})
	return ids
}

func (w *world) pin(id press.ArticleID) (changed bool) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) (err error) {
		changed, err = tx.Pin(id)
		return err
	})
	w.clock.Pass(time.Second)
	return changed
}

var renditionTests = map[string]func(*testing.T, *world){
	"an article keeps the type of its first publication": func(t *testing.T, w *world) {
		note, _ := w.publish(w.draft("As a note"))
		held, _ := w.publish(w.embargoed("Later"))
		w.renderAs(newsdesk.AsArticle)
		whole, _ := w.publish(w.draft("Whole"))
		w.renderAs(newsdesk.AsNote)
		again, _ := w.publish(w.draft("As a note again"))
		w.correct(whole.ID, w.draft("Corrected"))
		w.correct(note.ID, w.draft("Corrected"))
		w.withdraw(note.ID)
		for id, want := range map[press.ArticleID]newsdesk.Rendition{note.ID: newsdesk.AsNote, whole.ID: newsdesk.AsArticle, again.ID: newsdesk.AsNote} {
			w.same("rendition", want, w.rendition(id))
		}
		w.renderAs(newsdesk.AsArticle)
		w.same("an embargoed one", newsdesk.AsArticle, w.rendition(held.ID))
		w.clock.Pass(24 * time.Hour)
		w.release()
		w.renderAs(newsdesk.AsNote)
		w.same("of its release", newsdesk.AsArticle, w.rendition(held.ID))
	},

	"a setting that was changed back changes nothing": func(t *testing.T, w *world) {
		w.renderAs(newsdesk.AsArticle)
		w.renderAs(newsdesk.AsNote)
		w.renderAs(newsdesk.AsNote)
		a, _ := w.publish(w.draft("As a note"))
		w.same("rendition", newsdesk.AsNote, w.rendition(a.ID))
	},
}

var pinTests = map[string]func(*testing.T, *world){
	"five have room, the last one first": func(t *testing.T, w *world) {
		var want []press.ArticleID
		for i := range newsdesk.MaxPins {
			a, _ := w.publish(w.draft(fmt.Sprint("Pinned ", i)))
			w.same("something new", true, w.pin(a.ID))
			w.same("nothing new", false, w.pin(a.ID))
			want = append([]press.ArticleID{a.ID}, want...)
		}
		w.same("pinned", want, w.pinned())
		one, _ := w.publish(w.draft("One too many"))
		w.refused(press.ErrConflict, func(tx *storage.Tx) error {
			_, err := tx.Pin(one.ID)
			return err
		})
		w.update(func(tx *storage.Tx) error {
			changed, err := tx.Unpin(want[0])
			w.same("it was there", true, changed)
			return err
		})
		w.update(func(tx *storage.Tx) error {
			changed, err := tx.Unpin(want[0])
			w.same("it was there", false, changed)
			return err
		})
		w.pin(one.ID)
		w.same("pinned", append([]press.ArticleID{one.ID}, want[1:]...), w.pinned())
	},

	"only what is public is pinned": func(t *testing.T, w *world) {
		held, _ := w.publish(w.embargoed("Later"))
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
			_, err := tx.Pin(held.ID)
			return err
		})
		a, _ := w.publish(w.draft("Taken back"))
		w.pin(a.ID)
		w.withdraw(a.ID)
		w.same("pinned", 0, len(w.pinned()))
	},
}

var quoteTests = map[string]func(*testing.T, *world){
	"one author has so many permissions": func(_ *testing.T, w *world) {
		a, _ := w.publish(w.draft("Quoted"))
		grant := func(tx *storage.Tx, actor string, n int) error {
			_, err := tx.GrantQuote(a.ID, fmt.Sprint(actor, "/", n), actor, w.clock.Now())
			return err
		}
		w.update(func(tx *storage.Tx) error {
			for n := range 5_000 {
				if err := grant(tx, ada, n); err != nil {
					return err
				}
			}
			return nil
		})
		w.refused(press.ErrConflict, func(tx *storage.Tx) error { return grant(tx, ada, 5_000) })
		w.update(func(tx *storage.Tx) error { return errors.Join(grant(tx, ada, 4_999), grant(tx, bela, 1)) })
	},

	"a permission is given once and ends with its post": func(t *testing.T, w *world) {
		a, _ := w.publish(w.draft("Quoted"))
		const post, ada = "https://social.example/@ada/1", "https://social.example/users/ada"
		grant := func() (q audience.Quote) {
			w.update(func(tx *storage.Tx) (err error) {
				q, err = tx.GrantQuote(a.ID, post, ada, w.clock.Now())
				return err
			})
			return q
		}
		q := grant()
		w.same("given again", q, grant())
		w.view(func(tx *storage.Tx) error {
			got, err := tx.Quote(q.Token)
			w.same("read", audience.Quote{Token: q.Token, Article: a.ID, Post: post, Actor: ada}, got)
			if may, err := tx.Quotes(ada, post); err != nil || !may {
				t.Errorf("the post may not quote, %v", err)
			}
			return err
		})
		w.update(func(tx *storage.Tx) error {
			return tx.RemoveQuote("https://social.example/users/eve", post, w.clock.Now())
		})
		w.same("after another took it back", q, grant())
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
			_, err := tx.GrantQuote(a.ID, post, "https://social.example/users/eve", w.clock.Now())
			return err
		})
		w.update(func(tx *storage.Tx) error { return tx.RemoveQuote(ada, post, w.clock.Now()) })
		err := w.store.View(t.Context(), func(tx *storage.Tx) error {
			_, err := tx.Quote(q.Token)
			return err
		})
		if !errors.Is(err, press.ErrNotFound) {
			t.Errorf("the permission outlives its post: %v", err)
		}
	},
}
