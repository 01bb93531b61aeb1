package storagetest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/fingerprint"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// spoken is a text that is long enough to be nearly another one.
const spoken = "The minister received the ambassador of Brand in the ministry this morning. They spoke of fish, of harbours and of the dues that ships of both states pay there, and they agreed that delegates from each side will meet in Port Almira to write a treaty."

// says is a draft with a text of its own.
func (w *world) says(title, text string) press.Draft {
	d := w.draft(title)
	d.Lead, d.Body = "", press.HTML("<p>"+text+"</p>")
	return d
}

// found are the wordings that say what a draft says, under its title or not, and nearly.
func (w *world) found(d press.Draft) (titled, text, near []newsdesk.Wording) {
	w.t.Helper()
	said := fingerprint.OfDraft(d)
	w.view(func(tx *storage.Tx) (err error) {
		if titled, err = tx.WithDigest(said.Titled()...); err != nil {
			return err
		}
		if text, err = tx.KeptBackWithDigest(said.Text()...); err != nil {
			return err
		}
		near, err = tx.NearlyKeptBack(said.Shingles())
		return err
	})
	return titled, text, near
}

var wordingTests = map[string]func(*testing.T, *world){
	"what is public is found by its title and text": func(_ *testing.T, w *world) {
		d := w.says("A visit", spoken)
		a, _ := w.publish(d)
		d.Language = "fr"
		titled, text, near := w.found(d)
		w.same("titled", []newsdesk.Wording{{Article: a.ID, Revision: 1}}, titled)
		w.same("its text alone", []newsdesk.Wording(nil), text)
		w.same("nearly", []newsdesk.Wording(nil), near)
		titled, _, _ = w.found(w.says("Another visit", spoken))
		w.same("under another title", []newsdesk.Wording(nil), titled)
	},

	"what is under embargo is found by its text until it is public": func(_ *testing.T, w *world) {
		d := w.says("A visit", spoken)
		d.Published = noon.Add(time.Hour)
		a, _ := w.publish(d)
		kept := []newsdesk.Wording{{Article: a.ID, Revision: 1, KeptBack: true}}
		titled, text, near := w.found(d)
		w.same("titled", kept, titled)
		w.same("its text alone", kept, text)
		w.same("nearly", kept, near)
		_, text, near = w.found(w.says("Another visit", strings.Replace(spoken, "morning", "evening", 1)))
		w.same("the text with another word", []newsdesk.Wording(nil), text)
		w.same("nearly, with another word", kept, near)
		titled, text, near = w.found(w.says("Fish", "There is a new office. "+spoken[len(spoken)/2:]))
		w.same("a part of it, by title or text", 0, len(titled)+len(text))
		w.same("a part of it", kept, near)
		_, text, _ = w.found(w.says("Another visit", strings.NewReplacer("a", "а", "o", "ο", "e", "é").Replace(spoken)))
		w.same("in other letters", kept, text)
		w.clock.Pass(2 * time.Hour)
		w.release()
		titled, text, near = w.found(d)
		w.same("titled, when it is public", []newsdesk.Wording{{Article: a.ID, Revision: 1}}, titled)
		w.same("its text alone, when it is public", []newsdesk.Wording(nil), text)
		w.same("nearly, when it is public", []newsdesk.Wording(nil), near)
	},

	"what was withdrawn is found by all that it has said": func(_ *testing.T, w *world) {
		d, corrected := w.says("A visit", spoken), w.says("A visit", strings.ReplaceAll(spoken, "Brand", "Sarel"))
		a, _ := w.publish(d)
		w.correct(a.ID, corrected)
		w.withdraw(a.ID)
		for revision, d := range map[int]press.Draft{1: d, 2: corrected} {
			titled, text, near := w.found(d)
			kept := newsdesk.Wording{Article: a.ID, Revision: revision, KeptBack: true}
			w.same("titled", []newsdesk.Wording{kept}, titled)
			w.same("its text alone", []newsdesk.Wording{kept}, text)
			if !slices.Contains(near, kept) {
				w.t.Errorf("nearly: found %v, and not %v", near, kept)
			}
		}
	},

	"what a correction has hidden is kept back": func(_ *testing.T, w *world) {
		d, said := w.says("A visit", spoken), w.says("A visit", strings.Repeat("All the fish of the sea of Almira. ", 8))
		a, _ := w.publish(d)
		w.update(func(tx *storage.Tx) error {
			_, _, err := tx.Correct(a.ID, newsdesk.Correction{Draft: said, Minor: true, HideEarlier: true})
			return err
		})
		hidden := []newsdesk.Wording{{Article: a.ID, Revision: 1, KeptBack: true}}
		_, text, near := w.found(d)
		w.same("its text alone", hidden, text)
		w.same("nearly", hidden, near)
		_, _, near = w.found(w.says("Another visit", strings.Replace(spoken, "morning", "evening", 1)))
		w.same("nearly, with another word", hidden, near)
		_, _, near = w.found(said)
		w.same("nearly, what it says now", []newsdesk.Wording(nil), near)
	},

	"what is kept back is found before what is public": func(_ *testing.T, w *world) {
		d := w.says("A visit", spoken)
		d.Published = noon.AddDate(0, 0, -1)
		first, _ := w.publish(d)
		w.withdraw(first.ID)
		d.Published = noon
		second, _ := w.publish(d)
		titled, _, _ := w.found(d)
		w.same("titled", []newsdesk.Wording{{Article: first.ID, Revision: 1, KeptBack: true}, {Article: second.ID, Revision: 1}}, titled)
	},

	"of a draft that was replaced or cancelled nothing is found": func(_ *testing.T, w *world) {
		d, other := w.says("A visit", spoken), w.says("Fish", strings.Repeat("All the fish of the sea of Almira. ", 8))
		d.Published = noon.Add(time.Hour)
		a, _ := w.publish(d)
		w.correct(a.ID, other)
		titled, text, near := w.found(d)
		w.same("found of what was replaced", 0, len(titled)+len(text)+len(near))
		titled, text, near = w.found(other)
		w.same("found of what has replaced it", 3, len(titled)+len(text)+len(near))
		w.withdraw(a.ID)
		titled, text, near = w.found(other)
		w.same("found of what was cancelled", 0, len(titled)+len(text)+len(near))
	},
}
