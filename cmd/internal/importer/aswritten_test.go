package importer

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestNotesQuoteAsWritten: what a page has lost is quoted as it stands there, and lines with
// numbers that are one paragraph are told.
func TestNotesQuoteAsWritten(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ in, want string }{
		{"<p>Write to <Ilva Quist>, please.</p>", "what stands between angle brackets was read as a tag and left out: <Ilva Quist>"},
		{"<p>Write to <Ilva\n Quist>, please.</p>", "what stands between angle brackets was read as a tag and left out: <Ilva Quist>"},
		{"<h2>Of <MINISTER> and others</h2>", "what stands between angle brackets was read as a tag and left out: <MINISTER>"},
		{`<p style="display:none">The Parties AGREE</p>`, "hidden text was dropped: The Parties AGREE"},
		{"<p>1. The Parties AGREE.\n2. They meet.\n3. They part.</p>", "lines with numbers are one paragraph, as browsers show them: 1. The Parties AGREE. 2. They meet. 3. They part."},
		{"<p>Agreed:\na) to meet,\nb) to part.</p>", "lines with numbers are one paragraph, as browsers show them: Agreed: a) to meet, b) to part."},
		{"<p>1. The Parties agree.<br>\n2. They meet.</p>", ""},
		{"<pre>1. The Parties agree.\n2. They meet.</pre>", ""},
		{"<p style='white-space:pre-line'>1. The Parties agree.\n2. They meet.</p>", ""},
		{"<p>They met on 5. March\nand parted.</p>", ""},
	} {
		p, err := ReadPage("a.html", []byte(`<!DOCTYPE html><html lang="en"><head><title>The treaty</title></head><body><main><article><h1>The treaty</h1><time datetime="2026-03-05">5 March 2026</time><div class="text"><p>`+
			sentence+"</p>\n"+tt.in+`<p>`+sentence+`</p></div></article></main></body></html>`), Options{Zone: time.UTC})
		if err != nil {
			t.Fatal(err)
		}
		var notes []string
		for _, n := range p.Notes {
			notes = append(notes, fmt.Sprintf("%d: %s", n.Line, n.What))
		}
		want := tt.want
		if want != "" {
			want = "2: " + want
		}
		if got := strings.Join(notes, "; "); got != want {
			t.Errorf("%s: %s, want %s", tt.in, got, want)
		}
	}
}
