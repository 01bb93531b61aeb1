package stories

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
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
	e2etest.NeedsFile(t)
	t.Parallel()
	s := e2etest.NewSite(t)
	s.Configure("Europe/Lisbon", "Asia/Tokyo")
	f := s.Publish("The names of the witnesses")
	file := filepath.Join(t.TempDir(), "one.backup")
	tokyo, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	made := s.Clock.Now().In(tokyo).Format("2006-01-02 15:04")
	s.Must("backup", file)
	s.Clock.Pass(3 * 24 * time.Hour)
	s.Must("withdraw", f.ID, "--reason", "They are in danger.")
	s.Must("publish", "--key", "since-1", s.Markdown("Published since", "It was said since."))

	r := s.Elsewhere()
	told := r.Must("restore", file)
	for _, want := range []string{"from a backup of " + made, "withdrawn", "publish --key", "followers confirm", "restore --confirm"} {
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
	r.Clock.Pass(3 * 24 * time.Hour) // as long as it takes to look
	r.Must("restore", "--confirm")
	if _, warned, _ := r.Run("publish", "--key", "since-0", r.Markdown("Said now", "It was said now.")); !strings.Contains(warned, "a second time") {
		t.Errorf("a new key after the restore was confirmed: %q", warned)
	}
	refused(t, r, "no restored backup waits", "restore", "--confirm")
	r.Must("followers", "confirm")
	refused(t, r, "was not in doubt", "followers", "confirm")
	r.Serve()
	e2etest.Equal(t, "the page of what was withdrawn again", r.Page(f).Status, 410)
	e2etest.Equal(t, "it is", strings.Contains(string(e2etest.Get(t, r.Base+"/en/feed.rss").Body), "witnesses"), false)
	r.Stop()
	r.Clock.Pass(49 * time.Hour)
	if _, warned, _ := r.Run("publish", "--key", "since-2", r.Markdown("Said long since", "It was said long since.")); strings.Contains(warned, "a second time") {
		t.Errorf("a new key two days after that: %q", warned)
	}
	r.Must("backup", filepath.Join(t.TempDir(), "two.backup")) // which is confirmed, as its site was

	quick := s.Elsewhere()
	quick.Must("restore", file, "--confirm")
	quick.Serve()
}

// TestARestoreListsWhatWasDoneSince, if a database still stands where it was: with the
// log of a server that was killed, and only read. What stands there may be another
// site's, or damaged.
func TestARestoreListsWhatWasDoneSince(t *testing.T) {
	e2etest.NeedsFile(t)
	t.Parallel()
	s := e2etest.NewSite(t)
	server := s.Start()
	at := func(later time.Duration) string {
		return "published: " + s.Clock.Now().Add(later).UTC().Format(time.RFC3339)
	}
	names, budget := s.Publish("The names of the witnesses"), s.Publish("The budget")
	hid := s.File("publish", s.Markdown("The witness", "Ottokar was heard."))
	never, later := s.Publish("Never said", at(9*time.Hour)), s.Publish("Said later", at(9*time.Hour))
	file := filepath.Join(t.TempDir(), "one.backup")
	s.Must("backup", file)
	s.Must("withdraw", names.ID, "--reason", "They are in danger.")
	s.Must("correct", budget.ID, s.Markdown("The budget", "It is 200."), "--note", "It is 200.")
	s.File("correct", hid.ID, s.Markdown("The witness", "He was heard."), "--minor")
	s.File("correct", hid.ID, s.Markdown("The witness", "He was heard at last."), "--minor", "--hide-earlier")
	s.Must("withdraw", never.ID)
	s.Must("correct", later.ID, s.Markdown("Said later", "Otherwise."))
	fresh, secret := s.Publish("Published since"), s.Publish("A secret", at(5*time.Hour))
	server.Kill()

	list := []string{
		names.ID + `  withdrawn "The names of the witnesses" (en): They are in danger.`,
		budget.ID + `  corrected "The budget" (en): It is 200.`,
		fresh.ID + `  published "Published since" (en)`,
		hid.ID + `  corrected "The witness" (en)`,
		hid.ID + `  hid earlier wordings of "The witness" (en): public again in the backup: revision 1`,
		never.ID + "  cancelled under embargo (cancelled; nothing of its text is kept)",
		later.ID + `  changed under embargo "Said later" (en)`,
		secret.ID + `  filed under embargo "A secret" (en)`,
	}
	told := func(what, out string, want []string) {
		t.Helper()
		for _, line := range want {
			if !strings.Contains(out, line) {
				t.Errorf("%s does not tell %q:\n%s", what, line, out)
			}
		}
		if got := strings.Count(out, "\n  "); got != len(want)+1 { // the witness was corrected twice
			t.Errorf("%s tells of %d:\n%s", what, got, out)
		}
	}
	before := folderOf(t, s.Data)
	out, _, err := s.Run("restore", file)
	if err == nil || !strings.Contains(err.Error(), "name it with --compare") {
		t.Errorf("where the site stands: %v", err)
	}
	told("restore where the site stands", out, list)
	r := s.Elsewhere()
	told("restore --compare", r.Must("restore", file, "--compare", s.Data), list)
	e2etest.Equal(t, "what was left", folderOf(t, s.Data), before)

	r = s.Elsewhere()
	out = r.Must("restore", "--json", file, "--compare", filepath.Join(s.Data, "communique.db"))
	for _, deed := range []string{"withdrawn", "corrected", "published", "hid", "cancelled", "changed", "filed"} {
		e2etest.Equal(t, deed+" is told to scripts", strings.Contains(out, `{"since":"`+deed+`","at":"`), true)
	}
	if !strings.Contains(out, `"id":"`+names.ID+`"`) {
		t.Errorf("for scripts: %s", out)
	}
	refused(t, s.Elsewhere(), "there is no database", "restore", file, "--compare", t.TempDir())
	another := e2etest.NewSite(t)
	r = s.Elsewhere()
	refused(t, r, "nothing was restored", "restore", file, "--compare", another.Data)
	r.Must("restore", file)
	// What another site, or a backup that is not there, has done since is nobody's question.
	for _, args := range [][]string{{"restore", file}, {"restore", filepath.Join(t.TempDir(), "none.backup")}} {
		_, _, err := another.Run(args...)
		if err == nil || strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), "since the backup") {
			t.Errorf("where another site stands: %v", err)
		}
	}
	out = s.Elsewhere().Must("restore", file, "--compare", file)
	if !strings.Contains(out, "nothing was published") {
		t.Errorf("the backup itself: %s", out)
	}
	damaged := filepath.Join(t.TempDir(), "damaged.db")
	if err := os.WriteFile(damaged, []byte("not a database any more"), 0o600); err != nil {
		t.Fatal(err)
	}
	r = s.Elsewhere()
	if out, _, err := r.Run("restore", file, "--compare", damaged); err == nil || !strings.Contains(err.Error(), damaged) || !strings.Contains(out, "Restored to") {
		t.Errorf("a damaged database: %v\n%s", err, out)
	}
}

// folderOf is what the files of a folder hold.
func folderOf(t *testing.T, folder string) string {
	t.Helper()
	files, err := os.ReadDir(folder)
	var all strings.Builder
	for _, f := range files {
		if f.IsDir() {
			continue // the journal
		}
		content, readErr := os.ReadFile(filepath.Join(folder, f.Name()))
		err = errors.Join(err, readErr)
		fmt.Fprintf(&all, "%s %x\n", f.Name(), sha256.Sum256(content))
	}
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}
