package journal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"communique/storage/press"
)

const (
	ending  = ".journal"
	monthly = "2006-01"
	// keptFor is how long a month's file is kept: who goes on from a backup that is older
	// than that has more to do than a journal can tell.
	keptFor = 13
)

// fileName is the file of a month.
func fileName(name, host string, month time.Time) string {
	return name + "." + host + "." + month.UTC().Format(monthly) + ending
}

// DamageError is a line that cannot be read.
type DamageError struct {
	File string
	Line int
	Err  error
}

func (e *DamageError) Error() string { return fmt.Sprintf("%s:%d: %v", e.File, e.Line, e.Err) }

func (e *DamageError) Unwrap() error { return e.Err }

// scan reads whole lines, and returns how long they are: what comes behind was cut off.
func scan(file string, text []byte) (lines []Line, whole int, damaged []*DamageError) {
	for n := 1; ; n++ {
		line, _, ended := bytes.Cut(text[whole:], []byte("\n"))
		if !ended {
			return lines, whole, damaged
		}
		l, err := decode(line)
		if err != nil {
			damaged = append(damaged, &DamageError{file, n, err})
		} else {
			lines = append(lines, l)
		}
		whole += len(line) + 1
	}
}

// filesOf are the files of a journal in a folder, oldest month first; host is empty for
// those of all machines, and name for those of all journals.
func filesOf(folder, name, host string) ([]string, error) {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the journal: %w", err)
	}
	prefix := name + "." + host
	if name == "" {
		prefix = ""
	}
	var all []string
	for _, e := range entries {
		if rest, found := strings.CutPrefix(e.Name(), prefix); found && strings.HasSuffix(rest, ending) {
			all = append(all, filepath.Join(folder, e.Name()))
		}
	}
	slices.Sort(all) // by machine, then by month
	return all, nil
}

// page is the file that is written, and what is known of it.
type page struct {
	file *os.File
	name string
	size int64
	// seq and at are the last entry that it tells.
	seq     press.Seq
	at      time.Time
	intents []Line // of which it does not tell what became of them
	damaged []*DamageError
}

// take knows a line.
func (p *page) take(l Line) {
	if l.Intent {
		p.intents = append(p.intents, l)
	} else { // that line tells what became of it
		p.intents = slices.DeleteFunc(p.intents, func(i Line) bool { return i.Seq == l.Seq })
	}
	if !l.Intent && l.Did != Undone && l.Seq > 0 && (l.Seq > p.seq || l.Did == Resumed) {
		p.seq, p.at = l.Seq, l.At
	}
}

// open opens a file, and reads what others have written since it was read last.
func (p *page) open(name string) (err error) {
	if p.name != name {
		*p = page{name: name}
	}
	if p.file, err = os.OpenFile(name, os.O_RDWR, 0); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.file.Close())
		}
	}()
	if info, err := p.file.Stat(); err != nil || info.Size() < p.size {
		*p = page{name: name, file: p.file} // another file was put in its place
	}
	if _, err := p.file.Seek(p.size, io.SeekStart); err != nil {
		return err
	}
	text, err := io.ReadAll(p.file)
	if err != nil {
		return err
	}
	lines, whole, damaged := scan(name, text)
	p.damaged = append(p.damaged, damaged...)
	for _, l := range lines {
		p.take(l)
	}
	p.size += int64(whole)
	if whole < len(text) {
		return p.file.Truncate(p.size) // of a line that was cut off nobody was told that it is there
	}
	return nil
}

// add adds lines, which are on the disk when it returns.
func (p *page) add(lines ...Line) error {
	var text []byte
	for _, l := range lines {
		line, err := l.encode()
		if err != nil {
			return err
		}
		text = append(text, line...)
	}
	if len(text) == 0 {
		return nil
	}
	n, err := p.file.WriteAt(text, p.size)
	if err == nil {
		err = p.file.Sync()
	}
	if err != nil {
		if n > 0 {
			err = errors.Join(err, p.file.Truncate(p.size))
		}
		return fmt.Errorf("write %s: %w", p.name, err)
	}
	p.size += int64(len(text))
	for _, l := range lines {
		p.take(l)
	}
	return nil
}

// create makes a file with its first line, whole or not at all.
func create(name string, first Line) (err error) {
	text, err := first.encode()
	if err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(name), ".new-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(file.Name()))
		}
	}()
	_, err = file.Write(text)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	if err := os.Rename(file.Name(), name); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(name))
}

// syncFolder has the names in a folder be on the disk.
func syncFolder(name string) error {
	folder, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
