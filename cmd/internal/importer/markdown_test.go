package importer

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"communique/storage/press"
)

func berlin(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestReadMarkdown(t *testing.T) {
	t.Parallel()
	source, err := url.Parse("https://mfa.valora.example/news/2026/visit.md")
	if err != nil {
		t.Fatal(err)
	}
	text := "---\r\n" + `title: "The Minister: a visit to Port Almira"
section: The Ministry > The Minister > Activities
language: EN-gb
published: 2026-03-01 14:30
lead: >
  Two days of talks
  on the harbour.
tags: [visit, harbour, visit]
images:
  - src: pier.jpg
    alt: The new pier at dawn
    caption: The pier, *finished* in March
    credit: A. Photographer
    terms: CC BY 4.0
    focus: [-0.25, 1]
  - {src: 'https://a.example/b.png', alt: A plan}
translation_of: abcdefghij234567
---

The minister met [her guest](../guest).
`
	got, err := ReadMarkdown("visit.md", strings.NewReader(text), Options{Zone: berlin(t), Language: "fr", SourceURL: source})
	if err != nil {
		t.Fatal(err)
	}
	want := Document{
		File: "visit.md", Title: "The Minister: a visit to Port Almira", Section: "The Ministry > The Minister > Activities", Language: "en-GB",
		Published: time.Date(2026, 3, 1, 13, 30, 0, 0, time.UTC), Precision: press.ToTheMinute,
		Lead: "Two days of talks on the harbour.", Tags: []string{"visit", "harbour"},
		Images: []press.Image{{
			Src: "https://mfa.valora.example/news/2026/pier.jpg", Alt: "The new pier at dawn",
			Caption: "The pier, *finished* in March", Credit: "A. Photographer", Terms: "CC BY 4.0", Focus: &press.Focus{-0.25, 1},
		}, {Src: "https://a.example/b.png", Alt: "A plan"}},
		TranslationOf: "abcdefghij234567",
		Body:          `<p>The minister met <a href="https://mfa.valora.example/news/guest">her guest</a>.</p>`,
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Document{}), cmpopts.EquateApproxTime(0)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if p := got.Problem("section", "no such section"); p.Error() != "visit.md:3: section: no such section" {
		t.Errorf("Problem = %v", p)
	}
}

// TestDateOfADayWithoutMidnight: where the clocks go forward at midnight, a date
// without a time is still of its own day.
func TestDateOfADayWithoutMidnight(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("America/Santiago")
	if err != nil {
		t.Fatal(err)
	}
	got, err := ReadMarkdown("visit.md", strings.NewReader("---\ntitle: A\nsection: b\nlanguage: es\npublished: 2026-09-06\n---\nText.\n"), Options{Zone: zone})
	if err != nil {
		t.Fatal(err)
	}
	if want := "2026-09-06T01:00:00-03:00"; got.Published.In(zone).Format(time.RFC3339) != want || got.Precision != press.ToTheDay {
		t.Errorf("got %s to the %s, want %s", got.Published.In(zone).Format(time.RFC3339), got.Precision, want)
	}
}

func TestReadMarkdownProblems(t *testing.T) {
	t.Parallel()
	with := func(lines string) string { return "---\ntitle: A\nsection: b\n" + lines + "---\nText.\n" }
	for _, tt := range []struct {
		name, text string
		nowhere    bool // no zone and no language configured
		want       string
	}{
		{"empty", " \n", false, "a.md: the file is empty"},
		{"over-long", strings.Repeat("x", maxFile+1), false, "a.md: the file is larger than 4 MiB"},
		{"not UTF-8", "---\ntitle: caf\xe9\n---\nx", false, "a.md:2: the text is not UTF-8"},
		{"no front matter", "# Title\n", false, "a.md:1: the front matter is missing"},
		{"open front matter", "---\ntitle: A\n", false, "a.md:1: the front matter is missing"},
		{"no YAML", "---\ntitle: [\n---\nx", false, "a.md:2: the front matter is no YAML"},
		{"no mapping", "---\n- a\n---\nx", false, "a.md:2: the front matter is no list of fields"},
		{"no title", "---\nsection: b\n---\nx", false, "a.md:1: title: it is missing"},
		{"empty title", "---\ntitle: \nsection: b\n---\nx", false, "a.md:2: title: it is empty"},
		{"no section", "---\ntitle: A\n---\nx", false, "a.md:1: section: it is missing"},
		{"unknown field", with("autor: x\n"), false, "a.md:4: autor: there is no such field"},
		{"field twice", with("lead: x\nlead: y\n"), false, "a.md:5: "},
		{"language", with("language: english!\n"), false, "a.md:4: language: "},
		{"no language", with(""), true, "a.md:1: language: it is missing"},
		{"date", with("published: yesterday\n"), false, `a.md:4: published: "yesterday" is no date`},
		{"day that does not exist", with("published: 2026-02-30\n"), false, "a.md:4: published: 2026-02-30 does not exist"},
		{"hour that does not exist", with("lead: x\npublished: 2026-03-29 02:30\n"), false, "a.md:5: published: the time 02:30 did not exist on 2026-03-29 in Europe/Berlin"},
		{"date of a program that knows none", with("published: 0001-01-01T00:00:00Z\n"), false, "a.md:4: published: 0001-01-01T00:00:00Z is no date of a statement"},
		{"second part", with("--- # when\npublished: 2030-01-01\n"), false, "a.md:4: the front matter has a second part"},
		{"no zone", with("language: en\npublished: 2026-03-01 14:30\n"), true, "a.md:5: published: the date 2026-03-01 has no zone and none is configured"},
		{"tags", with("tags: visit\n"), false, "a.md:4: tags: it must be a list"},
		{"image without alt", with("images:\n  - src: https://a.example/x.jpg\n"), false, "a.md:4: images: image 1: alt is missing"},
		{"relative image", with("images:\n  - {src: x.jpg, alt: x}\n"), false, `a.md:4: images: image 1: src "x.jpg" is relative`},
		{"image text", with("images:\n  - {src: 'https://a.example/x', alt: x, credit: [x]}\n"), false, "a.md:4: images: image 1: credit must be a text"},
		{"image twice", with("images:\n  - {src: 'https://a.example/x', alt: x}\n  - {src: 'https://a.example/y', alt: x, alt: y}\n"), false, "a.md:6: the front matter is no YAML: mapping key \"alt\" already defined"},
		{"image focus", with("images:\n  - {src: 'https://a.example/x', alt: x, focus: [0, 1.5]}\n"), false, "a.md:4: images: image 1: focus must be two numbers between -1 and 1"},
		{"image focus of one", with("images:\n  - {src: 'https://a.example/x', alt: x, focus: [0]}\n"), false, "a.md:4: images: image 1: focus must be two numbers"},
		{"image focus in words", with("images:\n  - {src: 'https://a.example/x', alt: x, focus: left}\n"), false, "a.md:4: images: image 1: focus must be two numbers"},
		{"image field", with("images:\n  - {source: x.jpg}\n"), false, `a.md:4: images: image 1: there is no field "source"`},
		{"image scheme", with("images:\n  - {src: 'ftp://a.example/x', alt: x}\n"), false, "a.md:4: images: image 1: src"},
		{"no text", "---\ntitle: A\nsection: b\n---\n\n", false, "a.md:5: there is no text"},
		{"value of another type", with("lead: [a]\n"), false, "a.md:4: lead: it must be a text"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := Options{Zone: berlin(t), Language: "en"}
			if tt.nowhere {
				o = Options{}
			}
			_, err := ReadMarkdown("a.md", strings.NewReader(tt.text), o)
			var p *Problem
			if !errors.As(err, &p) || !strings.HasPrefix(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %v, want %s…", err, tt.want)
			}
		})
	}
}

func TestReadMarkdownDates(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ in, want string }{
		{"2026-03-01T14:30:00+08:00", "2026-03-01T06:30:00Z second"},
		{"2026-03-01T14:30:00Z", "2026-03-01T14:30:00Z second"},
		{"2026-03-01 14:30", "2026-03-01T13:30:00Z minute"},
		{"2026-07-01", "2026-06-30T22:00:00Z day"},
		{"'2026-07-01 00:00'", "2026-06-30T22:00:00Z minute"},
	} {
		d, err := ReadMarkdown("a.md", strings.NewReader("---\ntitle: A\nsection: b\npublished: "+tt.in+"\n---\nText.\n"), Options{Zone: berlin(t), Language: "en"})
		if got := d.Published.UTC().Format(time.RFC3339) + " " + string(d.Precision); err != nil || got != tt.want {
			t.Errorf("%s: %s (%v), want %s", tt.in, got, err, tt.want)
		}
	}
}

func FuzzReadMarkdown(f *testing.F) {
	f.Add([]byte("---\ntitle: A\nsection: b\npublished: 2026-03-01\ntags: [a, b]\nimages:\n  - {src: 'https://a.example/x', alt: x, caption: y, focus: [0, -1e-1]}\n---\nText *x*.\n"))
	f.Add([]byte("---\ntitle: &a [*a]\n---\n"))
	f.Add([]byte("---\n? a\n: b\n---\nx"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		d, err := ReadMarkdown("a.md", strings.NewReader(string(raw)), Options{Zone: time.UTC, Language: "en"})
		if err == nil && (d.Title == "" || d.Section == "" || d.Body == "" || d.Language == "") {
			t.Errorf("an incomplete document came without an error: %+v", d)
		}
		var p *Problem
		if err != nil && !errors.As(err, &p) {
			t.Errorf("%v is no *Problem", err)
		}
	})
}
