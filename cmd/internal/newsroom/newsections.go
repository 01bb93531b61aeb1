package newsroom

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"communique/cmd/internal/importer"
	"communique/storage"
	"communique/storage/press"
)

// NewSection is a section that a page names and that is not there: its names from the
// top down and the address that it gets.
type NewSection struct {
	Names []string
	Path  press.Path

	slug string
}

// NewSectionsError is that a page names sections that are not there, from the top down.
// It is press.ErrInvalid.
type NewSectionsError struct{ Sections []NewSection }

func (e *NewSectionsError) Error() string {
	last := e.Sections[len(e.Sections)-1]
	return fmt.Sprintf("its section %q would be new, and the address of a section is for ever", strings.Join(last.Names, " > "))
}

// Unwrap says that the page cannot be stored as it is.
func (e *NewSectionsError) Unwrap() error { return press.ErrInvalid }

// place is where a page belongs.
type place struct {
	section press.Section // the last one that is there; zero if none is
	missing []NewSection  // below it, from the top down
}

// placeOf finds the section of a page, or the one of pages that name none.
func placeOf(tx *storage.Tx, p importer.Page, otherwise string) (at place, err error) {
	tree, err := tx.Tree()
	if err != nil {
		return at, err
	}
	if len(p.Section) == 0 {
		at.section, err = tree.Resolve(otherwise)
		return at, err
	}
	var above press.Path
	for i, name := range p.Section {
		if len(at.missing) == 0 {
			if s, ok := tree.ChildNamed(at.section.ID, name); ok {
				at.section, above = s, s.Path
				continue
			}
		}
		slug := freeSlug(tree, above, name)
		above = above.Child(slug)
		at.missing = append(at.missing, NewSection{Names: p.Section[:i+1], Path: above, slug: slug})
	}
	return at, nil
}

// there is the section of the page, or nothing while it is missing.
func (at *place) there() press.SectionID {
	if len(at.missing) > 0 {
		return 0
	}
	return at.section.ID
}

// alike is why the first section that is missing is not made: another one in its place has
// a name that looks the same.
func (at *place) alike(tx *storage.Tx) (reason, err error) {
	tree, err := tx.Tree()
	if err != nil {
		return nil, err
	}
	names := at.missing[0].Names
	return checkSiblings(tree, at.section.ID, 0, names[len(names)-1]), nil
}

// make makes the sections that are missing.
func (at *place) make(tx *storage.Tx, language press.Language) error {
	for _, n := range at.missing {
		s, err := tx.AddSection(at.section.ID, n.slug, language, n.Names[len(n.Names)-1])
		if err != nil {
			return err
		}
		at.section = s
	}
	return nil
}

// freeSlug makes an address for a section that an import found: of its name,
// or of a hash of it where that has no Latin letters, with a number if another
// section has or had it.
func freeSlug(tree press.Tree, above press.Path, name string) string {
	slug := press.Slug(name)
	if slug == "" || press.CheckSlug(slug) != nil {
		sum := sha256.Sum256([]byte(name))
		slug = "s-" + hex.EncodeToString(sum[:4])
	}
	free := slug
	for n := 2; ; n++ {
		path := above.Child(free)
		_, taken := tree.ByPath(path)
		if _, was := tree.Former(path); !taken && !was {
			return free
		}
		free = slug + "-" + strconv.Itoa(n)
	}
}
