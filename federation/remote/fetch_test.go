package remote

import (
	"compress/gzip"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communique/federation/vocab"
)

func TestFetchActor(t *testing.T) {
	t.Parallel()
	p, client := newPeer(t), newClient(t)
	p.set("/ana", p.person("/ana", keyOnce[1]()))
	actor, err := client.FetchActor(t.Context(), p.URL+"/ana")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{p.URL + "/ana", p.URL + "/ana/inbox", p.URL + "/inbox"}
	if diff := cmp.Diff(want, []string{actor.ID, actor.Inbox, actor.SharedInbox}); diff != "" {
		t.Error(diff)
	}
	r := p.signed["/ana"]
	t.Run("S2 signed by the Application actor", func(t *testing.T) {
		if err := p.verified("/ana", client.options.Now()); err != nil {
			t.Error(err)
		}
		if !strings.Contains(r.Header.Get("Signature"), `keyId="`+ourKeyID+`"`) {
			t.Errorf("signed as %s", r.Header.Get("Signature"))
		}
	})
	t.Run("A1 headers", func(t *testing.T) {
		want := []string{`application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"`, "communique/test"}
		if diff := cmp.Diff(want, []string{r.Header.Get("Accept"), r.Header.Get("User-Agent")}); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("kept", func(t *testing.T) {
		if _, err := client.FetchActor(t.Context(), p.URL+"/ana"); err != nil || p.count("/ana") != 1 {
			t.Errorf("%v after %d fetches", err, p.count("/ana"))
		}
		client.Forget(p.URL + "/ana")
		if _, err := client.FetchActor(t.Context(), p.URL+"/ana"); err != nil || p.count("/ana") != 2 {
			t.Errorf("forgotten: %v after %d fetches", err, p.count("/ana"))
		}
	})
}

func TestAnswersThatAreNoActor(t *testing.T) {
	t.Parallel()
	// Each answer but for its fault is the actor that was asked for.
	typed := func(contentType string) answer { return with(200, "Content-Type", contentType) }
	for name, c := range map[string]struct {
		answer answer
		want   error
	}{
		"A11 text/html":           {typed("text/html"), ErrUntrusted},
		"A11 application/json":    {typed("application/json"), ErrUntrusted},
		"A11 ld+json, no profile": {typed("application/ld+json"), ErrUntrusted},
		"A11 image/png":           {typed("image/png"), ErrUntrusted},
		"A11 none":                {typed(""), ErrUntrusted},
		"A15 duplicate id":        {text(`{"id":"x","id":"y","type":"Person","inbox":"z"}`), ErrUntrusted},
		"no JSON":                 {text(`<html>`), ErrUntrusted},
		"404":                     {with(404, "X", ""), ErrNotFound},
		"410":                     {with(410, "X", ""), ErrGone},
		"401":                     {with(401, "X", ""), ErrUnavailable},
		"403":                     {with(403, "X", ""), ErrUnavailable},
		"429":                     {with(429, "Retry-After", "9"), ErrUnavailable},
		"500":                     {with(500, "X", ""), ErrUnavailable},
		"503":                     {with(503, "X", ""), ErrUnavailable},
		"203":                     {with(203, "X", ""), ErrUnavailable},
		"A24 10 GiB announced":    {with(200, "Content-Length", "10737418240"), ErrUntrusted},
		"A24 1 MiB and more":      {padded, ErrUntrusted},
		"A24 never-ending chunks": {endless, ErrUntrusted},
		"A24 endless headers":     {manyHeaders, ErrUnavailable},
		"A25 gzip bomb":           {gzipBomb, ErrUntrusted},
		"A25 deflate":             {with(200, "Content-Encoding", "deflate"), ErrUntrusted},
		"A25 gzip that is none":   {with(200, "Content-Encoding", "gzip"), ErrUnavailable},
		"A22 redirect to nowhere": {with(302, "X", ""), ErrUntrusted},
		"A22 redirect to itself":  {with(302, "Location", "/ana"), ErrUntrusted},
		"A22 to another network":  {with(302, "Location", "http://192.0.2.1/ana"), ErrForbidden},
		"A22 to the metadata":     {with(307, "Location", "http://169.254.169.254/latest"), ErrForbidden},
		"A22 to a file":           {with(301, "Location", "file:///etc/passwd"), ErrForbidden},
		"A22 to data":             {with(303, "Location", "data:application/activity+json,{}"), ErrForbidden},
		"A22 to gopher":           {with(308, "Location", "gopher://127.0.0.1/"), ErrForbidden},
		"A22 with a user":         {with(302, "Location", "http://a:b@127.0.0.1/"), ErrForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPeer(t)
			person, err := vocab.Marshal(p.person("/ana", keyOnce[1]()))
			if err != nil {
				t.Fatal(err)
			}
			p.set("/ana", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { c.answer(w, person) }))
			if _, err := newClient(t).FetchActor(t.Context(), p.URL+"/ana"); !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
		})
	}
}

// answer serves an actor's document in a way in which it doesn't count.
type answer func(w http.ResponseWriter, person []byte)

func with(status int, header, value string) answer {
	return func(w http.ResponseWriter, person []byte) {
		w.Header().Set(header, value)
		w.WriteHeader(status)
		_, _ = w.Write(person)
	}
}

func text(body string) answer {
	return func(w http.ResponseWriter, _ []byte) { _, _ = io.WriteString(w, body) }
}

// padded is a sound document in all but its size.
func padded(w http.ResponseWriter, person []byte) {
	_, _ = w.Write(person)
	_, _ = io.WriteString(w, strings.Repeat(" ", maxDocument))
}

// endless goes on until the client has had enough.
func endless(w http.ResponseWriter, person []byte) {
	for {
		if _, err := w.Write(person); err != nil {
			return
		}
	}
}

func manyHeaders(w http.ResponseWriter, person []byte) {
	for i := range 4000 {
		w.Header().Set(fmt.Sprintf("X-Header-%d", i), "filler filler filler")
	}
	_, _ = w.Write(person)
}

// gzipBomb sends 100 KiB that inflate to a document and 100 MiB of blanks.
func gzipBomb(w http.ResponseWriter, person []byte) {
	w.Header().Set("Content-Encoding", "gzip")
	z := gzip.NewWriter(w)
	defer z.Close()
	_, _ = z.Write(person)
	block := []byte(strings.Repeat(" ", 1<<20))
	for range 100 {
		if _, err := z.Write(block); err != nil {
			return
		}
	}
}

// TestA24Slow has servers that never finish; the deadlines are short here. A
// client without them would hang until the test is killed.
func TestA24Slow(t *testing.T) {
	t.Parallel()
	drip := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", vocab.MediaType)
		for r.Context().Err() == nil {
			_, _ = io.WriteString(w, " ")
			w.(http.Flusher).Flush()
			time.Sleep(5 * time.Millisecond)
		}
	}
	hang := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	short := func(o *Options) { o.FetchTimeout, o.PostTimeout = 100*time.Millisecond, 100*time.Millisecond }
	for name, h := range map[string]http.HandlerFunc{"drip": drip, "hang": hang} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(h)
			t.Cleanup(server.Close)
			if _, err := newClient(t, short).FetchActor(t.Context(), server.URL+"/"); !errors.Is(err, ErrUnavailable) {
				t.Errorf("error %v, want ErrUnavailable", err)
			}
		})
	}
	t.Run("silent after connecting", func(t *testing.T) {
		t.Parallel()
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		if _, err := newClient(t, short).FetchActor(t.Context(), "http://"+l.Addr().String()); !errors.Is(err, ErrUnavailable) {
			t.Errorf("error %v, want ErrUnavailable", err)
		}
	})
}

func TestA10FetchedUnderAnotherID(t *testing.T) {
	t.Parallel()
	p, other, client := newPeer(t), newPeer(t), newClient(t)
	ana := p.person("/ana", keyOnce[1]())
	p.set("/ana", ana)
	p.set("/@ana", ana)
	actor, err := client.FetchActor(t.Context(), p.URL+"/@ana")
	if err != nil || actor.ID != ana.ID {
		t.Errorf("another address of the same server: %q, %v", actor.ID, err)
	}

	p.set("/moved", redirectTo(ana.ID, 301))
	moved := newClient(t)
	if actor, err = moved.FetchActor(t.Context(), p.URL+"/moved"); err != nil || actor.ID != ana.ID {
		t.Errorf("behind a redirect: %q, %v", actor.ID, err)
	}
	if _, kept := moved.actors.get(ana.ID); !kept {
		t.Error("A9: not kept under its id")
	}

	// A copy elsewhere, altered, is not believed: the id's own server is asked.
	forged := ana
	forged.Inbox = other.URL + "/steal"
	other.set("/copy", forged)
	if actor, err = newClient(t).FetchActor(t.Context(), other.URL+"/copy"); err != nil || actor.Inbox != ana.Inbox {
		t.Errorf("a copy elsewhere: inbox %q, %v", actor.Inbox, err)
	}
	if _, kept := client.actors.get(other.URL + "/copy"); kept {
		t.Error("A9: kept under an address that is not its id")
	}

	// Ids that point to each other are given up.
	loop := p.person("/b", keyOnce[1]())
	p.set("/a", loop)
	loop.ID = p.URL + "/a"
	p.set("/b", loop)
	if _, err := client.FetchActor(t.Context(), p.URL+"/a"); !errors.Is(err, ErrUntrusted) {
		t.Errorf("two ids in a ring: error %v, want ErrUntrusted", err)
	}

	// An open redirect to elsewhere makes no identity on the first server.
	victim := other.person("/redirect", keyOnce[1]())
	p.set("/evil", victim)
	other.set("/redirect", redirectTo(p.URL+"/evil", 302))
	if _, err := client.FetchActor(t.Context(), other.URL+"/redirect"); !errors.Is(err, ErrUntrusted) {
		t.Errorf("through an open redirect: error %v, want ErrUntrusted", err)
	}
}

func TestA22Redirects(t *testing.T) {
	t.Parallel()
	first, second, client := newPeer(t), newPeer(t), newClient(t)
	second.set("/ana", second.person("/ana", keyOnce[1]()))
	first.set("/3", redirectTo(second.URL+"/2", 301))
	second.set("/2", redirectTo("/1?x#y", 302))
	second.set("/1", redirectTo(second.URL+"/ana", 307))
	first.set("/4", redirectTo(first.URL+"/3", 308))

	if _, err := client.FetchActor(t.Context(), first.URL+"/3"); err != nil {
		t.Errorf("three redirects: %v", err)
	}
	// Each server saw a signature made for itself, and for itself only.
	if err := first.verified("/3", client.options.Now()); err != nil {
		t.Errorf("the first server: %v", err)
	}
	if err := second.verified("/2", client.options.Now()); err != nil {
		t.Errorf("the second server: %v", err)
	}
	if a, b := first.signed["/3"].Header.Get("Signature"), second.signed["/2"].Header.Get("Signature"); a == b {
		t.Error("the signature for one server was sent to another")
	}
	if _, err := client.FetchActor(t.Context(), first.URL+"/4"); !errors.Is(err, ErrUntrusted) {
		t.Errorf("four redirects: error %v, want ErrUntrusted", err)
	}
}

func TestHTTPS(t *testing.T) {
	t.Parallel()
	p := unstartedPeer()
	p.Server = httptest.NewTLSServer(p)
	t.Cleanup(p.Close)
	p.set("/ana", p.person("/ana", keyOnce[1]()))
	plain := newPeer(t)
	p.set("/down", redirectTo(plain.URL+"/ana", 302))
	roots := x509.NewCertPool()
	roots.AddCert(p.Certificate())
	client := newClient(t, func(o *Options) { o.RootCAs = roots })

	if _, err := client.FetchActor(t.Context(), p.URL+"/ana"); err != nil {
		t.Errorf("with its authority: %v", err)
	}
	if _, err := newClient(t).FetchActor(t.Context(), p.URL+"/ana"); !errors.Is(err, ErrUnavailable) {
		t.Errorf("without: error %v, want ErrUnavailable", err)
	}
	host := strings.TrimPrefix(p.URL, "https://")
	p.set("/.well-known/webfinger", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", vocab.MediaTypeJRD)
		_, _ = io.WriteString(w, `{"subject":"acct:ana@`+host+`","links":[{"rel":"self","type":"application/activity+json","href":"`+p.URL+`/ana"}]}`)
	}))
	if id, err := client.FetchHandle(t.Context(), "@ana@"+host); err != nil || id != p.URL+"/ana" {
		t.Errorf("by a handle on this machine: %q, %v", id, err)
	}
	if _, err := client.FetchActor(t.Context(), p.URL+"/down"); !errors.Is(err, ErrForbidden) {
		t.Errorf("A22 redirect from https to http: error %v, want ErrForbidden", err)
	}
	if diff := cmp.Diff(map[string]int{}, plain.visits()); diff != "" {
		t.Error(diff)
	}
}

func TestFetchesAreLimited(t *testing.T) {
	t.Parallel()
	p, now := newPeer(t), newClock()
	client := newClient(t, func(o *Options) { o.FetchesPerMinute, o.Now = 3, now.Now })
	for i := range 5 {
		_, err := client.FetchActor(t.Context(), fmt.Sprintf("%s/%d", p.URL, i))
		want := ErrNotFound
		if i >= 3 {
			want = ErrUnavailable
		}
		if !errors.Is(err, want) {
			t.Errorf("fetch %d: error %v, want %v", i, err, want)
		}
	}
	if n := len(p.visits()); n != 3 {
		t.Errorf("the server was asked %d times", n)
	}
	now.advance(time.Minute)
	if _, err := client.FetchActor(t.Context(), p.URL+"/9"); !errors.Is(err, ErrNotFound) {
		t.Errorf("a minute later: error %v, want ErrNotFound", err)
	}
}

func TestLimitCountsRegistrableDomains(t *testing.T) {
	t.Parallel()
	public, loopback := newClient(t, func(o *Options) { o.Loopback = false }), newClient(t)
	for _, c := range []struct {
		client        *Client
		address, want string
	}{
		{public, "https://a.b.social.example/x", "social.example"},
		{public, "https://A.Social.Example/x", "social.example"},
		{public, "https://mfa.gov.uk/x", "mfa.gov.uk"},
		{public, "https://9.9.9.9/", "9.9.9.9"},
		{loopback, "http://127.0.0.1:8080/", "127.0.0.1:8080"},
	} {
		u, err := c.client.CheckURL(c.address)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.client.domain(u); got != c.want {
			t.Errorf("%s counts against %q, want %q", c.address, got, c.want)
		}
	}
}

func TestLimiterIsBounded(t *testing.T) {
	t.Parallel()
	now := newClock()
	l := newLimiter(60, now.Now)
	for i := range 2 * maxDomains {
		if l.allow(fmt.Sprint(i), "mallory") != allowed {
			t.Fatalf("domain %d is refused", i)
		}
	}
	if len(l.domains.counts) != maxDomains || len(l.shares.counts) != maxDomains {
		t.Errorf("%d domains and %d clients are counted", len(l.domains.counts), len(l.shares.counts))
	}
	for _, name := range []string{"0", "honest.example"} {
		asked := 0
		for n := range 100 {
			if l.allow(name, fmt.Sprint("ana", n%10)) == allowed {
				asked++
			}
		}
		// Three quarters of 60, less what shares its count by lot: 2.4 on the mean, and once in a
		// hundred million times more than 15.
		if asked < 30 || asked > 45 {
			t.Errorf("%s is asked %d times", name, asked)
		}
		l.giveBack(name, "ana0")
	}
	now.advance(time.Minute)
	if l.allow("honest.example", "ana") != allowed || len(l.domains.counts) != 1 || l.domains.shared != nil {
		t.Error("the minute does not end")
	}
}

// TestA32ShareOfAClient: whoever names keys that are not there, of one domain, keeps
// nobody else from it, and from whom its messages come may cause more.
func TestA32ShareOfAClient(t *testing.T) {
	t.Parallel()
	d := newDoubted(t)
	d.client = newClient(t, func(o *Options) { o.Now, o.FetchesPerMinute = d.now.Now, 60 })
	for _, proven := range []bool{false, true} {
		before := d.visits()
		for n := range 100 {
			_, _ = d.client.FetchKey(d.message(t, "mallory"), fmt.Sprintf("%s/%t/%d#main-key", d.URL, proven, n))
		}
		want := 15
		if proven {
			want = 45
		}
		if asked := len(d.visits()) - len(before); asked != want {
			t.Errorf("%d fetches for one client, want %d (proven: %t)", asked, want, proven)
		}
		for n := range 10 {
			ctx := WithBudget(d.message(t, "ana"), 5)
			d.client.keys.remove(d.keyID)
			if _, err := d.client.FetchKey(ctx, d.keyID); err != nil {
				t.Errorf("fetch %d for another: %v", n, err)
			}
			d.client.PaidOff(ctx, d.Listener.Addr().String())
		}
		d.client.limit.giveBack(d.Listener.Addr().String(), "mallory")
		d.now.advance(time.Minute)
	}
	before := d.visits()
	for n := range 100 {
		_, _ = d.client.FetchKey(d.message(t, fmt.Sprint("mallory", n)), fmt.Sprintf("%s/many/%d#main-key", d.URL, n))
	}
	if asked := len(d.visits()) - len(before); asked != 45 {
		t.Errorf("%d fetches for many clients, want 45", asked)
	}
	d.client.keys.remove(d.keyID)
	if _, err := d.client.FetchKey(d.message(t, "ana"), d.keyID); err != nil {
		t.Errorf("a fetch for one from whom messages came: %v", err)
	}
}

func TestCacheForgets(t *testing.T) {
	t.Parallel()
	now := newClock()
	c := newCache[int](2, now.Now)
	c.put("a", 1, nil, time.Hour)
	c.put("b", 2, nil, time.Minute)
	c.get("a")
	c.put("c", 3, nil, time.Hour) // drops b, which was not asked for
	if _, ok := c.get("b"); ok {
		t.Error("the bound does not hold")
	}
	if e, ok := c.get("a"); !ok || e.value != 1 {
		t.Error("the wrong one was dropped")
	}
	c.put("a", 4, nil, time.Minute)
	now.advance(time.Minute)
	if _, ok := c.get("a"); ok {
		t.Error("an entry outlives its time")
	}
	if len(c.entries) != 1 || c.order.Len() != 1 {
		t.Errorf("%d entries in a list of %d", len(c.entries), c.order.Len())
	}
}

func TestCacheIsBoundedByWeight(t *testing.T) {
	t.Parallel()
	c := newCache[int](10, newClock().Now)
	c.weigh = func(n int) int { return n }
	c.put("a", maxWeight/2, nil, time.Hour)
	c.put("b", maxWeight/2, nil, time.Hour)
	if c.order.Len() != 2 {
		t.Fatalf("%d entries, want the two that fit", c.order.Len())
	}
	c.put("c", 1, nil, time.Hour) // drops a
	c.remove("b")
	if _, ok := c.get("c"); !ok || c.order.Len() != 1 || c.weight != 1 {
		t.Errorf("%d entries of weight %d, want the last one alone", c.order.Len(), c.weight)
	}
}

// What is asked for after an actor has been forgotten is not what was on its way
// before.
func TestForgetWhileFetching(t *testing.T) {
	t.Parallel()
	p, client := newPeer(t), newClient(t)
	ana := p.person("/ana", keyOnce[1]())
	asked, answer := make(chan struct{}), make(chan struct{})
	p.set("/ana", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(asked)
		<-answer
		p.write(w, r, ana)
	}))
	before := make(chan error)
	go func() {
		_, err := client.FetchActor(t.Context(), ana.ID)
		before <- err
	}()
	<-asked
	changed := ana
	changed.Name = "Ana of today"
	p.set("/ana", changed)
	client.Forget(ana.ID)
	time.AfterFunc(100*time.Millisecond, func() { close(answer) })
	if got, err := client.FetchActor(t.Context(), ana.ID); err != nil || got.Name != changed.Name {
		t.Errorf("got %q: %v", got.Name, err)
	}
	if err := <-before; err != nil {
		t.Error(err)
	}
}
