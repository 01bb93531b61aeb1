package backup

import (
	"io"
	"os"
)

// piece is how many bytes are written before they are had on the disk. One that is handed ten
// gigabytes at once has whoever else waits for it wait for all of them, and each embargo that ends
// waits for it.
const piece = 8 << 20

// Piecewise writes to a file, and has what is written on the disk time and again.
func Piecewise(f *os.File) io.Writer { return &piecewise{file: f} }

type piecewise struct {
	file    *os.File
	waiting int // bytes
}

func (s *piecewise) Write(b []byte) (int, error) {
	n, err := s.file.Write(b)
	if s.waiting += n; err == nil && s.waiting >= piece {
		s.waiting = 0
		err = s.file.Sync()
	}
	return n, err
}
