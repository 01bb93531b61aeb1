package importer

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
)

// A site of our own: fifty pages of each of its templates, whose texts are alone and whose
// furniture repeats. Their marks are those that mislead: a text in "meta", a box of words
// that change on each page, names in "related".
type sitePage struct{ file, html, title, date, section, lead, first, last string }

var subjects = strings.Fields("harbours fisheries visas consulates railways bridges borders glaciers tariffs schools libraries treaties lighthouses rivers forests mines satellites archives museums vaccines")

func sentenceAbout(subject string, n int) string {
	verbs := strings.Fields("agreed discussed reviewed signed welcomed regretted explained opened visited examined")
	places := strings.Fields("Almira Sund Raab Torvik Ostrava Lumen Quill Varga Ness Orlo Pell")
	return fmt.Sprintf("The Minister %s the question of %s with the delegation from %s, paragraph %s, and said that work number %d would go on in the coming months.",
		verbs[n%len(verbs)], subject, places[(n/3)%len(places)], letters(n), n*7+3)
}

// letters is a number in letters, so that texts with it differ when figures don't count.
func letters(n int) string {
	const of = "bcdfghklmn"
	word := ""
	for _, c := range fmt.Sprint(n + 100) {
		word += string(of[c-'0']) + "a"
	}
	return word
}

func newsPage(i int) sitePage {
	subject := subjects[i%len(subjects)]
	day := time.Date(2021, 1, 3, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 11*i)
	p := sitePage{
		file: fmt.Sprintf("news/%03d.html", i), title: fmt.Sprintf("Statement on %s in %s %s", subject, letters(i), subject),
		date: day.Format(time.DateOnly), section: "News > " + []string{"Speeches", "Statements"}[i%2],
		lead: fmt.Sprintf("In short about %s: what the %s talks have brought to both sides.", subject, letters(i)),
	}
	var body strings.Builder
	n := 2 + i%5
	for k := range n {
		text := sentenceAbout(subject, i*10+k)
		if k == 0 {
			p.first = text
		}
		p.last = text
		fmt.Fprintf(&body, "<p>%s</p>", text)
		if i%7 == 3 && k == 0 {
			fmt.Fprintf(&body, `<h2 id="actions">What %s shall do</h2><ul class="sponsors"><li><a href="/p/%d">Ilva %s</a></li><li><a href="/q/%d">Oro %s</a></li></ul>`, letters(i), i, letters(i+3), i, letters(i+5))
		}
		if i%5 == 2 && k == 0 {
			fmt.Fprintf(&body, `<div class="pic"><img src="/img/%d.jpg" alt=""><div class="img-note">The harbour of %s</div></div>`, i, letters(i))
		}
	}
	p.html = fmt.Sprintf(`<!DOCTYPE html><html lang="en"><head><title>%[1]s | Ministry of Valora</title><link rel="canonical" href="https://mfa.example/news/%03[2]d"></head><body>
<div class="top"><a href="/">Ministry of Valora</a> <ul class="m"><li><a href="/news">News</a></li><li><a href="/visa">Visa</a></li></ul><span class="clock">Today is 28 November 2026</span></div>
<div class="where"><a href="/">Valora</a> / <a href="/news">News</a> / <a href="/news/s">%[3]s</a></div>
<div class="grid"><div class="col"><div class="head"><h1 class="t">%[1]s</h1><div class="row"><span class="d">%[4]s</span> <span class="v">浏览次数：%[5]d</span> <span>Press office</span></div><div class="tools2"><a href="#">Louder</a> <a href="#">Softer</a></div></div>
<div class="intro-line">%[6]s</div>
<div class="meta">%[7]s<p class="fine">Text for the press; may be reprinted.</p></div>
<div class="tags">Filed under: %[8]s, %[9]s</div>
<div class="others"><h3>Other texts</h3><ul><li><a href="/news/%[10]d">Statement on %[11]s in %[12]s</a></li><li><a href="/news/%[13]d">Statement on %[14]s in %[15]s</a></li></ul></div></div>
<div class="side"><h4>Weather in Port Almira</h4><p>Rain and wind today, and on the coast high waves until the evening hours of tomorrow.</p></div></div>
<div class="bottom">© Ministry of Foreign Affairs of Valora, 1 Quay Street, Port Almira. All rights reserved. Contact the webmaster.</div></body></html>`,
		p.title, i, strings.TrimPrefix(p.section, "News > "), day.Format("02/01/2006"), i*13+7, p.lead, body.String(), subject, letters(i*3),
		(i+1)%50, subjects[(i+1)%len(subjects)], letters((i+1)%50), (i+2)%50, subjects[(i+2)%len(subjects)], letters((i+2)%50))
	return p
}

func speechPage(i int) sitePage {
	subject := subjects[(i+7)%len(subjects)]
	day := time.Date(2022, 2, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 9*i)
	p := sitePage{file: fmt.Sprintf("speeches/%03d.html", i), title: fmt.Sprintf("Speech about %s at %s", subject, letters(i+500)), date: day.Format(time.DateOnly), section: "Speeches"}
	var body strings.Builder
	for k := range 3 + i%3 {
		text := sentenceAbout(subject, 5000+i*10+k)
		if k == 0 {
			p.first = text
		}
		p.last = text
		fmt.Fprintf(&body, "<p>%s</p>", text)
	}
	p.html = fmt.Sprintf(`<!DOCTYPE html><html lang="en"><head><title>Ministry of Valora: %[1]s</title></head><body>
<div class="top"><a href="/">Ministry of Valora</a></div><ol class="bread crumb-trail"><li><a href="/">Home</a></li><li><a href="/s">Speeches</a></li><li>%[1]s</li></ol>
<section class="speech"><h2 class="speech-name">%[1]s</h2><p class="when">Given on %[2]s</p><div class="words"><p>Mr President,</p>%[3]s</div></section>
<div class="bottom">© Ministry of Foreign Affairs of Valora, 1 Quay Street, Port Almira. All rights reserved. Contact the webmaster.</div></body></html>`,
		p.title, day.Format("2 January 2006"), body.String())
	return p
}

func sourceOf(pages []sitePage) Source {
	return func(i int) (string, []byte, error) { return pages[i].file, []byte(pages[i].html), nil }
}

// readBy is the page as learned profiles read it.
func (want sitePage) readBy(t *testing.T, ps *Profiles) Page {
	t.Helper()
	p, err := ReadPage(want.file, []byte(want.html), Options{Zone: time.UTC, Profiles: ps, Language: "en"})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// saying says what is not as it should be on a page, and whether its text is another one.
func (want sitePage) saying(p Page, text string) []string {
	faults := want.wholly(p)
	if got := plainText(string(p.Body)); got != text {
		faults = append(faults, fmt.Sprintf("text %q, want %q", got, text))
	}
	return faults
}

// wholly says what is not as it should be on a page.
func (want sitePage) wholly(p Page) []string {
	var wrong []string
	check := func(what, got, want string) {
		if got != want {
			wrong = append(wrong, fmt.Sprintf("%s %q, want %q", what, got, want))
		}
	}
	check("title", p.Title, want.title)
	check("section", strings.Join(p.Section, " > "), want.section)
	check("date", strings.Split(p.Date+"T", "T")[0], want.date)
	check("lead", p.Lead, want.lead)
	if len(p.Doubts) > 0 {
		wrong = append(wrong, fmt.Sprintf("doubts %v", p.Doubts))
	}
	for _, text := range []string{want.first, want.last} {
		if !strings.Contains(string(p.Body), text) {
			wrong = append(wrong, "lacks "+text)
		}
	}
	for _, text := range []string{"Press office", "reprinted", "Other texts", "Filed under", "Statement on", "Weather", "Louder", "浏览", "webmaster", "Valora,", "Today"} {
		if strings.Contains(string(p.Body), text) {
			wrong = append(wrong, "has "+text)
		}
	}
	return wrong
}

func fifty(page func(int) sitePage) []sitePage {
	var pages []sitePage
	for i := range 50 {
		pages = append(pages, page(i))
	}
	return pages
}

// TestLearn: the pages of a set teach where they have what; the file that says so does,
// too, and pages that are made otherwise fit no profile.
func TestLearn(t *testing.T) {
	t.Parallel()
	pages := append(fifty(newsPage), fifty(speechPage)...)
	pages = append(pages, sitePage{file: "odd.html", html: `<html lang="en"><body><h3>Imprint</h3><p>` + strings.Repeat(sentence, 3) + `</p></body></html>`},
		sitePage{file: "saved.txt", html: "A saved text\n\nwithout markup."})
	o := Options{Zone: time.UTC}
	l, err := Learn(sourceOf(pages), len(pages), 200, o)
	if err != nil {
		t.Fatal(err)
	}
	var unfit []string
	for _, u := range l.Unfit {
		unfit = append(unfit, u.File)
	}
	if len(l.Profiles.Profiles) != 2 || strings.Join(unfit, " ") != "saved.txt odd.html" {
		t.Errorf("%d profiles, unfit %v", len(l.Profiles.Profiles), l.Unfit)
	}
	var file, again bytes.Buffer
	if err := l.Write(&file, "site/"); err != nil {
		t.Fatal(err)
	}
	read, err := ParseProfiles("site.yaml", file.Bytes())
	if err != nil {
		t.Fatalf("%v\n%s", err, file.String())
	}
	for _, o.Profiles = range []*Profiles{&l.Profiles, read} {
		right := map[string]int{}
		for _, want := range pages[:100] {
			p, err := ReadPage(want.file, []byte(want.html), o)
			if err != nil {
				t.Fatal(err)
			}
			wrong := want.wholly(p)
			if len(wrong) > 0 {
				t.Logf("%s: %s", want.file, strings.Join(wrong, "; "))
				continue
			}
			right[want.file[:4]]++
		}
		if right["news"] < 50 || right["spee"] < 50 {
			t.Errorf("pages wholly right: %v of 50 each", right)
		}
		p, err := ReadPage("odd.html", []byte(pages[100].html), o)
		if err != nil || !strings.HasPrefix(p.Refused, "it fits none of the profiles: template-1: no ") {
			t.Errorf("a page of no template: %q %v", p.Refused, err)
		}
	}
	l, err = Learn(sourceOf(pages), len(pages), 200, Options{Zone: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Write(&again, "site/"); err != nil || again.String() != file.String() {
		t.Errorf("the same pages teach something else the second time (%v):\n%s\n%s", err, file.String(), again.String())
	}
	for _, want := range []string{"on 50 of 50 pages: ", `"Text for the press; may be reprinted."`, "#   odd.html: ", `- "D/M/YYYY"   # on 50 pages`} {
		if !strings.Contains(file.String(), want) {
			t.Errorf("the file lacks %q:\n%s", want, file.String())
		}
	}
	if e := l.Examples(5, nil); len(e) != 5 || e[0].Unlike < e[4].Unlike || e[4].Page.Title == "" {
		t.Errorf("examples: %+v", e)
	}
}

// TestProfileHolds: what a profile says holds against everything that is usual, and what
// it does not name inside of the text is in doubt.
func TestProfileHolds(t *testing.T) {
	t.Parallel()
	const page = `<html lang="en"><head><title>Site</title></head><body><h1>Not this</h1><p class="name">The treaty</p><p class="made">05/03/2024 10:15</p>
<div class="breadcrumb"><a href="/x">Home</a></div><nav class="menu share related">` + `<p>` + sentence + `</p><p>Print</p><ul><li><a href="/a">Ilva Quist</a></li></ul><span class="x">12 readers</span></nav><p class="after">New words</p></body></html>`
	profile := func(more string) *Profiles {
		t.Helper()
		ps, err := ParseProfiles("p.yaml", []byte("profiles:\n  - title: {select: p.name}\n    body: nav, p.after\n"+more))
		if err != nil {
			t.Fatal(err)
		}
		return ps
	}
	for _, test := range []struct{ name, more, date, has, hasNot, problem string }{
		{"a menu is the text", "    date: {select: .made, formats: [D/M/YYYY], zone: Asia/Tokyo}\n", "2024-03-05T10:15:00+09:00", "Print", "", ""},
		{"month first", "    date: {select: .made, formats: [M/D/YYYY]}\n", "2024-05-03T10:15:00Z", "Ilva Quist", "", ""},
		{"another format", "    date: {select: .made, formats: [D month YYYY]}\n", "", "Ilva Quist", "", `the date "05/03/2024 10:15" is written as ?/?/YYYY`},
		{"either order", "    date: {select: .made}\n", "", "Ilva Quist", "", "can be read in two ways"},
		{"no date", "", "", "Ilva Quist", "", "the profile does not say where the date is"},
		{"removed", "    date: {select: .made, formats: [D/M/YYYY]}\n    remove: [.x]\n", "2024-03-05T10:15:00Z", "Print", "12 readers", ""},
		{"a line", "    date: {select: .made, formats: [D/M/YYYY]}\n    lines: [print]\n", "2024-03-05T10:15:00Z", "12 readers", "Print", ""},
	} {
		p, err := ReadPage("a.html", []byte(page), Options{Zone: time.UTC, Profiles: profile(test.more)})
		if err != nil || p.Title != "The treaty" || p.Date != test.date {
			t.Errorf("%s: %q %q %q %v", test.name, p.Title, p.Date, p.Refused, err)
		}
		if body := string(p.Body); !strings.Contains(body, test.has) || test.hasNot != "" && strings.Contains(body, test.hasNot) {
			t.Errorf("%s: %s", test.name, body)
		}
		if got := strings.Join(p.Problems, "; "); test.problem != "" && !strings.Contains(got, test.problem) {
			t.Errorf("%s: problems %s", test.name, got)
		}
	}
	words := strings.Replace(page, `<p>Print</p>`, `<p class="sr-only">Spoken</p><p class="skip-links offscreen">Skipped <i class="invisible">unseen</i></p><button aria-expanded="false" aria-controls="f1">More</button><div id="f1" hidden>Folded</div>`, 1)
	p, err := ReadPage("a.html", []byte(words), Options{Zone: time.UTC, Profiles: profile("    date: {select: .made, formats: [D/M/YYYY]}\n    remove: [.skip-links]\n")})
	if body := string(p.Body); err != nil || !strings.Contains(body, "Spoken") || !strings.Contains(body, "More") || !strings.Contains(body, "Folded") || strings.Contains(body, "Skipped") {
		t.Errorf("names of classes: %s %v", body, err)
	}
	words = strings.Replace(page, `<p>Print</p>`, `<div class="collapse panel" style="display:none">Folded away</div><video><p>The Google treaty was filmed.</p></video>`, 1)
	p, err = ReadPage("a.html", []byte(words), Options{Zone: time.UTC, Profiles: profile("    date: {select: .made, formats: [D/M/YYYY]}\n")})
	if got := strings.Join(p.Problems, "\n"); err != nil || !strings.Contains(got, "hidden text was dropped: Folded away") || !strings.Contains(string(p.Body), "Google treaty") {
		t.Errorf("words for what is folded or not shown: %s\n%s %v", p.Body, got, err)
	}
	p, err = ReadPage("a.html", []byte(strings.Replace(page, `<p class="after">`, `<p>An annex of 12 articles.</p><p class="after">`, 1)), Options{Zone: time.UTC, Profiles: profile("")})
	if err != nil || len(p.Doubts) != 2 || !strings.Contains(fmt.Sprint(p.Doubts), "An annex") {
		t.Errorf("what the profile does not name: %+v %v", p.Doubts, err)
	}
}

// TestProfileFile: what is wrong in a file of profiles is told with its line.
func TestProfileFile(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ file, want string }{
		{"", "p.yaml: it has no profile"},
		{"profiles:\n  - title: {select: h1}\n", "p.yaml: line 2: profile 1: body: write which elements"},
		{"profiles:\n  - body: .a\n", "title: it is missing"},
		{"profiles:\n  - name: news\n    title: {select: h1}\n    body: 'div['\n", `p.yaml: line 4: news: body: "div[" is not a selector`},
		{"profiles:\n  - title: {select: h1}\n    body: .a\n    lines:\n    remove:\n      - '..'\n", "remove: \"..\" is not a selector"},
		{"profiles:\n  - title: {select: h1}\n    bodi: .a\n", "line 3: unknown field \"bodi\""},
		{"profiles:\n  - title: {select: h1}\n    body: .a\n    date: {zone: Mars}\n", "the zone \"Mars\" is not known"},
		{"profiles:\n  - title: {select: h1}\n    body: .a @id\n", "body: write which elements"},
		{"profiles:\n  - title: {select: h1}\n    lead: .a @id\n    body: .b\n", "are elements, not attributes"},
		{"language: klingonish-latin-x\nprofiles:\n  - {title: {select: h1}, body: .b}\n", "p.yaml: line 1: language: "},
		{"profiles: [", "p.yaml: line 1: "},
		{"profiles:\n  -\n", "profile 1 is empty"},
	} {
		if _, err := ParseProfiles("p.yaml", []byte(test.file)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: %v, want %q", test.file, err, test.want)
		}
	}
}

// FuzzProfile: no file of profiles and no page bring down who reads them.
func FuzzProfile(f *testing.F) {
	f.Add("profiles:\n  - title: {select: h1}\n    body: .a, p:nth-child(2n+1)\n    remove: ['.b > c']\n    date: {select: 'time @datetime', formats: [D/M/YYYY]}\n", `<h1>A</h1><div class="a"><p>B<b class=b><time datetime="2024-05-06">c</time></div>`)
	f.Add("profiles:\n  - title: {select: html}\n    body: html\n    lead: html\n    section: {select: html}\n    captions: body\n", `<h1>A</h1><img src=a><p>B`)
	f.Fuzz(func(t *testing.T, file, page string) {
		ps, err := ParseProfiles("p.yaml", []byte(file))
		if err != nil {
			return
		}
		p, err := ReadPage("a.html", []byte("<html>"+page), Options{Zone: time.UTC, Profiles: ps})
		if err == nil && p.Refused == "" && p.Body == "" {
			t.Errorf("neither text nor reason: %+v", p)
		}
	})
}
