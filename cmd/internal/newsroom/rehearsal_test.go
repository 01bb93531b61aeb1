package newsroom

import (
	"errors"
	"testing"

	"communique/cmd/internal/importer"
	"communique/storage/press"
)

// TestImportRehearsal: page by page a dry run says what the import says, and leaves
// nothing.
func TestImportRehearsal(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	if _, err := r.Import(t.Context(), page(func(p *importer.Page) { p.Canonical = "https://old.example/known" }), anywhere); err != nil {
		t.Fatal(err)
	}
	pages := []importer.Page{
		page(nil),
		page(nil),
		page(func(p *importer.Page) { p.Title = "Another" }),
		page(func(p *importer.Page) { p.Canonical = "https://old.example/known" }),
		page(func(p *importer.Page) { p.Canonical, p.Title = "https://old.example/known", "Changed" }),
		page(func(p *importer.Page) { p.Canonical, p.Section = "https://old.example/none", nil }),
		page(func(p *importer.Page) { p.Canonical, p.Local = "https://old.example/ahead", "2031-01-01" }),
		page(func(p *importer.Page) { p.Canonical, p.Section = "https://old.example/new", []string{"A new section"} }),
	}
	before := r.articles()
	rehearsal := r.RehearseImports(seenPages{})
	var said []Imported
	var failed []error
	for _, p := range pages {
		stored, err := rehearsal.Import(t.Context(), p, anywhere)
		said, failed = append(said, stored), append(failed, err)
	}
	if r.articles() != before {
		t.Errorf("the dry run left %d articles", r.articles()-before)
	}
	for i, p := range pages {
		stored, err := r.Import(t.Context(), p, anywhere)
		if stored.Known != said[i].Known || (err == nil) != (failed[i] == nil) || errors.Is(err, press.ErrConflict) != errors.Is(failed[i], press.ErrConflict) {
			t.Errorf("page %d: %t, %v; the dry run said %t, %v", i, stored.Known, err, said[i].Known, failed[i])
		}
	}
}

// seenPages remembers pages in memory.
type seenPages map[uint64]seenPage

type seenPage struct {
	other uint64
	name  string
}

func (s seenPages) Find(hash uint64) (uint64, string, bool, error) {
	p, found := s[hash]
	return p.other, p.name, found, nil
}

func (s seenPages) Put(hash, other uint64, name string) error {
	s[hash] = seenPage{other, name}
	return nil
}
