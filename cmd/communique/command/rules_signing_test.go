package command

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"
)

var signing = map[string]func(t *testing.T, w *ruled){
	"S1": func(t *testing.T, w *ruled) {
		key := text(object(t, w.actor()), "publicKey", "publicKeyPem")
		for _, a := range w.peer.arrivals() {
			covered := strings.Fields(a.signature()["headers"])
			for _, name := range []string{"(request-target)", "host", "date", "digest"} {
				if !has(covered, name) {
					t.Errorf("%s does not cover %s", a.kind(), name)
				}
			}
			if err := a.verified(key); err != nil {
				t.Errorf("%s: %v", a.kind(), err)
			}
		}
	},
	"S2": func(t *testing.T, w *ruled) {
		fetches := w.peer.fetched()
		if len(fetches) == 0 {
			t.Fatal("the follower's actor was never fetched")
		}
		for _, f := range fetches {
			covered := strings.Fields(f.signature()["headers"])
			if !has(covered, "(request-target)") || !has(covered, "host") || !has(covered, "date") {
				t.Errorf("a fetch covers %v", covered)
			}
			mustEqual(t, "the key", f.signature()["keyId"], w.base+"/actors/instance#main-key")
		}
	},
	"S3": func(t *testing.T, w *ruled) {
		for _, a := range w.peer.arrivals() {
			mustEqual(t, "keyId", a.signature()["keyId"], text(object(t, w.actor()), "publicKey", "id"))
		}
	},
	"S4": func(t *testing.T, w *ruled) {
		for _, a := range w.peer.arrivals() {
			mustEqual(t, "algorithm", a.signature()["algorithm"], "rsa-sha256")
			mustEqual(t, "the parameters", strings.Count(a.Header.Get("Signature"), "keyId="), 1)
		}
	},
	"S5": func(t *testing.T, w *ruled) {
		for _, a := range w.peer.arrivals() {
			made, err := time.Parse(http.TimeFormat, a.Header.Get("Date"))
			if err != nil || a.At.Sub(made).Abs() > time.Minute {
				t.Errorf("Date is %q at %s: %v", a.Header.Get("Date"), a.At.UTC(), err)
			}
		}
	},
	"S6": func(t *testing.T, w *ruled) {
		for _, a := range w.peer.arrivals() {
			sum := sha256.Sum256(a.Body)
			mustEqual(t, "Digest", a.Header.Get("Digest"), "SHA-256="+base64.StdEncoding.EncodeToString(sum[:]))
		}
	},
	"S7": func(t *testing.T, w *ruled) {
		for _, a := range w.peer.arrivals() {
			mustEqual(t, "Content-Type", a.Header.Get("Content-Type"), activityJSON)
		}
	},
	"S9": func(t *testing.T, w *ruled) {
		s, p := newSite(t), newPeer(t)
		s.serve()
		mustEqual(t, "a Follow", p.send(s.base+"/ap/inbox", p.follow(s.actor())), 202)
		p.waitFor(1)
		before := object(t, s.actor())
		s.must("keys", "rotate")
		told := p.waitFor(2)[1]
		mustEqual(t, "the activity", told.kind(), "Update")
		if err := told.verified(text(before, "publicKey", "publicKeyPem")); err != nil {
			t.Errorf("by the key that the follower knows: %v", err)
		}
		after := object(t, s.actor())
		mustEqual(t, "the key's id", text(after, "publicKey", "id"), text(before, "publicKey", "id"))
		mustEqual(t, "the key that it tells", text(told.Fields, "object", "publicKey", "publicKeyPem"), text(after, "publicKey", "publicKeyPem"))
		if text(after, "publicKey", "publicKeyPem") == text(before, "publicKey", "publicKeyPem") {
			t.Error("the key is the same")
		}
	},
	"S10": func(t *testing.T, w *ruled) {
		for _, a := range w.peer.arrivals() {
			mustEqual(t, "Collection-Synchronization", a.Header.Get("Collection-Synchronization"), "")
		}
	},
	"S8": func(t *testing.T, w *ruled) {
		s, p := newSite(t), newPeer(t)
		s.serve()
		p.refuseWith(byMessage)
		mustEqual(t, "a Follow", p.send(s.base+"/ap/inbox", p.follow(s.actor())), 202)
		if err := p.waitFor(1)[0].messageVerified(text(object(t, s.actor()), "publicKey", "publicKeyPem")); err != nil {
			t.Error(err)
		}
	},
}

var receiving = map[string]func(t *testing.T, w *ruled){
	"I1": func(t *testing.T, w *ruled) {
		s, p := newSite(t), newPeer(t)
		s.serve()
		l := p.letter(s.base+"/ap/inbox", p.follow(s.actor()))
		l.request.Header.Set("Date", time.Now().Add(-90*24*time.Hour).UTC().Format(http.TimeFormat))
		l.headers = "date"
		l.sign(t)
		mustEqual(t, "an old signature of the date alone", l.post(t), 401)
		mustEqual(t, "followers", object(t, s.actor()+"/followers")["totalItems"], 0)
	},
	"I2": func(t *testing.T, w *ruled) {
		s, p := newSite(t), newPeer(t)
		s.serve()
		l := p.letter(s.base+"/ap/inbox", p.follow(s.actor()))
		mustEqual(t, "without a signature", l.post(t), 401)
		l.request.Header.Set("Signature-Input", `sig1=("@method" "@target-uri" "content-digest");created=1;keyid="x"`)
		l.request.Header.Set("Signature", "sig1=:AAAA:")
		mustEqual(t, "by RFC 9421, falsely", l.post(t), 401)
		p.server.Close()
		l = p.letter(s.base+"/ap/inbox", p.follow(s.actor()))
		l.sign(t)
		mustEqual(t, "with a key that cannot be had", l.post(t), 503)
	},
	"I3": func(t *testing.T, w *ruled) {
		s, p := newSite(t), newPeer(t)
		s.serve()
		l := p.letter(s.base+"/ap/inbox?from=reader", p.follow(s.actor()))
		l.sign(t)
		mustEqual(t, "with the query signed", l.post(t), 202)
		l = p.letter(s.base+"/ap/inbox?from=reader", p.undo(s.actor()))
		l.target = "/ap/inbox"
		l.sign(t)
		mustEqual(t, "without the query signed", l.post(t), 202)
		l = p.letter(s.base+"/ap/inbox", p.follow(s.actor()))
		l.headers = "(request-target) host date accept digest"
		l.request.Header.Set("Accept", "application/activity+json")
		l.sign(t)
		mustEqual(t, "with accept signed", l.post(t), 202)
		mustEqual(t, "by RFC 9421", p.sendBy(scheme{message: true}, s.base+"/ap/inbox?from=reader", p.undo(s.actor())), 202)
		mustEqual(t, "followers", object(t, s.actor()+"/followers")["totalItems"], 0)
	},
	"I4": func(t *testing.T, w *ruled) {
		s, p := newSite(t), newPeer(t)
		s.serve()
		gone := map[string]any{
			"@context": activityStreams, "id": p.server.URL + "/deletes/1", "type": "Delete", "actor": p.actor(), "object": p.actor(),
		}
		mustEqual(t, "a stranger's deletion", p.letter(s.base+"/ap/inbox", gone).post(t), 202)
		mustEqual(t, "fetches for it", len(p.fetched()), 0)
	},
	"I5": func(t *testing.T, w *ruled) {
		s, p := newSite(t), newPeer(t)
		s.serve()
		p.stub = true
		mustEqual(t, "a key in a document of its own", p.send(s.base+"/ap/inbox", p.follow(s.actor())), 202)
	},
	"I6": func(t *testing.T, w *ruled) {
		s, p := newSite(t), newPeer(t)
		s.serve()
		followers := func() any { return object(t, s.actor()+"/followers")["totalItems"] }
		mustEqual(t, "a Follow", p.send(s.base+"/ap/inbox", p.follow(s.actor())), 202)
		again := p.follow(s.actor())
		again["id"] = p.server.URL + "/follows/2"
		mustEqual(t, "another Follow", p.send(s.base+"/ap/inbox", again), 202)
		got := p.waitFor(2)
		mustEqual(t, "the second answer", got[1].kind(), "Accept")
		accepted := []string{text(got[0].Fields, "object", "id"), text(got[1].Fields, "object", "id")}
		if !has(accepted, p.server.URL+"/follows/1") || !has(accepted, p.server.URL+"/follows/2") {
			t.Errorf("accepted are %v", accepted)
		}
		mustEqual(t, "followers", followers(), 1)
		undo := p.undo(s.actor())
		undo["object"].(map[string]any)["id"] = p.server.URL + "/follows/unknown"
		mustEqual(t, "an Undo", p.send(s.base+"/ap/inbox", undo), 202)
		mustEqual(t, "followers", followers(), 0)
	},
}
