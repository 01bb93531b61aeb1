package importer

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// shapes are pages that are large in one way each: whatever is looked at from each of
// its parts must not be looked at as a whole from each.
var shapes = []struct {
	name string
	page func(n int) string // of about so many bytes
}{
	{"paragraphs", func(n int) string { return strings.Repeat("<p>x", n/4) }},
	{"sentences", func(n int) string {
		return strings.Repeat("<p>The quay was opened this morning, after nine years.", n/54)
	}},
	{"line ends", func(n int) string { return "<p>" + strings.Repeat("x y<br>", n/7) }},
	{"siblings", func(n int) string { return strings.Repeat("<i>x</i> ", n/9) }},
	{"boxes", func(n int) string { return strings.Repeat("<div>x</div>", n/12) }},
	{"empty boxes", func(n int) string { return "<p>A text.</p>" + strings.Repeat("<div></div>", n/11) }},
	{"nested boxes", func(n int) string { return strings.Repeat("<div>x ", n/7) }},
	{"nested spans", func(n int) string { return "<p>" + strings.Repeat("<span>x ", n/8) }},
	{"nested bold", func(n int) string { return "<p>" + strings.Repeat("<b>x ", n/5) }},
	{"nested quotations", func(n int) string { return strings.Repeat("<blockquote><p>x y", n/18) }},
	{"nested lists", func(n int) string { return strings.Repeat("<ul><li>x", n/9) }},
	{"nested tables", func(n int) string { return strings.Repeat("<table><tr><td>x", n/16) }},
	{"rows", func(n int) string { return "<table>" + strings.Repeat("<tr><td>x<td>12", n/15) }},
	{"cells", func(n int) string { return "<table><tr>" + strings.Repeat("<td>x", n/5) }},
	{"cells outside", func(n int) string { return "<table>" + strings.Repeat("<p>x y", n/6) }},
	{"paragraphs in a cell", func(n int) string { return "<table><tr><td>" + strings.Repeat("<p>x", n/4) }},
	{"words in boxes", func(n int) string { return strings.Repeat("<div>Print<p>x</div>", n/20) }},
	{"links", func(n int) string { return strings.Repeat(`<a href="/1">x</a> `, n/19) }},
	{"links in items", func(n int) string { return "<ul>" + strings.Repeat(`<li><a href="/1">An old page</a>`, n/32) }},
	{"pictures", func(n int) string { return strings.Repeat(`<img src="/1.jpg" alt="x">`, n/26) }},
	{"different pictures", func(n int) string {
		var b strings.Builder
		for i := range n / 30 {
			fmt.Fprintf(&b, `<p><img src="/%d.jpg" alt="x%d">`, i, i)
		}
		return b.String()
	}},
	{"one text", func(n int) string { return "<p>" + strings.Repeat("word ", n/5) }},
	{"one word", func(n int) string { return "<p>" + strings.Repeat("x", n) }},
	{"one line of dates", func(n int) string { return "<p>" + strings.Repeat("5 May 2019, ", n/12) }},
	{"dates", func(n int) string { return strings.Repeat("<p>5 May 2019", n/13) }},
	{"headings", func(n int) string { return strings.Repeat("<h1>A title of it</h1>", n/22) }},
	{"headings and text", func(n int) string { return strings.Repeat("<h2>A title</h2><p>A text of it.", n/32) }},
	{"items", func(n int) string { return "<ul>" + strings.Repeat("<li>x", n/5) }},
	{"definitions", func(n int) string { return "<dl>" + strings.Repeat("<dt>x<dd>y", n/10) }},
	{"hidden", func(n int) string { return "<p>A text.</p>" + strings.Repeat("<p hidden>x y z", n/15) }},
	{"accordions", func(n int) string {
		return strings.Repeat(`<button aria-expanded="false">More</button><div hidden>Words</div>`, n/66)
	}},
	{"controls", func(n int) string { return "<p>A text.</p>" + strings.Repeat("<p>Print</p><p>Share</p>", n/24) }},
	{"forms", func(n int) string { return strings.Repeat("<form><input><label>x</label></form>", n/36) }},
	{"frames", func(n int) string { return "<p>A text.</p>" + strings.Repeat(`<iframe src="/v"></iframe>`, n/26) }},
	{"classes", func(n int) string { return strings.Repeat(`<p class="a b c d e f g h i j">x`, n/32) }},
	{"one class", func(n int) string { return `<p class="` + strings.Repeat("a ", n/2) + `">A text.` }},
	{"attributes", func(n int) string {
		var b strings.Builder
		b.WriteString("<p")
		for i := range n / 10 {
			fmt.Fprintf(&b, " a%d=x", i)
		}
		return b.String() + ">A text."
	}},
	{"rules and elements", func(n int) string {
		var b strings.Builder
		b.WriteString("<style>")
		for i := range n / 40 {
			fmt.Fprintf(&b, ".c%d{display:none}", i)
		}
		return b.String() + "</style>" + strings.Repeat(`<p class="x y">x`, n/32)
	}},
	{"deep rules", func(n int) string {
		return "<style>" + strings.Repeat("div div div div div div div .x{display:none}", n/88) + "</style>" + strings.Repeat("<div>", 200) + strings.Repeat(`<p class=y>x`, n/26)
	}},
	{"metadata", func(n int) string {
		return strings.Repeat(`<meta name="date" content="2019-05-06">`, n/39) + "<p>A text."
	}},
	{"linked data", func(n int) string {
		return `<script type="application/ld+json">` + strings.Repeat("[", n/2) + strings.Repeat("]", n/2) + "</script><p>A text."
	}},
	{"crumbs", func(n int) string {
		return `<nav class="breadcrumb">` + strings.Repeat(`<a href="/">A</a> &gt; `, n/23) + "</nav><h1>A title</h1><p>A text."
	}},
	{"comments", func(n int) string { return "<p>A text." + strings.Repeat("<!-- x -->", n/10) }},
	{"entities", func(n int) string { return "<p>" + strings.Repeat("&amp;", n/5) }},
	{"tags that are none", func(n int) string { return "<p>" + strings.Repeat("a < b > c ", n/10) }},
	{"open tags", func(n int) string { return "<p>" + strings.Repeat("<b ", n/3) }},
	{"notes", func(n int) string { return strings.Repeat(`<p>x<sup><a href="#n1">1</a></sup>`, n/34) }},
}

// BenchmarkShapes reads pages of half a megabyte that are large in one way each.
func BenchmarkShapes(b *testing.B) {
	for _, s := range shapes {
		page := []byte(shapedPage(s.page(500_000)))
		b.Run(s.name, func(b *testing.B) {
			b.SetBytes(int64(len(page)))
			for b.Loop() {
				_, _ = ReadPage("a.html", page, Options{Zone: time.UTC})
			}
		})
	}
}

func shapedPage(body string) string {
	return `<!DOCTYPE html><html lang="en"><head><title>A title | Site</title></head><body><h1>A title of a page</h1><p class="date">6 May 2019</p>` + body
}

// TestShapes: a page that is large in one way is read, or refused by a limit that has a
// name.
func TestShapes(t *testing.T) {
	t.Parallel()
	for _, s := range shapes {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			p, err := ReadPage("a.html", []byte(shapedPage(s.page(20_000))), Options{Zone: time.UTC})
			var problem *Problem
			if err != nil && !errors.As(err, &problem) {
				t.Fatal(err)
			}
			if p.Body == "" && p.Refused == "" {
				t.Errorf("neither text nor reason: %+v", p)
			}
		})
	}
}
