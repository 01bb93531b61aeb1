package attacks

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
	"communique/storage/delivery/outbound/outboundtest"
)

// fetching are the attacks that make the server connect where it should not, or
// for longer than it should.
//
// The site of these tests is in loopback mode, in which no address but those of
// this machine is connected to, and those only as they are written canonically:
// the canary is behind all the others. The rules of the public
// network are held to the same spellings in federation/remote, in front of a
// resolver that lies (TestA20AddressSpellings, TestA21Rebinding), and
// [onlyOutboundConnects] holds that nothing else connects.
var fetching = []attackTest{
	{20, "addresses of this network", addressesOfThisNetwork},
	{20, "nothing else connects", alone(onlyOutboundConnects)},
	{22, "redirects", redirectsElsewhere},
	{23, "inboxes that are not inboxes", alone(addressesOfInboxes)},
	{24, "documents without end", documentsWithoutEnd},
	{25, "what is packed", malformed(25)},
	{26, "collections without end", alone(collectionsWithoutEnd)},
	{27, "hosts without end", alone(hostsWithoutEnd)},
}

// canonical are the spellings by which loopback mode does connect, and names,
// for which the system would have to ask the network.
var canonical = regexp.MustCompile(`(?i)^(127\.\d+\.\d+\.\d+|\[(::|::0001|0:0:0:0:0:0:0:1|::1|::ffff:127\.0\.0\.1|::ffff:7f00:1)\]|[a-z0-9.-]*localhost|[a-z0-9.-]*example)$`)

// wrongHosts are hosts that are not connected to in loopback mode, those of the
// networks of this machine among them.
func wrongHosts(t *testing.T) (hosts []string) {
	t.Helper()
	for _, host := range outboundtest.Spellings() {
		if !canonical.MatchString(host) || host == "[::]" {
			hosts = append(hosts, host)
		}
	}
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range addresses {
		network, ok := a.(*net.IPNet)
		if !ok || network.IP.IsLoopback() {
			continue
		}
		if four := network.IP.To4(); four != nil {
			hosts = append(hosts, four.String(), fmt.Sprintf("[::ffff:%s]", four), fmt.Sprintf("0x%x", []byte(four)),
				fmt.Sprintf("0%o.%d.%d.%d", four[0], four[1], four[2], four[3]))
		} else {
			hosts = append(hosts, "["+network.IP.String()+"]")
		}
	}
	return hosts
}

// addressesOfThisNetwork names an address wherever a message or an actor can
// name one.
func addressesOfThisNetwork(t *testing.T, w *attacked) {
	c, server := outboundtest.NewWideCanary(t), e2etest.NewPeer(t)
	port := fmt.Sprint(c.Port())
	for n, host := range wrongHosts(t) {
		wrong := "http://" + host + ":" + port
		w.name(t, server, fmt.Sprint("reader-", n), wrong)
		p := server.As(fmt.Sprint("reader-inbox-", n))
		document := p.Document()
		document["inbox"] = wrong + "/inbox"
		document["endpoints"] = map[string]any{"sharedInbox": wrong + "/shared"}
		server.Publish("/users/"+p.Account, e2etest.ActivityJSON, document)
		l := w.from(p.Letter(w.Inbox(), p.Follow(w.Actor())))
		l.Sign(t)
		e2etest.Equal(t, "a Follow of an actor whose inbox is at "+host, l.Post(t), http.StatusBadRequest)
	}
	e2etest.Equal(t, "connections", c.Seen(), 0)
	w.unharmed(t)
}

// name sends messages that name an address in each of its places, of an actor
// in whose document it stands wherever it has no bearing on deliveries.
func (w *attacked) name(t *testing.T, server *e2etest.Peer, account, wrong string) {
	t.Helper()
	p := server.As(account)
	document := p.Document()
	for _, name := range []string{"outbox", "followers", "following", "featured", "liked", "movedTo", "url"} {
		document[name] = wrong + "/" + name
	}
	document["alsoKnownAs"] = []string{wrong + "/also"}
	document["icon"] = map[string]any{"type": "Image", "url": wrong + "/icon.png"}
	document["image"] = map[string]any{"type": "Image", "url": wrong + "/image.png"}
	document["@context"] = []any{e2etest.ActivityStreams, wrong + "/context"}
	server.Publish("/users/"+account, e2etest.ActivityJSON, document)
	inbox := w.Inbox()
	for n, activity := range []map[string]any{
		e2etest.With(p.Follow(w.Actor()), "actor", wrong+"/users/x"), p.Activity("Create", "1", wrong+"/posts/1"),
		p.Activity("Announce", "2", wrong+"/posts/1"), p.Activity("Like", "3", wrong+"/posts/1"), p.Activity("Update", "4", wrong+"/posts/1"),
		p.Activity("Delete", "5", wrong+"/posts/1"), p.Activity("Undo", "6", wrong+"/likes/1"), e2etest.With(p.Activity("Move", "7", p.Actor()), "target", wrong+"/users/x"),
		e2etest.With(p.Activity("Move", "8", wrong+"/users/x"), "target", p.Actor()), p.Activity("Create", "9", p.Post("9", "<p>Hello</p>", wrong+"/posts/1")),
		p.Activity("Create", "10", e2etest.With(p.Post("10", "<p>Look</p>", ""), "quote", wrong+"/posts/1")),
		p.Activity("Create", "11", e2etest.With(p.Post("11", "<p>Hello</p>", ""), "attributedTo", wrong+"/users/x")),
		p.Activity("Create", "12", e2etest.With(p.Post("12", "<p>Hello</p>", ""), "replies", wrong+"/replies", "attachment", map[string]any{"type": "Image", "url": wrong + "/1.png"})),
		e2etest.With(p.Activity("QuoteRequest", "13", w.ObjectID(w.article)), "instrument", wrong+"/posts/1"), p.Activity("Flag", "14", []string{wrong + "/posts/1"}),
		p.Activity("Add", "15", wrong+"/posts/1"), p.Activity("Block", "16", wrong+"/users/x"), p.Activity("Accept", "17", wrong+"/follows/1"),
		e2etest.With(p.Activity("Like", "18", wrong+"/posts/1"), "@context", wrong+"/context"),
	} {
		l := w.from(p.Letter(inbox, activity))
		l.Sign(t)
		if got := l.Post(t); got != http.StatusAccepted && got != http.StatusUnauthorized {
			t.Errorf("number %d, of %s, is answered %d", n, wrong, got)
		}
	}
	l := w.from(p.Letter(inbox, p.Activity("Like", "19", wrong)))
	l.KeyID = wrong + "/users/x#main-key"
	l.Sign(t)
	e2etest.Equal(t, "with a key at "+wrong, l.Post(t), http.StatusUnauthorized)
	e2etest.Get(t, w.Base+"/.well-known/webfinger?resource="+wrong)
}

// redirectsElsewhere: neither an actor nor a post leads away from where
// messages may lead.
func redirectsElsewhere(t *testing.T, w *attacked) {
	c, server := outboundtest.NewWideCanary(t), e2etest.NewPeer(t)
	port := fmt.Sprint(c.Port())
	targets := []string{
		"file:///etc/passwd", "data:application/activity+json,{}", "gopher://127.0.0.1:" + port + "/", "ftp://127.0.0.1:" + port + "/",
		"javascript:alert(1)", "http://a:b@127.0.0.1:" + port + "/", "", "//",
	}
	for _, host := range wrongHosts(t) {
		targets = append(targets, "http://"+host+":"+port+"/users/x")
	}
	for n, target := range targets {
		p := server.As(fmt.Sprint("reader-", n))
		redirect := func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set("Location", target)
			rw.WriteHeader([]int{301, 302, 303, 307, 308}[n%5])
		}
		server.Answer("/users/"+p.Account, redirect)
		server.Answer(fmt.Sprint("/posts/", n), redirect)
		fine := server.As("reader")
		follow := w.send(t, p, p.Follow(w.Actor()))
		post := w.send(t, fine, fine.Activity("Create", fmt.Sprint(n), fmt.Sprint(server.Server.URL, "/posts/", n)))
		if strings.Contains(target, " ") { // net/http cannot read such an answer
			e2etest.Equal(t, "the answers for a redirect to "+target, []int{follow, post}, []int{http.StatusServiceUnavailable, http.StatusServiceUnavailable})
			continue
		}
		e2etest.Equal(t, "the answers for a redirect to "+target, []int{follow, post}, []int{http.StatusUnauthorized, http.StatusAccepted})
	}
	loop := server.As("reader-loop")
	server.Answer("/users/reader-loop", func(rw http.ResponseWriter, r *http.Request) { http.Redirect(rw, r, r.URL.Path, http.StatusFound) })
	e2etest.Equal(t, "an actor that redirects to itself", w.send(t, loop, loop.Follow(w.Actor())), http.StatusUnauthorized)
	e2etest.Equal(t, "requests for it", server.Requests("/users/reader-loop"), 4)
	e2etest.Equal(t, "connections", c.Seen(), 0)
	w.unharmed(t)
}

// send signs an activity and sends it, from an address of its own.
func (w *attacked) send(t *testing.T, p *e2etest.Peer, activity any) int {
	t.Helper()
	l := w.from(p.Letter(w.Inbox(), activity))
	l.Sign(t)
	return l.Post(t)
}

// documentsWithoutEnd: what never ends is read to its bound. Those that are slow
// are held to their deadlines in federation/remote.
func documentsWithoutEnd(t *testing.T, w *attacked) {
	const most = 16 << 20 // the bound of 1 MiB, and what buffers on the way hold
	server := e2etest.NewPeer(t)
	for name, header := range map[string]func(http.Header){
		"chunks": func(http.Header) {}, "a length of 10 GiB": func(h http.Header) { h.Set("Content-Length", "10737418240") },
		"packed": func(h http.Header) { h.Set("Content-Encoding", "br") },
	} {
		t.Run(name, func(t *testing.T) {
			var sent atomic.Int64
			p := server.As("reader-" + strings.ReplaceAll(name, " ", "-"))
			endless := func(rw http.ResponseWriter, _ *http.Request) {
				rw.Header().Set("Content-Type", e2etest.ActivityJSON)
				header(rw.Header())
				block := []byte(`{"id":"` + strings.Repeat("x", 32<<10))
				for sent.Load() < 2*most {
					n, err := rw.Write(block)
					sent.Add(int64(n))
					if err != nil {
						return
					}
				}
			}
			server.Answer("/users/"+p.Account, endless)
			e2etest.Equal(t, "a Follow", w.send(t, p, p.Follow(w.Actor())), http.StatusUnauthorized)
			if n := sent.Load(); n > most {
				t.Errorf("%d bytes were read", n)
			}
		})
	}
	w.unharmed(t)
}

// collectionsWithoutEnd: nothing that a message or an actor refers to is walked.
func collectionsWithoutEnd(t *testing.T) {
	s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
	a := s.Publish("Answered")
	s.Serve()
	document := p.Document()
	for _, name := range []string{"outbox", "followers", "following", "featured", "featuredTags"} {
		id := p.Server.URL + "/collections/" + name
		document[name] = id
		p.Publish("/collections/"+name, e2etest.ActivityJSON, map[string]any{"id": id, "type": "OrderedCollection", "first": id, "next": id, "totalItems": 1 << 40})
	}
	p.Publish("/users/reader", e2etest.ActivityJSON, document)
	ring := p.Server.URL + "/posts/ring"
	p.Publish("/posts/ring", e2etest.ActivityJSON, e2etest.With(p.Post("ring", "<p>Round</p>", ring), "replies", p.Server.URL+"/collections/replies"))
	p.Sends(s, p.Follow(s.Actor()), p.Activity("Create", "1", ring), p.Activity("Create", "2", e2etest.With(p.Post("2", "<p>Hello</p>", s.ObjectID(a)), "replies", p.Server.URL+"/collections/replies")),
		p.Activity("Create", "3", p.Post("3", "<p>Hello</p>", p.Server.URL+"/posts/unknown")), p.Activity("Announce", "4", s.ObjectID(a)),
		p.Activity("Create", "5", e2etest.With(p.Post("5", "<p>Hello</p>", s.ObjectID(a)), "quote", ring)), p.Activity("Update", "6", document))
	for path, n := range p.AllRequests() {
		most := 0
		switch path {
		case "/users/reader":
			most = 2
		case "/posts/ring":
			most = 1
		case "/inbox", "/users/reader/inbox":
			continue // what we deliver
		}
		if n > most {
			t.Errorf("%s was asked for %d times, want %d at most", path, n, most)
		}
	}
}

// hostsWithoutEnd: whoever invents servers leaves nothing behind.
func hostsWithoutEnd(t *testing.T) {
	s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
	s.Serve()
	for n := range 200 {
		actor := fmt.Sprintf("http://127.0.0.1:%d/users/reader", 1+n) // where nobody listens
		l := p.Letter(s.Inbox(), e2etest.With(p.Follow(s.Actor()), "actor", actor))
		l.KeyID = actor + "#main-key"
		l.Sign(t)
		if got := l.Post(t); got == http.StatusAccepted {
			t.Fatalf("a Follow from port %d was taken", 1+n)
		}
	}
	e2etest.Equal(t, "destinations", s.Must("destinations", "--json"), "")
	e2etest.Equal(t, "followers", e2etest.Object(t, s.Actor()+"/followers")["totalItems"], 0)
}

// outward are the ways to connect that package net/http and net have.
var outward = regexp.MustCompile(`\bhttp\.(Get\(|Post\(|Head\(|PostForm\(|DefaultClient|DefaultTransport|Client\{|Transport\{)|\bnet\.(Dial\(|DialT|DialU|Dialer\{)|\btls\.Dial`)

// onlyOutboundConnects: who connects to addresses that strangers name does so
// through package outbound, which checks them.
func onlyOutboundConnects(t *testing.T) {
	may := map[string]bool{
		"storage/delivery/outbound/transport.go": true, // the rules themselves
		"federation/remote/client.go":            true, // with a transport of theirs
		"feeds/websub/hub.go":                    true, // the same
		"feeds/purge/purger.go":                  true, // to the cache that the operator names
		"storage/postgres/dial.go":               true, // to the database that the operator names
	}
	root := e2etest.Source(t, "")
	for _, folder := range []string{"federation", "feeds", "storage", "cmd/internal/web"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d os.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() && (d.Name() == "testdata" || d.Name() == "outboundtest" || d.Name() == "federationtest" || d.Name() == "postgrestest") {
				return filepath.SkipDir
			}
			name := filepath.ToSlash(strings.TrimPrefix(path, root+string(filepath.Separator)))
			if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || may[name] {
				return nil
			}
			text, err := os.ReadFile(path)
			if found := outward.Find(text); found != nil {
				t.Errorf("%s connects by %s: addresses that strangers name go through package outbound", name, found)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
