//go:build unix

package journal

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// root is the user who may do everything, and whose files others cannot write.
const root = 0

// handOver has what root made of a journal belong to the owner of the file that it is to be
// like: the service that runs as that one could not go on with it otherwise. What was left to
// root earlier is handed over, too. A folder that everybody may write in, or that has a group
// of its own, is as somebody wanted it.
func (o Options) handOver() error {
	if os.Geteuid() != root || o.Like == "" {
		return nil
	}
	like, err := os.Stat(o.Like)
	if err != nil {
		return fmt.Errorf("look whose the journal is: %w", err)
	}
	to := ownerOf(like)
	if to == nil || to.Uid == root {
		return nil
	}
	all, err := o.files()
	if err != nil {
		return err
	}
	for _, file := range all {
		info, err := os.Lstat(file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		now := ownerOf(info)
		switch {
		case now == nil, now.Uid != root:
			continue
		case info.IsDir() && (now.Gid != root || info.Mode().Perm()&0o002 != 0):
			continue
		case !info.IsDir() && (!info.Mode().IsRegular() || now.Nlink != 1): // a name for what is elsewhere
			continue
		}
		if err := os.Lchown(file, int(to.Uid), int(to.Gid)); err != nil {
			return fmt.Errorf("hand the journal over to its owner: %w", err)
		}
	}
	return nil
}

// files are the folder and what is in it of the journal.
func (o Options) files() ([]string, error) {
	entries, err := os.ReadDir(o.Folder)
	if err != nil {
		return nil, err
	}
	all := []string{o.Folder}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), o.Name+".") {
			all = append(all, filepath.Join(o.Folder, e.Name()))
		}
	}
	return all, nil
}

// explain adds to an error that something is not permitted whose it is, and what helps.
func (o Options) explain(err error, user, group int) error {
	if !errors.Is(err, fs.ErrPermission) {
		return err
	}
	all, unread := o.files()
	if unread != nil {
		all = []string{o.Folder}
	}
	for _, file := range all {
		info, gone := os.Lstat(file)
		if gone != nil {
			continue
		}
		if owner := ownerOf(info); owner != nil && int(owner.Uid) != user {
			return fmt.Errorf("%w; %s belongs to user %d, and this program runs as user %d: chown -R %d:%d %s", err, file, owner.Uid, user, user, group, o.Folder)
		}
	}
	return err
}

// ownerOf is whose a file is; nil if that cannot be told.
func ownerOf(info fs.FileInfo) *syscall.Stat_t {
	owner, _ := info.Sys().(*syscall.Stat_t)
	return owner
}
