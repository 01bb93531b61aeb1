package importer

import (
	"strings"
	"testing"
	"time"
)

// TestSectionsOfOnePage: a page without a breadcrumb is filed where one link or label says; two
// are keywords, and a link elsewhere or back says nothing.
func TestSectionsOfOnePage(t *testing.T) {
	t.Parallel()
	const words = `<div class="words"><p>` + sentence + `</p><p>` + sentence + `</p></div>`
	for _, tt := range []struct{ name, html, section string }{
		{"a link above the title", `<main><div><a href="/s">Speeches</a><h1>The treaty of Port Almira</h1><time>5 March 2026</time></div>` + words + `</main>`, "Speeches"},
		{"a link behind a label", `<main><h1>The treaty of Port Almira</h1><p>5 March 2026 | Posted in <a href="/s">Speeches</a></p>` + words + `</main>`, "Speeches"},
		{"a label in Spanish", `<main><h1>The treaty of Port Almira</h1><p>Categoría: Speeches</p><p>5 March 2026</p>` + words + `</main>`, "Speeches"},
		{"a field with its label", `<main><h1>The treaty of Port Almira</h1><div><div>Rubrik</div><div>Speeches</div></div><p>5 March 2026</p>` + words + `</main>`, "Speeches"},
		{"two categories", `<main><h1>The treaty of Port Almira</h1><p>5 March 2026</p>` + words + `<p>Posted in <a rel="category" href="/s">Speeches</a>, <a rel="category" href="/v">Visas</a></p></main>`, ""},
		{"a link back", `<main><div><a href="/s">« Speeches</a><h1>The treaty of Port Almira</h1><time>5 March 2026</time></div>` + words + `</main>`, ""},
		{"a link in another cell", `<table><tr><td><a href="/s">Speeches</a></td><td><h1>The treaty of Port Almira</h1><p>5 March 2026</p>` + words + `</td></tr></table>`, ""},
		{"two links above", `<main><div><a href="/s">Speeches</a> <a href="/v">Visas</a><h1>The treaty of Port Almira</h1><time>5 March 2026</time></div>` + words + `</main>`, ""},
	} {
		p, err := ReadPage("a.html", []byte(`<!DOCTYPE html><html lang="en"><head><title>The treaty of Port Almira</title></head><body>`+tt.html+`</body></html>`), Options{Zone: time.UTC})
		if got := strings.Join(p.Section, " > "); err != nil || got != tt.section || len(p.Doubts) > 0 && tt.section != "" {
			t.Errorf("%s: %q, want %q (%v %v)", tt.name, got, tt.section, p.Doubts, err)
		}
	}
}
