package federation_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"communique/federation"
	"communique/federation/federationtest"
	"communique/federation/signature"
	"communique/storage/delivery"
	"communique/storage/press"
)

// theirs is a server that follows the ministry and treats keys as one of those that
// nobody here wrote: see "Seen with real servers" in INTEROP.
type theirs struct {
	t *testing.T
	s *federationtest.Site
	p *federationtest.Peer

	mu       sync.Mutex
	keys     map[string]string // what it knows of the ministry's, by id
	looked   time.Time         // when it last fetched the ministry
	memory   map[string]string // what it has once verified with, by id
	queue    []federationtest.Arrival
	taken    []string // ids of activities that have had their effect
	refollow int      // how often its followers were made to follow anew
	mute     bool     // its queue stands
	deaf     bool     // it passes over an Update of an Organization
	keep     func(all map[string]string, main string) map[string]string
	receive  func(*theirs, federationtest.Arrival) int
	work     func(*theirs, federationtest.Arrival) bool // whether it takes effect
}

// keysIn are the keys of an actor's document, and which of them is the publicKey.
func keysIn(t *testing.T, document any) (all map[string]string, main string) {
	t.Helper()
	main, _ = at(document, "publicKey", "id").(string)
	pem, _ := at(document, "publicKey", "publicKeyPem").(string)
	all = map[string]string{main: pem}
	methods, _ := at(document, "assertionMethod").([]any)
	for _, m := range methods {
		id, _ := at(m, "id").(string)
		text, _ := at(m, "publicKeyMultibase").(string)
		key, err := signature.ParseMultikey(text)
		if err != nil {
			t.Error(err)
		}
		if all[id], err = signature.EncodePublicKey(key); err != nil {
			t.Error(err)
		}
	}
	return all, main
}

// look fetches the ministry.
func (k *theirs) look() (all map[string]string, main string) {
	k.looked = k.s.Clock.Now()
	return keysIn(k.t, k.s.Get(k.s.Actor("ministry")).Fields())
}

// told are the keys that an Update tells of, if a message is one.
func (k *theirs) told(a federationtest.Arrival) (all map[string]string, main string) {
	if a.Kind() != "Update" || at(a.Fields, "object", "publicKey") == nil {
		return nil, ""
	}
	return keysIn(k.t, a.Fields["object"])
}

func (k *theirs) verifies(a federationtest.Arrival, pem string) bool {
	return pem != "" && a.Verify(pem) == nil
}

func (k *theirs) answer(a federationtest.Arrival) int {
	k.mu.Lock()
	defer k.mu.Unlock()
	status := k.receive(k, a)
	if status == 0 {
		k.queue = append(k.queue, a)
		if !k.mute {
			k.workOff()
		}
	}
	return status
}

func (k *theirs) workOff() {
	for _, a := range k.queue {
		id, _ := a.Fields["id"].(string)
		if (k.work == nil || k.work(k, a)) && !slices.Contains(k.taken, id) {
			k.taken = append(k.taken, id)
		}
		if all, main := k.told(a); all != nil && !k.deaf && slices.Contains(k.taken, id) {
			k.keys = k.keep(all, main)
		}
	}
	k.queue = nil
}

// only is the one key of a server that keeps one.
func (k *theirs) only() (id, pem string) {
	for id, pem = range k.keys {
		return id, pem
	}
	return "", ""
}

// oneKey is what a server keeps that reads publicKey, allKeys if it reads
// assertionMethod too.
func oneKey(all map[string]string, main string) map[string]string {
	return map[string]string{main: all[main]}
}

func allKeys(all map[string]string, _ string) map[string]string { return all }

// mastodon47 knows keys by their ids. An unknown id is answered 401 if it looked at the
// actor within a day; otherwise it fetches, and if all keys have changed its followers
// follow anew (app/lib/signed_request.rb, fetch_remote_key_service.rb#find_actor,
// process_account_service.rb; seen with 4.7.0-alpha.2).
func mastodon47(k *theirs, a federationtest.Arrival) int {
	if _, known := k.keys[a.KeyID()]; !known && k.s.Clock.Now().Sub(k.looked) >= 24*time.Hour {
		before := k.keys
		k.keys, _ = k.look()
		changed := true
		for _, pem := range before {
			changed = changed && !slices.Contains(slices.Collect(maps.Values(k.keys)), pem)
		}
		if changed {
			k.refollow++
		}
	}
	if !k.verifies(a, k.keys[a.KeyID()]) {
		return http.StatusUnauthorized
	}
	return 0
}

// mastodon44 keeps one key whatever its id. If that does not fit it fetches, and if
// there is another one its followers follow anew (tag v4.4.22,
// process_account_service.rb#key_changed?; seen).
func mastodon44(k *theirs, a federationtest.Arrival) int {
	_, pem := k.only()
	if k.verifies(a, pem) {
		return 0
	}
	k.keys = k.keep(k.look())
	if _, now := k.only(); now != pem {
		k.refollow++
	}
	if _, pem = k.only(); !k.verifies(a, pem) {
		return http.StatusUnauthorized
	}
	return 0
}

// gotosocial asks for a key by its id if it is not the one it keeps, and finds it in
// publicKey only (internal/federation/authenticate.go).
func gotosocial(k *theirs, a federationtest.Arrival) int {
	pem, known := k.keys[a.KeyID()]
	if !known {
		all, main := k.look()
		if main != a.KeyID() {
			return http.StatusUnauthorized
		}
		pem = all[main]
	}
	if !k.verifies(a, pem) {
		return http.StatusUnauthorized
	}
	return 0
}

// misskey answers 202 to everything and drops later what does not verify. It keeps the
// keys that it has used in memory by their ids, for as long as it runs; what it knows
// besides is the last one that it was told
// (packages/backend/src/core/activitypub/ApDbResolverService.ts; seen).
func misskey(k *theirs, a federationtest.Arrival) bool {
	pem, known := k.memory[a.KeyID()]
	if !known {
		if pem, known = k.keys[a.KeyID()]; known {
			k.memory[a.KeyID()] = pem
		} else {
			_, pem = k.only()
		}
	}
	return k.verifies(a, pem)
}

// anything answers 202 before it verifies.
func anything(*theirs, federationtest.Arrival) int { return 0 }

// realServers are the servers that have followed the ministry.
var realServers = map[string]struct {
	software [2]string // name and version, as NodeInfo says them
	receive  func(*theirs, federationtest.Arrival) int
	work     func(*theirs, federationtest.Arrival) bool
	keep     func(all map[string]string, main string) map[string]string
}{
	"Mastodon 4.7": {[2]string{"mastodon", "4.7.0-alpha.2"}, mastodon47, nil, allKeys},
	"Mastodon 4.4": {[2]string{"mastodon", "4.4.22"}, mastodon44, nil, oneKey},
	"GoToSocial":   {[2]string{"gotosocial", "0.20.2"}, gotosocial, nil, oneKey},
	"Misskey":      {[2]string{"misskey", "2025.4.0"}, anything, misskey, oneKey},
	"snac":         {[2]string{"snac", "2.94"}, anything, snac, oneKey},
}

// TestReplacedKeysAtRealServers: S9. Nothing is lost there, nobody is asked to follow
// anew, and nothing counts as a failure, also where a queue is worked off late and where
// the server starts anew.
func TestReplacedKeysAtRealServers(t *testing.T) {
	t.Parallel()
	for name, server := range realServers {
		for _, late := range []bool{false, true} {
			for _, away := range []time.Duration{time.Hour, 3 * 24 * time.Hour} {
				t.Run(fmt.Sprintf("%s/late %t/%s", name, late, away), func(t *testing.T) {
					t.Parallel()
					s := federationtest.NewSite(t)
					p := s.NewPeer()
					k := &theirs{t: t, s: s, p: p, memory: map[string]string{}, deaf: name == "snac", keep: server.keep, receive: server.receive, work: server.work}
					k.keys = k.keep(k.look())
					p.AnswerWith(k.answer)
					sender := s.Server.Sender()
					saysSoftware(p, p.URL(), server.software[0], server.software[1])
					sent := 0
					send := func(verb delivery.Verb, e press.Entry) {
						t.Helper()
						if err := sender.Send(t.Context(), destination(p, "ministry"), stepOf(verb, e)); err != nil {
							t.Fatalf("%s of entry %d: %v", verb, e.Seq, err)
						}
						sent++
					}
					publish := func(title string) {
						t.Helper()
						_, e := s.Publish(title)
						send(delivery.Create, e)
					}
					answer := func() {
						t.Helper()
						p.MustSend(s.Inbox(), p.Follow(s.Actor("ministry")))
						for _, m := range s.Directed() {
							if err := sender.SendDirected(t.Context(), m.Directed); err != nil {
								t.Fatalf("an answer: %v", err)
							}
							sent++
						}
					}
					standing := func(mute bool) {
						k.mu.Lock()
						defer k.mu.Unlock()
						if k.mute = mute; !mute {
							k.workOff()
						}
					}
					answer()
					if err := s.Server.AskSoftware(t.Context()); err != nil {
						t.Fatal(err)
					}
					publish("Before")
					s.Clock.Pass(away)
					e, err := federation.ReplaceKey(t.Context(), s.Store, nil, federation.Replacement{Actor: "ministry"})
					if err != nil {
						t.Fatal(err)
					}
					standing(late)
					answer() // before it was told
					send(delivery.Profile, e)
					publish("At once")
					s.Clock.Pass(9 * time.Minute)
					publish("Nine minutes later")
					answer()
					s.Start() // remembers whom it has told
					sender = s.Server.Sender()
					standing(false)
					s.Clock.Pass(2 * time.Minute)
					publish("Eleven minutes later")
					answer()
					for day := range 3 {
						s.Clock.Pass(24 * time.Hour)
						publish(fmt.Sprint("Day ", day))
					}
					s.Clock.Pass(40 * 24 * time.Hour)
					publish("When the old key is gone")
					k.mu.Lock()
					defer k.mu.Unlock()
					distinct := map[string]bool{}
					for _, a := range p.Arrivals() {
						distinct[fmt.Sprint(a.Fields["id"])] = true
					}
					same(t, "what has had its effect", len(k.taken), len(distinct))
					same(t, "what was sent", len(distinct), sent)
					same(t, "how often all followed anew", k.refollow, 0)
				})
			}
		}
	}
}

// TestKeyOfAServerThatIsNew: who meets the actor after its key was replaced knows the
// new one only, and of what it can't verify it may say nothing.
func TestKeyOfAServerThatIsNew(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	old := s.NewPeer()
	old.MustSend(s.Inbox(), old.Follow(s.Actor("ministry")))
	if _, err := federation.ReplaceKey(t.Context(), s.Store, nil, federation.Replacement{Actor: "ministry"}); err != nil {
		t.Fatal(err)
	}
	p := s.NewPeer()
	p.MustSend(s.Inbox(), p.Follow(s.Actor("ministry")))
	for _, m := range s.Directed() {
		if err := s.Server.Sender().SendDirected(t.Context(), m.Directed); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[*federationtest.Peer]bool{old: false, p: true} {
		got := strings.HasPrefix(name.Wait(1)[0].KeyID(), s.Actor("ministry")+"#main-key-")
		same(t, "signed with the new key", got, want)
	}
}

// TestAServerThatWasAway while a key was replaced, and has looked at the actor by itself
// since, is not asked with the old key for each of what it has missed.
func TestAServerThatWasAway(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	p := s.NewPeer()
	p.MustSend(s.Inbox(), p.Follow(s.Actor("ministry")))
	var steps []delivery.Step
	publish := func(title string) {
		_, e := s.Publish(title)
		steps = append(steps, stepOf(delivery.Create, e))
	}
	publish("Before")
	publish("Before, too")
	e, err := federation.ReplaceKey(t.Context(), s.Store, nil, federation.Replacement{Actor: "ministry"})
	if err != nil {
		t.Fatal(err)
	}
	steps = append(steps, stepOf(delivery.Profile, e))
	publish("After")
	renewed := publicPEM(s, "ministry")
	p.AnswerWith(func(a federationtest.Arrival) int {
		if a.Verify(renewed) != nil {
			return http.StatusUnauthorized
		}
		return http.StatusAccepted
	})
	sender := s.Server.Sender()
	for i, step := range steps {
		if err := sender.Send(t.Context(), destination(p, "ministry"), step); err != nil {
			t.Fatal(err)
		}
		// Both schemes with the old key, before the new one is shown to it.
		same(t, fmt.Sprint("requests when it has taken ", 1+i), len(p.Arrivals()), 3+i)
	}
}

// TestKeyOfACompromised: nothing is signed with a key that somebody else may have.
func TestKeyOfACompromised(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	p := s.NewPeer()
	p.MustSend(s.Inbox(), p.Follow(s.Actor("ministry")))
	e, err := federation.ReplaceKey(t.Context(), s.Store, nil, federation.Replacement{Actor: "ministry", Compromised: true})
	if err != nil {
		t.Fatal(err)
	}
	p.AnswerWith(func(federationtest.Arrival) int { return http.StatusUnauthorized })
	sender := s.Server.Sender()
	if err := sender.Send(t.Context(), destination(p, "ministry"), stepOf(delivery.Profile, e)); err == nil {
		t.Error("what is refused counts as delivered")
	}
	for _, a := range p.Arrivals() {
		if err := a.Verify(publicPEM(s, "ministry")); err != nil {
			t.Error(err)
		}
	}
	same(t, "requests", len(p.Arrivals()), 2)
}

// TestTheKeyThatSignsFetches is replaced while the server runs; the old one is listed,
// unless somebody else may have it.
func TestTheKeyThatSignsFetches(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	instance := s.Actor(federation.InstanceName)
	signedBy := func() string {
		t.Helper()
		p := s.NewPeer()
		p.MustSend(s.Inbox(), p.Follow(s.Actor("ministry")))
		return p.Fetches()[0].KeyID()
	}
	same(t, "the key at first", signedBy(), instance+"#main-key")
	for _, compromised := range []bool{false, true} {
		before := signedBy()
		if _, err := federation.ReplaceKey(t.Context(), s.Store, nil, federation.Replacement{Actor: federation.InstanceName, Compromised: compromised}); err != nil {
			t.Fatal(err)
		}
		all, main := keysIn(t, s.Get(instance).Fields())
		same(t, "the key that signs", signedBy(), main)
		same(t, "it is another one", main != before && strings.HasPrefix(main, instance+"#main-key-"), true)
		_, listed := all[before]
		same(t, "the old one is listed", listed, !compromised)
	}
}

// TestTheAuthorsKeyElsewhere: who follows another actor gets corrections that the author
// signs, and is told of its key too.
func TestTheAuthorsKeyElsewhere(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t, announcing)
	p := s.NewPeer()
	p.MustSend(s.Inbox(), p.Follow(s.Actor("minister")))
	first := publicPEM(s, "ministry")
	a, _ := s.Publish("A treaty was signed")
	e, err := federation.ReplaceKey(t.Context(), s.Store, nil, federation.Replacement{Actor: "ministry"})
	if err != nil {
		t.Fatal(err)
	}
	_, corrected := s.Correct(a.ID, "Two treaties were signed")
	sender := s.Server.Sender()
	for i, tt := range []struct {
		step delivery.Step
		pass time.Duration
		old  bool
	}{
		{stepOf(delivery.Profile, e), 0, true},
		{stepOf(delivery.Update, corrected), 10 * time.Minute, true},
		{stepOf(delivery.Update, corrected), 0, false},
	} {
		if err := sender.Send(t.Context(), destination(p, "minister"), tt.step); err != nil {
			t.Fatal(err)
		}
		got := p.Arrivals()[i]
		same(t, "who says it", got.Fields["actor"], any(s.Actor("ministry")))
		same(t, fmt.Sprint("signed with the old key: ", i), got.Verify(first) == nil, tt.old)
		s.Clock.Pass(tt.pass)
	}
}
