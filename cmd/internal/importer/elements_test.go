package importer

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communique/storage/richtext"
)

// elementTest is what stands between two paragraphs of a page, and what becomes of it.
type elementTest struct {
	name, in, want string
	notes          []string
}

func checkElements(t *testing.T, rows []elementTest) {
	t.Helper()
	at, err := url.Parse("https://old.mfa.example/a/b.html")
	if err != nil {
		t.Fatal(err)
	}
	const before, after = "<p>The talks on the harbour went well, as the Minister said today in Port Almira.</p>", "<p>The next round will be held in Sund at the end of the month, the Minister added.</p>"
	for _, tt := range rows {
		page := "<!DOCTYPE html><html lang=en><head><title>T</title></head>\n<body><article><h1>The harbour of Almira</h1>\n<p>3 May 2026</p>\n" + before + "\n" + tt.in + "\n" + after + "</article></body></html>"
		p, err := ReadPage("a.html", []byte(page), Options{Zone: time.UTC, SourceURL: at})
		if err != nil || p.Refused != "" {
			t.Errorf("%s: %v %s", tt.name, err, p.Refused)
			continue
		}
		if diff := cmp.Diff(strings.TrimSuffix(before+"\n"+tt.want, "\n")+"\n"+after, string(p.Body)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		for _, want := range tt.notes {
			if !slices.ContainsFunc(p.Notes, func(n richtext.Note) bool { return fmt.Sprintf("%d: %s", n.Line, n.What) == want }) {
				t.Errorf("%s: notes %v, without %q", tt.name, p.Notes, want)
			}
		}
		if len(tt.notes) == 0 && len(p.Notes) > 0 {
			t.Errorf("%s: notes %v", tt.name, p.Notes)
		}
	}
}

// TestInlineAroundBlocks: what an inline element says of blocks in it is not lost.
func TestInlineAroundBlocks(t *testing.T) {
	t.Parallel()
	checkElements(t, []elementTest{
		{"a deleted paragraph", "<del><p>x</p></del>", "<p><s>x</s></p>", nil},
		{"a deleted list", "<del><ul><li>a<li>b</ul></del>", "<ul><li><s>a</s></li><li><s>b</s></li></ul>", nil},
		{"text beside a deleted block", "y <del>a<p>b</p>c</del>", "<p>y</p>\n<p><s>a</s></p>\n<p><s>b</s></p>\n<p><s>c</s></p>", nil},
		{"a link around a division", `<a href="/x"><div>a</div></a>`, `<p><a href="https://old.mfa.example/x">a</a></p>`, nil},
		{"bold around paragraphs", "<b><p>a</p><p>b</p></b>", "<p><b>a</b></p>\n<p><b>b</b></p>", nil},
		{"struck by style", `<div style="text-decoration:line-through"><p>a</p>b</div>`, "<p><s>a</s></p>\n<p><s>b</s></p>", nil},
	})
}
