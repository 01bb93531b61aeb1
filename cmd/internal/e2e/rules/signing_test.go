package rules

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
)

var signing = map[string]func(t *testing.T, w *ruled){
	"S1": func(t *testing.T, w *ruled) {
		key := e2etest.Text(e2etest.Object(t, w.Actor()), "publicKey", "publicKeyPem")
		for _, a := range w.peer.Arrivals() {
			covered := strings.Fields(a.Parameters()["headers"])
			for _, name := range []string{"(request-target)", "host", "date", "digest"} {
				if !has(covered, name) {
					t.Errorf("%s does not cover %s", a.Kind(), name)
				}
			}
			if err := a.Verified(key); err != nil {
				t.Errorf("%s: %v", a.Kind(), err)
			}
		}
	},
	"S2": func(t *testing.T, w *ruled) {
		fetches := w.peer.Fetched()
		if len(fetches) == 0 {
			t.Fatal("the follower's actor was never fetched")
		}
		for _, f := range fetches {
			covered := strings.Fields(f.Parameters()["headers"])
			if !has(covered, "(request-target)") || !has(covered, "host") || !has(covered, "date") {
				t.Errorf("a fetch covers %v", covered)
			}
			e2etest.Equal(t, "the key", f.Parameters()["keyId"], w.Base+"/actors/instance#main-key")
		}
	},
	"S3": func(t *testing.T, w *ruled) {
		for _, a := range w.peer.Arrivals() {
			e2etest.Equal(t, "keyId", a.Parameters()["keyId"], e2etest.Text(e2etest.Object(t, w.Actor()), "publicKey", "id"))
		}
	},
	"S4": func(t *testing.T, w *ruled) {
		for _, a := range w.peer.Arrivals() {
			e2etest.Equal(t, "algorithm", a.Parameters()["algorithm"], "rsa-sha256")
			e2etest.Equal(t, "the parameters", strings.Count(a.Header.Get("Signature"), "keyId="), 1)
		}
	},
	"S5": func(t *testing.T, w *ruled) {
		for _, a := range w.peer.Arrivals() {
			made, err := time.Parse(http.TimeFormat, a.Header.Get("Date"))
			if err != nil || a.At.Sub(made).Abs() > time.Minute {
				t.Errorf("Date is %q at %s: %v", a.Header.Get("Date"), a.At.UTC(), err)
			}
		}
	},
	"S6": func(t *testing.T, w *ruled) {
		for _, a := range w.peer.Arrivals() {
			sum := sha256.Sum256(a.Body)
			e2etest.Equal(t, "Digest", a.Header.Get("Digest"), "SHA-256="+base64.StdEncoding.EncodeToString(sum[:]))
		}
	},
	"S7": func(t *testing.T, w *ruled) {
		for _, a := range w.peer.Arrivals() {
			e2etest.Equal(t, "Content-Type", a.Header.Get("Content-Type"), e2etest.ActivityJSON)
		}
	},
	"S9": func(t *testing.T, w *ruled) {
		s, p := e2etest.NewFollowed(t)
		before := e2etest.Object(t, s.Actor())
		s.Must("keys", "rotate")
		told := p.WaitFor(2)[1]
		e2etest.Equal(t, "the activity", told.Kind(), "Update")
		if err := told.Verified(e2etest.Text(before, "publicKey", "publicKeyPem")); err != nil {
			t.Errorf("by the key that the follower knows: %v", err)
		}
		after := e2etest.Object(t, s.Actor())
		if e2etest.Text(after, "publicKey", "id") == e2etest.Text(before, "publicKey", "id") {
			t.Error("another key has the same id")
		}
		e2etest.Equal(t, "the key that it tells", e2etest.Text(told.Fields, "object", "publicKey", "publicKeyPem"), e2etest.Text(after, "publicKey", "publicKeyPem"))
		if e2etest.Text(after, "publicKey", "publicKeyPem") == e2etest.Text(before, "publicKey", "publicKeyPem") {
			t.Error("the key is the same")
		}
	},
	"S10": func(t *testing.T, w *ruled) {
		list := w.Actor() + "/followers_synchronization"
		digest := sha256.Sum256([]byte(w.peer.Actor()))
		said := fmt.Sprintf(`collectionId="%s/followers", url="%s", digest="%x"`, w.Actor(), list, digest)
		for name, a := range map[string]e2etest.Arrival{"Create": w.create, "Update": w.update, "Delete": w.remove} {
			e2etest.Equal(t, "Collection-Synchronization of a "+name, a.Header.Get("Collection-Synchronization"), said)
			if !slices.Contains(strings.Fields(a.Parameters()["headers"]), "collection-synchronization") {
				t.Errorf("it is not signed: %s", a.Header.Get("Signature"))
			}
		}
		e2etest.Equal(t, "with an Accept", w.accept.Header.Get("Collection-Synchronization"), "")
		e2etest.Equal(t, "the list, unsigned", e2etest.Get(t, list, "Accept", e2etest.ActivityJSON).Status, 401)
		e2etest.Equal(t, "the list, signed", w.peer.Fetch(list), 200)
	},
	"S8": func(t *testing.T, w *ruled) {
		s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
		s.Serve()
		p.RefuseWith(e2etest.ByMessage)
		e2etest.Equal(t, "a Follow", p.Send(s.Inbox(), p.Follow(s.Actor())), 202)
		if err := p.WaitFor(1)[0].MessageVerified(e2etest.Text(e2etest.Object(t, s.Actor()), "publicKey", "publicKeyPem")); err != nil {
			t.Error(err)
		}
	},
}

var receiving = map[string]func(t *testing.T, w *ruled){
	"I1": func(t *testing.T, w *ruled) {
		s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
		s.Serve()
		l := p.Letter(s.Inbox(), p.Follow(s.Actor()))
		l.Request.Header.Set("Date", time.Now().Add(-90*24*time.Hour).UTC().Format(http.TimeFormat))
		l.Headers = "date"
		l.Sign(t)
		e2etest.Equal(t, "an old signature of the date alone", l.Post(t), 401)
		e2etest.Equal(t, "followers", e2etest.Object(t, s.Actor()+"/followers")["totalItems"], 0)
	},
	"I2": func(t *testing.T, w *ruled) {
		s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
		s.Serve()
		l := p.Letter(s.Inbox(), p.Follow(s.Actor()))
		e2etest.Equal(t, "without a signature", l.Post(t), 401)
		l.Request.Header.Set("Signature-Input", `sig1=("@method" "@target-uri" "content-digest");created=1;keyid="x"`)
		l.Request.Header.Set("Signature", "sig1=:AAAA:")
		e2etest.Equal(t, "by RFC 9421, falsely", l.Post(t), 401)
		p.Server.Close()
		l = p.Letter(s.Inbox(), p.Follow(s.Actor()))
		l.Sign(t)
		e2etest.Equal(t, "with a key that cannot be had", l.Post(t), 503)
	},
	"I3": func(t *testing.T, w *ruled) {
		s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
		s.Serve()
		l := p.Letter(s.Base+"/ap/inbox?from=reader", p.Follow(s.Actor()))
		l.Sign(t)
		e2etest.Equal(t, "with the query signed", l.Post(t), 202)
		l = p.Letter(s.Base+"/ap/inbox?from=reader", p.Undo(s.Actor()))
		l.Target = "/ap/inbox"
		l.Sign(t)
		e2etest.Equal(t, "without the query signed", l.Post(t), 202)
		l = p.Letter(s.Inbox(), p.Follow(s.Actor()))
		l.Headers = "(request-target) host date accept digest"
		l.Request.Header.Set("Accept", "application/activity+json")
		l.Sign(t)
		e2etest.Equal(t, "with accept signed", l.Post(t), 202)
		e2etest.Equal(t, "by RFC 9421", p.SendBy(e2etest.Scheme{Message: true}, s.Base+"/ap/inbox?from=reader", p.Undo(s.Actor())), 202)
		e2etest.Equal(t, "followers", e2etest.Object(t, s.Actor()+"/followers")["totalItems"], 0)
	},
	"I4": func(t *testing.T, w *ruled) {
		s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
		s.Serve()
		gone := map[string]any{
			"@context": e2etest.ActivityStreams, "id": p.Server.URL + "/deletes/1", "type": "Delete", "actor": p.Actor(), "object": p.Actor(),
		}
		e2etest.Equal(t, "a stranger's deletion", p.Letter(s.Inbox(), gone).Post(t), 202)
		e2etest.Equal(t, "fetches for it", len(p.Fetched()), 0)
	},
	"I5": func(t *testing.T, w *ruled) {
		s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
		s.Serve()
		p.Stub = true
		e2etest.Equal(t, "a key in a document of its own", p.Send(s.Inbox(), p.Follow(s.Actor())), 202)
	},
	"I6": func(t *testing.T, w *ruled) {
		s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
		s.Serve()
		followers := func() any { return e2etest.Object(t, s.Actor()+"/followers")["totalItems"] }
		e2etest.Equal(t, "a Follow", p.Send(s.Inbox(), p.Follow(s.Actor())), 202)
		again := p.Follow(s.Actor())
		again["id"] = p.Server.URL + "/follows/2"
		e2etest.Equal(t, "another Follow", p.Send(s.Inbox(), again), 202)
		got := p.WaitFor(2)
		e2etest.Equal(t, "the second answer", got[1].Kind(), "Accept")
		accepted := []string{e2etest.Text(got[0].Fields, "object", "id"), e2etest.Text(got[1].Fields, "object", "id")}
		if !has(accepted, p.Server.URL+"/follows/1") || !has(accepted, p.Server.URL+"/follows/2") {
			t.Errorf("accepted are %v", accepted)
		}
		e2etest.Equal(t, "followers", followers(), 1)
		undo := p.Undo(s.Actor())
		undo["object"].(map[string]any)["id"] = p.Server.URL + "/follows/unknown"
		e2etest.Equal(t, "an Undo of a Follow that never came", p.Send(s.Inbox(), undo), 202)
		e2etest.Equal(t, "followers", followers(), 1)
		delete(undo["object"].(map[string]any), "id")
		undo["id"] = p.Server.URL + "/undos/2"
		e2etest.Equal(t, "an Undo that names none", p.Send(s.Inbox(), undo), 202)
		e2etest.Equal(t, "followers", followers(), 0)
	},
}
