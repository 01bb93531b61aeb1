// Package tsv reads the tables that are kept beside the code and held to it by
// tests: feeds/SPECS.tsv, federation/SPECS.tsv and federation/ATTACKS.tsv. The
// first line names the columns; there is no quoting.
package tsv

import (
	"fmt"
	"os"
	"strings"
)

// Row is a line of a table by the names of its columns.
type Row map[string]string

// Read reads a table that has the given columns, in this order. An error names
// the line that has more or fewer cells.
func Read(file string, columns ...string) ([]Row, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read a table: %w", err)
	}
	lines := strings.Split(strings.TrimRight(string(text), "\n"), "\n")
	if want := strings.Join(columns, "\t"); lines[0] != want {
		return nil, fmt.Errorf("%s:1: the columns are %q, want %q", file, lines[0], want)
	}
	rows := make([]Row, 0, len(lines)-1)
	for i, line := range lines[1:] {
		cells := strings.Split(line, "\t")
		if len(cells) != len(columns) {
			return nil, fmt.Errorf("%s:%d: cells: %d, columns: %d", file, i+2, len(cells), len(columns))
		}
		row := Row{}
		for n, name := range columns {
			row[name] = cells[n]
		}
		rows = append(rows, row)
	}
	return rows, nil
}
