package importer

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
)

// wordsOf are some paragraphs of a page of their own, the first and the last named.
func (p *sitePage) wordsOf(i, n int) []string {
	var all []string
	for k := range n {
		all = append(all, "<p>"+sentenceAbout(subjects[(i+k)%len(subjects)], i*10+k)+"</p>")
	}
	p.first, p.last = strings.TrimSuffix(all[0][3:], "</p>"), strings.TrimSuffix(all[n-1][3:], "</p>")
	return all
}

// bare is a page of a template around some markup; its title and date are written in it.
func bare(i int, layout, markup string) sitePage {
	day := time.Date(2021, 1, 3, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 11*i)
	p := sitePage{file: fmt.Sprintf("%03d.html", i), title: fmt.Sprintf("Report on %s in %s", subjects[i%len(subjects)], letters(i)), date: day.Format(time.DateOnly)}
	words := p.wordsOf(i, 2+i%4)
	p.html = `<!DOCTYPE html><html lang="en"><head><title>` + p.title + ` | Ministry of Valora</title></head><body>
<div class="fl">Ministry of Valora</div><ul class="m"><li><a href="/news">News</a></li><li><a href="/visa">Visa</a></li></ul>` +
		strings.NewReplacer("TITLE", p.title, "DATE", day.Format(layout), "FIRST", words[0], "REST", strings.Join(words[1:], "")).Replace(markup) +
		`<div class="bottom">© Ministry of Foreign Affairs of Valora, 1 Quay Street, Port Almira. All rights reserved. Contact the webmaster.</div></body></html>`
	return p
}

// TestLearnTemplates: fifty pages of each of these templates are read whole by what was
// learned of them, unedited.
func TestLearnTemplates(t *testing.T) {
	t.Parallel()
	const text = `<h1>TITLE</h1><span class="d">DATE</span><div class="words">FIRST`
	for _, test := range []struct {
		name, layout, markup, few string // few is on two pages of five
		silent                    string
	}{
		{name: "words for browsers without frames", layout: "2 January 2006", markup: text + `FEW REST</div>`,
			few: `<iframe src="https://video.example/1">Your viewer knows no frames.</iframe>`, silent: "Your viewer knows no frames."},
		{name: "words for browsers without scripts", layout: "2 January 2006", markup: text + `<noscript><p>Scripts must be on.</p></noscript>REST</div>`, silent: "Scripts must be on."},
		{name: "hidden words", layout: "2 January 2006", markup: text + `<p hidden>Prepared for the <b>archive</b> of the house</p>REST</div>`, silent: "archive"},
		{name: "words that a class hides", layout: "2 January 2006", markup: text + `FEW REST</div>`, few: `<p>See <a href="/annex">the annex<span class="sr-only"> (reprinted in a new window)</span></a>.</p>`},
		{name: "words of each page that a class hides", layout: "2 January 2006", markup: text + `<p class="visually-hidden">To be reprinted on DATE for the <b>archive</b> of the house: TITLE</p>REST</div>`},
		{name: "a recording", layout: "2 January 2006", markup: text + `<audio src="/a.mp3">Your browser plays no recordings.</audio>REST</div>`, silent: ""},
		{name: "a date among elements of its class", layout: "2006年01月02日15:04",
			markup: `<div class="fix w title2box"><h3 class="pre"></h3><h1>TITLE</h1><div class="box01"><div class="fl">DATE 来源：<a href="/c">Valora Daily</a></div><div class="fr"><div class="s"><span class="t">分享到：</span><a href="#"><i> </i></a></div></div></div></div><div class="words fix">FIRST REST</div>`},
		{name: "a date bare beside the title", layout: "2006-01-02",
			markup: `<div class="top2"><h1>TITLE</h1>DATE 来源：<a href="/c">Valora Daily</a> <span>分享到：</span></div><div class="words">FIRST REST</div>`},
		{name: "a form that is filled in", layout: "2.1.2006", markup: `<h1>TITLE</h1><span class="d">Stand - DATE</span><div class="rte"><div class="box"><h3 class="b">Info</h3><div class="inbox">FIRST</div></div>` +
			strings.Repeat(`<h2 class="h">Entry and stay in the country of travel</h2><ul class="l"><li class="i">Carry a passport that is valid for six months, and a copy of it.</li><li class="i">Register with the embassy before you leave.</li></ul>`, 4) + `REST` + strings.Repeat(`<h2 class="h">Further advice for the days before you leave</h2><ul class="l"><li class="i">Ask the embassy which of the roads in the mountains are open.</li></ul>`, 40) + `</div>`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			pages := fifty(func(i int) sitePage {
				few := ""
				if i%5 < 2 {
					few = test.few
				}
				return bare(i, test.layout, strings.Replace(test.markup, "FEW", few, 1))
			})
			for _, ps := range learnedOf(t, pages) {
				if test.silent != "" && !strings.Contains(strings.Join(ps.Profiles[0].Silent, "\n"), test.silent) {
					t.Errorf("silent: %q, want %q", ps.Profiles[0].Silent, test.silent)
				}
				if len(ps.Profiles) != 1 {
					t.Errorf("%d profiles", len(ps.Profiles))
				}
				if n := right(t, pages, ps); n < len(pages) {
					t.Errorf("%d of %d pages are wholly right", n, len(pages))
				}
			}
		})
	}
}

// learnedOf are the profiles of some pages, as learned and as read from the file.
func learnedOf(t *testing.T, pages []sitePage) []*Profiles {
	t.Helper()
	l, err := Learn(sourceOf(pages), len(pages), 200, Options{Zone: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := l.Write(&file, "site/"); err != nil {
		t.Fatal(err)
	}
	read, err := ParseProfiles("site.yaml", file.Bytes())
	if err != nil {
		t.Fatalf("%v\n%s", err, file.String())
	}
	if testing.Verbose() {
		t.Log(file.String())
	}
	return []*Profiles{&l.Profiles, read}
}

// right counts the pages that are as they should be, and says what is wrong with the
// first that is not.
func right(t *testing.T, pages []sitePage, ps *Profiles) int {
	t.Helper()
	n := 0
	for i, want := range pages {
		p, err := ReadPage(want.file, []byte(want.html), Options{Zone: time.UTC, Profiles: ps})
		if err != nil {
			t.Fatal(err)
		}
		wrong := want.wholly(p)
		if len(wrong) == 0 {
			n++
		} else if n == i {
			t.Logf("%s: %s", want.file, strings.Join(wrong, "; "))
		}
	}
	return n
}
