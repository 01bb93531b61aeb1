package stories

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/config"
	"communique/cmd/internal/e2e/e2etest"
)

// TestNothingStaysOfACancelledDraft: its text, its earlier texts, its pictures and
// what was said about it are in no file of the installation and in no backup, whether
// it was filed while a server runs or not.
func TestNothingStaysOfACancelledDraft(t *testing.T) {
	e2etest.NeedsFile(t)
	t.Parallel()
	for _, served := range []bool{true, false} {
		s := e2etest.NewSite(t)
		if served {
			s.Serve()
		}
		const marker = "Zwentibold"
		embargo := e2etest.PublishedAt(s.Clock.Now().Add(time.Hour))
		for n := range 40 { // the pages of the database split and fill between them
			s.File("publish", s.Markdown(fmt.Sprint("Statement ", n), strings.Repeat(fmt.Sprintf("The ministers met %d times. ", n), 1+n*17%90)))
			if n%8 != 3 {
				continue
			}
			long := strings.Repeat("Text of "+marker+". ", 1+n*n%300)
			document := s.Markdown("On "+marker, long, "lead: It is about "+marker+".", "tags: ["+marker+"]", embargo,
				"images: [{src: secret.png, alt: "+marker+"}]")
			s.Picture("secret.png", 40+n)
			picture, err := os.ReadFile(filepath.Join(s.Data, "secret.png"))
			if err != nil {
				t.Fatal(err)
			}
			if err := os.Remove(filepath.Join(s.Data, "secret.png")); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(filepath.Dir(document), "secret.png"), picture, 0o600); err != nil {
				t.Fatal(err)
			}
			f := s.File("publish", "--key", fmt.Sprint("secret-", n), document)
			s.Must("correct", f.ID, s.Markdown("More on "+marker, "Of "+marker+": "+strings.ToUpper(long), embargo), "--note", "About "+marker, "--replace")
			s.Must("withdraw", f.ID, "--reason", "Because of "+marker)
			if again := s.Must("publish", "--dry-run", "--key", fmt.Sprint("secret-", n), document); !strings.Contains(again, "would be under embargo") {
				t.Errorf("its key is not free again: %s", again)
			}
			show := s.Must("show", f.ID)
			e2etest.Equal(t, "it is listed as", strings.Contains(show, "cancelled") && !strings.Contains(show, marker), true)
			backup := filepath.Join(t.TempDir(), "one.backup")
			s.Must("backup", backup)
			files, err := filepath.Glob(filepath.Join(s.Data, "*"))
			if err != nil {
				t.Fatal(err)
			}
			for _, file := range append(files, backup) {
				content, err := os.ReadFile(file)
				if err != nil {
					continue // a folder
				}
				for what, secret := range map[string][]byte{"the text": []byte(marker), "the text in capitals": []byte(strings.ToUpper(marker)), "the picture": picture[len(picture)/3:]} {
					if bytes.Contains(content, secret) {
						t.Errorf("draft %d, served %v: %s has %s", n, served, filepath.Base(file), what)
					}
				}
			}
		}
		s.Stop()
	}
}

// TestNoCopyFromBeforeAnUpgradeHasACancelledDraft: the copies of the database that were made
// before upgrades go when a draft is cancelled, and it is said.
func TestNoCopyFromBeforeAnUpgradeHasACancelledDraft(t *testing.T) {
	e2etest.NeedsFile(t)
	t.Parallel()
	s := e2etest.NewSite(t)
	draft := s.Publish("On Zwentibold", e2etest.PublishedAt(s.Clock.Now().Add(time.Hour)))
	database := filepath.Join(s.Data, config.Database)
	content, err := os.ReadFile(database)
	if err != nil {
		t.Fatal(err)
	}
	older := database + ".before-upgrade-from-54"
	for _, file := range []string{older, older + ".17.part"} {
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if out := s.Must("withdraw", draft.ID); !strings.Contains(out, "Removed, for what was cancelled may be in it: "+older) {
		t.Errorf("withdraw says\n%s", out)
	}
	if left, err := filepath.Glob(database + ".before*"); err != nil || len(left) > 0 {
		t.Errorf("%q is left, %v", left, err)
	}
}
