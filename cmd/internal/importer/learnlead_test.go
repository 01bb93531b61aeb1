package importer

import (
	"strings"
	"testing"
	"time"
)

// TestLearnWordsBeforeText: what stands between a title and its text and links to nothing
// offers no other page, whatever its class is called: it is kept, a lead as the lead.
func TestLearnWordsBeforeText(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ before, want string }{
		"a lead of a system": {`<div class="teaser-text"><p>BEFORE</p></div>`, "lead"},
		"a lead alone":       {`<div class="teaser">BEFORE</div>`, ""},
		"an occasion":        {`<p class="event">BEFORE</p>`, "text"},
		"an archive":         {`<p class="archive">BEFORE</p>`, "text"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before := func(i int) string {
				return "The opening of the ferry to " + letters(i) + " was remembered by all who had been there at the time"
			}
			var set []sitePage
			for i := range 30 {
				shell := `<nav><a href="/news">News</a></nav><div class="header"><h1>TITLE</h1></div><p class="d">DATE</p>` + strings.ReplaceAll(c.before, "BEFORE", before(i)) + `<div class="words">FIRST REST</div>`
				set = append(set, bare(i, "2 January 2006", shell))
			}
			for _, ps := range learnedOf(t, set) {
				for i, page := range set {
					p, err := ReadPage(page.file, []byte(page.html), Options{Zone: time.UTC, Profiles: ps})
					if err != nil {
						t.Fatal(err)
					}
					in := map[string]string{"lead": p.Lead, "text": string(p.Body), "": p.Lead + string(p.Body)}[c.want]
					if !strings.Contains(in, before(i)) {
						t.Fatalf("%s has lost %q: lead %q, text %q", page.file, before(i), p.Lead, p.Body)
					}
				}
			}
		})
	}
}
