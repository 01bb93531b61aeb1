package importer

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// shells are templates as the offices of our own making have them, each with its places
// for the title, the date and the text.
var shells = []struct{ name, layout, markup, section string }{
	{"a table that lays out", "2 January 2006", `<table width="760"><tr><td colspan="2"><font size="2">DATE</font></td></tr><tr><td><a href="/a">About</a><br><a href="/b">Contact</a></td><td><font size="5"><b>TITLE</b></font><br><br>FIRST REST</td></tr></table>`, ""},
	{"an entry of a weblog", "January 2, 2006", `<article class="post"><header class="entry-header"><h1 class="entry-title">TITLE</h1><span class="posted-on">Posted on <time class="entry-date">DATE</time></span></header><div class="entry-content">FIRST REST</div><footer class="entry-footer">Posted in <a href="/c">News</a></footer></article>`, "News"},
	{"fields of a node", "Mon, 02/01/2006", `<div class="node"><h1 class="page-title"><span>TITLE</span></h1><div class="submitted">Submitted by press on DATE</div><div class="field field--name-body"><div class="field__item">FIRST REST</div></div><ul class="links inline"><li><a href="/add">Log in to comment</a></li></ul></div>`, ""},
	{"a list of data above", "2006-01-02", `<main><h1>TITLE</h1><dl class="facts"><dt>Date</dt><dd class="on">DATE</dd><dt>Office</dt><dd>Press room</dd></dl><div class="copy">FIRST REST</div></main>`, ""},
	{"a title that is no heading", "02.01.2006", `<div id="wrap"><div class="ttl">TITLE</div><div class="dt">DATE</div><div class="ct">FIRST REST</div></div>`, ""},
	{"the date below the text", "2 January 2006", `<div class="page"><h2 class="name">TITLE</h2><div class="inner">FIRST REST</div><div class="given">Port Almira, DATE</div></div>`, ""},
	{"a box of links inside the text", "2 January 2006", `<div class="page"><h1>TITLE</h1><p class="when">DATE</p><div class="story">FIRST<div class="promo"><h4>Our services</h4><ul><li><a href="/s1">Visa</a></li><li><a href="/s2">Passports</a></li></ul></div>REST</div></div>`, ""},
	{"paragraphs beside the title", "2 January 2006", `<main><div class="bar"><a href="/en">EN</a> <a href="/pt">PT</a></div><h1>TITLE</h1><p class="date">DATE</p>FIRST REST<div class="share"><a href="#">Send it on</a></div></main>`, ""},
	{"sections and time", "2 January 2006 15:04", `<section class="detail"><div class="detail-head"><h1>TITLE</h1></div><div class="detail-data"><time>DATE</time><em>Press room</em></div><section class="detail-text">FIRST REST</section></section>`, ""},
}

// TestLearnShells: the pages of each shell are read whole by what was learned of them,
// unedited; a set may be as small as is learned silently.
func TestLearnShells(t *testing.T) {
	t.Parallel()
	const pages = 21
	for _, s := range shells {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			set := fifty(func(i int) sitePage {
				p := bare(i, s.layout, s.markup)
				p.section = s.section
				return p
			})[:pages]
			for _, ps := range learnedOf(t, set) {
				if n := right(t, set, ps); n < pages {
					t.Errorf("%d of %d pages are wholly right", n, pages)
				}
			}
		})
	}
}

// TestLearnNumberedTitles: titles of a series differ in their numbers alone, and are the
// titles all the same, not the name of the site in the head of each page.
func TestLearnNumberedTitles(t *testing.T) {
	t.Parallel()
	for name, head := range map[string]string{"the name of the site": "Ministry of Valora", "the title and the name of the site": "TITLE | Ministry of Valora"} {
		var set []sitePage
		for i := range 21 {
			p := bare(i, "2 January 2006", `<div class="main"><h1>TITLE</h1><div class="when">DATE</div><div class="story">FIRST REST</div><ul><li><a href="/n">NEXT</a></li><li><a href="/p">PREVIOUS</a></li></ul></div>`)
			plain := p.title
			const series = "Regular press conference on March %d, 2024"
			p.title = fmt.Sprintf(series, i+1)
			p.html = strings.NewReplacer("NEXT", fmt.Sprintf(series, i+2), "PREVIOUS", fmt.Sprintf(series, i)).Replace(p.html)
			p.html = strings.ReplaceAll(strings.Replace(p.html, plain+" | Ministry of Valora", head, 1), plain, p.title)
			p.html = strings.Replace(p.html, "TITLE", p.title, 1)
			set = append(set, p)
		}
		for _, ps := range learnedOf(t, set) {
			if n := right(t, set, ps); n < len(set) || !strings.HasSuffix(ps.Profiles[0].Title.Select, "h1") {
				t.Errorf("%s: %d of %d pages are wholly right, titles by %s", name, n, len(set), ps.Profiles[0].Title.Select)
			}
		}
	}
}

// TestProfileTitleOfHead: what stands between the title and the text is told also where the
// profile takes the title from the head of the page.
func TestProfileTitleOfHead(t *testing.T) {
	t.Parallel()
	ps, err := ParseProfiles("site.yaml", []byte("profiles:\n  - name: one\n    title: {select: title, without: ' | Ministry'}\n    date: {select: .when, formats: [D month YYYY]}\n    body: .story\n"))
	if err != nil {
		t.Fatal(err)
	}
	p, err := ReadPage("a.html", []byte(`<html lang="en"><head><title>The treaty | Ministry</title></head><body><p>Above it</p><div><h1>The treaty</h1><p>Check against delivery</p><p class="when">5 March 2024</p><div class="story"><p>`+sentence+`</p></div></div></body></html>`), Options{Zone: time.UTC, Profiles: ps})
	if err != nil {
		t.Fatal(err)
	}
	if told := strings.Join(p.Problems, "\n"); p.Title != "The treaty" || !strings.Contains(told, "Check against delivery") || strings.Contains(told, "The treaty") || strings.Contains(told, "Above it") {
		t.Errorf("title %q, problems %q", p.Title, p.Problems)
	}
}

// TestLearnFiledUnder: where a template has no breadcrumb, the link that says under what a
// page is filed is its section.
func TestLearnFiledUnder(t *testing.T) {
	t.Parallel()
	for name, foot := range map[string]string{"its words": `<footer class="entry-footer">Posted in <a href="/c">SECTION</a></footer>`, "its kind": `<div class="cats"><a rel="category tag" href="/c">SECTION</a></div>`} {
		var set []sitePage
		for i := range 21 {
			p := bare(i, "2 January 2006", `<article><h1>TITLE</h1><p class="when">DATE</p><div class="story">FIRST REST</div>`+foot+`</article>`)
			p.section = []string{"Speeches", "Statements"}[i%2]
			p.html = strings.Replace(p.html, "SECTION", p.section, 1)
			set = append(set, p)
		}
		for _, ps := range learnedOf(t, set) {
			if n := right(t, set, ps); n < len(set) {
				t.Errorf("%s: %d of %d pages are wholly right", name, n, len(set))
			}
		}
	}
}

// TestLearnMixtures: pages of two shells, in two languages and with words that repeat are
// read by their own templates, and what fits none is put aside with the reason.
func TestLearnMixtures(t *testing.T) {
	t.Parallel()
	var set []sitePage
	for i := range 40 {
		s := shells[1+i%2*2]
		p := bare(i, s.layout, s.markup)
		p.section = s.section
		if i%4 > 1 {
			p.html = strings.Replace(p.html, `lang="en"`, `lang="pt"`, 1)
		}
		p.file = fmt.Sprintf("%02d.html", i)
		set = append(set, p)
	}
	odd := sitePage{file: "odd.html", html: `<html lang="en"><body><h3>Imprint</h3><p>` + strings.Repeat(sentence, 3) + `</p></body></html>`}
	l, err := Learn(sourceOf(append(set, odd)), len(set)+1, 60, Options{Zone: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	if len(l.Profiles.Profiles) != 2 || len(l.Unfit) != 1 || l.Unfit[0].File != "odd.html" || l.Unfit[0].Reason == "" {
		t.Errorf("%d profiles, unfit %v", len(l.Profiles.Profiles), l.Unfit)
	}
	if n := right(t, set, &l.Profiles); n < len(set) {
		t.Errorf("%d of %d pages are wholly right", n, len(set))
	}
}

// TestLearnRepeatedText: of a statement that is much the same each week all is text, in
// whatever order; a paragraph that ends each of different texts is left out and told.
func TestLearnRepeatedText(t *testing.T) {
	t.Parallel()
	const disclaimer = "This statement is no legal advice and binds none of the parties to the convention."
	var weekly strings.Builder
	for k := range 9 {
		fmt.Fprintf(&weekly, "<p>The group on the harbours met this week under the chair of Valora. Point %s was deferred to the next meeting.</p>", letters(k))
	}
	const other = "<p>The next meeting of the group takes place in the town of NUMBER.</p>"
	for _, test := range []struct {
		name, text string
		points     int
		told       bool // the disclaimer is left out
	}{
		{"different texts", "FIRST REST<p>" + disclaimer + "</p>", 0, true},
		{"much the same between others", "FIRST" + weekly.String() + "REST<p>" + disclaimer + "</p>", 9, true},
		{"much the same above another", weekly.String() + other + "<p>" + disclaimer + "</p>", 9, false},
		{"much the same below another", other + weekly.String() + "<p>" + disclaimer + "</p>", 9, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var set []sitePage
			for i := range 21 {
				set = append(set, bare(i, "2 January 2006", `<h1>TITLE</h1><p class="when">DATE</p><div class="story">`+strings.ReplaceAll(test.text, "NUMBER", letters(i))+`</div>`))
			}
			for _, ps := range learnedOf(t, set) {
				for i, want := range set {
					p, err := ReadPage(want.file, []byte(want.html), Options{Zone: time.UTC, Profiles: ps})
					if err != nil {
						t.Fatal(err)
					}
					body := string(p.Body)
					left := 0
					for _, s := range p.Account {
						if s.Text == disclaimer && !s.Kept && s.Reason == repeated {
							left++
						}
					}
					if strings.Contains(test.text, "NUMBER") {
						want.last = letters(i)
					}
					if strings.Count(body, "was deferred") != test.points || !strings.Contains(body, want.last) || strings.Contains(body, disclaimer) == test.told || (left == 1) != test.told {
						t.Fatalf("%s, %d times told: %s", want.file, left, body)
					}
				}
			}
		})
	}
}

// TestLearnLinesBesideTexts: short lines between title and text that are other ones on each
// page belong to the text, which is found beside them; what systems write there does not.
func TestLearnLinesBesideTexts(t *testing.T) {
	t.Parallel()
	for name, markup := range map[string]string{
		"a row of data":       `<main><h1>TITLE</h1><div class="m"><span class="on">DATE</span> | <span class="place">PLACE</span> | <span class="views">Views: NUMBER</span></div><p class="intro">LEAD</p><div class="txt">FIRST REST</div><div class="tags"><a href="/t/1">Tag PLACE</a> <a href="/t/2">Tag NUMBER</a></div><section class="rel"><h3>Related</h3><ul><li><a href="/n/1">Of PLACE</a></li><li><a href="/n/2">More of PLACE</a></li></ul></section></main>`,
		"a table lays it out": `<table><tr><td class="side"><a href="/a">About</a></td><td class="c"><h2>TITLE</h2><p class="when">Given on DATE</p><p class="speaker">PLACE</p><div class="txt">FIRST REST</div></td></tr></table>`,
		"a subtitle":          `<article><h1>TITLE</h1><h2 class="sub">PLACE</h2><p class="when">DATE</p><div class="txt">FIRST REST</div><p class="sig">Done for PLACE</p></article>`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var set []sitePage
			var places []string
			for i := range 40 {
				place := "Ilva " + letters(i+200) + ", Minister of " + subjects[i%len(subjects)]
				p := bare(i, "2 January 2006", markup)
				if strings.Contains(markup, "LEAD") {
					p.lead = "In short: small ships pay no fee in any harbour of Valora this year."
					if i%12 != 3 { // on some pages it recurs
						p.lead = "In short: " + sentenceAbout("fees", 900+i)
					}
				}
				p.html = strings.NewReplacer("PLACE", place, "NUMBER", fmt.Sprint(i*17), "LEAD", p.lead).Replace(p.html)
				set, places = append(set, p), append(places, place)
			}
			for _, ps := range learnedOf(t, set) {
				if n := right(t, set, ps); n < len(set) || len(ps.Profiles) != 1 {
					t.Errorf("%d profiles, %d of %d pages are wholly right", len(ps.Profiles), n, len(set))
				}
				for i, page := range set {
					p, err := ReadPage(page.file, []byte(page.html), Options{Zone: time.UTC, Profiles: ps})
					if err != nil {
						t.Fatal(err)
					}
					if body := string(p.Body); !strings.HasPrefix(body, "<p>"+places[i]) && !strings.HasPrefix(body, "<h2>"+places[i]) || strings.Contains(body, "Views") || strings.Contains(body, "Tag ") || strings.Contains(body, "More of") || strings.Contains(markup, "sig") != strings.Contains(body, "Done for") {
						t.Fatalf("%s: %s", page.file, body)
					}
				}
			}
		})
	}
}
