package remote

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// answersWebFinger makes a peer tell links in its WebFinger.
func (p *peer) answersWebFinger(links string) {
	p.set("/.well-known/webfinger", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/jrd+json")
		fmt.Fprintf(w, `{"subject":%q,"links":[%s]}`, r.URL.Query().Get("resource"), links)
	}))
}

func TestFetchIntents(t *testing.T) {
	t.Parallel()
	p, client := newPeer(t), newClient(t)
	host := strings.TrimPrefix(p.URL, "http://")
	p.answersWebFinger(`{"rel":"http://ostatus.org/schema/1.0/subscribe","template":"` + p.URL + `/follow?uri={uri}"}`)
	for range 3 {
		i, err := client.FetchIntents(t.Context(), "ana", host)
		if err != nil || i.Follow != p.URL+"/follow?uri={uri}" || i.Create != "" {
			t.Fatalf("got %+v, %v", i, err)
		}
	}
	if n := p.count("/.well-known/webfinger"); n != 1 {
		t.Errorf("asked %d times, not once", n)
	}
}

// TestIntentsLeadToServersOnly: what a server tells leads to a server that we
// would connect to ourselves, or nowhere (SECURITY A43).
func TestIntentsLeadToServersOnly(t *testing.T) {
	t.Parallel()
	for _, template := range []string{
		"javascript:alert({uri})", "data:text/html,{uri}", "//social.example/{uri}", "/follow?uri={uri}", "https://{uri}/", "https://a{uri}.example/",
		"https://user@social.example/?uri={uri}", "https://10.0.0.1/?uri={uri}", "https://social.example#{uri}", "https://social.example{uri}", "ftp://social.example/{uri}", "",
	} {
		p, client := newPeer(t), newClient(t)
		p.answersWebFinger(`{"rel":"https://w3id.org/fep/3b86/Follow","template":"` + template + `"}`)
		i, err := client.FetchIntents(t.Context(), "ana", strings.TrimPrefix(p.URL, "http://"))
		if err != nil || i.Follow != "" {
			t.Errorf("%s: got %q, %v", template, i.Follow, err)
		}
	}
}

// TestVisitorsAreBounded: what visitors have us ask leaves the fetches of keys
// alone, ends in time, and is not made without end.
func TestVisitorsAreBounded(t *testing.T) {
	t.Parallel()
	p, client := newPeer(t), newClient(t, func(o *Options) { o.FetchesPerMinute = 1 })
	host := strings.TrimPrefix(p.URL, "http://")
	p.set("/ana", p.person("/ana", keyOnce[1]()))
	p.answersWebFinger("")
	for n := range visitorsPerMinute + 10 {
		_, err := client.FetchIntents(t.Context(), fmt.Sprintf("ana%d", n), host)
		if (err != nil) != (n >= visitorsPerMinute) {
			t.Fatalf("visitor %d: %v", n, err)
		}
	}
	if _, err := client.FetchActor(t.Context(), p.URL+"/ana"); err != nil {
		t.Errorf("the actor cannot be fetched: %v", err)
	}
	for range maxVisitors {
		client.visitors <- struct{}{}
	}
	if _, err := client.FetchIntents(t.Context(), "bea", host); err == nil {
		t.Error("one more than is asked at once was asked")
	}
}

func TestASlowServerIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	p, client := newPeer(t), newClient(t)
	p.set("/.well-known/webfinger", http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	began := time.Now()
	if i, err := client.FetchIntents(t.Context(), "ana", strings.TrimPrefix(p.URL, "http://")); err == nil {
		t.Errorf("got %+v after %s", i, time.Since(began))
	}
}
