package command

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/config"
)

// keepBackups has the site keep backups in a folder, which it returns.
func (w *terminal) keepBackups(settings string) string {
	w.t.Helper()
	folder := w.t.TempDir()
	w.configure(`  folder: ""
  every: 24h
  keep: 14
  recipients: []
`, "  folder: "+folder+"\n"+settings)
	return folder
}

// files are the names in a folder.
func (w *terminal) files(folder string) []string {
	w.t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		w.t.Fatal(err)
	}
	all := []string{}
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

// spoil runs a statement on the database, as nothing of ours does.
func (w *terminal) spoil(statement string) {
	w.t.Helper()
	w.spoilFile(filepath.Join(w.data, config.Database), statement)
}

// unmark makes a backup without its digest one of an earlier version.
func (w *terminal) unmark(file string) {
	w.t.Helper()
	w.spoilFile(file, "DELETE FROM facts WHERE name = '"+factDigested+"'")
}

func (w *terminal) spoilFile(file, statement string) {
	w.t.Helper()
	db, err := sql.Open("sqlite", "file:"+file)
	if err != nil {
		w.t.Fatal(err)
	}
	_, err = db.ExecContext(w.t.Context(), statement)
	if err = errors.Join(err, db.Close()); err != nil {
		w.t.Fatal(err)
	}
}

// TestBackupFolder: backups are rehearsed, so many are kept, and status and check know.
func TestBackupFolder(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	w.say([]said{
		{"backup", 2, []string{"the configuration names no folder for backups"}},
		{"status", 2, []string{"Backups: none that is known of."}},
	})
	id := w.publish(w.document())
	folder := w.keepBackups("  keep: 2\n")
	w.say([]said{{"status", 2, []string{"warn  backups: none was made yet"}}})
	first := filepath.Join(folder, "press.mfa.example-20261126T0930")
	w.say([]said{{"backup", 0, []string{
		"Backed up to " + first, "It was restored on trial, as the site was at 2026-11-26 09:30:00 WET:",
		"ok    the database: it is restored, and each page, index and reference in it holds", "ok    the log: no entry is missing up to 2",
		"ok    a page: that of the newest article is shown, " + id, "ok    a feed: that of the site in en is shown", "ok    the keys: they can be used\n",
	}}})
	w.say([]said{
		{"status", 2, []string{"Backups: the last one of 2026-11-26 09:30:00 WET, 1 MiB, rehearsed at 2026-11-26 09:30:00 WET."}},
		{"status --json", 2, []string{`"backups":{"configured":true,"made":"2026-11-26T09:30:00Z","size_bytes":`, `"proven":"2026-11-26T09:30:00Z"`}},
		{"check --only backup --url http://127.0.0.1:9", 0, []string{"ok    backup  the backups: the last one is of 2026-11-26 09:30:00 WET, and its rehearsal went well"}},
	})
	for range 2 {
		w.clock.Pass(time.Hour)
		w.must("backup")
	}
	if all := w.files(folder); len(all) != 2 || strings.HasPrefix(all[0], filepath.Base(first)) {
		t.Errorf("these are there: %v", all)
	}
	for _, left := range w.files(w.data) {
		if left == scratchFolder {
			t.Errorf("%s is left", left)
		}
	}
	w.clock.Pass(27 * time.Hour)
	w.say([]said{
		{"status", 2, []string{"FAIL  backups: none was made since 2026-11-26 11:30:00 WET"}},
		{"check --only backup --url http://127.0.0.1:9", 2, []string{"FAIL  backup  the backups: none was made since"}},
	})
	w.data += ".restored"
	w.must("restore", filepath.Join(folder, w.files(folder)[1]))
	w.say([]said{{"list", 0, []string{id}}})
}

// TestBackupUnproven: one that cannot be relied on is kept, is called so, takes no good
// one's place and is told by all who watch.
func TestBackupUnproven(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	w.publish(w.document())
	folder := w.keepBackups("  keep: 1\n")
	w.must("backup")
	good := w.files(folder)[0]
	w.spoil(`DELETE FROM entries WHERE seq = 1`)
	w.clock.Pass(time.Hour)
	w.say([]said{
		{"backup", 1, []string{"FAIL  the log: the log has a gap: entry 0 is followed by 2", "the backup is there, and cannot be relied on", "the rehearsal of the backup failed: the log: "}},
		{"status", 2, []string{"FAIL  backups: the last backup cannot be relied on: the rehearsal of the backup failed: the log: ",
			"Backups: the last one of 2026-11-26 10:30:00 WET, 1 MiB, whose rehearsal failed; the last good one is of 2026-11-26 09:30:00 WET."}},
		{"status --json", 2, []string{`"fault":"the rehearsal of the backup failed: `}},
		{"check --only backup --url http://127.0.0.1:9", 2, []string{"FAIL  backup "}},
	})
	all := w.files(folder)
	if len(all) != 2 || all[0] != good || !strings.HasSuffix(all[1], ".unproven.backup") {
		t.Fatalf("these are there: %v", all)
	}
	w.say([]said{{"backup verify " + filepath.Join(folder, all[1]), 2, []string{"FAIL  the log: "}}})
	w.data += ".restored"
	w.say([]said{{"restore " + filepath.Join(folder, all[1]), 0, []string{"Warning: the log has a gap: entry 0 is followed by 2."}}})
}

// TestBackupSealed: where there are recipients, nothing that can be read leaves the folder of
// the site, and each of them restores it.
func TestBackupSealed(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	w.publish(w.document("lead: The words of the lead."))
	one, identity := w.identity()
	two, other := w.identity()
	_, stranger := w.identity()
	folder := w.keepBackups("  recipients: [" + one + ", " + two + "]\n")
	named := filepath.Join(t.TempDir(), "one.backup.age")
	w.say([]said{
		{"backup", 0, []string{".backup.age, up to entry 2.", "It is encrypted to 2 recipients", "It was restored on trial"}},
		{"backup " + named, 0, []string{"It is encrypted to 2 recipients"}},
	})
	all := w.files(folder)
	if len(all) != 1 || !strings.HasSuffix(all[0], ".backup.age") {
		t.Fatalf("these are there: %v", all)
	}
	output, problems, status := w.run("backup", "-")
	if status != 0 || problems != "" {
		t.Fatalf("%d: %s", status, problems)
	}
	printed := w.write("printed", output)
	for _, file := range []string{filepath.Join(folder, all[0]), named, printed} {
		content, err := os.ReadFile(file)
		if err != nil || strings.Contains(string(content), "The words of the lead") || strings.Contains(string(content), "SQLite") {
			t.Errorf("%s can be read: %v", file, err)
		}
		w.say([]said{
			{"backup verify " + file, 2, []string{"it is encrypted: name the file"}},
			{"backup verify " + file + " --identity " + stranger, 2, []string{"it is encrypted to other recipients"}},
			{"backup verify " + file + " --identity " + identity, 0, []string{"ok    the database: ", "The backup can be relied on."}},
			{"backup verify --json " + file + " --identity " + other, 0, []string{`{"backup":"2026-11-26T09:30:00Z","parts":[{"part":"the database","verdict":"ok"`}},
		})
	}
}

// TestBackupVerifiesKeys: encrypted keys are looked at where their passphrase is, and only
// there. Which passphrase a backup wants, and that another one is set, its fingerprint tells.
func TestBackupVerifiesKeys(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	secret := w.write("passphrase", "correct horse battery staple\n")
	w.configure(`passphrase_file: ""`, "passphrase_file: "+secret)
	_, fingerprint, _ := strings.Cut(w.must("keys", "encrypt"), "The fingerprint of the passphrase is ")
	fingerprint, _, _ = strings.Cut(fingerprint, ":")
	named := "(fingerprint " + fingerprint + ")"
	folder := w.keepBackups("")
	w.say([]said{{"keys list", 0, []string{"encrypted " + fingerprint}}, {"backup", 0, []string{"ok    the keys: they can be used with the passphrase " + named}}})
	file := filepath.Join(folder, w.files(folder)[0])
	w.say([]said{{"backup verify " + file, 0, []string{"ok    the keys: they can be used with the passphrase"}}})
	if err := os.Remove(secret); err != nil {
		t.Fatal(err)
	}
	w.data += ".nowhere"
	w.say([]said{{"backup verify " + file, 1, []string{"ok    the log: ", "warn  the keys: they were not looked at: they are encrypted, and their passphrase is not here " + named + ". Set COMMUNIQUE_KEY_PASSPHRASE"}}})
	w.env = map[string]string{"COMMUNIQUE_KEY_PASSPHRASE": "correct horse battery staple"}
	w.say([]said{{"backup verify " + file, 0, []string{"ok    the keys: they can be used with the passphrase"}}})
	w.env = map[string]string{"COMMUNIQUE_KEY_PASSPHRASE": "another one"}
	w.say([]said{{"backup verify " + file, 2, []string{"FAIL  the keys: ", "the passphrase does not open the key: it was encrypted with the one whose fingerprint is " + fingerprint + ", and that of this one is "}}})
}

// TestVerifyFindsDamage: what is no backup any more is told, and so is what never was one.
func TestVerifyFindsDamage(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	w.publish(w.document())
	file := filepath.Join(t.TempDir(), "one.backup")
	w.must("backup", file)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	page := slices.Clone(whole)
	for i := range 4096 {
		page[20*4096+i] = 0xff
	}
	letter := bytes.Replace(whole, []byte("It was signed"), []byte("It was Signed"), 1)
	for name, content := range map[string][]byte{"letter": letter, "end": whole[:len(whole)-1], "digest": append(slices.Clone(whole[:len(whole)-3]), "zz\n"...), "cut": whole[:len(whole)/2], "overwritten": page, "text": []byte("a letter"), "empty": nil} {
		w.say([]said{{"backup verify " + w.write(name, string(content)), 2, []string{"FAIL  the database: "}}})
	}
	w.say([]said{{"backup verify " + file, 0, []string{"holds, and each byte, by its SHA-256"}}})
	w.data += ".restored"
	w.say([]said{{"restore " + w.write("letter", string(letter)), 1, []string{"it is not what was written, by its SHA-256"}}})
	// A backup of an earlier version has no digest.
	older := w.write("older", string(whole[:len(whole)-len(whole)%4096]))
	w.unmark(older)
	w.say([]said{{"backup verify " + older, 0, []string{"it has no digest, for an earlier version made it"}}})
	w.say([]said{{"backup verify " + file + ".none", 2, []string{"it cannot be read: no such file"}}})
}

// TestServerBacksUp: a server makes a backup when it is due, once, and again when the next
// one is; one that cannot be made leaves those that are there, is told, and is made up for.
func TestServerBacksUp(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	w.publish(w.document())
	folder := w.keepBackups("  keep: 2\n")
	ctx := t.Context()
	a := &app{World: World{Env: func(string) string { return "" }, Clock: w.clock, Stderr: &strings.Builder{}}, data: w.data}
	in, err := a.open(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	var logged strings.Builder
	b := backups{a: a, in: in, log: slog.New(slog.NewTextHandler(&logged, nil))}
	makeDue := func(want int) {
		t.Helper()
		if err := b.makeDue(ctx); err != nil {
			t.Error(err)
		}
		if got := w.files(folder); len(got) != want {
			t.Errorf("%d are there, want %d: %v\n%s", len(got), want, got, logged.String())
		}
	}
	// A server that was killed in the middle of a backup has left this.
	for _, half := range []string{filepath.Join(folder, "press.mfa.example-20261126T020000Z.backup.123.part"), filepath.Join(w.data, scratchFolder, "copy")} {
		if err := errors.Join(os.MkdirAll(filepath.Dir(half), 0o700), os.WriteFile(half, []byte("half"), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	if err := in.clearBackups(); err != nil {
		t.Error(err)
	}
	if left := w.files(folder); len(left) > 0 || slices.Contains(w.files(w.data), scratchFolder) {
		t.Errorf("what was half made is left: %v", left)
	}
	makeDue(1)
	makeDue(1)
	w.clock.Pass(16 * time.Hour) // half past one at night
	makeDue(1)
	w.clock.Pass(time.Hour)
	makeDue(2)
	if !strings.Contains(logged.String(), "a backup was made and rehearsed") {
		t.Errorf("it said %s", logged.String())
	}
	before := w.files(folder)
	away := folder + ".away"
	if err := os.Rename(folder, away); err != nil {
		t.Fatal(err)
	}
	w.clock.Pass(24 * time.Hour)
	err = b.makeDue(ctx)
	if err == nil {
		t.Fatal("a backup was made in a folder that is not there")
	}
	b.failed(ctx, err)
	w.say([]said{{"status --json", 2, []string{`"failed":"`, `"verdict":"FAIL","what":"backups: no backup could be made at 2026-11-28 02:30:00 WET: `}}})
	if err := os.Rename(away, folder); err != nil {
		t.Fatal(err)
	}
	if after := w.files(folder); !slices.Equal(after, before) {
		t.Errorf("they were %v, and are %v", before, after)
	}
	makeDue(2) // of which the oldest has gone
	out, _, _ := w.run("status", "--json")
	var r statusReport
	if err := json.Unmarshal([]byte(out), &r); err != nil || r.Backups.Failed != "" || r.Backups.Fault != "" {
		t.Errorf("%s, %v", out, err)
	}
	// What was restored elsewhere does not wait for the next night.
	w.data += ".restored"
	w.must("restore", "--confirm", filepath.Join(folder, w.files(folder)[1]))
	ended, stop := context.WithCancel(ctx)
	stop()
	if _, err := a.backupByRule(ended, in, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("one that is given up: %v", err)
	}
	if got := w.files(folder); len(got) != 2 {
		t.Errorf("one that was given up is there: %v", got)
	}
}

// TestNoBackupsOnTrial: a site that is tried out writes nothing among the real one's backups.
func TestNoBackupsOnTrial(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	folder := w.keepBackups("")
	w.configure("paused: false", "paused: true")
	w.say([]said{{"check --only start --url http://127.0.0.1:9", 1, []string{"no backups are made by the server while deliveries are held"}}})
	a := &app{World: World{Env: func(string) string { return "" }, Clock: w.clock}, data: w.data}
	in, err := a.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	b := backups{a: a, in: in, log: slog.New(slog.DiscardHandler)}
	b.run(t.Context()) // and does not return otherwise
	if all := w.files(folder); len(all) > 0 {
		t.Errorf("these are there: %v", all)
	}
}

// TestBackupOfACopy: a copy of the site that is tried out, whose configuration names the same
// folder, removes none of the real one's backups, nor does the real one count the copy's.
func TestBackupOfACopy(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	folder := w.keepBackups("  keep: 1\n")
	w.must("backup")
	first := w.files(folder)[0]
	site := w.data
	w.data += ".trial"
	w.must("restore", "--confirm", filepath.Join(folder, first))
	w.configure("paused: false", "paused: true")
	w.clock.Pass(time.Hour)
	w.say([]said{{"backup", 0, []string{"Warning: no backups are made by the server while deliveries are held", "Backed up to "}}})
	both := w.files(folder)
	if len(both) != 2 || both[0] != first {
		t.Fatalf("after the backup of the copy there are %v", both)
	}
	w.data = site
	w.clock.Pass(time.Hour)
	w.say([]said{{"backup", 0, []string{"Removed " + first}}})
	if all := w.files(folder); len(all) != 2 || all[0] != both[1] {
		t.Errorf("after the next one of the site there are %v", all)
	}
}

// TestBackupsOfAnOlderVersion: those that were made before their names were noted are removed
// when they are too many.
func TestBackupsOfAnOlderVersion(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	folder := w.keepBackups("  keep: 1\n")
	w.must("backup")
	first := w.files(folder)[0]
	w.spoil("UPDATE facts SET value = json_remove(value, '$.files') WHERE name = 'backups'")
	w.clock.Pass(time.Hour)
	w.say([]said{{"backup", 0, []string{"Removed " + first}}})
}
