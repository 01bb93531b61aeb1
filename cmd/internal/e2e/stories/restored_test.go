package stories

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
)

// TestARestoreBringsNothingBackUnseen: the backup has what was withdrawn since. It says
// when it was made, and nothing is served before somebody has withdrawn it again and
// said so; a key that may have been used since is warned of.
func TestARestoreBringsNothingBackUnseen(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	f := s.Publish("The names of the witnesses")
	file := filepath.Join(t.TempDir(), "one.backup")
	made := s.Clock.Now().UTC().Format("2006-01-02 15:04")
	s.Must("backup", file)
	s.Clock.Pass(3 * 24 * time.Hour)
	s.Must("withdraw", f.ID, "--reason", "They are in danger.")
	s.Must("publish", "--key", "since-1", s.Markdown("Published since", "It was said since."))

	r := s.Elsewhere()
	told := r.Must("restore", file)
	for _, want := range []string{"from a backup of " + made, "withdrawn", "publish --key", "restore --confirm"} {
		if !strings.Contains(told, want) {
			t.Errorf("restore does not say %q:\n%s", want, told)
		}
	}
	refused(t, r, "restore --confirm", "serve")
	r.Must("withdraw", f.ID, "--reason", "They are in danger.")
	refused(t, r, made, "serve")
	_, warned, err := r.Run("publish", "--key", "since-1", r.Markdown("Published since", "It was said since."))
	if err != nil || !strings.Contains(warned, "a second time") || !strings.Contains(warned, "since-1") {
		t.Errorf("a key that was used since: %v, %q", err, warned)
	}
	if _, warned, _ := r.Run("publish", "--key", "since-1", r.Markdown("Published since", "It was said since.")); strings.Contains(warned, "a second time") {
		t.Errorf("a key that is known now: %q", warned)
	}
	r.Must("restore", "--confirm")
	refused(t, r, "no restored backup waits", "restore", "--confirm")
	r.Serve()
	e2etest.Equal(t, "the page of what was withdrawn again", r.Page(f).Status, 410)
	e2etest.Equal(t, "it is", strings.Contains(string(e2etest.Get(t, r.Base+"/en/feed.rss").Body), "witnesses"), false)
	r.Stop()
	r.Must("backup", filepath.Join(t.TempDir(), "two.backup")) // which is confirmed, as its site was

	quick := s.Elsewhere()
	quick.Must("restore", file, "--confirm")
	quick.Serve()
}
