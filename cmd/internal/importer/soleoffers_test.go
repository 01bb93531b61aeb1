package importer

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// TestSoleOffers: a box with a label and one link is named, whatever its label says; it goes
// only if that says the same. What is made otherwise is text like other text.
func TestSoleOffers(t *testing.T) {
	t.Parallel()
	const mark = "Zorvalen Quistberg at the harbour"
	for _, tt := range []struct {
		name, html  string
		kept, named bool
	}{
		{"a label that lists have", `<div class="x"><span>Related news</span> <a href="/n/1">MARK</a></div>`, false, true},
		{"the same, deeper", `<div class="x"><div><p>Related news</p></div><div><p><a href="/n/1">MARK</a></p></div></div>`, false, true},
		{"a label that no list has", `<div class="x"><span>Akte</span> <a href="/n/1">MARK</a></div>`, true, true},
		{"the same, deeper", `<section><h4>Akte</h4><div><a href="/n/1">MARK</a></div></section>`, true, true},
		{"what a line introduces", `<p>The text of the treaty:</p><div><span>Akte</span> <a href="/n/1">MARK</a></div>`, true, false},
		{"a sentence before the link", `<div><span>It is told.</span> <a href="/n/1">MARK</a></div>`, true, false},
		{"somebody to write to", `<div><span>Contact</span> <a href="mailto:press@mfa.example">MARK</a></div>`, true, false},
		{"a file", `<div><span>Annex</span> <a href="/annex.pdf">MARK</a></div>`, true, false},
		{"a cell", `<table><tr><td>Akte</td><td><div><span>Akte</span> <a href="/n/1">MARK</a></div></td></tr><tr><td>1</td><td>2</td></tr></table>`, true, false},
		{"a sentence with a link", `<p>Of this <a href="/n/1">MARK</a> has told.</p>`, true, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			page := `<main><article><h1>The treaty of Port Almira</h1><time datetime="2026-03-05">5 March 2026</time><div class="content"><p>` + sentence + `</p>` + strings.ReplaceAll(tt.html, "MARK", mark) + `<p>` + sentence + `</p></div></article></main>`
			p, err := ReadPage("a.html", []byte(`<!DOCTYPE html><html lang="en"><head><title>The treaty of Port Almira</title></head><body>`+page+`</body></html>`), Options{Zone: time.UTC})
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Contains(string(p.Body), mark); got != tt.kept {
				t.Errorf("kept %v, want %v: %s", got, tt.kept, p.Body)
			}
			if got := slices.ContainsFunc(p.Problems, func(s string) bool { return strings.Contains(s, mark) }); got != tt.named {
				t.Errorf("named %v, want %v: %q", got, tt.named, p.Problems)
			}
			if strings.Count(string(p.Body), "shall be open to all ships") != 2 {
				t.Errorf("other text is lost: %s", p.Body)
			}
		})
	}
}
