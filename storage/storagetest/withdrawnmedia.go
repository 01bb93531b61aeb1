package storagetest

import (
	"errors"
	"strings"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// withdrawMedia withdraws a picture or file.
func (w *world) withdrawMedia(hash, note string) (m newsdesk.WithdrawnMedia) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) (err error) {
		m, err = tx.WithdrawMedia(hash, note)
		return err
	})
	return m
}

// answers is how the public is answered that asks for a picture or file.
func (w *world) answers(read func(*storage.Tx) error) string {
	w.t.Helper()
	err := w.store.View(w.t.Context(), read)
	switch {
	case err == nil:
		return "200"
	case errors.Is(err, press.ErrGone):
		return "410"
	case errors.Is(err, press.ErrNotFound):
		return "404"
	}
	w.t.Error(err)
	return ""
}

func (w *world) pictureAnswers(hash string) string {
	w.t.Helper()
	return w.answers(func(tx *storage.Tx) error { _, err := tx.PublicMedia(hash); return err })
}

func (w *world) fileAnswers(name string) string {
	w.t.Helper()
	return w.answers(func(tx *storage.Tx) error { _, err := tx.PublicFile(fileHash, name); return err })
}

// names tells whether any revision of an article names a hash.
func (w *world) names(a press.Article, hash string) (names bool) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) error {
		now, err := tx.Article(a.ID)
		for number := 1; number <= now.Revision && err == nil; number++ {
			var said press.Article
			said, err = tx.WordingAt(a.ID, number)
			names = names || strings.Contains(string(said.Body), hash)
			for _, i := range said.Images {
				names = names || strings.Contains(i.Src, hash)
			}
		}
		return err
	})
	return names
}

var withdrawnMediaTests = map[string]func(*testing.T, *world){
	"a picture goes from all articles and all they have said": func(t *testing.T, w *world) {
		w.addPicture()
		shows, _ := w.publish(w.illustrated("Shows it"))
		showed, _ := w.publish(w.illustrated("Showed it"))
		w.update(func(tx *storage.Tx) error {
			_, _, err := tx.Correct(showed.ID, newsdesk.Correction{Draft: w.draft("Showed it"), Minor: true})
			return err
		})
		gone, _ := w.publish(w.illustrated("Withdrawn since"))
		w.update(func(tx *storage.Tx) error { _, _, err := tx.Withdraw(gone.ID, "An error."); return err })
		d := w.illustrated("Under embargo")
		d.Published = noon.Add(time.Hour)
		soon, _ := w.publish(d)
		never, _ := w.publish(w.draft("Never showed it"))
		before := w.head()
		w.same("before", "200 200", w.pictureAnswers(pictureHash)+" "+w.pictureAnswers(smallHash))

		m := w.withdrawMedia(smallHash, "") // by one of its sizes
		w.same("the sizes", "410 410", w.pictureAnswers(pictureHash)+" "+w.pictureAnswers(smallHash))
		w.same("names", []string{pictureHash + ".png", smallHash + ".png"}, m.Names)
		for _, a := range []press.Article{shows, showed, gone, soon} {
			w.same(a.Title+": it is named", false, w.names(a, pictureHash))
		}
		w.same("entries", before+2, w.head())
		w.view(func(tx *storage.Tx) error {
			var of []press.ArticleID
			for _, seq := range m.Entries {
				e, err := tx.Entry(seq)
				if err != nil {
					return err
				}
				of = append(of, e.Article)
				w.same("entry", []any{press.KindCorrected, true, true}, []any{e.Kind, e.Minor, e.Pushed > 0})
				by, err := tx.WithdrawnMediaBy(seq)
				if err != nil {
					return err
				}
				w.same("what it tells", []string{pictureHash}, []string{by[0].Hash})
			}
			w.same("articles", true, len(of) == 2 && of[0] != of[1] && (of[0] == shows.ID || of[0] == showed.ID) && (of[1] == shows.ID || of[1] == showed.ID))
			still, err := tx.Article(soon.ID)
			w.same("the embargo stays", press.Embargoed, still.State)
			untouched, err2 := tx.Article(never.ID)
			w.same("an article without it", 1, untouched.Revision)
			list, err3 := tx.WithdrawnMediaList(w.clock.Now().Add(time.Second), 10)
			w.same("the list", []newsdesk.WithdrawnMedia{m}, list)
			known, err4 := tx.WithdrawnMedia(smallHash)
			w.same("known by a size", m, known)
			return errors.Join(err, err2, err3, err4)
		})
	},
	"a note stands where it was": func(t *testing.T, w *world) {
		w.addPicture()
		w.addFile()
		d := w.withFile("Treaty", "treaty.pdf")
		d.Images = w.illustrated("").Images
		a, _ := w.publish(d)
		w.same("the file before", "200", w.fileAnswers("treaty.pdf"))
		w.withdrawMedia(pictureHash, "The picture was taken out.")
		file := w.withdrawMedia(fileHash, "The file was taken out.")
		w.same("the file", "410 410", w.fileAnswers("treaty.pdf")+" "+w.fileAnswers("other.pdf"))
		w.same("names of the file", []string{fileHash + "/treaty.pdf"}, file.Names)
		w.view(func(tx *storage.Tx) error {
			now, err := tx.Article(a.ID)
			w.same("body", press.HTML(`<p><em>The picture was taken out.</em></p><p>See the <strong>treaty</strong> of 2027 <em>(The file was taken out.)</em>.</p>`), press.HTML(strings.ReplaceAll(string(now.Body), "\n", "")))
			w.same("images", 0, len(now.Images))
			history, err2 := tx.History(a.ID, now.Revision)
			w.same("what readers are told", []string{"", "The picture was taken out.", "The file was taken out."}, []string{history[0].Note, history[1].Note, history[2].Note})
			return errors.Join(err, err2)
		})
	},
	"it is barred from use": func(t *testing.T, w *world) {
		w.addPicture()
		w.addFile()
		w.publish(w.illustrated("One"))
		w.publish(w.withFile("Two", "treaty.pdf"))
		w.withdrawMedia(pictureHash, "")
		w.withdrawMedia(fileHash, "")
		head := w.head()
		for name, act := range map[string]func(*storage.Tx) error{
			"the picture":               func(tx *storage.Tx) error { return tx.AddMedia(picture) },
			"its size, as a picture":    func(tx *storage.Tx) error { return tx.AddMedia(small) },
			"the file, by another name": func(tx *storage.Tx) error { f := treaty; f.Name = "x.pdf"; return tx.AddFile(f) },
			"a text with its address":   func(tx *storage.Tx) error { _, _, err := tx.Publish(w.illustrated("Three")); return err },
			"a text with the file's":    func(tx *storage.Tx) error { _, _, err := tx.Publish(w.withFile("Four", "treaty.pdf")); return err },
			"withdrawing it once more":  func(tx *storage.Tx) error { _, err := tx.WithdrawMedia(pictureHash, ""); return err },
			"a picture that has it, too": func(tx *storage.Tx) error {
				return tx.AddMedia(newsdesk.Media{Hash: strings.Repeat("a", 32), Type: "image/png", Sizes: []newsdesk.Media{small}})
			},
		} {
			err := w.store.Update(w.t.Context(), act)
			var barred *newsdesk.BarredError
			if !errors.As(err, &barred) || !errors.Is(err, press.ErrConflict) {
				t.Errorf("%s: %v", name, err)
			}
		}
		w.same("entries", head, w.head())
	},
	"what never was public is not told of": func(t *testing.T, w *world) {
		w.addPicture()
		d := w.illustrated("Under embargo")
		d.Published = noon.Add(time.Hour)
		a, _ := w.publish(d)
		head := w.head()
		w.withdrawMedia(pictureHash, "Not for the draft.")
		w.same("answer", "404", w.pictureAnswers(pictureHash))
		w.same("entries", head, w.head())
		w.clock.Pass(time.Hour)
		w.release()
		w.view(func(tx *storage.Tx) error {
			now, err := tx.Article(a.ID)
			w.same("images", []any{press.Published, 0, false}, []any{now.State, len(now.Images), strings.Contains(string(now.Body), "draft")})
			return err
		})
	},
	"what is not here is barred by its hash": func(t *testing.T, w *world) {
		err := w.store.Update(t.Context(), func(tx *storage.Tx) error { _, err := tx.WithdrawMedia(pictureHash, ""); return err })
		w.same("unknown", true, errors.Is(err, press.ErrNotFound))
		for range 2 {
			w.update(func(tx *storage.Tx) error {
				return tx.BarMedia(newsdesk.WithdrawnMedia{Hash: pictureHash, Kind: newsdesk.IsPicture, Shown: true})
			})
		}
		w.same("answer", "410", w.pictureAnswers(pictureHash))
		err = w.store.Update(t.Context(), func(tx *storage.Tx) error { return tx.AddMedia(picture) })
		w.same("barred", true, errors.Is(err, press.ErrConflict))
	},
}
