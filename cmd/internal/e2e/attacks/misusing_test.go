package attacks

import (
	"bytes"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
	"communique/storage/audience"
)

// misusing are the attacks of those who use what is there for everybody.
var misusing = []attackTest{
	{45, "inboxes at a third party", alone(inboxesElsewhere)},
	{46, "one host by many spellings", alone(spellingsOfAHost)},
	{47, "dates of replies", alone(datesOfReplies)},
	{48, "what PHP writes", alone(whatPHPWrites)},
	{49, "scripts of other sites", alone(scriptsOfOtherSites)},
	{50, "who follows", alone(whoFollows)},
	{51, "keys that have just changed", alone(keysThatHaveJustChanged)},
	{52, "key ids without end", alone(keyIDsWithoutEnd)},
	{54, "plain keys in files", alone(plainKeysInFiles)},
}

// inboxesElsewhere: followers cannot have us write to somebody else, or to ourselves.
func inboxesElsewhere(t *testing.T) {
	s, victim := e2etest.NewSite(t), e2etest.NewPeer(t)
	s.Serve()
	rogue := e2etest.NewPeer(t)
	for n := range 60 {
		for _, inbox := range []string{victim.Actor() + "/inbox", s.Inbox(), s.Actor() + "/inbox"} {
			account := rogue.As(fmt.Sprint("reader", n))
			account.Inbox = &inbox
			document := account.Document()
			rogue.Publish("/users/"+account.Account, "application/activity+json", document)
			if got := account.Send(s.Inbox(), account.Follow(s.Actor())); got != http.StatusBadRequest {
				t.Fatalf("a Follow whose inbox is %s is answered %d", inbox, got)
			}
			// What is known of the account must not decide the next one.
			rogue = e2etest.NewPeer(t)
		}
	}
	e2etest.Equal(t, "followers", e2etest.Object(t, s.Actor()+"/followers")["totalItems"], 0)
	s.Publish("Nobody gets this")
	honest := e2etest.NewPeer(t)
	honest.Sends(s, honest.Follow(s.Actor()))
	s.Publish("The honest one gets this")
	e2etest.Eventually(t, "the honest follower has the statement", func() bool { return len(honest.OfKind("Create")) == 1 })
	e2etest.Equal(t, "messages to the third party", len(victim.Arrivals()), 0)
}

// spellingsOfAHost: a port with leading zeros is no address of inboxes, callbacks
// and keys.
func spellingsOfAHost(t *testing.T) {
	s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
	s.Serve()
	scheme, rest, _ := strings.Cut(p.Server.URL, "://")
	name, port, _ := strings.Cut(rest, ":")
	for _, zeros := range []string{"0", "00", "0000000000"} {
		spelled := scheme + "://" + name + ":" + zeros + port
		inbox := spelled + "/users/reader/inbox"
		p.Inbox = &inbox
		if got := p.Send(s.Inbox(), p.Follow(s.Actor())); got != http.StatusBadRequest {
			t.Errorf("a Follow with the inbox %s is answered %d", inbox, got)
		}
		answer, err := http.PostForm(s.Base+"/websub", map[string][]string{
			"hub.mode": {"subscribe"}, "hub.topic": {s.Base + "/en/feed.atom"}, "hub.callback": {spelled + "/callback"},
		})
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		e2etest.Equal(t, "a callback at "+spelled, answer.StatusCode, http.StatusBadRequest)
		l := p.Letter(s.Inbox(), p.Follow(s.Actor()))
		l.KeyID = spelled + "/users/reader#main-key"
		l.Sign(t)
		e2etest.Equal(t, "a key at "+spelled, l.Post(t), http.StatusUnauthorized)
	}
	e2etest.Equal(t, "requests for a callback", p.Requests("/callback"), 0)
}

// datesOfReplies: a reply is from between the article and its arrival.
func datesOfReplies(t *testing.T) {
	s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
	a := s.Publish("Answered")
	s.Serve()
	p.Sends(s, p.Follow(s.Actor()))
	for n, date := range []string{"0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "yesterday"} {
		post := e2etest.With(p.Post(fmt.Sprint(n), "<p>Hello</p>", s.ObjectID(a)), "published", date)
		l := p.Letter(s.Inbox(), p.Activity("Create", fmt.Sprint(n), post))
		e2etest.Dated(30 * time.Minute)(l) // a clock ahead of ours is accepted, its date is not
		l.Sign(t)
		e2etest.Equal(t, "the answer to a reply of "+date, l.Post(t), http.StatusAccepted)
	}
	replies := s.Replies(audience.ReplyPending)
	e2etest.Equal(t, "replies", len(replies), 4)
	published, err := time.Parse(time.RFC3339, e2etest.Text(e2etest.Object(t, s.ObjectID(a)), "published"))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range replies {
		if r.Published.Before(published) || r.Published.After(r.Received) {
			t.Errorf("%s is dated %s, the article %s, its arrival %s", r.ID, r.Published, published, r.Received)
		}
	}
}

// whatPHPWrites: documents with empty lists for what is empty, a byte order mark and
// keys without fragment are from servers that mean no harm.
func whatPHPWrites(t *testing.T) {
	s := e2etest.NewSite(t)
	a := s.Publish("Liked")
	s.Serve()
	for name, change := range map[string]func(p *e2etest.Peer, document map[string]any, l *e2etest.Letter){
		"empty lists": func(_ *e2etest.Peer, d map[string]any, _ *e2etest.Letter) {
			for _, property := range []string{"endpoints", "name", "summary", "url", "icon", "image", "tag", "attachment", "alsoKnownAs", "movedTo", "outbox", "published"} {
				d[property] = []any{}
			}
		},
		"nulls in lists": func(_ *e2etest.Peer, d map[string]any, _ *e2etest.Letter) {
			for _, property := range []string{"endpoints", "name", "summary", "url", "tag", "attachment", "alsoKnownAs"} {
				d[property] = []any{nil}
			}
		},
		"false": func(_ *e2etest.Peer, d map[string]any, _ *e2etest.Letter) {
			for _, property := range []string{"endpoints", "name", "summary", "url", "tag", "attachment", "alsoKnownAs"} {
				d[property] = false
			}
		},
		"a key without fragment": func(p *e2etest.Peer, _ map[string]any, l *e2etest.Letter) { l.KeyID = p.Actor() },
		"a byte order mark": func(_ *e2etest.Peer, _ map[string]any, l *e2etest.Letter) {
			l.Body = append([]byte("\xef\xbb\xbf"), l.Body...)
			l.Request.Header.Set("Digest", e2etest.DigestOf(l.Body))
		},
	} {
		p := e2etest.NewPeer(t)
		document := p.Document()
		l := p.Letter(s.Inbox(), p.Follow(s.Actor()))
		change(p, document, l)
		p.Publish("/users/reader", "application/activity+json", document)
		l.Sign(t)
		e2etest.Equal(t, "a Follow from a server with "+name, l.Post(t), http.StatusAccepted)
		post := e2etest.With(p.Post("1", "<p>Hello</p>", s.ObjectID(a)), "tag", []any{nil}, "url", []any{}, "summary", []any{}, "attachment", []any{nil})
		p.Sends(s, p.Activity("Create", "1", post))
	}
	e2etest.Equal(t, "followers", e2etest.Object(t, s.Actor()+"/followers")["totalItems"], 5)
	e2etest.Equal(t, "replies", len(s.Replies(audience.ReplyPending)), 5)
	for _, property := range []string{"id", "type", "inbox", "publicKey"} {
		p := e2etest.NewPeer(t)
		p.Publish("/users/reader", "application/activity+json", e2etest.With(p.Document(), property, []any{}))
		if got := p.Send(s.Inbox(), p.Follow(s.Actor())); got/100 != 4 {
			t.Errorf("a Follow of an actor without %s is answered %d", property, got)
		}
	}
}

// scriptsOfOtherSites read what everybody can read, and send nothing.
func scriptsOfOtherSites(t *testing.T) {
	s := e2etest.NewSite(t)
	a := s.Publish("Read")
	s.Serve()
	const origin = "https://reader.example"
	for _, address := range []string{
		s.Base + "/en/feed.atom", s.Base + "/en/feed.rss", s.Base + "/en/feed.json", s.Actor(), s.Actor() + "/outbox", s.Actor() + "/followers",
		s.Actor() + "/featured", s.ObjectID(a), s.ObjectID(a) + "/replies", s.Base + "/.well-known/nodeinfo", s.Base + "/nodeinfo/2.1",
		s.Base + "/.well-known/webfinger?resource=" + s.Actor(), s.Base + "/ap/articles/unknown",
	} {
		got := e2etest.Get(t, address, "Origin", origin, "Accept", e2etest.ActivityJSON)
		e2etest.Equal(t, "who may read "+address, got.Header.Get("Access-Control-Allow-Origin"), "*")
		if !strings.Contains(got.Header.Get("Access-Control-Expose-Headers"), "ETag") {
			t.Errorf("the ETag of %s is not exposed", address)
		}
		asked := e2etest.Request(t, http.MethodOptions, address, "Origin", origin, "Access-Control-Request-Method", "GET",
			"Access-Control-Request-Headers", "if-none-match")
		e2etest.Equal(t, "the preflight of "+address, asked.Status, http.StatusNoContent)
		e2etest.Equal(t, "who may ask for "+address, asked.Header.Get("Access-Control-Allow-Origin"), "*")
		if !strings.Contains(asked.Header.Get("Access-Control-Allow-Headers"), "If-None-Match") {
			t.Errorf("%s may not be asked for what is new", address)
		}
		tag := got.Header.Get("ETag")
		if strings.Contains(address, "/feed.") {
			e2etest.Equal(t, address+" has a tag", tag != "", true)
		}
		if tag == "" {
			continue
		}
		again := e2etest.Get(t, address, "Origin", origin, "If-None-Match", tag)
		e2etest.Equal(t, "the same again", again.Status, http.StatusNotModified)
		e2etest.Equal(t, "who may read that "+address+" is the same", again.Header.Get("Access-Control-Allow-Origin"), "*")
		if !strings.Contains(again.Header.Get("Access-Control-Expose-Headers"), "ETag") {
			t.Errorf("the ETag of %s that is the same is not exposed", address)
		}
	}
	for _, inbox := range append(inboxRoutes(t, "ministry"), "/websub") {
		asked := e2etest.Request(t, http.MethodOptions, s.Base+inbox, "Origin", origin, "Access-Control-Request-Method", "POST")
		e2etest.Equal(t, "who may send to "+inbox, asked.Header.Get("Access-Control-Allow-Origin"), "")
	}
}

// whoFollows cannot be asked for by deletions in an account's name: unsigned, or signed
// by somebody else, they are answered alike for followers and strangers, however
// often, before anything is fetched, and take nobody away.
func whoFollows(t *testing.T) {
	s, follower, stranger, rogue, leaving := e2etest.NewSite(t), e2etest.NewPeer(t), e2etest.NewPeer(t), e2etest.NewPeer(t), e2etest.NewPeer(t)
	s.Serve()
	follower.Sends(s, follower.Follow(s.Actor()))
	leaving.Sends(s, leaving.Follow(s.Actor()))
	spoil := map[string]func(l *e2etest.Letter){
		"unsigned":            func(*e2etest.Letter) {},
		"signed by another":   func(l *e2etest.Letter) { l.Key, l.KeyID = rogue.Key, rogue.KeyID(); l.Sign(t) },
		"with another's name": func(l *e2etest.Letter) { l.Key = e2etest.StrangersKey(t); l.Sign(t) },
		"without a signature": func(l *e2etest.Letter) { l.Raw = `keyId="x"`; l.Sign(t) },
		"of yesterday":        func(l *e2etest.Letter) { e2etest.Dated(-24 * time.Hour)(l); l.Sign(t) },
	}
	for name, spoil := range spoil {
		for _, inbox := range inboxRoutes(t, "ministry") {
			for _, p := range []*e2etest.Peer{follower, stranger} {
				l := p.Letter(s.Base+inbox, p.Activity("Delete", "me", p.Actor()))
				spoil(l)
				e2etest.Equal(t, "the answer to a deletion "+name, l.Post(t), http.StatusAccepted)
			}
		}
	}
	e2etest.Equal(t, "requests for the stranger", stranger.Requests("/users/reader"), 0)
	e2etest.Equal(t, "followers", e2etest.Object(t, s.Actor()+"/followers")["totalItems"], 2)
	// Who has gone indeed is noticed, though nothing can be verified any more.
	leaving.Answer("/users/reader", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) })
	l := leaving.Letter(s.Inbox(), leaving.Activity("Delete", "me", leaving.Actor()))
	e2etest.Equal(t, "the answer to a deletion of one who has gone", l.Post(t), http.StatusAccepted)
	e2etest.Eventually(t, "one is left", func() bool { return e2etest.Object(t, s.Actor()+"/followers")["totalItems"] == 1.0 })
	// Once when it followed; and in one look for its key and for the account.
	if n := len(follower.Fetched()); n > 3 {
		t.Errorf("the follower was asked %d times", n)
	}
}

// keysThatHaveJustChanged: a new key counts at once and the old one no longer,
// whatever others have sent in the account's name before.
func keysThatHaveJustChanged(t *testing.T) {
	s, p, rogue := e2etest.NewSite(t), e2etest.NewPeer(t), e2etest.NewPeer(t)
	s.Serve()
	post := func(client string, l *e2etest.Letter) int {
		l.Request.Header.Set("X-Forwarded-For", client)
		return l.Post(t)
	}
	signed := func(by *e2etest.Peer) *e2etest.Letter {
		l := p.Letter(s.Inbox(), p.Follow(s.Actor()))
		l.Key = by.Key
		l.Sign(t)
		return l
	}
	old := signed(p)
	e2etest.Equal(t, "a forged message, before anything is known", post("198.51.100.1", signed(rogue)), http.StatusUnauthorized)
	p.Key = e2etest.StrangersKey(t)
	e2etest.Equal(t, "the first message, with a key that is new since", post("198.51.100.1", signed(p)), http.StatusAccepted)
	for range 8 { // one client has it fetched so often, and then hears no more of it
		e2etest.Equal(t, "the old key", post("198.51.100.2", old), http.StatusUnauthorized)
	}
	e2etest.Equal(t, "the old key, once too often", post("198.51.100.2", old), http.StatusServiceUnavailable)
	old = signed(p)
	p.Key = rogue.Key // a third one
	e2etest.Equal(t, "a third key, from where nothing was ever verified", post("198.51.100.3", signed(p)), http.StatusAccepted)
	for n := range 20 { // all together have it fetched 24 times, eleven of which are over
		want := http.StatusUnauthorized
		if n >= 13 {
			want = http.StatusServiceUnavailable
		}
		e2etest.Equal(t, "the second key, from everywhere", post(fmt.Sprintf("198.51.100.%d", 4+n), old), want)
	}
	e2etest.Equal(t, "requests for the key", len(p.Fetched()), 24)
}

// keyIDsWithoutEnd: ids that lead nowhere are refused without a trace, and nobody
// who is known is forgotten for them.
func keyIDsWithoutEnd(t *testing.T) {
	s, p, rogue := e2etest.NewSite(t), e2etest.NewPeer(t), e2etest.NewPeer(t)
	s.Serve()
	p.Sends(s, p.Follow(s.Actor()))
	long := strings.Repeat("x", 2000)
	for n := range 2000 {
		l := rogue.Letter(s.Inbox(), rogue.Follow(s.Actor()))
		l.KeyID = fmt.Sprintf("%s/%s/%d#main-key", []string{rogue.Server.URL, "https://10.0.0.1", "https://-.example", rogue.Server.URL + "/" + long}[n%4], long[:1900], n)
		l.Request.Header.Set("X-Forwarded-For", fmt.Sprintf("198.51.%d.%d", n/250, n%250))
		l.Sign(t)
		if got := l.Post(t); got != http.StatusUnauthorized {
			t.Fatalf("a key id of %d bytes is answered %d", len(l.KeyID), got)
		}
	}
	p.Sends(s, p.Activity("Like", "1", s.Actor()))
	e2etest.Equal(t, "requests for the key of one who is known", len(p.Fetched()), 1)
	for path := range rogue.AllRequests() {
		if len(path) > 2048 {
			t.Errorf("a path of %d bytes was asked for", len(path))
		}
	}
}

// plainKeysInFiles: once the keys are encrypted, or deleted as compromised, none of
// their letters is left in any file of a site that is being served.
func plainKeysInFiles(t *testing.T) {
	s := e2etest.NewSite(t)
	s.Serve()
	s.Publish("Something is written, and read")
	plain := lettersOfKeys(t, s.Data)
	if len(plain) < 4 { // two of RSA have several lines
		t.Fatalf("%d pieces of plain keys before", len(plain))
	}
	s.Must("keys", "rotate", "--compromised", "--confirm")
	now := lettersOfKeys(t, s.Data)
	if !slices.ContainsFunc(plain, func(piece string) bool { return !slices.Contains(now, piece) }) {
		t.Error("the compromised key is in the files still")
	}
	plain = append(plain, now...)
	if err := os.WriteFile(filepath.Join(s.Data, "phrase"), []byte("correct horse\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.Configure(`passphrase_file: ""`, `passphrase_file: phrase`)
	s.Must("keys", "encrypt")
	eachFile(t, s.Data, func(name string, text []byte) {
		for _, piece := range plain {
			if bytes.Contains(text, []byte(piece)) {
				t.Fatalf("%s holds a piece of a plain key", name)
			}
		}
	})
	e2etest.Equal(t, "a page meanwhile", e2etest.Get(t, s.Base+"/en/").Status, http.StatusOK)
}

// lettersOfKeys are pieces of all plain private keys in the files of a site, each of
// one line of theirs.
func lettersOfKeys(t *testing.T, folder string) (pieces []string) {
	t.Helper()
	eachFile(t, folder, func(_ string, text []byte) {
		for _, found := range regexp.MustCompile(`BEGIN PRIVATE KEY-----\n([A-Za-z0-9+/]{64})\n([A-Za-z0-9+/=]+)`).FindAllSubmatch(text, -1) {
			// The first line of RSA keys begins alike for all.
			pieces = append(pieces, string(found[1][40:]), string(found[2][:min(len(found[2]), 40)]))
		}
	})
	return pieces
}

func eachFile(t *testing.T, folder string, see func(name string, text []byte)) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		see(path, text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
