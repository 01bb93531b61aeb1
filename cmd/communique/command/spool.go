package command

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// spool is lines that are said when a run has ended. There may be one or more for each of
// a hundred thousand pages: what goes beyond nearBytes waits in a temporary file. Its zero
// value is empty.
type spool struct {
	lines int
	near  bytes.Buffer
	file  *os.File // nil as long as near is enough
}

const nearBytes = 256 << 10

// add keeps a line; line ends in it are blanks.
func (s *spool) add(line string) error {
	s.lines++
	s.near.WriteString(strings.NewReplacer("\n", " ", "\r", " ").Replace(line) + "\n")
	if s.near.Len() < nearBytes {
		return nil
	}
	if s.file == nil {
		var err error
		if s.file, err = os.CreateTemp("", "communique-*.lines"); err != nil {
			return fmt.Errorf("keep what is to be told in the end: %w", err)
		}
	}
	if _, err := s.near.WriteTo(s.file); err != nil {
		return fmt.Errorf("keep what is to be told in the end: %w", err)
	}
	return nil
}

// each calls fn for all lines in their order. No line can be added afterwards.
func (s *spool) each(fn func(line string) error) error {
	var from io.Reader = bytes.NewReader(s.near.Bytes())
	if s.file != nil {
		if _, err := s.file.Seek(0, io.SeekStart); err != nil {
			return fmt.Errorf("read what is to be told: %w", err)
		}
		from = io.MultiReader(s.file, from)
	}
	for lines := bufio.NewReader(from); ; {
		line, err := lines.ReadString('\n')
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("read what is to be told: %w", err)
		}
		if err := fn(strings.TrimSuffix(line, "\n")); err != nil {
			return err
		}
	}
}

// close takes the file away.
func (s *spool) close() {
	if s.file != nil {
		// What is left of it is found in the folder for such files, by its name.
		_ = s.file.Close()
		_ = os.Remove(s.file.Name())
	}
}
