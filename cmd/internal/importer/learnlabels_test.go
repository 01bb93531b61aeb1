package importer

import (
	"strings"
	"testing"
)

// TestLearnSectionWithoutLinks: a section that nothing leads to is found in the steps above the
// title, or in the one of a few words right above it; what is another on each page is none.
func TestLearnSectionWithoutLinks(t *testing.T) {
	t.Parallel()
	const text = `<h1>TITLE</h1><p class="d">DATE</p><div class="words">FIRST REST</div>`
	for name, test := range map[string]struct{ markup, want string }{
		"steps":                   {`<div class="way"><span>Home</span><span>News</span><span>KIND</span></div>` + text, "News > KIND"},
		"steps with signs":        {`<div class="way">Home » News » KIND</div><main>` + text + `</main>`, "News > KIND"},
		"a label":                 {`<div class="head"><div class="kind">KIND</div><h1>TITLE</h1><p class="d">DATE</p></div><div class="words">FIRST REST</div>`, "KIND"},
		"a label above the day":   {`<main><div class="kind">KIND</div><p class="d">DATE</p><h1>TITLE</h1><div class="words">FIRST REST</div></main>`, "KIND"},
		"a label in a cell":       {`<table><tr><td>Offices</td><td class="c"><font size="1"><b>KIND</b></font><br><font size="4">TITLE</font><br>DATE<br><br>FIRST REST</td></tr></table>`, "KIND"},
		"a line above each title": {`<div class="head"><div class="kind">On WHOEVER</div><h1>TITLE</h1><p class="d">DATE</p></div><div class="words">FIRST REST</div>`, ""},
		"a label below a trail":   {`<nav class="breadcrumb"><a href="/">Home</a> &gt; <a href="/act">Activities</a></nav><main><div class="kind">KIND</div>` + text + `</main>`, "Activities"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kinds := map[string]string{}
			pages := fifty(func(i int) sitePage {
				kind := []string{"Statements", "Statements", "Speeches", "Visits", "Statements"}[i%5]
				p, _ := oddPage(i, "2 January 2006", strings.NewReplacer("KIND", kind, "WHOEVER", letters(i)).Replace(test.markup))
				kinds[p.file] = kind
				return p
			})
			for _, ps := range learnedOf(t, pages) {
				for _, want := range pages {
					p := want.readBy(t, ps)
					want.section = strings.Replace(test.want, "KIND", kinds[want.file], 1)
					if faults := want.wholly(p); len(faults) > 0 {
						t.Fatalf("%s: %s", want.file, strings.Join(faults, "; "))
					}
				}
			}
		})
	}
}
