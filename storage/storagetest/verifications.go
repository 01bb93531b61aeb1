package storagetest

import (
	"testing"
	"time"

	"communique/storage"
	"communique/storage/deliveries"
	"communique/storage/press"
)

// request has a request of a callback wait.
func (w *world) request(id, callback string) deliveries.Verification {
	w.t.Helper()
	v := deliveries.Verification{
		ID: id, Mode: "subscribe", Address: "https://mfa.example/en/feed.atom", Callback: callback, Secret: "s3cret", Lease: time.Hour, Asked: w.head(),
	}
	w.update(func(tx *storage.Tx) error { return tx.AddVerification(v) })
	v.At = w.clock.Now()
	return v
}

// requests are the ids of those that wait.
func (w *world) requests() (ids []string) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) error {
		all, err := tx.Verifications()
		for _, one := range all {
			ids = append(ids, one.ID)
		}
		return err
	})
	return ids
}

var verificationTests = map[string]func(*testing.T, *world){
	"requests wait in their order until they are ended, once": func(t *testing.T, w *world) {
		first := w.request("b", callback)
		w.clock.Pass(time.Second)
		w.request("a", "https://Other.example:443/")
		w.same("waiting", []string{"b", "a"}, w.requests())
		w.view(func(tx *storage.Tx) error {
			got, err := tx.Verification("b")
			w.same("the first", first, got)
			return err
		})
		for _, want := range []bool{true, false} {
			w.update(func(tx *storage.Tx) error {
				waited, err := tx.EndVerification("b")
				w.same("waited", want, waited)
				return err
			})
		}
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
			_, err := tx.Verification("b")
			return err
		})
		w.update(func(tx *storage.Tx) error { return tx.EndVerifications(w.clock.Now()) })
		w.same("not older than that", []string{"a"}, w.requests())
		w.update(func(tx *storage.Tx) error { return tx.EndVerifications(w.clock.Now().Add(time.Second)) })
		w.same("older", []string(nil), w.requests())
	},

	"of a host two hundred wait, and two thousand in all": func(t *testing.T, w *world) {
		fill := func(from, to int, host string) {
			err := w.database.Exec(`WITH RECURSIVE n(i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < $2)
				INSERT INTO verifications (id, mode, topic, callback, host, secret, lease, asked, at)
				SELECT 'r' || i, 'subscribe', 't', 'https://' || $3 || '/' || i, $3, '', 1, 1, i FROM n`, from, to, host)
			if err != nil {
				t.Fatal(err)
			}
		}
		add := func(id, callback string) func(*storage.Tx) error {
			return func(tx *storage.Tx) error {
				return tx.AddVerification(deliveries.Verification{ID: id, Callback: callback})
			}
		}
		fill(1, 199, "big.example")
		w.update(add("last", "https://BIG.example/last"))
		w.refused(press.ErrConflict, add("more", "https://big.example:443/more"))
		fill(201, 1999, "others.example")
		w.update(add("last of all", "https://one.example/"))
		w.refused(press.ErrConflict, add("more", "https://two.example/"))
	},

	"callbacks that did not confirm are counted by domain, for a while": func(_ *testing.T, w *world) {
		began := w.clock.Now()
		note := func(callback, domain string) {
			w.update(func(tx *storage.Tx) error { return tx.NoteUnconfirmed(callback, domain, began) })
		}
		note("https://a.evil.example/", "evil.example")
		note("https://a.evil.example/", "evil.example")
		note("https://b.evil.example/", "evil.example")
		note("https://reader.example/", "reader.example")
		look := func(callback string, since time.Time) (this bool, ofDomain int) {
			w.view(func(tx *storage.Tx) (err error) {
				this, ofDomain, err = tx.Unconfirmed(callback, "evil.example", since)
				return err
			})
			return this, ofDomain
		}
		this, of := look("https://b.evil.example/", began)
		w.same("known", []any{true, 2}, []any{this, of})
		this, of = look("https://c.evil.example/", began)
		w.same("another", []any{false, 2}, []any{this, of})
		this, of = look("https://b.evil.example/", began.Add(time.Minute))
		w.same("later", []any{false, 0}, []any{this, of})
		w.clock.Pass(time.Minute)
		began = w.clock.Now()
		note("https://reader.example/", "reader.example")
		this, of = look("https://b.evil.example/", noon)
		w.same("forgotten", []any{false, 0}, []any{this, of})
	},
}
