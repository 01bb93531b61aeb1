package newsroom

import (
	"strings"
	"testing"
)

// TestFieldsBelowTheFrontMatter: a date that was written below it would be published,
// at once, as text.
func TestFieldsBelowTheFrontMatter(t *testing.T) {
	t.Parallel()
	const front = "---\ntitle: A\nsection: b\n"
	for _, tt := range []struct{ name, text, want string }{
		{"a date", front + "---\npublished: 2026-12-24 10:00\n\nText.\n", "a.md:5: published: it is below the front matter"},
		{"behind an empty line", front + "---\n\n\npublished: 2026-12-24 10:00\nText.\n", "a.md:7: published: "},
		{"behind dots", front + "...\npublished: 2026-12-24 10:00\n---\nText.\n", "a.md:5: published: "},
		{"in a second block", front + "---\n---\npublished: 2026-12-24 10:00\n---\nText.\n", "a.md:6: published: "},
		{"in a second block further down", front + "---\n\n---\nlanguage: fr\n---\n\nText.\n", "a.md:7: language: "},
		{"in a second block behind dots", front + "...\n---\npublished: 2026-12-24 10:00\n---\nText.\n", "a.md:6: published: "},
		{"behind other fields", front + "---\nembargo: yes\npublished: 2026-12-24 10:00\n\nText.\n", "a.md:6: published: "},
		{"in capitals", front + "---\nPublished: 2026-12-24 10:00\n\nText.\n", "a.md:5: published: "},
		{"in bold", front + "---\n**Published:** 2026-12-24 10:00\n\nText.\n", "a.md:5: published: "},
		{"in a list", front + "---\n- published: 2026-12-24 10:00\n\nText.\n", "a.md:5: published: "},
		{"in code", front + "---\n```yaml\npublished: 2026-12-24 10:00\n```\nText.\n", "a.md:6: published: "},
		{"in a comment", front + "---\n<!--\npublished: 2026-12-24 10:00\n-->\nText.\n", "a.md:6: published: "},
		{"indented", front + "---\n    published: 2026-12-24 10:00\n\nText.\n", "a.md:5: published: "},
		{"with a colon of another script", front + "---\nlead：要点\n\nText.\n", "a.md:5: lead: "},
		{"in two words", front + "---\nTranslation of: abcdefghij234567\n\nText.\n", "a.md:5: translation_of: "},
		{"a block of other fields", front + "---\n---\nembargo: 2026-12-24\nauthor: x\n---\nText.\n", "a.md:6: the text begins with a second front matter"},
		{"below a heading", front + "---\n# A\n\n**Published:** 2026-12-24 10:00\n\nText.\n", "a.md:7: published: "},
		{"behind a comment", front + "---\n<!-- -->published: 2026-12-24 10:00\n\nText.\n", "a.md:5: published: "},
		{"below a comment of several lines", front + "---\n<!-- for\nthe desk -->\npublished: 2026-12-24 10:00\n\nText.\n", "a.md:7: published: "},
		{"in a comment of one line", front + "---\n<!-- published: 2026-12-24 10:00 -->\nText.\n", "a.md:5: published: "},
		{"behind a zero-width space", front + "---\n\u200bpublished: 2026-12-24 10:00\n\nText.\n", "a.md:5: published: "},
		{"behind a mark of order", front + "---\n\ufeffpublished: 2026-12-24 10:00\n\nText.\n", "a.md:5: published: "},
		{"with a soft hyphen", front + "---\npub\u00adlished: 2026-12-24 10:00\n\nText.\n", "a.md:5: published: "},
		{"behind a mark of direction", front + "---\n\u200e\u2066published\u2069: 2026-12-24 10:00\n\nText.\n", "a.md:5: published: "},
		{"behind a filler", front + "---\n\u3164\u2800published: 2026-12-24 10:00\n\nText.\n", "a.md:5: published: "},
		{"behind an entity", front + "---\n&#8203;&nbsp;published: 2026-12-24 10:00\n\nText.\n", "a.md:5: published: "},
		{"in wide letters", front + "---\nｐｕｂｌｉｓｈｅｄ： ２０２６-12-24 10:00\n\nText.\n", "a.md:5: published: "},
		{"behind an empty line of a quotation", front + "---\n>\n> published: 2026-12-24 10:00\n\nText.\n", "a.md:6: published: "},
		{"below an empty quotation", front + "---\n>\n\npublished: 2026-12-24 10:00\n\nText.\n", "a.md:7: published: "},
		{"numbered", front + "---\n1. published: 2026-12-24 10:00\n\nText.\n", "a.md:5: published: "},
		{"a task", front + "---\n- [ ] published: 2026-12-24 10:00\n\nText.\n", "a.md:5: published: "},
		{"below an empty item", front + "---\n-\n\npublished: 2026-12-24 10:00\n\nText.\n", "a.md:7: published: "},
		{"in a paragraph of HTML", front + "---\n<p>published: 2026-12-24 10:00</p>\n\nText.\n", "a.md:5: published: "},
		{"in elements of HTML", front + "---\n<div>\n<span>pub</span>lished: 2026-12-24 10:00</div>\n\nText.\n", "a.md:6: published: "},
		{"behind a break", front + "---\n<br>published: 2026-12-24 10:00\n\nText.\n", "a.md:5: published: "},
		{"a heading", front + "---\n# published: 2026-12-24 10:00\n\nText.\n", "a.md:5: published: "},
		{"a heading with a capital", front + "---\n## Published: 24 December 2026\n\nText.\n", "a.md:5: published: "},
		{"a heading of another field", front + "---\n## language: fr\n\nText.\n", "a.md:5: language: "},
		{"an underlined heading", front + "---\npublished: 2026-12-24 10:00\n===\n\nText.\n", "a.md:5: published: "},
		{"a row of a table", front + "---\n| published | 2026-12-24 10:00 |\n|---|---|\n| a | b |\n\nText.\n", "a.md:5: published: "},
		{"a cell of a table", front + "---\n| published: 2026-12-24 10:00 | |\n|---|---|\n| a | b |\n\nText.\n", "a.md:5: published: "},
		{"below the head of a table", front + "---\n| | |\n|---|---|\n| published | 2026-12-24 10:00 |\n\nText.\n", "a.md:7: published: "},
		{"bold in part", front + "---\n**publ**ished: 2026-12-24 10:00\n\nText.\n", "a.md:5: published: "},
		{"bold and slanted", front + "---\n***published***: 2026-12-24 10:00\n\nText.\n", "a.md:5: published: "},
		{"struck", front + "---\n~~published: 2026-12-24 10:00~~\n\nText.\n", "a.md:5: published: "},
		{"a link", front + "---\n[published](https://a.example/): 2026-12-24 10:00\n\nText.\n", "a.md:5: published: "},
		{"behind a picture", front + "---\n![A pier](https://a.example/x.png)\n\npublished: 2026-12-24 10:00\n\nText.\n", "a.md:7: published: "},
		{"behind the target of a link", front + "---\n[a]: https://a.example/\n\npublished: 2026-12-24 10:00\n\nText [b][a].\n", "a.md:7: published: "},
		{"with the value below", front + "---\npublished:\n2026-12-24 10:00\n\nText.\n", "a.md:5: published: "},
		{"with an equals sign", front + "---\n+++\npublished = 2026-12-24 10:00\n+++\nText.\n", "a.md:6: published: "},
		{"behind old line ends", front + "---\n\rpublished: 2026-12-24 10:00\r\rText.\n", "a.md:5: published: "},
		{"the title", front + "---\ntitle: Another\n\nText.\n", "a.md:5: title: "},
		{"the lead", front + "---\n<!-- -->Lead: In short.\n\nText.\n", "a.md:5: lead: "},
		{"tags", front + "---\n> tags: [a, b]\n\nText.\n", "a.md:5: tags: "},
		{"images", front + "---\nimages:\n  - src: a.png\n\nText.\n", "a.md:5: images: "},
		{"an article", front + "---\n- article: abcdefghij234567\n- revision: 2\n\nText.\n", "a.md:5: article: "},
		{"an embargo", front + "---\nEmbargo: 24 December 2026, 10:00\n\nText.\n", "a.md:5: embargo: it is in the text"},
		{"a date by another name", front + "---\npublish_at: 2026-12-24 10:00\n\nText.\n", "a.md:5: publish_at: it is in the text"},
		{"further down, a block", front + "---\nText.\n\n---\npublished: 2026-12-24 10:00\n---\n\nMore.\n", "a.md:8: published: "},
		{"further down, a block with empty lines", front + "---\nText.\n\n---\n\nauthor: Ada\n\npublished: 2026-12-24 10:00\n\n---\n\nMore.\n", "a.md:11: published: "},
		{"further down, a block of the names of fields", front + "---\nText.\n\n---\nTitle: A\nLead: In short\n---\n\nMore.\n", "a.md:8: title: "},
		{"further down, a block without an end", front + "---\nText.\n\n---\npublished: 2026-12-24 10:00\n\nMore.\n", "a.md:8: published: "},
		{"further down, a block behind something unseen", front + "---\nText.\n\n\u200b---\n\ufefflanguage: fr\ntags: [a]\n---\n\nMore.\n", "a.md:8: language: "},
		{"further down, a block of TOML", front + "---\nText.\n\n+++\npublished = 2026-12-24 10:00\n+++\n\nMore.\n", "a.md:8: published: "},
		{"further down, behind a rule of HTML", front + "---\nText.\n\n<hr>\npublished: 2026-12-24 10:00\n<hr/>\n\nMore.\n", "a.md:8: published: "},
		{"quoted", front + "---\n> published: 2026-12-24 10:00\n\nText.\n", "a.md:5: published: "},
	} {
		d, err := reader(t).Read("a.md", []byte(tt.text), nil)
		if err != nil || d.refused == nil || !strings.HasPrefix(d.refused.Error(), tt.want) {
			t.Errorf("%s: %v (%v), want %s…", tt.name, d.refused, err, tt.want)
		}
	}
	for name, text := range map[string]string{
		"a word like any other":            "The lead: it was taken early.\n",
		"a heading and a word":             "# A\n\nLanguage: the key to peace.\n",
		"a heading":                        "# Section: the sea\n\nText.\n",
		"further down":                     "Text.\n\npublished: 2026-12-24\n",
		"a rule":                           "---\n\nNote: it rained.\n\n---\n",
		"a field of no front matter":       "Note: it rained.\n\nText.\n",
		"a question and its answer":        "Question: what is the date?\n\nAnswer: today.\n",
		"a speaker":                        "**The Minister:** Thank you.\n",
		"an escape where it is meant":      "published\\: in 2026\n",
		"a date in a sentence of the text": "Text.\n\nPublished: 12 May 2026, in the gazette.\n",
		"a date in the first sentence":     "The list was published: 12 names are on it.\n",
		"persons further down":             "The delegation:\n\n- Name: A. Almira\n- Title: Minister of Trade\n- Language: French\n",
		"persons between rules":            "Text.\n\n---\nName: A. Almira\nTitle: Minister of Trade\n\n---\nName: B. Brand\nTitle: Minister of Fish\n---\n",
		"persons in a table":               "| Title | Name |\n|---|---|\n| Minister | A. Almira |\n",
		"persons in a table further down":  "Text.\n\n| Name | Title: |\n|---|---|\n| A | Minister |\n",
		"a rule and a contact":             "Text.\n\n---\n\nContact: press@mfa.example\nTelephone: 12345\n",
		"a rule and a date":                "Text.\n\n---\n\nDate: 12 May 2026\nPlace: Port Almira\n",
		"a dateline":                       "Date: 12 May 2026\n\nText.\n",
		"an embargo that is reported":      "Embargo: the council decides.\n\nText.\n",
		"code further down":                "Text.\n\n```\n---\ntitle: A\n---\n```\n",
		"a numbered text":                  "1. The ministers met.\n2. They signed.\n",
		"an hour":                          "10:30: The minister arrives.\n",
		"a heading of a question":          "## Title: what it means\n\nText.\n",
		"an escape behind something else":  "> **Published**\\: in 2026\n",
		"a rule and a line that says:":     "***\nWhat follows: a text.\n",
	} {
		if d, err := reader(t).Read("a.md", []byte(front+"---\n"+text), nil); err != nil || d.refused != nil {
			t.Errorf("%s: %v, %v", name, err, d.refused)
		}
	}
}

// TestManyFields: a block of lines that look like fields is gone through once, however
// long it is. Once for each line would take hours.
func TestManyFields(t *testing.T) {
	t.Parallel()
	const front = "---\ntitle: A\nsection: b\n---\n"
	for _, text := range []string{
		"A text.\n\n---\nFoo: x\n" + strings.Repeat("published: 2026-01-01\n", 30_000) + "and on it goes\n",
		"---\n" + strings.Repeat("foo: x\n", 30_000) + "and on it goes\n",
	} {
		if d, err := reader(t).Read("a.md", []byte(front+text), nil); err != nil || d.refused != nil {
			t.Errorf("%.40q…: %v, %v", text, err, d.refused)
		}
	}
}
