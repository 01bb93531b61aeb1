package command

import (
	"context"
	"fmt"
)

// elsewhere are the kinds of file systems, as statfs(2) numbers them, whose files are on another
// machine. Locks and memory that programs share do not reach from one to the other, so that
// a database that is a file would be damaged there, and what is on its disk is not known.
var elsewhere = map[int64]string{
	0x6969: "NFS", 0x517b: "SMB", 0xff534d42: "CIFS", 0xfe534d42: "SMB", 0x5346414f: "AFS", 0x6b414653: "AFS",
	0x00c36400: "Ceph", 0x0bd00bd0: "Lustre",
}

// unclear are those whose files may be on another machine: a program, as sshfs, or the host
// of a virtual machine answers for them.
var unclear = map[int64]string{0x65735546: "FUSE", 0x01021997: "9P"}

// keepsFile keeps a database that is a file off other machines' disks.
func (s *start) keepsFile(context.Context, *app) ([]error, []string, error) {
	if s.in.config.Server != "" {
		return nil, nil, nil
	}
	kind, err := fileSystemOf(s.in.config.Data)
	if err != nil {
		return nil, nil, nil //nolint:nilerr // where it cannot be told it is as it always was
	}
	return judgeFileSystem(kind, s.in.config.Data)
}

// judgeFileSystem refuses a folder for the database, or warns of it, by the kind of its
// file system.
func judgeFileSystem(kind int64, folder string) (refused []error, warned []string, _ error) {
	const remedy = "move it to a disk of this machine, or have several machines use PostgreSQL (communique copy --to)"
	if name, is := elsewhere[kind]; is {
		return one(fmt.Errorf("the database in %s is on a network file system (%s), where it would be damaged: %s", folder, name, remedy))
	}
	if name, is := unclear[kind]; is {
		warned = append(warned, fmt.Sprintf("the database in %s is on a file system (%s) that may be of another machine, as with sshfs, where it would be damaged: if so, %s", folder, name, remedy))
	}
	return nil, warned, nil
}
