package importer

import (
	"slices"
	"strings"
	"testing"
	"time"

	"communique/storage/richtext"
)

// TestOffers: what leads readers away from a text is no part of it, and is named; what
// has the same words or the same class and says something of its own is kept.
func TestOffers(t *testing.T) {
	t.Parallel()
	const mark = "Zorvalen Quistberg"
	tests := []struct {
		name, html string
		kept       bool
	}{
		{"a line that sends on", `<p>Read also: <a href="/n/1">MARK opens the harbour</a></p>`, false},
		{"one in Spanish", `<p><strong>Lea también: <a href="/n/1">MARK abre el puerto</a></strong></p>`, false},
		{"one inside the link", `<p><a href="/n/1">Lesen Sie auch: MARK eröffnet den Hafen</a></p>`, false},
		{"a prompt above links", `<p>Leia também:</p><p><a href="/n/1">MARK abre o porto</a></p>`, false},
		{"the same words without a link", `<p>Learn more: MARK, the poet of the harbour, was quoted.</p>`, true},
		{"a sentence with a link", `<p>Learn more of what MARK wrote of the harbour in <a href="/n/1">1911</a>.</p>`, true},
		{"teasers with pictures", `<div><div><a href="/n/1"><img src="https://mfa.example/1.jpg" alt="One"> MARK opens the harbour</a></div><div><a href="/n/2"><img src="https://mfa.example/2.jpg" alt="Two"> A bridge of the north</a></div></div>`, false},
		{"teasers with headings", `<section><article><h3><a href="/n/1">MARK opens the harbour</a></h3><p>Nine years.</p></article><article><h3><a href="/n/2">A bridge of the north</a></h3><p>Ten years.</p></article></section>`, false},
		{"parts with headings", `<section><article><h3>MARK opens the harbour</h3><p>Nine years.</p></article><article><h3>A bridge of the north</h3><p>Ten years, <a href="/n/2">they say</a>.</p></article></section>`, true},
		{"a box that is called related and has links", `<div class="related-stories story-module"><p>MARK</p><a href="/n/1">The harbour opens</a></div>`, false},
		{"a box that is called related and has none", `<div class="further-part"><p>MARK is what the treaty relates to.</p></div>`, true},
		{"a box of a newsletter", `<div class="newsletter-form__container"><p>MARK: our newsletter, each week.</p></div>`, false},
		{"beginnings of other pages", `<ul><li><a href="/n/1">The harbour opens</a> <small>MARK has been at sea for nine years, and now...</small></li><li><a href="/n/2">A bridge of the north</a> <small>Ten years after the first plan was laid before Parliament …</small></li></ul>`, false},
		{"lines that trail off", `<ul><li>MARK opens the harbour, and then…</li><li>A bridge of the <a href="/n/2">north</a>…</li></ul>`, true},
		{"a link like a button", `<div><a class="btn btn-primary" href="/shop">MARK</a></div>`, false},
		{"a file like a button", `<div><a class="btn btn-primary" href="/treaty.pdf">MARK</a></div>`, true},
		{"what it is filed under", `<p>Filed under: <a rel="category tag" href="/c/1">MARK</a>, <a rel="tag" href="/t/1">Harbours</a></p>`, false},
		{"a sentence with a tag", `<p>The Minister spoke of <a rel="tag" href="/t/1">MARK</a> and of what the harbour is to those who live there.</p>`, true},
		{"keywords that are no links", `<p>Topics: <span itemprop="keywords">MARK</span> <span itemprop="keywords">Harbours</span></p>`, false},
		{"a heading of what is left out", `<h3>MARK</h3><section><article><h3><a href="/n/1">The harbour opens</a></h3></article><article><h3><a href="/n/2">A bridge of the north</a></h3></article></section><h3>The harbour</h3>`, false},
		{"a heading of controls", `<h3>MARK</h3><p><a href="/s">Share</a> <a href="/t">Tweet</a></p><h3>The harbour</h3>`, false},
		{"a box about an author above the text", `<div class="author-box"><img src="https://mfa.example/face.jpg" alt="Face"><p>MARK writes about harbours.</p></div>`, false},
		{"a box of an author who speaks", `<div class="author"><p>MARK, Minister for the Sea</p></div>`, true},
		{"a heading of text", `<h3>MARK</h3><p>Nine years.</p><h3>The harbour</h3>`, true},
		{"a card", `<a href="/n/1"><img src="https://mfa.example/1.jpg" alt="One"><h3>MARK opens the harbour</h3></a>`, false},
		{"a card in its box", `<div class="wide"><a href="/n/1"><h3>MARK opens the harbour</h3><p>Nine years of work.</p></a></div>`, false},
		{"a linked heading", `<a href="/n/1"><h3>MARK</h3></a><p>Nine years of work.</p>`, true},
		{"a heading that unfolds", `<a href="#part"><h3>MARK</h3><span>open</span></a><div id="part"><p>Nine years of work.</p></div>`, true},
		{"a card of a file", `<a href="/treaty.pdf"><h3>MARK</h3><p>The treaty as a file.</p></a>`, true},
		{"a label of an advertisement", `<p>MARK said so.</p><p>Advertisement</p>`, true},
		{"a box for content from elsewhere", `<div class="embed-consent"><p>MARK: external content, shown when you allow cookies.</p></div>`, false},
		{"a box of the same name about something else", `<div class="third-party"><p>MARK gave the consent of Valora to the treaty.</p></div>`, true},
		{"another page in a weblog", `<blockquote class="wp-embedded-content"><p><a href="/n/1">MARK opens the harbour</a></p></blockquote>`, false},
		{"stars", `<div class="post-ratings"><span>MARK: 4 of 5</span></div>`, false},
		{"a rating of ships", `<p class="rating">MARK has a rating of four.</p>`, true},
		{"a box of teasers", `<div class="Teasers Teasers--wide"><h2>More of it</h2><div><h3>MARK opens the harbour</h3><p>It took nine years to build it, and as many to pay for it.</p><a href="/n/1">Read</a></div><div><h3>A bridge</h3><p>It took ten years, and nobody knows what for.</p><a href="/n/2">Read</a></div></div>`, false},
		{"who pays for the links", `<div class="editorial-disclosure">MARK: we may receive a commission for some links.</div>`, false},
		{"a disclosure of facts", `<div class="disclosure"><p>MARK disclosed what the treaty costs.</p></div>`, true},
		{"who pays for the page", `<p>Werbung: dieser Beitrag enthält Partnerlinks, MARK</p>`, false},
		{"what may be reprinted", `<p class="copyright">MARK. All rights reserved.</p>`, false},
		{"a licence that was given", `<p class="licence">MARK was given the licence to fish.</p>`, true},
		{"a list of contents", `<div class="toc_container"><p>MARK</p><ul><li><a href="#a">1. The harbour is open to all</a></li><li><a href="#b">2. The bridge of the north</a></li></ul></div><h2 id="a">The harbour is open to all</h2><p>Nine.</p><h2 id="b">The bridge of the north</h2><p>Ten.</p>`, false},
		{"a list of contents of something else", `<div class="jump-links"><ul><li><a href="#a">MARK</a></li><li><a href="#b">The ships</a></li></ul></div><h2 id="a">The harbour</h2><p>Nine.</p><h2 id="b">The bridge</h2><p>Ten.</p>`, true},
		{"a box that asks for money", `<div class="donation-cta"><p>MARK needs you: make a donation today.</p></div>`, false},
		{"a box that invites to a newsletter", `<div class="facts"><h3>Sign up for the newsletter of the port</h3><div><p>MARK is what it tells of, <a href="/letter">every day</a>.</p></div></div>`, false},
		{"a box about a newsletter", `<div class="facts"><h3>The newsletter of the port</h3><div><p>MARK is what it tells of, <a href="/letter">every day</a>.</p></div></div>`, true},
		{"the heading of a form", `<div id="ask"><h3>Questions?</h3><p>MARK answers them.</p><form action="/ask"><input name="q"><textarea name="t"></textarea></form></div>`, false},
		{"a heading without a form", `<div id="ask"><h3>Questions?</h3><p>MARK answers them.</p></div>`, true},
		{"a form instead of a figure", `<figure><p>Subscribe to the newsletter now: MARK</p><form action="/letter"><input type="email" name="e"></form></figure>`, false},
		{"a box with what shares the page", `<div class="socials"><p>MARK? Show your friends.</p><div data-href="https://www.facebook.com/sharer/sharer.php?u=x"></div></div>`, false},
		{"a box of the same name about something else", `<div class="socials"><p>MARK gave the school a roof.</p></div>`, true},
		{"an invitation", `<p><a href="/join">Subscribe to the newsletter of MARK</a></p>`, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			text := `<main><article><h1>The treaty of Port Almira</h1><time datetime="2026-03-05">5 March 2026</time><div class="content"><p>` + sentence + `</p>` + strings.ReplaceAll(tt.html, "MARK", mark) + `<p>` + sentence + `</p></div></article></main>`
			checkMark(t, text, mark, tt.kept)
		})
	}
	t.Run("about an author, below a short text", func(t *testing.T) {
		t.Parallel()
		checkMark(t, `<main><article><h1>The treaty of Port Almira</h1><time datetime="2026-03-05">5 March 2026</time><div class="content"><p>`+sentence+`</p><p>`+sentence+`</p><div class="author-box"><p>`+mark+strings.Repeat(` writes about harbours, ships and the sea.`, 8)+`</p></div></div></article></main>`, mark, false)
	})
	t.Run("about an author, behind the text", func(t *testing.T) {
		t.Parallel()
		checkMark(t, `<main><article><h1>The treaty of Port Almira</h1><time datetime="2026-03-05">5 March 2026</time><div class="content"><p>`+sentence+`</p><p>`+sentence+`</p><div class="author-box"><img src="https://mfa.example/face.jpg" alt="Face"><p>`+mark+` writes about harbours.</p></div></div></article></main>`, mark, false)
	})
}

// TestLeavingBehindTheText: links below one another behind the last prose lead away, unless
// a heading or a colon introduces them; one alone may be what the text speaks of.
func TestLeavingBehindTheText(t *testing.T) {
	t.Parallel()
	const mark = "Zorvalen Quistberg"
	for _, tt := range []struct {
		name, html string
		kept       bool
	}{
		{"two links", `<p><a href="/n/1">MARK opens the harbour</a></p><p><a href="/n/2">A bridge of the north</a></p>`, false},
		{"two links with a heading of their own", `<h3>The declarations</h3><p><a href="/n/1">MARK opens the harbour</a></p><p><a href="/n/2">A bridge of the north</a></p>`, true},
		{"two links that are introduced", `<p>The declarations of the day:</p><p><a href="/n/1">MARK opens the harbour</a></p><p><a href="/n/2">A bridge of the north</a></p>`, true},
		{"two files", `<p><a href="/1.pdf">MARK opens the harbour</a></p><p><a href="/2.pdf">A bridge of the north</a></p>`, true},
		{"one link", `<p><a href="/n/1">MARK opens the harbour</a></p>`, true},
		{"a list of names", `<p>Two came from the north.</p><ul><li><a href="/p/1">MARK</a></li><li><a href="/p/2">Dr. Oro van der Oss</a></li></ul>`, true},
		{"a list of names in another script", `<p>本次会谈由双方代表共同主持并签署了协议文本。</p><ul><li><a href="/p/1">MARK</a></li><li><a href="/p/2">王小明</a></li></ul>`, true},
		{"names in paragraphs", `<p><a href="/p/1">MARK</a></p><p><a href="/p/2">Oro Oss</a></p>`, true},
		{"a list that the template names", `<ul class="menu"><li><a href="/p/1">MARK</a></li><li><a href="/p/2">Oro Oss</a></li></ul>`, false},
		{"a list of titles", `<ul><li><a href="/n/1">MARK opens the harbour</a></li><li><a href="/n/2">A bridge of the north</a></li></ul>`, false},
		{"networks", `<p>MARK is on Facebook, Instagram and Telegram.</p>`, false},
		{"a letter to the editor", `<p>MARK would like to hear what you think: <a href="/letters">write to us</a>.</p>`, false},
		{"one network", `<p>MARK said so on Facebook.</p>`, true},
		{"a label of links that are gone", `<header><p>MARK</p></header><div class="related"><a href="/t/1">Harbours</a> <a href="/t/2">Ships</a></div>`, false},
		{"its licence", `<p>MARK: <a href="https://creativecommons.org/licenses/by/4.0/">CC BY</a></p>`, false},
		{"where links to it are told", `<p>MARK | <a rel="trackback" href="/trackback">Address</a></p>`, false},
		{"a quotation in large type", `<blockquote><h2>MARK</h2><h3>is open to all ships</h3></blockquote><p>Tags: <a href="/t/1">Harbours</a></p>`, true},
		{"a long label of links that are gone", `<p>What else of MARK may be of use to you:</p><blockquote class="wp-embedded-content"><p><a href="/n/1">The harbour opens</a></p></blockquote>`, false},
		{"a box about an author that only its link names", `<div class="sabox"><img src="https://mfa.example/face.jpg" alt="Face"><div><a rel="author" href="/who/1">Oro Oss</a></div><p>MARK writes about harbours, ships and the sea, and has done so for forty years in Valora.</p></div>`, false},
		{"a box of somebody who is not the author", `<div class="sabox"><img src="https://mfa.example/face.jpg" alt="Face"><div><a href="/who/1">Oro Oss</a></div><p>MARK writes about harbours, ships and the sea, and has done so for forty years in Valora.</p></div>`, true},
		{"a teaser that ends in a link", `<div class="teaser-breaker"><p>MARK in print, with all that was said</p><h5>The harbour of Port Almira</h5><a href="/issue">The issue</a></div>`, false},
		{"a signature", `<p>MARK</p><div class="share"><a href="#">Share</a> <a href="#">Tweet</a></div>`, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			checkMark(t, `<main><article><h1>The treaty of Port Almira</h1><time datetime="2026-03-05">5 March 2026</time><div class="content"><p>`+sentence+`</p><p>`+sentence+`</p>`+strings.ReplaceAll(tt.html, "MARK", mark)+`</div></article></main>`, mark, tt.kept)
		})
	}
	t.Run("what it is filed under, where all the text is in a box with a word of pictures in its class", func(t *testing.T) {
		t.Parallel()
		checkMark(t, `<main><article><h1>The treaty of Port Almira</h1><time datetime="2026-03-05">5 March 2026</time><section class="nested-img"><p>`+sentence+`</p><p>`+sentence+`</p><div><span>Tags: </span><a href="/t/1">`+mark+`</a></div><div></div></section></article></main>`, mark, false)
	})
}

// TestBehindTheText: what follows a text in the block of its title and is named by no
// template is of the text; below a program's last section, too.
func TestBehindTheText(t *testing.T) {
	t.Parallel()
	const mark = "Zorvalen Quistberg"
	tests := []struct{ name, html string }{
		{"main", `<main class="wp-block-group"><h1>The treaty of Port Almira</h1><div class="wp-block-post-date"><time datetime="2026-03-05">5 March 2026</time></div><div class="entry-content wp-block-post-content"><p>` + sentence + `</p><p>` + sentence + `</p></div><p>` + mark + `</p></main>`},
		{"block", `<div id="DeltaPlaceHolderMain"><h1 id="pageTitle">The treaty of Port Almira</h1><div class="article-date">5 March 2026</div><div class="ms-rtestate-field"><div>` + sentence + `</div><div>` + sentence + `</div></div><p>` + mark + `</p></div>`},
		{"first paragraph in the head of the page", `<main><article><header><h1>The treaty of Port Almira</h1><time datetime="2026-03-05">5 March 2026</time><div class="wide"><p>` + mark + ` has agreed with all of its neighbours that the harbour shall be open, and that no toll is taken.</p></div></header><div class="content"><p>` + sentence + `</p><p>` + sentence + `</p></div></article></main>`},
		{"long lead that is called a teaser", `<main><div class="news"><h1>The treaty of Port Almira</h1><time datetime="2026-03-05">5 March 2026</time><div class="teaser-text"><p>` + mark + strings.Repeat(` has agreed with all of its neighbours that the harbour shall be open, and that no toll is taken.`, 4) + `</p></div><div class="news-text"><p>` + sentence + `</p><p>` + sentence + `</p></div></div></main>`},
		{"lead that is called a teaser", `<main><article><div class="article-intro"><h1>The treaty of Port Almira</h1><time datetime="2026-03-05">5 March 2026</time><p class="article-teaser">` + mark + strings.Repeat(` has agreed with all of its neighbours that the harbour shall be open, and that no toll is taken.`, 4) + `</p></div><div class="content"><p>` + sentence + `</p><p>` + sentence + `</p></div></article></main>`},
		{"caption in a box without a name", `<main><article><h1>The treaty of Port Almira</h1><time datetime="2026-03-05">5 March 2026</time><div class="content"><p>` + sentence + `</p><div class="right"><a href="/big"><img src="https://mfa.example/a.jpg" alt="A"></a><div class="legend"><div>` + mark + `</div></div></div><p>` + sentence + `</p></div></article></main>`},
		{"questions around one long answer", `<main><h1>The treaty of Port Almira</h1><p class="date">5 March 2026</p><div class="talk"><p><b>Question:</b> Why?</p><div class="answer"><p>` + sentence + `</p><p>` + sentence + `</p></div><p>` + mark + `?</p><p>Yes.</p></div></main>`},
		{"a question above a long answer", `<main><h1>The treaty of Port Almira</h1><p class="date">5 March 2026</p><div class="talk"><p>` + mark + `?</p><div class="answer"><p>` + sentence + `</p><p>` + sentence + `</p></div></div></main>`},
		{"an annex in boxes without names", `<main><h1>The treaty of Port Almira</h1><p class="date">5 March 2026</p><div><div>` + sentence + ` ` + sentence + `</div><div>Annex</div><div>` + mark + `</div></div></main>`},
		{"section of a program", `<div class="WordSection1"><p class="MsoTitle"><b>The treaty of Port Almira</b></p><p class="MsoNormal">5 March 2026</p><p class="MsoNormal">` + sentence + `</p><p class="MsoNormal">` + sentence + `</p></div><p>` + mark + `</p>`},
		{"gallery of figures", `<main><article><h1>The treaty of Port Almira</h1><time datetime="2026-03-05">5 March 2026</time><div class="content"><p>` + sentence + `</p><div class="gallery"><figure><img src="https://mfa.example/g1.jpg" alt="G1"><figcaption>` + mark + `</figcaption></figure><figure><img src="https://mfa.example/g2.jpg" alt="G2"></figure></div><p>` + sentence + `</p></div></article></main>`},
		{"picture above the text", `<main><h1>The treaty of Port Almira</h1><time datetime="2026-03-05">5 March 2026</time><div class="image"><img src="https://mfa.example/a.jpg" alt="A"><div class="caption">` + mark + `</div></div><div class="content"><p>` + sentence + `</p><p>` + sentence + `</p></div></main>`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			checkMark(t, tt.html, mark, true)
		})
	}
}

// checkMark reads a page in which a mark stands: it is kept, or dropped and named.
func checkMark(t *testing.T, text, mark string, kept bool) {
	t.Helper()
	p, err := ReadPage("a.html", []byte(`<!DOCTYPE html><html lang="en"><head><title>The treaty of Port Almira</title></head><body>`+text+`</body></html>`), Options{Zone: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	said := richtext.Text(p.Body)
	if got := strings.Contains(said, mark); got != kept {
		t.Errorf("kept %v, want %v: %s %q", got, kept, p.Body, p.Problems)
	}
	filed := strings.Contains(strings.Join(p.Section, "\n"), mark)
	if !kept && !filed && !slices.ContainsFunc(p.Problems, func(s string) bool { return strings.Contains(s, mark) }) {
		t.Errorf("dropped without a word: %q", p.Problems)
	}
	if n := strings.Count(said, "shall be open to all ships"); n != 2 {
		t.Errorf("other text is lost: %s", p.Body)
	}
}

// TestFormsAndWindows: what is written in, or opens in front of a page, is none of the text,
// however long it is; a form around the page is nothing.
func TestFormsAndWindows(t *testing.T) {
	t.Parallel()
	const form = `<form action="/say"><h3>Your opinion</h3><p>Tell us what you think, in your own words.</p><textarea name="t"></textarea><p>An answer is sent to your address only.</p></form>`
	window := `<div role="dialog"><p>` + strings.Repeat(`The academy of the ministry trains those who want to serve abroad, and takes applications. `, 20) + `</p></div>`
	for name, page := range map[string]string{
		"below the text":  `<main><h1>The treaty of Port Almira</h1><p>5 March 2026</p><div class="content"><p>` + sentence + `</p><p>` + sentence + `</p>` + form + `</div></main>` + window,
		"around the page": `<form id="aspnetForm"><input name="q"><main><h1>The treaty of Port Almira</h1><p>5 March 2026</p><div class="content"><p>` + sentence + `</p><p>` + sentence + `</p></div></main></form>` + window,
	} {
		p, err := ReadPage("a.html", []byte(`<!DOCTYPE html><html lang="en"><head><title>The treaty of Port Almira</title></head><body>`+page+`</body></html>`), Options{Zone: time.UTC})
		if err != nil {
			t.Fatal(err)
		}
		said := richtext.Text(p.Body)
		if strings.Count(said, "shall be open to all ships") != 2 || strings.Contains(said, "opinion") || strings.Contains(said, "academy") || len(p.Doubts) > 0 {
			t.Errorf("%s: %s %v", name, p.Body, p.Doubts)
		}
	}
}
