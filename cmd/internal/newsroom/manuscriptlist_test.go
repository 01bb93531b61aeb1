package newsroom

import (
	"slices"
	"strings"
	"testing"

	"communique/storage/manuscripts"
)

// pile are the titles that somebody is listed.
func (o *office) pile(by Desk, p Pile) (titles []string) {
	o.t.Helper()
	for {
		page, _, err := by.Manuscripts(o.t.Context(), p, 2)
		if err != nil {
			o.t.Fatal(err)
		}
		for _, m := range page {
			titles = append(titles, m.Title)
		}
		if len(page) < 2 {
			slices.Sort(titles)
			return titles
		}
		p.After = manuscripts.PlaceOf(page[1])
	}
}

// TestPiles: everybody is listed what they may read, and of that what is theirs, or waits for
// them; page by page, also of what was changed in one moment.
func TestPiles(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for _, title := range []string{"A", "B", "C", "D"} {
		o.propose(o.ana, "Anas "+title, "language: en")
	}
	o.propose(o.rui, "Ruis", "language: fr")
	if _, err := o.ana.Begin(t.Context(), Proposal{Kind: manuscripts.NewArticle, Text: Composition{Title: "Half", Section: "the-ministry/statements"}.Document()}); err != nil {
		t.Fatal(err)
	}
	open := []manuscripts.State{manuscripts.Draft, manuscripts.InReview}
	anas := []string{"Anas A", "Anas B", "Anas C", "Anas D"}
	for _, tt := range []struct {
		who  string
		by   Desk
		pile Pile
		want []string
	}{
		{"ana", o.ana, Pile{States: open}, append(slices.Clone(anas), "Half", "Ruis")},
		{"ana", o.ana, Pile{States: open, Mine: true}, append(slices.Clone(anas), "Half")},
		{"ana", o.ana, Pile{States: open, Waiting: true}, nil},
		{"rui", o.rui, Pile{States: open, Waiting: true}, anas},
		{"eva", o.eva, Pile{States: open, Waiting: true}, anas},
		{"leo", o.leo, Pile{States: open}, nil},
		{"nobody", o.Desk, Pile{States: open}, nil},
		{"rui", o.rui, Pile{States: []manuscripts.State{manuscripts.Draft}}, []string{"Half"}},
	} {
		if got := o.pile(tt.by, tt.pile); !slices.Equal(got, tt.want) {
			t.Errorf("%s, %+v: %q, want %q", tt.who, tt.pile, got, tt.want)
		}
	}
}

// TestFileNames: a name that a machine has given becomes one that a document can have.
func TestFileNames(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"pier.jpg": "pier.jpg", `C:\Users\ana\My picture (1).JPG`: "My-picture-1.JPG", "../../etc/passwd": "passwd", ".htaccess": "htaccess", "": "file",
		"a\x00\n\"b.png": "a-b.png", "توقيع.pdf": "توقيع.pdf", strings.Repeat("x", 300) + ".pdf": strings.Repeat("x", 100) + ".pdf", "…": "file", "a b.tar.gz": "a-b.tar.gz",
	} {
		if got := FileName(given); got != want {
			t.Errorf("%q becomes %q, want %q", given, got, want)
		}
	}
}
