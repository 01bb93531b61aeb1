package importer

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestEditedProfiles: of fifty pages of a template all are right once somebody has edited
// one line of what was learned of them, and at least 48 before.
func TestEditedProfiles(t *testing.T) {
	t.Parallel()
	const text = `<h1>TITLE</h1><span class="d">DATE</span><div class="words">FIRST REST</div>`
	for _, test := range []struct {
		name, odd string // two pages are made so
		line      string // that is edited
		edited    string
		amiss     string // words that are none of the text
	}{
		{"a box on few pages", `<h1>TITLE</h1><span class="d">DATE</span><div class="words">FIRST<div class="app">Our program for telephones is out, number LETTERS.</div>REST</div>`,
			`remove: []`, `remove: [".app"]`, "telephones"},
		{"a label on few pages", `<h1>TITLE</h1><span class="d">DATE</span><b>On telephones</b><div class="words">FIRST REST</div>`,
			`lines: []`, `lines: ["On telephones"]`, "telephones"},
		{"another title", `<p class="name">TITLE</p><span class="d">DATE</span><div class="words">FIRST REST</div>`,
			`select: "h1"`, `select: "h1, p.name"`, ""},
		{"another box of text", `<h1>TITLE</h1><span class="d">DATE</span><div class="words-2">FIRST REST</div>`,
			`body: "div.words"`, `body: "div.words, div.words-2"`, ""},
		{"another date", `<h1>TITLE</h1><i class="day">DATE</i><div class="words">FIRST REST</div>`,
			`select: "span.d"`, `select: "span.d, i.day"`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			pages := fifty(func(i int) sitePage {
				if i == 17 || i == 31 {
					return bare(i, "2 January 2006", strings.ReplaceAll(test.odd, "LETTERS", letters(i)))
				}
				return bare(i, "2 January 2006", text)
			})
			o := Options{Zone: time.UTC}
			l, err := Learn(sourceOf(pages), len(pages), 200, o)
			if err != nil {
				t.Fatal(err)
			}
			var file bytes.Buffer
			if err := l.Write(&file, "site/"); err != nil {
				t.Fatal(err)
			}
			right := func(file string) (n int) {
				if o.Profiles, err = ParseProfiles("site.yaml", []byte(file)); err != nil {
					t.Fatalf("%v\n%s", err, file)
				}
				for _, want := range pages {
					p, err := ReadPage(want.file, []byte(want.html), o)
					if err != nil {
						t.Fatal(err)
					}
					wrong := want.wholly(p)
					if test.amiss != "" && strings.Contains(string(p.Body), test.amiss) {
						wrong = append(wrong, "has "+test.amiss)
					}
					if len(wrong) > 0 {
						t.Logf("%s: %s", want.file, strings.Join(wrong, "; "))
						continue
					}
					n++
				}
				return n
			}
			if n := right(file.String()); n != 48 {
				t.Errorf("unedited %d of 50 pages are right", n)
			}
			plain := behindLine.ReplaceAllString(file.String(), "")
			if !strings.Contains(plain, test.line) {
				t.Fatalf("the file has no line with %s:\n%s", test.line, file.String())
			}
			if n := right(strings.Replace(plain, test.line, test.edited, 1)); n != 50 {
				t.Errorf("edited %d of 50 pages are right\n%s", n, file.String())
			}
		})
	}
}

// behindLine is the comment behind a line of a profile.
var behindLine = regexp.MustCompile(`(?m)[ \t]+#.*$`)

// TestSourceLines: a line that says from whom a text is stays or is named, in whatever
// language and place.
func TestSourceLines(t *testing.T) {
	t.Parallel()
	for _, said := range []string{"来源：瓦洛拉通讯社", "稿件来源：瓦洛拉通讯社", "Źródło: Agencja Valory", "Fonte: Agência de Valora", "Fonte: Agenzia Valora", "Source: Valora News Agency", "Source : Agence de Valora", "Quelle: Nachrichtenagentur Valora", "Fuente: Agencia Valora", "Источник: Агентство Валоры", "Джерело: Агентство Валори", "المصدر: وكالة فالورا", "出典：ヴァローラ通信", "Kaynak: Valora Ajansı", "Πηγή: Πρακτορείο Βαλόρας", "Zdroj: Agentura Valora", "Källa: Valoras nyhetsbyrå"} {
		for _, page := range []string{
			`<h1>The treaty</h1><p class="date">5 March 2026</p>SAID<div class="text"><p>` + sentence + `</p><p>` + sentence + `</p></div>`,
			`<h1>The treaty</h1><p class="date">5 March 2026 <span>SPAN</span></p><div class="text"><p>` + sentence + `</p><p>` + sentence + `</p></div>`,
			`<h1>The treaty</h1><p class="date">5 March 2026</p><div class="text">SAID<p>` + sentence + `</p><p>` + sentence + `</p></div>`,
			`<h1>The treaty</h1><p class="date">5 March 2026</p><div class="text"><p>` + sentence + `</p>SAID<p>` + sentence + `</p></div>`,
			`<h1>The treaty</h1><p class="date">5 March 2026</p><div class="text"><p>` + sentence + `</p><p>` + sentence + `</p>SAID</div>`,
			`<h1>The treaty</h1><p class="date">5 March 2026</p><div class="text"><p>` + sentence + `</p><p>` + sentence + `</p></div>SAID`,
		} {
			html := strings.NewReplacer("SAID", "<p>"+said+"</p>", "SPAN", said).Replace(page)
			p, err := ReadPage("a.html", []byte(`<!DOCTYPE html><html lang="en"><head><title>The treaty</title></head><body><main><article>`+html+`</article></main></body></html>`), Options{Zone: time.UTC})
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(p.Body), said) && !strings.Contains(strings.Join(p.Problems, "\n"), said) {
				t.Errorf("%s vanishes from %s", said, strings.ReplaceAll(page, sentence, "…"))
			}
		}
	}
}
