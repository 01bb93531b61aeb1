package newsroom

import (
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"communique/storage/manuscripts"
)

// TestDigestCoversWhatGoesOut: whatever field of a document, or of how it is filed, is changed
// after somebody was shown it, what they approve is no longer that. A new field without a line
// here fails.
func TestDigestCoversWhatGoesOut(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	beside := fstest.MapFS{"pier.png": picture(t, 8), "quay.png": picture(t, 9)}
	filedFirst, err := o.approve(o.rui, o.propose(o.ines, "An original", "language: fr"))
	if err != nil {
		t.Fatal(err)
	}
	original := filedFirst.Article
	const front = "title: Treaty\nsection: the-ministry/statements\nlanguage: en\npublished: 2026-12-24 10:00\nlead: The lead.\ntags: [trade]\nimages: [{src: pier.png, alt: The pier, caption: A pier, credit: Ana, terms: Free, focus: [0.5, 0.5]}]\n"
	const text = "The text."
	replaced := func(old, new string) func(string, string, manuscripts.How) (string, string, manuscripts.How) {
		return func(front, text string, how manuscripts.How) (string, string, manuscripts.How) {
			if !strings.Contains(front+text, old) {
				t.Fatalf("there is no %q", old)
			}
			return strings.Replace(front, old, new, 1), strings.Replace(text, old, new, 1), how
		}
	}
	added := func(line string) func(string, string, manuscripts.How) (string, string, manuscripts.How) {
		return func(front, text string, how manuscripts.How) (string, string, manuscripts.How) {
			return front + line + "\n", text, how
		}
	}
	filed := func(change func(*manuscripts.How)) func(string, string, manuscripts.How) (string, string, manuscripts.How) {
		return func(front, text string, how manuscripts.How) (string, string, manuscripts.How) {
			change(&how)
			return front, text, how
		}
	}
	changes := map[string]func(string, string, manuscripts.How) (string, string, manuscripts.How){
		"Title": replaced("Treaty", "Treaties"), "Section": replaced("the-ministry/statements", "the-ministry"), "Language": replaced("language: en", "language: ar"),
		"Published": replaced("10:00", "10:01"), "Lead": replaced("The lead.", "A lead."), "Tags": replaced("[trade]", "[trade, ports]"),
		"TranslationOf": added("translation_of: " + string(original.ID)), "Text": replaced("The text.", "The text!"),
		"Kind": added("kind: statement"), "Place": added("place: Telm"), "Contacts": added("contacts: [{name: Ana Silva, email: press@mfa.example}]"), "NotesToEditors": added("notes_to_editors: [A note.]"),
		"Images.Src": replaced("src: pier.png", "src: quay.png"), "Images.Alt": replaced("The pier", "A quay"), "Images.Caption": replaced("A pier", "A quay"),
		"Images.Credit": replaced("credit: Ana", "credit: Rui"), "Images.Terms": replaced("Free", "Not free"), "Images.Focus": replaced("[0.5, 0.5]", "[0.25, 0.5]"),
		"How.Note": filed(func(h *manuscripts.How) { h.Note = "A note." }), "How.Reason": filed(func(h *manuscripts.How) { h.Reason = "A reason." }),
		"How.Minor": filed(func(h *manuscripts.How) { h.Minor = true }), "How.Hide": filed(func(h *manuscripts.How) { h.Hide = true }),
		"How.Silent": filed(func(h *manuscripts.How) { h.Silent = true }), "How.Meant": filed(func(h *manuscripts.How) { h.Meant = []string{"alone"} }),
	}
	digest := func(front, text string, how manuscripts.How) string {
		document := []byte("---\n" + front + "---\n\n" + text + "\n")
		m, err := o.rui.BeginWith(t.Context(), Proposal{Kind: manuscripts.NewArticle, Text: document, How: how}, Enclosed{Put: o.rui.readBeside(document, beside)})
		if err != nil {
			t.Fatal(err)
		}
		look, err := o.rui.Look(t.Context(), m.ID)
		if err != nil || look.Lacks != nil {
			t.Fatalf("%v, %v:\n%s", err, look.Lacks, document)
		}
		return look.Digest
	}
	shown := digest(front, text, manuscripts.How{})
	if again := digest(front, text, manuscripts.How{}); again != shown {
		t.Error("the same has another digest")
	}
	for _, of := range []struct {
		prefix string
		fields reflect.Type
	}{{"", reflect.TypeFor[Composition]()}, {"Images.", reflect.TypeFor[ComposedImage]()}, {"How.", reflect.TypeFor[manuscripts.How]()}} {
		for field := range of.fields.Fields() {
			name := of.prefix + field.Name
			change := changes[name]
			switch {
			case name == "Images", name == "Article", name == "Revision": // its fields; of which it was made goes nowhere
			case name == "How.At", name == "How.Local": // of a withdrawal: see [TestProposedWithdrawal]
			case change == nil:
				t.Errorf("nobody has said how %s is changed: show it on the manuscript's page, too", name)
			default:
				if changed := digest(change(front, text, manuscripts.How{})); changed == shown {
					t.Errorf("%s was changed, and the digest is the same", name)
				}
			}
		}
	}
}
