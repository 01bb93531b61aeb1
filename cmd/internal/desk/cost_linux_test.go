package desk

import (
	"bytes"
	"flag"
	"fmt"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"

	"communique/cmd/internal/newsroom"
	"communique/cmd/internal/web"
	"communique/feeds"
	"communique/feeds/site"
	"communique/storage"
	"communique/storage/manuscripts"
	"communique/storage/press"
)

var costArticles = flag.Int("desk.articles", 100_000, "articles of the site on which the desk's cost is measured, with as many manuscripts that they were")

// mostOfAPage is what a list or a save costs at most, of what a section page costs.
const mostOfAPage = 2

// BenchmarkCost measures the processor time of lists and saves on a site of many years, as a part
// of that of a section page of the same site, which is rendered anew each time. One beyond
// [mostOfAPage] fails.
//
//	go test ./cmd/internal/desk -run '^$' -bench Cost -benchtime 100x
func BenchmarkCost(b *testing.B) {
	y := newYears(b)
	var page float64
	b.Run("section page", func(b *testing.B) {
		page = measured(b, func(n int) {
			// Two in turn, of which the readers keep one.
			y.get(b, y.readers, "https://press.mfa.example/en/"+[]string{"statements", "the-minister"}[n%2]+"/")
		})
	})
	for _, one := range []struct{ name, path string }{
		{"overview", "/"},
		{"articles", "/articles"},
		{"articles, later", y.later(b, "/articles")},
		{"articles of a state", "/articles?state=withdrawn"},
		{"articles of a section", "/articles?section=statements"},
		{"articles of an author", "/articles?author=author3"},
		{"articles of all at once", "/articles?section=statements&language=fr&kind=speech&author=author3"},
		{"manuscripts", "/manuscripts"},
		{"manuscripts waiting", "/manuscripts?pile=waiting"},
		{"manuscripts that are mine", "/manuscripts?pile=mine"},
		{"manuscripts released", "/manuscripts?pile=released"},
		{"manuscripts of a section", "/manuscripts?pile=released&section=statements"},
		{"manuscripts of an author", "/manuscripts?pile=released&author=author3"},
		{"manuscripts of all at once", "/manuscripts?pile=released&section=statements&language=fr&kind=speech&author=author3"},
		{"articles with words that none has", "/articles?text=nowhere+to+be+found"},
		{"articles with words that all have", "/articles?text=harbour+treaty"},
		{"articles with words in a row", "/articles?text=%22harbour+city+and+agreed%22+-nowhere"},
		{"articles with a word and all at once", "/articles?text=treaty&section=statements&language=fr&kind=speech&author=author3"},
		{"articles withdrawn, with words", "/articles?text=treaty&state=withdrawn"},
		{"manuscripts with words that none has", "/manuscripts?pile=released&text=nowhere+to+be+found"},
		{"manuscripts with words that all have", "/manuscripts?pile=released&text=harbour+treaty"},
		{"manuscripts open, with words", "/manuscripts?text=harbour+treaty"},
		{"manuscripts waiting, with words", "/manuscripts?pile=waiting&text=harbour+treaty"},
		{"manuscripts with a word and all at once", "/manuscripts?pile=released&text=treaty&section=statements&language=fr&kind=speech&author=author3"},
		{"calendar", "/calendar"},
	} {
		b.Run(one.name, func(b *testing.B) {
			y.compare(b, page, measured(b, func(int) { y.get(b, y.desk.Handler(), y.url+one.path) }))
		})
	}
	b.Run("form", func(b *testing.B) {
		y.compare(b, page, measured(b, func(int) { y.get(b, y.desk.Handler(), y.url+"/manuscripts/"+y.drafts[1]+"/edit?typed=none") }))
	})
	b.Run("save", func(b *testing.B) {
		y.compare(b, page, measured(b, func(int) { y.save(b) }))
	})
	b.Run("watch", func(b *testing.B) {
		y.compare(b, page, measured(b, func(int) {
			if err := y.room.Watch(b.Context()); err != nil {
				b.Fatal(err)
			}
		}))
	})
}

// measured is the processor time of what do does each time, in microseconds.
func measured(b *testing.B, do func(n int)) float64 {
	b.Helper()
	do(0) // what is made once
	spent := func() float64 {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return float64(time.Duration(u.Utime.Nano()+u.Stime.Nano())) / float64(time.Microsecond)
	}
	n, before := 0, spent()
	for b.Loop() {
		n++
		do(n)
	}
	each := (spent() - before) / float64(n)
	b.ReportMetric(each, "cpu-µs/op")
	return each
}

// years are a ministry's, with its readers, and a desk at which somebody sits.
type years struct {
	*browser
	readers http.Handler
	drafts  []string // manuscripts that are open
	saved   int      // how often one was
}

func newYears(b *testing.B) *years {
	b.Helper()
	h := newHouse(b)
	h.invite("root", "operator")
	for n := range 40 {
		h.invite(fmt.Sprint("author", n), "author")
	}
	y := &years{browser: h.browser()}
	y.fill(b)
	y.browser = h.signedIn("ines", "editor", "approver")
	readers, err := feeds.NewServer(b.Context(), feeds.Options{Store: y.room.Store, Build: "1.0.0", CacheBytes: 1, Identity: site.Identity{
		Site: y.room.Site, Names: map[press.Language]string{"en": y.Ministry()}, Languages: y.room.Languages, Zone: y.room.Zone, Actor: "ministry",
	}})
	if err != nil {
		b.Fatal(err)
	}
	y.readers = web.New(web.Options{Feeds: readers, Federation: nothing{}, Hub: nothing{}, Log: slog.New(slog.DiscardHandler)})
	return y
}

// Ministry is its name.
func (y *years) Ministry() string { return y.browser.house.desk.Ministry }

// nothing are servers that are not asked.
type nothing struct{}

func (nothing) Routes(chi.Router, func(web.Handler) http.HandlerFunc) {}

func (nothing) ServeObject(http.ResponseWriter, *http.Request, press.ArticleID) error {
	return press.ErrNotFound
}

// fill publishes, each article by a manuscript, and leaves some that are open.
func (y *years) fill(b *testing.B) {
	b.Helper()
	ctx, store := b.Context(), y.room.Store
	text := strings.Repeat("The ministers met in the harbour city and agreed on what had been prepared for a year: the treaty enters into force in spring. ", 12)
	var tree press.Tree
	var ids []string
	err := store.View(ctx, func(tx *storage.Tx) error {
		all, err := tx.People()
		for _, p := range all {
			if strings.HasPrefix(p.Login, "author") {
				ids = append(ids, p.ID)
			}
		}
		if err == nil {
			tree, err = tx.Tree()
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	var sections []press.SectionID
	tree.Walk(func(s press.Section, _ int) {
		if s.ID != press.Root {
			sections = append(sections, s.ID)
		}
	})
	kinds := []press.ArticleKind{"press-release", "speech", ""}
	begin := func(tx *storage.Tx, n int, article press.ArticleID) (manuscripts.Manuscript, error) {
		c := newsroom.Composition{Title: fmt.Sprintf("Statement %d", n), Section: "statements", Language: "en", Lead: "What was agreed.", Text: text}
		return tx.AddManuscript(manuscripts.Manuscript{
			Kind: manuscripts.NewArticle, Section: sections[n%len(sections)], Language: y.room.Languages[n%3], Title: c.Title, ArticleKind: kinds[n/2%3], By: ids[n%len(ids)],
		}, manuscripts.Revision{By: ids[n%len(ids)], Document: c.Document(), Words: manuscripts.Words{Lead: c.Lead, Text: c.Text}})
	}
	const batch = 500
	for from := 0; from < *costArticles; from += batch {
		y.clock.Pass(time.Hour)
		err := store.Update(ctx, func(tx *storage.Tx) error {
			for n := from; n < min(from+batch, *costArticles); n++ {
				m, err := begin(tx, n, "")
				if err != nil {
					return err
				}
				a, _, err := tx.Publish(press.Draft{
					Section: m.Section, Language: m.Language, Title: fmt.Sprintf("Statement %d on the treaty", n), Lead: "What was agreed.", Body: press.HTML("<p>" + text + "</p>"),
					Particulars: press.Particulars{Kind: m.ArticleKind}, Silent: true,
				})
				if err == nil {
					err = tx.ReleaseManuscript(m.ID, 1, a.ID)
				}
				if err == nil {
					err = tx.SetAuthor(a.ID, m.By)
				}
				if err == nil && n%100 == 0 {
					_, _, err = tx.Withdraw(a.ID, "Issued in error.")
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	err = store.Update(ctx, func(tx *storage.Tx) error {
		for n := range *costArticles / 100 {
			m, err := begin(tx, n, "")
			if err == nil && n%5 == 0 {
				m, err = tx.SetManuscriptState(m.ID, 1, manuscripts.InReview)
			}
			if err != nil {
				return err
			}
			y.drafts = append(y.drafts, m.ID)
		}
		return nil
	})
	if err == nil {
		err = store.MergeIndexes(ctx) // as serve does from time to time
	}
	if err != nil {
		b.Fatal(err)
	}
}

// get asks for a page, as the one who sits there.
func (y *years) get(b *testing.B, h http.Handler, address string) string {
	b.Helper()
	r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, address, http.NoBody)
	return y.serve(b, h, r, http.StatusOK)
}

func (y *years) serve(b *testing.B, h http.Handler, r *http.Request, status int) string {
	b.Helper()
	if at, err := url.Parse(y.url); err == nil && r.Host == at.Host {
		for _, c := range y.client.Jar.Cookies(at) {
			r.AddCookie(c)
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != status {
		b.Fatalf("%s %s: %d\n%s", r.Method, r.URL, w.Code, w.Body)
	}
	return w.Body.String()
}

// later is the address of the second page of a list.
func (y *years) later(b *testing.B, list string) string {
	b.Helper()
	_, rest, _ := strings.Cut(y.get(b, y.desk.Handler(), y.url+list), `<a href="`+list+"?after=")
	after, _, ok := strings.Cut(rest, `"`)
	if !ok {
		b.Fatalf("%s has one page", list)
	}
	return list + "?after=" + after
}

// save saves one manuscript after the other anew.
func (y *years) save(b *testing.B) {
	b.Helper()
	id, on := y.drafts[y.saved%len(y.drafts)], 1+y.saved/len(y.drafts)
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range map[string]string{
		"on": strconv.Itoa(on), "title": "Statement on the treaty", "section": "statements", "language": "en", "lead": "What was agreed.",
		"text": strings.Repeat("The ministers met in the harbour city and agreed on what had been prepared for a year. ", 18) + strconv.Itoa(y.saved),
	} {
		if err := form.WriteField(name, value); err != nil {
			b.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		b.Fatal(err)
	}
	r := httptest.NewRequestWithContext(b.Context(), http.MethodPost, y.url+"/manuscripts/"+id+"/edit", &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	y.serve(b, y.desk.Handler(), r, http.StatusSeeOther)
	y.saved++
}

// compare fails what costs too much of a section page.
func (*years) compare(b *testing.B, page, each float64) {
	b.Helper()
	if page == 0 {
		return // it was not asked for
	}
	b.ReportMetric(each/page, "of-a-section-page")
	if each > mostOfAPage*page {
		b.Errorf("%.0f µs of processor time, which is %.1f times that of a section page: at most %d", each, each/page, mostOfAPage)
	}
}
