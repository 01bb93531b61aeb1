package newsroom

import (
	"slices"
	"strings"
	"testing"
	"time"

	"communique/storage/manuscripts"
	"communique/storage/press"
)

// pile are the titles that somebody is listed.
func (o *office) pile(by Desk, p Pile) (titles []string) {
	o.t.Helper()
	for {
		page, err := by.Manuscripts(o.t.Context(), p, 2, 3)
		if err != nil {
			o.t.Fatal(err)
		}
		for _, m := range page.All {
			titles = append(titles, m.Title)
		}
		if p.After = page.Next; p.After == (manuscripts.Place{}) {
			slices.Sort(titles)
			return titles
		}
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
		{"rui", o.rui, Pile{States: open, Language: "fr"}, []string{"Ruis"}},
		{"rui", o.rui, Pile{States: open, Section: "the-ministry"}, append(slices.Clone(anas), "Half", "Ruis")},
		{"rui", o.rui, Pile{States: open, By: o.rui.Person.ID}, []string{"Ruis"}},
		{"rui", o.rui, Pile{States: open, By: o.ana.Person.ID, Mine: true}, nil},
		{"rui", o.rui, Pile{States: open, Text: "ánas b"}, []string{"Anas B"}},
		{"rui", o.rui, Pile{States: open, Text: "ruis"}, []string{"Ruis"}},
		{"rui", o.rui, Pile{States: open, Text: "nowhere"}, nil},
		{"rui", o.rui, Pile{States: open, Text: "title"}, nil}, // as a field of the document is called
		{"rui", o.rui, Pile{States: open, Kind: "speech"}, nil},
	} {
		if got := o.pile(tt.by, tt.pile); !slices.Equal(got, tt.want) {
			t.Errorf("%s, %+v: %q, want %q", tt.who, tt.pile, got, tt.want)
		}
	}
}

// TestLacks: a list says of each manuscript what it lacks.
func TestLacks(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.Languages = []press.Language{"en", "fr"}
	o.ana.Languages = o.Languages
	whole := Composition{Title: "Treaty", Section: "the-ministry/statements", Language: "en", Published: "2031-03-01", Text: "The text."}
	with := func(change func(*Composition)) []byte {
		c := whole
		change(&c)
		return c.Document()
	}
	for what, tt := range map[string]struct {
		text []byte
		want string
	}{
		"nothing else":          {whole.Document(), "submission, translations fr"},
		"no instant":            {with(func(c *Composition) { c.Published = "" }), "instant, submission, translations fr"},
		"no text":               {with(func(c *Composition) { c.Text = "" }), "text, submission, translations fr"},
		"no section":            {with(func(c *Composition) { c.Section = "" }), "section, submission, translations fr"},
		"no such section":       {with(func(c *Composition) { c.Section = "nowhere" }), "section, submission, translations fr"},
		"a picture":             {with(func(c *Composition) { c.Images = []ComposedImage{{Src: "https://pictures.example/a.jpg"}} }), "description, submission, translations fr"},
		"a picture in the text": {with(func(c *Composition) { c.Text = "The text.\n\n![](https://pictures.example/a.jpg)" }), "description, submission, translations fr"},
		"something else":        {with(func(c *Composition) { c.Contacts = []press.Contact{{Name: "Rosa Vale"}} }), "mending, submission, translations fr"},
		"in the other language": {with(func(c *Composition) { c.Language = "fr" }), "submission, translations en"},
		"as text":               {[]byte("---\ntitle: Treaty\nowner: me\n---\n\nText"), "mending, instant, submission, translations fr"},
	} {
		o.clock.Pass(time.Minute)
		if _, err := o.rui.Begin(t.Context(), Proposal{Kind: manuscripts.NewArticle, Text: tt.text}); err != nil {
			t.Fatal(what, err)
		}
		if got := o.lacks(o.rui, manuscripts.Draft); got != tt.want {
			t.Errorf("%s: %s, want %s", what, got, tt.want)
		}
	}
	o.propose(o.ana, "Reviewed", "language: en", "published: 2031-03-01")
	if got, want := o.lacks(o.ana, manuscripts.InReview), "approval, translations fr"; got != want {
		t.Errorf("in review: %s, want %s", got, want)
	}
}

// lacks are what the manuscript lacks that was changed last of a state.
func (o *office) lacks(by Desk, state manuscripts.State) string {
	o.t.Helper()
	by.Languages = []press.Language{"en", "fr"}
	page, err := by.Manuscripts(o.t.Context(), Pile{States: []manuscripts.State{state}}, 1, 0)
	if err != nil {
		o.t.Fatal(err)
	}
	var all []string
	for _, l := range page.All[0].Lacking {
		text := l.What
		for _, language := range l.Languages {
			text += " " + string(language)
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
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
