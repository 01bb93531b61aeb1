package arch

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// writes finds the tables that SQL in a file writes to.
var writes = regexp.MustCompile(`\b(?:INSERT INTO|UPDATE|DELETE FROM) ([a-z_]+)\b`)

// engine reports whether folders hold engines, each of which has its own form of a
// table.
func engine(folders ...string) bool {
	return !slices.ContainsFunc(folders, func(f string) bool { return !slices.Contains(engines, module+"/"+f) })
}

// TestTables: each table is written to by one room of the store, and none by
// anybody outside. What a migration fills is apart, and so is what tests do.
func TestTables(t *testing.T) {
	t.Parallel()
	writer := map[string]string{} // by table
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return err
		}
		folder, err := filepath.Rel(root, filepath.Dir(file))
		if err != nil || folder == "storage/migrations" || folder == "storage/storagetest" || slices.Contains(forTests, folder) {
			return err
		}
		text, err := os.ReadFile(file)
		for _, found := range writes.FindAllStringSubmatch(string(text), -1) {
			table := found[1]
			if !within(folder, "storage") {
				t.Errorf("%s writes to the table %s", file, table)
			}
			if other, known := writer[table]; known && other != folder && !engine(other, folder) {
				t.Errorf("%s and %s write to the table %s", other, folder, table)
			}
			writer[table] = folder
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if writer["entries"] != "storage/publog" || len(writer) < 30 {
		t.Errorf("found that %d tables are written to, entries by %q", len(writer), writer["entries"])
	}
}
