package storagetest

import (
	"testing"
	"time"

	"communique/storage"
	"communique/storage/deliveries"
)

var bodyTests = map[string]func(*testing.T, *world){
	"the first body of an activity stands until it is forgotten": func(_ *testing.T, w *world) {
		a := deliveries.Activity{Actor: "https://mfa.example/actors/ministry", Verb: "create", Seq: 7}
		other := a
		other.Verb = "announce"
		keep := func(a deliveries.Activity, body, stands string) {
			w.update(func(tx *storage.Tx) error {
				got, err := tx.KeepBody(a, body)
				w.same("body", stands, got)
				return err
			})
		}
		read := func(a deliveries.Activity) (body string) {
			w.view(func(tx *storage.Tx) (err error) {
				body, err = tx.Body(a)
				return err
			})
			return body
		}
		w.same("before", "", read(a))
		keep(a, `{"first":true}`, `{"first":true}`)
		keep(a, `{"second":true}`, `{"first":true}`)
		w.clock.Pass(time.Minute)
		keep(other, `{"other":true}`, `{"other":true}`)
		w.update(func(tx *storage.Tx) error { return tx.ForgetBodies(w.clock.Now()) })
		w.same("after", []string{"", `{"other":true}`}, []string{read(a), read(other)})
	},
}
