package backup

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Part is a file that is being written under another name. Nobody else can read it from
// the first byte on, because of the keys that a backup holds.
type Part struct {
	file  *piecewise
	final string
}

// Begin begins a file that must not be there yet. Its name meanwhile is its own, so that
// two that are made under the same name do not finish each other's half.
func Begin(name string) (*Part, error) {
	if _, err := os.Lstat(name); !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is there already: name a new file", name)
	}
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*.part")
	if err != nil {
		return nil, cannotWrite(name, err)
	}
	return &Part{&piecewise{file: f}, name}, nil
}

// Take makes a file that is whole this one, if it is on the same disk, and tells whether it did:
// what need not be written again keeps nobody waiting who writes to that disk.
func (p *Part) Take(name string) (taken bool, err error) {
	if err := os.Chmod(name, 0o600); err != nil {
		return false, fmt.Errorf("let nobody else read the backup: %w", err)
	}
	if err := os.Rename(name, p.Name()); err != nil {
		return false, nil // it is on another one: it must be copied
	}
	f, err := os.OpenFile(p.Name(), os.O_RDWR, 0)
	if err != nil {
		return true, cannotWrite(p.final, err)
	}
	_ = p.file.file.Close() // nothing was written to it
	p.file = &piecewise{file: f}
	return true, nil
}

// Name is the name that the file has until it is finished.
func (p *Part) Name() string { return p.file.file.Name() }

// Write writes to the file.
func (p *Part) Write(b []byte) (int, error) {
	n, err := p.file.Write(b)
	if err != nil {
		err = cannotWrite(p.final, err)
	}
	return n, err
}

// Finish has the file on the disk, and under its final name: when it has returned nil, a
// crash of the machine leaves it whole. Otherwise nothing of it is left.
func (p *Part) Finish() error { return p.FinishAs(p.final) }

// FinishAs is Finish under another name in the same folder.
func (p *Part) FinishAs(name string) error {
	err := errors.Join(p.file.file.Sync(), p.file.file.Close())
	if err == nil {
		err = os.Rename(p.Name(), name)
	}
	if err == nil {
		return syncFolder(filepath.Dir(name))
	}
	return errors.Join(cannotWrite(name, err), p.Abandon())
}

// Abandon removes what was written, unless it is finished.
func (p *Part) Abandon() error {
	_ = p.file.file.Close() // it may be closed
	if err := os.Remove(p.Name()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove the half of a backup: %w", err)
	}
	return nil
}

// syncFolder has the names in a folder on the disk.
func syncFolder(name string) error {
	folder, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("have the name of the backup on the disk: %w", err)
	}
	if err := errors.Join(folder.Sync(), folder.Close()); err != nil {
		return fmt.Errorf("have the name of the backup on the disk: %w", err)
	}
	return nil
}

// cannotWrite says which file it is, without the name of its half.
func cannotWrite(name string, err error) error {
	if of, is := errors.AsType[*fs.PathError](err); is {
		err = of.Err
	}
	return fmt.Errorf("%s: it cannot be written: %w", name, err)
}
