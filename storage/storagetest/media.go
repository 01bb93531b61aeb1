package storagetest

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

const (
	pictureHash = "9f86d081884c7d659a2feaa0c55ad015"
	smallHash   = "60303ae22b998861bce3b28f33eec1be"
)

var (
	small   = newsdesk.Media{Hash: smallHash, Type: "image/png", Width: 2, Height: 1, Size: 4, Content: []byte("\x89PNG")}
	picture = newsdesk.Media{
		Hash: pictureHash, Type: "image/png", Width: 3, Height: 2, Blurhash: "00TI:j", Size: 6, Content: []byte("\x89PNG\x00\xff"),
		Sizes: []newsdesk.Media{small},
	}
)

// addPicture stores the picture, as is done before an article names it.
func (w *world) addPicture() {
	w.t.Helper()
	w.update(func(tx *storage.Tx) error { return tx.AddMedia(picture) })
}

// illustrated is a draft that names the picture.
func (w *world) illustrated(title string) press.Draft {
	d := w.draft(title)
	d.Images = []press.Image{{Src: "https://mfa.example/media/" + pictureHash + ".png", Alt: "The signing"}}
	return d
}

// visible is whether the picture is public; its size is just then.
func (w *world) visible() bool {
	w.t.Helper()
	var visible []bool
	for _, m := range []newsdesk.Media{picture, small} {
		m.Blurhash, m.Sizes = "", nil
		err := w.store.View(w.t.Context(), func(tx *storage.Tx) error {
			got, err := tx.PublicMedia(m.Hash)
			if err != nil {
				return err
			}
			w.same("content", m.Content, w.content(tx, m.Hash))
			m.Content = nil
			w.same("picture", m, got)
			return nil
		})
		if err != nil && !errors.Is(err, press.ErrNotFound) {
			w.t.Error(err)
		}
		visible = append(visible, err == nil)
	}
	w.same("the size is as public as the picture", visible[0], visible[1])
	return visible[0]
}

// content is the content of a picture, which is the same whole and in parts.
func (w *world) content(tx *storage.Tx, hash string) []byte {
	w.t.Helper()
	whole, err := tx.MediaContent(hash)
	if err != nil {
		w.t.Fatal(err)
	}
	var parts []byte
	for number := int64(0); len(parts) < len(whole); number++ {
		chunk, err := tx.MediaChunk(hash, number)
		if err != nil {
			w.t.Fatal(err)
		}
		parts = append(parts, chunk...)
	}
	w.same("the parts together", true, bytes.Equal(whole, parts))
	return whole
}

var mediaTests = map[string]func(*testing.T, *world){
	"a picture is public while a public article shows it": func(t *testing.T, w *world) {
		w.addPicture()
		w.same("before any article", false, w.visible())
		d := w.illustrated("Soon")
		d.Published = noon.Add(time.Hour)
		held, _ := w.publish(d)
		w.same("under embargo", false, w.visible())
		w.clock.Pass(time.Hour)
		w.release()
		w.same("published", true, w.visible())
		other, _ := w.publish(w.illustrated("Another"))
		w.withdraw(held.ID)
		w.same("still shown by another", true, w.visible())
		w.withdraw(other.ID)
		w.same("withdrawn", false, w.visible())
	},

	"a correction that drops a picture hides it": func(t *testing.T, w *world) {
		w.addPicture()
		a, _ := w.publish(w.illustrated("With"))
		w.correct(a.ID, w.illustrated("Still with"))
		w.same("kept", true, w.visible())
		inText := w.draft("In the text")
		inText.Body = `<p><img src="https://mfa.example/media/` + pictureHash + `.png" alt=""></p>`
		w.correct(a.ID, inText)
		w.same("kept in the text", true, w.visible())
		w.correct(a.ID, w.draft("Without"))
		w.same("dropped", false, w.visible())
	},

	// Whoever translates an article, or takes a correction back, copies it from there.
	"a picture that is named by its address is shown": func(_ *testing.T, w *world) {
		w.addPicture()
		original, _ := w.publish(w.illustrated("Signed"))
		d := w.draft("Signé")
		d.Language, d.TranslationOf = "fr", original.ID
		d.Body = press.HTML(`<p><img src="https://mfa.example/media/` + pictureHash + `.png" alt=""></p>`)
		translation, _ := w.publish(d)
		w.withdraw(original.ID)
		w.same("with the translation alone", true, w.visible())
		without := w.draft("Signé")
		without.Language = "fr"
		w.correct(translation.ID, without)
		w.same("taken out", false, w.visible())
		w.correct(translation.ID, d)
		w.same("put back", true, w.visible())
	},

	"a draft that drops a picture never shows it": func(t *testing.T, w *world) {
		w.addPicture()
		d := w.illustrated("Wrong picture")
		d.Published = noon.Add(time.Hour)
		a, _ := w.publish(d)
		w.correct(a.ID, w.draft("Right picture"))
		w.clock.Pass(time.Hour)
		w.release()
		w.same("dropped", false, w.visible())
	},

	"an article knows its pictures": func(t *testing.T, w *world) {
		w.addPicture()
		given := press.Image{
			Src: "https://mfa.example/media/" + pictureHash + ".png", Alt: "The signing", Caption: "In the hall",
			Credit: "A. Photographer", Terms: "CC BY 4.0", Focus: &press.Focus{-0.5, 1},
		}
		other := press.Image{Src: "https://elsewhere.example/a.png", Alt: "Flags", Width: 7, Type: "image/webp"}
		full := given
		full.Width, full.Height, full.Type, full.Size, full.Blurhash = 3, 2, "image/png", 6, "00TI:j"
		d := w.draft("Signed")
		d.Images = []press.Image{given, other}
		a, _ := w.publish(d)
		other.Width, other.Type = 0, ""
		w.same("published", []press.Image{full, other}, w.article(a.ID).Images)
		d.Images = []press.Image{full}
		full.Caption = "In the garden"
		d.Images[0].Caption, d.Images[0].Width = full.Caption, 400
		w.correct(a.ID, d)
		w.same("corrected", []press.Image{full}, w.article(a.ID).Images)
	},

	"a large picture is read in parts": func(t *testing.T, w *world) {
		content := bytes.Repeat([]byte{0, 1, 2, 3, 0xff}, newsdesk.Chunk/2)
		w.update(func(tx *storage.Tx) error {
			return tx.AddMedia(newsdesk.Media{Hash: pictureHash, Type: "image/png", Size: int64(len(content)), Content: content})
		})
		w.view(func(tx *storage.Tx) error {
			w.same("content", true, bytes.Equal(content, w.content(tx, pictureHash)))
			if _, err := tx.MediaChunk(pictureHash, 3); !errors.Is(err, press.ErrNotFound) {
				t.Errorf("a part beyond the end: %v", err)
			}
			return nil
		})
	},

	"a picture lists its sizes": func(t *testing.T, w *world) {
		w.addPicture()
		w.addPicture()
		w.view(func(tx *storage.Tx) error {
			sizes, err := tx.Sizes(pictureHash)
			bare := small
			bare.Content = nil
			w.same("sizes", []newsdesk.Media{bare}, sizes)
			return err
		})
	},
}
