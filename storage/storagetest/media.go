package storagetest

import (
	"testing"
	"time"

	"communique/storage"
	"communique/storage/press"
)

const pictureHash = "9f86d081884c7d65"

var picture = storage.Media{Hash: pictureHash, Type: "image/png", Width: 3, Height: 2, Content: []byte("\x89PNG\x00\xff")}

func (w *world) show(id press.ArticleID) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) error {
		if err := tx.AddMedia(picture); err != nil {
			return err
		}
		return tx.ShowMedia(pictureHash, id)
	})
}

// illustrated is a draft that names the picture.
func (w *world) illustrated(title string) press.Draft {
	d := w.draft(title)
	d.Images = []press.Image{{Src: "https://mfa.example/media/" + pictureHash + ".png", Alt: "The signing"}}
	return d
}

func (w *world) visible() bool {
	w.t.Helper()
	visible := false
	err := w.store.View(w.t.Context(), func(tx *storage.Tx) error {
		m, err := tx.PublicMedia(pictureHash)
		if err == nil {
			w.same("picture", picture, m)
			visible = true
		}
		return err
	})
	if visible != (err == nil) {
		w.t.Error(err)
	}
	return visible
}

var mediaTests = map[string]func(*testing.T, *world){
	"a picture is public while a public article shows it": func(t *testing.T, w *world) {
		w.update(func(tx *storage.Tx) error { return tx.AddMedia(picture) })
		w.same("before any article", false, w.visible())
		d := w.illustrated("Soon")
		d.Published = noon.Add(time.Hour)
		held, _ := w.publish(d)
		w.show(held.ID)
		w.same("under embargo", false, w.visible())
		w.clock.advance(time.Hour)
		w.release()
		w.same("published", true, w.visible())
		other, _ := w.publish(w.illustrated("Another"))
		w.show(other.ID)
		w.withdraw(held.ID)
		w.same("still shown by another", true, w.visible())
		w.withdraw(other.ID)
		w.same("withdrawn", false, w.visible())
	},

	"a correction that drops a picture hides it": func(t *testing.T, w *world) {
		a, _ := w.publish(w.illustrated("With"))
		w.show(a.ID)
		w.correct(a.ID, w.illustrated("Still with"))
		w.same("kept", true, w.visible())
		inText := w.draft("In the text")
		inText.Body = `<p><img src="https://mfa.example/media/` + pictureHash + `.png" alt=""></p>`
		w.correct(a.ID, inText)
		w.same("kept in the text", true, w.visible())
		w.correct(a.ID, w.draft("Without"))
		w.same("dropped", false, w.visible())
	},

	"a draft that drops a picture never shows it": func(t *testing.T, w *world) {
		d := w.illustrated("Wrong picture")
		d.Published = noon.Add(time.Hour)
		a, _ := w.publish(d)
		w.show(a.ID)
		w.correct(a.ID, w.draft("Right picture"))
		w.clock.advance(time.Hour)
		w.release()
		w.same("dropped", false, w.visible())
	},

	"a picture belongs to an article that exists": func(t *testing.T, w *world) {
		err := w.store.Update(t.Context(), func(tx *storage.Tx) error {
			if err := tx.AddMedia(picture); err != nil {
				return err
			}
			return tx.ShowMedia(pictureHash, press.NewArticleID())
		})
		if err == nil {
			t.Error("an unknown article shows a picture")
		}
	},
}
