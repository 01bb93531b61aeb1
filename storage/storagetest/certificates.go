package storagetest

import (
	"errors"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/certificates"
	"communique/storage/press"
)

var certificateFileTests = map[string]func(*testing.T, *world){
	"a file is written, read and written anew": func(t *testing.T, w *world) {
		w.update(func(tx *storage.Tx) error { return tx.PutCertificateFile("ca/press/press.key", []byte("first")) })
		w.clock.Pass(time.Hour)
		second := []byte("any \x00 bytes \xff")
		w.update(func(tx *storage.Tx) error { return tx.PutCertificateFile("ca/press/press.key", second) })
		w.update(func(tx *storage.Tx) error { return tx.PutCertificateFile("ca/empty", nil) })
		w.view(func(tx *storage.Tx) error {
			content, err := tx.CertificateFile("ca/press/press.key")
			w.same("content", second, content)
			if _, err := tx.CertificateFile("ca/press"); !errors.Is(err, press.ErrNotFound) {
				t.Errorf("a folder is read: %v", err)
			}
			return err
		})
		w.same("files", []certificates.File{
			{Name: "ca/empty", Modified: noon.Add(time.Hour)},
			{Name: "ca/press/press.key", Size: int64(len(second)), Modified: noon.Add(time.Hour)},
		}, w.certificateFiles(""))
	},
	"a folder is what lies below its name": func(_ *testing.T, w *world) {
		w.update(func(tx *storage.Tx) error {
			var failed error
			for _, name := range []string{"ca/a/1", "ca/a/b/2", "ca/ab/3", "ca/a_/4", "CA/a/5"} {
				failed = errors.Join(failed, tx.PutCertificateFile(name, []byte("x")))
			}
			return failed
		})
		w.same("files below ca/a", []string{"ca/a/1", "ca/a/b/2"}, filesNamed(w.certificateFiles("ca/a")))
		w.same("a file", []string{"ca/a/1"}, filesNamed(w.certificateFiles("ca/a/1")))
		w.update(func(tx *storage.Tx) error { return tx.DropCertificateFiles("ca/a") })
		w.update(func(tx *storage.Tx) error { return tx.DropCertificateFiles("ca/ab/3") })
		w.update(func(tx *storage.Tx) error { return tx.DropCertificateFiles("never/was") })
		w.same("what is left", []string{"CA/a/5", "ca/a_/4"}, filesNamed(w.certificateFiles("")))
	},
	"one at a time has a lock": func(_ *testing.T, w *world) {
		w.same("the first", true, w.locks("issue", "one"))
		w.same("a second", false, w.locks("issue", "two"))
		w.same("the first once more", true, w.locks("issue", "one"))
		w.same("another lock", true, w.locks("renew", "two"))
		w.update(func(tx *storage.Tx) error { return tx.UnlockCertificates("issue", "two") })
		w.same("after who has it not gave it back", false, w.locks("issue", "two"))
		w.update(func(tx *storage.Tx) error { return tx.UnlockCertificates("issue", "one") })
		w.same("after it was given back", true, w.locks("issue", "two"))
	},
	"the lock of one that has died is over": func(_ *testing.T, w *world) {
		w.same("the first", true, w.locks("issue", "one"))
		w.clock.Pass(time.Minute - time.Second)
		w.same("before the end", false, w.locks("issue", "two"))
		w.clock.Pass(time.Second)
		w.same("at the end", true, w.locks("issue", "two"))
		w.same("the first, which was taken for dead", false, w.locks("issue", "one"))
	},
}

func (w *world) certificateFiles(below string) (all []certificates.File) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) (err error) {
		all, err = tx.CertificateFiles(below)
		return err
	})
	return all
}

func filesNamed(files []certificates.File) (names []string) {
	for _, f := range files {
		names = append(names, f.Name)
	}
	return names
}

// locks tries to take a lock for a minute.
func (w *world) locks(name, holder string) (held bool) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) (err error) {
		held, err = tx.LockCertificates(name, holder, time.Minute)
		return err
	})
	return held
}
