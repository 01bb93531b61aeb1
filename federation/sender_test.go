package federation_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"communique/federation"
	"communique/federation/federationtest"
	"communique/storage"
	"communique/storage/deliveries"
	"communique/storage/delivery"
	"communique/storage/press"
	"communique/storage/publog"
)

// publicPEM is the RSA key that an actor publishes.
func publicPEM(s *federationtest.Site, actor string) string {
	text, _ := at(s.Get(s.Actor(actor)).Fields(), "publicKey", "publicKeyPem").(string)
	return text
}

func destination(p *federationtest.Peer, actor string) deliveries.Destination {
	return deliveries.Destination{Source: publog.ActorSource(actor), URL: p.SharedInbox()}
}

// stepOf is a step that settles its own entry.
func stepOf(verb delivery.Verb, e press.Entry) delivery.Step {
	return delivery.Step{Verb: verb, Entry: e, Settles: e.Seq, Covers: []press.Entry{e}}
}

// TestSenderSays: each verb is an activity of the actor that says it, under an id
// that answers, signed with the key that it publishes.
func TestSenderSays(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t, announcing)
	a, published := s.Publish("A treaty was signed")
	_, corrected := s.Correct(a.ID, "Two treaties were signed")
	_, withdrawn := s.Withdraw(a.ID)
	var profile, move press.Entry
	s.Update(func(tx *storage.Tx) (err error) {
		if profile, err = tx.AppendActor("minister"); err != nil {
			return err
		}
		move, err = tx.MoveActor("minister", "https://social.example/users/minister")
		return err
	})
	p, sender := s.NewPeer(), s.Server.Sender()
	for _, tt := range []struct {
		verb   delivery.Verb
		entry  press.Entry
		to     string // the source of the destination
		kind   string
		by     string
		object any // its id
	}{
		{delivery.Create, published, "ministry", "Create", "ministry", objectID(a)},
		{delivery.Update, corrected, "ministry", "Update", "ministry", objectID(a)},
		{delivery.Delete, withdrawn, "ministry", "Delete", "ministry", objectID(a)},
		{delivery.Delete, withdrawn, "minister", "Delete", "ministry", objectID(a)}, // to those who have it from another
		{delivery.Announce, published, "minister", "Announce", "minister", nil},
		{delivery.Profile, profile, "minister", "Update", "minister", s.Actor("minister")},
		{delivery.Move, move, "minister", "Move", "minister", nil},
	} {
		before := len(p.Arrivals())
		if err := sender.Send(t.Context(), destination(p, tt.to), stepOf(tt.verb, tt.entry)); err != nil {
			t.Errorf("%s: %v", tt.verb, err)
			continue
		}
		got := p.Arrivals()[before:]
		same(t, "deliveries of "+string(tt.verb), len(got), 1)
		same(t, "what arrives of "+string(tt.verb), []any{got[0].Kind(), got[0].Fields["actor"], at(got[0].Fields, "object", "id")}, []any{tt.kind, s.Actor(tt.by), tt.object})
		same(t, "its key", got[0].KeyID(), s.Actor(tt.by)+"#main-key")
		if err := got[0].Verify(publicPEM(s, tt.by)); err != nil {
			t.Errorf("%s is not signed: %v", tt.verb, err)
		}
	}
	same(t, "where the actor has moved", p.Arrivals()[len(p.Arrivals())-1].Fields["target"], any("https://social.example/users/minister"))
}

// TestSenderRendersOnce: an activity is the same bytes at every attempt, and
// everywhere.
func TestSenderRendersOnce(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	_, e := s.Publish("A treaty was signed")
	p, other := s.NewPeer(), s.NewPeer()
	first, second := s.Server.Sender(), s.Server.Sender()
	for _, send := range []func() error{
		func() error {
			return first.Send(t.Context(), destination(p, "ministry"), stepOf(delivery.Create, e))
		},
		func() error {
			return first.Send(t.Context(), destination(other, "ministry"), stepOf(delivery.Create, e))
		},
		func() error {
			return second.Send(t.Context(), destination(p, "ministry"), stepOf(delivery.Create, e))
		},
	} {
		if err := send(); err != nil {
			t.Fatal(err)
		}
	}
	same(t, "at another server", string(other.Arrivals()[0].Body), string(p.Arrivals()[0].Body))
	same(t, "by another process", string(p.Arrivals()[1].Body), string(p.Arrivals()[0].Body))
}

// TestNoIDHasTwoBodies: a server that would say it otherwise, as one of another version or
// with other settings, sends what was said first, and says what is new in its own way.
func TestNoIDHasTwoBodies(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	a, e := s.Publish("A treaty was signed")
	p, before := s.NewPeer(), s.Server.Sender()
	send := func(by *federation.Sender, verb delivery.Verb, e press.Entry) string {
		t.Helper()
		if err := by.Send(t.Context(), destination(p, "ministry"), stepOf(verb, e)); err != nil {
			t.Fatal(err)
		}
		all := p.Arrivals()
		return string(all[len(all)-1].Body)
	}
	first := send(before, delivery.Create, e)
	s.Options.Quotes = federation.QuotesFollowers
	s.Start()
	after := s.Server.Sender()
	same(t, "the same activity", send(after, delivery.Create, e), first)
	_, corrected := s.Correct(a.ID, "Two treaties were signed")
	news := send(after, delivery.Update, corrected)
	if !strings.Contains(news, `"automaticApproval":["`+s.Actor("ministry")+`/followers"]`) {
		t.Errorf("what is new is said in the old way: %s", news)
	}
	same(t, "by one that was not upgraded yet", send(before, delivery.Update, corrected), news)
}

// TestSenderForgetsTheOldest: more activities than are kept are rendered anew, and
// one that could not be rendered is tried again.
func TestSenderForgetsTheOldest(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	_, e := s.Publish("A treaty was signed")
	p, sender := s.NewPeer(), s.Server.Sender()
	for n := range 100 {
		missing := press.Entry{Seq: press.Seq(1000 + n), Article: "k3tq5m2zr7ab4cde", Revision: 1}
		if err := sender.Send(t.Context(), destination(p, "ministry"), stepOf(delivery.Create, missing)); !errors.Is(err, press.ErrNotFound) {
			t.Fatalf("of nothing: %v", err)
		}
	}
	if err := sender.Send(t.Context(), destination(p, "ministry"), stepOf(delivery.Create, e)); err != nil {
		t.Error(err)
	}
	same(t, "deliveries", len(p.Arrivals()), 1)
}

// TestSenderVerdicts: what an answer means for what was sent.
func TestSenderVerdicts(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	_, e := s.Publish("A treaty was signed")
	p, sender := s.NewPeer(), s.Server.Sender()
	for _, tt := range []struct {
		status int // 0: the connection ends
		want   delivery.Verdict
	}{
		{200, delivery.Settled},
		{202, delivery.Settled},
		{301, delivery.Later},
		{400, delivery.Refused},
		{401, delivery.Later},
		{403, delivery.Refused},
		{404, delivery.Missing},
		{408, delivery.Later},
		{410, delivery.Gone},
		{422, delivery.Refused},
		{429, delivery.Later},
		{500, delivery.Later},
		{501, delivery.Refused},
		{503, delivery.Later},
		{0, delivery.Later},
	} {
		inbox := fmt.Sprintf("/%d/inbox", tt.status)
		p.Serve(inbox, func(w http.ResponseWriter, _ *http.Request) {
			if tt.status == 0 {
				panic(http.ErrAbortHandler)
			}
			w.Header().Set("Retry-After", "120")
			w.WriteHeader(tt.status)
			_, _ = w.Write([]byte("It is \x1b[31mthis way"))
		})
		err := sender.Send(t.Context(), deliveries.Destination{Source: publog.ActorSource("ministry"), URL: p.URL() + inbox}, stepOf(delivery.Create, e))
		var f *delivery.Failure
		switch {
		case tt.want == delivery.Settled:
			if err != nil {
				t.Errorf("%d: %v", tt.status, err)
			}
		case !errors.As(err, &f) || f.Verdict != tt.want || f.Status != tt.status:
			t.Errorf("%d: %v, want the verdict %d", tt.status, err, tt.want)
		case tt.status != 0 && (f.RetryAfter != 2*time.Minute || !strings.Contains(f.Detail, "this way")):
			t.Errorf("%d: retry after %s, %q", tt.status, f.RetryAfter, f.Detail)
		}
	}
	err := sender.Send(t.Context(), deliveries.Destination{Source: publog.ActorSource("ministry"), URL: "http://192.0.2.1/inbox"}, stepOf(delivery.Create, e))
	var f *delivery.Failure
	if !errors.As(err, &f) || f.Verdict != delivery.Later {
		t.Errorf("where we don't connect to: %v", err)
	}
}

// TestSendDirected: a message goes to one inbox, signed by the actor of its source.
func TestSendDirected(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t, announcing)
	p := s.NewPeer()
	p.MustSend(s.Inbox(), p.Follow(s.Actor("minister")))
	m := s.Directed()[0].Directed
	if err := s.Server.Sender().SendDirected(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	got := p.Wait(1)[0]
	same(t, "the message", []any{got.Path, got.Kind(), got.KeyID()}, []any{"/users/reader/inbox", "Accept", s.Actor("minister") + "#main-key"})
	if err := got.Verify(publicPEM(s, "minister")); err != nil {
		t.Error(err)
	}
	m.Source = publog.ActorSource("retired")
	if err := s.Server.Sender().SendDirected(t.Context(), m); err == nil {
		t.Error("nobody says something")
	}
}

// TestSenderLearnsSchemes: a server that takes the other scheme only is asked
// twice once, also after a new start, and until it changes its mind.
func TestSenderLearnsSchemes(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	_, e := s.Publish("A treaty was signed")
	p := s.NewPeer()
	takes := func(message bool) {
		p.AnswerWith(func(a federationtest.Arrival) int {
			if (a.Header.Get("Signature-Input") != "") != message {
				return http.StatusUnauthorized
			}
			return 0
		})
	}
	requests := func() int {
		before := len(p.Arrivals())
		if err := s.Server.Sender().Send(t.Context(), destination(p, "ministry"), stepOf(delivery.Create, e)); err != nil {
			t.Error(err)
		}
		all := p.Arrivals()
		if err := all[len(all)-1].Verify(publicPEM(s, "ministry")); err != nil {
			t.Error(err)
		}
		return len(all) - before
	}
	takes(true)
	same(t, "requests at first", requests(), 2)
	same(t, "requests after that", requests(), 1)
	s.Start()
	same(t, "requests after a new start", requests(), 1)
	takes(false)
	same(t, "requests when it changes its mind", requests(), 2)
	s.Start()
	same(t, "requests after that and a new start", requests(), 1)
}
