package journal_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/journal"
	"communique/storage"
	"communique/storage/clocktest"
	"communique/storage/newsdesk"
	"communique/storage/press"
	"communique/storage/sqlite"
	"communique/storage/sqlite/sqlitetest"
)

// office is a database and a journal of it.
type office struct {
	*testing.T
	store   *storage.Store
	clock   *clocktest.Clock
	section press.SectionID
	journal.Options
	*journal.Journal
}

var noon = time.Date(2026, time.November, 30, 12, 0, 0, 0, time.UTC)

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{T: t, clock: clocktest.At(noon)}
	var err error
	if o.store, err = sqlite.Open(t.Context(), sqlitetest.File(t), o.clock); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.store.Close() })
	o.must(o.store.Update(t.Context(), func(tx *storage.Tx) error {
		s, err := tx.AddSection(press.Root, "news", "en", "News")
		o.section = s.ID
		return err
	}))
	o.Options = journal.Options{Store: o.store, Folder: filepath.Join(t.TempDir(), "journal"), Name: "one", Machine: "press-1.example", Site: "https://press.example"}
	o.Journal = journal.New(o.Options)
	o.sync()
	return o
}

func (o *office) must(err error) {
	o.Helper()
	if err != nil {
		o.Fatal(err)
	}
}

func (o *office) sync() { o.Helper(); o.must(o.Sync(context.Background())) }

func (o *office) draft(title, body string) press.Draft {
	return press.Draft{Section: o.section, Language: "en", Title: title, Body: press.HTML("<p>" + body + "</p>")}
}

func (o *office) publish(title string) (a press.Article) {
	o.Helper()
	o.must(o.store.Update(o.Context(), func(tx *storage.Tx) (err error) {
		a, _, err = tx.Publish(o.draft(title, "It was said."))
		return err
	}))
	return a
}

// withdraw withdraws with an intent before the commit, unless fail keeps it from that.
func (o *office) withdraw(id press.ArticleID, fail error) {
	o.Helper()
	err := o.store.Update(o.Context(), func(tx *storage.Tx) error {
		if _, _, err := tx.Withdraw(id, "It was in error."); err != nil {
			return err
		}
		if err := o.Intend(tx); err != nil {
			return err
		}
		return fail
	})
	if !errors.Is(err, fail) {
		o.Fatal(err)
	}
}

func (o *office) read() journal.Record {
	o.Helper()
	r, err := journal.Read([]string{o.Options.Folder}, []string{"one"})
	o.must(err)
	return r
}

// told are the lines in short.
func told(r journal.Record) string {
	var all []string
	for _, l := range r.Lines {
		text := fmt.Sprint(l.Did)
		if l.Intent {
			text += "?"
		}
		all = append(all, text)
	}
	return strings.Join(all, " ")
}

func (o *office) tells(want string) {
	o.Helper()
	if got := told(o.read()); got != want {
		o.Errorf("the journal tells %q, want %q", got, want)
	}
}

func (o *office) files() []string {
	o.Helper()
	all, err := filepath.Glob(filepath.Join(o.Options.Folder, "*.journal"))
	o.must(err)
	return all
}

// TestWhatIsTold: what was done is told, corrections with their text, drafts by nothing but
// their ids.
func TestWhatIsTold(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	a, b := o.publish("The budget"), o.publish("The names")
	o.must(o.store.Update(t.Context(), func(tx *storage.Tx) error {
		_, _, err := tx.Correct(a.ID, newsdesk.Correction{Draft: o.draft("The budget", "It is 200."), Note: "It is not 100."})
		if err != nil {
			return err
		}
		return o.Intend(tx)
	}))
	secret := o.draft("A secret", "Nobody knows.")
	secret.Published = noon.Add(time.Hour)
	o.must(o.store.Update(t.Context(), func(tx *storage.Tx) error {
		_, _, err := tx.Publish(secret)
		return err
	}))
	o.withdraw(b.ID, nil)
	o.must(o.Note(journal.Cancelled, "aaaaaaaaaaaaaaaa", noon))
	o.sync()
	o.tells("published published corrected withdrawn cancelled")
	lines := o.read().Lines
	if c := lines[2]; c.Article != a.ID || c.Text == nil || c.Text.Body != "<p>It is 200.</p>" || c.Note != "It is not 100." || c.Section != "news" {
		t.Errorf("the correction: %+v", c)
	}
	if w := lines[3]; w.Article != b.ID || w.Note != "It was in error." || w.Text != nil {
		t.Errorf("the withdrawal: %+v", w)
	}
	for _, f := range o.files() {
		text, err := os.ReadFile(f)
		o.must(err)
		if strings.Contains(string(text), "secret") || strings.Contains(string(text), "Nobody knows") {
			t.Errorf("%s has what is under embargo", f)
		}
		if info, err := os.Stat(f); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s can be read by others: %v", f, info.Mode())
		}
	}
}

// TestIntents: what was noted before a commit is told by the log, whoever writes next; as long
// as nobody has, it may have come to nothing.
func TestIntents(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	a, b := o.publish("One"), o.publish("Two")
	o.sync()
	o.withdraw(a.ID, nil)
	o.tells("published published withdrawn?")
	o.Journal = journal.New(o.Options) // as if the program had died
	o.sync()
	o.tells("published published withdrawn")
	o.withdraw(b.ID, errors.New("the disk is full"))
	o.tells("published published withdrawn withdrawn?")
	o.sync() // its number is free still
	o.publish("Three")
	o.sync()
	o.tells("published published withdrawn published")
	o.withdraw(b.ID, nil)
	o.sync()
	o.sync()
	o.tells("published published withdrawn published withdrawn")
}

// TestDamage: a last line that was cut off is as if it had never been written, wherever it was
// cut; another line that is damaged is told by its number, and what is behind it is read.
func TestDamage(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.publish("One")
	o.sync()
	o.publish("Two")
	o.sync()
	file := o.files()[0]
	whole, err := os.ReadFile(file)
	o.must(err)
	second := strings.LastIndex(strings.TrimSuffix(string(whole), "\n"), "\n") + 1
	for cut := second; cut < len(whole); cut += 7 {
		o.must(os.WriteFile(file, whole[:cut], 0o600))
		if r := o.read(); told(r) != "published" || len(r.Damaged) > 0 {
			t.Errorf("cut at %d: %q, damaged %v", cut, told(r), r.Damaged)
		}
		o.Journal = journal.New(o.Options)
		o.sync()
		if again, err := os.ReadFile(file); err != nil || string(again) != string(whole) {
			t.Fatalf("cut at %d, it goes on as %s", cut, again)
		}
	}
	bent := append([]byte{}, whole...)
	bent[strings.Index(string(whole), "One")] ^= 1
	o.must(os.WriteFile(file, bent, 0o600))
	r := o.read()
	if told(r) != "published" || len(r.Damaged) != 1 || !strings.Contains(r.Damaged[0].Error(), filepath.Base(file)+":2: ") {
		t.Errorf("a damaged line: %q, %v", told(r), r.Damaged)
	}
	if lacks := r.Lacks(1); !strings.Contains(lacks, "damaged") {
		t.Errorf("it lacks %q", lacks)
	}
	o.Journal = journal.New(o.Options)
	s, err := o.Look(t.Context())
	if err != nil || len(s.Damaged) != 1 || s.Behind {
		t.Errorf("it stands %+v, %v", s, err)
	}
	o.publish("Three")
	o.sync()
	o.tells("published published")
}

// TestMonths: each month begins a file, and those of long ago are removed.
func TestMonths(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.publish("In November")
	for range 3 {
		o.clock.Pass(31 * 24 * time.Hour)
		o.publish("A month later")
		o.sync()
	}
	if n := len(o.files()); n != 4 {
		t.Errorf("there are %d files", n)
	}
	o.tells("published published published published")
	if lacks := o.read().Lacks(1); lacks != "" {
		t.Errorf("it lacks %q", lacks)
	}
	o.clock.Pass(430 * 24 * time.Hour)
	o.publish("A year later")
	o.sync()
	if n := len(o.files()); n != 1 {
		t.Errorf("a year later there are %d files", n)
	}
	if lacks := o.read().Lacks(2); !strings.Contains(lacks, "numbers 3 to") {
		t.Errorf("of what was before, it lacks %q", lacks)
	}
}

// TestMachines: each machine's files tell everything, so that those of one are enough, and of
// two each line counts once.
func TestMachines(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	other := o.Options
	other.Machine = "press-2"
	second := journal.New(other)
	o.must(second.Sync(t.Context()))
	a := o.publish("One")
	o.withdraw(a.ID, nil)
	o.must(second.Sync(t.Context()))
	o.tells("published withdrawn")
	o.sync()
	o.tells("published withdrawn")
	for _, f := range o.files() {
		if strings.Contains(f, "press-2") {
			o.must(os.Remove(f))
		}
	}
	o.tells("published withdrawn")
	if r := o.read(); r.Lacks(0) == "" || r.Lacks(1) != "" || r.Lacks(5) == "" {
		t.Errorf("it lacks %q, %q, %q", r.Lacks(0), r.Lacks(1), r.Lacks(5))
	}
}

// TestAnOlderCopy: a database that was put back without a word is noticed, and so is one whose
// log has come to the same numbers another way.
func TestAnOlderCopy(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	older := filepath.Join(t.TempDir(), "older.db")
	a := o.publish("One")
	o.sync()
	o.must(o.store.Backup(t.Context(), older))
	o.withdraw(a.ID, nil)
	o.sync()
	back, err := sqlite.Open(t.Context(), older, o.clock)
	o.must(err)
	defer back.Close()
	o.Options.Store = back
	j := journal.New(o.Options)
	for range 2 {
		var lacks *journal.LacksError
		if err := j.Sync(t.Context()); !errors.As(err, &lacks) || !strings.Contains(err.Error(), "up to number 3") {
			t.Errorf("an older copy: %v", err)
		}
		if s, err := j.Look(t.Context()); err != nil || s.Lacks == nil {
			t.Errorf("it stands %+v, %v", s, err)
		}
		o.clock.Pass(time.Minute)
		o.must(back.Update(t.Context(), func(tx *storage.Tx) error {
			_, _, err := tx.Publish(o.draft("Another", "It was said."))
			return err
		}))
	}
	o.tells("published withdrawn")
}

// TestBehindAGap: a journal that tells all that was done is not behind where the log goes on after
// a gap, as after a failover, in which there is nothing to tell.
func TestBehindAGap(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.publish("Before")
	o.sync()
	behind := func(want bool) {
		t.Helper()
		s, err := o.Look(t.Context())
		if err != nil || s.Lacks != nil || s.Behind != want {
			t.Errorf("it stands at %+v: %v, want it behind: %t", s, err, want)
		}
	}
	behind(false)
	o.must(o.store.Update(t.Context(), func(tx *storage.Tx) error {
		_, err := tx.Reopen()
		return err
	}))
	behind(false)
	o.publish("After")
	behind(true)
	o.sync()
	behind(false)
}

// TestAnUnreachableFolder: who writes is not held up, and told; what is missing is written as
// soon as it can be.
func TestAnUnreachableFolder(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	aside := o.Options.Folder + ".away"
	o.must(os.Rename(o.Options.Folder, aside))
	o.must(os.WriteFile(o.Options.Folder, nil, 0o600))
	a := o.publish("One")
	err := o.store.Update(t.Context(), func(tx *storage.Tx) error {
		if _, _, err := tx.Withdraw(a.ID, "It was in error."); err != nil {
			return err
		}
		if o.Intend(tx) == nil {
			t.Error("it was noted in a file in the place of the folder")
		}
		return nil
	})
	o.must(err)
	if err := o.Sync(t.Context()); err == nil {
		t.Error("it was written")
	}
	o.clock.Pass(time.Minute)
	if err := o.Sync(t.Context()); err == nil {
		t.Error("it was written")
	}
	since := o.unwritten()
	if !since.Equal(noon) {
		t.Errorf("the database knows that it was not written since %v", since)
	}
	o.must(os.Remove(o.Options.Folder))
	o.must(os.Rename(aside, o.Options.Folder))
	if lacks := o.read().Lacks(1, since); !strings.Contains(lacks, "after 2026-11-30 12:00:00 UTC") {
		t.Errorf("for a backup of then it lacks %q", lacks)
	}
	o.sync()
	o.tells("published withdrawn")
	if lacks := o.read().Lacks(1, since); lacks != "" || !o.unwritten().IsZero() {
		t.Errorf("it was written again, and lacks %q, not written since %v", lacks, o.unwritten())
	}
}

// unwritten is since when the journal could not be written, as the database knows.
func (o *office) unwritten() (since time.Time) {
	o.Helper()
	o.must(o.store.View(o.Context(), func(tx *storage.Tx) error {
		j, err := tx.Journals()
		since = j.Unwritten
		return err
	}))
	return since
}
