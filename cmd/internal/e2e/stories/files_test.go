package stories

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
)

// treaty is a PDF of several chunks of the database, which says which text it is.
func treaty(text string) []byte {
	return []byte("%PDF-1.7\n% " + text + "\n" + strings.Repeat("% and so on\n", 60_000) + "trailer << >>\n%%EOF\n")
}

// beside writes a file beside a document.
func beside(t *testing.T, document, name string, content []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(filepath.Dir(document), name), content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// fileOn is the address of the one file that a page lists.
func fileOn(t *testing.T, page string) string {
	t.Helper()
	_, listed, _ := strings.Cut(page, `<section class="files">`)
	_, listed, _ = strings.Cut(listed, `href="`)
	address, _, found := strings.Cut(listed, `"`)
	if !found {
		t.Fatalf("the page lists no file: %s", page)
	}
	return address
}

// TestATreatyBesideAnArticle: under embargo nobody has it, then the page, the feeds and
// the followers' note lead to it; a correction replaces it, and with the withdrawal it
// is gone.
func TestATreatyBesideAnArticle(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.Serve()
	first, second := treaty("first"), treaty("second")
	document := s.Markdown("A treaty is signed", "Read the [Treaty of Almira](<treaty of Almira.pdf>).",
		e2etest.PublishedAt(s.Clock.Now().Add(time.Hour)))
	beside(t, document, "treaty of Almira.pdf", first)
	a := s.File("publish", document)
	draft := s.Must("show", a.ID, "--markdown")
	if !strings.Contains(draft, "<treaty of Almira.pdf>") {
		t.Errorf("the document that was filed is not given back: %s", draft)
	}
	e2etest.Equal(t, "the status of the page under embargo", s.Page(a).Status, 404)
	s.Clock.Pass(time.Hour)
	e2etest.Eventually(t, "the embargo ends", func() bool { return s.Page(a).Status == 200 })
	page := string(s.Page(a).Body)
	address := fileOn(t, page)
	if !strings.Contains(page, "Treaty of Almira</a> <small>PDF, 720 KB</small>") {
		t.Errorf("the page does not say what the file is: %s", page)
	}
	got := e2etest.Get(t, address)
	if got.Status != 200 || string(got.Body) != string(first) {
		t.Fatalf("the file is answered %d with %d bytes", got.Status, len(got.Body))
	}
	for field, want := range map[string]string{
		"Content-Type": "application/pdf", "X-Content-Type-Options": "nosniff", "Accept-Ranges": "bytes",
		"Content-Disposition": `attachment; filename="treaty of Almira.pdf"`, "Content-Security-Policy": "default-src 'none'; sandbox",
	} {
		e2etest.Equal(t, field, got.Header.Get(field), want)
	}
	e2etest.Equal(t, "the status of a revalidation", e2etest.Get(t, address, "If-None-Match", got.Header.Get("ETag")).Status, 304)
	head := e2etest.Request(t, "HEAD", address)
	e2etest.Equal(t, "the length by HEAD", head.Header.Get("Content-Length"), strconv.Itoa(len(first)))
	part := e2etest.Get(t, address, "Range", "bytes=300000-300009")
	e2etest.Equal(t, "the status of a part", part.Status, 206)
	e2etest.Equal(t, "a part", string(part.Body), string(first[300000:300010]))
	e2etest.Equal(t, "the status of a part beyond the end", e2etest.Get(t, address, "Range", "bytes=900000-").Status, 416)
	for _, other := range []string{
		strings.Replace(address, "treaty%20of%20Almira.pdf", "setup.exe", 1), strings.Replace(address, "Almira", "almira", 1),
		s.Base + "/files/00000000000000000000000000000000/treaty.pdf",
	} {
		e2etest.Equal(t, "the status of "+other, e2etest.Get(t, other).Status, 404)
	}

	for format, want := range map[string]string{
		"rss": `<enclosure url="` + address + `" length="` + strconv.Itoa(len(first)) + `" type="application/pdf">`, "atom": `rel="enclosure"`, "json": `"title": "Treaty of Almira"`,
	} {
		if feed := string(e2etest.Get(t, s.Base+"/en/feed."+format).Body); !strings.Contains(feed, address) || !strings.Contains(feed, want) {
			t.Errorf("the feed in %s lacks %s: %s", format, want, feed)
		}
	}
	note := e2etest.Text(e2etest.Object(t, s.ObjectID(a)), "content")
	if !strings.Contains(note, `<a href="`+address+`">Treaty of Almira</a> (PDF)`) || strings.Index(note, address) < strings.Index(note, a.URL) {
		t.Errorf("the note does not lead to the file, behind the page: %s", note)
	}

	corrected := s.Markdown("A treaty is signed", "Read the [Treaty of Almira](treaty.pdf) of 2027.")
	beside(t, corrected, "treaty.pdf", second)
	s.Must("correct", a.ID, corrected, "--note", "The file was an earlier version.")
	e2etest.Equal(t, "the status of the file that was replaced", e2etest.Get(t, address).Status, 404)
	replaced := fileOn(t, string(s.Page(a).Body))
	e2etest.Equal(t, "the file now", string(e2etest.Get(t, replaced).Body), string(second))

	s.Must("withdraw", a.ID, "--reason", "Signed by mistake.")
	e2etest.Equal(t, "the status of the file of a withdrawn article", e2etest.Get(t, replaced).Status, 404)
	for _, format := range e2etest.Formats {
		if strings.Contains(string(e2etest.Get(t, s.Base+"/en/feed."+format).Body), "/files/") {
			t.Errorf("the feed in %s still leads to the file", format)
		}
	}
}
