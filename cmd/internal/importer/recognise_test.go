package importer

import (
	"testing"
	"time"

	"communique/storage/press"
)

// TestSays: an article that an earlier version of the program has made of a page is known
// by its words in their order, whatever that took of controls, labels and what is hidden;
// one that has other words, names or figures is not.
func TestSays(t *testing.T) {
	t.Parallel()
	const opening = "The Ministry has published this morning the rules for 35 ships, as Minister Anna Berg said in Port Almira."
	for _, tt := range []struct {
		page, article string
		want          bool
	}{
		{"<p>Of the ship <label>Aurora</label> until Monday.</p>", "<p>Of the ship until Monday.</p>", true},
		{"<p>Of the ship <label>Aurora</label> until Monday.</p>", "<p>Of the ship Aurora until Monday.</p>", true},
		{"<p>Of the ship <label>Aurora</label> until Monday.</p>", "<p>Of the ship until Tuesday.</p>", false},
		{"<p>Of <b>the <label>Aurora</label></b> ship.</p>", "<p>Of <b>the </b> ship.</p>", true},
		{`<p>Of <a href="https://a.example/">the <label>Aurora</label></a> ship.</p>`, "<p>Of the ship.</p>", true},
		{"<h2>Ship <label>Aurora</label> in port</h2><p>Text.</p>", "<h2>Ship in port</h2><p>Text.</p>", true},
		{"<table><tr><td>Ship <label>Aurora</label><td>12<tr><td>Quay<td>7</table>", "<table><tbody><tr><td>Ship</td><td>12</td></tr><tr><td>Quay</td><td>7</td></tr></tbody></table>", true},
		{"<table><tr><td>Ship <label>Aurora</label><td>12<tr><td>Quay<td>7</table>", "<table><tbody><tr><td>Ship</td><td>7</td></tr><tr><td>Quay</td><td>12</td></tr></tbody></table>", false},
		{"<p>One.</p><fieldset><legend>Dues</legend><p>Two.</p></fieldset>", "<p>One.</p><p>Two.</p>", true},
		{"<p>They are <font color=white>internal</font><textarea>lower</textarea>this year.</p>", "<p>They are internalthis year.</p>", true},
		{"<p>They are <font color=white>internal</font><textarea>lower</textarea>this year.</p>", "<p>They are internal next year.</p>", false},
		{"<p>harbour<button>Share</button>of Port</p>", "<p>harbourof Port</p>", true},
		{"<p>are<span style='display:none'>internal</span>lowered</p>", "<p>arelowered</p>", true},
		{"<p>are<span style='display:none'>internal</span>lowered</p>", "<p>areinternallowered</p>", true},
		{"<p>a<select><option>b</select>c</p>", "<p>ac</p>", true},
		{"<p>accord<svg><text>border</text></svg>naive</p>", "<p>accordnaive</p>", true},
		{"<table><tfoot><tr><td>Sum<td>3</tfoot><tr><td>A<td>3</table>", "<table><tbody><tr><td>Sum</td><td>3</td></tr></tbody><tbody><tr><td>A</td><td>3</td></tr></tbody></table>", true},
		{`<p>See <iframe src="https://a.example/e"></iframe> here.</p>`, `<p>See <a href="https://a.example/e">https://a.example/e</a> here.</p>`, true},
		{"<p>See https://a.example/e here.</p>", `<p>See <a href="https://a.example/e">https://a.example/e</a> here.</p>`, true},
		{"<p>See https://a.example/f here.</p>", `<p>See <a href="https://a.example/e">https://a.example/e</a> here.</p>`, false},
		{"<p>One.</p><p>Two more.</p><p>Three.</p>", "<p>One.</p><p>Three.</p>", true}, // of which less was read
		{"<p>One.</p><p>Three.</p>", "<p>One.</p><p>Two more.</p><p>Three.</p>", false},
		{"<p>One.</p><p>Two more.</p>", "<p>Two more.</p><p>One.</p>", false},
		{"<p>We do not accept.</p>", "<p>We accept.</p>", false},
		{"<p>We accept.</p>", "<p>We do not accept.</p>", false},
		{"<p>We do <b>not</b> accept.</p>", "<p>We do accept.</p>", false},
		{"<p>Of 1.5 million</p>", "<p>Of 15 million</p>", false},
		{"<p>Of 3 5 ships</p>", "<p>Of 35 ships</p>", false},
		{"<p>Of <b>3</b> 5 ships</p>", "<p>Of <b>3</b>5 ships</p>", false},
		{"<p>Of <b>3</b>5 ships</p>", "<p>Of <b>3</b>5 ships</p>", true},
		{"<p>10&nbsp;000 &shy;crowns</p>", "<p>10 000 crowns</p>", true},
		{"<p>外務大臣\n会見</p>", "<p>外務大臣会見</p>", true},
	} {
		const head, tail = `<html lang="en"><head><title>Rules for ships</title></head><body><article><h1>Rules for ships</h1><p>3 May 2026</p><p>`, "</article></body></html>"
		p, err := ReadPage("a.html", []byte(head+opening+"</p>"+tt.page+tail), Options{Zone: time.UTC})
		if err != nil || p.Refused != "" {
			t.Fatal(err, p.Refused)
		}
		a := press.Article{Language: "pt", Title: "Rules for ships", Body: press.HTML("<p>" + opening + "</p>\n" + tt.article), Local: p.Local}
		if got := p.Says(a); got != tt.want {
			t.Errorf("%s says %s: %v, want %v (body %s)", tt.page, tt.article, got, tt.want, p.Body)
		}
	}
	for _, tt := range []struct {
		page, article string
		want          bool
	}{
		{"Rules for ships", "Rules for ships", true},
		{"Rules <font color=white>internal</font>for ships", "Rules internalfor ships", true},
		{"Rules <label>new</label> for ships", "Rules for ships", true},
		{"Rules<button>Share</button>for ships", "Rulesfor ships", true},
		{"Rules for ships", "Rules for 2 ships", false},
		{"Rules for 1.5 ships", "Rules for 15 ships", false},
		{"Rules for <b>all</b> ships", "Rules for ships", false},
		{"Rules <font color=white>internal</font>for ships", "Rules internal", false},
	} {
		p, err := ReadPage("a.html", []byte(`<html lang="en"><body><article><h1>`+tt.page+"</h1><p>3 May 2026</p><p>"+opening+"</p></article></body></html>"), Options{Zone: time.UTC})
		if err != nil || p.Refused != "" {
			t.Fatal(err, p.Refused)
		}
		if got := p.Says(press.Article{Title: tt.article, Body: "<p>" + opening + "</p>", Local: p.Local}); got != tt.want {
			t.Errorf("%s is entitled as %s: %v, want %v (title %s)", tt.page, tt.article, got, tt.want, p.Title)
		}
	}
}

// TestSaysOfADay: an article is known of which an earlier version has read the day alone.
func TestSaysOfADay(t *testing.T) {
	t.Parallel()
	const text = "The Ministry has published this morning the rules for 35 ships, as Minister Anna Berg said in Port Almira."
	p, err := ReadPage("a.html", []byte(`<html lang="hu"><body><article><h1>Rules for ships</h1><p>2026. május 3., 14:05</p><p>`+text+"</p></article></body></html>"), Options{Zone: time.UTC})
	if err != nil || p.Local != "2026-05-03 14:05" {
		t.Fatal(err, p.Local, p.Problems)
	}
	for local, want := range map[press.Local]bool{"2026-05-03": true, "2026-05-03 14:05": true, "2026-05-03 15:05": false, "2026-05-04": false} {
		if got := p.Says(press.Article{Title: "Rules for ships", Body: "<p>" + text + "</p>", Local: local}); got != want {
			t.Errorf("%s: %v, want %v", local, got, want)
		}
	}
}
