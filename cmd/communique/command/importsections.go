package command

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"communique/cmd/internal/newsroom"
)

// newSections are the sections that pages of an import name and that were not there
// when it began, by their names.
type newSections map[string]*namedSection

type namedSection struct {
	newsroom.NewSection
	pages    int
	examples []string
}

const (
	// listedSections bounds what is kept of a set in which every page names another.
	listedSections  = 500
	sectionExamples = 3
)

// find notes the sections that are new with a page.
func (s newSections) find(sections []newsroom.NewSection) {
	for _, n := range sections {
		if k := sectionKey(n.Names); s[k] == nil && len(s) < listedSections {
			s[k] = &namedSection{NewSection: n}
		}
	}
}

// count counts a page in each of the new sections that it is in or below.
func (s newSections) count(names []string, file string) {
	for i := range names {
		n := s[sectionKey(names[:i+1])]
		if n == nil {
			continue
		}
		n.pages++
		if len(n.examples) < sectionExamples {
			n.examples = append(n.examples, file)
		}
	}
}

func sectionKey(names []string) string { return strings.ToLower(strings.Join(names, "\x00")) }

// list prints the new sections, each below the one that it is in.
func (s newSections) list(w io.Writer, made bool) error {
	if len(s) == 0 {
		return nil
	}
	head := "New sections, whose addresses are for ever; --new-sections makes them:"
	if made {
		head = "New sections, whose addresses are for ever:"
	}
	if len(s) == listedSections {
		head = fmt.Sprintf("More than %d new", listedSections-1) + strings.TrimPrefix(head, "New")
	}
	if _, err := fmt.Fprintln(w, head); err != nil {
		return err
	}
	t := newTable("name", "address", "pages", "such as")
	all := slices.SortedFunc(maps.Values(s), func(a, b *namedSection) int { return cmp.Compare(a.Path, b.Path) })
	for _, n := range all {
		t.row(strings.Join(n.Names, " > "), string(n.Path), fmt.Sprint(n.pages), strings.Join(n.examples, ", "))
	}
	return t.print(w)
}
