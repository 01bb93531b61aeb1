package command

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestImportDoesWhatItsDryRunSays, page by page and in sum, in a folder of everything that
// can become of one.
func TestImportDoesWhatItsDryRunSays(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	folder := t.TempDir()
	const crumbs = `<nav><a href="/">Home</a> &gt; <a href="/m">The Ministry</a> &gt; <a href="/m/a">%s</a></nav>`
	in := func(section string) string { return strings.Replace(crumbs, "%s", section, 1) }
	w.page(folder, "0-known.html", "A treaty with Almira", in("Activities"))
	w.must("import", "--new-sections", folder)
	w.page(folder, "1-new.html", "A treaty with Ruvenia", in("Treaties"))
	w.page(folder, "2-same-section.html", "A treaty with Sarel", in("Treaties"))
	w.page(folder, "3-twice.html", "A treaty with Sarel", in("Treaties"))
	w.page(folder, "4-nowhere.html", "A treaty with Noumara", "")
	change := func(name, old, put string) {
		t.Helper()
		text, err := os.ReadFile(w.page(folder, name, "A treaty of "+name, in("Treaties")))
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, name), []byte(strings.ReplaceAll(string(text), old, put)), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	change("5-ahead.html", "2019", "2031")
	change("6-no-date.html", `<time datetime="2019-05-06T09:00:00+01:00">6 May 2019 09:00</time>`, "")
	change("7-no-text.html", "<p>The treaty was signed in Aldreth this morning, after nine years of talks between the two governments.</p>", "")
	const canonical = `<head><link rel="canonical" href="https://old.example/one">`
	change("8-one.html", "<head>", canonical)
	change("9-other-text-of-it.html", "<head>", canonical)
	change("a-german.html", `lang="en"`, `lang="de"`)
	change("b-no-utf8.html", "Aldreth", "\xff\xfe")
	dry, dryProblems, dryStatus := w.run("import", "--dry-run", "--new-sections", "--json", folder)
	out, problems, status := w.run("import", "--new-sections", "--json", folder)
	if dryStatus != status || strings.Count(out, "\n") != 12 {
		t.Errorf("status %d, in the dry run %d, for %d pages", status, dryStatus, strings.Count(out, "\n"))
	}
	if diff := cmp.Diff(become(t, dry), become(t, out)); diff != "" {
		t.Errorf("the dry run (-) says otherwise than the import (+):\n%s", diff)
	}
	if diff := cmp.Diff(bareReasons(dryProblems), bareReasons(problems)); diff != "" {
		t.Errorf("the dry run (-) tells otherwise of what is put aside than the import (+):\n%s", diff)
	}
	counts := func(args ...string) string {
		said, _, _ := w.run(append([]string{"import", "--new-sections", folder}, args...)...)
		return regexp.MustCompile(`[0-9]+ known, [0-9]+ put aside`).FindString(said)
	}
	if again, want := counts("--dry-run"), counts(); again != want || want == "" {
		t.Errorf("the second time the dry run says %q, and the import %q", again, want)
	}
}

// become is what became of each page, or would, without what only an article has that is
// stored.
func become(t *testing.T, lines string) (all []map[string]any) {
	t.Helper()
	for line := range strings.Lines(lines) {
		var page map[string]any
		if err := json.Unmarshal([]byte(bareReasons(line)), &page); err != nil {
			t.Fatal(err)
		}
		for _, stored := range []string{"id", "url", "served"} {
			delete(page, stored)
		}
		all = append(all, page)
	}
	return all
}

// bareReasons leaves out how the first of two pages of one article is named, which has an
// id when it is stored.
func bareReasons(text string) string {
	text = strings.ReplaceAll(text, "would be put aside", "were put aside")
	return regexp.MustCompile(`it is known as article [a-z2-7]{16} and has changed since; correct that one if it should|it is the same article as \S+ and says something else[^\n"]*`).ReplaceAllString(text, "it is another text of one")
}
