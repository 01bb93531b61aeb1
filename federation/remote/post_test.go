package remote

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communique/federation/signature"
	"communique/storage/delivery/outbound"
)

var activity = []byte(`{"type":"Create"}`)

func post(t *testing.T, client *Client, inbox string) (outbound.Answer, error) {
	t.Helper()
	key := signature.Key{ID: ourKeyID, Private: keyOnce[0]()}
	return client.Post(t.Context(), Delivery{Inbox: inbox, Body: activity, Digest: signature.Digest(activity)}, Ladder{Key: key})
}

func TestPost(t *testing.T) {
	t.Parallel()
	p, client := newPeer(t), newClient(t)
	p.set("/in box", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(202) }))
	got, err := post(t, client, p.URL+"/in%20box?x=1")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(outbound.Answer{Status: 202}, got); diff != "" {
		t.Error(diff)
	}
	if err := p.verified("/in box", client.options.Now()); err != nil {
		t.Errorf("S1: %v", err)
	}
	r := p.signed["/in box"]
	want := map[string]string{
		"Content-Type": "application/activity+json", "User-Agent": "communique/test", "Content-Encoding": "", "Idempotency-Key": "",
		"Digest": signature.Digest(activity), "Content-Length": strconv.Itoa(len(activity)), "Date": "Sat, 14 Mar 2026 12:00:00 GMT",
	}
	sent := map[string]string{}
	for name := range want {
		sent[name] = r.Header.Get(name)
	}
	if diff := cmp.Diff(want, sent); diff != "" {
		t.Errorf("S5 S6 S7: %s", diff)
	}
	if diff := cmp.Diff(string(activity), string(p.bodies["/in box"])); diff != "" {
		t.Error(diff)
	}
}

// A redirect that is followed would be counted as a delivery: the POST becomes
// a GET of some page, which answers 200.
func TestPostFollowsNoRedirect(t *testing.T) {
	t.Parallel()
	for _, status := range []int{301, 302, 303, 307, 308} {
		p := newPeer(t)
		p.set("/inbox", redirectTo(p.URL+"/home", status))
		p.set("/home", "welcome")
		got, err := post(t, newClient(t), p.URL+"/inbox")
		if err != nil || got.Status != status || p.count("/home") != 0 {
			t.Errorf("%d: %+v, %v, %d requests for the target", status, got, err, p.count("/home"))
		}
	}
}

func TestPostTellsWhatTheServerSaid(t *testing.T) {
	t.Parallel()
	p, client := newPeer(t), newClient(t)
	p.set("/inbox", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "120")
		w.WriteHeader(429)
		_, _ = io.WriteString(w, "slow\r\n\tdown\x1b[31m \u202e\xff"+strings.Repeat("!", 1000))
	}))
	got, err := post(t, client, p.URL+"/inbox")
	if err != nil {
		t.Fatal(err)
	}
	text := "slow down[31m "
	want := outbound.Answer{Status: 429, RetryAfter: 2 * time.Minute, Excerpt: text + strings.Repeat("!", 512-len("slow\r\n\tdown\x1b[31m \u202e\xff"))}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("A37: %s", diff)
	}
}

func TestPostWithoutAnswer(t *testing.T) {
	t.Parallel()
	reset := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			_ = conn.(*net.TCPConn).SetLinger(0)
			conn.Close()
		}
	}))
	t.Cleanup(reset.Close)
	gone := httptest.NewServer(nil)
	gone.Close()
	hang := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // or the server would not see that the client leaves
		<-r.Context().Done()
	}))
	t.Cleanup(hang.Close)
	client := newClient(t, func(o *Options) { o.PostTimeout = 100 * time.Millisecond })
	for name, inbox := range map[string]string{"reset": reset.URL, "nobody listens": gone.URL, "A24 hang": hang.URL} {
		if _, err := post(t, client, inbox+"/inbox"); !errors.Is(err, ErrUnavailable) {
			t.Errorf("%s: error %v, want ErrUnavailable", name, err)
		}
	}
}

// An answer without end costs no more than its start.
func TestPostReadsLittle(t *testing.T) {
	t.Parallel()
	p := newPeer(t)
	p.set("/inbox", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		endless(w, []byte(strings.Repeat("x", 4096)))
	}))
	got, err := post(t, newClient(t), p.URL+"/inbox")
	if err != nil || got.Status != 200 || len(got.Excerpt) != 512 {
		t.Errorf("%d, %d bytes, %v", got.Status, len(got.Excerpt), err)
	}
}

func TestPostUsesAConnectionAgain(t *testing.T) {
	t.Parallel()
	var opened atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(400)
		_, _ = io.WriteString(w, strings.Repeat("a page about the error ", 1000))
	}))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			opened.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	client := newClient(t)
	for range 5 {
		if _, err := post(t, client, server.URL+"/inbox"); err != nil {
			t.Fatal(err)
		}
	}
	if n := opened.Load(); n != 1 {
		t.Errorf("%d connections for five deliveries", n)
	}
}

func BenchmarkPost(b *testing.B) {
	p := newPeer(b)
	p.set("/inbox", "")
	client := newClient(b)
	key, digest := signature.Key{ID: ourKeyID, Private: keyOnce[0]()}, signature.Digest(activity)
	for b.Loop() {
		if _, err := client.Post(b.Context(), Delivery{Inbox: p.URL + "/inbox", Body: activity, Digest: digest}, Ladder{Key: key}); err != nil {
			b.Fatal(err)
		}
	}
}
