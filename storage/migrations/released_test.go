package migrations_test

import (
	"compress/gzip"
	"context"
	"database/sql"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
	"communique/storage/sqlite"
	"communique/storage/sqlite/sqlitetest"
	"communique/storage/terms"
)

// released are the databases of the released versions, as these have written them: with an
// article that was corrected, one that was withdrawn, one under embargo and a follower, and
// without keys.
func released(t *testing.T) map[string]string {
	t.Helper()
	packed, err := filepath.Glob(filepath.Join("testdata", "*.db.gz"))
	if err != nil || len(packed) < 4 {
		t.Fatalf("%d databases of released versions: %v", len(packed), err)
	}
	all := map[string]string{}
	for _, name := range packed {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		r, err := gzip.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		version := strings.TrimSuffix(filepath.Base(name), ".db.gz")
		all[version] = filepath.Join(t.TempDir(), version+".db")
		if err := os.WriteFile(all[version], content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// TestReleasedVersions: what each released version has stored is there and means the same.
func TestReleasedVersions(t *testing.T) {
	t.Parallel()
	for version, file := range released(t) {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			s := inFile(file).opened(t)
			if err := s.Verify(t.Context()); err != nil {
				t.Error(err)
			}
			if err := s.RunIndex(t.Context(), slog.New(slog.DiscardHandler)); err != nil {
				t.Error(err)
			}
			if diff := cmp.Diff(storedThen, stored(t, s)); diff != "" {
				t.Errorf("(-stored +found):\n%s", diff)
			}
		})
	}
}

// storedThen is what [stored] finds of what each version has stored.
var storedThen = []string{
	"embargoed Not yet said revision 1 2036-01-01 12:00",
	"published Treaty with Ruvenia signed revision 2 2026-11-20 00:00",
	"withdrawn The names of the witnesses revision 1 2026-11-20 00:00: In danger.",
	"kinds: section published corrected published withdrawn",
	"corrected: The treaty, not a treaty.",
	"text: signed the <a",
	"found: 1",
	"tagged: 1",
	"followers: https://social.example/users/ada",
}

func stored(t *testing.T, s *storage.Store) (all []string) {
	t.Helper()
	query, err := terms.Parse("王毅")
	if err != nil {
		t.Fatal(err)
	}
	err = s.View(t.Context(), func(tx *storage.Tx) error {
		articles, err := tx.All(newsdesk.Place{}, 10)
		if err != nil {
			return err
		}
		var public press.Article
		found := map[press.State]string{}
		for _, a := range articles {
			line := string(a.State) + " " + a.Title + " revision " + string(rune('0'+a.Revision)) + " " + a.Published.Format("2006-01-02 15:04")
			if a.Reason != "" {
				line += ": " + a.Reason
			}
			found[a.State] = line
			if a.State == press.Published {
				public = a
			}
		}
		all = append(all, found[press.Embargoed], found[press.Published], found[press.Withdrawn])
		entries, err := tx.EntriesAfter(0, 100)
		if err != nil {
			return err
		}
		kinds := "kinds:"
		for _, e := range entries {
			kinds += " " + string(e.Kind)
		}
		history, err := tx.History(public.ID, public.Revision)
		if err != nil {
			return err
		}
		note, text := "", "another"
		for _, r := range history {
			note += r.Note
		}
		if strings.Contains(string(public.Body), "signed the <a") {
			text = "signed the <a"
		}
		hits, err := tx.Search(newsdesk.Search{Query: query, Section: public.Section}, newsdesk.Rank{}, 10)
		if err != nil {
			return err
		}
		tagged, err := tx.Tagged("en", "外交", newsdesk.Place{}, 10)
		if err != nil {
			return err
		}
		all = append(all, kinds, "corrected: "+note, "text: "+text, "found: "+string(rune('0'+len(hits))), "tagged: "+string(rune('0'+len(tagged))))
		followers, err := tx.Followers("actor:ministry", "", 10)
		for _, f := range followers {
			all = append(all, "followers: "+f.Actor)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// frame is how long a page is in SQLite's log, with its head; logHead is that of the log.
const (
	frame   = 24 + 4096
	logHead = 32
)

// TestKilledWhileMigrating: a program that is killed while it brings a database up to date
// leaves what it had written into the log, up to some frame or within one. Whoever opens that
// comes to the same database. Every so many frames are tried.
func TestKilledWhileMigrating(t *testing.T) {
	t.Parallel()
	file := released(t)["0.1.0"]
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	reader, err := sql.Open("sqlite", "file:"+file) // keeps the log from being put into the file when the store is closed
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	s, err := sqlite.Open(t.Context(), file, storage.SystemClock{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	log, err := os.ReadFile(file + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	main, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := sqlitetest.Dump(t, file)
	frames := (len(log) - logHead) / frame
	if frames < 100 || len(main) != len(before) {
		t.Fatalf("the log has %d frames, the file %d bytes, and had %d", frames, len(main), len(before))
	}
	const tried = 10
	for i := range tried {
		cut := logHead + frame*(frames*i/tried) + i*frame/tried
		killed := filepath.Join(t.TempDir(), "killed.db")
		if err := os.WriteFile(killed, main, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(killed+"-wal", log[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		again, err := sqlite.Open(t.Context(), killed, storage.SystemClock{})
		if err != nil {
			t.Fatalf("killed after %d bytes of %d: %v", cut, len(log), err)
		}
		if err := again.Close(); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(want, sqlitetest.Dump(t, killed)); diff != "" {
			t.Errorf("killed after %d bytes of %d (-want +got):\n%s", cut, len(log), diff)
		}
	}
}

// TestKilledAtEachStep: a program that is killed at the begin of a step, or within one that
// fills rows, leaves a database with which the next one goes on where it was. Here each next
// one is killed in its turn, until all steps are taken, and nothing shows in what is stored.
func TestKilledAtEachStep(t *testing.T) {
	t.Parallel()
	for version, file := range released(t) {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			want := filepath.Join(t.TempDir(), "want.db")
			copyDatabase(t, file, want)
			if err := inFile(want).opened(t).Close(); err != nil {
				t.Fatal(err)
			}
			kills, rows := 0, 0
			for begun := map[storage.Upgrade]bool{}; ; kills++ {
				left := filepath.Join(t.TempDir(), "left.db")
				killed := false
				ctx, kill := context.WithCancel(t.Context())
				s, err := sqlite.Open(storage.WatchUpgrade(ctx, func(u storage.Upgrade) {
					at := storage.Upgrade{Steps: u.Steps - u.Step, Done: u.Done} // steps are counted from where one begins
					if !killed && !begun[at] {
						begun[at], killed = true, true
						rows += int(u.Done)
						copyDatabase(t, file, left) // what a killed program leaves
						kill()                      // what it goes on with concerns nobody
					}
				}), file, storage.SystemClock{})
				kill()
				if err == nil {
					err = s.Close()
				}
				if !killed {
					if err != nil {
						t.Fatal(err)
					}
					break
				}
				file = left
			}
			if kills < 30 || rows < 3 {
				t.Errorf("%d programs were killed, and %d rows filled by them", kills, rows)
			}
			if diff := cmp.Diff(sqlitetest.Dump(t, want), sqlitetest.Dump(t, file)); diff != "" {
				t.Errorf("(-undisturbed +killed):\n%s", diff)
			}
		})
	}
}

// copyDatabase copies the files of a database as they are.
func copyDatabase(t *testing.T, from, to string) {
	t.Helper()
	for _, ending := range []string{"", "-wal"} {
		content, err := os.ReadFile(from + ending)
		if err == nil {
			err = os.WriteFile(to+ending, content, 0o600)
		}
		if err != nil && !(ending == "-wal" && errors.Is(err, fs.ErrNotExist)) {
			t.Error(err)
		}
	}
}

// TestABackupBeforeAnUpgrade: before a database is brought up to date there is a copy of it as
// it was, which is whole, for nobody else to read, and one of the last few; where it cannot be
// made, the database is said not to be touched. One that is up to date needs none.
func TestABackupBeforeAnUpgrade(t *testing.T) {
	t.Parallel()
	file := released(t)["0.4.0"]
	for _, older := range []string{"02", "03", "20"} {
		if err := os.WriteFile(file+".before-upgrade-from-"+older, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want := sqlitetest.Dump(t, file)
	made, err := sqlite.BackUpBeforeUpgrade(t.Context(), file)
	if err != nil || made != file+".before-upgrade-from-22" {
		t.Fatalf("%q, %v", made, err)
	}
	if info, err := os.Stat(made); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if diff := cmp.Diff(want, sqlitetest.Dump(t, made)); diff != "" {
		t.Errorf("the copy (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, withoutUpgrade(sqlitetest.Dump(t, file))); diff != "" {
		t.Errorf("the database (-want +got):\n%s", diff)
	}
	all, err := filepath.Glob(file + ".*")
	if err != nil || len(all) != 3 {
		t.Errorf("%q are kept, %v", all, err)
	}
	if err := os.Remove(made); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(made, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.BackUpBeforeUpgrade(t.Context(), file); err == nil || !strings.Contains(err.Error(), "was not brought up to date") {
		t.Errorf("where it cannot be made: %v", err)
	}
	if left, err := filepath.Glob(file + "*.part"); err != nil || len(left) > 0 {
		t.Errorf("%q is left, %v", left, err)
	}
	s, err := inFile(file).open(t)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if made, err := sqlite.BackUpBeforeUpgrade(t.Context(), file); made != "" || err != nil {
		t.Errorf("of one that is up to date: %q, %v", made, err)
	}
}

// withoutUpgrade is a dump without the note of an upgrade that is not finished.
func withoutUpgrade(dump string) string {
	before, rest, _ := strings.Cut(dump, "facts: upgrade_from_to")
	_, after, _ := strings.Cut(rest, "\n")
	return before + after
}

// TestTheCopyOfAnUpgradeThatIsKilledIsKept: a program that goes on with an upgrade which was cut
// short makes no copies of what lies between, which would take the place of the one that leads
// back; and nothing is left of a copy that was cut short. The next upgrade has its copy again.
func TestTheCopyOfAnUpgradeThatIsKilledIsKept(t *testing.T) {
	t.Parallel()
	file := released(t)["0.4.0"]
	want := sqlitetest.Dump(t, file)
	copied := file + ".before-upgrade-from-22"
	for _, part := range []string{copied + ".17.part", copied + ".17.part-journal"} {
		if err := os.WriteFile(part, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for kill := range 5 {
		made, err := sqlite.BackUpBeforeUpgrade(t.Context(), file)
		if err != nil || (made == copied) != (kill == 0) {
			t.Fatalf("program %d made %q, %v", kill, made, err)
		}
		ctx, end := context.WithCancel(t.Context())
		s, err := sqlite.Open(storage.WatchUpgrade(ctx, func(u storage.Upgrade) {
			if u.Step == 4 {
				end()
			}
		}), file, storage.SystemClock{})
		end()
		if err == nil {
			t.Fatal("nothing was cut short", s.Close())
		}
	}
	all, err := filepath.Glob(file + ".before*")
	if diff := cmp.Diff([]string{copied}, all); diff != "" || err != nil {
		t.Errorf("the copies (-want +got):\n%s%v", diff, err)
	}
	if diff := cmp.Diff(want, sqlitetest.Dump(t, copied)); diff != "" {
		t.Errorf("the copy (-want +got):\n%s", diff)
	}
	if err := inFile(file).opened(t).Close(); err != nil {
		t.Fatal(err)
	}
	if made, err := sqlite.BackUpBeforeUpgrade(t.Context(), file); made != "" || err != nil {
		t.Errorf("of one that is up to date: %q, %v", made, err)
	}
}
