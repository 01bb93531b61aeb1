package federation

import (
	"strings"
	"testing"

	xhtml "golang.org/x/net/html"
)

// asHTML is the text of a name as Mastodon shows it, which puts it into an h2 as HTML
// (app/lib/activitypub/parser/status_parser.rb#processed_text; seen with 4.7.0-alpha.2:
// "<b>" became bold, an unknown tag vanished).
func asHTML(t *testing.T, name string) string {
	t.Helper()
	root, err := xhtml.Parse(strings.NewReader("<h2>" + name + "</h2>"))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n := range root.Descendants() {
		if n.Type == xhtml.TextNode {
			b.WriteString(n.Data)
		}
	}
	return b.String()
}

// TestPlainName: O8. A title arrives whole, read as text and read as HTML.
func TestPlainName(t *testing.T) {
	t.Parallel()
	for _, title := range []string{
		"Treaty signed", "R&D in a < b", "The <b>new</b> treaty", "A <Minister> speaks", "</h2> ends", "<!-- nothing -->", "<?php",
		"AT&T; R&D", "&lt;b&gt;", "&amp", "&amp;amp;", "&#60;b&#x3e;", "&copy 2026", "&notit; &notin;", "&AMP", "1<2&3", "<", "&", "<<b>", "&&lt;",
		"外交部 <部长> &部", "وزارة & <خارجية>", "&CounterClockwiseContourIntegral;", "<\u00d8len>", "a<b", "&#", "&#x", "&#999999999999;", "&Amp;",
	} {
		name := plainName(title)
		if got := strings.ReplaceAll(name, wordJoiner, ""); got != title {
			t.Errorf("%q reads %q as text", title, got)
		}
		if got := strings.ReplaceAll(asHTML(t, name), wordJoiner, ""); got != title {
			t.Errorf("%q reads %q as HTML", title, got)
		}
	}
	for _, title := range []string{"R&D in a < b", "AT&T; 1 < 2", "Treaty signed"} {
		if got := plainName(title); got != title {
			t.Errorf("%q is changed to %q without need", title, got)
		}
	}
}
