package websub

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"communique/storage"
	"communique/storage/deliveries"
	"communique/storage/delivery/outbound"
	"communique/storage/hearsay"
)

// TestRootsHaveOneSpelling: with and without its slash, the root of a server is one
// callback, to subscribe, renew and unsubscribe with, and to be asked once.
func TestRootsHaveOneSpelling(t *testing.T) {
	t.Parallel()
	n := newHub(t, nil)
	for _, query := range []string{"", "?for=mfa"} {
		without := callback(t, confirm) + query
		host := strings.TrimSuffix(without, query)
		with := host + "/" + query
		for _, spellings := range [][2]string{{without, with}, {with, without}} {
			for _, step := range []struct{ mode, callback, secret string }{{"subscribe", spellings[0], "one"}, {"subscribe", spellings[1], "two"}, {"unsubscribe", spellings[0], ""}} {
				if status := n.ask("hub.mode", step.mode, "hub.callback", step.callback, "hub.secret", step.secret); status != 202 {
					t.Errorf("%+v: %d", step, status)
				}
				n.quiet()
				all := n.subscribers()
				switch {
				case step.mode == "unsubscribe":
					if len(all) != 0 {
						t.Errorf("after %+v: %+v", step, all)
					}
				case len(all) != 1 || all[0].Callback != with || all[0].Secret != step.secret:
					t.Errorf("after %+v: %+v, want one at %s", step, all, with)
				}
			}
		}
	}
	silent := callback(t, func(http.ResponseWriter, *http.Request) {})
	n.ask("hub.callback", silent)
	n.quiet()
	if status := n.ask("hub.callback", silent+"/"); status != 429 {
		t.Errorf("one that did not confirm, in its other spelling: %d", status)
	}
}

// SECURITY A53: what fails of a request is told of the registrable domain of its
// callback, from however many clients it comes.
func TestA53CallbacksThatRequestsName(t *testing.T) {
	t.Parallel()
	n := newHub(t, func(o *Options) {
		o.Rules = outbound.NewRules(false)
		o.Store.ShareTasks(func(storage.Task) bool { return false }) // nobody is asked
	})
	err := n.Store.Update(t.Context(), func(tx *storage.Tx) (err error) {
		for i := range maxWaiting {
			err = errors.Join(err, tx.AddVerification(deliveries.Verification{ID: fmt.Sprint(i), Callback: fmt.Sprintf("https://%d.example/", i)}))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]string{
		"https://reader.example/": "reader.example", "https://a.b.reader.example/x": "reader.example", "https://s.example.co.uk": "example.co.uk",
	} {
		r := httptest.NewRequest(http.MethodPost, "/websub", strings.NewReader(form("hub.callback", address).Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		err = n.accept(httptest.NewRecorder(), r)
		if got := hearsay.ClaimedBy(err); got != want || !errors.Is(err, ErrBusy) {
			t.Errorf("%s: %q, %v", address, got, err)
		}
	}
}
