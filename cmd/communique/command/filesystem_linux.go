package command

import "golang.org/x/sys/unix"

// fileSystemOf is the kind of the file system of a folder, as statfs(2) numbers it.
func fileSystemOf(folder string) (kind int64, err error) {
	var s unix.Statfs_t
	if err := unix.Statfs(folder, &s); err != nil {
		return 0, err
	}
	return int64(uint32(s.Type)), nil // it is 32 bits wide, and some systems take it for signed
}
