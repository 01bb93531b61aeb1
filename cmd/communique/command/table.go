package command

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"communique/storage/press"
)

// table is an aligned table for people.
type table struct{ rows [][]string }

func newTable(heads ...string) *table { return &table{rows: [][]string{heads}} }

func (t *table) row(cells ...string) { t.rows = append(t.rows, cells) }

// print writes the table, or a line that there is nothing.
func (t *table) print(w io.Writer) error {
	if len(t.rows) == 1 {
		_, err := fmt.Fprintln(w, "There are none.")
		return err
	}
	out := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	for _, cells := range t.rows {
		fmt.Fprintln(out, strings.Join(cells, "\t"))
	}
	return out.Flush()
}

func sortedLanguages(names map[press.Language]string) []press.Language {
	return slices.Sorted(maps.Keys(names))
}

// printPage prints a page of a list, and how to get the next one after the last line
// if the page is full.
func (a *app) printPage(t *table, full bool, last string) error {
	if err := t.print(a.Stdout); err != nil || !full {
		return err
	}
	a.say("There may be more: --after %s", last)
	return nil
}
