package importer

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"communique/storage/richtext"
)

// fieldCase is a page of one kind, and what a field of it is.
type fieldCase struct {
	name, html, want string
}

// pageOf is a page around what a case is about.
func pageOf(head, body string) string {
	return `<!DOCTYPE html><html lang="en"><head>` + head + `</head><body>` + body + `</body></html>`
}

func inArticle(top, text string) string {
	return pageOf(`<title>The treaty of Port Almira | Ministry of Valora</title>`, `<main><article><h1>The treaty of Port Almira</h1>`+top+`<p>`+sentence+`</p>`+text+`<p>`+sentence+`</p></article></main>`)
}

const dayLine = `<p class="date">5 March 2024</p>`

func readCase(t *testing.T, c fieldCase) Page {
	t.Helper()
	p, err := ReadPage("a.html", []byte(c.html), Options{Zone: time.UTC})
	if err != nil {
		t.Fatalf("%s: %v", c.name, err)
	}
	return p
}

// TestTitles: what names the text is its title, and what names the site or a box is none.
func TestTitles(t *testing.T) {
	t.Parallel()
	text := dayLine + `<p>` + sentence + `</p><p>` + sentence + `</p>`
	for _, c := range []fieldCase{
		{"the site's name as h1", pageOf(`<title>The harbour opens - Ministry of Valora</title><meta property="og:site_name" content="Ministry of Valora"><meta property="og:title" content="The harbour opens">`,
			`<header><h1>Ministry of Valora</h1></header><main><h2>The harbour opens</h2>`+text+`</main>`), "The harbour opens"},
		{"the site's name as h1, without metadata", pageOf(`<title>The harbour opens - Ministry of Valora</title>`,
			`<div class="head"><h1><a href="/">Ministry of Valora</a></h1></div><div class="c"><h2>The harbour opens</h2>`+text+`</div>`), "The harbour opens"},
		{"the site's title by its class", pageOf(`<title>The harbour opens | Valora</title>`,
			`<h1 class="site-title">Valora</h1><div class="c"><h2 class="entry-title">The harbour opens</h2>`+text+`</div>`), "The harbour opens"},
		{"shortened in the head", pageOf(`<title>The harbour of Port Almira opens to all ships of the … | Valora</title>`,
			`<h1>The harbour of Port Almira opens to all ships of the world and of the sea</h1>`+text), "The harbour of Port Almira opens to all ships of the world and of the sea"},
		{"a label above", pageOf(`<title>The harbour opens</title>`, `<h1>News</h1><div class="c"><h2>The harbour opens</h2>`+text+`</div>`), "The harbour opens"},
		{"a hidden heading", pageOf(`<title>The harbour opens</title>`, `<h1 class="sr-only">Contents</h1><div class="c"><h2>The harbour opens</h2>`+text+`</div>`), "The harbour opens"},
		{"a box for letters", pageOf(`<title>The harbour opens</title>`, `<div class="c"><h2>The harbour opens</h2>`+text+`</div><div class="newsletter"><h1>Subscribe to our newsletter</h1></div>`), "The harbour opens"},
		{"a line break", pageOf(`<title>The harbour opens to all</title>`, `<h1>The harbour<br>opens to all</h1>`+text), "The harbour opens to all"},
		{"small words", pageOf(`<title>The harbour opens</title>`, `<h1>The harbour opens <small>to all ships</small></h1>`+text), "The harbour opens to all ships"},
		{"a span", pageOf(`<title>The harbour opens to all ships</title>`, `<h1><span>The harbour</span> <span>opens to all ships</span></h1>`+text), "The harbour opens to all ships"},
		{"a time in it", pageOf(`<title>Programme of 4 May 2024</title>`, `<h1>Programme of <time datetime="2024-05-04">4 May 2024</time></h1>`+text), "Programme of 4 May 2024"},
	} {
		if p := readCase(t, c); p.Title != c.want {
			t.Errorf("%s: %q, want %q (%v)", c.name, p.Title, c.want, p.Problems)
		}
	}
}

// TestDates: the date is that of the article; other dates of the page are none.
func TestDates(t *testing.T) {
	t.Parallel()
	for _, c := range []fieldCase{
		{"another article's data", pageOf(`<title>The treaty of Port Almira</title><script type="application/ld+json">{"@type":"NewsArticle","headline":"Storm over Sund","url":"https://mfa.example/other","datePublished":"2019-01-01"}</script>`,
			`<main><h1>The treaty of Port Almira</h1><p class="date">5 March 2024</p><p>`+sentence+`</p><p>`+sentence+`</p></main>`), "2024-03-05"},
		{"only another article's data", pageOf(`<title>The treaty of Port Almira</title><script type="application/ld+json">{"@type":"NewsArticle","headline":"Storm over Sund","url":"https://mfa.example/other","datePublished":"2019-01-01"}</script>`,
			`<main><h1>The treaty of Port Almira</h1><p>`+sentence+`</p><p>`+sentence+`</p></main>`), ""},
		{"a template of another country", strings.Replace(pageOf(`<title>Der Vertrag</title><meta property="article:published_time" content="2024-05-03T10:00:00Z">`, `<main><h1>Der Vertrag</h1><p>05/03/2024</p><p>`+sentence+`</p><p>`+sentence+`</p></main>`), `lang="en"`, `lang="de"`, 1), "2024-05-03"},
		{"a template of another country, and metadata of another day", strings.Replace(pageOf(`<title>Der Vertrag</title><meta property="article:published_time" content="2024-05-04T10:00:00Z">`, `<main><h1>Der Vertrag</h1><p>05/03/2024</p><p>`+sentence+`</p><p>`+sentence+`</p></main>`), `lang="en"`, `lang="de"`, 1), "2024-03-05"},
		{"when the site was updated", pageOf(`<title>The treaty of Port Almira</title>`, `<main><h1>The treaty of Port Almira</h1><p>`+sentence+`</p><p>`+sentence+`</p></main><div class="foot">Last updated: 2 November 2025</div>`), ""},
		{"when the page was updated", pageOf(`<title>The treaty of Port Almira</title>`, `<main><h1>The treaty of Port Almira</h1><div class="text"><p>`+sentence+`</p><p>`+sentence+`</p></div><div class="foot">Last updated: 2 November 2025</div></main>`), "2025-11-02"},
		{"years of the Buddhist era above a text in English", inArticle(`<p class="date">5 มี.ค. 2567</p>`, ""), "2024-03-05"},
		{"a short year", strings.Replace(inArticle(`<p>Dienstag, 05.03.24</p>`, ""), `lang="en"`, `lang="de"`, 1), "2024-03-05"},
		{"a dateline behind the dot of a day", strings.Replace(pageOf(`<title>A kikötő</title>`, `<main><h1>A kikötő</h1><p>PORT ALMIRA, 2024. március 5. – `+sentence+`</p><p>`+sentence+`</p></main>`), `lang="en"`, `lang="hu"`, 1), "2024-03-05"},
		{"a subtitle", inArticle(`<p class="subtitle">Signed at Sund on 1 February 2020</p><p>Published on 5 March 2024</p>`, ""), "2024-03-05"},
		{"only a subtitle", inArticle(`<h2 class="subtitle">The treaty that was signed at Sund on 1 February 2020</h2>`, ""), ""},
		{"a decree", inArticle(`<p>Published: 5 March 2024</p><p>Decree No 12 of 3 January 2019</p>`, ""), "2024-03-05"},
		{"only a decree", inArticle(`<p>Decree No 12 of 3 January 2019</p>`, ""), ""},
		{"an event", inArticle(`<p>Event: 9 April 2024, 10:00, Sund</p><p>Published: 5 March 2024</p>`, ""), "2024-03-05"},
		{"the first sentence", inArticle(`<p>On 1 February 2020 the parties met at Sund and spoke of the harbour for two days.</p>`, ""), ""},
		{"the clock of the site", pageOf(`<title>The treaty of Port Almira</title>`, `<div id="clock">Saturday, 28 November 2026</div><main><article><h1>The treaty of Port Almira</h1><p class="date">5 March 2024</p><p>`+sentence+`</p><p>`+sentence+`</p></article></main>`), "2024-03-05"},
		{"two orders and the metadata", pageOf(`<title>The treaty of Port Almira</title><meta property="article:published_time" content="2024-03-05T10:00:00Z">`, `<main><h1>The treaty of Port Almira</h1><p>05/03/2024</p><p>`+sentence+`</p><p>`+sentence+`</p></main>`), "2024-03-05"},
		{"two orders and nobody says", inArticle(`<p>05/03/2024</p>`, ""), ""},
		{"JST", inArticle(`<p class="date">5 March 2024 10:00 JST</p>`, ""), "2024-03-05T01:00:00Z"},
		{"IST", inArticle(`<p class="date">5 March 2024 10:00 IST</p>`, ""), "2024-03-05T04:30:00Z"},
		{"МСК", strings.Replace(inArticle(`<p class="date">5 марта 2024 10:00 МСК</p>`, ""), `lang="en"`, `lang="ru"`, 1), "2024-03-05T07:00:00Z"},
		{"μ.μ.", strings.Replace(inArticle(`<p class="date">5 Μαρτίου 2024, 3:15 μ.μ.</p>`, ""), `lang="en"`, `lang="el"`, 1), "2024-03-05T15:15:00Z"},
		{"teaser in a class", inArticle(`<p class="teaser-date">5 March 2024</p>`, ""), "2024-03-05"},
		{"a German line", strings.Replace(inArticle(`<p>Pressemitteilung vom 25. Januar 2022 | Berlin – Die Ministerin</p>`, ""), `lang="en"`, `lang="de"`, 1), "2022-01-25"},
		{"a time element", inArticle(`<time datetime="2024-03-05T10:00:00Z">5 Mar</time>`, ""), "2024-03-05T10:00:00Z"},
		{"the last line", pageOf(`<title>The treaty of Port Almira</title>`, `<main><h1>The treaty of Port Almira</h1><p>`+sentence+`</p><p>`+sentence+`</p><p>5 March 2024</p></main>`), "2024-03-05"},
		{"the last line with its place", pageOf(`<title>The treaty of Port Almira</title>`, `<main><h1>The treaty of Port Almira</h1><p>`+sentence+`</p><p>`+sentence+`</p><p>Port Almira, 5 March 2024</p></main>`), "2024-03-05"},
		{"a signature as last line", pageOf(`<title>The treaty of Port Almira</title>`, `<main><h1>The treaty of Port Almira</h1><p>`+sentence+`</p><p>`+sentence+`</p><p>Done at Port Almira on 5 March 2024</p></main>`), ""},
		{"a decree above it", inArticle(`<p>On the decree of 1 May 2019</p><p>5 March 2024</p>`, ""), "2024-03-05"},
		{"a year long ago", inArticle(`<p class="date">5 March 1924</p>`, ""), ""},
	} {
		p := readCase(t, c)
		if got := p.Date; !strings.HasPrefix(got, c.want) || c.want == "" && got != "" {
			t.Errorf("%s: %q, want %q (%v)", c.name, got, c.want, p.Problems)
		}
	}
}

// TestHoursThatComeTwice: wherever a page names such an hour, or one that never was, it is
// put aside with the offsets to choose from.
func TestHoursThatComeTwice(t *testing.T) {
	t.Parallel()
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	const day = `<p class="date">2 November 2025</p>`
	data := func(at string) string {
		return `<script type="application/ld+json">{"@type":"NewsArticle","headline":"The treaty of Port Almira","datePublished":"` + at + `"}</script>`
	}
	twice, never := "2025-11-02T01:30-04:00 or 2025-11-02T01:30-05:00", "2025-03-09T02:30-05:00"
	for _, c := range []struct{ name, html, problem, date string }{
		{"in the text", inArticle(`<p class="date">2 November 2025, 01:30</p>`, ""), twice, ""},
		{"a time element", inArticle(`<p class="date"><time datetime="2025-11-02T01:30">2 November 2025</time></p>`, ""), twice, ""},
		{"a time element with seconds", inArticle(`<time datetime="2025-11-02 01:30:10">2 November 2025</time>`, ""), "01:30:10-04:00", ""},
		{"microdata", inArticle(day+`<span itemprop="datePublished" content="2025-11-02T01:30"></span>`, ""), twice, ""},
		{"microdata around the day", inArticle(`<p itemprop="datePublished" content="2025-11-02T01:30">2 November 2025</p>`, ""), twice, ""},
		{"RDFa", inArticle(`<p property="schema:datePublished" content="2025-11-02T01:30">2 November 2025</p>`, ""), twice, ""},
		{"a meta element", strings.Replace(inArticle(day, ""), "<head>", `<head><meta property="article:published_time" content="2025-11-02T01:30">`, 1), twice, ""},
		{"JSON-LD", strings.Replace(inArticle(day, ""), "<head>", "<head>"+data("2025-11-02T01:30:00"), 1), twice, ""},
		{"JSON-LD alone", strings.Replace(inArticle("", ""), "<head>", "<head>"+data("2025-11-02T01:30:00"), 1), twice, ""},
		{"never", inArticle(`<time datetime="2025-03-09T02:30">9 March 2025</time>`, ""), never, ""},
		{"never, in JSON-LD", strings.Replace(inArticle(`<p class="date">9 March 2025</p>`, ""), "<head>", "<head>"+data("2025-03-09T02:30"), 1), never, ""},
		{"with its offset", inArticle(`<time datetime="2025-11-02T01:30-05:00">2 November 2025</time>`, ""), "", "2025-11-02T01:30:00-05:00"},
		{"with its offset elsewhere", strings.Replace(inArticle(`<time datetime="2025-11-02T01:30">2 November 2025</time>`, ""), "<head>", "<head>"+data("2025-11-02T06:30:00Z"), 1), "", "2025-11-02T01:30:00-05:00"},
		{"of another day", strings.Replace(inArticle(`<p class="date">3 November 2025</p>`, ""), "<head>", "<head>"+data("2025-11-02T01:30"), 1), "", "2025-11-03T00:00:00-05:00"},
		{"an hour that came once", inArticle(`<time datetime="2025-11-02T03:30">2 November 2025</time>`, ""), "", "2025-11-02T03:30:00-05:00"},
	} {
		p, err := ReadPage("a.html", []byte(c.html), Options{Zone: newYork})
		if err != nil {
			t.Fatal(err)
		}
		if problems := strings.Join(p.Problems, "\n"); p.Date != c.date || !strings.Contains(problems, c.problem) {
			t.Errorf("%s: %q %q, want %q and %q", c.name, p.Date, problems, c.date, c.problem)
		}
	}
}

// TestSections: what stands in a breadcrumb and is none of its steps is no section.
func TestSections(t *testing.T) {
	t.Parallel()
	with := func(crumbs string) string {
		return pageOf(`<title>The treaty of Port Almira | Ministry of Valora</title><meta property="og:site_name" content="Ministry of Valora">`, crumbs+`<main><h1>The treaty of Port Almira</h1>`+dayLine+`<p>`+sentence+`</p><p>`+sentence+`</p></main>`)
	}
	for _, c := range []fieldCase{
		{"controls", with(`<div class="breadcrumb"><a href="/">Home</a> &gt; <a href="/n">News</a> &gt; <a href="#">Print</a> <a href="#">Share</a> <a href="/rss">RSS</a></div>`), "News"},
		{"the size of type", with(`<div class="location"><a href="/">首页</a> &gt; <a href="/n">新闻</a> &gt; 字号：大 中 小</div>`), "新闻"},
		{"signs", with(`<ul class="breadcrumbs"><li><a href="/">Home</a></li><li>&gt;</li><li><a href="/n">News</a></li><li>&gt;</li></ul>`), "News"},
		{"the site's name", with(`<ul class="breadcrumbs"><li><a href="/en/x">Ministry of Valora</a></li><li><a href="/n">News</a></li></ul>`), "News"},
		{"the domain", with(`<ul class="breadcrumbs"><li><a href="/en/x">mfa.valora.example</a></li><li><a href="/n">News</a></li></ul>`), "News"},
		{"the title", with(`<ul class="breadcrumbs"><li><a href="/">Home</a></li><li><a href="/n">News</a></li><li>The treaty of Port Almira</li></ul>`), "News"},
		{"a menu of siblings", with(`<ul class="breadcrumbs"><li><a href="/">Home</a></li><li><a href="/n">News</a><ul><li><a href="/s">Speeches</a></li><li><a href="/v">Visits</a></li></ul></li></ul>`), "News"},
		{"a menu of siblings in boxes", with(`<ul class="breadcrumbs"><li><a href="/">Home</a></li><li><a href="/n">News</a><div class="dropdown"><a href="/s">Speeches</a><a href="/v">Visits</a></div></li></ul>`), "News"},
		{"a hidden twin", with(`<div class="breadcrumb"><a href="/">Home</a> / <a href="/n">News</a> / <span class="sr-only"><a href="/n">News</a> / <a href="/x">All news</a></span></div>`), "News"},
		{"the place of a speaker", with(`<p class="location">Port Almira, Great Hall</p>`), ""},
	} {
		if p := readCase(t, c); strings.Join(p.Section, " > ") != c.want {
			t.Errorf("%s: %q, want %q", c.name, p.Section, c.want)
		}
	}
}

// TestTexts: what a text is made of stays, in its place; what stands around it goes.
func TestTexts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, html, has, hasNot string }{
		{"cells", inArticle(dayLine, `<table><tr><th>Port</th><th>Risk</th></tr><tr><td>Sund</td><td>–</td></tr><tr><td>OK</td><td>A</td></tr><tr><td>Medium</td><td>X</td></tr></table>`), "OK A", ""},
		{"the foot of a table", inArticle(dayLine, `<table><tfoot><tr><td>Sum</td><td>3</td></tr></tfoot><tbody><tr><td>Sund</td><td>1</td></tr></tbody></table>`), "Sund 1 Sum 3", ""},
		{"numbers of a list", inArticle(dayLine, `<ol type="a"><li>first</li><li>second</li></ol>`), `type="a"`, ""},
		{"adjacent blocks", inArticle(dayLine, `<div><div>2022</div><div>14 million</div></div>`), "2022 14 million", ""},
		{"adjacent cells", inArticle(dayLine, `<table><tr><td>2022</td><td>14 million</td></tr><tr><td>2023</td><td>15 million</td></tr></table>`), "2022 14 million", ""},
		{"kept lines", inArticle(dayLine, `<p style="white-space: pre-line">Quay Street 1
Port Almira</p>`), "Street 1<br/>", ""},
		{"loading", pageOf(`<title>The treaty of Port Almira</title><script type="application/ld+json">{"@type":"NewsArticle","headline":"The treaty of Port Almira","datePublished":"2024-03-05","articleBody":"`+sentence+` And more of it."}</script>`,
			`<main><h1>The treaty of Port Almira</h1><div class="c">Loading…</div></main>`), "And more of it", "Loading"},
		{"a second article", pageOf(`<title>The treaty of Port Almira</title>`, `<main><article><h1>The treaty of Port Almira</h1>`+dayLine+`<p>`+sentence+`</p><p>`+sentence+`</p></article><article class="teaser"><h2><a href="/x">Storm over Sund</a></h2><p>A storm has come over Sund and has taken the roofs of many houses along the quay.</p></article></main>`), "spring", "Storm"},
		{"a nested teaser", inArticle(dayLine, `<article class="teaser"><h3><a href="/x">Storm over Sund</a></h3><p><a href="/x">A storm has come over Sund.</a></p></article>`), "spring", "Storm"},
		{"a line to share", inArticle(dayLine, `<p>Share this: <a href="#">Facebook</a> <a href="#">X</a> <a href="#">Email</a></p>`), "spring", "Facebook"},
		{"a counter", inArticle(dayLine+`<p>浏览次数：1234</p><p>3 min read</p>`, ``), "spring", "1234"},
		{"minutes to read", inArticle(dayLine+`<p>3 min read</p>`, ``), "spring", "min read"},
	} {
		p := readCase(t, fieldCase{c.name, c.html, ""})
		body := string(p.Body)
		all := body + " " + strings.Join(strings.Fields(strings.NewReplacer("|", " ").Replace(richtext.Text(p.Body))), " ")
		if !strings.Contains(all, c.has) || c.hasNot != "" && strings.Contains(body, c.hasNot) {
			t.Errorf("%s: %s\n%s", c.name, body, all[len(body):])
		}
	}
}

// TestPictures: pictures that are filled in later are found, those of a text keep their
// captions, and a name says nothing by its letters.
func TestPictures(t *testing.T) {
	t.Parallel()
	for _, c := range []fieldCase{
		{"data-src", inArticle(dayLine, `<p><img src="data:image/gif;base64,AA" data-src="https://mfa.example/quay.jpg" alt="Q"></p>`), "https://mfa.example/quay.jpg"},
		{"srcset", inArticle(dayLine, `<p><img srcset="https://mfa.example/s.jpg 300w, https://mfa.example/l.jpg 900w" alt="Q"></p>`), "https://mfa.example/l.jpg"},
		{"amp-img", inArticle(dayLine, `<p><amp-img src="https://mfa.example/quay.jpg" width="600" height="400" alt="Q"></amp-img></p>`), "https://mfa.example/quay.jpg"},
		{"data-url of a page", inArticle(dayLine, `<p><img src="https://mfa.example/quay.jpg" data-url="https://mfa.example/news/117" alt="Q"></p>`), "https://mfa.example/quay.jpg"},
		{"transatlantic", inArticle(dayLine, `<p><img src="https://mfa.example/transatlantic-talks.jpg" alt="Q"></p>`), "https://mfa.example/transatlantic-talks.jpg"},
		{"bullet-train", inArticle(dayLine, `<p><img src="https://mfa.example/bullet-train.jpg" alt="Q"></p>`), "https://mfa.example/bullet-train.jpg"},
		{"fair-share", inArticle(dayLine, `<p><img src="https://mfa.example/fair-share.jpg" alt="Q"></p>`), "https://mfa.example/fair-share.jpg"},
		{"a counting pixel", inArticle(dayLine, `<p><img src="https://mfa.example/a.gif" width="1" height="1" alt=""></p>`), ""},
		{"an advert by its place", inArticle(dayLine, `<div class="ad"><a href="https://shop.example/"><img src="https://mfa.example/offer.jpg" alt="Buy"></a></div>`), ""},
	} {
		var got []string
		p := readCase(t, c)
		for _, i := range p.Images {
			got = append(got, i.Src)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v, want %s", c.name, got, c.want)
		}
	}
}

// TestIsHTML: a page is HTML by its name, its doctype or any tag in its beginning.
func TestIsHTML(t *testing.T) {
	t.Parallel()
	long := "<!-- " + strings.Repeat("a note of the template ", 2000) + " -->"
	for _, c := range []struct{ name, file, html string }{
		{"by its name", "a.htm", "The treaty of Port Almira, 5 March 2024 and <b>much</b> more"},
		{"a late tag", "a.txt", long + `<html lang="en"><h1>The treaty</h1><p>` + sentence + `</p></html>`},
		{"another tag", "a", `<section><h2>The treaty</h2><ul><li>` + sentence + `</li></ul></section>`},
	} {
		p, err := ReadPage(c.file, []byte(c.html), Options{Zone: time.UTC})
		if err != nil || strings.Contains(string(p.Body), "&lt;") || len(p.Account) == 0 && p.Refused == "" {
			t.Errorf("%s: %s %q %v", c.name, p.Body, p.Refused, err)
		}
	}
	// The encoding is declared by a meta element, not by what is said of a script.
	page := `<html lang="fr"><head><script src="a.js" charset="utf-8"></script><meta charset="windows-1252"><title>Le traité</title></head><body><h1>Le trait` + "\xe9" + `</h1><p>` + sentence + `</p></body></html>`
	if p, err := ReadPage("a.html", []byte(page), Options{Zone: time.UTC}); err != nil || p.Title != "Le traité" {
		t.Errorf("encoding: %q %v", p.Title, err)
	}
	list := ""
	for i := range 6 {
		list += fmt.Sprintf(`<li><a href="/t/%d">Treaty with Sund</a>, %d March 2019</li>`, i, i+1)
	}
	if p := readCase(t, fieldCase{html: inArticle(dayLine, "<p>These were signed before:</p><ul>"+list+"</ul>")}); p.Refused != "" || !strings.Contains(string(p.Body), "Treaty with Sund") {
		t.Errorf("an article that quotes a list: %q", p.Refused)
	}
}
