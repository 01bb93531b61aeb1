package stories

import (
	"html"
	"mime"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

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

// TestFilesOfOddNames: whatever a file is called, its address leads to it and nowhere
// else, the reader's disk gets that name, and no page of this site comes of it. Under an
// embargo, and for whoever guesses, it is not there, not even by HEAD or for a part.
func TestFilesOfOddNames(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.Serve()
	names := []string{"name; filename=evil.html.csv", "Vertrag über Größe.csv", "条约 全文.csv", "معاهدة.csv", "100% of 1+1=2 & more.csv", "semi;colon,comma.csv", "a'b`c.csv", "%2e%2e%2f.csv", "#1 x=y.csv", "emoji 🚢.csv", "e\u0301.csv", strings.Repeat("long ", 27) + ".csv"}
	text := ""
	for i, name := range names {
		text += "- [Table " + strconv.Itoa(i) + "](<" + strings.NewReplacer("%", "%25", "#", "%23", "`", "%60").Replace(name) + ">)\n"
	}
	document := s.Markdown("Tables of the harbour", "The tables:\n\n"+text, e2etest.PublishedAt(s.Clock.Now().Add(time.Hour)))
	for i, name := range names {
		beside(t, document, name, []byte("table,"+strconv.Itoa(i)+"\n"))
	}
	a := s.File("publish", document)
	shown := s.Must("show", a.ID, "--json")
	addresses := regexp.MustCompile(regexp.QuoteMeta(s.Base)+`/files/[0-9a-f]{32}/[^"\\]+`).FindAllString(shown, -1)
	for i := range addresses {
		addresses[i] = html.UnescapeString(strings.ReplaceAll(addresses[i], `\u0026`, "&"))
	}
	addresses = slices.Compact(addresses)
	if len(addresses) < len(names) {
		t.Fatalf("%d addresses of %d files: %s", len(addresses), len(names), shown)
	}
	ask := func(method, address string, header ...string) e2etest.Answer {
		return e2etest.Request(t, method, address, header...)
	}
	for _, address := range addresses[:len(names)] {
		for _, header := range [][]string{nil, {"Range", "bytes=0-1"}, {"If-None-Match", "*"}, {"If-None-Match", `"` + strings.Split(address, "/")[4] + `"`}} {
			e2etest.Equal(t, "the status under embargo of "+address, ask("GET", address, header...).Status, 404)
			e2etest.Equal(t, "the status of HEAD under embargo of "+address, ask("HEAD", address, header...).Status, 404)
		}
	}
	s.Clock.Pass(time.Hour)
	e2etest.Eventually(t, "the embargo ends", func() bool { return s.Page(a).Status == 200 })
	for i, address := range addresses[:len(names)] {
		got := ask("GET", address)
		if got.Status != 200 || string(got.Body) != "table,"+strconv.Itoa(i)+"\n" {
			t.Errorf("%s is answered %d: %s", address, got.Status, got.Body)
			continue
		}
		kind, parameters, err := mime.ParseMediaType(got.Header.Get("Content-Disposition"))
		if err != nil || kind != "attachment" || parameters["filename"] != names[i] && parameters["filename"] != norm.NFC.String(names[i]) {
			t.Errorf("%s is called %q (%v): %s", address, parameters["filename"], err, got.Header.Get("Content-Disposition"))
		}
		head := ask("HEAD", address)
		for _, field := range []string{"Content-Type", "ETag", "Content-Security-Policy", "X-Content-Type-Options", "Content-Disposition", "Content-Length"} {
			if head.Header.Get(field) != got.Header.Get(field) || got.Header.Get(field) == "" {
				t.Errorf("%s: %s is %q by HEAD and %q by GET", address, field, head.Header.Get(field), got.Header.Get(field))
			}
		}
	}
	address, tag := addresses[0], ask("GET", addresses[0]).Header.Get("ETag")
	for _, c := range []struct {
		header []string
		status int
	}{
		{[]string{"Range", "bytes=0-1", "If-Range", tag}, 206}, {[]string{"Range", "bytes=0-1", "If-Range", `"other"`}, 200}, {[]string{"Range", "bytes=0-1", "If-Range", "Sat, 01 Jan 2000 00:00:00 GMT"}, 200},
		{[]string{"Range", "bytes=0-0,2-2"}, 206}, {[]string{"Range", "bytes=5-1"}, 416}, {[]string{"Range", "lines=1-2"}, 416},
		{[]string{"If-None-Match", "W/" + tag}, 304}, {[]string{"If-None-Match", "*"}, 304}, {[]string{"If-Match", `"other"`}, 412},
	} {
		got := ask("GET", address, c.header...)
		e2etest.Equal(t, "the status with "+strings.Join(c.header, " "), got.Status, c.status)
		if got.Header.Get("X-Content-Type-Options") != "nosniff" || got.Header.Get("Content-Security-Policy") == "" {
			t.Errorf("%v is answered without its policy: %v", c.header, got.Header)
		}
	}
	for _, other := range []string{address + "/", address + "/..", strings.Replace(address, "/files/", "/files/../files/", 1) + "x", strings.ToUpper(address), address + "%00"} {
		if got := ask("GET", other); got.Status == 200 {
			t.Errorf("%s is answered %d: %s", other, got.Status, got.Body)
		}
	}
	for _, method := range []string{"POST", "PUT", "DELETE"} {
		e2etest.Equal(t, "the status of "+method, ask(method, address).Status, 405)
	}
}
