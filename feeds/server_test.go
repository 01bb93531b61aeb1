package feeds_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"image"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/mmcdole/gofeed"

	"communique/feeds"
	"communique/feeds/site"
	"communique/storage"
	"communique/storage/clocktest"
	"communique/storage/newsdesk"
	"communique/storage/press"
	"communique/storage/storagetest/engines"
)

// newsroom is a server on a database of its own, with a clock to set.
type newsroom struct {
	*testing.T
	store    *storage.Store
	open     func(storage.Clock) (*storage.Store, error)
	server   *feeds.Server
	handler  http.Handler
	clock    *clocktest.Clock
	ministry press.Section
	minister press.Section
	arms     string         // path of the institution's own picture
	zone     *time.Location // nil: two hours ahead
}

const base = "https://press.example"

func open(t *testing.T) *newsroom {
	t.Helper()
	n := &newsroom{T: t}
	n.clock = clocktest.At(time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC))
	n.open = engines.Chosen(t)
	store, err := n.open(n.clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	n.store = store
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 4, 4))); err != nil {
		t.Fatal(err)
	}
	arms, err := newsdesk.NewMedia(picture.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	n.arms = "/media/" + arms.Name()
	n.handler = n.serve(arms)
	n.update(func(tx *storage.Tx) (err error) {
		if n.ministry, err = tx.AddSection(press.Root, "the-ministry", "en", "The Ministry"); err != nil {
			return err
		}
		n.minister, err = tx.AddSection(n.ministry.ID, "the-minister", "en", "The Minister")
		return err
	})
	n.clock.Pass(time.Minute)
	return n
}

// serve makes a server that has rendered nothing yet.
func (n *newsroom) serve(pictures ...newsdesk.Media) http.Handler {
	n.Helper()
	server, err := feeds.NewServer(n.Context(), feeds.Options{Store: n.store, Build: "test", Pictures: pictures, Identity: site.Identity{
		Site:      press.Site{Base: base, Tag: "press.example,2026"},
		Names:     map[press.Language]string{"en": "Ministry of External Relations", "fr": "Ministère des Relations extérieures"},
		Languages: []press.Language{"en", "fr", "ar"}, Zone: cmp.Or(n.zone, time.FixedZone("", 2*3600)), Actor: "ministry",
		SecurityContact: "mailto:security@press.example", Kinds: []site.Kind{{Name: "speech"}, {Name: "press-release"}, {Name: "readout"}},
	}})
	if err != nil {
		n.Fatal(err)
	}
	n.server = server
	r := chi.NewRouter()
	r.Use(middleware.GetHead)
	server.Routes(r, func(h func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { n.answer(w, r, server, h(w, r)) }
	})
	r.NotFound(func(w http.ResponseWriter, r *http.Request) { n.answer(w, r, server, press.ErrNotFound) })
	return server.Repeat(r)
}

// answer does what package web does with errors, as far as these tests need.
func (n *newsroom) answer(w http.ResponseWriter, r *http.Request, server *feeds.Server, err error) {
	var moved *press.MovedError
	var withdrawn *press.WithdrawnError
	p := site.Problem{Status: http.StatusInternalServerError}
	switch {
	case err == nil:
		return
	case errors.As(err, &moved):
		http.Redirect(w, r, moved.Location, http.StatusMovedPermanently)
		return
	case errors.As(err, &withdrawn):
		p.Status, p.Withdrawn = http.StatusGone, withdrawn
	case errors.Is(err, press.ErrNotFound):
		p.Status = http.StatusNotFound
	case errors.Is(err, press.ErrInvalid):
		p.Status = http.StatusBadRequest
	default:
		n.Errorf("%s: %v", r.URL, err)
	}
	w.WriteHeader(p.Status)
	if err := server.WriteProblem(w, r, p); err != nil {
		n.Errorf("problem page: %v", err)
	}
}

func (n *newsroom) update(fn func(*storage.Tx) error) {
	n.Helper()
	if err := n.store.Update(context.Background(), fn); err != nil {
		n.Fatal(err)
	}
}

func (n *newsroom) publish(d press.Draft) press.Article {
	n.Helper()
	if d.Section == 0 {
		d.Section = n.minister.ID
	}
	if d.Language == "" {
		d.Language = "en"
	}
	if d.Body == "" {
		d.Body = "<p>The text.</p>"
	}
	var a press.Article
	n.update(func(tx *storage.Tx) (err error) {
		a, _, err = tx.Publish(d)
		return err
	})
	n.clock.Pass(time.Minute)
	return a
}

func (n *newsroom) correct(a press.Article, title, note string, minor bool) {
	n.Helper()
	n.update(func(tx *storage.Tx) error {
		_, _, err := tx.Correct(a.ID, newsdesk.Correction{Note: note, Minor: minor, Draft: press.Draft{
			Section: a.Section, Language: a.Language, Title: title, Body: a.Body,
		}})
		return err
	})
	n.clock.Pass(time.Minute)
}

// get asks for a path; headers are name, value, name, value.
func (n *newsroom) get(path string, headers ...string) *http.Response {
	return n.ask(http.MethodGet, path, nil, headers...)
}

func (n *newsroom) ask(method, path string, body io.Reader, headers ...string) *http.Response {
	r := httptest.NewRequest(method, base+path, body)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	n.handler.ServeHTTP(w, r)
	return w.Result()
}

func text(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

var allFeeds = []string{"feed.rss", "feed.atom", "feed.json"}

// titles reads a feed with a real reader.
func (n *newsroom) titles(path string) (titles, ids []string) {
	n.Helper()
	r := n.get(path)
	if r.StatusCode != http.StatusOK {
		n.Fatalf("%s: status %d", path, r.StatusCode)
	}
	f, err := gofeed.NewParser().Parse(r.Body)
	if err != nil {
		n.Fatalf("%s: %v", path, err)
	}
	for _, i := range f.Items {
		titles, ids = append(titles, i.Title), append(ids, i.GUID)
	}
	return titles, ids
}

func TestArticleGoesThroughTheFeeds(t *testing.T) {
	t.Parallel()
	n := open(t)
	a := n.publish(press.Draft{Title: "Visit"})
	n.publish(press.Draft{Title: "Visite", Language: "fr"})
	n.publish(press.Draft{Title: "Tomorrow", Published: n.clock.Now().Add(24 * time.Hour)})
	for _, folder := range []string{"/en/", "/en/the-ministry/", "/en/the-ministry/the-minister/"} {
		for _, feed := range allFeeds {
			titles, ids := n.titles(folder + feed)
			if len(titles) != 1 || titles[0] != "Visit" || ids[0] != "tag:press.example,2026:article/"+string(a.ID) {
				t.Errorf("%s%s holds %q %q", folder, feed, titles, ids)
			}
		}
	}
	n.correct(a, "Visit corrected", "the place", false)
	for _, feed := range allFeeds {
		titles, ids := n.titles("/en/" + feed)
		if len(titles) != 1 || titles[0] != "Visit corrected" || ids[0] != "tag:press.example,2026:article/"+string(a.ID) {
			t.Errorf("corrected, %s holds %q %q", feed, titles, ids)
		}
		if body := text(t, n.get("/en/"+feed)); !strings.Contains(body, "Correction, 1 September 2026: ") {
			t.Errorf("%s tells of no correction:\n%s", feed, body)
		}
	}
	n.update(func(tx *storage.Tx) error {
		_, _, err := tx.Withdraw(a.ID, "sent by mistake")
		return err
	})
	for _, feed := range allFeeds {
		titles, ids := n.titles("/en/" + feed)
		if len(titles) != 1 || titles[0] != notice || ids[0] != "tag:press.example,2026:article/"+string(a.ID) {
			t.Errorf("withdrawn, %s holds %q %q", feed, titles, ids)
		}
	}
}

func TestMinorCorrectionMovesNoDate(t *testing.T) {
	t.Parallel()
	n := open(t)
	a := n.publish(press.Draft{Title: "Vist"})
	n.correct(a, "Visit", "", true)
	for _, path := range []string{"/en/feed.atom", "/en/articles/" + string(a.ID) + "/visit"} {
		body := text(t, n.get(path))
		if !strings.Contains(body, "Visit") || strings.Contains(body, "Correction") || strings.Contains(body, "Corrected") {
			t.Errorf("%s:\n%s", path, body)
		}
	}
	f, err := gofeed.NewParser().Parse(n.get("/en/feed.atom").Body)
	if err != nil {
		t.Fatal(err)
	}
	if i := f.Items[0]; !i.UpdatedParsed.Equal(*i.PublishedParsed) {
		t.Errorf("updated is %v, published %v", i.UpdatedParsed, i.PublishedParsed)
	}
}

func TestSectionNameChangesWhatShowsIt(t *testing.T) {
	t.Parallel()
	n := open(t)
	a := n.publish(press.Draft{Title: "Visit"})
	paths := []string{"/en/the-ministry/the-minister/feed.rss", "/en/feed.atom", "/fr/the-ministry/feed.json", "/en/", "/en/articles/" + string(a.ID) + "/visit"}
	var tags []string
	for _, p := range paths {
		tags = append(tags, n.get(p).Header.Get("ETag"))
	}
	n.update(func(tx *storage.Tx) error {
		_, err := tx.NameSection(n.ministry.ID, "en", "The House")
		return err
	})
	n.clock.Pass(time.Minute)
	for i, p := range paths {
		r := n.get(p, "If-None-Match", tags[i])
		if body := text(t, r); r.StatusCode != 200 || !strings.Contains(body, "The House") {
			t.Errorf("%s: status %d\n%s", p, r.StatusCode, body)
		}
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	n := open(t)
	a := n.publish(press.Draft{Title: "Visit to Sarn"})
	id := string(a.ID)
	page := base + "/en/articles/" + id + "/visit-to-sarn"
	embargoed := n.publish(press.Draft{Title: "Tomorrow", Published: n.clock.Now().Add(time.Hour)})
	n.publish(press.Draft{Title: "訪問", Language: "ja"}) // not configured, but there
	for path, want := range map[string]struct {
		status   int
		location string
	}{
		"/en":                                    {301, base + "/en/"},
		"/en/the-ministry/the-minister":          {301, base + "/en/the-ministry/the-minister/"},
		"/en/articles/" + id:                     {301, page},
		"/en/articles/" + id + "/":               {301, page},
		"/en/articles/" + id + "/visit":          {301, page},
		"/en/articles/" + id + "/visit-to-sarn/": {301, page},
		"/fr/articles/" + id + "/visit-to-sarn":  {301, page},
		"/en/articles/" + id + "/visit-to-sarn":  {200, ""},
		"/ar/":                                   {200, ""},
		"/ja/":                                   {200, ""},
		"/ja/the-ministry/feed.json":             {200, ""},
		"/EN/":                                   {404, ""},
		"/de/":                                   {404, ""},
		"/de":                                    {404, ""},
		"/de/feed.rss":                           {404, ""},
		"/en/nothing/":                           {404, ""},
		"/en/nothing":                            {404, ""},
		"/en/the-ministry//":                     {404, ""},
		"//evil.example":                         {404, ""},
		"/en//evil.example":                      {404, ""},
		"/en/feed.xml":                           {404, ""},
		"/en/nothing/feed.rss":                   {404, ""},
		"/en/articles/abc/":                      {404, ""},
		"/en/articles/":                          {404, ""},
		"/en/articles/" + string(embargoed.ID) + "/": {404, ""},
		"/en/?before=nonsense":                       {400, ""},
		"/en/?before=1-abcdefghijklmnop":             {200, ""},
		"/en/?after=1-abcdefghijklmnop":              {302, base + "/en/"},
		"/assets/style-000000000000.css":             {404, ""},
	} {
		r := n.get(path)
		if r.StatusCode != want.status || r.Header.Get("Location") != want.location {
			t.Errorf("%s: %d %q, want %d %q", path, r.StatusCode, r.Header.Get("Location"), want.status, want.location)
		}
	}
}

// TestEmbargoDoesNotShow: an embargoed article and one that never was get the
// same answer.
func TestEmbargoDoesNotShow(t *testing.T) {
	t.Parallel()
	n := open(t)
	a := n.publish(press.Draft{Title: "Tomorrow", Published: n.clock.Now().Add(time.Hour)})
	known := text(t, n.get("/en/articles/"+string(a.ID)+"/tomorrow"))
	known = strings.ReplaceAll(known, string(a.ID), "abcdefghijklmnop")
	unknown := text(t, n.get("/en/articles/abcdefghijklmnop/tomorrow"))
	if known != unknown {
		t.Errorf("the answers differ:\n%s\n%s", known, unknown)
	}
}

func TestWithdrawnPage(t *testing.T) {
	t.Parallel()
	n := open(t)
	a := n.publish(press.Draft{Title: "Visite", Language: "fr"})
	n.update(func(tx *storage.Tx) error {
		_, _, err := tx.Withdraw(a.ID, "publié par <erreur>")
		return err
	})
	for _, path := range []string{"/fr/articles/" + string(a.ID) + "/visite", "/en/articles/" + string(a.ID)} {
		r := n.get(path)
		body := text(t, r)
		if r.StatusCode != http.StatusGone {
			t.Errorf("%s: status %d", path, r.StatusCode)
		}
		for _, want := range []string{"Il a été retiré le ", "1er septembre 2026", "publié par &lt;erreur&gt;"} {
			if !strings.Contains(body, want) {
				t.Errorf("%s lacks %q:\n%s", path, want, body)
			}
		}
	}
}

// TestNotFoundHelps: the page speaks the language of the address and names the
// sections that it begins with.
func TestNotFoundHelps(t *testing.T) {
	t.Parallel()
	n := open(t)
	r := n.get("/fr/the-ministry/the-minster/speeches")
	body := text(t, r)
	if r.StatusCode != http.StatusNotFound || !strings.Contains(body, `<html lang="fr"`) || !strings.Contains(body, base+"/fr/the-ministry/") {
		t.Errorf("%d:\n%s", r.StatusCode, body)
	}
	if body := text(t, n.get("/nothing", "Accept-Language", "ar")); !strings.Contains(body, `<html lang="ar" dir="rtl"`) {
		t.Errorf("not in the reader's language:\n%s", body)
	}
}

func TestPictures(t *testing.T) {
	t.Parallel()
	n := open(t)
	for path, status := range map[string]int{
		n.arms: http.StatusOK,
		strings.Replace(n.arms, ".png", ".gif", 1): http.StatusNotFound,
		"/media/0123456789abcdef.png":              http.StatusNotFound,
		"/media/":                                  http.StatusNotFound,
	} {
		if r := n.get(path); r.StatusCode != status {
			t.Errorf("%s: status %d, want %d", path, r.StatusCode, status)
		}
	}
	if r := n.get(n.arms); r.Header.Get("Content-Type") != "image/png" || !strings.Contains(r.Header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("headers are %v", r.Header)
	}
}

func TestFrontLeadsToTheReadersLanguage(t *testing.T) {
	t.Parallel()
	n := open(t)
	for accept, want := range map[string]string{
		"": "en", "fr-CH, en;q=0.5": "fr", "ar-EG": "ar", "ja": "en", "*": "en",
		"nonsense;;;": "en", strings.Repeat("fr,", 10_000): "en",
	} {
		r := n.get("/", "Accept-Language", accept)
		if r.StatusCode != http.StatusFound || r.Header.Get("Location") != base+"/"+want+"/" || r.Header.Get("Vary") != "Accept-Language" {
			t.Errorf("%.30q: %d %q", accept, r.StatusCode, r.Header.Get("Location"))
		}
	}
}

// TestPaging walks the whole list forth and back.
func TestPaging(t *testing.T) {
	t.Parallel()
	n := open(t)
	for range 45 {
		n.publish(press.Draft{Title: "Visit"})
	}
	link := func(body, rel string) string {
		_, rest, ok := strings.Cut(body, `<link rel="`+rel+`" href="`+base)
		if !ok {
			return ""
		}
		path, _, _ := strings.Cut(rest, `"`)
		return path
	}
	path, counts := "/en/the-ministry/", []int{}
	for path != "" {
		body := text(t, n.get(path))
		counts = append(counts, strings.Count(body, `<p class="date">`))
		if next := link(body, "next"); next != "" {
			path = next
			continue
		}
		if path = link(body, "prev"); path == "" {
			t.Fatalf("no way back:\n%s", body)
		}
		break
	}
	if len(counts) != 3 || counts[0] != 20 || counts[1] != 20 || counts[2] != 5 {
		t.Errorf("pages of %v", counts)
	}
	second := n.get(path)
	if back := link(text(t, second), "prev"); second.StatusCode != 200 || back == "" {
		t.Fatalf("no way back from %s", path)
	} else if first := n.get(back); first.StatusCode != 302 || first.Header.Get("Location") != base+"/en/the-ministry/" {
		t.Errorf("%s: %d %q", back, first.StatusCode, first.Header.Get("Location"))
	}
}

// TestVisitorsLeave: the forms for readers with an account elsewhere lead to
// that server's name by https and to nothing else, and only from our own pages
// (SECURITY A43).
func TestVisitorsLeave(t *testing.T) {
	t.Parallel()
	n := open(t)
	a := n.publish(press.Draft{Title: "Visit & more"})
	for path, want := range map[string]string{
		"/share":  "/share?text=" + url.QueryEscape("Visit & more\n\n"+base+"/en/articles/"+string(a.ID)+"/visit-more"),
		"/follow": "/authorize_interaction?uri=" + url.QueryEscape(base+"/actors/ministry"),
	} {
		post := func(server, site string) *http.Response {
			form := url.Values{"server": {server}, "article": {string(a.ID)}}
			return n.ask(http.MethodPost, path, strings.NewReader(form.Encode()),
				"Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", site)
		}
		for _, server := range []string{"social.example", " https://Social.example/ ", "@reader@social.example", "acct:reader@social.example", "https://social.example/@reader"} {
			if r := post(server, "same-origin"); r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "https://social.example"+want {
				t.Errorf("%s %q: %d %q", path, server, r.StatusCode, r.Header.Get("Location"))
			}
		}
		for _, server := range []string{
			"", "localhost", "127.0.0.1", "127.0.0.1:8080", "[::1]", "social.example:444", "javascript:alert(1)", `social.example\evil`, "//evil.example", `/\evil.example`,
			"a b.example", "social.example?x", "social.example#x", "social.example\r\nX: y", strings.Repeat("a.", 200) + "example",
		} {
			if r := post(server, "same-origin"); r.StatusCode != http.StatusBadRequest {
				t.Errorf("%s %q: %d %q", path, server, r.StatusCode, r.Header.Get("Location"))
			}
		}
		if r := post("social.example", "cross-site"); r.StatusCode != http.StatusBadRequest {
			t.Errorf("%s from another site: %d %q", path, r.StatusCode, r.Header.Get("Location"))
		}
	}
}
