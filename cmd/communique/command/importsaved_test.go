package command_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
)

// TestImportSaved: pages that a browser or an editor saved take along what is beside
// them, one folder, several or a page alone, and are known whichever way they come again.
// No link leads out of the folder, and a style sheet hides words in its own alone.
func TestImportSaved(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	folder := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		name = filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	page := func(title string) string {
		return `<html lang="en"><head><title>` + title + `</title><link rel="stylesheet" href="1_files/site.css"></head><body><main><article><h1>` + title + `</h1><time datetime="2019-05-06">6 May 2019</time>
<p>The fees were lowered this morning: <a href="1_files/fees.csv">the fees</a>, <a href="1_files/out.csv">out</a>.</p><p class="x">For the harbour's own people.</p><p>They hold from the first day of June on.</p></article></main></body></html>`
	}
	write("secret.csv", "secret,2\n")
	write("a/1.html", page("Fees of the harbour"))
	write("a/1_files/fees.csv", "ship,fee\nsmall,1\n")
	write("a/1_files/site.css", ".x{display:none}")
	write("b/2.html", page("Fees of the mole"))
	write("b/1_files/fees.csv", "ship,fee\nsmall,2\n")
	if err := os.Symlink(filepath.Join(folder, "secret.csv"), filepath.Join(folder, "a/1_files/out.csv")); err != nil {
		t.Fatal(err)
	}
	a, b := filepath.Join(folder, "a"), filepath.Join(folder, "b")
	run := func(args ...string) string {
		return s.Must(append([]string{"import", "--json", "--accept-doubts", "--section", "The Ministry"}, args...)...)
	}
	said := run(a, b)
	if strings.Count(said, `"what":"hidden text was dropped: For the harbour's own people."`) != 1 {
		t.Errorf("what a style sheet beside a page hides: %s", said)
	}
	ids := regexp.MustCompile(`"id":"([a-z0-9]+)"`).FindAllStringSubmatch(said, -1)
	if len(ids) != 2 || strings.Count(said, `"status":"imported"`) != 2 {
		t.Fatal(said)
	}
	for _, id := range ids {
		shown := s.Must("show", "--json", id[1])
		if !strings.Contains(shown, "/fees.csv") || strings.Contains(shown, "beside.invalid") || strings.Contains(shown, "out.csv") {
			t.Errorf("an article without its file, or with another: %s", shown)
		}
	}
	for _, args := range [][]string{{a, b}, {b, a}, {filepath.Join(a, "1.html"), filepath.Join(b, "2.html")}, {filepath.Join(a, "1.html")}, {b}} {
		if said := run(args...); strings.Count(said, `"status":"known"`) != len(args) {
			t.Errorf("%v: %s", args, said)
		}
	}
}
