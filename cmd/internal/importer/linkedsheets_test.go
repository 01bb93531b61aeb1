package importer

import (
	"strings"
	"testing"
	"time"
)

// TestLinkedSheets: what a style sheet beside the pages hides from every reader is hidden;
// what it shows on some screens or once somebody does something is of the text.
func TestLinkedSheets(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, css, in string
		hidden        bool
	}{
		{"by a class", `.x{display:none}`, `<p class="x">Words</p>`, true},
		{"by an id", `#x { visibility : hidden }`, `<p id="x">Words</p>`, true},
		{"by its place", `.text > .x, .b{display:none !important}`, `<p class="x">Words</p>`, true},
		{"among others", `@charset "utf-8";/* .x{display:block} */.a{color:red}@font-face{font-family:x;src:url(a)}.x{margin:0;display:none}.c{}`, `<p class="x y">Words</p>`, true},
		{"in a layer", `@layer base{.x{display:none}}`, `<p class="x">Words</p>`, true},
		{"by the last rule", `.x{display:block}.x{display:none}`, `<p class="x">Words</p>`, true},
		{"in spite of its own style", `.y{display:none}@media (min-width:700px){.z{display:block}}`, `<p class="y">Words</p>`, true},
		{"shown by the last rule", `.x{display:none}.x{display:block}`, `<p class="x">Words</p>`, false},
		{"shown by a weightier rule", `p.x{display:block}.x{display:none}`, `<p class="x">Words</p>`, false},
		{"hidden by a weightier rule", `p.x{display:block}.x{display:none!important}`, `<p class="x">Words</p>`, true},
		{"shown by its own style", `.x{display:none}`, `<p class="x" style="display:block">Words</p>`, false},
		{"shown by the page's style sheet", `.x{display:none}`, `<style>.x{display:block}</style><p class="x">Words</p>`, false},
		{"hidden by the page's style sheet, shown on some screens", ``, `<style>.x{display:none}@media(min-width:800px){.x{display:block}}</style><p class="x">Words</p>`, false},
		{"on some screens", `.x{display:none}@media only screen and (min-width:48em){.x{display:block}}`, `<p class="x">Words</p>`, false},
		{"on some screens, by another class", `.d-none{display:none!important}@media(min-width:768px){.d-md-block{display:block!important}}`, `<p class="d-none d-md-block">Words</p>`, false},
		{"hidden on some screens", `@media (max-width:700px){.x{display:none}}`, `<p class="x">Words</p>`, false},
		{"hidden on paper", `@media print{.x{display:none}}`, `<p class="x">Words</p>`, false},
		{"shown on paper", `.x{display:none}@media print{.x{display:block}}`, `<p class="x">Words</p>`, true},
		{"once opened", `.x{display:none}.x.is-open{display:block}`, `<p class="x">Words</p>`, false},
		{"once its box is opened", `.x{display:none}.opened .x{display:block}`, `<p class="x">Words</p>`, false},
		{"once its head is ticked", `.x{display:none}input:checked ~ .x{display:block}`, `<p class="x">Words</p>`, false},
		{"under the mouse", `.b .x{display:none}.b:hover .x{display:block}`, `<div class="b"><p class="x">Words</p></div>`, false},
		{"closed unless", `.x:not(.show){display:none}`, `<p class="x">Words</p>`, false},
		{"with scripts", `.js .x{display:none}`, `<p class="x">Words</p>`, false},
		{"what waits for a script", `.text p{visibility:hidden}`, `<p class="x">Words</p>`, false},
		{"another class", `.xx{display:none}`, `<p class="x">Words</p>`, false},
		{"no style sheet at all", `<!DOCTYPE html><p class=x>.x{display:none`, `<p class="x">Words</p>`, false},
	} {
		sheet := ReadLinkedSheet(tt.css)
		o := Options{Zone: time.UTC, Sheets: func(page, href string) *LinkedSheet {
			if page == "a.html" && href == "site.css" {
				return sheet
			}
			return nil
		}}
		p, err := ReadPage("a.html", []byte(`<!DOCTYPE html><html lang="en"><head><title>The treaty</title><link rel="Stylesheet" href="site.css"><link rel="stylesheet" href="gone.css"></head><body><main><article><h1>The treaty</h1><time datetime="2026-03-05">5 March 2026</time><div class="text"><p>`+
			sentence+`</p>`+tt.in+`<p>`+sentence+`</p></div></article></main></body></html>`), o)
		if err != nil {
			t.Fatal(err)
		}
		kept := strings.Contains(string(p.Body), "Words")
		named := strings.Contains(strings.Join(p.Problems, "; "), "hidden text was dropped: Words")
		if kept == tt.hidden || named != tt.hidden {
			t.Errorf("%s: %s\nproblems %q", tt.name, p.Body, p.Problems)
		}
	}
}
