package arch

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// documents are those of the top level, for people.
var documents = []string{"README.md", "FEDERATION.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"}

var (
	quoted = regexp.MustCompile("`([^`\n]+)`")
	linked = regexp.MustCompile(`\]\(([^)]+)\)`)
	// ours begins with a folder of the top level.
	ours = regexp.MustCompile(`^(cmd|feeds|federation|storage|\.ci|\.github)/[\w./-]*$`)
)

// TestDocumentsNameWhatIsThere: each file or folder that a document names, in a
// link or as code, is there.
func TestDocumentsNameWhatIsThere(t *testing.T) {
	t.Parallel()
	for _, document := range documents {
		text, err := os.ReadFile(filepath.Join(root, document))
		if err != nil {
			t.Fatal(err)
		}
		paths := pathsIn(string(text))
		if document == "README.md" && len(paths) < 40 {
			t.Errorf("README.md leads to %d places only: has its table changed its form?", len(paths))
		}
		for _, path := range paths {
			if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(path))); err != nil {
				t.Errorf("%s names %s: %v", document, path, err)
			}
		}
	}
}

func pathsIn(text string) (paths []string) {
	for _, found := range quoted.FindAllStringSubmatch(text, -1) {
		if ours.MatchString(found[1]) {
			paths = append(paths, found[1])
		}
	}
	for _, found := range linked.FindAllStringSubmatch(text, -1) {
		if path, _, _ := strings.Cut(found[1], "#"); path != "" && !strings.Contains(path, "://") {
			paths = append(paths, path)
		}
	}
	return paths
}

// TestReadmeLeadsEverywhere: each package stands in README's table, itself or by
// a folder above it, so that a stranger finds it by what it is for.
func TestReadmeLeadsEverywhere(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	paths := pathsIn(string(text))
	eachFolder(t, func(folder string) {
		if strings.HasSuffix(folder, "test") || strings.Contains(folder, "/e2e") || folder == "storage/tsv" || folder == "cmd/internal/realpart" {
			return // found from the tests that use it
		}
		found := slices.ContainsFunc(paths, func(path string) bool {
			path = strings.TrimSuffix(path, "/")
			return within(path, folder) || within(folder, path)
		})
		if !found {
			t.Errorf("README.md does not lead to %s: add a row to its table", folder)
		}
	})
}

// eachFolder calls fn for every folder with Go files.
func eachFolder(t *testing.T, fn func(folder string)) {
	t.Helper()
	seen := map[string]bool{}
	eachFile(t, func(folder, _ string, _ []string) {
		if !seen[folder] {
			seen[folder] = true
			fn(folder)
		}
	})
}

// maxLines is how long a file may be: what is longer is two nouns.
const maxLines = 500

// TestFilesAreShort: no Go file is longer than can be read in one sitting, tests
// included.
func TestFilesAreShort(t *testing.T) {
	t.Parallel()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && slices.Contains([]string{"testdata", "node_modules", ".git"}, entry.Name()):
			return filepath.SkipDir
		case entry.IsDir() || !strings.HasSuffix(path, ".go"):
			return nil
		}
		text, err := os.ReadFile(path)
		if errors.Is(err, os.ErrNotExist) {
			return nil // removed while we looked
		}
		if lines := strings.Count(string(text), "\n"); lines > maxLines {
			t.Errorf("%s has %d lines: give a part of it a file of its own", path, lines)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
