package desk

import (
	"strings"
	"testing"

	"communique/cmd/internal/newsroom"
	"communique/storage/press"
)

// TestDocuments: two documents are compared by what the form calls their fields; those that it has
// no place for, and what it does not show, as they stand.
func TestDocuments(t *testing.T) {
	t.Parallel()
	treaty := newsroom.Composition{
		Title: "معاهدة MFA-2026", Section: "statements", Text: "One.\n\nTwo.", Tags: []string{"ports"},
		Contacts: []press.Contact{{Name: "Rosa Vale", Email: "press@mfa.example"}}, Images: []newsroom.ComposedImage{{Src: "pier.jpg", Alt: "The pier", Focus: &press.Focus{0.5, 0.25}}},
	}
	changed := treaty
	changed.Title, changed.Text = "معاهدة MFA-2026!", "One.\n\nThree."
	edition := treaty
	edition.Revision = "a:1"
	for what, tt := range map[string]struct{ from, to, want string }{
		"fields":                  {string(treaty.Document()), string(changed.Document()), "Title:|معاهدة MFA-2026[+!]|Section:|statements|Text:|One.||[-Two][+Three].|Tags:|ports|(8)"},
		"what no form shows":      {string(treaty.Document()), string(edition.Document()), `[+revision: "a:1"]|title:`},
		"what has no place there": {"---\ntitle: A\nowner: me\n---\n\nText\n", "---\ntitle: A\nowner: you\n---\n\nText\n", "---|title: A|owner: [-me][+you]|---|"},
	} {
		var lines []string
		for _, l := range documents(tt.from, tt.to) {
			var b strings.Builder
			for _, p := range l.Pieces {
				text := strings.TrimSuffix(p.Text, "\n")
				switch {
				case p.Added:
					text = "[+" + text + "]"
				case p.Removed:
					text = "[-" + text + "]"
				}
				b.WriteString(text)
			}
			if l.Left > 0 {
				b.WriteString("(" + string(rune('0'+l.Left)) + ")")
			}
			lines = append(lines, b.String())
		}
		if got := strings.Join(lines, "|"); !strings.Contains(got, tt.want) {
			t.Errorf("%s: %s\nwant %s", what, got, tt.want)
		}
	}
}
