package importer

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

// TestLearnNamesRepeated: what most pages say between title and text is left out and named once
// for the set, and page by page as repeated; what leads somewhere is not worth that.
func TestLearnNamesRepeated(t *testing.T) {
	t.Parallel()
	const said = "Check against delivery"
	for name, line := range map[string]string{"named": `<p class="note">` + said + `</p>`, "nameless": `<p>` + said + `</p>`, "bare": said} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			set := fifty(func(i int) sitePage {
				return bare(i, "2 January 2006", `<div class="page"><h1>TITLE</h1><span class="d">DATE</span>`+line+`<div class="tools"><a href="/print">For paper</a></div><div class="words">FIRST REST</div></div>`)
			})
			l, err := Learn(sourceOf(set), len(set), 200, Options{Zone: time.UTC})
			if err != nil {
				t.Fatal(err)
			}
			if r := l.Profiles.Profiles[0].Repeated(); len(r) != 1 || r[0] != (Repeated{"template-1", said, 50}) {
				t.Errorf("named: %v", r)
			}
			var file, explained bytes.Buffer
			if err := l.Write(&file, "site/"); err != nil || !strings.Contains(file.String(), `#   on 50 of 50 pages: "`+said+`"`) {
				t.Errorf("%v\n%s", err, file.String())
			}
			p, err := ReadPage(set[0].file, []byte(set[0].html), Options{Zone: time.UTC, Profiles: &l.Profiles})
			if err != nil || len(p.Doubts) > 0 || strings.Contains(string(p.Body), said) {
				t.Errorf("%v %v %s", err, p.Doubts, p.Body)
			}
			if err := p.Explain(&explained); err != nil || !strings.Contains(explained.String(), "- repeated     "+said+"\n") {
				t.Errorf("%v\n%s", err, explained.String())
			}
		})
	}
}
