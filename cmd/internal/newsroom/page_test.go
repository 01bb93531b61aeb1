package newsroom

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communique/cmd/internal/importer"
	"communique/storage"
	"communique/storage/press"
)

// page is one of another site, as the importer reads it.
func page(change func(*importer.Page)) importer.Page {
	p := importer.Page{
		File: "117.html", Title: "A visit", Section: []string{"The Ministry", "Activities"}, Language: "en", Body: "<p>She came.</p>",
		Date: "2019-05-04", Published: time.Date(2019, 5, 4, 0, 0, 0, 0, time.UTC), Precision: press.ToTheDay, Local: "2019-05-04",
		Canonical: "https://old.mfa.example/117", SourceURL: "https://old.mfa.example/117",
		Images: []press.Image{{Src: "https://old.mfa.example/117.jpg", Alt: "She"}, {Src: "118.jpg", Alt: "Nobody knows where"}},
	}
	if change != nil {
		change(&p)
	}
	return p
}

// anywhere makes the sections that pages name.
var anywhere = Importing{NewSections: true}

// TestImport: a page becomes a silent article in the sections that it names, and is
// known when it comes again.
func TestImport(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	first, err := r.Import(t.Context(), page(nil), anywhere)
	if err != nil || first.Known || !first.Article.Silent || first.Article.State != press.Published {
		t.Fatalf("%+v, %v", first, err)
	}
	stored := r.stored(first.Article.ID)
	if len(stored.Images) != 1 || stored.SourceURL != "https://old.mfa.example/117" {
		t.Errorf("it shows %+v from %s: a picture whose address is not whole is left out", stored.Images, stored.SourceURL)
	}
	if diff := cmp.Diff([]press.Path{"the-ministry", "the-ministry/statements", "the-ministry/activities"}, r.tree(), sorted); diff != "" {
		t.Errorf("sections (-want +got):\n%s", diff)
	}
	again, err := r.Import(t.Context(), page(nil), anywhere)
	if err != nil || !again.Known || again.Article.ID != first.Article.ID {
		t.Errorf("again: %+v, %v", again, err)
	}
	if got := strings.Count(r.told.String(), "msg=imported"); got != 1 {
		t.Errorf("the log was told of %d imports, want 1", got)
	}
}

var sorted = cmp.Transformer("sorted", func(paths []press.Path) map[press.Path]bool {
	set := map[press.Path]bool{}
	for _, p := range paths {
		set[p] = true
	}
	return set
})

// TestImportAside: what a page does not say is not guessed.
func TestImportAside(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	if _, err := r.Import(t.Context(), page(nil), anywhere); err != nil {
		t.Fatal(err)
	}
	before := r.tree()
	for _, tt := range []struct {
		name   string
		change func(*importer.Page)
		cause  error
		want   string
	}{
		{"refused", func(p *importer.Page) { p.Refused = "the page is a list" }, press.ErrInvalid, "the page is a list"},
		{"no title", func(p *importer.Page) { p.Title = "" }, press.ErrInvalid, "no title was found"},
		{"no date", func(p *importer.Page) { p.Published, p.Problems = time.Time{}, []string{"two dates"} }, press.ErrInvalid, "no date was found: two dates"},
		{"no text", func(p *importer.Page) { p.Body = "" }, press.ErrInvalid, "no text was found"},
		{"no section", func(p *importer.Page) { p.Section = nil }, ErrNoSection, "it names no section"},
		{"nothing at all", func(p *importer.Page) { p.Title, p.Body, p.Section = "", "<p>Draft: not for publication</p>", nil }, ErrNoSection,
			"no title was found; it names no section; its text calls it a draft"},
		{"of everything something", func(p *importer.Page) {
			p.Canonical, p.Title, p.Lead, p.Local, p.Date, p.Language = "", "DRAFT: A treaty", "Under embargo until 1 May 2030", "2026-11-27", "2026-11-27", "xx"
		}, press.ErrInvalid, "its title calls it a draft (\"DRAFT: A treaty\"): mend the page, or accept it with --accept draft; its lead says that it is under embargo (\"Under embargo until 1 May 2030\"): mend the page, or accept it with --accept embargo; the site has no pages in xx"},
		{"no language", func(p *importer.Page) { p.Language, p.Canonical, p.Section = "", "", []string{"New"} }, press.ErrInvalid, "its language is not known: say which with --language"},
		{"changed", func(p *importer.Page) { p.Title, p.Section = "Another", []string{"New"} }, press.ErrConflict, "conflict: it is known as article"},
		{"in the future", func(p *importer.Page) {
			p.Canonical, p.Published, p.Precision, p.Local, p.Date = "", now.Add(time.Second), press.ToTheSecond, "", "2026-11-26"
		}, press.ErrInvalid, "invalid: it is dated 2026-11-26, in the future"},
		{"tomorrow", func(p *importer.Page) { p.Canonical, p.Local, p.Date = "", "2026-11-27", "2026-11-27" }, press.ErrInvalid, "invalid: it is dated 2026-11-27, in the future"},
	} {
		if _, err := r.Import(t.Context(), page(tt.change), anywhere); !errors.Is(err, tt.cause) || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s…", tt.name, err, tt.want)
		}
	}
	if diff := cmp.Diff(before, r.tree()); diff != "" || r.articles() != 1 {
		t.Errorf("%d articles, and sections were made by pages that were put aside:\n%s", r.articles(), diff)
	}
}

// TestGenerations: of a page that an earlier generation of the importer has read more may
// be read today, and it is known; what this one has read is compared as it is, and a page
// that says more now is neither known nor stored twice.
func TestGenerations(t *testing.T) {
	t.Parallel()
	const text = `<html lang="en"><head>%s<title>The harbour of Aldreth</title></head><body><main><article><h1>The harbour of Aldreth</h1><time datetime="2019-05-06">6 May 2019</time>
<p>The harbour was opened this morning by the Minister, after nine years of talks between the two cities.</p>%s</article></main></body></html>`
	for _, address := range []string{"", `<link rel="canonical" href="https://old.mfa.example/9">`} {
		read := func(more string) importer.Page {
			p, err := importer.ReadPage("9.html", fmt.Appendf(nil, text, address, more), importer.Options{Zone: time.UTC})
			if err != nil {
				t.Fatal(err)
			}
			p.Section = []string{"The Ministry", "Statements"}
			return p
		}
		r := newRoom(t)
		if _, err := r.Import(t.Context(), read(""), anywhere); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Import(t.Context(), read("<p>The toll is nine crowns.</p>"), anywhere); !errors.Is(err, press.ErrConflict) {
			t.Errorf("%q: a page that has gained words: %v, want a conflict", address, err)
		}
		r = newRoom(t)
		before := read("")
		err := r.Store.Update(t.Context(), func(tx *storage.Tx) error {
			tree, err := tx.Tree()
			if err != nil {
				return err
			}
			section, err := tree.Resolve("the-ministry")
			if err != nil {
				return err
			}
			_, _, err = tx.Publish(press.Draft{Section: section.ID, Language: "en", Title: before.Title, Body: before.Body, Published: before.Published, Precision: before.Precision, Local: before.Local, Silent: true, Identity: before.Identity()})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if stored, err := r.Import(t.Context(), read("<p>The toll is nine crowns.</p>"), anywhere); err != nil || !stored.Known {
			t.Errorf("%q: a page of which an earlier generation has read less: %+v %v, want that it is known", address, stored, err)
		}
	}
}

// TestImportSections: a page that names no section goes where it is told to, and one
// whose sections cannot have an address of their name gets another.
func TestImportSections(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	if _, err := r.RenameSection(t.Context(), "the-ministry/statements", "said", false); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		names     []string
		otherwise string
		want      press.Path
	}{
		{nil, "The Ministry > Statements", "the-ministry/said"},
		{[]string{"The Ministry", "Said!"}, "", "the-ministry/said-2"},
		{[]string{"The Ministry", "Statements."}, "", "the-ministry/statements-2"},
		{[]string{"تصريحات"}, "", "s-bdf406c6"},
		{[]string{"Search"}, "", "s-49c266ba"},
	} {
		got, err := r.Import(t.Context(), page(func(p *importer.Page) {
			p.Section, p.Canonical, p.Title = tt.names, "", strings.Join(tt.names, " ")+"."
		}), Importing{Section: tt.otherwise, NewSections: true})
		if err != nil {
			t.Fatal(err)
		}
		r.look(func(tx *storage.Tx) error {
			tree, err := tx.Tree()
			if s, _ := tree.Section(got.Article.Section); s.Path != tt.want {
				t.Errorf("%v: in %s, want %s", tt.names, s.Path, tt.want)
			}
			return err
		})
	}
	if _, err := r.Import(t.Context(), page(func(p *importer.Page) { p.Section = nil }), Importing{Section: "nowhere"}); !errors.Is(err, press.ErrNotFound) {
		t.Errorf("to an unknown section: %v", err)
	}
}

// TestImportNewSections: the address of a section is for ever, so none is made unless
// that is meant; what is known stays known when its section is called otherwise.
func TestImportNewSections(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	before := r.tree()
	found := func(names ...string) []NewSection {
		t.Helper()
		var missing *NewSectionsError
		if _, err := r.Import(t.Context(), page(func(p *importer.Page) { p.Section = names }), Importing{}); !errors.As(err, &missing) || !errors.Is(err, press.ErrInvalid) {
			t.Fatalf("%v: %v", names, err)
		}
		return missing.Sections
	}
	for _, tt := range []struct {
		names []string
		want  []press.Path // of the sections that would be made
	}{
		{[]string{"The Ministry", "Activities"}, []press.Path{"the-ministry/activities"}},
		{[]string{"Records", "Speeches"}, []press.Path{"records", "records/speeches"}},
		{[]string{"The Ministry", "Statements", "The Ministry"}, []press.Path{"the-ministry/statements/the-ministry"}},
		{[]string{"The Ministry", "Statements."}, []press.Path{"the-ministry/statements-2"}},
	} {
		var got []press.Path
		for i, s := range found(tt.names...) {
			got = append(got, s.Path)
			if want := tt.names[:len(tt.names)-len(tt.want)+i+1]; !slices.Equal(s.Names, want) {
				t.Errorf("%v: %v is to be called %v", tt.names, s.Path, s.Names)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%v: %v, want %v", tt.names, got, tt.want)
		}
	}
	if diff := cmp.Diff(before, r.tree()); diff != "" || r.articles() != 0 {
		t.Errorf("%d articles, and sections were made:\n%s", r.articles(), diff)
	}
	stored, err := r.Import(t.Context(), page(nil), anywhere)
	if err != nil || len(stored.Made) != 1 || stored.Made[0].Path != "the-ministry/activities" {
		t.Fatalf("%+v, %v", stored.Made, err)
	}
	if err := r.update(t.Context(), func(tx *storage.Tx) error {
		_, err := tx.NameSection(stored.Article.Section, "en", "Visits")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for _, how := range []Importing{{}, anywhere} {
		if again, err := r.Import(t.Context(), page(nil), how); err != nil || !again.Known || len(again.Made) > 0 {
			t.Errorf("%+v: %+v, %v", how, again, err)
		}
	}
}
