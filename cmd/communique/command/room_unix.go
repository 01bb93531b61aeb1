//go:build unix

package command

import "golang.org/x/sys/unix"

// roomIn is how many bytes of the disk that holds a folder are free to us, and how
// many it has.
func roomIn(folder string) (free, total uint64, err error) {
	var s unix.Statfs_t
	if err := unix.Statfs(folder, &s); err != nil {
		return 0, 0, err
	}
	size := uint64(s.Bsize) //nolint:gosec,unconvert // it is signed on some systems, and never negative
	return s.Bavail * size, s.Blocks * size, nil
}
