package command

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// pageLines are the lines of import --json.
func (w *terminal) pageLines(args ...string) (all []pageLine) {
	w.t.Helper()
	out, _, _ := w.run(append([]string{"import", "--json"}, args...)...)
	for line := range strings.Lines(out) {
		var l pageLine
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			w.t.Fatalf("%v: %s", err, line)
		}
		all = append(all, l)
	}
	return all
}

// newImporting is a terminal where there are people, and a folder of pages, of which one has a picture
// that stays on another site.
func newImporting(t *testing.T) (w *terminal, folder string) {
	t.Helper()
	w, folder = newTerminal(t), t.TempDir()
	w.must("people", "invite", "leo")
	w.must("people", "invite", "ana", "--role", "author:the-ministry")
	w.must("people", "invite", "rui", "--role", "editor")
	w.must("people", "invite", "ines", "--role", "editor", "--role", "alone")
	for name, body := range map[string]string{
		"1.html": "<p>She came to the harbour in the morning and left it in the evening.</p>",
		"2.html": "<p>He stayed in the town for nine days and spoke to nobody there.</p>",
		"3.html": "<p>They saw the <img src=\"https://old.mfa.example/quay.png\" alt=\"quay\"> and thought of the ships that lie there.</p>",
	} {
		text := `<html lang="en"><head><title>Page ` + name + `</title><link rel="canonical" href="https://old.mfa.example/` + name + `"></head><body><main><article><h1>Of ` + name + `</h1><time datetime="2019-05-04">4 May 2019</time>` + body + `</article></main></body></html>`
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return w, folder
}

// TestImportForReview: who imports is named, and pages are handed in to be approved by a second
// person. A dry run says so; the same import again knows what waits, and says where.
func TestImportForReview(t *testing.T) {
	t.Parallel()
	w, folder := newImporting(t)
	in := []string{"--as", "ana", "--section", "the-ministry", folder}
	const desk = "http://127.0.0.1:8481/manuscripts"
	out, problems, status := w.run(append([]string{"import", "--dry-run"}, in...)...)
	for _, want := range []string{"becomes    a manuscript of an article, which a second person has to approve", "2 of 3 pages would be handed in for review, 0 known, 1 put aside.\n2 pages would wait to be approved by a second person: " + desk + "?pile=review\n"} {
		if status == 0 || !strings.Contains(out, want) {
			t.Errorf("the dry run: %d, %s%s", status, out, problems)
		}
	}
	if all := w.pageLines(append(in, "--dry-run")...); len(all) != 3 || all[0].Status != "in review" || all[0].Manuscript != "" || all[0].State != "in review" || all[0].URL != "" {
		t.Errorf("the dry run: %+v", all)
	}
	all := w.pageLines(in...)
	if len(all) != 3 || all[0].Status != "in review" || all[0].State != "in review" || all[0].URL != desk+"/"+all[0].Manuscript || all[0].ID != "" || all[2].Status != "aside" || !strings.Contains(strings.Join(all[2].Problems, " "), "is on another site") {
		t.Fatalf("%+v", all)
	}
	out, problems, status = w.run(append([]string{"import"}, in...)...)
	if want := "0 of 3 pages handed in for review, 2 known, 1 put aside.\n2 pages wait to be approved by a second person: " + desk + "?pile=review.\n"; status == 0 || out != want {
		t.Errorf("again: %d, %s%s", status, out, problems)
	}
	if !strings.Contains(problems, "or with --alone\n") || !strings.Contains(problems, "what is handed in is known") {
		t.Errorf("again: %s", problems)
	}
	if again := w.pageLines(in...); again[0].Status != "known" || again[0].Manuscript != all[0].Manuscript || again[0].State != "in review" || again[0].URL != all[0].URL {
		t.Errorf("again: %+v", again[0])
	}
	if got := w.must("import", "--dry-run", "--as", "ana", "--section", "the-ministry", filepath.Join(folder, "1.html")); !strings.Contains(got, "nothing: it is known as manuscript "+all[0].Manuscript+", which is in review: "+all[0].URL) {
		t.Errorf("a dry run again: %s", got)
	}
	if got := strings.TrimSpace(w.must("list")); got != "There are none." {
		t.Errorf("nobody has approved anything: %s", got)
	}
	if got := w.must("audit", "list", "--who", "ana"); strings.Count(got, "manuscript submitted") != 2 || !strings.Contains(got, "page: "+filepath.Join(folder, "1.html")) {
		t.Errorf("the audit says %s", got)
	}
}

// TestImportAloneOrRefused: what waits is not published by somebody who may do without a second person, and
// whoever may not hand in, or is nobody, is told what to do.
func TestImportAloneOrRefused(t *testing.T) {
	t.Parallel()
	w, folder := newImporting(t)
	if _, problems, _ := w.run("import", "--as", "ana", "--section", "the-ministry", folder); !strings.Contains(problems, "1 of 3 pages was put aside") {
		t.Fatal(problems)
	}
	// The one that stays on another site goes out alone, and what waits waits.
	out, problems, status := w.run("import", "--as", "ines", "--alone", "Nobody is there.", "--section", "the-ministry", folder)
	if status != 0 || !strings.HasPrefix(out, "1 of 3 pages imported, 2 known, 0 put aside.\n2 pages wait to be approved") {
		t.Errorf("alone: %d, %s%s", status, out, problems)
	}
	for _, refused := range []struct{ line, says string }{
		{"import --section the-ministry " + folder, "say with --as who does it, and it is handed in for review"},
		{"import --as leo --section the-ministry --accept again " + folder + "/4.html", "not within your rights"},
		{"import --as ana --alone night --section the-ministry " + folder, "ana may not release without a second person"},
		{"import --as nobody --section the-ministry " + folder, "communique people list shows those that are there"},
	} {
		text := `<html lang="en"><body><main><article><h1>Another</h1><time datetime="2019-05-04">4 May 2019</time><p>The lighthouse was lit again after a winter without any light.</p></article></main></body></html>`
		if err := os.WriteFile(filepath.Join(folder, "4.html"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, problem, status := w.run(strings.Fields(refused.line)...); status == 0 || !strings.Contains(problem, refused.says) {
			t.Errorf("%s: %d, %s", refused.line, status, problem)
		}
	}
}
