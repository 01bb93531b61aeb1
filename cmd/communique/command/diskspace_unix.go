//go:build unix

package command

import "golang.org/x/sys/unix"

// roomIn returns the size of the disk that holds a folder and what of it is free to us,
// in bytes.
func roomIn(folder string) (free, total uint64, err error) {
	var s unix.Statfs_t
	if err := unix.Statfs(folder, &s); err != nil {
		return 0, 0, err
	}
	size := uint64(s.Bsize) // it is signed on some systems, and never negative
	return s.Bavail * size, s.Blocks * size, nil
}
