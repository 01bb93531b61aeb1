package importer

import (
	"fmt"
	"strings"
	"testing"
)

// TestLearnFrames: of fifty pages of each of these templates all words are where they belong,
// though pictures stand in frames of their own beside the text, captions have no element, titles
// no heading and no name in the head of the page, or files a button each.
func TestLearnFrames(t *testing.T) {
	t.Parallel()
	const picture = `<img src="https://mfa.example/NUMBER.jpg" alt="" width="640" height="420">`
	for _, test := range []struct{ name, markup, section, caption, file string }{
		{name: "pictures between boxes of text", caption: "The harbour of WHOEVER",
			markup: `<h1>TITLE</h1><div class="t"><p class="when">DATE</p></div><div class="box text">FIRST</div><div class="box image"><div class="in">` + picture + `<span class="below">CAPTION</span></div></div><div class="box text">REST</div>`},
		{name: "a caption that is a line", caption: "The harbour of WHOEVER",
			markup: `<h1>TITLE</h1><p class="when">DATE</p><div class="words">FIRST<div class="right">` + picture + `<br>CAPTION</div>REST</div>`},
		{name: "a caption in italics", caption: "The harbour of WHOEVER",
			markup: `<h1>TITLE</h1><p class="when">DATE</p><div class="words">FIRST<table><tr><td>` + picture + `</td></tr><tr><td><i>CAPTION</i></td></tr></table>REST</div>`},
		{name: "a title in bold type, and a head that names the site",
			markup: `<table><tr><td><font size="5"><b>TITLE</b></font><br><font size="1"><i>DATE</i></font><br><br><font size="3">LINES</font></td></tr></table>`},
		{name: "a step in the cell of the text", section: "SECTION",
			markup: `<table><tr><td>Offices</td><td class="c"><a href="/">Home</a> / <a href="/s">SECTION</a><br><b class="when">DATE</b><br><h3>TITLE</h3>FIRST REST</td></tr></table>`},
		{name: "what a page is filed under, behind it",
			markup: `<h1>TITLE</h1><p class="when">DATE</p><div class="words">FIRST REST</div><div class="under"><span>Of words:</span> <a href="/w/1">Ilva</a>, <a href="/w/2">WHOEVER</a></div>`},
		{name: "a file and its button", file: "Report of WHOEVER",
			markup: `<h1>TITLE</h1><p class="when">DATE</p><div class="words">FIRST REST<p><a href="https://mfa.example/NUMBER.pdf">FILE</a><a href="https://mfa.example/NUMBER.pdf">Fetch</a></p></div>`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			texts, captions := map[string]string{}, map[string]string{}
			pages := fifty(func(i int) sitePage {
				also := strings.NewReplacer("CAPTION", test.caption, "FILE", test.file)
				markup := strings.NewReplacer("WHOEVER", letters(i), "NUMBER", fmt.Sprint(31*i+7)).Replace(also.Replace(test.markup))
				p, text := oddPage(i, "2 January 2006", markup)
				if strings.Contains(test.name, "names the site") {
					p.html = strings.Replace(p.html, p.title+" | ", "", 1)
				}
				p.section = ""
				if test.section != "" {
					p.section = []string{"Speeches", "Statements", "Visits"}[i%3]
				}
				texts[p.file] = strings.TrimSpace(text + " " + strings.ReplaceAll(test.file, "WHOEVER", letters(i)))
				captions[p.file] = strings.ReplaceAll(test.caption, "WHOEVER", letters(i))
				return p
			})
			ps := learnedOf(t, pages)[1]
			for _, want := range pages {
				p := want.readBy(t, ps)
				faults := want.wholly(p)
				body := string(p.Body)
				if caption := captions[want.file]; caption != "" {
					before, after, found := strings.Cut(body, "<figcaption>"+caption+"</figcaption>")
					if body = before + after; !found || len(p.Images) != 1 {
						faults = append(faults, "no caption in "+string(p.Body))
					}
				}
				if got := plainText(body); got != texts[want.file] {
					faults = append(faults, fmt.Sprintf("text %q, want %q", got, texts[want.file]))
				}
				if len(faults) > 0 {
					t.Fatalf("%s: %s", want.file, strings.Join(faults, "; "))
				}
			}
		})
	}
}
