package site

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
)

// visit fills in a form on a page of the site and returns the answer.
func visit(s *e2etest.Site, t *testing.T, path, origin string, fields url.Values) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.Base+path, strings.NewReader(fields.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", origin)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		t.Fatal(err)
	}
	return answer
}

// TestVisitors: readers follow and share at their own server, where that says if
// it says so, else where Mastodon has it; and only our pages send them there.
func TestVisitors(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.Serve()
	a := s.Publish("A treaty & more")
	mux := http.NewServeMux()
	told := httptest.NewServer(mux)
	t.Cleanup(told.Close)
	mux.HandleFunc("/.well-known/webfinger", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("resource") != "acct:reader@"+r.Host {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/jrd+json")
		fmt.Fprintf(w, `{"subject":"acct:reader@%s","links":[
			{"rel":"http://ostatus.org/schema/1.0/subscribe","template":"%s/subscribe?to={uri}"},
			{"rel":"https://w3id.org/fep/3b86/Create","template":"%s/write?text={content}"}]}`, r.Host, told.URL, told.URL)
	})
	host := strings.TrimPrefix(told.URL, "http://")
	actor, text := url.QueryEscape(s.Actor()), "A%20treaty%20%26%20more%0A%0A"+url.QueryEscape(a.URL)
	for server, want := range map[string][2]string{
		"@reader@" + host:     {told.URL + "/subscribe?to=" + actor, told.URL + "/write?text=" + text},
		told.URL + "/@reader": {told.URL + "/subscribe?to=" + actor, told.URL + "/write?text=" + text},
		"nobody@" + host:      {told.URL + "/authorize_interaction?uri=" + actor, told.URL + "/share?text=" + strings.ReplaceAll(text, "%20", "+")},
		host:                  {told.URL + "/authorize_interaction?uri=" + actor, told.URL + "/share?text=" + strings.ReplaceAll(text, "%20", "+")},
	} {
		for i, path := range []string{"/follow", "/share"} {
			fields := url.Values{"server": {server}, "article": {a.ID}}
			got := visit(s, t, path, "same-origin", fields)
			e2etest.Equal(t, path+" of "+server, fmt.Sprint(got.StatusCode, got.Header.Get("Location")), fmt.Sprint(303, want[i]))
			e2etest.Equal(t, path+" from elsewhere", visit(s, t, path, "cross-site", fields).StatusCode, 400)
		}
	}
	page := e2etest.Get(t, s.Base+"/en/", "Accept", "text/html")
	if !strings.Contains(string(page.Body), `<form action="/follow" method="post">`) {
		t.Error("the page has no form to follow by")
	}
	if policy := page.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "form-action 'self' https:") {
		t.Errorf("the page may not lead readers to their servers: %s", policy)
	}
}
