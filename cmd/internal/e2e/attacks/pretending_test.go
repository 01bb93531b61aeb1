package attacks

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
	"communique/storage/audience"
)

// pretending are the attacks of those who speak for others, and of those to
// whom nobody listens.
var pretending = []attackTest{
	{7, "in the name of another", inTheNameOfAnother},
	{7, "in the name of another, with a key that is gone", goneKeysOfOthers},
	{8, "with the key of another", withTheKeyOfAnother},
	{9, "documents with the id of another", documentsOfAnother},
	{10, "documents with another id", documentsOfAnotherID},
	{10, "accounts that turn into another", accountsThatTurnIntoAnother},
	{10, "ids of another", alone(idsOfAnother)},
	{10, "handles of another", alone(handlesOfAnother)},
	{11, "documents of other types", documentsOfOtherTypes},
	{11, "what was handed in is not a document", alone(picturesAreNoDocuments)},
	{12, "what is of another origin", alone(whatIsOfAnotherOrigin)},
	{13, "what is of another account", whatIsOfAnotherAccount},
	{14, "signatures within", signaturesWithin},
	{14, "JSON-LD that says something else", malformed(14)},
	{15, "JSON that is read in two ways", malformed(15)},
	{16, "keys that are not there", alone(keysThatAreNotThere)},
	{17, "the same again", alone(followsReplayed)},
	{17, "the same again, of reactions and replies", alone(reactionsReplayed)},
	{18, "names that are not ours", alone(namesThatAreNotOurs)},
	{19, "whoever is blocked", alone(blockedHasNoEffect)},
}

// inTheNameOfAnother: each kind of activity in another's name, signed by a
// rogue by every scheme, has no effect at any inbox, and none before it is
// refused.
func inTheNameOfAnother(t *testing.T, w *attacked) {
	rogue := e2etest.NewPeerOfTwoKeys(t)
	for _, inbox := range w.inboxes(t) {
		for _, by := range e2etest.Schemes {
			for _, activity := range everyKind(w.honest, w.Site, w.article) {
				l := w.from(rogue.LetterBy(by, w.Base+inbox, activity))
				l.Sign(t)
				e2etest.Equal(t, fmt.Sprintf("the answer to a forged %s, %s, at %s", activity["type"], by, inbox), l.Post(t), answerToForged(activity))
			}
		}
	}
	w.unharmed(t)
}

// goneKeysOfOthers: whoever can have an address answered by 410, be it on the
// other's own server, deletes nobody's account by naming it as the key.
func goneKeysOfOthers(t *testing.T, w *attacked) {
	rogue := e2etest.NewPeer(t)
	gone := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) }
	rogue.Answer("/gone", gone)
	w.honest.Answer("/users/reader-who-left", gone)
	for _, inbox := range w.inboxes(t) {
		for _, keyID := range []string{rogue.Server.URL + "/gone#main-key", w.honest.Server.URL + "/users/reader-who-left#main-key"} {
			l := w.from(rogue.Letter(w.Base+inbox, w.honest.Activity("Delete", "me", w.honest.Actor())))
			l.KeyID = keyID
			l.Sign(t)
			e2etest.Equal(t, fmt.Sprintf("the answer to a deletion with the key %s at %s", keyID, inbox), l.Post(t), http.StatusAccepted)
		}
	}
	w.unharmed(t)
}

// withTheKeyOfAnother: what a rogue signs under the id of somebody else's key
// is refused, in whoever's name it is, and wherever the key's document lies.
func withTheKeyOfAnother(t *testing.T, w *attacked) {
	rogue := e2etest.NewPeerOfTwoKeys(t)
	stolen := rogue.Document()
	stolen["id"], stolen["publicKey"] = w.honest.Actor(), map[string]any{
		"id": rogue.Server.URL + "/stolen#main-key", "owner": w.honest.Actor(), "publicKeyPem": e2etest.Text(rogue.Document(), "publicKey", "publicKeyPem"),
	}
	bare := map[string]any{"id": rogue.Server.URL + "/bare", "owner": w.honest.Actor(), "publicKeyPem": e2etest.Text(rogue.Document(), "publicKey", "publicKeyPem")}
	rogue.Publish("/stolen", e2etest.ActivityJSON, stolen)
	rogue.Publish("/bare", e2etest.ActivityJSON, bare)
	for n, inbox := range w.inboxes(t) {
		for _, by := range e2etest.Schemes {
			for _, keyID := range []string{w.honest.KeyID(), rogue.Server.URL + "/stolen#main-key", rogue.Server.URL + "/bare", fmt.Sprint(rogue.KeyID(), n)} {
				for _, activity := range []map[string]any{rogue.Follow(w.Actor()), w.honest.Undo(w.Actor())} {
					l := w.from(rogue.LetterBy(by, w.Base+inbox, activity))
					l.KeyID = keyID
					l.Sign(t)
					e2etest.Equal(t, fmt.Sprintf("the answer to %s of %s with the key %s, %s, at %s", activity["type"], activity["actor"], keyID, by, inbox),
						l.Post(t), http.StatusUnauthorized)
				}
			}
		}
	}
	w.unharmed(t)
}

// documentsOfAnother: a document that says to be another's is not kept as the other's.
func documentsOfAnother(t *testing.T, w *attacked) {
	rogue := e2etest.NewPeer(t)
	forged := rogue.Document()
	forged["id"], forged["inbox"] = w.honest.Actor(), rogue.Actor()+"/inbox"
	rogue.Publish("/users/reader", e2etest.ActivityJSON, forged)
	for _, inbox := range w.inboxes(t) {
		e2etest.Equal(t, "a Follow of somebody who says to be another", rogue.Send(w.Base+inbox, rogue.Follow(w.Actor())), http.StatusUnauthorized)
		e2etest.Equal(t, "the other's own Like", w.honest.Send(w.Base+inbox, w.honest.Activity("Like", "kept", w.ObjectID(w.article))), http.StatusAccepted)
	}
	for _, a := range rogue.Arrivals() {
		t.Errorf("a %s for the other was delivered to the rogue", a.Kind())
	}
	w.unharmed(t)
}

// documentsOfAnotherID: what is found at an address is looked for once more
// where it says to be, and no further.
func documentsOfAnotherID(t *testing.T, w *attacked) {
	rogue := e2etest.NewPeer(t)
	ring := rogue.Document()
	ring["id"] = rogue.Server.URL + "/ring"
	rogue.Publish("/users/reader", e2etest.ActivityJSON, ring)
	back := rogue.Document()
	rogue.Publish("/ring", e2etest.ActivityJSON, back)
	e2etest.Equal(t, "of an actor in a ring", rogue.Send(w.Inbox(), rogue.Follow(w.Actor())), http.StatusUnauthorized)
	if n := rogue.Requests("/users/reader") + rogue.Requests("/ring"); n > 3 {
		t.Errorf("the ring was walked for %d requests", n)
	}
	w.unharmed(t)
}

// accountsThatTurnIntoAnother: an account whose address leads to another's once
// its key is known neither speaks in the other's name nor has the other answered.
func accountsThatTurnIntoAnother(t *testing.T, w *attacked) {
	rogue := e2etest.NewPeer(t)
	large := e2etest.With(rogue.Document(), "summary", strings.Repeat("x", 70<<10)) // too large to be kept
	asked := 0
	rogue.Answer("/users/reader", func(rw http.ResponseWriter, r *http.Request) {
		if asked++; asked > 1 {
			http.Redirect(rw, r, w.honest.Actor(), http.StatusFound)
			return
		}
		rw.Header().Set("Content-Type", e2etest.ActivityJSON)
		if err := json.NewEncoder(rw).Encode(large); err != nil {
			t.Error(err)
		}
	})
	before := len(w.honest.Arrivals())
	for _, activity := range []map[string]any{
		rogue.Activity("Create", "1", rogue.Post("1", "<p>In another's name</p>", w.ObjectID(w.article))), rogue.Follow(w.Actor()),
		e2etest.With(rogue.Activity("QuoteRequest", "2", w.ObjectID(w.article)), "instrument", rogue.Post("1", "<p>Look</p>", "")),
	} {
		e2etest.Equal(t, fmt.Sprintf("the answer to %s", activity["type"]), rogue.Send(w.Inbox(), activity), http.StatusUnauthorized)
	}
	w.unharmed(t)
	fine := e2etest.NewPeer(t)
	fine.Sends(w.Site, e2etest.With(fine.Activity("QuoteRequest", "1", w.ObjectID(w.article)), "instrument", fine.Post("1", "<p>Look</p>", "")))
	fine.WaitFor(1) // what waited before has gone out, too
	e2etest.Equal(t, "what the other is sent", len(w.honest.Arrivals()), before)
}

// idsOfAnother: what we answer somebody accepts nothing that another has asked.
func idsOfAnother(t *testing.T) {
	s, honest, rogue := e2etest.NewSite(t), e2etest.NewPeer(t), e2etest.NewPeer(t)
	a := s.Publish("Quoted")
	s.Serve()
	rogue.Sends(s, e2etest.With(rogue.Follow(s.Actor()), "id", honest.Server.URL+"/follows/1"),
		e2etest.With(rogue.Activity("QuoteRequest", "1", s.ObjectID(a)), "id", honest.Server.URL+"/quotes/1", "instrument", rogue.Post("1", "<p>Look</p>", "")))
	for _, got := range rogue.WaitFor(2) {
		e2etest.Equal(t, fmt.Sprintf("the id of the %s that is accepted", e2etest.Text(got.Fields, "object", "type")), e2etest.Text(got.Fields, "object", "id"), "")
	}
}

// handlesOfAnother: no user name makes a handle look like that of another server.
func handlesOfAnother(t *testing.T) {
	s := e2etest.NewSite(t)
	a := s.Publish("Answered")
	s.Serve()
	for _, name := range []string{"minister@gov.example", "minister＠gov.example", "minister gov", "https://gov.example/", ""} {
		rogue := e2etest.NewPeer(t)
		rogue.Publish("/users/reader", e2etest.ActivityJSON, e2etest.With(rogue.Document(), "preferredUsername", name))
		note := rogue.Post("1", "<p>Hello</p>", s.ObjectID(a))
		rogue.Sends(s, rogue.Activity("Create", "1", note))
		waiting := s.Replies(audience.ReplyPending)
		e2etest.Equal(t, fmt.Sprintf("the handle of %q", name), waiting[len(waiting)-1].Handle, "@"+rogue.Server.Listener.Addr().String())
	}
	p := e2etest.NewPeer(t)
	p.Publish("/users/reader", e2etest.ActivityJSON, e2etest.With(p.Document(), "preferredUsername", "имя.रीडर-1"))
	p.Sends(s, p.Activity("Create", "1", p.Post("1", "<p>Hello</p>", s.ObjectID(a))))
	waiting := s.Replies(audience.ReplyPending)
	e2etest.Equal(t, "a handle in other scripts", waiting[len(waiting)-1].Handle, "@имя.रीडर-1@"+p.Server.Listener.Addr().String())
}

// documentsOfOtherTypes: an actor is an actor by its media type.
func documentsOfOtherTypes(t *testing.T, w *attacked) {
	for _, contentType := range []string{
		"text/html", "application/json", "application/ld+json", `application/ld+json; profile="https://example.org/"`, "image/png",
		"text/plain", "application/octet-stream", "application/activity+xml", "",
	} {
		rogue := e2etest.NewPeer(t)
		rogue.Publish("/users/reader", contentType, rogue.Document())
		e2etest.Equal(t, fmt.Sprintf("a Follow of an actor of the type %q", contentType), rogue.Send(w.Inbox(), rogue.Follow(w.Actor())), http.StatusUnauthorized)
		fine := e2etest.NewPeer(t)
		note := fine.Post("1", "<p>Hello</p>", w.ObjectID(w.article))
		fine.Publish("/posts/1", contentType, note)
		e2etest.Equal(t, fmt.Sprintf("a post of the type %q", contentType), fine.Send(w.Inbox(), fine.Activity("Create", "1", note["id"])), http.StatusAccepted)
	}
	w.unharmed(t)
}

// picturesAreNoDocuments: nothing that was handed in is served as an
// ActivityStreams document or as a page, whatever is asked for.
func picturesAreNoDocuments(t *testing.T) {
	s := e2etest.NewSite(t)
	s.Serve()
	a := s.Illustrated("With a picture")
	page := string(s.Page(a).Body)
	found := regexp.MustCompile(`/media/[^" ]+`).FindString(page)
	if found == "" {
		t.Fatal("the page has no picture")
	}
	for _, accept := range []string{e2etest.ActivityJSON, `application/ld+json; profile="https://www.w3.org/ns/activitystreams"`, "text/html", "*/*", ""} {
		got := e2etest.Get(t, s.Base+found, "Accept", accept)
		e2etest.Equal(t, "the status for "+accept, got.Status, http.StatusOK)
		if !strings.HasPrefix(got.Header.Get("Content-Type"), "image/") {
			t.Errorf("the type for %q is %q", accept, got.Header.Get("Content-Type"))
		}
		e2etest.Equal(t, "sniffing", got.Header.Get("X-Content-Type-Options"), "nosniff")
		if !strings.Contains(got.Header.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("the policy is %q", got.Header.Get("Content-Security-Policy"))
		}
	}
}

// whatIsOfAnotherOrigin: what an activity embeds or names of another origin
// than its signer's is not believed, and not fetched.
func whatIsOfAnotherOrigin(t *testing.T) {
	w := newAttacked(t) // its own: other attacks have the account looked at
	rogue, honest := e2etest.NewPeerOfTwoKeys(t), w.honest
	fetches := len(honest.Fetched())
	foreign := honest.Post("kept", "<p>Forged</p>", w.ObjectID(w.article))
	mine := e2etest.With(rogue.Post("1", "<p>In another's name</p>", w.ObjectID(w.article)), "attributedTo", honest.Actor())
	like := honest.Activity("Like", "kept", w.ObjectID(w.article))
	for _, inbox := range w.inboxes(t) {
		for _, by := range e2etest.Schemes {
			for n, activity := range []map[string]any{
				rogue.Activity("Create", "1", foreign), rogue.Activity("Update", "2", e2etest.With(foreign, "updated", "2026-06-01T00:00:00Z")),
				rogue.Activity("Update", "3", e2etest.With(foreign, "attributedTo", rogue.Actor())), rogue.Activity("Create", "4", mine),
				rogue.Activity("Create", "5", honest.Server.URL+"/posts/other"), rogue.Activity("Delete", "6", foreign), rogue.Activity("Delete", "7", foreign["id"]),
				rogue.Activity("Announce", "8", like), rogue.Activity("Undo", "9", like), rogue.Activity("Undo", "10", like["id"]),
				rogue.Activity("Update", "11", e2etest.With(honest.Document(), "name", "Mallory")), rogue.Activity("Delete", "12", honest.Actor()),
				e2etest.With(rogue.Activity("Move", "13", honest.Actor()), "target", rogue.Actor()),
				e2etest.With(rogue.Activity("QuoteRequest", "14", w.ObjectID(w.article)), "instrument", honest.Server.URL+"/posts/q"),
				rogue.Activity("Undo", "15", honest.Follow(w.Actor())), rogue.Activity("Accept", "16", honest.Follow(w.Actor())),
				rogue.Activity("Add", "17", foreign), rogue.Activity("Remove", "18", foreign),
			} {
				e2etest.Equal(t, fmt.Sprintf("the answer to number %d, %s, at %s", n+1, by, inbox), rogue.SendBy(by, w.Base+inbox, activity), http.StatusAccepted)
			}
		}
	}
	e2etest.Equal(t, "fetches of the other's", len(honest.Fetched()), fetches)
	w.unharmed(t)
}

// whatIsOfAnotherAccount: another account of the same server is another.
func whatIsOfAnotherAccount(t *testing.T, w *attacked) {
	honest := w.honest
	rogue := honest.As("reader-two")
	kept := honest.Post("kept", "<p>Forged</p>", w.ObjectID(w.article))
	kept["updated"] = "2026-06-01T00:00:00Z"
	like := honest.Activity("Like", "kept", w.ObjectID(w.article))
	for _, inbox := range w.inboxes(t) {
		for n, activity := range []map[string]any{
			rogue.Activity("Update", "1", kept), rogue.Activity("Update", "2", e2etest.With(honest.Post("kept", "<p>Forged</p>", w.ObjectID(w.article)), "attributedTo", rogue.Actor())),
			rogue.Activity("Delete", "3", kept["id"]), rogue.Activity("Delete", "4", map[string]any{"id": kept["id"], "type": "Tombstone"}),
			rogue.Activity("Undo", "5", like), rogue.Activity("Undo", "6", like["id"]), rogue.Activity("Undo", "7", honest.Follow(w.Actor())),
			rogue.Activity("Undo", "8", e2etest.With(like, "actor", rogue.Actor())), rogue.Activity("Delete", "9", honest.Actor()),
			rogue.Activity("Undo", "10", honest.Server.URL+"/follows/ministry"), rogue.Activity("Undo", "11", e2etest.With(honest.Follow(w.Actor()), "actor", rogue.Actor())),
			rogue.Activity("Create", "12", honest.Post("12", "<p>In another's name</p>", w.ObjectID(w.article))),
			e2etest.With(rogue.Activity("Move", "13", honest.Actor()), "target", rogue.Actor()), rogue.Activity("Update", "14", e2etest.With(honest.Document(), "name", "Mallory")),
		} {
			e2etest.Equal(t, fmt.Sprintf("the answer to number %d at %s", n+1, inbox), rogue.Send(w.Base+inbox, activity), http.StatusAccepted)
		}
	}
	w.unharmed(t)
}

// signaturesWithin: what a document says of being signed (Linked Data
// Signatures, FEP-8b32) gives its sender no right.
func signaturesWithin(t *testing.T, w *attacked) {
	rogue := e2etest.NewPeerOfTwoKeys(t)
	for _, inbox := range w.inboxes(t) {
		for _, by := range e2etest.Schemes {
			for _, activity := range everyKind(w.honest, w.Site, w.article) {
				activity["signature"] = map[string]any{
					"type": "RsaSignature2017", "creator": w.honest.KeyID(), "created": "2026-01-02T03:04:05Z", "signatureValue": "AAAA",
				}
				activity["proof"] = map[string]any{
					"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "verificationMethod": w.honest.Actor() + "#ed25519-key",
					"proofPurpose": "assertionMethod", "proofValue": "z111",
				}
				l := w.from(rogue.LetterBy(by, w.Base+inbox, activity))
				l.Sign(t)
				e2etest.Equal(t, fmt.Sprintf("the answer to %s, %s, at %s", activity["type"], by, inbox), l.Post(t), answerToForged(activity))
			}
		}
	}
	w.unharmed(t)
}

// keysThatAreNotThere: whoever names keys that are not there, or signs with others, has
// them fetched for each message until that was often enough. Then he is told to come back,
// since a key may be there or fit by now, and causes no fetch.
func keysThatAreNotThere(t *testing.T) {
	s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
	s.Serve()
	const looks, messages = 8, 20
	answers := func(what string, l *e2etest.Letter, looks int) {
		t.Helper()
		l.Sign(t)
		for n := range messages {
			want := http.StatusUnauthorized
			if n >= looks {
				want = http.StatusServiceUnavailable
			}
			e2etest.Equal(t, fmt.Sprintf("the answer to %s, number %d", what, n), l.Post(t), want)
		}
	}
	unknown := p.Letter(s.Inbox(), p.Follow(s.Actor()))
	unknown.KeyID = p.Server.URL + "/keys/none"
	answers("what names a key that is not there", unknown, looks)
	e2etest.Equal(t, "requests for a key that is not there", p.Requests("/keys/none"), looks)
	old := p.Letter(s.Inbox(), p.Follow(s.Actor()))
	p.Key = e2etest.StrangersKey(t)                                 // from now on
	answers("what was signed with the key of before", old, 1+looks) // the first finds the new one
	e2etest.Equal(t, "requests for a key that does not fit", p.Requests("/users/reader"), 1+looks)
	e2etest.Equal(t, "a message with the new key", p.Send(s.Inbox(), p.Follow(s.Actor())), http.StatusAccepted)
	p.Answer("/keys/gone", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) })
	gone := p.Letter(s.Inbox(), p.Follow(s.Actor()))
	gone.KeyID = p.Server.URL + "/keys/gone"
	answers("what names a key that is gone", gone, looks)
	e2etest.Equal(t, "requests for a key that is gone", p.Requests("/keys/gone"), looks)
	e2etest.Equal(t, "followers", e2etest.Object(t, s.Actor()+"/followers")["totalItems"], 1)
}

// followsReplayed: what was captured before an Undo does not undo it.
func followsReplayed(t *testing.T) {
	s, p := e2etest.NewAnnouncing(t), e2etest.NewPeerOfTwoKeys(t)
	s.Serve()
	for _, actor := range speaking {
		for _, by := range e2etest.Schemes {
			id := s.ActorNamed(actor)
			followers := func() any { return e2etest.Object(t, id+"/followers")["totalItems"] }
			send := func(what string, activity map[string]any, at int) *e2etest.Letter {
				l := p.LetterBy(by, id+"/inbox", activity)
				e2etest.Dated(time.Duration(at) * time.Second)(l)
				l.Sign(t)
				e2etest.Equal(t, what, l.Post(t), http.StatusAccepted)
				return l
			}
			captured := send("a Follow", p.Follow(id), 0)
			e2etest.Equal(t, "the same again", captured.Post(t), http.StatusAccepted)
			e2etest.Equal(t, "followers", followers(), 1)
			undone := send("an Undo", p.Undo(id), 1)
			e2etest.Equal(t, "the captured Follow", captured.Post(t), http.StatusAccepted)
			e2etest.Equal(t, fmt.Sprintf("followers of %s after the replay, %s", actor, by), followers(), 0)
			send("a Follow of later", p.Follow(id), 2)
			e2etest.Equal(t, "the captured Undo", undone.Post(t), http.StatusAccepted)
			e2etest.Equal(t, fmt.Sprintf("followers of %s after it, %s", actor, by), followers(), 1)
			send("an Undo", p.Undo(id), 3)
			p = e2etest.NewPeerOfTwoKeys(t) // for which all is new
		}
	}
}

// namesThatAreNotOurs: WebFinger answers our exact names.
func namesThatAreNotOurs(t *testing.T) {
	s := e2etest.NewAnnouncing(t)
	s.Serve()
	host := strings.TrimPrefix(s.Base, "http://")
	for _, actor := range append([]string{"instance"}, speaking...) {
		for resource, want := range map[string]int{
			"acct:" + actor + "@" + host: 200, "acct:" + actor + "@other.example": 404, "acct:" + actor + "@" + host + ".evil.example": 404,
			"acct:" + actor + "x@" + host: 404, "acct:" + actor[1:] + "@" + host: 404, "acct:" + actor + "%00@" + host: 404, "acct:" + actor + "@" + host + "/x": 404,
			"acct:" + actor + "@evil.example@" + host: 404, s.ActorNamed(actor) + "x": 404, "https://other.example/actors/" + actor: 404,
			"acct:nobody@" + host: 404, "acct:@" + host: 404, "*": 404,
		} {
			got := e2etest.Get(t, s.Base+"/.well-known/webfinger?resource="+url.QueryEscape(resource), "Host", "other.example", "X-Forwarded-Host", "evil.example")
			e2etest.Equal(t, resource, got.Status, want)
			if want == http.StatusOK {
				e2etest.Equal(t, "subject", got.Fields(t)["subject"], "acct:"+actor+"@"+host)
			}
		}
	}
}

// reactionsReplayed: what was captured before its Undo stays undone.
func reactionsReplayed(t *testing.T) {
	s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
	a := s.Publish("Liked")
	s.Serve()
	inbox := s.Inbox()
	send := func(activity map[string]any, after time.Duration) *e2etest.Letter {
		l := p.Letter(inbox, activity)
		e2etest.Dated(after)(l)
		l.Sign(t)
		e2etest.Equal(t, "the answer", l.Post(t), 202)
		return l
	}
	note := p.Post("1", "<p>No.</p>", s.ObjectID(a))
	captured := []*e2etest.Letter{
		send(p.Activity("Like", "like", s.ObjectID(a)), 0), send(p.Activity("Announce", "boost", s.ObjectID(a)), 0),
		send(p.Activity("Create", "reply", note), 0),
	}
	undone := []*e2etest.Letter{
		send(p.Activity("Undo", "1", p.Activity("Like", "like", s.ObjectID(a))), time.Second),
		send(p.Activity("Undo", "2", p.Activity("Announce", "boost", s.ObjectID(a))), time.Second),
		send(p.Activity("Delete", "3", note["id"]), time.Second),
	}
	for _, l := range captured {
		e2etest.Equal(t, "the replay", l.Post(t), 202)
	}
	e2etest.Equal(t, "reactions", s.Reactions(a), "[0 0 0 0]")
	e2etest.Equal(t, "replies", len(s.Replies(audience.ReplyPending)), 0)
	send(p.Activity("Like", "like2", s.ObjectID(a)), time.Second) // in the second of the Undo
	send(p.Activity("Announce", "boost2", s.ObjectID(a)), time.Second)
	for _, l := range captured[:2] {
		e2etest.Equal(t, "the replay of what was done before", l.Post(t), 202)
	}
	for _, l := range undone {
		e2etest.Equal(t, "the replay of what took them back", l.Post(t), 202)
	}
	e2etest.Equal(t, "reactions that were done again", s.Reactions(a), "[1 1 0 0]")
}
