package federation

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"communique/storage/tsv"
)

var (
	interop = regexp.MustCompile(`INTEROP ([A-Z]\d+(?:(?:, |–| and )[A-Z]\d+)*)`)
	rule    = regexp.MustCompile(`[A-Z]\d+`)
)

// TestSpecsMatchTheCode: each rule that the code cites stands in SPECS.tsv and
// holds there, and each row that claims support names a file that is there.
func TestSpecsMatchTheCode(t *testing.T) {
	t.Parallel()
	specs, err := tsv.Read("SPECS.tsv", "rule", "level", "holds", "what", "where")
	if err != nil {
		t.Fatal(err)
	}
	holds := map[string]string{}
	for _, r := range specs {
		id := r["rule"]
		if !slices.Contains([]string{"yes", "partial", "no"}, r["holds"]) {
			t.Fatalf("%s: holds is %q, not yes, partial or no", id, r["holds"])
		}
		if holds[id] != "" {
			t.Errorf("%s stands twice", id)
		}
		holds[id] = r["holds"]
		if r["holds"] == "no" {
			continue
		}
		for name := range strings.FieldsFuncSeq(r["where"], func(r rune) bool { return r == ',' || r == ' ' }) {
			if !exists(name) {
				t.Errorf("%s holds in %q, which is not there", id, name)
			}
		}
	}
	for file, cited := range citations(t) {
		for _, id := range cited {
			if holds[id] == "" || holds[id] == "no" {
				t.Errorf("%s cites %s, which SPECS.tsv says to hold: %q", file, id, holds[id])
			}
		}
	}
}

func exists(name string) bool {
	for _, folder := range []string{".", ".."} {
		if _, err := os.Stat(filepath.Join(folder, name)); err == nil {
			return true
		}
	}
	return false
}

func citations(t *testing.T) map[string][]string {
	t.Helper()
	cited := map[string][]string{}
	err := filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		joined := strings.Join(strings.Fields(strings.ReplaceAll(string(text), "\n//", " ")), " ")
		for _, found := range interop.FindAllStringSubmatch(joined, -1) {
			cited[path] = append(cited[path], rule.FindAllString(found[1], -1)...)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return cited
}
