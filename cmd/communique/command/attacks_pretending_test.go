package command

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"communique/storage"
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
	{11, "what was handed in is no document", alone(picturesAreNoDocuments)},
	{12, "what is of another origin", whatIsOfAnotherOrigin},
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

// everyKind is an activity of each kind that has an effect here, of a peer's
// account.
func (p *peer) everyKind(s *testSite, a filed) []map[string]any {
	return []map[string]any{
		p.follow(s.actor()), p.undo(s.actor()), p.activity("Like", "k", s.objectID(a)), p.activity("Announce", "k", s.objectID(a)),
		with(p.activity("EmojiReact", "k", s.objectID(a)), "content", "🎉"),
		p.activity("Create", "k", p.post("k", "<p>Hello</p>", s.objectID(a))), p.activity("Update", "k", p.post("k", "<p>Hello</p>", s.objectID(a))),
		p.activity("Create", "q", with(p.post("q", "<p>Look</p>", ""), "quote", s.objectID(a))), p.activity("Delete", "k", p.server.URL+"/posts/kept"),
		with(p.activity("Move", "k", p.actor()), "target", p.server.URL+"/users/reader2"), p.activity("Block", "k", s.actor()),
		p.activity("Flag", "k", s.actor()), p.activity("Undo", "u", p.activity("Like", "kept", s.objectID(a))), p.activity("Delete", "me", p.actor()),
		with(p.activity("QuoteRequest", "qr", s.objectID(a)), "instrument", p.server.URL+"/posts/q"),
	}
}

// state is all that activities from outside can change.
func (s *testSite) state(a filed) string {
	s.t.Helper()
	var flags []audience.Flag
	s.later(func(tx *storage.Tx) (err error) {
		flags, err = tx.Flags(audience.Flag{}, 10)
		return err
	})
	var followers []any
	for _, actor := range speaking {
		if got := get(s.t, s.actorNamed(actor)+"/followers", "Accept", activityJSON); got.Status == http.StatusOK {
			followers = append(followers, got.fields(s.t)["totalItems"])
		}
	}
	var texts []string
	for _, r := range s.replies(audience.ReplyPending) {
		texts = append(texts, r.ID+" "+r.Name+" "+string(r.Content))
	}
	return fmt.Sprint(followers, s.reactions(a), texts, len(flags))
}

// inTheNameOfAnother: each kind of activity in another's name, signed by a
// rogue by every scheme, has no effect at any inbox, and none before it is
// refused.
func inTheNameOfAnother(t *testing.T, w *attacked) {
	rogue := newPeerOfTwoKeys(t)
	for _, inbox := range w.inboxes(t) {
		for _, by := range schemes {
			for _, activity := range w.honest.everyKind(w.testSite, w.article) {
				l := w.from(rogue.letterBy(by, w.base+inbox, activity))
				l.sign(t)
				mustEqual(t, fmt.Sprintf("the answer to a forged %s, %s, at %s", activity["type"], by, inbox), l.post(t), http.StatusUnauthorized)
			}
		}
	}
	w.unharmed(t)
}

// goneKeysOfOthers: whoever can have an address answered by 410, be it on the
// other's own server, deletes nobody's account by naming it as the key.
func goneKeysOfOthers(t *testing.T, w *attacked) {
	rogue := newPeer(t)
	gone := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) }
	rogue.answer("/gone", gone)
	w.honest.answer("/users/reader-who-left", gone)
	for _, inbox := range w.inboxes(t) {
		for _, keyID := range []string{rogue.server.URL + "/gone#main-key", w.honest.server.URL + "/users/reader-who-left#main-key"} {
			l := w.from(rogue.letter(w.base+inbox, w.honest.activity("Delete", "me", w.honest.actor())))
			l.keyID = keyID
			l.sign(t)
			mustEqual(t, fmt.Sprintf("the answer to a deletion with the key %s at %s", keyID, inbox), l.post(t), http.StatusUnauthorized)
		}
	}
	w.unharmed(t)
}

// withTheKeyOfAnother: what a rogue signs under the id of a key that is not his
// is refused, in whoever's name it is, and wherever the key's document lies.
func withTheKeyOfAnother(t *testing.T, w *attacked) {
	rogue := newPeerOfTwoKeys(t)
	stolen := rogue.document()
	stolen["id"], stolen["publicKey"] = w.honest.actor(), map[string]any{
		"id": rogue.server.URL + "/stolen#main-key", "owner": w.honest.actor(), "publicKeyPem": text(rogue.document(), "publicKey", "publicKeyPem"),
	}
	bare := map[string]any{"id": rogue.server.URL + "/bare", "owner": w.honest.actor(), "publicKeyPem": text(rogue.document(), "publicKey", "publicKeyPem")}
	rogue.publish("/stolen", activityJSON, stolen)
	rogue.publish("/bare", activityJSON, bare)
	for _, inbox := range w.inboxes(t) {
		for _, by := range schemes {
			for _, keyID := range []string{w.honest.keyID(), rogue.server.URL + "/stolen#main-key", rogue.server.URL + "/bare", rogue.keyID() + "x"} {
				for _, activity := range []map[string]any{rogue.follow(w.actor()), w.honest.undo(w.actor())} {
					l := w.from(rogue.letterBy(by, w.base+inbox, activity))
					l.keyID = keyID
					l.sign(t)
					mustEqual(t, fmt.Sprintf("the answer to %s of %s with the key %s, %s, at %s", activity["type"], activity["actor"], keyID, by, inbox),
						l.post(t), http.StatusUnauthorized)
				}
			}
		}
	}
	w.unharmed(t)
}

// documentsOfAnother: a document that says to be another's is not kept as his.
func documentsOfAnother(t *testing.T, w *attacked) {
	rogue := newPeer(t)
	forged := rogue.document()
	forged["id"], forged["inbox"] = w.honest.actor(), rogue.actor()+"/inbox"
	rogue.publish("/users/reader", activityJSON, forged)
	for _, inbox := range w.inboxes(t) {
		mustEqual(t, "a Follow of somebody who says to be another", rogue.send(w.base+inbox, rogue.follow(w.actor())), http.StatusUnauthorized)
		mustEqual(t, "the other's own Like", w.honest.send(w.base+inbox, w.honest.activity("Like", "kept", w.objectID(w.article))), http.StatusAccepted)
	}
	for _, a := range rogue.arrivals() {
		t.Errorf("a %s for the other was delivered to the rogue", a.kind())
	}
	w.unharmed(t)
}

// documentsOfAnotherID: what is found at an address is looked for once more
// where it says to be, and no further.
func documentsOfAnotherID(t *testing.T, w *attacked) {
	rogue := newPeer(t)
	ring := rogue.document()
	ring["id"] = rogue.server.URL + "/ring"
	rogue.publish("/users/reader", activityJSON, ring)
	back := rogue.document()
	rogue.publish("/ring", activityJSON, back)
	mustEqual(t, "of an actor in a ring", rogue.send(w.base+"/ap/inbox", rogue.follow(w.actor())), http.StatusUnauthorized)
	if n := rogue.requests("/users/reader") + rogue.requests("/ring"); n > 3 {
		t.Errorf("the ring was walked for %d requests", n)
	}
	w.unharmed(t)
}

// accountsThatTurnIntoAnother: an account whose address leads to another's once
// its key is known neither speaks in the other's name nor has him answered.
func accountsThatTurnIntoAnother(t *testing.T, w *attacked) {
	rogue := newPeer(t)
	large := with(rogue.document(), "summary", strings.Repeat("x", 70<<10)) // too large to be kept
	asked := 0
	rogue.answer("/users/reader", func(rw http.ResponseWriter, r *http.Request) {
		if asked++; asked > 1 {
			http.Redirect(rw, r, w.honest.actor(), http.StatusFound)
			return
		}
		rw.Header().Set("Content-Type", activityJSON)
		if err := json.NewEncoder(rw).Encode(large); err != nil {
			t.Error(err)
		}
	})
	before := len(w.honest.arrivals())
	for _, activity := range []map[string]any{
		rogue.activity("Create", "1", rogue.post("1", "<p>In his name</p>", w.objectID(w.article))), rogue.follow(w.actor()),
		with(rogue.activity("QuoteRequest", "2", w.objectID(w.article)), "instrument", rogue.post("1", "<p>Look</p>", "")),
	} {
		mustEqual(t, fmt.Sprintf("the answer to %s", activity["type"]), rogue.send(w.base+"/ap/inbox", activity), http.StatusUnauthorized)
	}
	w.unharmed(t)
	fine := newPeer(t)
	fine.sent(w.testSite, with(fine.activity("QuoteRequest", "1", w.objectID(w.article)), "instrument", fine.post("1", "<p>Look</p>", "")))
	fine.waitFor(1) // what waited before has gone out, too
	mustEqual(t, "what the other is sent", len(w.honest.arrivals()), before)
}

// idsOfAnother: what we answer somebody accepts nothing that another has asked.
func idsOfAnother(t *testing.T) {
	s, honest, rogue := newSite(t), newPeer(t), newPeer(t)
	a := s.publish("Quoted")
	s.serve()
	rogue.sent(s, with(rogue.follow(s.actor()), "id", honest.server.URL+"/follows/1"),
		with(rogue.activity("QuoteRequest", "1", s.objectID(a)), "id", honest.server.URL+"/quotes/1", "instrument", rogue.post("1", "<p>Look</p>", "")))
	for _, got := range rogue.waitFor(2) {
		mustEqual(t, fmt.Sprintf("the id of the %s that is accepted", text(got.Fields, "object", "type")), text(got.Fields, "object", "id"), "")
	}
}

// handlesOfAnother: no user name makes a handle look like that of another server.
func handlesOfAnother(t *testing.T) {
	s := newSite(t)
	a := s.publish("Answered")
	s.serve()
	for _, name := range []string{"minister@gov.example", "minister＠gov.example", "minister gov", "https://gov.example/", ""} {
		rogue := newPeer(t)
		rogue.publish("/users/reader", activityJSON, with(rogue.document(), "preferredUsername", name))
		note := rogue.post("1", "<p>Hello</p>", s.objectID(a))
		rogue.sent(s, rogue.activity("Create", "1", note))
		waiting := s.replies(audience.ReplyPending)
		mustEqual(t, fmt.Sprintf("the handle of %q", name), waiting[len(waiting)-1].Handle, "@"+rogue.server.Listener.Addr().String())
	}
	p := newPeer(t)
	p.publish("/users/reader", activityJSON, with(p.document(), "preferredUsername", "имя.रीडर-1"))
	p.sent(s, p.activity("Create", "1", p.post("1", "<p>Hello</p>", s.objectID(a))))
	waiting := s.replies(audience.ReplyPending)
	mustEqual(t, "a handle in other scripts", waiting[len(waiting)-1].Handle, "@имя.रीडर-1@"+p.server.Listener.Addr().String())
}

// documentsOfOtherTypes: an actor is an actor by its media type.
func documentsOfOtherTypes(t *testing.T, w *attacked) {
	for _, contentType := range []string{
		"text/html", "application/json", "application/ld+json", `application/ld+json; profile="https://example.org/"`, "image/png",
		"text/plain", "application/octet-stream", "application/activity+xml", "",
	} {
		rogue := newPeer(t)
		rogue.publish("/users/reader", contentType, rogue.document())
		mustEqual(t, fmt.Sprintf("a Follow of an actor of the type %q", contentType), rogue.send(w.base+"/ap/inbox", rogue.follow(w.actor())), http.StatusUnauthorized)
		fine := newPeer(t)
		note := fine.post("1", "<p>Hello</p>", w.objectID(w.article))
		fine.publish("/posts/1", contentType, note)
		mustEqual(t, fmt.Sprintf("a post of the type %q", contentType), fine.send(w.base+"/ap/inbox", fine.activity("Create", "1", note["id"])), http.StatusAccepted)
	}
	w.unharmed(t)
}

// picturesAreNoDocuments: nothing that was handed in is served as an
// ActivityStreams document or as a page, whatever is asked for.
func picturesAreNoDocuments(t *testing.T) {
	s := newSite(t)
	s.serve()
	a := s.illustrated("With a picture")
	page := string(s.page(a).Body)
	found := regexp.MustCompile(`/media/[^" ]+`).FindString(page)
	if found == "" {
		t.Fatal("the page has no picture")
	}
	for _, accept := range []string{activityJSON, `application/ld+json; profile="https://www.w3.org/ns/activitystreams"`, "text/html", "*/*", ""} {
		got := get(t, s.base+found, "Accept", accept)
		mustEqual(t, "the status for "+accept, got.Status, http.StatusOK)
		if !strings.HasPrefix(got.Header.Get("Content-Type"), "image/") {
			t.Errorf("the type for %q is %q", accept, got.Header.Get("Content-Type"))
		}
		mustEqual(t, "sniffing", got.Header.Get("X-Content-Type-Options"), "nosniff")
		if !strings.Contains(got.Header.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("the policy is %q", got.Header.Get("Content-Security-Policy"))
		}
	}
}

// whatIsOfAnotherOrigin: what an activity embeds or names of another origin
// than its signer's is not believed, and not fetched.
func whatIsOfAnotherOrigin(t *testing.T, w *attacked) {
	rogue, honest := newPeerOfTwoKeys(t), w.honest
	fetches := len(honest.fetched())
	foreign := honest.post("kept", "<p>Forged</p>", w.objectID(w.article))
	mine := with(rogue.post("1", "<p>In his name</p>", w.objectID(w.article)), "attributedTo", honest.actor())
	like := honest.activity("Like", "kept", w.objectID(w.article))
	for _, inbox := range w.inboxes(t) {
		for _, by := range schemes {
			for n, activity := range []map[string]any{
				rogue.activity("Create", "1", foreign), rogue.activity("Update", "2", with(foreign, "updated", "2026-06-01T00:00:00Z")),
				rogue.activity("Update", "3", with(foreign, "attributedTo", rogue.actor())), rogue.activity("Create", "4", mine),
				rogue.activity("Create", "5", honest.server.URL+"/posts/other"), rogue.activity("Delete", "6", foreign), rogue.activity("Delete", "7", foreign["id"]),
				rogue.activity("Announce", "8", like), rogue.activity("Undo", "9", like), rogue.activity("Undo", "10", like["id"]),
				rogue.activity("Update", "11", with(honest.document(), "name", "Mallory")), rogue.activity("Delete", "12", honest.actor()),
				with(rogue.activity("Move", "13", honest.actor()), "target", rogue.actor()),
				with(rogue.activity("QuoteRequest", "14", w.objectID(w.article)), "instrument", honest.server.URL+"/posts/q"),
				rogue.activity("Undo", "15", honest.follow(w.actor())), rogue.activity("Accept", "16", honest.follow(w.actor())),
				rogue.activity("Add", "17", foreign), rogue.activity("Remove", "18", foreign),
			} {
				mustEqual(t, fmt.Sprintf("the answer to number %d, %s, at %s", n+1, by, inbox), rogue.sendBy(by, w.base+inbox, activity), http.StatusAccepted)
			}
		}
	}
	mustEqual(t, "fetches of the other's", len(honest.fetched()), fetches)
	w.unharmed(t)
}

// whatIsOfAnotherAccount: another account of the same server is another.
func whatIsOfAnotherAccount(t *testing.T, w *attacked) {
	honest := w.honest
	rogue := honest.as("reader-two")
	kept := honest.post("kept", "<p>Forged</p>", w.objectID(w.article))
	kept["updated"] = "2026-06-01T00:00:00Z"
	like := honest.activity("Like", "kept", w.objectID(w.article))
	for _, inbox := range w.inboxes(t) {
		for n, activity := range []map[string]any{
			rogue.activity("Update", "1", kept), rogue.activity("Update", "2", with(honest.post("kept", "<p>Forged</p>", w.objectID(w.article)), "attributedTo", rogue.actor())),
			rogue.activity("Delete", "3", kept["id"]), rogue.activity("Delete", "4", map[string]any{"id": kept["id"], "type": "Tombstone"}),
			rogue.activity("Undo", "5", like), rogue.activity("Undo", "6", like["id"]), rogue.activity("Undo", "7", honest.follow(w.actor())),
			rogue.activity("Undo", "8", with(like, "actor", rogue.actor())), rogue.activity("Delete", "9", honest.actor()),
			rogue.activity("Undo", "10", honest.server.URL+"/follows/ministry"), rogue.activity("Undo", "11", with(honest.follow(w.actor()), "actor", rogue.actor())),
			rogue.activity("Create", "12", honest.post("12", "<p>In his name</p>", w.objectID(w.article))),
			with(rogue.activity("Move", "13", honest.actor()), "target", rogue.actor()), rogue.activity("Update", "14", with(honest.document(), "name", "Mallory")),
		} {
			mustEqual(t, fmt.Sprintf("the answer to number %d at %s", n+1, inbox), rogue.send(w.base+inbox, activity), http.StatusAccepted)
		}
	}
	w.unharmed(t)
}

// signaturesWithin: what a document says of being signed (Linked Data
// Signatures, FEP-8b32) gives its sender no right.
func signaturesWithin(t *testing.T, w *attacked) {
	rogue := newPeerOfTwoKeys(t)
	for _, inbox := range w.inboxes(t) {
		for _, by := range schemes {
			for _, activity := range w.honest.everyKind(w.testSite, w.article) {
				activity["signature"] = map[string]any{
					"type": "RsaSignature2017", "creator": w.honest.keyID(), "created": "2026-01-02T03:04:05Z", "signatureValue": "AAAA",
				}
				activity["proof"] = map[string]any{
					"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "verificationMethod": w.honest.actor() + "#ed25519-key",
					"proofPurpose": "assertionMethod", "proofValue": "z111",
				}
				l := w.from(rogue.letterBy(by, w.base+inbox, activity))
				l.sign(t)
				mustEqual(t, fmt.Sprintf("the answer to %s, %s, at %s", activity["type"], by, inbox), l.post(t), http.StatusUnauthorized)
			}
		}
	}
	w.unharmed(t)
}

// keysThatAreNotThere: whoever names keys that are not there, or signs with
// others, has each fetched once.
func keysThatAreNotThere(t *testing.T) {
	s, p := newSite(t), newPeer(t)
	s.serve()
	for n := range 20 {
		l := p.letter(s.base+"/ap/inbox", p.follow(s.actor()))
		l.keyID = p.server.URL + "/keys/none"
		l.sign(t)
		mustEqual(t, fmt.Sprint("the answer to number ", n), l.post(t), http.StatusUnauthorized)
	}
	mustEqual(t, "requests for a key that is not there", p.requests("/keys/none"), 1)
	old := p.letter(s.base+"/ap/inbox", p.follow(s.actor()))
	old.sign(t)
	p.key = newPeer(t).key // from now on
	for n := range 20 {
		mustEqual(t, fmt.Sprint("the answer to what was signed with the key of before, number ", n), old.post(t), http.StatusUnauthorized)
	}
	mustEqual(t, "requests for a key that does not fit", p.requests("/users/reader"), 1)
	mustEqual(t, "a message with the new key", p.send(s.base+"/ap/inbox", p.follow(s.actor())), http.StatusAccepted)
	mustEqual(t, "followers", object(t, s.actor()+"/followers")["totalItems"], 1)
}

// followsReplayed: what was captured before an Undo does not undo it.
func followsReplayed(t *testing.T) {
	s, p := announcing(t), newPeerOfTwoKeys(t)
	s.serve()
	for _, actor := range speaking {
		for _, by := range schemes {
			id := s.actorNamed(actor)
			followers := func() any { return object(t, id+"/followers")["totalItems"] }
			send := func(what string, activity map[string]any, at int) *letter {
				l := p.letterBy(by, id+"/inbox", activity)
				dated(time.Duration(at) * time.Second)(l)
				l.sign(t)
				mustEqual(t, what, l.post(t), http.StatusAccepted)
				return l
			}
			captured := send("a Follow", p.follow(id), 0)
			mustEqual(t, "the same again", captured.post(t), http.StatusAccepted)
			mustEqual(t, "followers", followers(), 1)
			undone := send("an Undo", p.undo(id), 1)
			mustEqual(t, "the captured Follow", captured.post(t), http.StatusAccepted)
			mustEqual(t, fmt.Sprintf("followers of %s after the replay, %s", actor, by), followers(), 0)
			send("a Follow of later", p.follow(id), 2)
			mustEqual(t, "the captured Undo", undone.post(t), http.StatusAccepted)
			mustEqual(t, fmt.Sprintf("followers of %s after it, %s", actor, by), followers(), 1)
			send("an Undo", p.undo(id), 3)
			p = newPeerOfTwoKeys(t) // for which all is new
		}
	}
}

// namesThatAreNotOurs: WebFinger answers our exact names.
func namesThatAreNotOurs(t *testing.T) {
	s := announcing(t)
	s.serve()
	host := strings.TrimPrefix(s.base, "http://")
	for _, actor := range append([]string{"instance"}, speaking...) {
		for resource, want := range map[string]int{
			"acct:" + actor + "@" + host: 200, "acct:" + actor + "@other.example": 404, "acct:" + actor + "@" + host + ".evil.example": 404,
			"acct:" + actor + "x@" + host: 404, "acct:" + actor[1:] + "@" + host: 404, "acct:" + actor + "%00@" + host: 404, "acct:" + actor + "@" + host + "/x": 404,
			"acct:" + actor + "@evil.example@" + host: 404, s.actorNamed(actor) + "x": 404, "https://other.example/actors/" + actor: 404,
			"acct:nobody@" + host: 404, "acct:@" + host: 404, "*": 404,
		} {
			got := get(t, s.base+"/.well-known/webfinger?resource="+url.QueryEscape(resource), "Host", "other.example", "X-Forwarded-Host", "evil.example")
			mustEqual(t, resource, got.Status, want)
			if want == http.StatusOK {
				mustEqual(t, "subject", got.fields(t)["subject"], "acct:"+actor+"@"+host)
			}
		}
	}
}
