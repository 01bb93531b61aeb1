package command

import (
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

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
	Scores []map[string]any `json:"scores"`
}

// checkPages runs the checks of pages in Debian's browser.
func checkPages(t *testing.T, args ...string) (found checked) {
	t.Helper()
	chromium := realpart.Program(t, "chromium")
	folder, err := filepath.Abs(filepath.Join("..", "..", "..", "feeds", "testdata", "site"))
	if err != nil {
		t.Fatal(err)
	}
	node := filepath.Join(folder, "node_modules", ".bin", "node")
	_, err = os.Stat(node)
	realpart.Need(t, "axe-core, pa11y, html-validate, Lighthouse (npm ci in feeds/testdata/site)", err == nil)
	words := []string{"check.mjs"}
	if args[0] == "--lighthouse" {
		words, args = append(words, args[0]), args[1:]
	}
	cmd := exec.CommandContext(t.Context(), node, append(append(words, chromium), args...)...) //nolint:gosec // our own script
	cmd.Dir, cmd.Stderr = folder, os.Stderr
	out, err := cmd.Output()
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
func fullSite(t *testing.T) (s *testSite, pages []string) {
	t.Helper()
	s = newSite(t)
	// One word, wider than a narrow window.
	const long = "Meeresumweltverwaltungsabkommensverhandlungen"
	s.configure("languages: [en]", "languages: [en, ar, zh]")
	s.configure("names: {}", `names: {ar: "وزارة الخارجية", zh: "外交部"}`)
	s.serve()
	a := s.illustrated("Treaty on harbours signed")
	body := "The Minister signed on Tuesday.\n\n## What it says\n\n- pilots\n- tugs\n\n> A good day.\n\n| Port | Since |\n|---|---|\n| Telm | 1998 |"
	s.file("correct", a.ID, s.markdown("Treaty on harbours signed", body, "tags: [harbours, "+long+"]"), "--note", "The day was wrong.")
	p := newPeer(t)
	p.sent(s, p.activity("Create", "1", p.post("1", `<p>Well <a href="https://elsewhere.example/">said</a></p>`, s.objectID(a))))
	s.must("replies", "approve", s.waitingReply().ID)
	arabic := s.publish("توقيع معاهدة الموانئ", "language: ar", "lead: اتفقت الحكومتان.", "translation_of: "+a.ID)
	chinese := s.publish("港口条约签署", "language: zh", "lead: 两国政府达成协议。", "translation_of: "+a.ID)
	s.must("section", "add", "The Ministry > "+long+" > Talks")
	gone := s.publish("Issued in error")
	s.file("withdraw", gone.ID, "--reason", "It was a draft.")
	history := s.base + "/en/articles/" + a.ID + "/history"
	months := get(t, s.base+"/en/archive/")
	_, year, _ := strings.Cut(string(months.Body), s.base+"/en/archive/2")
	pages = []string{
		s.base + "/en/", s.base + "/en/the-ministry/the-minister/", a.URL, s.base + "/en/search",
		s.base + "/en/search?q=treaty", s.base + "/zh/search?q=%E6%B8%AF%E5%8F%A3",
		s.base + "/ar/", arabic.URL, chinese.URL, history, history + "/1", history + "/1-2",
		s.base + "/en/archive/2" + year[:4], s.base + "/en/tags/", s.base + "/en/tags/harbours/",
		s.base + "/en/the-ministry/", s.base + "/en/the-ministry/" + strings.ToLower(long) + "/talks/",
	}
	for _, page := range pages {
		mustEqual(t, page, get(t, page).Status, http.StatusOK)
	}
	return s, append(pages, gone.URL, s.base+"/en/nowhere/")
}

// illustrated publishes an article with a picture that is larger than any size.
func (s *testSite) illustrated(title string) filed {
	s.t.Helper()
	document := s.markdown(title, "The Minister signed on Monday.", "lead: The two governments agree.", "tags: [harbours, treaties]",
		"images: [{src: harbour.jpg, alt: The harbour at dawn, caption: The harbour on the morning of the signing, credit: A. Photographer, terms: CC BY 4.0}]")
	file, err := os.Create(filepath.Join(filepath.Dir(document), "harbour.jpg"))
	if err != nil {
		s.t.Fatal(err)
	}
	m := image.NewRGBA(image.Rect(0, 0, 1700, 900))
	for y := range 900 {
		for x := range 1700 {
			m.SetRGBA(x, y, color.RGBA{uint8(x / 7), uint8(y / 4), uint8(x * y >> 12), 255})
		}
	}
	if err := jpeg.Encode(file, m, &jpeg.Options{Quality: 95}); err != nil {
		s.t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		s.t.Fatal(err)
	}
	return s.file("publish", document)
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

// TestLighthouse: full marks for accessibility, best practices and SEO on the
// kinds of pages that people come to; the performance depends on the machine
// and is told.
func TestLighthouse(t *testing.T) {
	_, pages := fullSite(t)
	found := checkPages(t, append([]string{"--lighthouse"}, pages[:4]...)...)
	for _, p := range found.Problems {
		t.Errorf("%s: %s: %s", p.URL, p.Rule, p.Text)
	}
	for _, score := range found.Scores {
		for _, category := range []string{"accessibility", "best-practices", "seo"} {
			mustEqual(t, fmt.Sprintf("%s of %s", category, score["url"]), score[category], 100)
		}
		t.Logf("performance of %s: %v", score["url"], score["performance"])
	}
	mustEqual(t, "pages that were judged", len(found.Scores), 4)
}
