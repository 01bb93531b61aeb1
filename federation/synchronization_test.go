package federation_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"communique/federation"
	"communique/federation/federationtest"
	"communique/federation/signature"
	"communique/storage"
	"communique/storage/audience"
	"communique/storage/deliveries"
	"communique/storage/delivery"
	"communique/storage/press"
	"communique/storage/publog"
)

// synchronized is a site that a server follows which compares followers.
type synchronized struct {
	*federationtest.Site
	t      *testing.T
	server *federationtest.Mastodon
}

func newSynchronized(t *testing.T, accounts ...string) synchronized {
	s := federationtest.NewSite(t)
	w := synchronized{s, t, &federationtest.Mastodon{Peer: s.NewPeer()}}
	for _, name := range accounts {
		w.follows(name)
	}
	return w
}

// follows makes an account follow the ministry, as both sides know.
func (w synchronized) follows(name string) {
	w.t.Helper()
	p := w.server.As(name)
	p.MustSend(w.Inbox(), p.Activity("Follow", "follow-of-"+name, w.Actor("ministry")))
	w.server.Following = append(w.server.Following, name)
}

// publish delivers an article to the server, which looks at what is said of followers.
func (w synchronized) publish() federationtest.Arrival {
	w.t.Helper()
	_, e := w.Publish("A treaty was signed")
	return w.deliver(stepOf(delivery.Create, e))
}

func (w synchronized) deliver(step delivery.Step) federationtest.Arrival {
	w.t.Helper()
	if err := w.Server.Sender().Send(w.t.Context(), destination(w.server.Peer, "ministry"), step); err != nil {
		w.t.Fatal(err)
	}
	all := w.server.Arrivals()
	a := all[len(all)-1]
	if err := a.Verify(publicPEM(w.Site, "ministry")); err != nil {
		w.t.Errorf("the delivery is not signed: %v", err)
	}
	w.server.Synchronize(a, w.Actor("ministry"))
	return a
}

// here are the names of those who follow the ministry, as the site knows.
func (w synchronized) here() (names []string) {
	w.t.Helper()
	w.View(func(tx *storage.Tx) error {
		ids, err := tx.ListFollowersAt(publog.ActorSource("ministry"), w.server.Host())
		for _, id := range ids {
			names = append(names, strings.TrimPrefix(id, w.server.URL()+"/users/"))
		}
		return err
	})
	return names
}

// agreed wants both sides to know the same follows.
func (w synchronized) agreed(what string, want ...string) {
	w.t.Helper()
	slices.Sort(w.server.Following)
	same(w.t, what+", here", w.here(), want)
	same(w.t, what+", there", w.server.Following, want)
}

// TestFollowersAreSynchronized: a server that compares finds nothing where both sides
// know the same, and mends by itself what one side has lost (INTEROP S10).
func TestFollowersAreSynchronized(t *testing.T) {
	t.Parallel()
	for _, message := range []bool{false, true} {
		w := newSynchronized(t, "ada", "bela", "cleo")
		w.server.AnswerWith(func(a federationtest.Arrival) int {
			if (a.Header.Get("Signature-Input") != "") != message {
				return http.StatusUnauthorized
			}
			return 0
		})
		other := w.NewPeer()
		other.MustSend(w.Inbox(), other.Follow(w.Actor("ministry")))
		w.publish()
		same(t, "compared and fetched", []int{w.server.Compared, w.server.Fetched}, []int{1, 0})

		w.server.Following = slices.DeleteFunc(w.server.Following, func(name string) bool { return name == "bela" })
		w.publish()
		w.agreed("after an Undo that was lost", "ada", "cleo")

		w.Update(func(tx *storage.Tx) error {
			return tx.RemoveFollower(publog.ActorSource("ministry"), w.server.As("ada").Actor(), time.Time{})
		})
		w.publish()
		w.agreed("after a follow that ended here alone", "cleo")

		w.follows("dora")
		fetched := w.server.Fetched
		w.publish()
		same(t, "fetched when all agree", w.server.Fetched, fetched)
		w.agreed("at the end", "cleo", "dora")
	}
}

// TestSynchronizationIsOfTheSigner: what is said is of the followers of whoever signs,
// at the host that it goes to, in deliveries to them alone.
func TestSynchronizationIsOfTheSigner(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t, announcing)
	a, e := s.Publish("A treaty was signed")
	_, withdrawn := s.Withdraw(a.ID)
	p, none := s.NewPeer(), s.NewPeer()
	p.MustSend(s.Inbox(), p.Follow(s.Actor("minister")))
	sender := s.Server.Sender()
	for _, tt := range []struct {
		what string
		to   deliveries.Destination
		step delivery.Step
		says bool
	}{
		{"by whom they follow", destination(p, "minister"), stepOf(delivery.Announce, e), true},
		{"by the author, whom nobody there follows", destination(p, "minister"), stepOf(delivery.Delete, withdrawn), false},
		{"where nobody follows", destination(none, "minister"), stepOf(delivery.Announce, e), false},
	} {
		if err := sender.Send(t.Context(), tt.to, tt.step); err != nil {
			t.Fatal(err)
		}
		got := append(none.Arrivals(), p.Arrivals()...)
		header := got[len(got)-1].Header.Get("Collection-Synchronization")
		if strings.HasPrefix(header, fmt.Sprintf(`collectionId="%s/followers", url="%[1]s/followers_synchronization", digest="`, s.Actor("minister"))) != tt.says || (header != "") != tt.says {
			t.Errorf("%s: %q", tt.what, header)
		}
	}
	if err := sender.SendDirected(t.Context(), s.Directed()[0].Directed); err != nil {
		t.Fatal(err)
	}
	all := p.Arrivals()
	same(t, "with an Accept", all[len(all)-1].Header.Get("Collection-Synchronization"), "")
}

// TestSynchronizationAfterARestore: a list that is older than the follows of others
// ends none of them, until somebody says that it counts.
func TestSynchronizationAfterARestore(t *testing.T) {
	t.Parallel()
	w := newSynchronized(t, "ada")
	w.Update(func(tx *storage.Tx) error {
		_, err := tx.Reopen()
		return err
	})
	w.server.Following = append(w.server.Following, "bela") // after the backup
	a := w.publish()
	same(t, "what is said", a.Header.Get("Collection-Synchronization"), "")
	answer, err := w.server.FetchDocument(w.Actor("ministry") + "/followers_synchronization")
	if !errors.Is(err, press.ErrNotFound) {
		t.Errorf("the list is answered %d, %v: %s", answer.Status, err, answer.Body)
	}
	same(t, "follows there", w.server.Following, []string{"ada", "bela"})
	w.Update((*storage.Tx).ConfirmFollowers)
	w.publish()
	w.agreed("once it is confirmed", "ada")
}

// TestFollowersThatCannotBeListed: a list that receivers would not read whole is neither
// spoken of nor given.
func TestFollowersThatCannotBeListed(t *testing.T) {
	t.Parallel()
	w := newSynchronized(t, "ada")
	long := w.server.As(strings.Repeat("x", 900)).Actor()
	w.Update(func(tx *storage.Tx) error {
		for n := range 1100 {
			id := fmt.Sprintf("%s%d", long, n)
			if _, err := tx.AddFollower(audience.Follow{
				Source: publog.ActorSource("ministry"), Actor: id, Inbox: w.server.Inbox(), Delivery: w.server.SharedInbox(), Signed: w.Clock.Now(),
				Accept: deliveries.Directed{ID: fmt.Sprint(n), Source: publog.ActorSource("ministry"), Recipient: id, Inbox: w.server.Inbox()},
			}); err != nil {
				return err
			}
		}
		return nil
	})
	same(t, "what is said", w.publish().Header.Get("Collection-Synchronization"), "")
	if answer, err := w.server.FetchDocument(w.Actor("ministry") + "/followers_synchronization"); !errors.Is(err, press.ErrNotFound) {
		t.Errorf("the list is answered %d, %v, %d bytes", answer.Status, err, len(answer.Body))
	}
}

// SECURITY A58: who asks for followers gets those of their own server, and nobody gets
// anything who does not prove which that is.
func TestA58FollowersOfOthers(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t, announcing)
	p, q, blocked := s.NewPeer().WithEd25519(), s.NewPeer(), s.NewPeer()
	for _, each := range []*federationtest.Peer{p, p.As("bela"), q, blocked} {
		each.MustSend(s.Inbox(), each.Activity("Follow", "by-"+each.Actor(), s.Actor("ministry")))
	}
	s.Update(func(tx *storage.Tx) error {
		_, err := tx.AddBlock(audience.Block{Subject: blocked.Host(), Kind: audience.BlockDomain})
		return err
	})
	list := s.Actor("ministry") + "/followers_synchronization"
	for _, tt := range []struct {
		who  *federationtest.Peer
		of   string
		want []any
	}{
		{p, "ministry", []any{p.As("bela").Actor(), p.Actor()}},
		{p.As("stranger"), "ministry", []any{p.As("bela").Actor(), p.Actor()}},
		{q, "ministry", []any{q.Actor()}},
		{s.NewPeer(), "ministry", []any{}},
		{p, "minister", []any{}},
		{p, federation.InstanceName, []any{}},
	} {
		answer, err := tt.who.FetchDocument(s.Actor(tt.of) + "/followers_synchronization")
		if err != nil {
			t.Fatal(err)
		}
		same(t, "followers of "+tt.of, answer.Fields()["orderedItems"], any(tt.want))
		same(t, "may be kept", answer.Header.Get("Cache-Control"), "private, no-store")
	}
	for _, by := range federationtest.Schemes {
		if status, err := p.FetchBy(by, list); err != nil || status != http.StatusOK {
			t.Errorf("%s: %d %v", by, status, err)
		}
	}
	if answer := s.Get(list); !errors.Is(answer.Err, signature.ErrInvalid) {
		t.Errorf("unsigned: %d %v", answer.Status, answer.Err)
	}
	if _, err := p.FetchDocument(s.Actor("nobody") + "/followers_synchronization"); !errors.Is(err, press.ErrNotFound) {
		t.Errorf("of nobody: %v", err)
	}
	// In the names of others, of whom one is blocked: nothing tells which.
	refusal := s.Get(list).Err.Error()
	for _, keyID := range []string{q.KeyID(), blocked.KeyID(), "http://127.0.0.1:1/users/nobody#main-key", p.Actor() + "#no-key"} {
		l := p.Letter(list, []byte{})
		l.Request.Method, l.KeyID = http.MethodGet, keyID
		if _, err := l.Sign().Post(); !errors.Is(err, signature.ErrInvalid) || !strings.HasSuffix(err.Error(), refusal) {
			t.Errorf("as %s: %v, want %s", keyID, err, refusal)
		}
	}
	if _, err := blocked.FetchDocument(list); !errors.Is(err, signature.ErrInvalid) || !strings.HasSuffix(err.Error(), refusal) {
		t.Errorf("by a blocked server: %v, want %s", err, refusal)
	}
}

// supposing is an activity with what a server says of follows of ours.
func supposing(p *federationtest.Peer, inbox, header string, covered bool) *federationtest.Letter {
	l := p.Letter(inbox, p.Activity("Like", "like", "https://elsewhere.example/1"))
	l.Request.Header.Set("Collection-Synchronization", header)
	if covered {
		l.Covered += " collection-synchronization"
	}
	return l.Sign()
}

// TestSupposedFollows: our actors follow nobody. A server that lists some of them among
// an account's followers is sent an Undo, which is all that it can make us do (SECURITY
// A59).
func TestA59SupposedFollows(t *testing.T) {
	t.Parallel()
	const digest = "a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90"
	s := federationtest.NewSite(t, announcing)
	tell := func(change func(p *federationtest.Peer, said map[string]string) (covered bool)) (p *federationtest.Peer) {
		t.Helper()
		p = s.NewPeer()
		p.Describe("followers", p.Actor()+"/followers")
		p.Show("/list", federationtest.MediaType, map[string]any{
			"id": p.URL() + "/list", "type": "OrderedCollection", "first": map[string]any{
				"type": "OrderedCollectionPage", "orderedItems": []any{s.Actor("ministry"), s.Actor("ministry"), "https://elsewhere.example/x", s.Actor(federation.InstanceName)},
				"next": p.URL() + "/list2",
			},
		})
		p.Show("/list2", federationtest.MediaType, map[string]any{"type": "OrderedCollectionPage", "orderedItems": []any{s.Actor("minister")}})
		said := map[string]string{"collectionId": p.Actor() + "/followers", "url": p.URL() + "/list", "digest": digest}
		covered := change(p, said)
		header := fmt.Sprintf(`collectionId="%s", digest="%s", url="%s"`, said["collectionId"], said["digest"], said["url"])
		status, err := supposing(p, s.Inbox(), header, covered).Post()
		accepted(t, "a message", status, err)
		if err := s.Server.LookAtSupposed(t.Context()); err != nil {
			t.Log(err)
		}
		return p
	}
	undone := func(p *federationtest.Peer) (objects []string) {
		for _, m := range s.Directed() {
			if m.Inbox == p.Inbox() {
				objects = append(objects, fmt.Sprintf("%t %s", strings.Contains(string(m.Body), `"Undo"`), m.Source))
			}
		}
		slices.Sort(objects)
		return objects
	}
	all := []string{"true actor:minister", "true actor:ministry"}
	p := tell(func(*federationtest.Peer, map[string]string) bool { return true })
	same(t, "undone", undone(p), all)
	for range 3 {
		status, err := supposing(p, s.Inbox(), fmt.Sprintf(`collectionId="%s/followers",url="%s/list",digest="%s"`, p.Actor(), p.URL(), digest), true).Post()
		accepted(t, "again", status, err)
		if err := s.Server.LookAtSupposed(t.Context()); err != nil {
			t.Error(err)
		}
	}
	same(t, "undone again at once", []any{undone(p), p.Requests("/list")}, []any{[]string(nil), 1})
	s.Clock.Pass(2 * time.Hour)

	third := s.NewPeer()
	for what, change := range map[string]func(p *federationtest.Peer, said map[string]string) bool{
		"not signed": func(*federationtest.Peer, map[string]string) bool { return false },
		"of nothing": func(_ *federationtest.Peer, said map[string]string) bool {
			said["digest"] = strings.Repeat("0", 64)
			return true
		},
		"without a digest": func(_ *federationtest.Peer, said map[string]string) bool { said["digest"] = ""; return true },
		"a list of another's": func(_ *federationtest.Peer, said map[string]string) bool {
			said["url"] = third.URL() + "/list"
			return true
		},
		"followers of another": func(p *federationtest.Peer, said map[string]string) bool {
			said["collectionId"] = p.As("x").Actor() + "/followers"
			return true
		},
		"a list without end": func(p *federationtest.Peer, _ map[string]string) bool {
			p.Show("/list2", federationtest.MediaType, map[string]any{"type": "OrderedCollectionPage", "orderedItems": []any{s.Actor("ministry")}, "next": p.URL() + "/list2"})
			return true
		},
		"a list that leads away": func(p *federationtest.Peer, _ map[string]string) bool {
			p.Show("/list2", federationtest.MediaType, map[string]any{"type": "OrderedCollectionPage", "orderedItems": []any{}, "next": third.URL() + "/list"})
			return true
		},
		"no list": func(p *federationtest.Peer, _ map[string]string) bool {
			p.Show("/list", federationtest.MediaType, map[string]any{"type": "Note", "orderedItems": []any{s.Actor("ministry")}})
			return true
		},
	} {
		p := tell(change)
		if got := undone(p); len(got) != 0 {
			t.Errorf("%s: %v", what, got)
		}
		if n := p.Requests("/list2"); n > 10 {
			t.Errorf("%s: %d pages were read", what, n)
		}
	}
	same(t, "what a third party was asked for", third.Requests("/list"), 0)
}
