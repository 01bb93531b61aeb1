package importer

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
)

// layout is the shape of a page, and which of its text is made otherwise than usual.
type layout struct {
	name, head, html        string
	asks                    string // what of its furniture is named
	lead, lines, boxes, mso bool
	picture, folded         bool
}

// page is a page of this shape in one language, and what a right importer gets from it: the
// text as it stands there.
func (l layout) page(w parlance) (page, text string) {
	p := func(s string) string { return "<p>" + s + "</p>" }
	names := p(w.names) + `<ul><li><a href="/p/1">Ilva Quist</a></li><li><a href="/p/2">Oro Oss</a></li></ul>`
	quote := "<blockquote>" + p(w.quote) + "<footer><cite>" + w.by + "</cite></footer></blockquote>"
	table := "<table><tr><th>Port</th><th>A</th></tr><tr><td>Almira</td><td>" + w.cell + "</td></tr><tr><td>Sund</td><td>–</td></tr></table>"
	extra := names + "<h2>" + w.head + "</h2>" + quote + table
	all := []string{w.first, w.next, w.last}
	three := p(w.first) + p(w.next) + p(w.last)
	words := map[string]string{
		"T": w.title, "D": w.date, "DL": w.label + " " + w.date, "DLABEL": w.label, "L": w.lead, "H": w.home, "A": w.top, "B": w.below, "S": w.site, "SH": w.share, "R": w.related, "C": w.rights,
		"F": p(w.first), "N": p(w.next), "NT": w.next, "E": p(w.last), "P": three, "X": extra, "Q": w.quote, "QB": w.by, "CAP": w.caption, "HEAD": w.head,
		"LINES": strings.Join(all, "<br><br>"), "BOXES": "<div>" + strings.Join(all, "</div><div>") + "</div>",
		"MSO": `<p class="MsoNormal"><span style="font-family:Arial"><o:p>` + strings.Join(all, `</o:p></span></p><p class="MsoNormal"><span style="font-family:Arial"><o:p>`) + `</o:p></span></p>`,
	}
	var replace []string
	for name, word := range words {
		replace = append(replace, "{"+name+"}", word)
	}
	fill := strings.NewReplacer(replace...).Replace
	direction := ""
	if w.language == "ar" {
		direction = ` dir="rtl"`
	}
	page = fmt.Sprintf(`<!DOCTYPE html><html lang="%s"%s><head><meta charset="utf-8"><title>%s | %s</title>%s</head><body>%s</body></html>`, w.language, direction, w.title, w.site, fill(l.head), fill(l.html))
	for _, part := range wordPlace.FindAllString(l.html, -1) {
		switch part {
		case "{F}", "{N}", "{NT}", "{E}", "{P}", "{X}", "{Q}", "{QB}", "{LINES}", "{BOXES}", "{MSO}":
			text += " " + fill(part)
		case "{CAP}":
			text = strings.TrimSuffix(text, w.caption) + " " + w.caption // in the alternative text, too
		case "{HEAD}":
			text += " " + w.head
			if strings.Contains(l.html, "sponsors") {
				text += " Ilva Quist Oro Oss"
			}
		}
	}
	return page, plainText(text)
}

func plainText(markup string) string { return strings.Join(textBlocks(markup), " ") }

// wrongOn says what is not right on a page.
func (l layout) wrongOn(p Page, w parlance, text string) []string {
	var wrong []string
	check := func(what, got, want string) {
		if got != want {
			wrong = append(wrong, fmt.Sprintf("%s: got  %s\n      want %s", what, got, want))
		}
	}
	lead := ""
	if l.lead {
		lead = w.lead
	}
	check("title", p.Title, w.title)
	check("section", strings.Join(p.Section, " > "), w.top+" > "+w.below)
	check("date", strings.Split(p.Date+"T", "T")[0], "2024-03-05")
	check("language", base(p.Language), string(w.language))
	check("lead", p.Lead, lead)
	check("text", plainText(string(p.Body)), text)
	named := ""
	for _, doubt := range p.Doubts {
		named = strings.TrimSpace(named + " " + strings.TrimSpace(strings.TrimPrefix(doubt.Text, w.related)))
	}
	check("named", named, l.asks)
	if l.picture != (len(p.Images) == 1 && p.Images[0].Src == "https://mfa.example/i/mole.jpg") {
		wrong = append(wrong, fmt.Sprintf("pictures: %+v", p.Images))
	}
	return wrong
}

// TestWholePages: of two sets of pages, each of the shape that some system gives it and in
// one of fourteen languages, so many are right in every field and every word.
func TestWholePages(t *testing.T) {
	t.Parallel()
	for _, set := range []struct {
		name     string
		layouts  []layout
		of, most int // how many pages there are, and how many may be wrong
	}{
		{"plain", plainLayouts, 34, 4},
		{"hard", hardLayouts, 42, 6},
	} {
		right, all := 0, 0
		for i, l := range set.layouts {
			for k := range 2 {
				w := parlances[(2*i+k)%len(parlances)]
				html, text := l.page(w)
				p, err := ReadPage("a.html", []byte(html), Options{Zone: time.UTC})
				if err != nil {
					t.Fatal(err)
				}
				all++
				if wrong := l.wrongOn(p, w, text); len(wrong) > 0 {
					t.Logf("%s: %s, %s:\n    %s\n    problems %q", set.name, l.name, w.language, strings.Join(wrong, "\n    "), p.Problems)
					continue
				}
				right++
			}
		}
		t.Logf("%s: %d of %d pages are wholly right", set.name, right, all)
		if all != set.of || all-right > set.most {
			t.Errorf("%s: %d of %d pages are wholly right", set.name, right, all)
		}
	}
}

var wordPlace = regexp.MustCompile(`\{[A-Z]+\}`)
