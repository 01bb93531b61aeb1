package command

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
	{23, "inboxes that are none", alone(addressesOfInboxes)},
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
	c, server := outboundtest.NewWideCanary(t), newPeer(t)
	port := fmt.Sprint(c.Port())
	for n, host := range wrongHosts(t) {
		wrong := "http://" + host + ":" + port
		w.name(t, server, fmt.Sprint("reader-", n), wrong)
		p := server.as(fmt.Sprint("reader-inbox-", n))
		document := p.document()
		document["inbox"] = wrong + "/inbox"
		document["endpoints"] = map[string]any{"sharedInbox": wrong + "/shared"}
		server.publish("/users/"+p.account, activityJSON, document)
		l := w.from(p.letter(w.base+"/ap/inbox", p.follow(w.actor())))
		l.sign(t)
		mustEqual(t, "a Follow of an actor whose inbox is at "+host, l.post(t), http.StatusBadRequest)
	}
	mustEqual(t, "connections", c.Seen(), 0)
	w.unharmed(t)
}

// name sends messages that name an address in each of its places, of an actor
// in whose document it stands wherever it has no bearing on deliveries.
func (w *attacked) name(t *testing.T, server *peer, account, wrong string) {
	t.Helper()
	p := server.as(account)
	document := p.document()
	for _, name := range []string{"outbox", "followers", "following", "featured", "liked", "movedTo", "url"} {
		document[name] = wrong + "/" + name
	}
	document["alsoKnownAs"] = []string{wrong + "/also"}
	document["icon"] = map[string]any{"type": "Image", "url": wrong + "/icon.png"}
	document["image"] = map[string]any{"type": "Image", "url": wrong + "/image.png"}
	document["@context"] = []any{activityStreams, wrong + "/context"}
	server.publish("/users/"+account, activityJSON, document)
	inbox := w.base + "/ap/inbox"
	for n, activity := range []map[string]any{
		with(p.follow(w.actor()), "actor", wrong+"/users/x"), p.activity("Create", "1", wrong+"/posts/1"),
		p.activity("Announce", "2", wrong+"/posts/1"), p.activity("Like", "3", wrong+"/posts/1"), p.activity("Update", "4", wrong+"/posts/1"),
		p.activity("Delete", "5", wrong+"/posts/1"), p.activity("Undo", "6", wrong+"/likes/1"), with(p.activity("Move", "7", p.actor()), "target", wrong+"/users/x"),
		with(p.activity("Move", "8", wrong+"/users/x"), "target", p.actor()), p.activity("Create", "9", p.post("9", "<p>Hello</p>", wrong+"/posts/1")),
		p.activity("Create", "10", with(p.post("10", "<p>Look</p>", ""), "quote", wrong+"/posts/1")),
		p.activity("Create", "11", with(p.post("11", "<p>Hello</p>", ""), "attributedTo", wrong+"/users/x")),
		p.activity("Create", "12", with(p.post("12", "<p>Hello</p>", ""), "replies", wrong+"/replies", "attachment", map[string]any{"type": "Image", "url": wrong + "/1.png"})),
		with(p.activity("QuoteRequest", "13", w.objectID(w.article)), "instrument", wrong+"/posts/1"), p.activity("Flag", "14", []string{wrong + "/posts/1"}),
		p.activity("Add", "15", wrong+"/posts/1"), p.activity("Block", "16", wrong+"/users/x"), p.activity("Accept", "17", wrong+"/follows/1"),
		with(p.activity("Like", "18", wrong+"/posts/1"), "@context", wrong+"/context"),
	} {
		l := w.from(p.letter(inbox, activity))
		l.sign(t)
		if got := l.post(t); got != http.StatusAccepted && got != http.StatusUnauthorized {
			t.Errorf("number %d, of %s, is answered %d", n, wrong, got)
		}
	}
	l := w.from(p.letter(inbox, p.activity("Like", "19", wrong)))
	l.keyID = wrong + "/users/x#main-key"
	l.sign(t)
	mustEqual(t, "with a key at "+wrong, l.post(t), http.StatusUnauthorized)
	get(t, w.base+"/.well-known/webfinger?resource="+wrong)
}

// redirectsElsewhere: neither an actor nor a post leads away from where
// messages may lead.
func redirectsElsewhere(t *testing.T, w *attacked) {
	c, server := outboundtest.NewWideCanary(t), newPeer(t)
	port := fmt.Sprint(c.Port())
	targets := []string{
		"file:///etc/passwd", "data:application/activity+json,{}", "gopher://127.0.0.1:" + port + "/", "ftp://127.0.0.1:" + port + "/",
		"javascript:alert(1)", "http://a:b@127.0.0.1:" + port + "/", "", "//",
	}
	for _, host := range wrongHosts(t) {
		targets = append(targets, "http://"+host+":"+port+"/users/x")
	}
	for n, target := range targets {
		p := server.as(fmt.Sprint("reader-", n))
		redirect := func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set("Location", target)
			rw.WriteHeader([]int{301, 302, 303, 307, 308}[n%5])
		}
		server.answer("/users/"+p.account, redirect)
		server.answer(fmt.Sprint("/posts/", n), redirect)
		fine := server.as("reader")
		follow := w.send(t, p, p.follow(w.actor()))
		post := w.send(t, fine, fine.activity("Create", fmt.Sprint(n), fmt.Sprint(server.server.URL, "/posts/", n)))
		if strings.Contains(target, " ") { // an answer that net/http cannot read is none
			mustEqual(t, "the answers for a redirect to "+target, []int{follow, post}, []int{http.StatusServiceUnavailable, http.StatusServiceUnavailable})
			continue
		}
		mustEqual(t, "the answers for a redirect to "+target, []int{follow, post}, []int{http.StatusUnauthorized, http.StatusAccepted})
	}
	loop := server.as("reader-loop")
	server.answer("/users/reader-loop", func(rw http.ResponseWriter, r *http.Request) { http.Redirect(rw, r, r.URL.Path, http.StatusFound) })
	mustEqual(t, "an actor that redirects to itself", w.send(t, loop, loop.follow(w.actor())), http.StatusUnauthorized)
	mustEqual(t, "requests for it", server.requests("/users/reader-loop"), 4)
	mustEqual(t, "connections", c.Seen(), 0)
	w.unharmed(t)
}

// send signs an activity and sends it, from an address of its own.
func (w *attacked) send(t *testing.T, p *peer, activity any) int {
	t.Helper()
	l := w.from(p.letter(w.base+"/ap/inbox", activity))
	l.sign(t)
	return l.post(t)
}

// documentsWithoutEnd: what never ends is read to its bound. Those that are slow
// are held to their deadlines in federation/remote.
func documentsWithoutEnd(t *testing.T, w *attacked) {
	const most = 16 << 20 // the bound of 1 MiB, and what buffers on the way hold
	server := newPeer(t)
	for name, header := range map[string]func(http.Header){
		"chunks": func(http.Header) {}, "a length of 10 GiB": func(h http.Header) { h.Set("Content-Length", "10737418240") },
		"packed": func(h http.Header) { h.Set("Content-Encoding", "br") },
	} {
		t.Run(name, func(t *testing.T) {
			var sent atomic.Int64
			p := server.as("reader-" + strings.ReplaceAll(name, " ", "-"))
			endless := func(rw http.ResponseWriter, _ *http.Request) {
				rw.Header().Set("Content-Type", activityJSON)
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
			server.answer("/users/"+p.account, endless)
			mustEqual(t, "a Follow", w.send(t, p, p.follow(w.actor())), http.StatusUnauthorized)
			if n := sent.Load(); n > most {
				t.Errorf("%d bytes were read", n)
			}
		})
	}
	w.unharmed(t)
}

// collectionsWithoutEnd: nothing that a message or an actor refers to is walked.
func collectionsWithoutEnd(t *testing.T) {
	s, p := newSite(t), newPeer(t)
	a := s.publish("Answered")
	s.serve()
	document := p.document()
	for _, name := range []string{"outbox", "followers", "following", "featured", "featuredTags"} {
		id := p.server.URL + "/collections/" + name
		document[name] = id
		p.publish("/collections/"+name, activityJSON, map[string]any{"id": id, "type": "OrderedCollection", "first": id, "next": id, "totalItems": 1 << 40})
	}
	p.publish("/users/reader", activityJSON, document)
	ring := p.server.URL + "/posts/ring"
	p.publish("/posts/ring", activityJSON, with(p.post("ring", "<p>Round</p>", ring), "replies", p.server.URL+"/collections/replies"))
	p.sent(s, p.follow(s.actor()), p.activity("Create", "1", ring), p.activity("Create", "2", with(p.post("2", "<p>Hello</p>", s.objectID(a)), "replies", p.server.URL+"/collections/replies")),
		p.activity("Create", "3", p.post("3", "<p>Hello</p>", p.server.URL+"/posts/unknown")), p.activity("Announce", "4", s.objectID(a)),
		p.activity("Create", "5", with(p.post("5", "<p>Hello</p>", s.objectID(a)), "quote", ring)), p.activity("Update", "6", document))
	p.mu.Lock()
	defer p.mu.Unlock()
	for path, n := range p.asked {
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
	s, p := newSite(t), newPeer(t)
	s.serve()
	for n := range 200 {
		actor := fmt.Sprintf("http://127.0.0.1:%d/users/reader", 1+n) // where nobody listens
		l := p.letter(s.base+"/ap/inbox", with(p.follow(s.actor()), "actor", actor))
		l.keyID = actor + "#main-key"
		l.sign(t)
		if got := l.post(t); got == http.StatusAccepted {
			t.Fatalf("a Follow from port %d was taken", 1+n)
		}
	}
	mustEqual(t, "destinations", s.must("destinations", "--json"), "")
	mustEqual(t, "followers", object(t, s.actor()+"/followers")["totalItems"], 0)
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
	}
	root := filepath.Join("..", "..", "..")
	for _, folder := range []string{"federation", "feeds", "storage", "cmd/internal/web"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d os.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() && (d.Name() == "testdata" || d.Name() == "outboundtest") {
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
