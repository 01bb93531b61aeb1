package storagetest

import (
	"fmt"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/actors"
	"communique/storage/press"
)

var keyTests = map[string]func(*testing.T, *world){
	"a replaced key is told of by an entry of the same commit": func(_ *testing.T, w *world) {
		w.update(func(tx *storage.Tx) error { return tx.AddSigningKey("ministry", actors.KeyMain, "first") })
		w.clock.Pass(time.Hour)
		var e press.Entry
		w.update(func(tx *storage.Tx) (err error) {
			e, err = tx.ReplaceSigningKeys("ministry", map[string]string{actors.KeyMain: "second"})
			return err
		})
		w.same("the entry", press.Entry{Seq: e.Seq, Kind: press.KindActor, At: noon.Add(time.Hour), Actor: "ministry"}, e)
		w.same("the head of the source", e.Seq, w.sourceHead())
		w.same("the keys", []string{"main-key 0 first", fmt.Sprintf("main-key %d second", e.Seq)}, w.keys())
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
				_, err := tx.ReplaceSigningKeys("ministry", map[string]string{actors.KeyMain: text})
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
			e, err = tx.ReplaceSigningKeys("ministry", map[string]string{actors.KeyMain: "second"})
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
}

func (w *world) keys() (lines []string) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) error {
		all, err := tx.SigningKeys()
		for _, k := range all {
			lines = append(lines, fmt.Sprintf("%s %d %s", k.Name, k.Since, k.Private))
		}
		return err
	})
	return lines
}
