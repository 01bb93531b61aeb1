package site

import (
	"bytes"
	"net/url"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
)

// found asks the search and tells whether its page lists an article.
func found(s *e2etest.Site, lang, query string, f e2etest.Filed) bool {
	s.T.Helper()
	got := e2etest.Get(s.T, s.Base+"/"+lang+"/search?q="+url.QueryEscape(query), "Accept", "text/html")
	e2etest.Equal(s.T, "the status of the search for "+query, got.Status, 200)
	return bytes.Contains(got.Body, []byte(`<a href="`+f.URL+`"`))
}

// TestSearch: what commands publish, correct and withdraw while the server runs
// is found, and found no more, when they have returned.
func TestSearch(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.Configure("languages: [en]", "languages: [en, ar, zh]")
	s.Serve()
	en := s.Publish("Harbour treaty signed")
	zh := s.File("publish", s.Markdown("外交部长王毅访问", "双方签署了条约。", "language: zh"))
	ar := s.File("publish", s.Markdown("الوزيرة توقّع المعاهدات", "في مدينة إسطنبول", "language: ar"))
	for _, c := range []struct {
		lang, query string
		f           e2etest.Filed
		want        bool
	}{
		{"en", "TREATIES harbour", en, true}, {"en", "delegations", en, true}, {"en", "harbour -delegation", en, false},
		{"zh", "王毅", zh, true}, {"zh", "条约", zh, true}, {"ar", "معاهدة", ar, true}, {"ar", "اسطنبول", ar, true}, {"en", "王毅", zh, false},
	} {
		e2etest.Equal(t, c.query+" in "+c.lang+" finds it", found(s, c.lang, c.query, c.f), c.want)
	}
	corrected := s.File("correct", en.ID, s.Markdown("Harbour agreement signed", "The text."), "--note", "It was an agreement.")
	e2etest.Equal(t, "the old title finds it", found(s, "en", "treaty", corrected), false)
	e2etest.Equal(t, "the new title finds it", found(s, "en", "agreement", corrected), true)
	s.Must("withdraw", en.ID, "--reason", "Issued in error.")
	e2etest.Equal(t, "found after the withdrawal", found(s, "en", "agreement", corrected), false)
}

// TestSearchKeepsEmbargoes: no word is found before its second.
func TestSearchKeepsEmbargoes(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.Serve()
	f := s.File("publish", s.Markdown("Secret summit", "Text.", e2etest.PublishedAt(s.Clock.Now().Add(time.Hour))))
	e2etest.Equal(t, "found before its second", found(s, "en", "summit", f), false)
	s.Clock.Pass(time.Hour + time.Second)
	e2etest.Eventually(t, "the statement is found", func() bool { return found(s, "en", "summit", f) })
}

// TestSearchField: a page for what is not there offers to search, in a form
// that leads to a page that answers.
func TestSearchField(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.Serve()
	for _, address := range []string{s.Base + "/en/", s.Base + "/en/nothing/here"} {
		body := string(e2etest.Get(t, address, "Accept", "text/html").Body)
		e2etest.Equal(t, "forms that search on "+address, strings.Count(body, `role="search" action="`+s.Base+`/en/search"`), 1)
	}
	description := e2etest.Get(t, s.Base+"/en/opensearch.xml")
	e2etest.Equal(t, "the media type", description.Header.Get("Content-Type"), "application/opensearchdescription+xml; charset=utf-8")
	e2etest.Equal(t, "it names the search", bytes.Contains(description.Body, []byte(`template="`+s.Base+`/en/search?q={searchTerms}"`)), true)
	long := s.Base + "/en/search?q=" + strings.Repeat("x", 300)
	e2etest.Equal(t, "the status of a long query", e2etest.Get(t, long).Status, 400)
	e2etest.Equal(t, "the status of an endless one", e2etest.Get(t, long+strings.Repeat("x", 1<<20)).Status, 431)
}
