package storagetest

import (
	"testing"
	"time"

	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// ofKind is a draft of a kind.
func (w *world) ofKind(title string, kind press.ArticleKind) press.Draft {
	d := w.draft(title)
	d.Kind = kind
	return d
}

var kindTests = map[string]func(*testing.T, *world){
	"an article is listed under its kind while it is public, in its section and above": func(t *testing.T, w *world) {
		speech, _ := w.publish(w.ofKind("Speech", "speech"))
		w.clock.Pass(time.Minute)
		again, _ := w.publish(w.ofKind("Speech again", "speech"))
		w.publish(w.draft("Of no kind"))
		secret := w.ofKind("Secret", "readout")
		secret.Published = noon.Add(time.Hour)
		w.publish(secret)
		listed := func(name string, kind press.ArticleKind, want ...string) {
			t.Helper()
			w.view(func(tx *storage.Tx) error {
				for _, section := range []press.SectionID{w.activities, w.ministry, press.Root} {
					all, err := tx.NewestOfKind(kind, section, "en", newsdesk.Place{}, 10)
					if err != nil {
						return err
					}
					var titles []string
					for _, a := range all {
						titles = append(titles, a.Title)
					}
					w.same(name, want, titles)
				}
				return nil
			})
		}
		listed("speeches", "speech", "Speech again", "Speech")
		listed("under embargo", "readout")
		listed("no kind is none", "")
		w.view(func(tx *storage.Tx) error {
			newer, err := tx.NewerOfKind("speech", w.activities, "en", newsdesk.PlaceOf(speech), 10)
			if err == nil {
				w.same("newer", 1, len(newer))
				w.same("which", again.ID, newer[0].ID)
			}
			return err
		})
		kinds := func() (all []press.ArticleKind) {
			w.view(func(tx *storage.Tx) (err error) {
				all, err = tx.KindsIn(w.ministry, "en", []press.ArticleKind{"statement", "speech", "readout"})
				return err
			})
			return all
		}
		w.same("kinds", []press.ArticleKind{"speech"}, kinds())
		w.correct(again.ID, w.ofKind("Speech again", "statement"))
		listed("after a correction", "speech", "Speech")
		w.same("kinds after it", []press.ArticleKind{"statement", "speech"}, kinds())
		w.withdraw(speech.ID)
		listed("after a withdrawal", "speech")
		w.clock.Pass(time.Hour)
		w.release()
		listed("after an embargo", "readout", "Secret")
	},

	"nothing stays of the particulars of a draft that is cancelled": func(_ *testing.T, w *world) {
		d := w.ofKind("Secret", "speech")
		d.Published, d.Place, d.NotesToEditors = noon.Add(time.Hour), "Almira", []string{"Not yet."}
		d.Contacts = []press.Contact{{Name: "Rosa", Email: "rosa@mfa.example"}}
		a, _ := w.publish(d)
		w.withdraw(a.ID)
		w.same("particulars", press.Particulars{}, w.article(a.ID).Particulars)
	},
}
