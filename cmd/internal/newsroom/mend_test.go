package newsroom

import (
	"errors"
	"strings"
	"testing"

	"communique/storage/press"
)

// read reads front matter with a title and a section that stand, and some lines more.
func readMatter(t *testing.T, lines string) (Document, error) {
	t.Helper()
	if !strings.Contains(lines, "title") {
		lines = "title: A\n" + lines
	}
	return reader(t).Read("a.md", []byte("---\nsection: b\n"+lines+"\n---\nText.\n"), nil)
}

// TestNothingIsCutFromAValue: a # is a letter, a tab is a space, on one line or
// several.
func TestNothingIsCutFromAValue(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ lines, want string }{
		{"title: Statement on Resolution #2334", "Statement on Resolution #2334"},
		{"title: Resolution\t#2334", "Resolution #2334"},
		{"title: '#2334 stands'", "#2334 stands"},
		{"title: The Minister's answer to #1", "The Minister's answer to #1"},
		{"title: Resolution#2334", "Resolution#2334"},
		{"title: Joint\tstatement", "Joint statement"},
		{"title:\tJoint\tstatement\t", "Joint statement"},
		{"title: 'Joint\tstatement'", "Joint statement"},
		{"title: Joint\n  statement #1\n  of\ttwo", "Joint statement #1 of two"},
		{"title:\n  Joint statement #1", "Joint statement #1"},
		{"title: >\n  Joint # statement\n  of\ttwo", "Joint # statement of two"},
		{"title: \"Joint # statement\n  # of two\"", "Joint # statement # of two"},
		{"# title: B\ntitle: A # one", "A # one"},
		{"title: It’s “signed”", "It’s “signed”"},
		{"title: a \"quoted\" word, a 'second' [one] & {more}", "a \"quoted\" word, a 'second' [one] & {more}"},
		{"title: 10:30 in Port Almira", "10:30 in Port Almira"},
		{"title: \"Visit: day one\"", "Visit: day one"},
		{"'title': 2026", "2026"},
	} {
		d, err := readMatter(t, tt.lines)
		if err != nil || d.Title != tt.want {
			t.Errorf("%q: %q (%v), want %q", tt.lines, d.Title, err, tt.want)
		}
	}
	d, err := readMatter(t, "lead: Lead #1 of the text\ntags:\n  - sea #2\n  - harbour\tdues\nimages:\n  - src: https://a.example/x.jpg\n    alt: Pier #3\n    caption: It's pier #3\n    credit: |\n      A # B\n  - {src: 'https://a.example/y.jpg',\talt: a\tpier}\ntranslation_of: abcdefghij234567 ")
	if err != nil {
		t.Fatal(err)
	}
	for _, got := range []struct{ what, got, want string }{
		{"lead", d.Lead, "Lead #1 of the text"}, {"tags", strings.Join(d.Tags, "|"), "sea #2|harbour dues"},
		{"alt", d.Images[0].Alt, "Pier #3"}, {"caption", d.Images[0].Caption, "It's pier #3"}, {"credit", d.Images[0].Credit, "A # B"},
		{"alt in brackets", d.Images[1].Alt, "a pier"}, {"translation_of", d.TranslationOf, "abcdefghij234567"},
	} {
		if got.got != got.want {
			t.Errorf("%s: %q, want %q", got.what, got.got, got.want)
		}
	}
}

// TestMendedLines: a line that YAML reads otherwise than it is meant, or not at all, is
// shown as it should be, and what is shown is read.
func TestMendedLines(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, lines string
		line        int
		mended      string
		title       string // of what is shown, if it is a title
	}{
		{"a colon", "title: Harbour: the treaty", 3, `title: "Harbour: the treaty"`, "Harbour: the treaty"},
		{"a colon at the end", "title: The harbour:", 3, `title: "The harbour:"`, "The harbour:"},
		{"a colon on the second line", "title: The harbour\n  in winter: closed", 3, `title: "The harbour in winter: closed"`, "The harbour in winter: closed"},
		{"a colon behind a tab", "title: Harbour:\tclosed", 3, `title: "Harbour: closed"`, "Harbour: closed"},
		{"a colon and quotation marks", `title: On "peace": a speech`, 3, `title: 'On "peace": a speech'`, `On "peace": a speech`},
		{"a colon, quotation marks and an apostrophe", `title: The Minister's "peace": a speech`, 3, `title: 'The Minister''s "peace": a speech'`, `The Minister's "peace": a speech`},
		{"a quotation at the beginning", `title: "Peace" is signed`, 3, `title: '"Peace" is signed'`, `"Peace" is signed`},
		{"two quotations", `title: "Peace" and "bread"`, 3, `title: '"Peace" and "bread"'`, `"Peace" and "bread"`},
		{"an apostrophe between marks", "title: 'It's signed'", 3, `title: "It's signed"`, "It's signed"},
		{"a quotation between marks", `title: "He said "no""`, 3, `title: 'He said "no"'`, `He said "no"`},
		{"no closing mark", `title: "Peace is signed`, 3, `title: "Peace is signed"`, "Peace is signed"},
		{"no closing mark, and a doubled one", "title: 'It''s signed", 3, `title: "It's signed"`, "It's signed"},
		{"no closing mark, a doubled one and a colon", "title: 'It''s: signed", 3, `title: "It's: signed"`, "It's: signed"},
		{"no closing mark, and one behind a backslash", `title: "The \"peace\" is signed`, 3, `title: 'The "peace" is signed'`, `The "peace" is signed`},
		{"a closing mark behind a backslash", `title: "C:\press\"`, 3, `title: 'C:\press\'`, `C:\press\`},
		{"a backslash", `title: "\q"`, 3, `title: '\q'`, `\q`},
		{"a backslash and an escaped mark", `title: "\q says \"no\""`, 3, `title: '\q says "no"'`, `\q says "no"`},
		{"a backslash and an apostrophe", `title: "The minister's \q"`, 3, `title: 'The minister''s \q'`, `The minister's \q`},
		{"no closing mark, and more", "title: 'Peace\nlead: It's signed", 3, `title: "Peace"`, "Peace"},
		{"a note behind the marks", `title: "Peace" # of 2026`, 3, `title: '"Peace" # of 2026'`, `"Peace" # of 2026`},
		{"a bracket at the beginning", "title: [Draft] Peace", 3, `title: "[Draft] Peace"`, "[Draft] Peace"},
		{"emphasis", "title: *Peace* is signed", 3, `title: "*Peace* is signed"`, "*Peace* is signed"},
		{"a handle", "title: @ministry moves", 3, `title: "@ministry moves"`, "@ministry moves"},
		{"per cent", "title: %5 of it", 3, `title: "%5 of it"`, "%5 of it"},
		{"greater", "title: > 5 percent", 3, `title: "> 5 percent"`, "> 5 percent"},
		{"a dash", "title: - Peace", 3, `title: "- Peace"`, "- Peace"},
		{"a dash and a tab", "title: -\tPeace", 3, `title: "- Peace"`, "- Peace"},
		{"a hash", "title: #2334", 3, `title: "#2334"`, "#2334"},
		{"no space", "title:Peace", 3, "title: Peace", "Peace"},
		{"no space, a colon", "title:Peace: signed", 3, `title: "Peace: signed"`, "Peace: signed"},
		{"a colon of another script", "title：和平", 3, "title: 和平", "和平"},
		{"a space of another kind", "title\u00a0: Paix", 3, "title: Paix", "Paix"},
		{"an equals sign", "title = Peace", 3, "title: Peace", "Peace"},
		{"a line of a comment below", "title: Peace\n  # of 2026", 4, `title: "Peace # of 2026"`, "Peace # of 2026"},
		{"an open list", "tags: [visit, trade", 4, "tags: [visit, trade]", ""},
		{"an open list and a field", "tags: [visit,\nlead: x", 4, "tags: [visit]", ""},
		{"an open list of lines", "tags: [visit,\n  trade\nlead: x", 5, "  trade]", ""},
		{"an open map", "images:\n  - {src: 'https://a.example/x', alt: A pier\nlead: x", 5, "  - {src: 'https://a.example/x', alt: A pier}", ""},
		{"an open map in a list", "images: [{src: 'https://a.example/x', alt: A pier", 4, "images: [{src: 'https://a.example/x', alt: A pier}]", ""},
		{"an open text in a list", `tags: ["visit, trade]`, 4, `tags: ["visit, trade]"]`, ""},
		{"a tag with a hash", "tags: [visit, #trade]", 4, `tags: [visit, "#trade"]`, ""},
		{"a first tag with a hash", "tags: [#visit, trade]", 4, `tags: ["#visit", trade]`, ""},
		{"a hash in a tag", "tags: [sea #2, trade]", 4, `tags: ["sea #2", trade]`, ""},
		{"a tag of a list with a hash", "tags:\n  - #visit", 5, `  - "#visit"`, ""},
		{"a hash in a map", "images: [{alt: Pier #2, src: 'https://a.example/x'}]", 4, `images: [{alt: "Pier #2", src: 'https://a.example/x'}]`, ""},
		{"a note behind a list", "tags: [visit] # and trade", 4, "tags: [visit]", ""},
		{"no list", "tags: visit, trade", 4, "tags: [visit, trade]", ""},
		{"a tab as indent", "images:\n\t- src: https://a.example/x\n\t  alt: A pier", 5, "  - src: https://a.example/x", ""},
		{"a tab in a folded text", "lead: >\n\tTwo days", 5, "  Two days", ""},
		{"a space of another script as indent", "lead:\n\u3000Two days", 5, " Two days", ""},
		{"a field that is indented", "lead: x\n  language: fr", 5, "language: fr", ""},
		{"a field in a folded text", "lead: >\n  Two days\n  published: 2026-12-24 10:00", 6, "published: 2026-12-24 10:00", ""},
		{"a field behind nothing in a text of lines", "lead: |\n  Two days\n\n  \u200blanguage: fr", 7, "language: fr", ""},
		{"a field of a picture that is indented", "images:\n  - src: https://a.example/x\n      alt: A pier", 6, "    alt: A pier", ""},
		{"a colon in a tag", "tags:\n  - sea: law", 5, `  - "sea: law"`, ""},
		{"a second line that is not indented", "lead: one\ntwo", 5, "  two", ""},
		{"a colon in a caption", "images:\n  - src: https://a.example/x\n    alt: A pier\n    caption: The pier: at dawn", 7, `    caption: "The pier: at dawn"`, ""},
		{"a colon in a tag of a list", "tags: [a: b, c]", 4, `tags: ["a: b", c]`, ""},
		{"a colon in the last tag", "tags: [c, a: b]", 4, `tags: [c, "a: b"]`, ""},
		{"tags in brackets of others", "tags: {a, b}", 4, `tags: [a, b]`, ""},
		{"an empty tag", "tags: [a, , b]", 4, `tags: [a, b]`, ""},
		{"a list in a list", "tags: [[a], b]", 4, `tags: [a, b]`, ""},
		{"more behind the list", "tags: [a], b", 4, `tags: [a, b]`, ""},
		{"a bracket that opens nothing", "tags: a, b]", 4, `tags: [a, b]`, ""},
		{"a tag with a sign", "tags: [@a, &b, c]", 4, `tags: ["@a", "&b", c]`, ""},
		{"more behind a tag in marks", `tags: ["a" b, c]`, 4, `tags: ['"a" b', c]`, ""},
		{"an escape that is none", `tags: ["\q"]`, 4, `tags: ['"\q"']`, ""},
		{"tags of lines", "tags: |\n  a\n  b", 4, `tags: [a, b]`, ""},
		{"a list that goes on below", "tags: [a,\nb]", 4, `tags: [a, b]`, ""},
		{"a list in its line and below", "tags: [a]\n- b", 5, `tags: [a, b]`, ""},
		{"a dash without a space", "tags:\n-a\n-b", 5, `write - a`, ""},
		{"another sign than a dash", "tags:\n* a\n* b", 5, `write - a`, ""},
		{"a number before a tag", "tags:\n1. a\n2. b", 5, `write - a`, ""},
		{"a tag without a dash", "tags:\n- a\nb", 6, `write - b`, ""},
		{"a tag that is indented more", "tags:\n- a\n - b", 6, `write - b`, ""},
		{"a tag that is indented less", "tags:\n  - a\n- b", 6, `write   - b`, ""},
		{"what cannot be shown in a tag", "tags: [a, \"b\\x07\"]", 4, "U+0007 cannot be shown", ""},
		{"what cannot be shown in a tag of lines", "tags:\n- a\n- \"b\\e\"", 6, "U+001B cannot be shown", ""},
		{"what cannot be shown of a picture", "images:\n- src: https://a.example/x\n  alt: \"A\\u0001\"", 6, "U+0001 cannot be shown", ""},
		{"what cannot be shown in a caption", "images:\n- src: https://a.example/x\n  alt: A\n  caption: \"A\\0\"", 7, "U+0000 cannot be shown", ""},
		{"a field of a picture at the start of a line", "images:\n- src: https://a.example/x\nalt: A", 6, `write   alt: A`, ""},
		{"one that is indented less", "images:\n  - src: https://a.example/x\n  alt: A", 6, `write     alt: A`, ""},
		{"one that is indented by one", "images:\n- src: https://a.example/x\n alt: A", 6, `write   alt: A`, ""},
		{"a caption that is indented less", "images:\n- src: https://a.example/x\n  alt: A\n caption: B", 7, `write   caption: B`, ""},
		{"a picture that is indented more", "images:\n- src: https://a.example/x\n  alt: A\n - src: https://a.example/y\n   alt: B", 7, `write - src: https://a.example/y`, ""},
		{"a picture without a dash", "images:\n  src: https://a.example/x\n  alt: A", 5, `write   - src: https://a.example/x`, ""},
		{"a picture at the start of a line", "images:\nsrc: https://a.example/x\nalt: A", 5, `write   - src: https://a.example/x`, ""},
		{"a picture with a dash and no space", "images:\n-src: https://a.example/x\n alt: A", 5, `write - src: https://a.example/x`, ""},
		{"a picture with another sign", "images:\n* src: https://a.example/x\n  alt: A", 5, `write - src: https://a.example/x`, ""},
		{"a picture with a bracket of another kind", "images: [{src: 'https://a.example/x', alt: A]", 4, `images: [{src: 'https://a.example/x', alt: A}]`, ""},
		{"a colon in a map", "images: [{src: 'https://a.example/x', alt: A: B}]", 4, `images: [{src: 'https://a.example/x', alt: "A: B"}]`, ""},
		{"a text of lines that is indented less", "lead: >-\n  A\n B", 6, `write   B`, ""},
		{"a text of lines that is not indented", "images:\n- src: https://a.example/x\n  alt: |\n  A", 7, `write     A`, ""},
		{"an empty item", "tags:\n- a\n-\n- b", 6, `write - visit`, ""},
		{"a field with a capital letter", "Lead: A", 4, `write lead: …`, ""},
		{"a field that is misspelt", "laed: A", 4, `write lead: …`, ""},
		{"a field in a list", "- lead: A", 4, `write lead: A`, ""},
		{"a field behind a sign", "* lead: A", 4, `write lead: A`, ""},
		{"a field in brackets", "{lead: A}", 4, `write lead: A`, ""},
		{"a field behind a tab", "\tlead: A", 4, `write lead: A`, ""},
		{"a field behind what nobody sees", "\ufefflead: A", 4, `write lead: A`, ""},
		{"a date with a note", "published: 2026-12-24 10:00 # after the ceremony", 4, `"2026-12-24 10:00 # after the ceremony" is not a date`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := readMatter(t, tt.lines)
			p, ok := errors.AsType[*Problem](err)
			if !ok || p.Line != tt.line || !strings.Contains(p.Text, tt.mended) || strings.Contains(err.Error(), "YAML") {
				t.Fatalf("%v, want line %d and %s", err, tt.line, tt.mended)
			}
			if tt.title == "" {
				return
			}
			_, shown, _ := strings.Cut(p.Text, "write ")
			if d, err := readMatter(t, shown); err != nil || d.Title != tt.title {
				t.Errorf("the mended line %s is read as %q (%v)", shown, d.Title, err)
			}
		})
	}
}

// FuzzMend: what was mended has as many lines as before, or the place of lines in
// problems would be wrong, and no problem is more than a line.
func FuzzMend(f *testing.F) {
	for _, seed := range []string{
		"title: a #b\nlead: >\n  x\ntags: [a,\n b]\n", "images:\n  - {src: 'x', alt: \"y\n", "title: 'a''b' c", "a:\n\t- b", "- - c: 'd", "title: \\", "tags: [\n]", "title: -\t0",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, matter string) {
		mended, err := mend("a.md", matter)
		if err != nil {
			if !errors.Is(err, press.ErrInvalid) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%q", err)
			}
			return
		}
		if strings.Count(mended, "\n") != strings.Count(matter, "\n") {
			t.Errorf("%q became %q", matter, mended)
		}
		again, err := mend("a.md", mended)
		if err != nil || again != mended {
			t.Errorf("%q is mended to %q, that to %q (%v)", matter, mended, again, err)
		}
	})
}
