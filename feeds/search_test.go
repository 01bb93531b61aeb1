package feeds_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"communique/storage/press"
)

// results are the titles that a page of the search shows, with the hits in
// brackets, and where the next page is.
func (n *newsroom) results(address string) (titles, extracts []string, next string) {
	n.Helper()
	answer := n.get(strings.TrimPrefix(address, base))
	if answer.StatusCode != http.StatusOK {
		n.Fatalf("%s answers %d", address, answer.StatusCode)
	}
	page, err := goquery.NewDocumentFromReader(answer.Body)
	if err != nil {
		n.Fatal(err)
	}
	page.Find("mark").Each(func(_ int, mark *goquery.Selection) { mark.SetText("[" + mark.Text() + "]") })
	page.Find(".list li").Each(func(_ int, item *goquery.Selection) {
		titles = append(titles, item.Find("h3").Text())
		extracts = append(extracts, item.Find("h3 + p").Text())
	})
	next, _ = page.Find("a[rel=next]").Attr("href")
	return titles, extracts, next
}

func search(lang, query string, fields ...string) string {
	q := url.Values{"q": {query}}
	for i := 0; i < len(fields); i += 2 {
		q.Set(fields[i], fields[i+1])
	}
	return "/" + lang + "/search?" + q.Encode()
}

func TestSearch(t *testing.T) {
	t.Parallel()
	n := open(t)
	n.publish(press.Draft{Title: `Harbour "treaty" & <tugs>`, Lead: "Signed.", Body: "<p>The ministers of both states signed it.</p>"})
	n.publish(press.Draft{Title: "Fisheries", Section: n.ministry.ID, Body: "<p>" + press.HTML(strings.Repeat("Nothing else. ", 50)) + "The harbour &lt;b&gt; was opened.</p>"})
	n.publish(press.Draft{Title: "Traité du port", Language: "fr"})
	n.publish(press.Draft{Title: "معاهدة الميناء", Language: "ar", Body: "<p>وقّعت الوزيرة.</p>"})
	n.publish(press.Draft{Title: "外交部长王毅访问", Language: "zh", Body: "<p>双方签署了条约。</p>"})
	for _, c := range []struct {
		address          string
		titles, extracts []string
	}{
		{search("en", "harbour"), []string{`[Harbour] "treaty" & <tugs>`, "Fisheries"}, []string{
			"Signed. The ministers of both states signed it.",
			"…Nothing else. Nothing else. Nothing else. Nothing else. The [harbour] <b> was opened.",
		}},
		{search("en", "HARBOURS <TUGS>"), []string{`[Harbour] "treaty" & <[tugs]>`}, nil},
		{search("en", "minister"), []string{`Harbour "treaty" & <tugs>`}, []string{"Signed. The [ministers] of both states signed it."}},
		{search("en", "harbour -opened"), []string{`[Harbour] "treaty" & <tugs>`}, nil},
		{search("en", "harbour", "section", "the-ministry/the-minister"), []string{`[Harbour] "treaty" & <tugs>`}, nil},
		{search("en", "harbour", "section", "the-ministry"), []string{`[Harbour] "treaty" & <tugs>`, "Fisheries"}, nil},
		{search("en", "harbour", "until", "2026-08-31"), nil, nil},
		{search("en", "harbour", "from", "2026-09-01", "until", "2026-09-01"), []string{`[Harbour] "treaty" & <tugs>`, "Fisheries"}, nil},
		{search("en", "traite"), nil, nil},
		{search("en", "traite", "in", "all"), []string{"[Traité] du port"}, nil},
		{search("en", "traite", "in", "fr"), []string{"[Traité] du port"}, nil},
		{search("ar", "المعاهدات"), []string{"[معاهدة] الميناء"}, []string{"وقّعت الوزيرة."}},
		{search("zh", "王毅"), []string{"外交部长[王毅]访问"}, []string{"双方签署了条约。"}},
		{search("zh", "条"), []string{"外交部长王毅访问"}, []string{"双方签署了[条]约。"}},
		{search("en", "nowhere"), nil, nil},
		{search("en", `"`), nil, nil},
		{search("en", ""), nil, nil},
		{"/en/search", nil, nil},
	} {
		titles, extracts, next := n.results(c.address)
		if diff := cmp.Diff(c.titles, titles); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.address, diff)
		}
		if c.extracts != nil {
			if diff := cmp.Diff(c.extracts, extracts); diff != "" {
				t.Errorf("%s: extracts (-want +got):\n%s", c.address, diff)
			}
		}
		if next != "" {
			t.Errorf("%s leads on to %s", c.address, next)
		}
	}
}

func TestSearchIsPagedByKey(t *testing.T) {
	t.Parallel()
	n := open(t)
	var want []string
	for i := range 50 {
		title := fmt.Sprintf("[Statement] %d", i)
		n.publish(press.Draft{Title: strings.Trim(strings.Replace(title, "]", "", 1), "["), Silent: true, Published: n.clock.Now().Add(-time.Duration(i) * time.Hour)})
		want = append(want, title)
	}
	var got []string
	pages := 0
	for next := search("en", "statement", "in", "all"); next != ""; pages++ {
		var titles []string
		titles, _, next = n.results(next)
		got = append(got, titles...)
		n.publish(press.Draft{Title: "A statement meanwhile"})
	}
	if diff := cmp.Diff(want, got); diff != "" || pages != 3 {
		t.Errorf("%d pages (-want +got):\n%s", pages, diff)
	}
}

// No page of the search, and no count on it, tells of what is not public.
func TestSearchTellsNothing(t *testing.T) {
	t.Parallel()
	n := open(t)
	secret := n.publish(press.Draft{Title: "Secret summit", Tags: []string{"hush"}, Published: n.clock.Now().Add(24 * time.Hour)})
	gone := n.publish(press.Draft{Title: "Summit withdrawn", Tags: []string{"hush"}})
	fixed := n.publish(press.Draft{Title: "Summit misprint"})
	n.withdraw(gone)
	n.correct(fixed, "Meeting", "The title.", false)
	for _, query := range []string{"summit", "hush", "secret", "misprint", string(secret.ID)} {
		for _, in := range []string{"en", "all"} {
			page := text(t, n.get(search("en", query, "in", in)))
			if !strings.Contains(page, "Nothing was found.") || strings.Contains(page, "class=\"list\"") {
				t.Errorf("%q in %s finds something", query, in)
			}
		}
	}
	n.clock.Pass(48 * time.Hour)
	if titles, _, _ := n.results(search("en", "summit")); titles != nil {
		t.Errorf("before its release: %q", titles)
	}
}

func TestSearchIsNobodysToKeep(t *testing.T) {
	t.Parallel()
	n := open(t)
	for address, robots := range map[string]string{"/en/search": "", search("en", "x"): "noindex"} {
		h := n.get(address, "If-None-Match", "*").Header
		if got := h.Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s: Cache-Control is %q", address, got)
		}
		if got := h.Get("X-Robots-Tag"); got != robots {
			t.Errorf("%s: X-Robots-Tag is %q", address, got)
		}
		if got := h.Get("ETag") + h.Get("Last-Modified"); got != "" {
			t.Errorf("%s has a validator: %s", address, got)
		}
	}
}

func TestSearchRefuses(t *testing.T) {
	t.Parallel()
	n := open(t)
	for address, want := range map[string]int{
		search("en", strings.Repeat("x", 201)):                         http.StatusBadRequest,
		search("en", strings.Repeat("a ", 1<<19)):                      http.StatusBadRequest,
		search("en", "x", "from", "yesterday"):                         http.StatusBadRequest,
		search("en", "x", "until", "2026-02-30"):                       http.StatusBadRequest,
		search("en", "x", "from", "0000-01-01"):                        http.StatusBadRequest,
		search("en", "x", "in", "!"):                                   http.StatusBadRequest,
		search("en", "x", "after", "9-x"):                              http.StatusBadRequest,
		search("en", "x", "after", "-1-x"):                             http.StatusBadRequest,
		search("en", "x", "after", "0-"):                               http.StatusBadRequest,
		search("en", "x", "after", "00-1"):                             http.StatusBadRequest,
		search("en", "x", "after", "zzz"):                              http.StatusBadRequest,
		search("en", "x", "section", "no-such"):                        http.StatusNotFound,
		search("en", "x", "section", "../.."):                          http.StatusNotFound,
		search("xx", "x"):                                              http.StatusNotFound,
		search("en", "x", "after", "3-zzzzzzzzzzzz"):                   http.StatusOK,
		search("en", "x", "from", "9999-12-31"):                        http.StatusOK,
		search("en", "x", "until", "9999-12-31"):                       http.StatusOK,
		search("en", "x", "from", "2026-02-01", "until", "1990-01-01"): http.StatusOK,
		search("en", "\xff\x00 OR NEAR(\" * ^ {title}: -"):             http.StatusOK,
		"/en/search?q=%zz&after=":                                      http.StatusOK,
	} {
		if got := n.get(address).StatusCode; got != want {
			t.Errorf("%.80s answers %d, want %d", address, got, want)
		}
	}
}
