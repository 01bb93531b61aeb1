package backup

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
)

// ErrChanged is that a backup is not what was written.
var ErrChanged = errors.New("it is not what was written, by its SHA-256: a byte of it has changed")

// A line of so many bytes ends a backup: SQLite's own check finds a page that is damaged, but
// no letter that has become another. SQLite reads no further than its pages, so the file is
// still a database.
const (
	digestBegins = "\ncommunique backup sha256:"
	digestSize   = len(digestBegins) + 2*sha256.Size + 1
)

func digestLine(sum []byte) []byte {
	return []byte(digestBegins + hex.EncodeToString(sum) + "\n")
}

// AddDigest adds the digest of a file to its end.
func AddDigest(ctx context.Context, name string) (err error) {
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return fmt.Errorf("read the backup: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return fmt.Errorf("read the backup: %w", err)
	}
	if _, err := f.Write(digestLine(sum.Sum(nil))); err != nil {
		return fmt.Errorf("write the digest of the backup: %w", err)
	}
	return ctx.Err()
}

// CopyChecked copies what is in a backup, without its digest, and tells whether it has one:
// those of version 0.4 have none. It returns [ErrChanged] if the digest is of something else.
func CopyChecked(to io.Writer, from io.Reader) (digested bool, err error) {
	sum := sha256.New()
	end := &allButEnd{to: io.MultiWriter(to, sum)}
	if _, err := io.Copy(end, from); err != nil {
		return false, err
	}
	if !bytes.HasPrefix(end.held, []byte(digestBegins)) {
		_, err := to.Write(end.held)
		return false, err
	}
	if !bytes.Equal(end.held, digestLine(sum.Sum(nil))) {
		return true, ErrChanged
	}
	return true, nil
}

// allButEnd writes everything but as many bytes as a digest has, which it holds.
type allButEnd struct {
	to   io.Writer
	held []byte
}

func (w *allButEnd) Write(b []byte) (int, error) {
	all := append(w.held, b...)
	over := max(0, len(all)-digestSize)
	if _, err := w.to.Write(all[:over]); err != nil {
		return 0, err
	}
	w.held = bytes.Clone(all[over:])
	return len(b), nil
}
