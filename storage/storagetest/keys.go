package storagetest

import (
	"fmt"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/actors"
	"communique/storage/press"
	"communique/storage/publog"
)

var keyTests = map[string]func(*testing.T, *world){
	"a replaced key is told of by an entry of the same commit": func(_ *testing.T, w *world) {
		w.update(func(tx *storage.Tx) error { return tx.AddSigningKey("ministry", actors.KeyMain, "first") })
		w.clock.Pass(time.Hour)
		var e press.Entry
		w.update(func(tx *storage.Tx) (err error) {
			e, err = tx.ReplaceSigningKey(actors.Key{Actor: "ministry", Name: actors.KeyMain, Fragment: "main-key-2", Private: "second"})
			return err
		})
		w.same("the entry", press.Entry{Seq: e.Seq, Kind: press.KindActor, At: noon.Add(time.Hour), Actor: "ministry"}, e)
		w.same("the head of the source", e.Seq, w.sourceHead())
		w.same("the keys", []string{"main-key 0 first", fmt.Sprintf("main-key-2 %d second", e.Seq)}, w.keys())
		// What the actor has already is not added again.
		w.update(func(tx *storage.Tx) error { return tx.AddSigningKey("ministry", actors.KeyMain, "third") })
		w.same("the keys after adding one", 2, len(w.keys()))
		w.view(func(tx *storage.Tx) error {
			private, err := tx.SigningKey("ministry", actors.KeyMain)
			w.same("the key in use", "second", private)
			return err
		})
	},
	"a key is rewritten": func(_ *testing.T, w *world) {
		w.update(func(tx *storage.Tx) error { return tx.AddSigningKey("ministry", actors.KeyMain, "plain") })
		w.update(func(tx *storage.Tx) error {
			keys, err := tx.SigningKeys()
			if err != nil {
				return err
			}
			keys[0].Private = "encrypted"
			return tx.RewriteSigningKey(keys[0])
		})
		w.same("the keys", []string{"main-key 0 encrypted"}, w.keys())
	},
	"old keys go when they were replaced long ago": func(_ *testing.T, w *world) {
		w.update(func(tx *storage.Tx) error { return tx.AddSigningKey("ministry", actors.KeyMain, "first") })
		w.update(func(tx *storage.Tx) error { return tx.AddSigningKey("ministry", actors.KeyEd25519, "other") })
		for _, text := range []string{"second", "third"} {
			w.clock.Pass(time.Hour)
			w.update(func(tx *storage.Tx) error {
				_, err := tx.ReplaceSigningKey(actors.Key{Actor: "ministry", Name: actors.KeyMain, Private: text})
				return err
			})
		}
		drop := func(before time.Time) (n int) {
			w.update(func(tx *storage.Tx) (err error) {
				n, err = tx.DropOldSigningKeys(before)
				return err
			})
			return n
		}
		w.same("dropped too early", 0, drop(noon.Add(time.Hour)))
		w.same("dropped", 1, drop(noon.Add(time.Hour+time.Second)))
		w.same("dropped later", 1, drop(noon.Add(24*time.Hour)))
		w.same("the keys", []string{"ed25519-key 0 other", fmt.Sprintf("main-key %d third", w.head())}, w.keys())
	},
	"servers that have yet to be told": func(_ *testing.T, w *world) {
		for _, host := range []string{"https://a.example", "https://b.example", "https://c.example"} {
			w.accept(w.follow(host+"/ana", host+"/inbox"))
		}
		var e press.Entry
		w.update(func(tx *storage.Tx) (err error) {
			e, err = tx.ReplaceSigningKey(actors.Key{Actor: "ministry", Name: actors.KeyMain, Private: "second"})
			return err
		})
		untold := func() (n int) {
			w.view(func(tx *storage.Tx) (err error) {
				n, err = tx.CountBehind("ministry", e.Seq)
				return err
			})
			return n
		}
		w.same("all", 3, untold())
		for _, d := range w.claim(1) {
			switch d.URL {
			case "https://a.example/inbox":
				w.putOff(d, noon.Add(time.Hour))
			case "https://b.example/inbox":
				w.settle(1, d, e.Seq)
			}
		}
		w.same("all that answer and lack it", 1, untold())
	},
	"who knows which key": func(_ *testing.T, w *world) {
		for _, inbox := range []string{"https://a.example/inbox", "https://a.example/users/ben/inbox", "https://b.example/inbox"} {
			w.accept(w.follow(inbox+"/of", inbox))
		}
		w.update(func(tx *storage.Tx) error { return tx.AddSigningKey("ministry", actors.KeyMain, "first") })
		replace := func(name string) (e press.Entry) {
			w.update(func(tx *storage.Tx) (err error) {
				e, err = tx.ReplaceSigningKey(actors.Key{Actor: "ministry", Name: name, Private: "next"})
				return err
			})
			return e
		}
		told := func() (lines []string) {
			w.view(func(tx *storage.Tx) error {
				all, err := tx.ToldKeys()
				for _, k := range all {
					lines = append(lines, fmt.Sprintf("%s %s %d %t", k.Actor, k.Host, k.Since, k.At.IsZero()))
				}
				return err
			})
			return lines
		}
		replace(actors.KeyEd25519) // signs nothing
		w.same("hosts after another key", 0, len(told()))
		first := replace(actors.KeyMain)
		second := replace(actors.KeyMain)
		w.accept(w.follow("https://c.example/cyd", "https://c.example/inbox")) // has met the new one
		lastTold := func(actor string) (at time.Time) {
			w.view(func(tx *storage.Tx) (err error) { at, err = tx.LastTold(actor); return err })
			return at
		}
		w.same("nobody was told", true, lastTold("ministry").IsZero())
		w.update(func(tx *storage.Tx) error { return tx.TellKey("ministry", "b.example", first.Seq) })
		w.same("somebody was told", false, lastTold("ministry").IsZero())
		w.same("nobody of another's", true, lastTold("minister").IsZero())
		w.same("who knows the old keys", []string{
			fmt.Sprintf("ministry a.example %d true", first.Seq), fmt.Sprintf("ministry a.example %d true", second.Seq),
			fmt.Sprintf("ministry b.example %d false", first.Seq), fmt.Sprintf("ministry b.example %d true", second.Seq),
		}, told())
		w.update(func(tx *storage.Tx) error { return tx.DropReplacedSigningKeys("ministry", actors.KeyMain) })
		w.same("who knows keys that are gone", 0, len(told()))
		w.same("the keys", []string{fmt.Sprintf("ed25519-key %d next", first.Seq-1), fmt.Sprintf("main-key %d next", second.Seq)}, w.keys())
	},
	"the author's new key is told through all actors": func(_ *testing.T, w *world) {
		w.update(func(tx *storage.Tx) error {
			return tx.AddSource(publog.Source{Name: publog.ActorSource("minister"), Kind: publog.Announcer, Section: press.Root})
		})
		heads := func(actor string) (e press.Entry, lacking []press.Entry) {
			var before press.Seq
			w.update(func(tx *storage.Tx) (err error) {
				if before, err = tx.SourceHead(publog.ActorSource("minister")); err != nil {
					return err
				}
				e, err = tx.ReplaceSigningKey(actors.Key{Actor: actor, Name: actors.KeyMain, Private: "next"})
				return err
			})
			w.view(func(tx *storage.Tx) error {
				head, err := tx.SourceHead(publog.ActorSource("minister"))
				if err == nil {
					lacking, err = tx.Backlog(publog.ActorSource("minister"), before, head, noon)
				}
				return err
			})
			return e, lacking
		}
		e, lacking := heads("ministry")
		w.same("what another actor's followers are told", []press.Entry{e}, lacking)
		e, lacking = heads("minister")
		w.same("what its own are told", []press.Entry{e}, lacking)
		w.same("the author's head", e.Seq-1, w.sourceHead())
		w.update(func(tx *storage.Tx) error {
			_, err := tx.AppendActor("ministry")
			return err
		})
		w.view(func(tx *storage.Tx) error {
			head, err := tx.SourceHead(publog.ActorSource("minister"))
			w.same("the other's head after a profile", e.Seq, head)
			return err
		})
	},
}

func (w *world) keys() (lines []string) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) error {
		all, err := tx.SigningKeys()
		for _, k := range all {
			lines = append(lines, fmt.Sprintf("%s %d %s", k.Fragment, k.Since, k.Private))
		}
		return err
	})
	return lines
}
