package importer

import (
	"strings"
	"testing"
	"time"
)

// TestLearnSectionBesideMenus: the section that a template is learned to name is that of its
// breadcrumb, however many menus are made of the same elements, and have more steps.
func TestLearnSectionBesideMenus(t *testing.T) {
	t.Parallel()
	const text = `<h1>TITLE</h1><p class="d">DATE</p><div class="words">FIRST REST</div>`
	for name, shell := range map[string]string{
		"one step":          `<nav><ul><li><a href="/news">News</a></li><li><a href="/contact">Contact</a></li></ul></nav><main><nav class="breadcrumb"><a href="/">Home</a> &gt; <a href="/act">Activities</a></nav>` + text + `</main>`,
		"a menu with home":  `<nav><a href="/">Home</a> <a href="/news">News</a> <a href="/contact">Contact</a></nav><main><nav class="breadcrumb"><a href="/">Home</a> &gt; <a href="/act">Activities</a></nav>` + text + `</main>`,
		"lists":             `<ul class="l"><li><a href="/news">News</a></li><li><a href="/contact">Contact</a></li><li><a href="/visa">Visas</a></li></ul><ul class="l crumbs"><li><a href="/">Home</a></li><li><a href="/act">Activities</a></li></ul>` + text,
		"named by its role": `<nav class="n"><a href="/news">News</a><a href="/contact">Contact</a></nav><nav class="n" aria-label="Breadcrumb"><a href="/">Home</a> / <a href="/act">Activities</a></nav>` + text,
		"behind the text":   `<nav><a href="/news">News</a><a href="/contact">Contact</a></nav><main>` + text + `</main><nav class="breadcrumb"><a href="/">Home</a> &gt; <a href="/act">Activities</a></nav>`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var set []sitePage
			for i := range 30 {
				set = append(set, bare(i, "2 January 2006", shell))
			}
			for _, ps := range learnedOf(t, set) {
				for _, page := range set {
					p, err := ReadPage(page.file, []byte(page.html), Options{Zone: time.UTC, Profiles: ps})
					if err != nil {
						t.Fatal(err)
					}
					if got := strings.Join(p.Section, " > "); got != "Activities" {
						t.Fatalf("%s is filed in %q, want Activities", page.file, got)
					}
				}
			}
		})
	}
}
