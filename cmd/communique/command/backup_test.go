package command_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"communique/cmd/internal/config"
	"communique/cmd/internal/e2e/e2etest"
)

// TestBackupUnderLoad: a backup that is taken while articles are published
// holds all that was acknowledged before it, in order and nothing in part, and
// the restored site knows its followers and never uses a seq again.
func TestBackupUnderLoad(t *testing.T) {
	t.Parallel()
	s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
	s.Picture("arms.png", 16)
	s.Configure(`icon: ""`, "icon: arms.png")
	s.Serve()
	e2etest.Equal(t, "a Follow", p.Send(s.Actor()+"/inbox", p.Follow(s.Actor())), 202)
	stop, done := make(chan struct{}), make(chan []string)
	go func() {
		var acknowledged []string
		for i := 0; ; i++ {
			select {
			case <-stop:
				done <- acknowledged
				return
			default:
				acknowledged = append(acknowledged, s.Publish(fmt.Sprintf("Statement %d", i)).ID)
			}
		}
	}()
	var backups []string
	for i := range 10 {
		file := filepath.Join(t.TempDir(), fmt.Sprintf("%d.backup", i))
		s.Must("backup", file)
		backups = append(backups, file)
	}
	close(stop)
	acknowledged := <-done
	last := s.Publish("The last before the disaster")
	s.Stop()
	for _, file := range backups {
		restored := s.Elsewhere()
		restored.Must("restore", file)
		ids := published(restored)
		if len(ids) > len(acknowledged)+1 {
			t.Fatalf("%d articles in a backup, %d were published", len(ids), len(acknowledged))
		}
		// The very last may have been committed and not acknowledged yet.
		for i, id := range ids[:min(len(ids), len(acknowledged))] {
			e2etest.Equal(t, fmt.Sprintf("article %d of the backup", i), id, acknowledged[i])
		}
		if next := restored.Publish("After the restore"); next.Seq <= last.Seq {
			t.Errorf("seq %d is used again: the lost log went up to %d", next.Seq, last.Seq)
		}
	}
	restored := s.Elsewhere()
	restored.Must("restore", backups[len(backups)-1])
	restored.Must("restore", "--confirm")
	restored.Serve()
	e2etest.Equal(t, "followers", e2etest.Object(t, restored.Actor()+"/followers")["totalItems"], 1)
	e2etest.Equal(t, "the picture's status", e2etest.Get(t, e2etest.Text(e2etest.Object(t, restored.Actor()), "icon", "url")).Status, 200)
}

// published are the ids of the articles in log order.
func published(s *e2etest.Site) []string {
	s.T.Helper()
	bySeq := map[int64]string{}
	for line := range strings.Lines(s.Must("list", "--json", "--limit", "10000")) {
		var a struct{ ID string }
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			s.T.Fatal(err)
		}
		var details struct{ Entries []struct{ Seq int64 } }
		if err := json.Unmarshal([]byte(s.Must("show", a.ID, "--json")), &details); err != nil || len(details.Entries) == 0 {
			s.T.Fatalf("show %s: %v", a.ID, err)
		}
		bySeq[details.Entries[0].Seq] = a.ID
	}
	var ids []string
	for _, seq := range slices.Sorted(maps.Keys(bySeq)) {
		ids = append(ids, bySeq[seq])
	}
	return ids
}

func TestRestoreRefuses(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	file := filepath.Join(t.TempDir(), "one.backup")
	s.Must("backup", file)
	if _, _, err := s.Run("backup", file); err == nil {
		t.Error("a backup was overwritten")
	}
	if _, _, err := s.Run("restore", file); err == nil {
		t.Error("an installation was overwritten")
	}
	other := e2etest.NewFolder(t)
	for name, bad := range map[string]string{"no backup": s.Markdown("A text", "Text."), "nothing": filepath.Join(s.Data, "none")} {
		if _, _, err := other.Run("restore", bad); err == nil {
			t.Errorf("%s was restored", name)
		}
		if _, err := os.Stat(other.Data); err == nil {
			t.Errorf("%s: something was left behind", name)
		}
	}
}

// TestRestoreBesideAnOldLog: a server that was killed leaves SQLite's log behind,
// which holds what was acknowledged last. Who puts the database aside without it
// must not lose it, and must not be told that the backup is bad.
func TestRestoreBesideAnOldLog(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	file := filepath.Join(t.TempDir(), "one.backup")
	s.Must("backup", file)
	for name, args := range map[string][]string{
		"restore": {"restore", file},
		"init":    {"init", "--base-url", s.Base, "--actor", "ministry", "--name", "M", "--timezone", "UTC", "--language", "en"},
	} {
		other := e2etest.NewFolder(t)
		if err := os.Mkdir(other.Data, 0o750); err != nil {
			t.Fatal(err)
		}
		log := filepath.Join(other.Data, config.Database+"-wal")
		if err := os.WriteFile(log, []byte("the last transactions"), 0o600); err != nil {
			t.Fatal(err)
		}
		_, _, err := other.Run(args...)
		if err == nil || !strings.Contains(err.Error(), log+" is there") {
			t.Errorf("%s beside an old log: %v", name, err)
		}
		if kept, err := os.ReadFile(log); err != nil || string(kept) != "the last transactions" {
			t.Errorf("%s: the old log is %q: %v", name, kept, err)
		}
	}
}

// TestRestorePictureInAFolder: what a backup has taken must come out of it again.
func TestRestorePictureInAFolder(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	if err := os.Mkdir(filepath.Join(s.Data, "pictures"), 0o750); err != nil {
		t.Fatal(err)
	}
	s.Picture("pictures/arms.png", 16)
	s.Configure(`icon: ""`, "icon: pictures/arms.png")
	file := filepath.Join(t.TempDir(), "one.backup")
	s.Must("backup", file)
	restored := e2etest.NewFolder(t)
	restored.Must("restore", file)
	if _, err := os.Stat(filepath.Join(restored.Data, "pictures", "arms.png")); err != nil {
		t.Error(err)
	}
}

// TestBackupIsClosedToOthers: the keys are in it from the first byte.
func TestBackupIsClosedToOthers(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	folder := t.TempDir()
	stop, seen := make(chan struct{}), make(chan []string)
	go func() {
		var wide []string
		for {
			files, _ := os.ReadDir(folder)
			for _, f := range files {
				if info, err := f.Info(); err == nil && info.Mode().Perm()&0o077 != 0 {
					wide = append(wide, info.Mode().String()+" "+f.Name())
				}
			}
			select {
			case <-stop:
				seen <- wide
				return
			default:
			}
		}
	}()
	s.Must("backup", filepath.Join(folder, "one.backup"))
	close(stop)
	if wide := <-seen; len(wide) > 0 {
		t.Errorf("others could read it: %v", wide[0])
	}
}

// TestBackupsToTheSameFile: whoever is told that the backup is made has a whole
// one, also if somebody else makes one under the same name.
func TestBackupsToTheSameFile(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	file := filepath.Join(t.TempDir(), "one.backup")
	made := make(chan error)
	for range 4 {
		go func() {
			_, _, err := s.Run("backup", file)
			made <- err
		}()
	}
	done := 0
	for range 4 {
		err := <-made
		switch {
		case err == nil:
			done++
		case !strings.Contains(err.Error(), "is there already"):
			t.Error(err)
		}
	}
	restored := e2etest.NewFolder(t)
	restored.Must("restore", file)
	files, err := os.ReadDir(filepath.Dir(file))
	if done == 0 || err != nil || len(files) != 1 {
		t.Errorf("%d backups are made; %v are there: %v", done, files, err)
	}
}
