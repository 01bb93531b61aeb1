package journal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// Options say where a journal is and of what.
type Options struct {
	Store *storage.Store
	// Folder is where it is written; it is made if it is not there.
	Folder string
	// Name is that which the database knows: see [storage.Journals].
	Name string
	// Machine is whose files are written; others write theirs beside.
	Machine string
	// Site is the address of the site.
	Site string
	// Like is a file whose owner the journal gets where root writes it; without one it is
	// root's then.
	Like string
	// Patience is how long a disk, or a server of files, may take for a line; 0 is five
	// seconds.
	Patience time.Duration
}

// Journal is an open journal. It is safe for concurrent use, also by several programs.
type Journal struct {
	o Options

	busy chan struct{} // has one in it while something is under way, though nobody may wait for that any more
	page page
}

// New makes a journal. Nothing is written before [Journal.Sync].
func New(o Options) *Journal {
	if o.Patience == 0 {
		o.Patience = 5 * time.Second
	}
	o.Machine = plainName(o.Machine)
	return &Journal{o: o, busy: make(chan struct{}, 1)}
}

// plainName is the name of a machine as a part of a file's.
func plainName(machine string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '-'
	}, machine)
}

// Folder is where it is written.
func (j *Journal) Folder() string { return j.o.Folder }

// LacksError is that the journal tells of what the log of the database does not have: as if
// an older copy of that was put in its place, or a failover had lost something.
type LacksError struct {
	Folder string
	Seq    press.Seq
	At     time.Time
}

func (e *LacksError) Error() string {
	return fmt.Sprintf("the journal in %s tells what was done up to number %d of %s, which the database lacks", e.Folder, e.Seq, e.At.UTC().Format("2006-01-02 15:04:05 UTC"))
}

// Intend notes the corrections and withdrawals of a transaction before its commit: when it
// returns they are on the disk.
func (j *Journal) Intend(tx *storage.Tx) error {
	var lines []Line
	for _, e := range tx.Appended() {
		if e.Kind != press.KindCorrected && e.Kind != press.KindWithdrawn {
			continue
		}
		l, err := lineOf(tx, e)
		if err != nil {
			return err
		}
		l.Intent = true
		lines = append(lines, l)
	}
	if len(lines) == 0 {
		return nil
	}
	return j.within(func() error {
		return j.onPage(func(bool) error { return j.page.add(lines...) })
	})
}

// Note notes what was done to a draft under embargo: that it was, and nothing of what it says.
func (j *Journal) Note(did Deed, id press.ArticleID, at time.Time) error {
	return j.within(func() error {
		return j.onPage(func(bool) error { return j.page.add(Line{Did: did, At: at, Article: id}) })
	})
}

// NoteWithdrawn notes that a picture or file was withdrawn: its bytes are nowhere here, only
// what they are known by.
func (j *Journal) NoteWithdrawn(w newsdesk.WithdrawnMedia) error {
	return j.within(func() error {
		return j.onPage(func(bool) error {
			return j.page.add(Line{Did: TookOut, At: w.At, Withdrew: []Withdrew{withdrew(w)}})
		})
	})
}

// entriesAtOnce bounds what is read in one transaction.
const entriesAtOnce = 500

// Sync copies into the journal what the log has more, and says there what became of intents.
// It returns a [*LacksError] if it is the log that lacks something. That it could not be written
// is noted in the database until it tells all again, and says so: a backup that was made
// meanwhile cannot trust it without.
func (j *Journal) Sync(ctx context.Context) error {
	mended := make(chan bool, 1)
	err := j.within(func() error {
		return j.onPage(func(fresh bool) error {
			for {
				m, err := j.missing(ctx, fresh)
				if err == nil {
					err = j.page.add(m.lines...)
				}
				if err != nil {
					return err
				}
				if !m.more {
					mended <- m.mends
					return nil
				}
			}
		})
	})
	if _, lacks := errors.AsType[*LacksError](err); lacks {
		return err
	}
	if err != nil {
		j.noteUnwritten(ctx)
		return err
	}
	if !<-mended {
		return nil
	}
	// Not before, as nobody who waits for the database may hold the journal.
	return j.o.Store.Update(ctx, (*storage.Tx).NoteWritten)
}

// noteUnwritten notes that the journal cannot be written. Where that cannot be noted either,
// what led here is the error to tell.
func (j *Journal) noteUnwritten(ctx context.Context) {
	var all storage.Journals
	err := j.o.Store.View(ctx, func(tx *storage.Tx) (err error) {
		all, err = tx.Journals()
		return err
	})
	if err == nil && all.Unwritten.IsZero() {
		_ = j.o.Store.Update(ctx, (*storage.Tx).NoteUnwritten)
	}
}

// lacking are the lines that a journal lacks.
type lacking struct {
	lines []Line
	more  bool // there are others behind
	mends bool // the last of them says that the journal, which could not be written, tells all again
}

// missing reads what the journal lacks, all in one state of the database: what led to a note
// that it could not be written is in that state, too.
func (j *Journal) missing(ctx context.Context, fresh bool) (m lacking, err error) {
	p := &j.page
	err = j.o.Store.View(ctx, func(tx *storage.Tx) error {
		all, err := tx.Journals()
		if err != nil {
			return err
		}
		m = lacking{}
		if !fresh {
			if m.lines, err = j.compare(tx); err != nil {
				return err
			}
		}
		entries, err := tx.EntriesAfter(p.seq, entriesAtOnce)
		if err != nil {
			return err
		}
		m.more = len(entries) == entriesAtOnce
		told := p.seq
		for _, e := range entries {
			l, err := lineOf(tx, e)
			if err != nil {
				return err
			}
			if intended(p.intents, l) {
				l = Line{Did: Done, At: l.At, Seq: l.Seq}
			}
			m.lines = append(m.lines, l)
			told = e.Seq
		}
		for _, i := range p.intents {
			if i.Seq <= told && !tells(m.lines, i.Seq) {
				m.lines = append(m.lines, Line{Did: Undone, At: tx.Now(), Seq: i.Seq})
			}
		}
		if m.mends = !m.more && !all.Unwritten.IsZero(); m.mends {
			m.lines = append(m.lines, Line{Did: Mended, At: all.Unwritten})
		}
		return nil
	})
	return m, err
}

// compare tells whether the log has the last entry that the journal tells. If it lacks
// corrections or withdrawals that the journal tells, or came to the same numbers another way,
// that is a [*LacksError]. Of a log that goes on after a gap and lacks nothing else it returns
// the line behind which the journal goes on.
func (j *Journal) compare(tx *storage.Tx) (resumes []Line, err error) {
	p := &j.page
	if p.at.IsZero() {
		return nil, nil // no entry was told yet
	}
	lacks, err := tx.Lacks(p.seq, p.at)
	if err != nil || !lacks {
		return nil, err
	}
	lost := &LacksError{j.o.Folder, p.seq, p.at}
	head, err := tx.Head()
	if err != nil {
		return nil, err
	}
	_, err = tx.Entry(p.seq + 1)
	switch {
	case head.Seq <= p.seq || err == nil:
		return nil, lost
	case !errors.Is(err, press.ErrNotFound):
		return nil, err
	}
	told, err := Read([]string{j.o.Folder}, []string{j.o.Name})
	if err != nil {
		return nil, err
	}
	for _, l := range told.Lines {
		if l.Did != Deed(press.KindCorrected) && l.Did != Deed(press.KindWithdrawn) {
			continue
		}
		if e, err := tx.Entry(l.Seq); err != nil || !e.At.Equal(l.At) {
			return nil, errors.Join(lost, ifNot(press.ErrNotFound, err))
		}
	}
	last, err := tx.LastUpTo(p.seq)
	return []Line{{Did: Resumed, At: last.At, Seq: p.seq}}, ifNot(press.ErrNotFound, err)
}

// intended tells whether what a line tells was noted before its commit.
func intended(intents []Line, l Line) bool {
	return slices.ContainsFunc(intents, func(i Line) bool {
		return i.Seq == l.Seq && i.At.Equal(l.At) && i.Did == l.Did && i.Article == l.Article && i.Revision == l.Revision
	})
}

func tells(lines []Line, seq press.Seq) bool {
	return slices.ContainsFunc(lines, func(l Line) bool { return l.Seq == seq })
}

// ErrSlow is that a line was not written in time.
var ErrSlow = errors.New("the disk, or the server of the files, does not answer")

// within does something within the patience of the journal: a folder on another machine may
// never answer.
func (j *Journal) within(do func() error) error {
	late := time.After(j.o.Patience)
	select {
	case j.busy <- struct{}{}:
	case <-late:
		return fmt.Errorf("write the journal in %s: %w", j.o.Folder, ErrSlow)
	}
	done := make(chan error, 1)
	go func() {
		defer func() { <-j.busy }()
		done <- do()
	}()
	select {
	case err := <-done:
		return err
	case <-late:
		return fmt.Errorf("write the journal in %s: %w", j.o.Folder, ErrSlow)
	}
}

// onPage does something with the newest file of this machine, which no other program writes
// meanwhile. fresh is set if it was begun just now, or tells of no entry yet.
func (j *Journal) onPage(do func(fresh bool) error) (err error) {
	defer func() { err = j.o.explain(err, os.Geteuid(), os.Getegid()) }()
	if err := os.MkdirAll(j.o.Folder, 0o750); err != nil {
		return fmt.Errorf("make the folder of the journal: %w", err)
	}
	defer func() { err = errors.Join(err, j.o.handOver()) }()
	lock := flock.New(filepath.Join(j.o.Folder, j.o.Name+"."+j.o.Machine+".lock"), flock.SetPermissions(0o600))
	ctx, cancel := context.WithTimeout(context.Background(), j.o.Patience)
	defer cancel()
	if _, err := lock.TryLockContext(ctx, 5*time.Millisecond); err != nil {
		return fmt.Errorf("lock the journal: %w", err)
	}
	defer func() { _ = lock.Unlock() }() // the end of the process unlocks, too
	fresh, err := j.turn()
	if err != nil {
		return err
	}
	defer func() { _ = j.page.file.Close() }() // what was written was synced
	return do(fresh)
}

// turn opens the file of this month, after making it if there is none.
func (j *Journal) turn() (fresh bool, err error) {
	all, err := filesOf(j.o.Folder, j.o.Name, j.o.Machine+".")
	if err != nil {
		return false, err
	}
	now := filepath.Join(j.o.Folder, fileName(j.o.Name, j.o.Machine, j.o.Store.Now()))
	if len(all) > 0 {
		newest := all[len(all)-1]
		if err := j.page.open(newest); err != nil {
			return false, fmt.Errorf("open the journal: %w", err)
		}
		if now <= newest { // the clock may have been set back
			return false, nil
		}
		if err := j.page.file.Close(); err != nil {
			return false, err
		}
	}
	first := Line{Did: Begins, At: j.page.at, Seq: j.page.seq, Site: j.o.Site}
	if fresh = len(all) == 0; fresh {
		err := j.o.Store.View(context.Background(), func(tx *storage.Tx) error {
			head, err := tx.Head()
			first.At, first.Seq = head.At, head.Seq
			return err
		})
		if err != nil {
			return false, err
		}
	}
	if err := create(now, first); err != nil {
		return false, fmt.Errorf("begin the journal %s: %w", now, err)
	}
	if err := j.prune(all); err != nil {
		return false, err
	}
	return fresh, j.page.open(now)
}

// prune takes away the files of long ago.
func (j *Journal) prune(all []string) error {
	oldest := fileName(j.o.Name, j.o.Machine, j.o.Store.Now().AddDate(0, -keptFor, 0))
	for _, file := range all {
		if filepath.Base(file) >= oldest {
			continue
		}
		if err := os.Remove(file); err != nil {
			return fmt.Errorf("remove an old part of the journal: %w", err)
		}
	}
	return nil
}
