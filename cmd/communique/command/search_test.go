package command

import (
	"bytes"
	"net/url"
	"strings"
	"testing"
	"time"
)

// found asks the search and tells whether its page lists an article.
func (s *testSite) found(lang, query string, f filed) bool {
	s.t.Helper()
	got := get(s.t, s.base+"/"+lang+"/search?q="+url.QueryEscape(query), "Accept", "text/html")
	mustEqual(s.t, "the status of the search for "+query, got.Status, 200)
	return bytes.Contains(got.Body, []byte(`<a href="`+f.URL+`"`))
}

// TestSearch: what commands publish, correct and withdraw while the server runs
// is found, and found no more, when they have returned.
func TestSearch(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.serve()
	en := s.publish("Harbour treaty signed")
	zh := s.file("publish", s.markdown("外交部长王毅访问", "双方签署了条约。", "language: zh"))
	ar := s.file("publish", s.markdown("الوزيرة توقّع المعاهدات", "في مدينة إسطنبول", "language: ar"))
	for _, c := range []struct {
		lang, query string
		f           filed
		want        bool
	}{
		{"en", "TREATIES harbour", en, true}, {"en", "delegations", en, true}, {"en", "harbour -delegation", en, false},
		{"zh", "王毅", zh, true}, {"zh", "条约", zh, true}, {"ar", "معاهدة", ar, true}, {"ar", "اسطنبول", ar, true}, {"en", "王毅", zh, false},
	} {
		mustEqual(t, c.query+" in "+c.lang+" finds it", s.found(c.lang, c.query, c.f), c.want)
	}
	corrected := s.file("correct", en.ID, s.markdown("Harbour agreement signed", "The text."), "--note", "It is no treaty.")
	mustEqual(t, "the old title finds it", s.found("en", "treaty", corrected), false)
	mustEqual(t, "the new title finds it", s.found("en", "agreement", corrected), true)
	s.must("withdraw", en.ID, "--reason", "Issued in error.")
	mustEqual(t, "found after the withdrawal", s.found("en", "agreement", corrected), false)
}

// TestSearchKeepsEmbargoes: no word is found before its second.
func TestSearchKeepsEmbargoes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.serve()
	release := time.Now().Add(2 * time.Second).Truncate(time.Second)
	f := s.file("publish", s.markdown("Secret summit", "Text.", "published: "+release.UTC().Format(time.RFC3339)))
	if s.found("en", "summit", f) && time.Now().Before(release) {
		t.Error("it is found before its second")
	}
	eventually(t, "the statement is found", func() bool { return s.found("en", "summit", f) })
	if time.Now().Before(release) {
		t.Error("it was found before its second")
	}
}

// TestSearchField: a page for what is not there offers to search, in a form
// that leads to a page that answers.
func TestSearchField(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.serve()
	for _, address := range []string{s.base + "/en/", s.base + "/en/nothing/here"} {
		body := string(get(t, address, "Accept", "text/html").Body)
		mustEqual(t, "forms that search on "+address, strings.Count(body, `role="search" action="`+s.base+`/en/search"`), 1)
	}
	description := get(t, s.base+"/en/opensearch.xml")
	mustEqual(t, "the media type", description.Header.Get("Content-Type"), "application/opensearchdescription+xml; charset=utf-8")
	mustEqual(t, "it names the search", bytes.Contains(description.Body, []byte(`template="`+s.base+`/en/search?q={searchTerms}"`)), true)
	long := s.base + "/en/search?q=" + strings.Repeat("x", 300)
	mustEqual(t, "the status of a long query", get(t, long).Status, 400)
	mustEqual(t, "the status of an endless one", get(t, long+strings.Repeat("x", 1<<20)).Status, 431)
}
