package command_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
)

// TestImportMirror: the pages of a mirrored tree leave their old addresses to the web
// server; a second run writes them again.
func TestImportMirror(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	folder := oldSite(t, 3)
	for _, name := range []string{"000.html", "001.html", "002.html"} {
		file := filepath.Join(folder, name)
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		// The date can be read in one way.
		if err := os.WriteFile(file, []byte(strings.ReplaceAll(string(text), "/03/2015", " March 2015")), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(filepath.Join(folder, "zz-odd.html")); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(folder, "001.html"), filepath.Join(folder, "index.html")); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(folder, "002.html"), filepath.Join(folder, "t.php?id=2.html")); err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "old")
	for range 2 {
		said := s.Must("import", "--new-sections", "--accept-doubts", "--mirror", "https://www.mfa.example/treaties/", "--redirects", to, folder)
		if !strings.Contains(said, "4 old addresses lead to their articles by "+to+".map (nginx)") {
			t.Errorf("import: %s", said)
		}
		for ending, lines := range map[string][]string{
			".map": {"\"/treaties/000.html\" \"" + s.Base + "/en/articles/", "\"/treaties/\" \"", "\"/treaties/index.html\" \"", "\"/treaties/t.php?id=2\" \""},
			".txt": {"\n/treaties/000.html " + s.Base + "/en/articles/", "\n/treaties/t.php?id=2 " + s.Base},
		} {
			content, err := os.ReadFile(to + ending)
			if err != nil {
				t.Fatal(err)
			}
			for _, line := range lines {
				if !strings.Contains(string(content), line) {
					t.Errorf("%s lacks %s:\n%s", ending, line, content)
				}
			}
			if err := os.Remove(to + ending); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, args := range [][]string{{"--mirror", "mfa.example", folder}, {"--mirror", "https://a.example/", folder, folder}, {"--mirror", "https://a.example/", "--source-url", "https://b.example/", folder}} {
		if _, _, err := s.Run(append([]string{"import"}, args...)...); err == nil || !strings.Contains(err.Error(), "--mirror") {
			t.Errorf("%v: %v", args, err)
		}
	}
}
