package importer

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestEntriesBesideText: links with their dates beside a text, in whatever grid, are none of
// it; a text in columns is, and so is a list that is introduced.
func TestEntriesBesideText(t *testing.T) {
	t.Parallel()
	row := func(of string) string {
		var b strings.Builder
		for i, title := range []string{"The quay of Sund", "The bridge of Raab", "The mole of Orlo"} {
			b.WriteString(strings.NewReplacer("HREF", fmt.Sprintf("https://mfa.example/n/%d", i), "NAME", title, "DAY", fmt.Sprintf("%d May 2024", i+2)).Replace(of))
		}
		return b.String()
	}
	cards := row(`<div class="card"><a href="HREF">NAME</a><span>DAY</span></div>`)
	const text = `<p>` + sentence + `</p><p>` + sentence + `</p>`
	const head = `<h1>The treaty of Port Almira</h1><p class="date">5 March 2026</p>`
	for _, tt := range []struct {
		name, html string
		kept       bool
	}{
		{"columns of a row", head + `<div class="row"><div class="col-md-8">` + text + `</div><div class="col-md-4"><h4>News</h4>` + cards + `</div></div>`, false},
		{"the title in a column", `<div class="row"><div class="col-md-8">` + head + text + `</div><div class="col-md-4"><h4>News</h4>` + cards + `</div></div>`, false},
		{"rows of paragraphs", head + `<div class="row"><p>` + sentence + `</p></div><div class="row"><p>` + sentence + `</p></div><div class="row">` + row(`<div class="col-4"><a href="HREF">NAME</a><br><small>DAY</small></div>`) + `</div>`, false},
		{"titles that are no links", head + `<div class="row"><div class="col-8">` + text + `</div><div class="col-4">` + row(`<div class="card"><p>NAME</p><p>DAY</p><a href="HREF">Open</a></div>`) + `</div></div>`, false},
		{"a list before", `<div class="wrap"><div class="one"><ul>` + row(`<li><a href="HREF">NAME</a> <em>DAY</em></li>`) + `</ul></div><div class="two">` + head + text + `</div></div>`, false},
		{"a text in columns", head + `<div class="row"><div class="col-6">` + text + `</div><div class="col-6"><p>The quay of Sund is as old as the treaty, and nobody has seen a ship there for a year.</p></div></div>`, true},
		{"an introduced list", head + `<div class="words"><p>` + sentence + `</p><p>Of this was said:</p><div>` + row(`<div><a href="HREF">NAME</a> DAY</div>`) + `</div><p>` + sentence + `</p></div>`, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, err := ReadPage("a.html", []byte(`<!DOCTYPE html><html lang="en"><head><title>The treaty of Port Almira</title></head><body><div class="page">`+tt.html+`</div></body></html>`), Options{Zone: time.UTC})
			if err != nil || p.Title != "The treaty of Port Almira" || !strings.HasPrefix(p.Date, "2026-03-05") {
				t.Fatalf("%q %s %v", p.Title, p.Date, err)
			}
			body := string(p.Body)
			if got := strings.Contains(body, "The quay of Sund"); got != tt.kept || strings.Count(body, "shall be open to all ships") != 2 {
				t.Errorf("kept %v, want %v: %s", got, tt.kept, body)
			}
		})
	}
}
