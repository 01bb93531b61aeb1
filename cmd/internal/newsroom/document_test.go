package newsroom

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"communique/storage/press"
)

// reader is a desk that only reads.
func reader(t testing.TB) Desk {
	return Desk{Zone: berlin(t), Language: "fr", Site: press.Site{Base: "https://mfa.valora.example"}}
}

// picture is a PNG file of a size.
func picture(t testing.TB, size int) *fstest.MapFile {
	t.Helper()
	var file bytes.Buffer
	if err := png.Encode(&file, image.NewGray(image.Rect(0, 0, size, size))); err != nil {
		t.Fatal(err)
	}
	return &fstest.MapFile{Data: file.Bytes()}
}

func TestRead(t *testing.T) {
	t.Parallel()
	text := "---\r\n" + `title: "The Minister: a visit to Port Almira"
section: The Ministry > The Minister > Activities
language: EN-gb
published: 2026-03-01 14:30
lead: >
  Two days of talks
  on the harbour.
tags: [visit, harbour, visit]
images:
  - src: pier.png
    alt: The new pier at dawn
    caption: The pier, *finished* in March
    credit: A. Photographer
    terms: CC BY 4.0
    focus: [-0.25, 1]
  - {src: 'https://a.example/b.png', alt: A plan}
translation_of: abcdefghij234567
---

The minister met [her guest](/fr/guest/).
`
	got, err := reader(t).Read("visit.md", []byte(text), fstest.MapFS{"pier.png": picture(t, 16)})
	if err != nil || len(got.Pictures) != 1 {
		t.Fatalf("%d pictures (%v)", len(got.Pictures), err)
	}
	want := Document{
		File: "visit.md", Title: "The Minister: a visit to Port Almira", Section: "The Ministry > The Minister > Activities", Language: "en-GB",
		Published: time.Date(2026, 3, 1, 13, 30, 0, 0, time.UTC), Precision: press.ToTheMinute, Local: "2026-03-01 14:30",
		Lead: "Two days of talks on the harbour.", Tags: []string{"visit", "harbour"},
		Images: []press.Image{{
			Src: "https://mfa.valora.example/media/" + got.Pictures[0].Name(), Alt: "The new pier at dawn",
			Caption: "The pier, *finished* in March", Credit: "A. Photographer", Terms: "CC BY 4.0", Focus: &press.Focus{-0.25, 1},
		}, {Src: "https://a.example/b.png", Alt: "A plan"}},
		TranslationOf: "abcdefghij234567",
		Body:          `<p>The minister met <a href="https://mfa.valora.example/fr/guest/">her guest</a>.</p>`,
		Notes:         []Note{{13, "marks stand in the caption of image 1 as they were typed: *finished* in March"}},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Document{}), cmpopts.IgnoreFields(Document{}, "Pictures"), cmpopts.EquateApproxTime(0)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if p := got.Problem("section", "no such section"); p.Error() != "visit.md:3: section: no such section" {
		t.Errorf("Problem = %v", p)
	}
}

// TestDateOfADayWithoutMidnight: where the clocks go forward at midnight, a date
// without a time is still of its own day.
func TestDateOfADayWithoutMidnight(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("America/Santiago")
	if err != nil {
		t.Fatal(err)
	}
	got, err := Desk{Zone: zone}.Read("visit.md", []byte("---\ntitle: A\nsection: b\nlanguage: es\npublished: 2026-09-06\n---\nText.\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if want := "2026-09-06T01:00:00-03:00"; got.Published.In(zone).Format(time.RFC3339) != want || got.Precision != press.ToTheDay {
		t.Errorf("got %s to the %s, want %s", got.Published.In(zone).Format(time.RFC3339), got.Precision, want)
	}
}

// TestMarksInFields: nothing is read as Markdown in the front matter, which is told.
func TestMarksInFields(t *testing.T) {
	t.Parallel()
	text := "---\ntitle: A *new* treaty\nsection: b\ntags:\n  - a\n  - '**b**'\nlead: >\n  On 3~5 May, see\n  [the annex](https://a.example/)\nimages:\n  - {src: 'https://a.example/b.png', alt: 'A _plan_', credit: R&amp;D, terms: CC BY 4.0}\n  - src: https://a.example/c.png\n    alt: >\n      One and\n      *two*\n    terms: '**c**'\n---\nText with **marks**.\n"
	got, err := reader(t).Read("a.md", []byte(text), nil)
	want := []Note{
		{2, "marks stand in the title as they were typed: *new* treaty"},
		{6, "marks stand in the tags as they were typed: **b**"},
		{7, "marks stand in the lead as they were typed: [the annex](https://a.example/)"},
		{11, "marks stand in the alt of image 1 as they were typed: _plan_"},
		{11, "marks stand in the credit of image 1 as they were typed: &amp;D"},
		{13, "marks stand in the alt of image 2 as they were typed: *two*"},
		{16, "marks stand in the terms of image 2 as they were typed: **c**"},
	}
	if diff := cmp.Diff(want, got.Notes); err != nil || diff != "" {
		t.Errorf("%v, notes (-want +got):\n%s", err, diff)
	}
}

func TestReadProblems(t *testing.T) {
	t.Parallel()
	with := func(lines string) string { return "---\ntitle: A\nsection: b\n" + lines + "---\nText.\n" }
	for _, tt := range []struct {
		name, text string
		nowhere    bool // no zone is configured
		want       string
	}{
		{"empty", " \n", false, "a.md: the file is empty"},
		{"over-long", strings.Repeat("x", MaxDocument+1), false, "a.md: the file is larger than 4 MiB"},
		{"a character that cannot be shown", "---\ntitle: 3\u00965 May\n---\nx", false, "a.md:2: the character U+0096 cannot be shown: write – if that was meant"},
		{"one in the text", "---\ntitle: A\nsection: news\n---\na\n\nb\u0007", false, "a.md:7: the character U+0007 cannot be shown"},
		{"one that is escaped", "---\ntitle: \"3\\x965 May\"\nsection: news\n---\nx", false, "a.md:2: title: the character U+0096 cannot be shown"},
		{"not UTF-8", "---\ntitle: caf\xe9\n---\nx", false, "a.md:2: the text is not UTF-8"},
		{"no front matter", "# Title\n", false, "a.md:1: the front matter is missing"},
		{"open front matter", "---\ntitle: A\n", false, "a.md:1: the front matter is missing"},
		{"no YAML", "---\ntitle: [\n---\nx", false, "a.md:2: title: a text that begins with [ stands in quotation marks: write title: \"[\""},
		{"no mapping", "---\n- a\n---\nx", false, "a.md:2: the front matter is not a list of fields"},
		{"no title", "---\nsection: b\n---\nx", false, "a.md:1: title: it is missing"},
		{"empty title", "---\ntitle: \nsection: b\n---\nx", false, "a.md:2: title: it is empty"},
		{"no section", "---\ntitle: A\n---\nx", false, "a.md:1: section: it is missing"},
		{"unknown field", with("autor: x\n"), false, "a.md:4: autor: there is no such field"},
		{"field twice", with("lead: x\nlead: y\n"), false, "a.md:5: "},
		{"over-long front matter", with("lead: " + strings.Repeat("x", maxFrontMatter) + "\n"), false, "a.md:1: the front matter is larger than 64 KiB"},
		{"offset", with("published: 2026-03-01T14:30:00+14:01\n"), false, "a.md:4: published: +14:01 is not the offset of a zone"},
		{"minutes of an offset", with("published: 2026-03-01T14:30:00+01:60\n"), false, "a.md:4: published: +01:60 is not the offset of a zone"},
		{"tag", with("tags: [[a]]\n"), false, "a.md:4: tags: every tag must be a text"},
		{"images", with("images: pier.jpg\n"), false, "a.md:4: images: it must be a list of images"},
		{"image", with("images: [pier.jpg]\n"), false, "a.md:4: images: image 1: it must have src and alt"},
		{"image without src", with("images: [{alt: x}]\n"), false, "a.md:4: images: image 1: src is missing"},
		{"image address", with("images: [{src: 'https://a b', alt: x}]\n"), false, "a.md:4: images: image 1: src"},
		{"picture in the text", with("") + "![x](x.jpg)", false, "a.md:6: a picture in the text: x.jpg should be beside the document"},
		{"language", with("language: english!\n"), false, "a.md:4: language: "},
		{"date", with("published: yesterday\n"), false, `a.md:4: published: "yesterday" is not a date`},
		{"a year of Thailand", with("published: 2570-03-01 14:30\n"), false, `a.md:4: published: "2570-03-01 14:30" is in a year of the Buddhist calendar: write the day of the common calendar, which is probably 2027-03-01 14:30`},
		{"a year of Iran", with("published: 1404-12-10\n"), false, `a.md:4: published: "1404-12-10" is in a year of the calendar of Iran: write the day of the common calendar, which is probably 2026-03-01`},
		{"a year of Nepal", with("published: 2083-08-10\n"), false, `a.md:4: published: "2083-08-10" is in a year of the calendar of Nepal: write the day of the common calendar, which is probably 2026-11-26 or a day`},
		{"a year of Islam", with("published: 1448-06-16\n"), false, `a.md:4: published: "1448-06-16" is in a year of the Islamic calendar: write the day of the common calendar, which is probably 2026-11-27 or a day`},
		{"a year of Taiwan", with("published: 115-11-26\n"), false, `a.md:4: published: "115-11-26" is in a year of the calendar of the Republic of China: write the day of the common calendar, which is probably 2026-11-26`},
		{"a year of Taiwan with a zero", with("published: 0115/11/26\n"), false, `a.md:4: published: "0115/11/26" is in a year of the calendar of the Republic of China`},
		{"a year of Israel", with("published: 5787-03-01\n"), false, `a.md:4: published: "5787-03-01" is in a year of the Hebrew calendar`},
		{"a year of Thailand in its digits", with("published: ๒๕๗๐-๐๓-๐๑\n"), false, `a.md:4: published: "๒๕๗๐-๐๓-๐๑" is in a year of the Buddhist calendar: write the day of the common calendar, which is probably 2027-03-01`},
		{"digits of another script", with("published: ٢٠٢٦-١١-٢٦ ١٠:٠٠\n"), false, `a.md:4: published: "٢٠٢٦-١١-٢٦ ١٠:٠٠" is in digits of another script: write 2026-11-26 10:00`},
		{"day that does not exist", with("published: 2026-02-30\n"), false, "a.md:4: published: 2026-02-30 does not exist"},
		{"hour that does not exist", with("lead: x\npublished: 2026-03-29 02:30\n"), false, "a.md:5: published: the time 02:30 did not exist on 2026-03-29 in Europe/Berlin"},
		{"date of a program that knows none", with("published: 0001-01-01T00:00:00Z\n"), false, "a.md:4: published: 0001-01-01T00:00:00Z is not the date of a statement"},
		{"second part", with("--- # when\npublished: 2030-01-01\n"), false, "a.md:4: the front matter has a second part"},
		{"no zone", with("language: en\npublished: 2026-03-01 14:30\n"), true, "a.md:5: published: the date 2026-03-01 has no zone and none is configured"},
		{"tags", with("tags: visit\n"), false, "a.md:4: tags: it must be a list"},
		{"image without alt", with("images:\n  - src: https://a.example/x.jpg\n"), false, "a.md:4: images: image 1: alt is missing"},
		{"relative image", with("images:\n  - {src: x.jpg, alt: x}\n"), false, "a.md:4: images: image 1: x.jpg should be beside the document"},
		{"image outside", with("images:\n  - {src: '..%2Fx.jpg', alt: x}\n"), false, "a.md:4: images: image 1: src \"..%2Fx.jpg\" is not the name of a file beside the document"},
		{"image text", with("images:\n  - {src: 'https://a.example/x', alt: x, credit: [x]}\n"), false, "a.md:4: images: image 1: credit must be a text"},
		{"image twice", with("images:\n  - {src: 'https://a.example/x', alt: x}\n  - {src: 'https://a.example/y', alt: x, alt: y}\n"), false, "a.md:6: \"alt\" is here a second time"},
		{"image focus", with("images:\n  - {src: 'https://a.example/x', alt: x, focus: [0, 1.5]}\n"), false, "a.md:4: images: image 1: focus must be two numbers between -1 and 1"},
		{"image focus of one", with("images:\n  - {src: 'https://a.example/x', alt: x, focus: [0]}\n"), false, "a.md:4: images: image 1: focus must be two numbers"},
		{"image focus in words", with("images:\n  - {src: 'https://a.example/x', alt: x, focus: left}\n"), false, "a.md:4: images: image 1: focus must be two numbers"},
		{"image field", with("images:\n  - {source: x.jpg}\n"), false, `a.md:4: images: image 1: there is no field "source"`},
		{"image scheme", with("images:\n  - {src: 'ftp://a.example/x', alt: x}\n"), false, "a.md:4: images: image 1: src"},
		{"a kind in words", with("kind: Press release\n"), false, `a.md:4: kind: "Press release" is no kind: kinds have small letters`},
		{"contacts", with("contacts: press@mfa.example\n"), false, "a.md:4: contacts: it must be a list of contacts"},
		{"contact field", with("contacts:\n  - name: Rosa Vale\n    phone: 555 0100\n"), false, `a.md:6: contacts: contact 1: there is no field "phone": the fields are name, role, telephone, email`},
		{"nobody to ask", with("contacts:\n  - {email: press@mfa.example}\n"), false, "a.md:5: contacts: contact 1: one has neither name nor role"},
		{"no way to ask", with("contacts:\n  - {name: Desk, email: d@mfa.example}\n  - {name: Rosa Vale}\n"), false, "a.md:6: contacts: contact 2: Rosa Vale has neither telephone nor email"},
		{"no number", with("contacts: [{name: Rosa Vale, telephone: see below}]\n"), false, `a.md:4: contacts: contact 1: "see below" is not a telephone number`},
		{"a field of a contact in front", with("contacts:\n  - name: Rosa Vale\nemail: rosa@mfa.example\n"), false, "a.md:6: contacts: the fields of a contact stand below each other: write     email: rosa@mfa.example"},
		{"a note with a colon", with("notes_to_editors:\n  - The place: Almira\n"), false, `a.md:5: notes_to_editors: a text with a colon stands in quotation marks: write   - "The place: Almira"`},
		{"a note in a map", with("notes_to_editors: [[a]]\n"), false, "a.md:4: notes_to_editors: every note must be a text"},
		{"no text", "---\ntitle: A\nsection: b\n---\n\n", false, "a.md:5: there is no text"},
		{"value of another type", with("lead: [a]\n"), false, `a.md:4: lead: a text that begins with [ stands in quotation marks: write lead: "[a]"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			desk := reader(t)
			if tt.nowhere {
				desk = Desk{}
			}
			_, err := desk.Read("a.md", []byte(tt.text), nil)
			var p *Problem
			if !errors.As(err, &p) || !errors.Is(err, press.ErrInvalid) || !strings.HasPrefix(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %v, want %s…", err, tt.want)
			}
		})
	}
}

// TestParticulars: what stands beside the text is read as it is written.
func TestParticulars(t *testing.T) {
	t.Parallel()
	want := press.Particulars{
		Kind: "press-release", Place: "Port Almira", NotesToEditors: []string{"The text is of 2026.", "It is open # to others."},
		Contacts: []press.Contact{{Name: "Rosa Vale", Role: "Press Office", Telephone: "+351 21 555 0100", Email: "rosa@mfa.example"}, {Role: "Night desk", Telephone: "021 5550199"}},
	}
	contacts := "contacts:\n  - name: Rosa Vale\n    role: Press Office\n    telephone: +351 21 555 0100\n    email: rosa@mfa.example\n  - {role: Night desk, telephone: 021 5550199}\n"
	for name, notes := range map[string]string{
		"a list":          "notes_to_editors:\n  - The text is of 2026.\n  - It is open # to others.\n",
		"a list in a row": "notes_to_editors: [The text is of 2026., \"It is open # to others.\"]\n",
		"lines":           "notes_to_editors: |\n  The text is of 2026.\n\n  It is open # to others.\n",
	} {
		got, err := reader(t).Read("a.md", []byte("---\ntitle: A\nsection: b\nkind: press-release\nplace: Port Almira\n"+contacts+notes+"---\nText.\n"), nil)
		if diff := cmp.Diff(want, got.Particulars); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
}

func TestReadDates(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ in, want string }{
		{"2026-03-01T14:30:00+08:00", "2026-03-01T06:30:00Z second"},
		{"2026-03-01T14:30:00Z", "2026-03-01T14:30:00Z second"},
		{"2026-03-01T14:30:00.123-03:30", "2026-03-01T18:00:00Z second"},
		{"2026-03-01 14:30", "2026-03-01T13:30:00Z minute"},
		{"2026-07-01", "2026-06-30T22:00:00Z day"},
		{"'2026-07-01 00:00'", "2026-06-30T22:00:00Z minute"},
	} {
		d, err := reader(t).Read("a.md", []byte("---\ntitle: A\nsection: b\npublished: "+tt.in+"\n---\nText.\n"), nil)
		if got := d.Published.UTC().Format(time.RFC3339) + " " + string(d.Precision); err != nil || got != tt.want {
			t.Errorf("%s: %s (%v), want %s", tt.in, got, err, tt.want)
		}
	}
}

// TestNothingLeft: a text of which nothing can be shown is refused with what became of it.
func TestNothingLeft(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ in, want string }{
		{"", "a.md:5: there is no text after the front matter"},
		{"\n<math><mi>x</mi></math>", "a.md:6: nothing is left of the text that a reader would see: a formula was removed"},
		{"<p hidden>secret</p>", "a.md:5: nothing is left of the text that a reader would see: hidden text was dropped: secret"},
		{`<img alt="map">`, "a.md:5: nothing is left of the text that a reader would see: an image without a usable address was removed: map"},
		{"<!-- a -->", "a.md:5: no reader would see anything of the text"},
	} {
		d, err := reader(t).Read("a.md", []byte("---\ntitle: A\nsection: b\n---\n"+tt.in), nil)
		if err == nil && d.refused != nil {
			err = d.refused
		}
		if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%q: %v, want %s…", tt.in, err, tt.want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("---\ntitle: A\nsection: b\npublished: 2026-03-01\ntags: [a, b]\nimages:\n  - {src: 'https://a.example/x', alt: x, caption: y, focus: [0, -1e-1]}\n---\nText *x*.\n"))
	f.Add([]byte("---\ntitle: &a [*a]\n---\n"))
	f.Add([]byte("---\n? a\n: b\n---\nx"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		d, err := Desk{Zone: time.UTC, Language: "en"}.Read("a.md", raw, nil)
		if err == nil && (d.Title == "" || d.Section == "" || d.Body == "" && d.refused == nil) {
			t.Errorf("an incomplete document came without an error: %+v", d)
		}
		var p *Problem
		if err != nil && !errors.As(err, &p) {
			t.Errorf("%v is no *Problem", err)
		}
	})
}

// TestPicturesInTheText: a picture that only the text names is served like one
// of the front matter, whatever its name begins with; one that is not there is
// an error and not a hole in the page.
func TestPicturesInTheText(t *testing.T) {
	t.Parallel()
	beside := fstest.MapFS{
		"arms.png": picture(t, 16), "arms.png.png": picture(t, 24), "coat & arms.png": picture(t, 32),
		"notes.png": &fstest.MapFile{Data: []byte("Not a picture.")}, "folder": &fstest.MapFile{Mode: fs.ModeDir},
	}
	text := "![One](arms.png) ![Two](arms.png.png)\n\n![Three](<coat & arms.png>) [a page](en/) [large](arms.png)\n"
	doc, err := reader(t).Read("arms.md", []byte("---\ntitle: Arms\nsection: b\nimages: [{src: arms.png, alt: The arms}]\n---\n"+text), beside)
	if err != nil {
		t.Fatal(err)
	}
	if len(doc.Pictures) != 3 {
		t.Fatalf("%d pictures were read, want 3: each once", len(doc.Pictures))
	}
	src := func(i int) string { return "https://mfa.valora.example/media/" + doc.Pictures[i].Name() }
	want := press.HTML(`<p><img src="` + src(0) + `" alt="One"/> <img src="` + src(1) + `" alt="Two"/></p>` + "\n" +
		`<p><img src="` + src(2) + `" alt="Three"/> <a href="https://mfa.valora.example/en/">a page</a> <a href="` + src(0) + `">large</a></p>`)
	if diff := cmp.Diff(want, doc.Body); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for name, want := range map[string]string{
		"none.png":  "arms.md:5: a picture in the text: none.png beside the document: file does not exist",
		"notes.png": "arms.md:5: a picture in the text: notes.png: ",
	} {
		_, err := reader(t).Read("arms.md", []byte("---\ntitle: Arms\nsection: b\n---\n![One]("+name+")\n"), beside)
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, want %s…", name, err, want)
		}
	}
}
