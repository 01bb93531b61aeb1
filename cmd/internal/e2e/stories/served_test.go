package stories

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
)

// TestAServerWithAnotherConfiguration: what was changed in the configuration since the
// server was started is named by every command that does something, until the server is
// started again.
func TestAServerWithAnotherConfiguration(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.Picture("arms.png", 16)
	s.Configure(`icon: ""`, "icon: arms.png")
	s.Serve()
	f := s.Publish("Before")
	const says = "Restart communique serve"
	if out := s.Must("pin", f.ID); strings.Contains(out, says) || strings.Contains(out, "No server") {
		t.Errorf("nothing was changed:\n%s", out)
	}
	s.Configure(`timezone: "Europe/Lisbon"`, `timezone: "Asia/Tokyo" # where the minister is`)
	s.Configure("languages: [en]", "languages: [en, fr]")
	if err := os.WriteFile(filepath.Join(s.Data, "arms.png"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	out := s.Must("unpin", f.ID)
	if !strings.Contains(out, says) || !strings.Contains(out, "languages, the picture arms.png, timezone") {
		t.Errorf("three were changed:\n%s", out)
	}
	if out := s.Must("publish", "--json", s.Markdown("Since", "It was said.")); !strings.Contains(out, `"served":true,"restart_for":["languages","the picture arms.png","timezone"]`) {
		t.Errorf("for scripts: %s", out)
	}
	s.Picture("arms.png", 16)
	s.Stop()
	if out := s.Must("pin", f.ID); strings.Contains(out, says) || !strings.Contains(out, "No server runs") {
		t.Errorf("stopped:\n%s", out)
	}
	s.Serve()
	if out := s.Must("unpin", f.ID); strings.Contains(out, says) {
		t.Errorf("started again:\n%s", out)
	}
}

// TestABackupOfWhatIsNotConfirmed: what was done since the first backup is not known any
// better in a second one.
func TestABackupOfWhatIsNotConfirmed(t *testing.T) {
	e2etest.NeedsFile(t)
	t.Parallel()
	s := e2etest.NewSite(t)
	first, second := filepath.Join(t.TempDir(), "one.backup"), filepath.Join(t.TempDir(), "two.backup")
	lisbon, err := time.LoadLocation("Europe/Lisbon")
	if err != nil {
		t.Fatal(err)
	}
	made := s.Clock.Now().In(lisbon).Format("2006-01-02 15:04")
	s.Must("backup", first)
	s.Clock.Pass(48 * time.Hour)
	r := s.Elsewhere()
	r.Must("restore", first)
	if out := r.Must("backup", second); !strings.Contains(out, "that is not confirmed") {
		t.Errorf("the second backup:\n%s", out)
	}
	for _, flags := range [][]string{nil, {"--confirm"}} {
		again := s.Elsewhere()
		out := again.Must(append([]string{"restore", second}, flags...)...)
		if !strings.Contains(out, "from a backup of "+made) || !strings.Contains(out, "nobody has confirmed") || strings.Contains(out, "not heeded") != (flags != nil) {
			t.Errorf("%v:\n%s", flags, out)
		}
		refused(t, again, made, "serve")
		again.Must("restore", "--confirm")
		again.Serve()
		again.Stop()
	}
	r.Must("restore", "--confirm")
	third := filepath.Join(t.TempDir(), "three.backup")
	if out := r.Must("backup", third); strings.Contains(out, "not confirmed") {
		t.Errorf("confirmed:\n%s", out)
	}
	again := s.Elsewhere()
	again.Must("restore", third, "--confirm")
	again.Serve()
}
