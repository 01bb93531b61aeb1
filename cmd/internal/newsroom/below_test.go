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
		{"quoted", front + "---\n> published: 2026-12-24 10:00\n\nText.\n", "a.md:5: published: "},
	} {
		d, err := reader(t).Read("a.md", []byte(tt.text), nil)
		if err != nil || d.refused == nil || !strings.HasPrefix(d.refused.Error(), tt.want) {
			t.Errorf("%s: %v (%v), want %s…", tt.name, d.refused, err, tt.want)
		}
	}
	for name, text := range map[string]string{
		"a word like any other":        "The lead: it was taken early.\n",
		"a heading and a word":         "# A\n\nLanguage: the key to peace.\n",
		"a heading":                    "# Section: the sea\n\nText.\n",
		"further down":                 "Text.\n\npublished: 2026-12-24\n",
		"a rule":                       "---\n\nNote: it rained.\n\n---\n",
		"a field of no front matter":   "Note: it rained.\n\nText.\n",
		"a question and its answer":    "Question: what is the date?\n\nAnswer: today.\n",
		"a speaker":                    "**The Minister:** Thank you.\n",
		"an escape where it is meant":  "published\\: in 2026\n",
		"a rule and a line that says:": "***\nWhat follows: a text.\n",
	} {
		if d, err := reader(t).Read("a.md", []byte(front+"---\n"+text), nil); err != nil || d.refused != nil {
			t.Errorf("%s: %v, %v", name, err, d.refused)
		}
	}
}
