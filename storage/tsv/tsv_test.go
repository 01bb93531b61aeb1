package tsv

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRead(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want []Row
		err  string // what the error says, behind the file's name
	}{
		"rows":              {"rule\twhat\nW1\tan account\nW2\t\"a subject\"\n", []Row{{"rule": "W1", "what": "an account"}, {"rule": "W2", "what": `"a subject"`}}, ""},
		"an empty cell":     {"rule\twhat\nW1\t\n", []Row{{"rule": "W1", "what": ""}}, ""},
		"no rows":           {"rule\twhat\n", []Row{}, ""},
		"another column":    {"rule\twhere\n", nil, `:1: the columns are "rule\twhere", want "rule\twhat"`},
		"an empty file":     {"", nil, `:1: the columns are "", want "rule\twhat"`},
		"a cell too many":   {"rule\twhat\nW1\ta\nW2\tb\tc\n", nil, ":3: cells: 3, columns: 2"},
		"an empty line":     {"rule\twhat\n\nW2\tb\n", nil, ":2: cells: 1, columns: 2"},
		"a cell is missing": {"rule\twhat\nW1\n", nil, ":2: cells: 1, columns: 2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "rules.tsv")
			if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			rows, err := Read(file, "rule", "what")
			if (err != nil) != (c.err != "") || err != nil && !strings.HasSuffix(err.Error(), c.err) {
				t.Errorf("the error is %v, want one that ends with %q", err, c.err)
			}
			if d := cmp.Diff(c.want, rows); d != "" {
				t.Error(d)
			}
		})
	}
	if _, err := Read(filepath.Join(t.TempDir(), "none.tsv"), "rule"); err == nil {
		t.Error("a file that is not there is read")
	}
}
