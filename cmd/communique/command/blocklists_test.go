package command_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
)

// TestBlocklists: what another server exports is imported, with each line that
// is not taken named; what is exported is imported again.
func TestBlocklists(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	file := filepath.Join(t.TempDir(), "list.csv")
	list := "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\nbad.example,suspend,TRUE,TRUE,Spam,FALSE\nmeh.example,silence,FALSE,FALSE,,FALSE\nno domain,suspend,,,,\n"
	if err := os.WriteFile(file, []byte(list), 0o600); err != nil {
		t.Fatal(err)
	}
	out, problems, err := s.Run("block", "import", file)
	if err == nil || !strings.Contains(out, "Blocked: 1") {
		t.Errorf("it prints %q: %v", out, err)
	}
	for _, line := range []string{file + ":3: meh.example", file + ":4: \"no domain\""} {
		if !strings.Contains(problems, line) {
			t.Errorf("%q is not reported: %s", line, problems)
		}
	}
	s.Must("block", "add", "https://social.example/users/mallory")
	if err := os.WriteFile(file, []byte(s.Must("block", "export")), 0o600); err != nil {
		t.Fatal(err)
	}
	other := e2etest.NewSite(t)
	other.Must("block", "import", file)
	e2etest.Equal(t, "exported by the other", other.Must("block", "export"), s.Must("block", "export"))
	e2etest.Equal(t, "known at the second time", strings.Contains(other.Must("block", "import", file, "--json"), `"known":2`), true)
}

// TestBlockComments: what a list says of a block is text, whatever its encoding,
// and a list that says nothing wipes nothing out.
func TestBlockComments(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	file := filepath.Join(t.TempDir(), "blocklist.csv")
	if err := os.WriteFile(file, []byte("bad.example,suspend,,,Espa\xf1a,\nknown.example\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.Must("block", "add", "known.example", "--comment", "Spam")
	s.Must("block", "import", file)
	exported := s.Must("block", "export")
	for _, line := range []string{"bad.example,suspend,TRUE,TRUE,Espa\ufffda,FALSE\n", "known.example,suspend,TRUE,TRUE,Spam,FALSE\n"} {
		if !strings.Contains(exported, line) {
			t.Errorf("%q is not in %q", line, exported)
		}
	}
}
