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
	env   map[string]string
	types string // on standard input
}

// newTerminal makes a site in English and French with the section the-ministry.
func newTerminal(t *testing.T) *terminal {
	t.Helper()
	w := &terminal{t: t, data: filepath.Join(t.TempDir(), "press"), clock: clocktest.At(time.Date(2026, 11, 26, 9, 30, 0, 0, time.UTC))}
	w.must("init", "--base-url", "https://press.mfa.example", "--actor", "ministry", "--name", "M", "--timezone", "Europe/Lisbon", "--language", "en,fr")
	w.must("section", "add", "The Ministry")
	return w
}

// run runs a command, which takes a millisecond, and returns what it printed, and its
// exit status.
func (w *terminal) run(args ...string) (stdout, stderr string, status int) {
	w.t.Helper()
	w.clock.Pass(time.Millisecond)
	var out, problems bytes.Buffer
	err := Run(w.t.Context(), append(args, "--data", w.data), World{
		Stdin: strings.NewReader(w.types), Stdout: &out, Stderr: &problems, Env: func(name string) string { return w.env[name] }, Clock: w.clock,
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
	return w.documentIn("the-ministry", fields...)
}

func (w *terminal) documentIn(section string, fields ...string) string {
	w.t.Helper()
	text := "---\ntitle: Treaty signed\nsection: " + section + "\n" + strings.Join(fields, "\n") + "\n---\n\nIt was signed. [Run](javascript:x)\n"
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
	if err := json.Unmarshal([]byte(w.must(append([]string{"publish", "--again", "--json"}, args...)...)), &printed); err != nil {
		w.t.Fatal(err)
	}
	return string(printed.ID)
}

// page writes a page of another site into a folder, with what is above its article, and
// returns its file.
func (w *terminal) page(folder, name, title, above string) string {
	w.t.Helper()
	text := `<!DOCTYPE html><html lang="en"><head><title>` + title + ` | Ministry</title></head><body>` + above + `
<article><h1>` + title + `</h1><time datetime="2019-05-06T09:00:00+01:00">6 May 2019 09:00</time>
<p>The treaty was signed in Aldreth this morning, after nine years of talks between the two governments.</p></article></body></html>`
	file := filepath.Join(folder, name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
	return file
}

// said is a command line, what it prints and its exit status.
type said struct {
	line   string // words between spaces, those in quotes joined
	status int
	want   []string // parts of what is printed, on either stream
}

// say runs command lines one after the other.
func (w *terminal) say(all []said) {
	w.t.Helper()
	for _, s := range all {
		out, problems, status := w.run(split(s.line)...)
		if status != s.status {
			w.t.Errorf("%s: status %d, want %d: %s", s.line, status, s.status, problems)
		}
		for _, want := range s.want {
			if !strings.Contains(out+problems, want) {
				w.t.Errorf("%s printed\n%s%swant %q", s.line, out, problems, want)
			}
		}
	}
}

func split(line string) []string {
	var words []string
	for i, part := range strings.Split(line, `"`) {
		if i%2 == 1 {
			words = append(words, part)
		} else {
			words = append(words, strings.Fields(part)...)
		}
	}
	return words
}

// write writes a file.
func (w *terminal) write(name, text string) string {
	w.t.Helper()
	file := filepath.Join(w.t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
	return file
}
