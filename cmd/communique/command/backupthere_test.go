package command

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"communique/storage"
)

// TestBackupsGone: backups that somebody has removed are missed by status, check and metrics,
// and the server makes another.
func TestBackupsGone(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	w.publish(w.document())
	folder := w.keepBackups("")
	w.must("backup")
	w.clock.Pass(time.Hour)
	w.must("backup")
	a := &app{World: World{Env: func(string) string { return "" }, Clock: w.clock, Stderr: &strings.Builder{}}, data: w.data}
	in, err := a.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	metric := func() time.Time {
		t.Helper()
		var known storage.Backups
		err := in.store.View(t.Context(), func(tx *storage.Tx) (err error) {
			known, err = tx.Backups()
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return in.countBackups(known).Made
	}
	all := w.files(folder)
	if got := metric().UTC().Format("15:04"); got != "10:30" {
		t.Errorf("with both there the last one is of %s", got)
	}
	remove := func(name string) {
		t.Helper()
		if err := os.Remove(filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	remove(all[1])
	w.say([]said{
		{"status", 2, []string{"FAIL  backups: " + all[1] + " is no longer in " + folder, "Backups: the last one of 2026-11-26 09:30:00 WET"}},
		{"check --only backup --url http://127.0.0.1:9", 2, []string{"FAIL  backup  the backups: " + all[1] + " is no longer in "}},
	})
	if got := metric().UTC().Format("15:04"); got != "09:30" {
		t.Errorf("with the newest one gone the last one is of %s", got)
	}
	var logged strings.Builder
	b := backups{a: a, in: in, log: slog.New(slog.NewTextHandler(&logged, nil))}
	for range 3 { // the other one is of the same turn
		if err := b.makeDue(t.Context()); err != nil {
			t.Error(err)
		}
	}
	if got := strings.Count(logged.String(), all[1]+" is no longer in "); got != 1 || len(w.files(folder)) != 1 {
		t.Errorf("told %d times, want it once, and no other made yet: %v\n%s", got, w.files(folder), logged.String())
	}
	remove(all[0])
	w.say([]said{
		{"status", 2, []string{"FAIL  backups: " + all[1] + " is no longer in " + folder, "Backups: none that is there."}},
		{"status --json", 2, []string{`"gone":"` + all[1]}},
	})
	if got := metric().Unix(); got != 0 {
		t.Errorf("with all gone the last one is of %d", got)
	}
	if err := b.makeDue(t.Context()); err != nil {
		t.Error(err)
	}
	if all := w.files(folder); len(all) != 1 {
		t.Errorf("these are there: %v", all)
	}
	w.say([]said{{"check --only backup --url http://127.0.0.1:9", 0, []string{"and its rehearsal went well"}}})
}
