package importer

import (
	"encoding/json"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/text/unicode/norm"

	"communique/storage/press"
)

// pagesFolder holds real pages with what a right importer gets from them. Their
// texts are other people's and therefore not in the repository.
func pagesFolder(t *testing.T) string {
	folder := os.Getenv("COMMUNIQUE_PAGES")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "..", "shared", "pages")
	}
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("no folder of real pages: set COMMUNIQUE_PAGES (%v)", err)
	}
	return folder
}

// expectation is what lies beside a page.
type expectation struct {
	Title      string
	Section    []string
	Published  string
	Any        []string `json:"published_any"`
	Precision  string   `json:"published_precision"`
	Language   string
	Lead       string
	LeadAny    []string `json:"lead_any"`
	Last       string
	Paragraphs int      `json:"body_paragraphs"`
	Runes      int      `json:"body_runes"`
	Images     []string `json:"images"`
	Forbidden  []string `json:"forbidden_in_body"`
}

func TestRealPages(t *testing.T) {
	t.Parallel()
	folder := pagesFolder(t)
	sides, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil || len(sides) == 0 {
		t.Fatalf("no page in %s (%v)", folder, err)
	}
	for _, side := range sides {
		name := strings.TrimSuffix(filepath.Base(side), ".json")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(side)
			if err != nil {
				t.Fatal(err)
			}
			var want expectation
			if err := json.Unmarshal(raw, &want); err != nil {
				t.Fatal(err)
			}
			pages, err := filepath.Glob(filepath.Join(folder, name+".[ht]*"))
			if err != nil || len(pages) != 1 {
				t.Fatalf("pages of %s: %v %v", name, pages, err)
			}
			text, err := os.ReadFile(pages[0])
			if err != nil {
				t.Fatal(err)
			}
			got, err := ReadPage(filepath.Base(pages[0]), text, Options{Zone: zoneOf(want.Published), Language: press.Language(want.Language)})
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(name, "list") {
				if got.Refused == "" {
					t.Errorf("a list was taken for an article: %+v", got)
				}
				return
			}
			comparePage(t, got, want)
		})
	}
}

// comparePage holds a page against its expectation, as check.py beside the
// pages does: texts after NFC, without soft hyphens and with white space
// collapsed; paragraphs within 15 %, size within 0.85 to 1.2.
func comparePage(t *testing.T, got Page, want expectation) {
	t.Helper()
	if loose(got.Title) != loose(want.Title) {
		t.Errorf("title %q, want %q", got.Title, want.Title)
	}
	if len(want.Section) > 0 && !slices.EqualFunc(got.Section, want.Section, func(a, b string) bool { return loose(a) == loose(b) }) {
		t.Errorf("section %q, want %q", got.Section, want.Section)
	}
	if !slices.ContainsFunc(append([]string{want.Published}, want.Any...), func(w string) bool { return sameTime(w, got.Date, want.Precision) }) {
		t.Errorf("published %q, want %q", got.Date, want.Published)
	}
	if base(got.Language) != want.Language {
		t.Errorf("language %q, want %q", got.Language, want.Language)
	}
	parts := textBlocks(string(got.Body))
	body := strings.Join(parts, " ")
	leads := want.LeadAny
	if leads == nil {
		leads = []string{want.Lead}
	}
	if !slices.ContainsFunc(leads, func(l string) bool {
		return strings.Contains(body, head(l)) || strings.Contains(loose(got.Lead), head(l))
	}) {
		t.Errorf("lead %q is missing", leads)
	}
	if !strings.Contains(body, head(want.Last)) {
		t.Errorf("last paragraph %q is missing", want.Last)
	}
	if runes := utf8.RuneCountInString(body); float64(runes) < 0.85*float64(want.Runes) || float64(runes) > 1.2*float64(want.Runes) {
		t.Errorf("body has %d characters, want %d", runes, want.Runes)
	}
	// A link that stands for a frame is no paragraph of the page.
	paragraphs := len(slices.DeleteFunc(slices.Clone(parts), func(s string) bool { return address(s) != nil && !strings.Contains(s, " ") }))
	if d := math.Abs(float64(paragraphs - want.Paragraphs)); want.Paragraphs > 0 && d > max(1, 0.15*float64(want.Paragraphs)) {
		t.Errorf("body has %d paragraphs, want %d", paragraphs, want.Paragraphs)
	}
	for _, f := range want.Forbidden {
		if strings.Contains(body, f) {
			t.Errorf("body has %q", f)
		}
	}
	for _, i := range want.Images {
		if i != "" && !slices.ContainsFunc(got.Images, func(g press.Image) bool { return imageName(g.Src) == imageName(i) }) {
			t.Errorf("image %s is missing among %v", i, got.Images)
		}
	}
	if len(want.Images) > 0 && len(got.Images) < len(want.Images) {
		t.Errorf("%d images, want %d", len(got.Images), len(want.Images))
	}
	if t.Failed() {
		b := string(got.Body)
		t.Logf("problems: %q\nlead: %s\nbody: %s\n[…] %s", got.Problems, got.Lead, b[:min(len(b), 700)], b[max(0, len(b)-700):])
	}
}

func zoneOf(published string) *time.Location {
	names := map[string]string{"+08:00": "Asia/Shanghai", "+01:00": "Europe/Berlin", "+02:00": "Europe/Berlin", "+03:00": "Europe/Moscow"}
	if len(published) > 6 {
		if zone, err := time.LoadLocation(names[published[len(published)-6:]]); err == nil {
			return zone
		}
	}
	return time.UTC
}

func sameTime(want, got, precision string) bool {
	w, err1 := time.Parse(time.RFC3339, want)
	g, err2 := time.Parse(time.RFC3339, got)
	if err1 != nil || err2 != nil {
		return want == got
	}
	g = g.In(w.Location())
	switch precision {
	case "day":
		return w.Format(time.DateOnly) == g.Format(time.DateOnly)
	case "second":
		return w.Equal(g)
	}
	return w.Truncate(time.Minute).Equal(g.Truncate(time.Minute))
}

func loose(s string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(norm.NFC.String(s), "\u00ad", "")), " ")
}

func head(s string) string { return firstRunes(loose(s), 60) }

func imageName(src string) string {
	u, err := url.Parse(src)
	if err != nil {
		return src
	}
	return u.Path[strings.LastIndexByte(u.Path, '/')+1:]
}

// blocks are the elements that begin and end a paragraph; a line break does, too.
var blocks = set("p li h1 h2 h3 h4 blockquote tr div br")

// textBlocks returns the paragraphs of an HTML text: what stands between two
// boundaries of blocks, if it is anything.
func textBlocks(body string) []string {
	var parts []string
	var text strings.Builder
	flush := func() {
		if part := loose(text.String()); part != "" {
			parts = append(parts, part)
		}
		text.Reset()
	}
	for z := html.NewTokenizer(strings.NewReader(body)); ; {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			flush()
			return parts
		case html.TextToken:
			text.Write(z.Text())
		default:
			if name, _ := z.TagName(); blocks[string(name)] {
				flush()
			}
		}
	}
}
