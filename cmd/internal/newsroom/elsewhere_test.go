package newsroom

import (
	"strings"
	"testing"

	"communique/storage/manuscripts"
)

// TestPicturesElsewhere: what is approved shows no picture of another site, which may be another
// one by then; but those that the article has which is corrected may stay.
func TestPicturesElsewhere(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	const src = "https://pictures.example/pier.png"
	above := "images: [{src: '" + src + "', alt: The pier}]"
	within := func(fields ...string) []byte {
		return []byte(source("Treaty", fields...) + "\n\n![The pier](" + src + ")\n")
	}
	for name, text := range map[string][]byte{"above the text": []byte(source("Treaty", above)), "in the text": within()} {
		m, err := o.rui.Begin(t.Context(), Proposal{Kind: manuscripts.NewArticle, Text: text})
		if err != nil {
			t.Fatal(err)
		}
		look, err := o.rui.Look(t.Context(), m.ID)
		if err != nil || look.Lacks == nil || !strings.Contains(look.Lacks.Error(), "images: the picture "+src+" is on another site") {
			t.Errorf("%s: %v, it lacks %v", name, err, look.Lacks)
		}
		if _, err := o.rui.Submit(t.Context(), m.ID, m.Revision); err == nil {
			t.Errorf("%s: it is submitted", name)
		}
	}
	imported := o.Desk
	imported.releases = true
	doc, err := imported.Read("old.md", []byte(source("Treaty", above)), nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := imported.File(t.Context(), doc, Filing{})
	if err != nil {
		t.Fatal(err)
	}
	for text, lacks := range map[string]bool{string(within(above)): false, string(within(strings.Replace(above, "pier.png", "quay.png", 1))): true} {
		m, err := o.rui.Begin(t.Context(), Proposal{Kind: manuscripts.Correction, Article: r.Article.ID, Text: []byte(text), How: manuscripts.How{Note: "A word."}})
		if err != nil {
			t.Fatal(err)
		}
		look, err := o.rui.Look(t.Context(), m.ID)
		if err != nil || (look.Lacks != nil) != lacks {
			t.Errorf("%v, it lacks %v:\n%s", err, look.Lacks, text)
		}
		if err := o.rui.GiveUp(t.Context(), m.ID); err != nil {
			t.Fatal(err)
		}
	}
}
