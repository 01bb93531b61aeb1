package command

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/config"
)

// TestBackupUnderLoad: a backup that is taken while articles are published
// holds all that was acknowledged before it, in order and nothing in part, and
// the restored site knows its followers and never uses a seq again.
func TestBackupUnderLoad(t *testing.T) {
	t.Parallel()
	s, p := newSite(t), newPeer(t)
	s.picture("arms.png", 16)
	s.configure(`icon: ""`, "icon: arms.png")
	s.serve()
	mustEqual(t, "a Follow", p.send(s.actor()+"/inbox", p.follow(s.actor())), 202)
	stop, done := make(chan struct{}), make(chan []string)
	go func() {
		var acknowledged []string
		for i := 0; ; i++ {
			select {
			case <-stop:
				done <- acknowledged
				return
			default:
				acknowledged = append(acknowledged, s.publish(fmt.Sprintf("Statement %d", i)).ID)
			}
		}
	}()
	var backups []string
	for i := range 10 {
		file := filepath.Join(t.TempDir(), fmt.Sprintf("%d.backup", i))
		s.must("backup", file)
		backups = append(backups, file)
	}
	close(stop)
	acknowledged := <-done
	last := s.publish("The last before the disaster")
	s.stop()
	for _, file := range backups {
		restored := &testSite{t: t, data: filepath.Join(t.TempDir(), "restored"), base: s.base, stop: func() {}}
		restored.must("restore", file)
		ids := restored.published()
		if len(ids) > len(acknowledged)+1 {
			t.Fatalf("%d articles in a backup, %d were published", len(ids), len(acknowledged))
		}
		// The very last may have been committed and not acknowledged yet.
		for i, id := range ids[:min(len(ids), len(acknowledged))] {
			mustEqual(t, fmt.Sprintf("article %d of the backup", i), id, acknowledged[i])
		}
		if next := restored.publish("After the restore"); next.Seq <= last.Seq {
			t.Errorf("seq %d is used again: the lost log went up to %d", next.Seq, last.Seq)
		}
	}
	restored := &testSite{t: t, data: filepath.Join(t.TempDir(), "restored"), base: s.base, stop: func() {}}
	restored.must("restore", backups[len(backups)-1])
	restored.serve()
	mustEqual(t, "followers", object(t, restored.actor()+"/followers")["totalItems"], 1)
	mustEqual(t, "the picture's status", get(t, text(object(t, restored.actor()), "icon", "url")).Status, 200)
}

// published are the ids of the articles in log order.
func (s *testSite) published() []string {
	s.t.Helper()
	bySeq := map[int64]string{}
	for line := range strings.Lines(s.must("list", "--json", "--limit", "10000")) {
		var a struct{ ID string }
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			s.t.Fatal(err)
		}
		var details struct{ Entries []struct{ Seq int64 } }
		if err := json.Unmarshal([]byte(s.must("show", a.ID, "--json")), &details); err != nil || len(details.Entries) == 0 {
			s.t.Fatalf("show %s: %v", a.ID, err)
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
	s := newSite(t)
	file := filepath.Join(t.TempDir(), "one.backup")
	s.must("backup", file)
	if _, _, err := s.run("backup", file); err == nil {
		t.Error("a backup was overwritten")
	}
	if _, _, err := s.run("restore", file); err == nil {
		t.Error("an installation was overwritten")
	}
	other := newSiteDir(t)
	for name, bad := range map[string]string{"no backup": s.markdown("A text", "Text."), "nothing": filepath.Join(s.data, "none")} {
		if _, _, err := other.run("restore", bad); err == nil {
			t.Errorf("%s was restored", name)
		}
		if _, err := os.Stat(other.data); err == nil {
			t.Errorf("%s: something was left behind", name)
		}
	}
}

// TestRestoreBesideAnOldLog: a server that was killed leaves SQLite's log behind,
// which holds what was acknowledged last. Who puts the database aside without it
// must not lose it, and must not be told that the backup is bad.
func TestRestoreBesideAnOldLog(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	file := filepath.Join(t.TempDir(), "one.backup")
	s.must("backup", file)
	for name, args := range map[string][]string{
		"restore": {"restore", file},
		"init":    {"init", "--base-url", s.base, "--actor", "ministry", "--name", "M", "--timezone", "UTC", "--language", "en"},
	} {
		other := newSiteDir(t)
		if err := os.Mkdir(other.data, 0o750); err != nil {
			t.Fatal(err)
		}
		log := filepath.Join(other.data, config.Database+walEnding)
		if err := os.WriteFile(log, []byte("the last transactions"), 0o600); err != nil {
			t.Fatal(err)
		}
		_, _, err := other.run(args...)
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
	s := newSite(t)
	if err := os.Mkdir(filepath.Join(s.data, "pictures"), 0o750); err != nil {
		t.Fatal(err)
	}
	s.picture("pictures/arms.png", 16)
	s.configure(`icon: ""`, "icon: pictures/arms.png")
	file := filepath.Join(t.TempDir(), "one.backup")
	s.must("backup", file)
	restored := newSiteDir(t)
	restored.must("restore", file)
	if _, err := os.Stat(filepath.Join(restored.data, "pictures", "arms.png")); err != nil {
		t.Error(err)
	}
}

// TestBackupIsClosedToOthers: the keys are in it from the first byte.
func TestBackupIsClosedToOthers(t *testing.T) {
	t.Parallel()
	s := newSite(t)
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
	s.must("backup", filepath.Join(folder, "one.backup"))
	close(stop)
	if wide := <-seen; len(wide) > 0 {
		t.Errorf("others could read it: %v", wide[0])
	}
}

// TestBackupsToTheSameFile: whoever is told that the backup is made has a whole
// one, also if somebody else makes one under the same name.
func TestBackupsToTheSameFile(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	file := filepath.Join(t.TempDir(), "one.backup")
	made := make(chan error)
	for range 4 {
		go func() {
			_, _, err := s.run("backup", file)
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
	restored := newSiteDir(t)
	restored.must("restore", file)
	files, err := os.ReadDir(filepath.Dir(file))
	if done == 0 || err != nil || len(files) != 1 {
		t.Errorf("%d backups are made; %v are there: %v", done, files, err)
	}
}

// TestRestoredEmbargoes: what became of a draft after the backup, a new text, a later
// second or its end, is not in it. None goes out before somebody has looked.
func TestRestoredEmbargoes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	file := filepath.Join(t.TempDir(), "one.backup")
	soon := time.Now().Add(2 * time.Second)
	f := s.file("publish", s.markdown("A secret", "Text.", "published: "+soon.UTC().Format(time.RFC3339)))
	s.must("backup", file)
	s.must("withdraw", f.ID, "--reason", "Not needed.")
	restored := &testSite{t: t, data: filepath.Join(t.TempDir(), "restored"), base: s.base, stop: func() {}}
	told := restored.must("restore", file)
	if !strings.Contains(told, "communique clock confirm") {
		t.Errorf("restore does not say what to do:\n%s", told)
	}
	restored.serve()
	time.Sleep(time.Until(soon) + time.Second/2)
	mustEqual(t, "the status of what was cancelled behind the backup", get(t, f.URL).Status, 404)
	restored.must("clock", "confirm")
	eventually(t, "what nobody cancelled again goes out", func() bool { return get(t, f.URL).Status == 200 })
}
