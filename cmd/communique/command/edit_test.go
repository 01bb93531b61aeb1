package command

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestEdit: an editor opens the newest text, what was changed is shown and corrects the
// article, and a text that is not taken is kept where nobody else can read it.
func TestEdit(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	id := w.publish(w.document("lead: It costs 100."))
	draft := w.publish(w.document("published: 2026-12-01 10:00", "lead: A secret."))
	t.Cleanup(func() {
		for _, a := range []string{id, draft} {
			kept, _ := filepath.Glob(filepath.Join(os.TempDir(), "communique-edit-*", a+".md")) // the pattern is one
			for _, file := range kept {
				_ = os.RemoveAll(filepath.Dir(file))
			}
		}
	})
	w.say([]said{{"edit " + id, 1, []string{"set VISUAL or EDITOR"}}})
	replacing := func(old, put string) { w.env = map[string]string{"EDITOR": "sed -i 's/" + old + "/" + put + "/'"} }
	replacing("100", "200")
	w.say([]said{{"edit " + id + ` --note "It is 200."`, 0, []string{"- lead: It costs 100.\n+ lead: It costs 200.\n", `Replaces "Treaty signed"`, "Corrected: "}}})
	replacing("200", "100")
	w.say([]said{{"edit " + id + " --minor", 1, []string{"--back", "; your text is kept: "}}})
	kept := w.kept("edit", id, "--minor")
	replacing("nothing", "at all")
	w.say([]said{
		{"edit " + id, 0, []string{"Nothing was changed."}},
		{"edit --json " + id, 0, []string{`{"id":"` + id + `","changed":false}` + "\n"}},
		{"edit " + id + " --minor --note X", 2, []string{"one of the two"}},
		{"correct " + id + " " + kept + " --minor --back", 2, []string{`would stay: "It is 200."`, "say with --note what is right"}},
		{"correct " + id + " " + kept + ` --back --note "It is 100."`, 0, nil},
	})
	replacing("100", "300")
	w.say([]said{{"edit " + id, 1, []string{"What was corrected? ", "nothing was corrected; your text is kept: "}}})
	w.types = "It is 300.\n"
	w.say([]said{
		{"edit " + id, 0, []string{"Corrected: "}},
		{"show " + id, 0, []string{"It is 300."}},
	})
	replacing("A secret", "Another secret")
	w.say([]said{{"edit " + draft, 0, []string{"+ lead: Another secret.", "Replaced the draft, under embargo until "}}})
	w.env["VISUAL"] = "false"
	w.say([]said{{"edit " + id + " --minor", 1, []string{"the editor false: exit status 1; your text is kept"}}})
	w.must("withdraw", id, "--reason", "An error.")
	w.must("withdraw", draft)
	w.say([]said{
		{"edit " + id + " --minor", 1, []string{"was withdrawn"}},
		{"edit " + draft, 1, []string{"was cancelled"}},
	})
}

// kept runs a command that keeps a text, and returns its file.
func (w *terminal) kept(args ...string) string {
	w.t.Helper()
	_, problems, _ := w.run(args...)
	found := regexp.MustCompile(`communique correct [a-z0-9]+ (.+\.md)`).FindStringSubmatch(problems)
	if found == nil {
		w.t.Fatalf("no text is kept: %s", problems)
	}
	private(w.t, filepath.Dir(found[1]))
	return found[1]
}

// TestEditWithPictures: those that stay need not be there, and stay what they are.
func TestEditWithPictures(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	folder := t.TempDir()
	for name, text := range map[string]string{
		"h.png": pictureFile(t), "a b.txt": "Article 1.",
		"t.md": "---\ntitle: Treaty signed\nsection: the-ministry\nimages:\n  - {src: h.png, alt: The harbour}\n---\n\nThe [text](<a b.txt>), and ![it](h.png) again.\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	id := w.publish(filepath.Join(folder, "t.md"))
	addresses := func() string {
		return strings.Join(regexp.MustCompile(`/(media|files)/[0-9a-f]+`).FindAllString(w.must("show", "--json", id), -1), " ")
	}
	before := addresses()
	w.env = map[string]string{"VISUAL": "sed -i s/signed/concluded/"}
	w.must("edit", id, "--minor")
	if after := addresses(); after != before || strings.Count(before, "/") != 6 {
		t.Errorf("pictures and files are %s, and were %s", after, before)
	}
	text := filepath.Join(t.TempDir(), "elsewhere.md")
	if err := os.WriteFile(text, []byte(strings.Replace(w.must("show", "--markdown", id), "again", "once more", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	w.must("preview", text, "--to", t.TempDir())
	w.must("correct", id, text, "--minor")
	if after := addresses(); after != before {
		t.Errorf("pictures and files are %s, and were %s", after, before)
	}
}

// TestEditTheTextAsItIs: what is to be hidden is hidden, although nothing was changed.
func TestEditTheTextAsItIs(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	id := w.publish(w.document())
	w.must("correct", id, w.document("lead: It ends a dispute."), "--minor")
	w.env = map[string]string{"EDITOR": "true"}
	w.say([]said{
		{"edit " + id + " --minor", 0, []string{"Nothing was changed."}},
		{"edit " + id + " --minor --hide-earlier", 0, []string{"Corrected: "}},
		{"show " + id, 0, []string{"(minor) (hidden)"}},
	})
}
