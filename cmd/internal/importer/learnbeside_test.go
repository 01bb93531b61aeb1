package importer

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// besideShells are templates that have around their texts what pages are filed by: KIND is one
// of a few words, ROOM one of some. FILES are those of some pages.
var besideShells = []struct {
	name, layout, markup, file string // file is how one of them stands in FILES
	removed                    string // a selector that the profile learns
}{
	{name: "the kind of text and the office above the text", layout: "January 2, 2006", removed: "p.kind",
		markup: `<h1>TITLE</h1><article><div class="data"><p class="kind">KIND</p><p class="office">ROOM</p><p class="when">DATE</p></div><div class="words">FIRST REST</div></article>`},
	{name: "the kind of text in the text", layout: "January 2, 2006", removed: "p.kind",
		markup: `<h1>TITLE</h1><div class="words"><p class="kind">KIND</p><p id="when">DATE</p><hr>FIRST REST</div>`},
	{name: "a list of data with names", layout: "2 January 2006",
		markup: `<main><h1>TITLE</h1><div class="data"><dl><dt>From:</dt><dd><a href="/o">Ministry</a> and <a href="/r">ROOM</a></dd><dt>Given</dt><dd>DATE</dd></dl></div><div class="words">FIRST REST</div></main>`},
	{name: "a table of data", layout: "2 January 2006", removed: "table.facts > tbody > tr > td",
		markup: `<h1>TITLE</h1><table class="facts"><tr><th>Published</th><td class="on">DATE</td></tr><tr><th>Number</th><td>V NUMBER/7</td></tr><tr><th>Room</th><td>ROOM</td></tr></table><div class="words">FIRST REST</div>`},
	{name: "who wrote it, in a list of data", layout: "2 January 2006", removed: "dd.by",
		markup: `<div class="item"><h2>TITLE</h2><dl><dd class="by">Written by <span>ROOM</span></dd><dd class="on"><time>DATE</time></dd></dl><div class="words">FIRST REST</div></div>`},
	{name: "the text in a table of data with files", layout: "2006-01-02", file: `<li><img src="/i.gif" alt="file"> <a href="https://mfa.example/down?n=NUMBER&f=K">Report K of WHO.pdf</a> <span>(K7KB)</span> <a href="/down?n=NUMBER&f=K">Fetch</a> <a href="/view?n=NUMBER">Look</a></li>`,
		markup: `<table class="board"><tr><th>Title</th><td class="subject">TITLE</td></tr><tr><th>Room</th><td>ROOM</td><th>Day</th><td>DATE</td><th>Seen</th><td>NUMBER</td></tr><tr><th>Files</th><td><ul class="ff">FILES</ul></td></tr><tr><td colspan="6"><div class="words">FIRST REST</div></td></tr></table>`},
	{name: "files below the text", layout: "2 January 2006", file: `<div class="it"><a href="https://mfa.example/NUMBER/K.pdf">Report K of WHO</a></div>`,
		markup: `<div class="node"><h1>TITLE</h1><p class="when">DATE</p><div class="words">FIRST REST</div><div class="att"><div class="lb">Downloads</div><div class="its">FILES</div></div><div class="tags"><div class="lb">Tags</div><div class="its"><div class="it"><a href="/t">ROOM</a></div></div></div></div>`},
	{name: "files that are named beside their buttons", layout: "2 January 2006", file: `<div class="row"><b>Report K of WHO</b> <a href="https://mfa.example/NUMBER/K.pdf">Fetch</a></div>`,
		markup: `<div class="node"><h1>TITLE</h1><p class="when">DATE</p><div class="words">FIRST REST</div><div class="att">FILES</div></div><div class="foot"><a href="https://mfa.example/guide.pdf">Guide of the house</a></div>`},
}

// besidePage is a page of such a template, its text, and the names of its files.
func besidePage(i int, markup, file string) (p sitePage, text string, names []string) {
	var files strings.Builder
	for k := range i % 3 * min(len(file), 1) {
		who := subjects[(i+k)%len(subjects)]
		files.WriteString(strings.NewReplacer("K", fmt.Sprint(k+1), "WHO", who).Replace(file))
		names = append(names, fmt.Sprintf("Report %d of %s", k+1, who))
	}
	kind := []string{"Press statement", "Press statement", "Remarks", "Fact sheet", "Remarks"}[i%5]
	room := []string{"Ilva Quist", "Oro Denn", "Press room", "Room of treaties"}[i%7%4]
	p, text = oddPage(i, "", strings.NewReplacer("KIND", kind, "ROOM", room, "FILES", files.String()).Replace(markup))
	return p, text, names
}

// TestLearnBeside: by which kind, office or person pages are filed is none of their texts, and
// the files that are listed beside them are the articles'.
func TestLearnBeside(t *testing.T) {
	t.Parallel()
	for _, s := range besideShells {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			texts, named := map[string]string{}, map[string][]string{}
			pages := fifty(func(i int) sitePage {
				markup := strings.Replace(s.markup, "DATE", time.Date(2021, 1, 3, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 11*i).Format(s.layout), 1)
				p, text, names := besidePage(i, markup, s.file)
				texts[p.file], named[p.file] = text, names
				return p
			})
			ps := learnedOf(t, pages)[1]
			if s.removed != "" && !slices.Contains(ps.Profiles[0].Remove, s.removed) {
				t.Errorf("removed: %q, want %s", ps.Profiles[0].Remove, s.removed)
			}
			for _, want := range pages {
				p := want.readBy(t, ps)
				faults := want.wholly(p)
				text, list, _ := strings.Cut(string(p.Body), "\n<ul>")
				if got := plainText(text); got != texts[want.file] {
					faults = append(faults, fmt.Sprintf("text %q, want %q", got, texts[want.file]))
				}
				if got := strings.Count(list, "<a href="); got != len(named[want.file]) {
					faults = append(faults, fmt.Sprintf("%d files, want %d: %s", got, len(named[want.file]), list))
				}
				for _, name := range named[want.file] {
					if !strings.Contains(list, name) {
						faults = append(faults, "no file "+name)
					}
				}
				if len(faults) > 0 {
					t.Fatalf("%s: %s", want.file, strings.Join(faults, "; "))
				}
			}
		})
	}
}

// TestLearnOtherKinds: a kind of text that no page of the sample has is told, not left out.
func TestLearnOtherKinds(t *testing.T) {
	t.Parallel()
	pages := fifty(func(i int) sitePage {
		p, _, _ := besidePage(i, strings.Replace(besideShells[0].markup, "DATE", fmt.Sprintf("March %d, 2021", i%28+1), 1), "")
		return p
	})
	ps := learnedOf(t, pages)[1]
	p, err := ReadPage("x.html", []byte(strings.Replace(pages[0].html, "Press statement", "Correction of the numbers", 1)), Options{Zone: time.UTC, Profiles: ps, Language: "en"})
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Doubts) != 1 || p.Doubts[0].Text != "Correction of the numbers" {
		t.Errorf("doubts: %v", p.Doubts)
	}
}
