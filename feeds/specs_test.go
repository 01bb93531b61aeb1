package feeds

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
	citation = regexp.MustCompile(`(RFC \d+|OpenSearch 1\.1|OPML 2\.0|Media RSS|Sitemaps 0\.9|Google News|Fetch Metadata|RSS 2\.0|RSS Profile|JSON Feed 1\.1|XML 1\.0|WCAG 2\.2|WebSub|INTEROP|SECURITY)(?: (§[\w.-]*\w|[A-Z]\d+))?`)
	wrapped  = regexp.MustCompile(`\n\s*// ?`)
)

// TestSpecsMatchTheCode: each citation stands in SPECS.tsv, and each row that
// claims support is cited in the file that it names.
func TestSpecsMatchTheCode(t *testing.T) {
	t.Parallel()
	cited := map[string]map[string]bool{} // citation to files
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && d.Name() == "testdata" {
			return filepath.SkipDir
		}
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, found := range citation.FindAllStringSubmatch(wrapped.ReplaceAllString(string(text), " "), -1) {
			if found[2] == "" && !strings.HasPrefix(found[1], "RFC") {
				continue // the name of a format, not a citation
			}
			key := found[1] + "\t" + found[2]
			if cited[key] == nil {
				cited[key] = map[string]bool{}
			}
			cited[key][path] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	specs, err := tsv.Read("SPECS.tsv", "specification", "section", "holds", "where", "what")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]bool{}
	for _, r := range specs {
		if !slices.Contains([]string{"yes", "partial", "no"}, r["holds"]) {
			t.Fatalf("%s %s: holds is %q, not yes, partial or no", r["specification"], r["section"], r["holds"])
		}
		key := r["specification"] + "\t" + r["section"]
		if rows[key] {
			t.Errorf("%s stands twice", key)
		}
		rows[key] = true
		if r["holds"] != "no" && !cited[key][r["where"]] {
			t.Errorf("%s is not cited in %q", key, r["where"])
		}
	}
	for key, files := range cited {
		if !rows[key] {
			t.Errorf("%s is cited in %v and missing in SPECS.tsv", key, files)
		}
	}
}
