package command

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"communique/storage/clocktest"
)

// terminal is a person at a terminal of a site of their own, whose clock they move.
type terminal struct {
	t     *testing.T
	data  string
	clock *clocktest.Clock
}

// newTerminal makes a site in English and French with the section the-ministry.
func newTerminal(t *testing.T) *terminal {
	t.Helper()
	w := &terminal{t: t, data: filepath.Join(t.TempDir(), "press"), clock: clocktest.At(time.Date(2026, 11, 26, 9, 30, 0, 0, time.UTC))}
	w.must("init", "--base-url", "https://press.mfa.example", "--actor", "ministry", "--name", "M", "--timezone", "Europe/Lisbon", "--language", "en,fr")
	w.must("section", "add", "The Ministry")
	return w
}

// run runs a command and returns what it printed, and its exit status.
func (w *terminal) run(args ...string) (stdout, stderr string, status int) {
	w.t.Helper()
	var out, problems bytes.Buffer
	err := Run(w.t.Context(), append(args, "--data", w.data), World{
		Stdin: strings.NewReader(""), Stdout: &out, Stderr: &problems, Env: func(string) string { return "" }, Clock: w.clock,
	})
	status = ExitStatus(&problems, err)
	return out.String(), problems.String(), status
}

// must runs a command that must not fail.
func (w *terminal) must(args ...string) string {
	w.t.Helper()
	out, problems, status := w.run(args...)
	if status != 0 {
		w.t.Fatalf("%s: %s", strings.Join(args, " "), problems)
	}
	return out
}

// document writes an article with further fields, a line each, and returns its file.
func (w *terminal) document(fields ...string) string {
	w.t.Helper()
	text := "---\ntitle: Treaty signed\nsection: the-ministry\n" + strings.Join(fields, "\n") + "\n---\n\nIt was signed. [Run](javascript:x)\n"
	file := filepath.Join(w.t.TempDir(), "treaty.md")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
	return file
}

// publish publishes a document and returns its id.
func (w *terminal) publish(args ...string) string {
	w.t.Helper()
	var printed result
	if err := json.Unmarshal([]byte(w.must(append([]string{"publish", "--json"}, args...)...)), &printed); err != nil {
		w.t.Fatal(err)
	}
	return string(printed.ID)
}

// TestCorrectADraft: with a date of last year the draft stays under embargo, and the
// error names the flag by which it would go out; what the text has lost is noted.
func TestCorrectADraft(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	id := w.publish(w.document("published: 2026-12-01 10:00"))
	mistyped := w.document("published: 2025-12-01 10:00")
	_, problems, status := w.run("correct", id, mistyped, "--minor")
	if status != 1 || !strings.Contains(problems, "treaty.md:4: published: it is more than 48 hours ago") || !strings.Contains(problems, "--silent") {
		t.Errorf("status %d, %s", status, problems)
	}
	out := w.must("correct", id, w.document(), "--minor")
	if !strings.Contains(out, "Replaced the draft, under embargo until 2026-12-01 10:00 WET") || !strings.Contains(out, "Note: ") {
		t.Errorf("without a date: %s", out)
	}
	if out := w.must("correct", id, mistyped, "--minor", "--silent"); !strings.HasPrefix(out, "Corrected: https://press.mfa.example/en/articles/"+id) {
		t.Errorf("silently: %s", out)
	}
}

// TestCorrectInItsLanguage: a French article stays French if the corrected file does
// not say so, though the site's first language is English.
func TestCorrectInItsLanguage(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	id := w.publish(w.document("language: fr"))
	w.must("correct", id, w.document(), "--note", "Un mot manquait.")
	if out := w.must("show", id); !strings.Contains(out, "https://press.mfa.example/fr/articles/"+id) {
		t.Errorf("it is now\n%s", out)
	}
}
