package newsroom

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"communique/storage/press"
)

// TestCompositionsComeBack: whatever is typed into the parts of a form stands in the document
// that is made of it, and is read out of it again.
func TestCompositionsComeBack(t *testing.T) {
	t.Parallel()
	for _, odd := range []string{
		"Treaty", `"quoted"`, "'", `\n \ \\`, "no", "2026", "1e3", "~", "null", "- item", "key: value", "# no comment", "{a: b}", "[a, b]", "a\u00a0b\u202f%", "a\u2028b",
		"50 %: «Déjà»", "توقيع معاهدة", "日本国外務省", "😀", "<script>alert(1)</script>", "a & b", "---", "...", "!tag", "&anchor", "*alias", "| block", "> fold", "%", "@", "`", " a ", "a\tb", "two\nlines", "",
	} {
		c := Composition{
			Title: odd, Section: odd, Language: "en", Published: "2026-12-04 10:00", Lead: odd, TranslationOf: odd,
			Images: []ComposedImage{{Src: odd, Alt: odd, Caption: odd, Credit: odd, Terms: odd, Focus: &press.Focus{0.5, -0.25}}, {Src: "pier.jpg", Alt: "The pier"}},
			Text:   "First " + odd + "\n\n---\n\ntitle: no title\n\n" + odd,
		}
		c.Kind, c.Place, c.Contacts = odd, odd, []press.Contact{{Name: odd, Role: odd, Telephone: odd, Email: odd}, {Role: "Desk"}}
		if odd != "" {
			c.Tags, c.NotesToEditors = []string{odd, "trade"}, []string{odd, "The second."}
		}
		got, err := ReadComposition(c.Document())
		if err != nil {
			t.Errorf("%q: %v\n%s", odd, err, c.Document())
			continue
		}
		if diff := cmp.Diff(c, got); diff != "" {
			t.Errorf("%q comes back as\n%s\n%s", odd, diff, c.Document())
		}
	}
}

// TestCompositionsAreRead: what stands in the form is what the desk reads.
func TestCompositionsAreRead(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	c := Composition{
		Title: `Treaty: "harbours" & <b>`, Section: "the-ministry/statements", Language: "fr", Published: "2026-12-04T10:00+02:00", Lead: "Un\u00a0lead: 50\u202f%",
		Tags: []string{"no", "trade"}, Images: []ComposedImage{{Src: "https://pictures.example/pier.jpg", Alt: `The "pier"`, Credit: "# 1"}}, Text: "The text.",
		Kind: "speech", Place: "Port Almira: the pier", Contacts: []press.Contact{{Role: "Press: desk", Email: "press@mfa.example"}}, NotesToEditors: []string{"# 1: see below", "no"},
	}
	doc, err := r.Read("the text", c.Document(), nil)
	if err != nil {
		t.Fatalf("%v\n%s", err, c.Document())
	}
	if doc.Title != c.Title || doc.Section != c.Section || doc.Language != "fr" || doc.Published.UTC().Format("15:04") != "08:00" || doc.Lead != c.Lead ||
		!cmp.Equal(doc.Tags, c.Tags) || doc.Images[0].Alt != `The "pier"` || doc.Images[0].Credit != "# 1" || doc.Kind != "speech" || doc.Place != c.Place || !cmp.Equal(doc.Contacts, c.Contacts) || !cmp.Equal(doc.NotesToEditors, c.NotesToEditors) || !strings.Contains(string(doc.Body), "The text.") {
		t.Errorf("read as %+v", doc)
	}
}

// TestNotForTheForm: of what a form has no place for, nothing is lost: it is edited as text.
func TestNotForTheForm(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"no front matter", "---\ntitle: a\nowner: b\n---\n\ntext", "---\ntitle: [a]\n---\n", "---\ntitle: a\ntags: b\n---\n", "---\ntitle: a\ntitle: b\n---\n", "---\nimages: [{src: a, width: 3}]\n---\n", "---\n- a\n---\n"} {
		if c, err := ReadComposition([]byte(text)); err == nil {
			t.Errorf("%q is read as %+v", text, c)
		}
	}
}
