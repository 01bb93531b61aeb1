package importer

import (
	"strings"
	"testing"
	"time"

	"communique/storage/richtext"
)

const (
	condemns   = `The Ministry condemns the attack on the harbour of Sund in the strongest terms.`
	otherPages = `<ul><li><a href="/n/1">The Minister receives the Ambassador of Ostmark in Port Almira</a></li><li><a href="/n/2">Valora opens the harbour to ships of both countries</a></li><li><a href="/n/3">Statement on the talks about fishing in the strait</a></li><li><a href="/n/4">The joint commission meets for the fifth time</a></li><li><a href="/n/5">New consul in Sund takes up her duties</a></li></ul>`
	titles     = `<ul><li><span>1 March 2024</span> <a href="/n/1">The Minister receives the Ambassador</a></li><li><span>28 February 2024</span> <a href="/n/2">Valora opens the harbour</a></li><li><span>27 February 2024</span> <a href="/n/3">Statement on the talks about fishing</a></li><li><span>26 February 2024</span> <a href="/n/4">The joint commission meets</a></li></ul>`
	members    = `<ul><li><a href="/p/1">Ilva Moor, Minister</a></li><li><a href="/p/2">Oro Oss, Ambassador</a></li><li><a href="/p/3">Una Berg, Counsellor</a></li><li><a href="/p/4">Pia Holm, Attaché</a></li><li><a href="/p/5">Jon Lund, Attaché</a></li></ul>`
	papers     = `<ul><li><a href="https://mfa.example/a.pdf">Final declaration (PDF)</a></li><li><a href="https://mfa.example/b.pdf">Plan of action (PDF)</a></li><li><a href="https://mfa.example/c.pdf">Speech of the Minister (PDF)</a></li><li><a href="https://mfa.example/d.pdf">Programme (PDF)</a></li><li><a href="https://mfa.example/e.pdf">Rules (PDF)</a></li></ul>`
)

// fewWords are shapes of pages with little text.
var fewWords = []string{
	`<header><a href="/">MFA</a><nav><a href="/">Home</a> <a href="/news">News</a></nav></header><main><h1>TITLE</h1>DATE<div class="content">TEXT</div></main><footer><p>© MFA</p></footer>`,
	`<nav><a href="/">Home</a></nav><article class="node"><h1>TITLE</h1>DATE<div class="field--name-body">TEXT</div></article><footer>© MFA</footer>`,
	`<h1>TITLE</h1>DATE TEXT<hr><p>© MFA</p>`,
	`<table><tr><td><a href="/">Home</a><br><a href="/news">News</a></td><td><h2>TITLE</h2>DATE TEXT</td></tr></table>`,
}

func readFewWords(t *testing.T, shape, title, date, text string) Page {
	t.Helper()
	if date != "" {
		date = `<p class="date">` + date + `</p>`
	}
	p, err := ReadPage("a.html", []byte(`<!DOCTYPE html><html lang="en"><head><title>`+title+`</title></head><body>`+strings.NewReplacer("TITLE", title, "DATE", date, "TEXT", text).Replace(shape)+`</body></html>`), Options{Zone: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestFewWords: who says something, and when, is no list of other pages, whatever stands
// beside it.
func TestFewWords(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, text string
		says       []string
	}{
		{"a sentence above offers", `<p>` + condemns + `</p>` + otherPages, []string{condemns}},
		{"a sentence above related pages", `<p>` + condemns + `</p><h2>Related</h2>` + otherPages, []string{condemns}},
		{"a sentence above the latest pages", `<p>` + condemns + `</p><h3>Latest</h3>` + titles, []string{condemns}},
		{"a telegram", `<p>Dear Mr President,</p><p>Our thoughts are with the families of the victims.</p><p>Ilva Moor</p>` + otherPages, []string{"Dear Mr President,", "families", "Ilva Moor"}},
		{"a delegation", members, []string{"Ilva Moor", "Jon Lund"}},
		{"papers", papers, []string{"Final declaration", "Rules"}},
		{"papers with a sentence", `<p>The papers of the conference.</p>` + papers, []string{"papers of the", "Rules"}},
		{"papers with dates", `<ul><li>5 March 2024 <a href="https://mfa.example/a.pdf">Declaration</a></li><li>4 March 2024 <a href="https://mfa.example/b.pdf">Plan</a></li><li>3 March 2024 <a href="https://mfa.example/c.pdf">Speech</a></li></ul>`, []string{"Declaration", "Speech"}},
		{"treaties", `<table><tr><th>Treaty</th><th>Signed</th></tr><tr><td><a href="/t/1">Treaty of the strait</a></td><td>5 March 2024</td></tr><tr><td><a href="/t/2">Treaty of fishing</a></td><td>1 May 1998</td></tr><tr><td><a href="/t/3">Treaty of the harbour</a></td><td>7 June 2001</td></tr></table>`, []string{"Treaty of the strait", "5 March 2024", "7 June 2001"}},
		{"a programme", `<table><tr><td>4 March 2024</td><td>Talks in Sund</td></tr><tr><td>5 March 2024</td><td>Press conference</td></tr><tr><td>6 March 2024</td><td>Cabinet</td></tr></table>`, []string{"4 March 2024", "5 March 2024", "Cabinet"}},
		{"days of a visit", `<h3>Tuesday, 5 March 2024</h3><p>Arrival</p><h3>Wednesday, 6 March 2024</h3><p>Talks</p><h3>Thursday, 7 March 2024</h3><p>Departure</p>`, []string{"Tuesday, 5 March 2024", "Talks", "Departure"}},
		{"a week", `<p>4 March 2024: talks in Sund</p><p>5 March 2024: press conference</p><p>6 March 2024: cabinet</p><p>7 March 2024: harbour</p>`, []string{"talks in Sund", "5 March 2024: press conference", "harbour"}},
		{"a chronicle", `<dl><dt>5 March 2024</dt><dd>The treaty is signed</dd><dt>1 May 1998</dt><dd>Fishing is agreed on</dd><dt>7 June 1971</dt><dd>The first ambassador arrives</dd></dl>`, []string{"5 March 2024", "The treaty is signed", "7 June 1971"}},
		{"new ambassadors", `<p>Ilva Moor (Ostmark), 5 March 2024</p><p>Oro Oss (Sund), 6 March 2024</p><p>Una Berg (Nordia), 7 March 2024</p>`, []string{"Ilva Moor", "Una Berg"}},
		{"a list that is quoted", `<p>` + condemns + `</p><p>What we said before:</p>` + titles, []string{condemns, "What we said before", "Valora opens the harbour"}},
		{"somebody who was not found", `<p>The sailor who fell into the sea off Sund was not found, as the Ministry learned with sorrow from the coast guard of Ostmark this morning. It thanks all who went on looking for him for nine days, in whatever weather, and who did not give up.</p>`, []string{"The sailor", "did not give up"}},
	} {
		for _, shape := range fewWords {
			p := readFewWords(t, shape, "A statement on the strait", "5 March 2024", test.text)
			if p.Refused != "" || p.Date != "2024-03-05T00:00:00Z" {
				t.Errorf("%s: refused %q, date %q: %q", test.name, p.Refused, p.Date, p.Problems)
			}
			for _, says := range test.says {
				if !strings.Contains(richtext.Text(p.Body), says) {
					t.Errorf("%s: %q is lost: %s %q", test.name, says, p.Body, p.Problems)
				}
			}
		}
	}
}

// TestListsSayWhatTheyAre: a page that is refused is quoted.
func TestListsSayWhatTheyAre(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, text, reason string
		quoted             []string
	}{
		{"dated titles", titles, "list of 4 dated titles", []string{"The Minister receives", "26 February 2024"}},
		{"dated titles below a sentence", `<p>Here you find what the Ministry has released.</p>` + titles, "list of 4 dated titles", []string{"Here you find", "Valora opens the harbour"}},
		{"links", otherPages, "list of links", []string{"The Minister receives"}},
		{"a sentence without a date", `<p>` + condemns + `</p>` + otherPages, "list of links", []string{condemns, "The Minister receives"}},
		{"teasers", strings.Repeat(`<div><h3><a href="/n/1">Harbour opens</a></h3><p>28 February 2024</p><p>Valora and Ostmark open the harbour to ships of …</p></div><div><h3><a href="/n/2">Talks</a></h3><p>27 February 2024</p><p>The talks on fishing went on for a day and …</p></div>`, 4), "dated titles", []string{"Harbour opens", "Valora and Ostmark"}},
		{"what is gone", `<p>The page was not found on this site.</p>`, "article is gone", []string{"The page was not found"}},
	} {
		for _, shape := range fewWords {
			p := readFewWords(t, shape, "Press releases", "", test.text)
			if !strings.Contains(p.Refused, test.reason) {
				t.Errorf("%s: refused %q, not %q", test.name, p.Refused, test.reason)
			}
			for _, quoted := range test.quoted {
				if !strings.Contains(strings.Join(p.Problems, "\n"), quoted) {
					t.Errorf("%s: %q is not quoted: %q", test.name, quoted, p.Problems)
				}
			}
			if len(p.Account) == 0 {
				t.Errorf("%s: no account of what stands there", test.name)
			}
		}
	}
}

// TestHeadingsUnfold: the button in a heading controls what it unfolds.
func TestHeadingsUnfold(t *testing.T) {
	t.Parallel()
	for _, panel := range []string{
		`<h3><button aria-expanded="false" aria-controls="p">Article 1</button></h3><div id="p" style="display:none" aria-hidden="true"><p>The Parties agree.</p></div>`,
		`<h3><button data-bs-toggle="x" data-bs-target="#p">Article 1</button></h3><div id="p" hidden><p>The Parties agree.</p></div>`,
	} {
		for _, text := range []string{panel + `<p>` + sentence + `</p>`, `<p>` + sentence + `</p>` + panel} {
			p := readFewWords(t, fewWords[0], "The treaty of the strait", "5 March 2024", text)
			if body := richtext.Text(p.Body); !strings.Contains(body, "Article 1") || !strings.Contains(body, "The Parties agree.") {
				t.Errorf("%s %q", body, p.Problems)
			}
		}
	}
}

// TestDatesAmidWords: a day beside other words at the start of a text is of what happened
// then, where the page says in its metadata when it was published.
func TestDatesAmidWords(t *testing.T) {
	t.Parallel()
	for first, want := range map[string]string{
		`<p>Done at Port Almira on 5 March 2012, Ilva Moor</p>`: "2024-03-07",
		`<p>5 March 2012: Ilva Moor</p>`:                        "2024-03-07",
		`<p>Decree of 5 March 2012</p>`:                         "2024-03-07",
		`<p>Port Almira, 5 March 2024</p>`:                      "2024-03-05",
		`<p>Published on 5 March 2024 by the Ministry</p>`:      "2024-03-05",
		`<p>Tuesday, 5 March 2024</p>`:                          "2024-03-05",
	} {
		p, err := ReadPage("a.html", []byte(`<!DOCTYPE html><html lang="en"><head><title>The treaty</title><meta property="article:published_time" content="2024-03-07T10:00:00Z"></head><body><main><h1>The treaty of the strait</h1><div class="text">`+first+`<p>`+sentence+`</p><p>`+sentence+`</p></div></main></body></html>`), Options{Zone: time.UTC})
		if err != nil || !strings.HasPrefix(p.Date, want) {
			t.Errorf("%s: %s, not %s: %q %v", first, p.Date, want, p.Problems, err)
		}
	}
}

// TestDaysBetweenTitleAndText: a line there may say something of another day than the page's.
func TestDaysBetweenTitleAndText(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		`<h2 class="subtitle">Statement on the treaty of 1 May 1998</h2>`: "2024-03-07",
		`<p>Ilva Moor, Minister since 1 May 2020</p>`:                     "2024-03-07",
		`<p>Convention of 1 May 1998 on the strait</p>`:                   "2024-03-07",
		`<p>On 1 May 1998 the first treaty was signed.</p>`:               "2024-03-07",
		`<p>Port Almira, 5 March 2024 | Press release No 12</p>`:          "2024-03-05",
		`<p>Press release of the Ministry of 5 March 2024</p>`:            "2024-03-05",
		`<p>Published in Port Almira on 5 March 2024</p>`:                 "2024-03-05",
	} {
		p, err := ReadPage("a.html", []byte(`<!DOCTYPE html><html lang="en"><head><title>The treaty</title><meta property="article:published_time" content="2024-03-07T10:00:00Z"></head><body><main><h1>The treaty of the strait</h1>`+line+`<div class="text"><p>`+sentence+`</p><p>`+sentence+`</p></div></main></body></html>`), Options{Zone: time.UTC})
		if err != nil || !strings.HasPrefix(p.Date, want) {
			t.Errorf("%s: %s, not %s: %q %v", line, p.Date, want, p.Problems, err)
		}
	}
}

// TestTitlesBesideLabels: neither a label nor the site's name is a title, and no heading of a
// text is, which has its title in the head alone.
func TestTitlesBesideLabels(t *testing.T) {
	t.Parallel()
	const title = "Valora and Ostmark sign the treaty of the strait"
	for _, test := range []struct{ head, headings, below, want string }{
		{"News | MFA Valora", `<h1>News</h1><h2>` + title + `</h2>`, ``, title},
		{"Nachrichten - MFA", `<h1>Nachrichten</h1><h2>` + title + `</h2>`, ``, title},
		{"News", `<h1>News</h1>`, ``, "News"},
		{title + " | MFA Valora", `<h1>MFA Valora</h1><h3>` + title + `</h3>`, ``, title},
		{"MFA Valora - " + title, `<h1>MFA Valora</h1><h2>` + title + `</h2>`, ``, title},
		{title + " | MFA Valora", ``, `<h2>Background</h2><p>` + sentence + `</p>`, title},
		{title + " | MFA Valora", ``, `<h3>Annex</h3><ul><li>Ilva Moor</li></ul>`, title},
	} {
		p, err := ReadPage("a.html", []byte(`<!DOCTYPE html><html lang="en"><head><title>`+test.head+`</title></head><body><main>`+test.headings+`<p class="date">5 March 2024</p><div class="text"><p>`+sentence+`</p>`+test.below+`</div></main></body></html>`), Options{Zone: time.UTC})
		if err != nil || p.Title != test.want {
			t.Errorf("%s with %s: %q, not %q: %q %v", test.head, test.headings, p.Title, test.want, p.Problems, err)
		}
	}
}

// TestCrumbsTwice: the last step may be named twice, with the same address.
func TestCrumbsTwice(t *testing.T) {
	t.Parallel()
	for crumbs, want := range map[string]string{
		`<a href="/">Home</a> &gt; <a href="/s">Statements</a> &gt; <a href="/s">Statements</a>`: "Statements",
		`<a href="/">Home</a> &gt; <a href="/s">Statements</a> &gt; <a href="/t">Statements</a>`: "",
	} {
		p, err := ReadPage("a.html", []byte(`<!DOCTYPE html><html lang="en"><head><title>The treaty</title></head><body><nav class="breadcrumb">`+crumbs+`</nav><main><h1>The treaty of the strait</h1><p class="date">5 March 2024</p><p>`+sentence+`</p></main></body></html>`), Options{Zone: time.UTC})
		if err != nil || strings.Join(p.Section, " > ") != want {
			t.Errorf("%s: %q, not %q: %v", crumbs, p.Section, want, err)
		}
	}
}
