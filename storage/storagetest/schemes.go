package storagetest

import (
	"testing"

	"communique/storage"
)

var schemeTests = map[string]func(*testing.T, *world){
	"what a host takes is kept until it changes": func(_ *testing.T, w *world) {
		w.update(func(tx *storage.Tx) error { return tx.LearnScheme("b.example", "rfc9421") })
		w.update(func(tx *storage.Tx) error { return tx.LearnScheme("a.example:8443", "rfc9421") })
		w.update(func(tx *storage.Tx) error { return tx.LearnScheme("b.example", "another") })
		w.same("the schemes", map[string]string{"a.example:8443": "rfc9421", "b.example": "another"}, w.schemes())
		w.update(func(tx *storage.Tx) error { return tx.ForgetScheme("b.example") })
		w.update(func(tx *storage.Tx) error { return tx.ForgetScheme("unknown.example") })
		w.same("the schemes", map[string]string{"a.example:8443": "rfc9421"}, w.schemes())
	},
	"the first host goes when there are too many": func(_ *testing.T, w *world) {
		w.update(func(tx *storage.Tx) error { return tx.LearnScheme("first.example", "rfc9421") })
		err := w.database.Exec(`INSERT INTO host_schemes (host, scheme, learned)
			WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9999)
			SELECT 'host' || i, 'rfc9421', 9000000000000000 FROM n`)
		if err != nil {
			w.t.Fatal(err)
		}
		w.update(func(tx *storage.Tx) error { return tx.LearnScheme("last.example", "rfc9421") })
		kept := w.schemes()
		w.same("hosts", 10_000, len(kept))
		w.same("the first", "", kept["first.example"])
		w.same("the last", "rfc9421", kept["last.example"])
	},
}

func (w *world) schemes() (all map[string]string) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) (err error) {
		all, err = tx.Schemes()
		return err
	})
	return all
}
