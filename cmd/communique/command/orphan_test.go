package command

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestOrphan: what was published after the backup was made is withdrawn in the section that the
// journal tells. An id that the journal does not know is taken when somebody says that it is
// right, and in the section that they name.
func TestOrphan(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	w.must("section", "add", "The Ministry > Press")
	config := filepath.Join(w.data, "communique.yaml")
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := strings.Replace(string(text), "journal: journal", "journal: "+filepath.Join(t.TempDir(), "journal"), 1)
	if err := os.WriteFile(config, []byte(elsewhere), 0o600); err != nil {
		t.Fatal(err)
	}
	w.publish(w.document("lead: Before the backup."))
	backup := filepath.Join(t.TempDir(), "one.backup")
	w.must("backup", backup)
	orphan := w.publish(w.documentIn("the-ministry/press"))
	w.data = filepath.Join(t.TempDir(), "restored")
	w.must("restore", backup)
	for _, refused := range []struct{ line, says string }{
		{"withdraw --orphan aaaaaaaaaaaaaaaa --reason Error.", "Nothing takes that back"},
		{"withdraw --orphan aaaaaaaaaaaaaaaa --reason Error. --confirm --section nowhere", `there is no section "nowhere"`},
		{"withdraw " + orphan + " --reason Error. --confirm", "are for --orphan"},
	} {
		if _, problem, status := w.run(strings.Fields(refused.line)...); status == 0 || !strings.Contains(problem, refused.says) {
			t.Errorf("%s: %d, %s", refused.line, status, problem)
		}
	}
	w.must("withdraw", "--orphan", orphan, "--reason", "Issued in error.")
	w.must("withdraw", "--orphan", "bbbbbbbbbbbbbbbb", "--reason", "Issued in error.", "--confirm", "--section", "the-ministry/press")
	for _, id := range []string{orphan, "bbbbbbbbbbbbbbbb"} {
		if got := w.must("show", id, "--json"); !strings.Contains(got, `"section":"the-ministry/press"`) {
			t.Errorf("%s is withdrawn in another section: %s", id, got)
		}
	}
	if got := w.must("list", "--state", "withdrawn"); strings.Contains(got, "aaaaaaaaaaaaaaaa") {
		t.Errorf("a mistyped id was withdrawn: %s", got)
	}
}
