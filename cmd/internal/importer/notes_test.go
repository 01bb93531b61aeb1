package importer

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"communique/storage/press"
	"communique/storage/richtext"
)

// TestNotes: what a page has lost is told at its line of the file.
func TestNotes(t *testing.T) {
	t.Parallel()
	const text = "<p>The talks on the harbour went well, as the Minister said today in Port Almira.</p>\n"
	for _, tt := range []struct {
		name, body string
		want       []string
	}{
		{"nothing", text, nil},
		{"hidden words", text + "<p hidden>A</p>\n<p>" + text + "<p\nstyle='display:none'>B</p>", []string{
			"6: hidden text was dropped: A", "8: hidden text was dropped: B"}},
		{"hidden in more ways", text + "<p style='mso-hide:all'>Draft</p>\n<p><span style=visibility:hidden>B</span>Here it is</p>\n<p><font color=white>C</font>There it was</p>", []string{
			"6: hidden text was dropped: Draft", "7: hidden text was dropped: B", "8: hidden text was dropped: C"}},
		{"hidden between title and text", "<p hidden>A</p>\n<div class=article-body>" + text + "</div>", []string{"5: hidden text was dropped: A"}},
		{"not read aloud", text + "<p>It is <span aria-hidden=true>5 €</span> <b aria-hidden=true>›</b>.</p>", []string{
			"6: text that is not read aloud (aria-hidden) was dropped: 5 €"}},
		{"controls", text + "<p>Press <button>More</button></p>\n\n<select><option>A</select>", []string{
			"6: a control of a form was removed: More", "8: a control of a form was removed: A"}},
		{"a list to choose from", text + "<select><option>Alpha<option>Beta\n<optgroup><option>Gamma</select>", []string{"6: a control of a form was removed: Alpha, Beta, Gamma"}},
		{"a hidden list", text + "<ul hidden><li>Alpha<li>Beta</ul>", []string{"6: hidden text was dropped: Alpha Beta"}},
		{"links and pictures", text + "<p><a href='nowhere.html'>The annex</a></p>\n<p>And this <img src=b.jpg alt=b></p>", []string{
			"6: a link lost its address: nowhere.html", "7: an image without a usable address was removed: b.jpg"}},
		{"a frame", text + "\n<iframe src=https://video.example/1></iframe>", []string{"7: a frame was replaced by a link: https://video.example/1"}},
		{"frames beside each other", text + "<p><iframe src=https://video.example/1></iframe><iframe src=https://video.example/2></iframe>\n<video src=https://video.example/3></video></p>" + text, []string{
			"6: a frame was replaced by a link: https://video.example/1", "6: a frame was replaced by a link: https://video.example/2", "7: a video was replaced by a link: https://video.example/3"}},
		{"a frame outside of the text", text + "</article>\n<iframe src=https://video.example/1></iframe><article>", []string{"7: an embedded frame was removed: https://video.example/1"}},
		{"what looks like a tag", "<textarea><p hidden>" + text + "</textarea>" + text + "<select><noscript><p hidden></noscript></select>", []string{"5: a control of a form was removed: <p hidden><p>The talks on the harbour went well, as the Minister said today in…"}},
		{"formulas and drawings of Word", text + "<p>So <m:oMath><m:r><m:t>x</m:t></m:r></m:oMath>.</p>\n<p>Here<v:shape alt='A map'><v:imagedata src=image001.png o:title=Map></v:imagedata></v:shape> it is<o:p></o:p></p>", []string{
			"6: a formula of Word is shown as text", "7: a drawing of Word was left out: A map", "7: a picture of Word was left out: image001.png", "7: the title of a picture of Word was left out: Map"}},
		{"words that look like a tag", text + "<p>It fell to <two per cent> of GDP, said <NAME OF MINISTER>.</p>", []string{
			"6: what stands between angle brackets was read as a tag and left out: <two per cent>",
			"6: what stands between angle brackets was read as a tag and left out: <NAME OF MINISTER>"}},
	} {
		page := "<!DOCTYPE html><html lang=en><head><title>T</title></head>\r\n<body><article>\r<h1>The harbour of Almira</h1>\n<p>3 May 2026</p>\n" + tt.body + "</article></body></html>"
		p, err := ReadPage("a.html", []byte(page), Options{Zone: time.UTC})
		if err != nil || p.Refused != "" {
			t.Errorf("%s: %v %s", tt.name, err, p.Refused)
			continue
		}
		var got []string
		for _, n := range p.Notes {
			got = append(got, fmt.Sprintf("%d: %s", n.Line, n.What))
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		if tags := strings.Count(strings.Join(got, "\n"), richtext.ReadAsTag); tags != len(slices.DeleteFunc(p.Doubts, func(d Doubt) bool { return d.Reason != tagged })) {
			t.Errorf("%s: %d words read as tags, doubts %+v", tt.name, tags, p.Doubts)
		}
		if strings.Contains(string(p.Body)+p.Title+p.Lead, positionMark) {
			t.Errorf("%s: marks in %s", tt.name, p.Body)
		}
	}
}

// TestNotesOfSavedTexts: these have lines, too, and titles with blanks that hold.
func TestNotesOfSavedTexts(t *testing.T) {
	t.Parallel()
	at, err := url.Parse("https://old.mfa.example/a")
	if err != nil {
		t.Fatal(err)
	}
	p, err := ReadPage("a.txt", []byte("# Aid of 10\u00a0000\u00a0€\n\n3 May 2026\n\nThe aid is on its way.\nIt is [here](ftp://x/y).\n"), Options{Zone: time.UTC, Language: "en", SourceURL: at})
	if err != nil {
		t.Fatal(err)
	}
	if p.Title != "Aid of 10\u00a0000\u00a0€" || p.formerTitle() != "Aid of 10 000 €" {
		t.Errorf("title %q, formerly %q", p.Title, p.formerTitle())
	}
	if len(p.Notes) != 1 || p.Notes[0].Line != 6 {
		t.Errorf("notes %v", p.Notes)
	}
}

// TestNotesOfLines: what a title or a lead has lost is told, too.
func TestNotesOfLines(t *testing.T) {
	t.Parallel()
	const page = "<!DOCTYPE html><html lang=en><head><title>T</title></head><body><article>\n<h1>The harbour of <CITY NAME> grows</h1>\n<p class=lead>Aid of <two per cent> of all that is earned.</p><p>3 May 2026</p>\n<p>The talks on the harbour went well, as the Minister said today in Port Almira.</p></article></body></html>"
	p, err := ReadPage("a.html", []byte(page), Options{Zone: time.UTC})
	if err != nil || p.Refused != "" {
		t.Fatal(err, p.Refused)
	}
	want := []richtext.Note{
		{Line: 2, What: richtext.ReadAsTag + ": <CITY NAME>"},
		{Line: 3, What: richtext.ReadAsTag + ": <two per cent>"},
	}
	if diff := cmp.Diff(want, p.Notes, cmpopts.IgnoreUnexported(richtext.Note{})); diff != "" {
		t.Errorf("title %q, lead %q, notes (-want +got):\n%s", p.Title, p.Lead, diff)
	}
}

// TestLostOfLines: a control in a title and a link in a lead are told, also by a profile.
func TestLostOfLines(t *testing.T) {
	t.Parallel()
	const page = `<!DOCTYPE html><html lang=en><head><title>T</title></head><body><article><h1>The harbour grows <button>Copy it</button><i><input value="Find"></i></h1>
<p class=lead>Aid of <a href="https://aid.example/">ten millions</a> in all, said the Minister.</p><p class=date>3 May 2026</p>
<div class=text><p>The talks on the harbour went well, as the Minister said today in Port Almira.</p></div></article></body></html>`
	ps, err := ParseProfiles("p.yaml", []byte("profiles:\n  - {title: {select: h1}, date: {select: .date, formats: [D month YYYY]}, lead: .lead, body: .text}\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range []Options{{Zone: time.UTC}, {Zone: time.UTC, Profiles: ps}} {
		p, err := ReadPage("a.html", []byte(page), o)
		if err != nil || p.Refused != "" {
			t.Fatal(err, p.Refused)
		}
		got := strings.Join(p.Problems, "\n")
		for _, want := range []string{"Copy it", "a field of a form was removed: Find", "a link was left out: https://aid.example/"} {
			if !strings.Contains(got, want) {
				t.Errorf("profiles %t: %q is not told: %s", o.Profiles != nil, want, got)
			}
		}
	}
}

// TestHiddenInLines: what a title or a lead hides is no part of it, and a page of light
// type on dark paper is read.
func TestHiddenInLines(t *testing.T) {
	t.Parallel()
	const page = `<!DOCTYPE html><html lang=en><head><title>T</title><style>.away{left:-999em} .pale{color:#000} body{background:#000;color:#fff}</style></head><body bgcolor=black text=white><article>
<h1>The harbour <span class=away>old</span> grows</h1><p class=lead>Aid of <i class=pale>no</i> ten millions in all.</p><p>3 May 2026</p>
<p><font color="#ffffff">The talks on the harbour went well, as the Minister said today in Port Almira.</font></p></article></body></html>`
	p, err := ReadPage("a.html", []byte(page), Options{Zone: time.UTC})
	if err != nil || p.Refused != "" {
		t.Fatal(err, p.Refused)
	}
	if p.Title != "The harbour grows" || p.Lead != "Aid of ten millions in all." || !strings.Contains(string(p.Body), "The talks") {
		t.Errorf("title %q, lead %q, body %s", p.Title, p.Lead, p.Body)
	}
	if got := strings.Join(p.Problems, "\n"); !strings.Contains(got, "hidden text was dropped: old") || !strings.Contains(got, "hidden text was dropped: no") {
		t.Errorf("problems %s", got)
	}
}

// TestShownTexts: lead, caption, credit and alternative text of a page say what its
// readers read, and what they were formerly is known.
func TestShownTexts(t *testing.T) {
	t.Parallel()
	const page = `<!DOCTYPE html><html lang=en><head><title>T</title></head><body><article><h1>The harbour of Almira</h1>
<p class=lead>Aid of 10&nbsp;000&nbsp;€ for 10<sup>6</sup> people, <span style='text-decoration:line-through'>two</span> three<sup><a href="#f1">1</a></sup> times.</p><p>3 May 2026</p>
<p>The talks on the harbour went well, as the Minister said today in Port Almira.</p><p>They go on.</p>
<figure class=image><img src="https://old.mfa.example/a.jpg"><figcaption>Over 10<sup>6</sup>&nbsp;m<sup>2</sup><br><span class=credit>©&nbsp;A. Photographer</span></figcaption></figure>
<p>And it ends here.</p></article></body></html>`
	p, err := ReadPage("a.html", []byte(page), Options{Zone: time.UTC})
	if err != nil || p.Refused != "" {
		t.Fatal(err, p.Refused)
	}
	if want := "Aid of 10\u00a0000\u00a0€ for 10⁶ people, three times."; p.Lead != want {
		t.Errorf("lead %q, want %q", p.Lead, want)
	}
	if want := "<figcaption>Over 10<sup>6</sup>\u00a0m<sup>2</sup></figcaption>"; !strings.Contains(string(p.Body), want) {
		t.Errorf("body %s, want %s", p.Body, want)
	}
	if len(p.Images) != 1 || p.Images[0].Alt != "Over 10⁶\u00a0m²" || p.Images[0].Credit != "©\u00a0A. Photographer" {
		t.Errorf("pictures %+v", p.Images)
	}
	d := p.Former(press.Draft{Title: p.Title, Lead: p.Lead, Body: p.Body, Images: p.Images})
	if d.Lead != "Aid of 10 000 € for 106 people, two three1 times." || !strings.Contains(string(d.Body), "<figcaption>Over 106 m2 © A. Photographer</figcaption>") {
		t.Errorf("formerly lead %q, body %s", d.Lead, d.Body)
	}
}

// TestLinksWithinAPage: a link to a place in the text is kept, whether it names the page or
// not, and nothing else is said of it.
func TestLinksWithinAPage(t *testing.T) {
	t.Parallel()
	const page = `<!DOCTYPE html><html lang=en><head><title>T</title><link rel=canonical href=https://mfa.example/news/harbour></head>
<body><article><h1>The harbour of Almira</h1><p>3 May 2026</p>
<p>The talks on the harbour went well, as the Minister said today in Port Almira.</p>
<h2 id=a%b>Part</h2>
<p>See <a href=https://mfa.example/news/harbour#a%b>this</a>, <a href=#a%b>that</a> and <a href=https://mfa.example/news/other#a%b>another</a>.</p>
<p>See <a href=https://mfa.example/news/harbour#c>none</a>.</p></article></body></html>`
	p, err := ReadPage("a.html", []byte(page), Options{Zone: time.UTC})
	if err != nil || p.Refused != "" {
		t.Fatal(err, p.Refused)
	}
	want := []richtext.Note{{Line: 6, What: "a link leads to nothing, because no place in the text has that id: #c"}}
	if diff := cmp.Diff(want, p.Notes, cmpopts.IgnoreUnexported(richtext.Note{})); diff != "" {
		t.Errorf("notes (-want +got):\n%s\n%s", diff, p.Body)
	}
}
