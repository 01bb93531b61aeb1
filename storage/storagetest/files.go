package storagetest

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/attachment"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

const fileHash = "5d41402abc4b2a76b9719d911017c592"

// treaty is a file of three chunks.
var treaty = newsdesk.File{
	File: attachment.File{Name: "treaty.pdf", Type: "application/pdf", Content: bytes.Repeat([]byte("%PDF"), newsdesk.Chunk/4*2+10)},
	Hash: fileHash,
}

// withFile is a draft that links to the file by a name.
func (w *world) withFile(title, name string) press.Draft {
	d := w.draft(title)
	d.Body = press.HTML(`<p>See the <a href="https://mfa.example/files/` + fileHash + `/` + name + `"><strong>treaty</strong> of 2027</a>.</p>`)
	return d
}

func (w *world) addFile() {
	w.t.Helper()
	w.update(func(tx *storage.Tx) error { return tx.AddFile(treaty) })
}

// served is whether the file is public by a name; its content is the right one then.
func (w *world) served(name string) bool {
	w.t.Helper()
	err := w.store.View(w.t.Context(), func(tx *storage.Tx) error {
		f, err := tx.PublicFile(fileHash, name)
		if err != nil {
			return err
		}
		var content []byte
		for n := int64(0); int64(len(content)) < f.Size; n++ {
			chunk, err := tx.FileChunk(fileHash, n)
			if err != nil {
				return err
			}
			content = append(content, chunk...)
		}
		w.same("content", true, bytes.Equal(treaty.Content, content))
		return nil
	})
	if err != nil && !errors.Is(err, press.ErrNotFound) {
		w.t.Error(err)
	}
	return err == nil
}

// kept is whether the database has the file, public or not.
func (w *world) kept() (kept bool) {
	w.view(func(tx *storage.Tx) error {
		_, err := tx.FileChunk(fileHash, 0)
		kept = err == nil
		return nil
	})
	return kept
}

var fileTests = map[string]func(*testing.T, *world){
	"a file is public while a public article links to it": func(t *testing.T, w *world) {
		w.addFile()
		w.addFile() // again, to no effect
		w.same("before any article", false, w.served("treaty.pdf"))
		d := w.withFile("Soon", "treaty.pdf")
		d.Published = noon.Add(time.Hour)
		held, _ := w.publish(d)
		w.same("under embargo", false, w.served("treaty.pdf"))
		w.clock.Pass(time.Hour)
		w.release()
		w.same("published", true, w.served("treaty.pdf"))
		w.same("by a name that nobody gave it", false, w.served("setup.exe.pdf"))
		other, _ := w.publish(w.withFile("Another", "le%20trait%C3%A9.pdf"))
		w.same("by its other name", true, w.served("le traité.pdf"))
		w.withdraw(held.ID)
		w.same("by the name that went", false, w.served("treaty.pdf"))
		w.same("by the name that stayed", true, w.served("le traité.pdf"))
		w.withdraw(other.ID)
		w.same("withdrawn", false, w.served("le traité.pdf"))
	},

	"a correction replaces a file": func(t *testing.T, w *world) {
		w.addFile()
		a, _ := w.publish(w.withFile("With", "treaty.pdf"))
		w.correct(a.ID, w.draft("Without"))
		w.same("dropped", false, w.served("treaty.pdf"))
		w.correct(a.ID, w.withFile("With", "treaty.pdf"))
		w.same("put back", true, w.served("treaty.pdf"))
	},

	"an article lists its files": func(t *testing.T, w *world) {
		w.addFile()
		d := w.withFile("With", "treaty.pdf")
		d.Body += `<p><a href="https://elsewhere.example/files/00000000000000000000000000000000/a.pdf">not ours</a>, and once more the
			<a href="https://mfa.example/files/` + fileHash + `/treaty.pdf">same</a></p>`
		a, _ := w.publish(d)
		w.view(func(tx *storage.Tx) error {
			files, err := tx.Files(a)
			w.same("files", []press.File{{
				Name: "treaty.pdf", Title: "treaty of 2027", URL: "https://mfa.example/files/" + fileHash + "/treaty.pdf",
				Hash: fileHash, Type: "application/pdf", Size: int64(len(treaty.Content)),
			}}, files)
			return err
		})
	},

	"a draft that was replaced leaves no file behind": func(t *testing.T, w *world) {
		w.leavesNoFile(func(id press.ArticleID) { w.correct(id, w.draft("Without")) })
	},

	"a draft that was cancelled leaves no file behind": func(t *testing.T, w *world) {
		w.leavesNoFile(func(id press.ArticleID) { w.withdraw(id) })
	},
}

// leavesNoFile ends drafts that link to the file, without and with another that does.
func (w *world) leavesNoFile(end func(press.ArticleID)) {
	w.addFile()
	d := w.withFile("Soon", "treaty.pdf")
	d.Published = noon.Add(time.Hour)
	a, _ := w.publish(d)
	end(a.ID)
	w.same("the file is kept", false, w.kept())
	w.addFile()
	d.Title = "Once more"
	a, _ = w.publish(d)
	w.publish(w.withFile("Another that has it", "treaty.pdf"))
	end(a.ID)
	w.same("what another has is served", true, w.served("treaty.pdf"))
}
