package browser

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
	"communique/cmd/internal/realpart"
)

// checked is what feeds/testdata/site/check.mjs prints.
type checked struct {
	Problems []struct {
		Tool string `json:"tool"`
		URL  string `json:"url"`
		Rule string `json:"rule"`
		Text string `json:"text"`
	} `json:"problems"`
	Scores  []map[string]any `json:"scores"`
	Weights []struct {
		Scale, Bytes, Fetched int
	} `json:"weights"`
}

// withBrowser is a script of feeds/testdata/site that drives Debian's browser, with options
// before the browser and arguments behind it. Where a part is missing the test is skipped.
func withBrowser(t *testing.T, part, script string, options []string, args ...string) *exec.Cmd {
	t.Helper()
	chromium := realpart.Program(t, "chromium")
	cmd := e2etest.Script(t, part, "feeds/testdata/site", script)
	cmd.Args = slices.Concat(cmd.Args, options, []string{chromium}, args)
	return cmd
}

// checkPages runs the checks of pages in Debian's browser.
func checkPages(t *testing.T, args ...string) (found checked) {
	t.Helper()
	var options []string
	if strings.HasPrefix(args[0], "--") {
		options, args = args[:1], args[1:]
	}
	out, err := withBrowser(t, "axe-core, pa11y, html-validate, Lighthouse", "check.mjs", options, args...).Output()
	if err != nil {
		t.Fatalf("check.mjs: %v", err)
	}
	if err := json.Unmarshal(out, &found); err != nil {
		t.Fatalf("check.mjs printed %q: %v", out, err)
	}
	return found
}

// fullSite has a page of every kind, in three scripts, and an article with a
// reply.
func fullSite(t *testing.T) (s *e2etest.Site, pages []string) {
	t.Helper()
	s = e2etest.NewSite(t)
	// One word, wider than a narrow window.
	const long = "Meeresumweltverwaltungsabkommensverhandlungen"
	s.Configure("languages: [en]", "languages: [en, ar, zh]")
	s.Configure("names: {}", `names: {ar: "وزارة الخارجية", zh: "外交部"}`)
	s.Serve()
	a := s.Illustrated("Treaty on harbours signed")
	body := "The Minister signed on Tuesday.\n\n## What it says\n\n- pilots\n- tugs\n\n> A good day.\n\n| Port | Since |\n|---|---|\n| Telm | 1998 |"
	s.File("correct", a.ID, s.Markdown("Treaty on harbours signed", body, "tags: [harbours, "+long+"]"), "--note", "The day was wrong.")
	p := e2etest.NewPeer(t)
	p.Sends(s, p.Activity("Create", "1", p.Post("1", `<p>Well <a href="https://elsewhere.example/">said</a></p>`, s.ObjectID(a))))
	s.Must("replies", "approve", s.WaitingReply())
	arabic := s.Publish("توقيع معاهدة الموانئ", "language: ar", "lead: اتفقت الحكومتان.", "translation_of: "+a.ID)
	chinese := s.Publish("港口条约签署", "language: zh", "lead: 两国政府达成协议。", "translation_of: "+a.ID)
	s.Must("section", "add", "The Ministry > "+long+" > Talks")
	gone := s.Publish("Issued in error")
	s.File("withdraw", gone.ID, "--reason", "It was a draft.")
	history := s.Base + "/en/articles/" + a.ID + "/history"
	months := e2etest.Get(t, s.Base+"/en/archive/")
	_, year, _ := strings.Cut(string(months.Body), s.Base+"/en/archive/2")
	pages = []string{
		s.Base + "/en/", s.Base + "/en/the-ministry/the-minister/", a.URL, s.Base + "/en/search",
		s.Base + "/en/search?q=treaty", s.Base + "/zh/search?q=%E6%B8%AF%E5%8F%A3",
		s.Base + "/ar/", arabic.URL, chinese.URL, history, history + "/1", history + "/1-2",
		s.Base + "/en/archive/2" + year[:4], s.Base + "/en/tags/", s.Base + "/en/tags/harbours/",
		s.Base + "/en/the-ministry/", s.Base + "/en/the-ministry/" + strings.ToLower(long) + "/talks/",
		s.Base + "/en/feed.atom", s.Base + "/ar/feed.rss", s.Base + "/zh/feed.json", s.Base + "/en/the-ministry/feed.rss", s.Base + "/en/tags/harbours/feed.atom",
		s.Base + "/en/archive/",
	}
	for _, page := range pages {
		e2etest.Equal(t, page, e2etest.Get(t, page, "Accept", "text/html").Status, http.StatusOK)
	}
	pages = append(pages, gone.URL, s.Base+"/en/nowhere/")
	for _, page := range []string{a.URL, arabic.URL} {
		for _, action := range []string{"/follow", "/share"} {
			pages = append(pages, page+" "+action+" nobody@@nowhere")
		}
	}
	return s, pages
}

// TestPagesAreAccessible: axe-core and pa11y (WCAG 2.2 AA) and html-validate
// find nothing in a real browser, narrow and wide, light and dark, and no page
// is wider than the window (§1.4.10). On a page with faults each finds some.
func TestPagesAreAccessible(t *testing.T) {
	t.Parallel()
	realpart.Program(t, "chromium")
	_, pages := fullSite(t)
	faulty := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, `<!DOCTYPE html><html><title></title><img src="data:,"><input><p style="color:#ccc">faint</p></html>`)
	}))
	t.Cleanup(faulty.Close)
	tools := map[string]bool{}
	for _, p := range checkPages(t, append(pages, faulty.URL+"/")...).Problems {
		if strings.HasPrefix(p.URL, faulty.URL) {
			tools[strings.Split(p.Tool, ",")[0]] = true
			continue
		}
		t.Errorf("%s, %s: %s: %s", p.Tool, p.URL, p.Rule, p.Text)
	}
	for _, tool := range []string{"axe-core", "pa11y", "html-validate"} {
		if !tools[tool] {
			t.Errorf("%s finds nothing wrong with a page full of faults", tool)
		}
	}
}

var lighthouse = flag.Bool("browser.lighthouse", os.Getenv(realpart.Required) != "", "judge each kind of page by Lighthouse, which takes half a minute")

// TestLighthouse: full marks for accessibility, best practices and SEO on the
// kinds of pages that people come to, and for everything that makes a page slow on
// whatever machine; the performance is that of a slow phone, reckoned from what was
// measured here, which depends on this machine: it is told.
func TestLighthouse(t *testing.T) {
	if !*lighthouse {
		t.Skip("takes long: run it with -browser.lighthouse")
	}
	t.Parallel()
	_, pages := fullSite(t)
	judged := pages[:4]
	found := checkPages(t, append([]string{"--lighthouse"}, judged...)...)
	for _, p := range found.Problems {
		t.Errorf("%s: %s: %s", p.URL, p.Rule, p.Text)
	}
	for _, score := range found.Scores {
		for _, category := range []string{"accessibility", "best-practices", "seo"} {
			e2etest.Equal(t, fmt.Sprintf("%s of %s", category, score["url"]), score[category], 100)
		}
		e2etest.Equal(t, fmt.Sprintf("the slow phone of %s", score["url"]), score["throttling"], "simulate")
		t.Logf("performance of %s: %v", score["url"], score["performance"])
	}
	e2etest.Equal(t, "pages that were judged", len(found.Scores), len(judged))
}
