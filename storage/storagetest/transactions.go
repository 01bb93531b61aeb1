package storagetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/actors"
	"communique/storage/deliveries"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

var errChangedMind = errors.New("changed my mind")

var transactionTests = map[string]func(*testing.T, *world){
	"what is rolled back never was": func(t *testing.T, w *world) {
		standing, _ := w.publish(w.draft("Standing"))
		log, head, changed := w.head(), w.sourceHead(), w.changed(w.activities, "en")
		for name, step := range map[string]func(tx *storage.Tx) error{
			"publish": func(tx *storage.Tx) error {
				_, _, err := tx.Publish(w.draft("Never"))
				return err
			},
			"correct": func(tx *storage.Tx) error {
				_, _, err := tx.Correct(standing.ID, newsdesk.Correction{Draft: w.draft("Never"), Note: "No."})
				return err
			},
			"withdraw": func(tx *storage.Tx) error {
				_, _, err := tx.Withdraw(standing.ID, "No.")
				return err
			},
			"add a section": func(tx *storage.Tx) error {
				_, err := tx.AddSection(press.Root, "never", "en", "Never")
				return err
			},
		} {
			err := w.store.Update(t.Context(), func(tx *storage.Tx) error {
				if err := step(tx); err != nil {
					t.Errorf("%s: %v", name, err)
				}
				return errChangedMind
			})
			if !errors.Is(err, errChangedMind) {
				t.Errorf("%s: got error %v, want the one that was returned", name, err)
			}
		}
		w.same("head of the log", log, w.head())
		w.same("head of the source", head, w.sourceHead())
		w.same("mark of the section", changed, w.changed(w.activities, "en"))
		w.same("listed", []string{"Standing"}, w.titles(press.Root, "en"))
		w.same("article", standing, w.article(standing.ID))
	},

	"a panic releases the writer": func(t *testing.T, w *world) {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic did not come through")
				}
			}()
			w.update(func(tx *storage.Tx) error {
				if _, _, err := tx.Publish(w.draft("Never")); err != nil {
					t.Error(err)
				}
				panic("a fault in a handler")
			})
		}()
		w.publish(w.draft("Next"))
		w.same("listed", []string{"Next"}, w.titles(press.Root, "en"))
	},

	"a cancelled update leaves nothing and blocks nobody": func(t *testing.T, w *world) {
		ctx, cancel := context.WithCancel(t.Context())
		err := w.store.Update(ctx, func(tx *storage.Tx) error {
			if _, _, err := tx.Publish(w.draft("Never")); err != nil {
				t.Error(err)
			}
			cancel()
			return nil
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got error %v, want context.Canceled", err)
		}
		w.publish(w.draft("Next"))
		w.same("listed", []string{"Next"}, w.titles(press.Root, "en"))
	},

	"after a statement that failed nothing is done or committed": func(t *testing.T, w *world) {
		var failed, after error
		err := w.store.Update(t.Context(), func(tx *storage.Tx) error {
			if _, _, err := tx.Publish(w.draft("Before")); err != nil {
				t.Error(err)
			}
			message := deliveries.Directed{ID: "https://mfa.example/ap/twice", Source: source}
			failed = errors.Join(tx.Direct(message), tx.Direct(message))
			_, _, after = tx.Publish(w.draft("After"))
			return nil
		})
		// The statement itself may be on its way to a server still, with what comes behind it.
		if after == nil || err == nil {
			t.Errorf("the statement: %v; what reads after it: %v; the update: %v; the last two must fail", failed, after, err)
		}
		w.same("listed", []string(nil), w.titles(press.Root, "en"))
	},

	"a view cannot write": func(t *testing.T, w *world) {
		err := w.store.View(t.Context(), func(tx *storage.Tx) error {
			return tx.SetFact("colour", "blue")
		})
		if err == nil {
			t.Error("a view wrote")
		}
	},

	"a view sees one state": func(t *testing.T, w *world) {
		w.view(func(tx *storage.Tx) error {
			before, err := tx.Head()
			if err != nil {
				return err
			}
			w.publish(w.draft("Meanwhile"))
			after, err := tx.Head()
			w.same("head", before, after)
			return err
		})
	},

	"the clock is read once": func(t *testing.T, w *world) {
		w.update(func(tx *storage.Tx) error {
			began := tx.Now()
			w.clock.Pass(time.Minute)
			w.same("time in the transaction", began, tx.Now())
			return nil
		})
	},

	"what is returned is what is stored": func(t *testing.T, w *world) {
		w.clock.Pass(123456789 * time.Nanosecond)
		a, e := w.publish(w.draft("To the microsecond"))
		w.same("article", a, w.article(a.ID))
		w.view(func(tx *storage.Tx) error {
			stored, err := tx.Entry(e.Seq)
			w.same("entry", e, stored)
			return err
		})
	},

	"facts are kept and replaced": func(t *testing.T, w *world) {
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
			_, err := tx.Fact("tag")
			return err
		})
		w.update(func(tx *storage.Tx) error {
			return errors.Join(tx.SetFact("tag", "mfa.example,2030"), tx.SetFact("tag", "mfa.example,2031"))
		})
		w.view(func(tx *storage.Tx) error {
			tag, err := tx.Fact("tag")
			w.same("fact", "mfa.example,2031", tag)
			return err
		})
	},

	"an actor keeps the key that it has": func(t *testing.T, w *world) {
		w.update(func(tx *storage.Tx) error {
			return errors.Join(tx.AddSigningKey("ministry", actors.KeyMain, "first"), tx.AddSigningKey("ministry", actors.KeyMain, "second"))
		})
		w.view(func(tx *storage.Tx) error {
			pem, err := tx.SigningKey("ministry", actors.KeyMain)
			w.same("key", "first", pem)
			return err
		})
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
			_, err := tx.SigningKey("stranger", actors.KeyMain)
			return err
		})
	},
}

var schemaTests = map[string]func(*testing.T, *world){
	"steps that only add leave a program at work, and let it begin": func(t *testing.T, w *world) {
		for _, statement := range []string{
			`ALTER TABLE subscriptions ADD COLUMN later TEXT NOT NULL DEFAULT ''`, `CREATE TABLE later (id BIGINT PRIMARY KEY)`,
			`INSERT INTO schema_version (version) VALUES (999)`,
		} {
			if err := w.database.Exec(statement); err != nil {
				t.Fatal(err)
			}
		}
		a, _ := w.publish(w.draft("Before the other is upgraded"))
		w.subscribe(w.subscription(callback))
		w.keeps(a)
	},

	"a schema that was made for later programs is refused": func(t *testing.T, w *world) {
		for _, statement := range []string{`INSERT INTO schema_version (version) VALUES (999)`, `UPDATE schema_oldest SET version = 998`} {
			if err := w.database.Exec(statement); err != nil {
				t.Fatal(err)
			}
		}
		_, err := w.database.Open(w.clock)
		var newer *storage.NewerSchemaError
		if !errors.As(err, &newer) {
			t.Fatalf("got error %v, want a *NewerSchemaError", err)
		}
		if newer.Found != 999 || newer.Known >= 998 || newer.Known < 1 || newer.Oldest != 998 {
			t.Errorf("the error says found %d, known %d, oldest %d", newer.Found, newer.Known, newer.Oldest)
		}
	},

	"opening again changes nothing": func(_ *testing.T, w *world) {
		a, _ := w.publish(w.draft("Kept"))
		w.keeps(a)
	},
}

// keeps expects an article in a store that is opened now.
func (w *world) keeps(a press.Article) {
	w.t.Helper()
	again := w.open()
	err := again.View(w.t.Context(), func(tx *storage.Tx) error {
		got, err := tx.Article(a.ID)
		w.same("article", a, got)
		return err
	})
	if err != nil {
		w.t.Error(err)
	}
}
