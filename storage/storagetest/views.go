package storagetest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// badEndings is more than there are connections that read: one that is lost each
// time would be missed.
const badEndings = 40

var viewTests = map[string]func(*testing.T, *world){
	"a view that ends badly keeps no connection and no state": func(t *testing.T, w *world) {
		for name, end := range map[string]func(t *testing.T){
			"with an error": func(t *testing.T) {
				err := w.store.View(t.Context(), func(tx *storage.Tx) error {
					_, err := tx.Head()
					return errors.Join(err, errChangedMind)
				})
				if !errors.Is(err, errChangedMind) {
					t.Errorf("got error %v", err)
				}
			},
			"with a statement that is refused": func(t *testing.T) {
				err := w.store.View(t.Context(), func(tx *storage.Tx) error { return tx.SetFact("colour", "blue") })
				if err == nil {
					t.Error("a view wrote")
				}
			},
			"with its context, in the middle": func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				err := w.store.View(ctx, func(tx *storage.Tx) error {
					if _, err := tx.Head(); err != nil {
						t.Error(err)
					}
					cancel()
					_, err := tx.Head()
					return err
				})
				if !errors.Is(err, context.Canceled) {
					t.Errorf("got error %v, want context.Canceled", err)
				}
			},
			"with its context, before it began": func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				cancel()
				err := w.store.View(ctx, func(*storage.Tx) error {
					t.Error("it began")
					return nil
				})
				if !errors.Is(err, context.Canceled) {
					t.Errorf("got error %v, want context.Canceled", err)
				}
			},
			"in a panic": func(t *testing.T) {
				defer func() {
					if recover() == nil {
						t.Error("the panic did not come through")
					}
				}()
				w.view(func(tx *storage.Tx) error {
					if _, err := tx.Head(); err != nil {
						t.Error(err)
					}
					panic("a fault in a handler")
				})
			},
		} {
			t.Run(name, func(t *testing.T) {
				for range badEndings {
					end(t)
				}
				w.publish(w.draft("After it ended " + name))
				w.same("newest", "After it ended "+name, w.titles(press.Root, "en")[0])
			})
			w.clock.Pass(time.Second) // by which lists are ordered
		}
	},

	"views that are cut short at any moment harm no other": func(t *testing.T, w *world) {
		for range 20 {
			w.publish(w.draft("Visit"))
		}
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				for range badEndings {
					ctx, cancel := context.WithCancel(t.Context())
					go cancel()
					err := w.store.View(ctx, func(tx *storage.Tx) error {
						_, err := tx.All(newsdesk.Place{}, 20)
						return err
					})
					if err != nil && !errors.Is(err, context.Canceled) {
						t.Errorf("cut short: %v", err)
					}
					cancel()
				}
			})
			all.Go(func() {
				for range badEndings {
					w.view(func(tx *storage.Tx) error {
						found, err := tx.All(newsdesk.Place{}, 20)
						if len(found) != 20 {
							t.Errorf("%d articles, %v", len(found), err)
						}
						return err
					})
				}
			})
		}
		all.Wait()
	},
}
