// Package migrations holds the schema as numbered SQL files. They run in
// order, each once, in a transaction of its own; a file that was released is
// never edited again. NNNN_name.sql runs on every engine; what engines do in
// their own ways stands under one number in a file for each,
// NNNN_name.ENGINE.sql.
package migrations

import (
	"embed"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

//go:embed *.sql
var files embed.FS

// Migration is one step of the schema.
type Migration struct {
	Version int
	Name    string
	SQL     string
}

// All returns the steps of an engine in order. Their versions are 1, 2, 3 and so
// on: a gap or a badly named file is an error.
func All(engine string) ([]Migration, error) {
	names, err := fs.Glob(files, "*.sql") // sorted by name
	if err != nil {
		return nil, fmt.Errorf("list migrations: %w", err)
	}
	all := make([]Migration, 0, len(names))
	for _, name := range names {
		if parts := strings.Split(name, "."); len(parts) > 2 && parts[1] != engine {
			continue // another engine's
		}
		number, _, _ := strings.Cut(name, "_")
		version, err := strconv.Atoi(number)
		if err != nil || version != len(all)+1 {
			return nil, fmt.Errorf("migration %s: expected number %04d", name, len(all)+1)
		}
		text, err := files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read migration %s: %w", name, err)
		}
		all = append(all, Migration{Version: version, Name: name, SQL: string(text)})
	}
	return all, nil
}
