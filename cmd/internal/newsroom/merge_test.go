package newsroom

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"communique/storage/manuscripts"
	"communique/storage/press"
)

// TestMergeFields: what two have changed apart is put together, field by field and sentence by
// sentence; what both have changed is asked for, and nothing of either is lost until then.
func TestMergeFields(t *testing.T) {
	t.Parallel()
	base := Composition{
		Title: "Treaty", Section: "statements", Language: "en", Lead: "A lead.", Text: "They met. They agreed.\n\nThey left.", Tags: []string{"treaties", "ports"},
		Images:   []ComposedImage{{Src: "pier.jpg", Alt: "The pier"}},
		Contacts: []press.Contact{{Name: "Rosa Vale", Email: "press@mfa.example"}}, NotesToEditors: []string{"On the record."},
	}
	with := func(changes ...func(*Composition)) Composition {
		c := base
		c.Images, c.Contacts, c.NotesToEditors = append([]ComposedImage{}, c.Images...), append([]press.Contact{}, c.Contacts...), append([]string{}, c.NotesToEditors...)
		for _, change := range changes {
			change(&c)
		}
		return c
	}
	title := func(to string) func(*Composition) { return func(c *Composition) { c.Title = to } }
	text := func(to string) func(*Composition) { return func(c *Composition) { c.Text = to } }
	type clash struct{ field, base, theirs, mine string }
	for what, tt := range map[string]struct {
		theirs, mine Composition
		choices      []Choice
		want         Composition
		clashes      []clash
	}{
		"nothing":          {theirs: base, mine: base, want: base},
		"two fields":       {theirs: with(title("Treaties")), mine: with(text("They met.")), want: with(title("Treaties"), text("They met."))},
		"one field, alike": {theirs: with(title("Treaties")), mine: with(title("Treaties")), want: with(title("Treaties"))},
		"one field": {
			theirs: with(title("Treaties")), mine: with(title("The treaty")), choices: []Choice{ChooseMine},
			want: with(title("The treaty")), clashes: []clash{{"title", "Treaty", "Treaties", "The treaty"}},
		},
		"one field, not chosen": {
			theirs: with(title("Treaties")), mine: with(title("The treaty")),
			want: with(title("Treaties")), clashes: []clash{{"title", "Treaty", "Treaties", "The treaty"}},
		},
		"a title has no both": {
			theirs: with(title("Treaties")), mine: with(title("The treaty")), choices: []Choice{ChooseBoth},
			want: with(title("Treaties")), clashes: []clash{{"title", "Treaty", "Treaties", "The treaty"}},
		},
		"two paragraphs": {
			theirs: with(text("They met at noon. They agreed.\n\nThey left.")), mine: with(text("They met. They agreed.\n\nThey left at once.")),
			want: with(text("They met at noon. They agreed.\n\nThey left at once.")),
		},
		"a paragraph behind the last, and one before the first": {
			theirs: with(text("They met. They agreed.\n\nThey left.\n\nIt rained.")), mine: with(text("Good news.\n\nThey met. They agreed.\n\nThey left.")),
			want: with(text("Good news.\n\nThey met. They agreed.\n\nThey left.\n\nIt rained.")),
		},
		"one sentence": {
			theirs: with(text("They met. They did not agree.\n\nThey left.")), mine: with(text("They met. They agreed on all.\n\nThey left.")), choices: []Choice{ChooseBoth},
			want:    with(text("They met. They did not agree.\nThey agreed on all.\n\nThey left.")),
			clashes: []clash{{"text", "They agreed.\n", "They did not agree.\n", "They agreed on all.\n"}},
		},
		"taken out by one": {
			theirs: with(text("They met. They agreed.\n\n")), mine: with(text("They met. They agreed.\n\nThey left late.")), choices: []Choice{ChooseMine},
			want:    with(text("They met. They agreed.\n\nThey left late.")),
			clashes: []clash{{"text", "They left.\n", "\n", "They left late.\n"}},
		},
		"tags": {
			theirs: with(func(c *Composition) { c.Tags = []string{"ports", "fish"} }), mine: with(func(c *Composition) { c.Tags = []string{"treaties", "ports", "sea"} }),
			want: with(func(c *Composition) { c.Tags = []string{"ports", "fish", "sea"} }),
		},
		"a picture, said otherwise by both": {
			theirs: with(func(c *Composition) { c.Images[0].Caption = "At noon" }), mine: with(func(c *Composition) { c.Images[0].Alt = "The old pier" }),
			want: with(func(c *Composition) { c.Images[0].Caption, c.Images[0].Alt = "At noon", "The old pier" }),
		},
		"a picture, taken out by one": {
			theirs: with(func(c *Composition) { c.Images = nil }), mine: with(func(c *Composition) { c.Images[0].Alt = "The old pier" }), choices: []Choice{ChooseMine},
			want:    with(func(c *Composition) { c.Images[0].Alt = "The old pier" }),
			clashes: []clash{{"images", "pier.jpg · The pier", "", "pier.jpg · The old pier"}},
		},
		"a contact": {
			theirs: with(func(c *Composition) { c.Contacts[0].Email = "desk@mfa.example" }), mine: with(func(c *Composition) { c.Contacts[0].Telephone = "555 0100" }),
			want: with(func(c *Composition) {
				c.Contacts[0].Email, c.Contacts[0].Telephone = "desk@mfa.example", "555 0100"
			}),
		},
		"notes": {
			theirs: with(func(c *Composition) { c.NotesToEditors = []string{"On the record.", "A."} }), mine: with(func(c *Composition) { c.NotesToEditors = []string{"On the record.", "B."} }), choices: []Choice{ChooseBoth},
			want: with(func(c *Composition) { c.NotesToEditors = []string{"On the record.", "A.", "B."} }), clashes: []clash{{"notes_to_editors", "", "A.", "B."}},
		},
	} {
		merged, clashes := Merge(Wording{Document: string(base.Document())}, Wording{Document: string(tt.theirs.Document())}, Wording{Document: string(tt.mine.Document())}, func(n int) Choice {
			if n < len(tt.choices) {
				return tt.choices[n]
			}
			return ""
		})
		got, err := ReadComposition([]byte(merged.Document))
		if err != nil {
			t.Fatal(err)
		}
		want, err := ReadComposition(tt.want.Document())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", what, diff)
		}
		var asked []clash
		for _, c := range clashes {
			asked = append(asked, clash{c.Field, c.Base, c.Theirs, c.Mine})
		}
		if diff := cmp.Diff(tt.clashes, asked, cmp.AllowUnexported(clash{})); diff != "" {
			t.Errorf("%s: %s", what, diff)
		}
	}
}

// TestMergeHow: what is said of how it goes out is merged, too, and a document that no form has a
// place for as a text.
func TestMergeHow(t *testing.T) {
	t.Parallel()
	none := func(int) Choice { return "" }
	got, clashes := Merge(Wording{How: manuscripts.How{Minor: true, Meant: []string{"again"}}}, Wording{How: manuscripts.How{Minor: true, Silent: true, Meant: []string{"again", "final"}}},
		Wording{How: manuscripts.How{Note: "A name.", Meant: []string{"again", "alone"}}}, none)
	if diff := cmp.Diff(manuscripts.How{Note: "A name.", Silent: true, Meant: []string{"again", "final", "alone"}}, got.How); diff != "" || len(clashes) > 0 {
		t.Errorf("%s, %v", diff, clashes)
	}
	document := func(owner, text string) Wording {
		return Wording{Document: "---\ntitle: Treaty\nowner: " + owner + "\n---\n\n" + text + "\n"}
	}
	got, clashes = Merge(document("me", "One."), document("them", "One."), document("me", "Two."), none)
	if want := document("them", "Two."); got.Document != want.Document || len(clashes) > 0 {
		t.Errorf("%q, %v", got.Document, clashes)
	}
	if _, clashes = Merge(document("me", "One."), document("them", "One."), document("you", "One."), none); len(clashes) != 1 || clashes[0].Field != "" || !strings.Contains(clashes[0].Mine, "owner: you") {
		t.Errorf("%v", clashes)
	}
}
