package feeds

import (
	"bufio"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
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
	f, err := os.Open("SPECS.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows := map[string]bool{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		c := strings.Split(lines.Text(), "\t")
		if len(c) != 5 || c[2] != "yes" && c[2] != "partial" && c[2] != "no" {
			t.Fatalf("row %q: specification, section, yes/partial/no, where, what are expected", lines.Text())
		}
		key := c[0] + "\t" + c[1]
		if rows[key] {
			t.Errorf("%s %s stands twice", c[0], c[1])
		}
		rows[key] = true
		if c[2] != "no" && !cited[key][c[3]] {
			t.Errorf("%s %s is not cited in %q", c[0], c[1], c[3])
		}
	}
	for key, files := range cited {
		if !rows[key] {
			t.Errorf("%s is cited in %v and missing in SPECS.tsv", key, files)
		}
	}
}
