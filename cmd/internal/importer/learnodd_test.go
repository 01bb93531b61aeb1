package importer

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"communique/storage/press"
)

// oddShells are templates whose title, date, section or end of the text stands where no class
// says so; SECTION is one of three, CARD what another page begins with.
var oddShells = []struct {
	name, layout, markup, section string
	said                          []string // of all pages, and told once
}{
	{name: "the kind of text in the heading", layout: "2 January 2006", said: []string{"Press release"},
		markup: `<h1 class="t"><span class="kind">Press release</span>TITLE</h1><p class="when">DATE</p><div class="words">FIRST REST</div>`},
	{name: "the kind of text and the date in the text", layout: "January 2, 2006", said: []string{"Press release"},
		markup: `<h1>TITLE</h1><div class="words"><span class="kind">Press release</span> <span class="on">DATE</span>FIRST REST</div>`},
	{name: "a date that is a line of the cell", layout: "2 January 2006", section: "SECTION",
		markup: `<table><tr><td>Offices</td><td class="cell"><p class="way"><a href="/">Home</a> / <a href="/s">SECTION</a></p><h1>TITLE</h1>DATE<p></p>FIRST REST</td></tr></table>`},
	{name: "a text of broken lines below its date", layout: "2 January 2006", section: "SECTION", said: []string{"1 Quay Street, Port Almira"},
		markup: `<table><tr><td>Offices</td><td><font face="Arial" size="1"><a href="/">Home</a> &gt; <a href="/s">SECTION</a></font><br><br><font size="4"><b>TITLE</b></font><br><br><font face="Arial" size="2">DATE<br><br>LINES</font><hr><font face="Arial" size="1">1 Quay Street, Port Almira<br>© The ministry</font></td></tr></table>`},
	{name: "parts of the text and cards below", layout: "2 January 2006",
		markup: `<main><div class="head"><h1>TITLE</h1></div><div class="day">DATE</div><div class="col"><div class="part">FIRST</div></div><div class="col"><div class="part">REST</div></div><div class="col"><h3 class="sub">Latest news</h3><ul class="list"><li class="item"><a href="/1">CARD</a><span class="is">DATE</span><p>CARD CARD CARD</p></li><li class="item"><a href="/2">CARD</a><span class="is">DATE</span><p>CARD CARD CARD</p></li><li class="item"><a href="/3">CARD</a><span class="is">DATE</span><p>CARD CARD CARD</p></li></ul></div></main>`},
	{name: "the echo of the title in the breadcrumb", layout: "2 January 2006", section: "SECTION", said: []string{"Details"},
		markup: `<ul class="breadcrumb"><li><a href="/">Home</a></li><li><a href="/s">SECTION</a></li><li class="active"><span>TITLE</span></li></ul><div class="item"><div class="head"><h2>TITLE</h2></div><dl class="facts"><dt>Details</dt><dd class="on"><time>DATE</time></dd></dl><div class="words">FIRST REST</div></div>`},
	{name: "a breadcrumb without signs", layout: "2 January 2006", section: "SECTION",
		markup: `<div class="x1"><div class="x2"><a href="/">Home</a><a href="/s">SECTION</a></div><h1>TITLE</h1><div class="x3"><span>DATE</span></div><div class="x4">FIRST REST</div></div>`},
	{name: "links of one letter below the text", layout: "2 January 2006",
		markup: `<h1>TITLE</h1><p class="when">DATE</p><div class="words">FIRST REST<div class="sends"><h3>Share this page</h3><ul><li><a href="#f">Facebook</a></li><li><a href="#x">X</a></li></ul></div></div>`},
	{name: "a counter below the text", layout: "02.01.2006", said: []string{"Seen: NUMBER"},
		markup: `<h1>TITLE</h1><div class="detail"><span class="date-time">DATE</span><br>LINES<br>Seen: NUMBER<br><div class="sends">Pass it on</div></div>`},
	{name: "labels in a table above the text", layout: "2006.01.02", said: []string{"Office", "Press office of Valora"},
		markup: `<div class="board"><table class="view"><tr><th>Title</th><td>TITLE</td></tr><tr><th>Day</th><td>DATE</td><th>Office</th><td>Press office of Valora</td></tr></table><div class="words">FIRST REST</div></div>`},
	{name: "the section again, and about an author", layout: "2 January 2006", section: "SECTION",
		markup: `<ol class="breadcrumb"><li><a href="/">Home</a></li><li><a href="/s">SECTION</a></li></ol><article><h1>TITLE</h1><div class="facts"><span class="on">DATE</span> · <span class="tag">SECTION</span></div><div class="words">FIRST REST</div><div class="author"><div class="author__name">Ilva Quist</div><div class="author__bio">Ilva Quist heads the office of WHO and writes here.</div></div></article>`},
	{name: "notes on some pages", layout: "2 January 2006",
		markup: `<div class="page"><h1>TITLE</h1><p class="when">DATE</p><div class="words">FIRST REST</div>NOTES</div>`},
	{name: "paragraphs in boxes of one name, and a picture", layout: "2 January 2006",
		markup: `<div class="page"><h1>TITLE</h1><p class="when">DATE</p><div class="words"><div class="in">BOXES<figure><img src="https://mfa.example/1.jpg" alt="The harbour" width="640" height="420"></figure></div></div></div>`},
	{name: "a date to which a number is glued", layout: "2 January 2006", said: []string{"NUMBER readers"},
		markup: `<h1>TITLE</h1><div class="facts"><span class="on">DATE</span><span class="seen">NUMBER readers</span></div><div class="words">FIRST REST</div>`},
	{name: "by whom, beside the date", layout: "2 January 2006",
		markup: `<div class="head"><h1 class="t">TITLE</h1><p class="info"><span class="on">DATE</span>, by <span class="who"><a href="/a">The press office</a></span></p></div><div class="words">FIRST REST</div>`},
}

// oddPage is a page of such a template, and its text.
func oddPage(i int, layout, markup string) (p sitePage, text string) {
	day := time.Date(2021, 1, 3, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 11*i)
	p = sitePage{file: fmt.Sprintf("%03d.html", i), title: fmt.Sprintf("Report on %s in %s", subjects[i%len(subjects)], letters(i)), date: day.Format(time.DateOnly)}
	words := p.wordsOf(i, 2+i%4)
	lines := strings.ReplaceAll(strings.ReplaceAll(strings.Join(words, ""), "<p>", ""), "</p>", "<br><br>")
	boxes := strings.ReplaceAll(strings.ReplaceAll(strings.Join(words, ""), "<p>", `<div class="el">`), "</p>", "</div>")
	notes := ""
	if i%3 == 0 {
		notes = `<div class="notes"><p>[<a href="#n1">1</a>] ` + sentenceAbout(subjects[i%len(subjects)], 5000+i) + `</p></div>`
	}
	section := []string{"Speeches", "Statements", "Visits"}[i%3]
	for k := 0; strings.Contains(markup, "CARD"); k++ {
		markup = strings.Replace(markup, "CARD", sentenceAbout(subjects[(i+k)%len(subjects)], 1000+i*30+k), 1)
	}
	p.html = `<!DOCTYPE html><html><head><title>` + p.title + ` | Ministry of Valora</title></head><body><div class="fl">Ministry of Valora</div><ul class="m"><li><a href="/news">News</a></li><li><a href="/visa">Visa</a></li></ul>` +
		strings.NewReplacer("TITLE", p.title, "DATE", day.Format(layout), "SECTION", section, "NUMBER", fmt.Sprint(31*i+7), "LINES", lines, "BOXES", boxes, "WHO", subjects[i%4], "NOTES", notes, "FIRST", words[0], "REST", strings.Join(words[1:], "")).Replace(markup) + `</body></html>`
	if strings.Contains(markup, "SECTION") {
		p.section = section
	}
	if strings.Contains(markup, "NOTES") {
		words = append(words, notes)
	}
	return p, plainText(strings.Join(words, ""))
}

// TestLearnOddTemplates: of fifty pages of each of these templates every word that is of the
// text is kept, and no other; what all of them say beside it is told once.
func TestLearnOddTemplates(t *testing.T) {
	t.Parallel()
	for _, s := range oddShells {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			texts := map[string]string{}
			pages := fifty(func(i int) sitePage {
				p, text := oddPage(i, s.layout, s.markup)
				texts[p.file] = text
				return p
			})
			both := learnedOf(t, pages)
			learned, ps := both[0], both[1]
			wrong := 0
			for _, want := range pages {
				p := want.readBy(t, ps)
				faults := want.saying(p, texts[want.file])
				if len(faults) > 0 {
					if wrong++; wrong == 1 {
						t.Errorf("%s: %s", want.file, strings.Join(faults, "; "))
					}
				}
			}
			if wrong > 0 {
				t.Errorf("%d of %d pages are wrong", wrong, len(pages))
			}
			told := slices.Clone(ps.Profiles[0].Lines)
			for _, r := range learned.Profiles[0].Repeated() {
				told = append(told, r.Text)
			}
			for _, said := range s.said {
				said, _, _ = strings.Cut(said, "NUMBER")
				if !strings.Contains(strings.Join(told, "\n"), strings.TrimSpace(said)) {
					t.Errorf("%q is not told: %q", said, told)
				}
			}
		})
	}
}

// TestLearnLanguage: where pages declare no language, most of their texts show which one it is,
// also of those that are too short for that; of two languages none is taken.
func TestLearnLanguage(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		other string
		want  press.Language
	}{
		"one":         {"", "en"},
		"two of them": {strings.Repeat("<p>Der Minister hat mit der Delegation über die Häfen und die Fischerei gesprochen, und die Arbeit wird in den nächsten Monaten auf beiden Seiten weitergehen, wie er in der Stadt sagte.</p>", 4), ""},
	} {
		pages := fifty(func(i int) sitePage {
			p, _ := oddPage(i, "2 January 2006", `<h1>TITLE</h1><p class="when">DATE</p><div class="words">FIRST REST</div>`)
			if i%3 == 0 && test.other != "" {
				at := strings.Index(p.html, `<div class="words">`) + len(`<div class="words">`)
				p.html = p.html[:at] + strings.Replace(test.other, "Minister", "Minister "+letters(i), 1) + "</div></body></html>"
			}
			return p
		})
		l, err := Learn(sourceOf(pages), len(pages), 200, Options{Zone: time.UTC, Language: "pt"})
		if err != nil {
			t.Fatal(err)
		}
		if got := press.Language(l.Profiles.Language); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
		if test.want == "" {
			continue
		}
		short := `<html><head><title>Visit | Ministry of Valora</title></head><body><h1>Visit</h1><p class="when">5 March 2024</p><div class="words"><p>Oro Oss, Almira.</p></div></body></html>`
		p, err := ReadPage("a.html", []byte(short), Options{Zone: time.UTC, Language: "pt", Profiles: &l.Profiles})
		if err != nil || p.Language != test.want {
			t.Errorf("%s: a short page is %q, %q, %v", name, p.Language, p.Problems, err)
		}
	}
}

// TestDatesOfOthers: a name and a day in the text are no date line of the article, whatever the
// box around them is called; its own are.
func TestDatesOfOthers(t *testing.T) {
	t.Parallel()
	for line, stays := range map[string]bool{"Ilva Quist, 5 March 2024": true, "Port Almira, 28 April 2014": false, "28 April 2014": false} {
		p, err := ReadPage("a.html", []byte(`<html lang="en"><head><title>The visit</title></head><body><main><article class="release"><p class="release-date">28 April 2014</p><h1>The visit</h1><div class="release-body"><p>`+line+`</p><p>`+sentence+`</p><p>`+sentence+`</p></div></article></main></body></html>`), Options{Zone: time.UTC})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(string(p.Body), line); got != stays || p.Date != "2014-04-28T00:00:00Z" {
			t.Errorf("%s: stays %v, date %s, problems %q", line, got, p.Date, p.Problems)
		}
	}
}

// TestFurnishedBehind: cards with what they offer, and the box about the author, behind a text
// are left out and not named; names that lead to persons are named.
func TestFurnishedBehind(t *testing.T) {
	t.Parallel()
	card := func(i int) string {
		return fmt.Sprintf(`<div class="item"><span class="is">%d March 2023</span><h3><a href="/%d">Report on %s</a></h3><p>%s</p><a href="/%d">More</a></div>`, i+1, i, subjects[i], sentenceAbout(subjects[i], i), i)
	}
	person := func(i int) string {
		return fmt.Sprintf(`<div class="item"><h3><a href="/p/%d">Ilva %s</a></h3></div>`, i, subjects[i])
	}
	for name, test := range map[string]struct {
		behind string
		named  bool
	}{
		"cards":   {`<section class="grid"><h2>From our desks</h2>` + card(0) + card(1) + card(2) + `</section>`, false},
		"author":  {`<div class="author-box"><h4>Who wrote this</h4><p>Ilva Quist heads the office and writes here since 2015.</p></div>`, false},
		"persons": {`<section class="grid"><h2>Who was there</h2>` + person(0) + person(1) + person(2) + `</section>`, true},
	} {
		p, err := ReadPage("a.html", []byte(`<html lang="en"><head><title>The visit</title></head><body><main><article><h1>The visit</h1><time datetime="2024-03-05">5 March 2024</time><div class="words">`+strings.Repeat("<p>"+sentence+"</p>", 6)+`</div>`+test.behind+`</article></main></body></html>`), Options{Zone: time.UTC})
		if err != nil {
			t.Fatal(err)
		}
		kept := strings.Contains(string(p.Body), "Ilva") || strings.Contains(string(p.Body), "Report on")
		if named := len(p.Doubts) > 0; kept && !test.named || !kept && named != test.named {
			t.Errorf("%s: doubts %+v, kept %v", name, p.Doubts, kept)
		}
	}
}

// TestDateBeforeText: a date that has an element of its own in front of bare text is the page's,
// and none of the text.
func TestDateBeforeText(t *testing.T) {
	t.Parallel()
	p, err := ReadPage("a.html", []byte(`<html lang="el"><head><title>Η επίσκεψη</title></head><body><h1>Η επίσκεψη</h1><div class="news-detail"><span class="news-date-time">02/08/2016</span> Ο Υπουργός συζήτησε με την αντιπροσωπεία για τα λιμάνια και την αλιεία.<br><br>Η εργασία θα συνεχιστεί τους επόμενους μήνες και στις δύο πλευρές.<br></div></body></html>`), Options{Zone: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	if p.Date != "2016-08-02T00:00:00Z" || strings.Contains(string(p.Body), "2016") || !strings.Contains(string(p.Body), "συζήτησε") {
		t.Errorf("date %q, text %s", p.Date, p.Body)
	}
}
