package federation_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"communique/federation/federationtest"
	"communique/storage"
	"communique/storage/audience"
	"communique/storage/deliveries"
	"communique/storage/press"
)

// holdersOf are the inboxes of the servers that may hold an article, in the order in
// which they showed it.
func holdersOf(s *federationtest.Site, e press.Entry) (urls []string) {
	for _, d := range s.Destinations() {
		if d.MayHold(e.Pushed) {
			urls = append(urls, d.URL)
		}
	}
	return urls
}

// TestWhoeverFetchesAnArticleHoldsIt: a signed GET that verifies is enough, by every
// scheme and of every document that has a text in it or leads to one. Mastodon 4.7
// signs all it fetches (lib/request.rb, models/concerns/json_ld_helper.rb), GoToSocial
// refuses to do otherwise (docs/federation/http_signatures.md).
func TestWhoeverFetchesAnArticleHoldsIt(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	a, e := s.Publish("Fetched")
	s.Update(func(tx *storage.Tx) error {
		_, err := tx.Pin(a.ID)
		return err
	})
	var want []string
	for _, address := range []string{
		objectID(a), s.Actor("ministry") + "/featured", s.Actor("ministry") + "/outbox?before=9007199254740991",
		fmt.Sprintf("%s/ap/activities/%d/create", federationtest.Base, e.Seq),
	} {
		for _, by := range federationtest.Schemes {
			p := s.NewPeer().WithEd25519()
			for range 2 {
				status, err := p.FetchBy(by, address)
				if err != nil || status != http.StatusOK {
					t.Fatalf("%s at %s is answered %d: %v", by, address, status, err)
				}
			}
			want = append(want, p.SharedInbox())
			same(t, "who holds it after "+by.String()+" at "+address, holdersOf(s, e), want)
			same(t, "keys that were fetched", len(p.Fetches()), 1)
		}
	}
	for _, d := range s.Destinations() {
		if d.Covered(e.Seq) {
			t.Errorf("%s is to get a Create", d.URL)
		}
	}
	later, _ := s.Publish("Fetched later")
	p := s.NewPeer()
	for _, id := range []press.Article{a, later} {
		if _, err := p.Fetch(objectID(id)); err != nil {
			t.Fatal(err)
		}
	}
	same(t, "rows of one server", len(s.Destinations()), len(want)+1)
}

// TestWhoReadsWithoutProof: who can't be verified is answered as who doesn't sign,
// and noted nowhere.
func TestWhoReadsWithoutProof(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	a, _ := s.Publish("Fetched")
	secret, _ := s.Publish("A secret", func(d *press.Draft) { d.Published = s.Clock.Now().Add(time.Hour) })
	p := s.NewPeer()
	rogue, dead, blocked := s.NewPeer(), s.NewPeer(), s.NewPeer()
	rogue.Describe("publicKey", p.Document()["publicKey"])
	dead.Serve("/users/reader", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	block(s, audience.BlockDomain, blocked.Host())
	for name, who := range map[string]*federationtest.Peer{"another's key": rogue, "a key that can't be had": dead, "a blocked server": blocked} {
		status, err := who.Fetch(objectID(a))
		same(t, "the answer to "+name, []any{status, err}, []any{http.StatusOK, nil})
	}
	same(t, "the answer without a signature", s.Get(objectID(a)).Status, http.StatusOK)
	same(t, "the answer to a broken one", s.Get(objectID(a), "Signature", `keyId="x"`).Status, http.StatusOK)
	if _, err := p.Fetch(objectID(secret)); err == nil {
		t.Error("a secret is told")
	}
	if _, err := p.Fetch(s.Actor("ministry")); err != nil {
		t.Error(err)
	}
	same(t, "destinations", s.Destinations(), []deliveries.Destination(nil))
	same(t, "fetches of the key of who asks for an actor or a secret", len(p.Fetches()), 0)
}

// TestPinnedArticlesAreRead: whoever follows while articles are pinned takes them from
// featured, and is told of their withdrawal (Mastodon,
// services/activitypub/fetch_featured_collection_service.rb; seen with 4.7.0-alpha.2).
func TestPinnedArticlesAreRead(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	a, e := s.Publish("Pinned")
	before := s.NewPeer()
	before.MustSend(s.Inbox(), before.Follow(s.Actor("ministry")))
	same(t, "who holds it before", holdersOf(s, e), []string(nil))
	s.Update(func(tx *storage.Tx) error {
		if _, err := tx.Pin(a.ID); err != nil {
			return err
		}
		_, err := tx.AppendActor("ministry")
		return err
	})
	after := s.NewPeer()
	after.MustSend(s.Inbox(), after.Follow(s.Actor("ministry")))
	same(t, "who holds it", holdersOf(s, e), []string{before.SharedInbox(), after.SharedInbox()})
}
