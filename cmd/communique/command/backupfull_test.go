//go:build unix

package command

import (
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"communique/cmd/internal/config"
)

// TestBackupFull: wherever the disk is full, the backups that are there stay, nothing is left
// of the new one, and the next one is made when there is room. It runs while no other test
// does: the limit on the size of files, which is the full disk, is the program's.
func TestBackupFull(t *testing.T) {
	w := newTerminal(t)
	recipient, _ := w.identity()
	w.publish(w.document())
	w.fill(2)
	folder := w.keepBackups("  recipients: [" + recipient + "]\n")
	w.must("backup")
	before := w.files(folder)
	info, err := os.Stat(filepath.Join(folder, before[0]))
	if err != nil {
		t.Fatal(err)
	}
	signal.Ignore(syscall.SIGXFSZ)
	defer signal.Reset(syscall.SIGXFSZ)
	var unlimited syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &unlimited); err != nil {
		t.Fatal(err)
	}
	w.clock.Pass(1e9)
	for what, size := range map[string]int64{
		"at once": 8192, "in the middle of the copy": info.Size() / 2, "at the end of what is encrypted": info.Size() - 1,
	} {
		limit := unlimited
		limit.Cur = uint64(size)
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
			t.Fatal(err)
		}
		_, problems, status := w.run("backup")
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &unlimited); err != nil {
			t.Fatal(err)
		}
		if status != 1 {
			t.Errorf("%s: exit status %d: %s", what, status, problems)
		}
		t.Log(what, problems)
		if after := w.files(folder); !slices.Equal(after, before) {
			t.Errorf("%s: they were %v, and are %v", what, before, after)
		}
		if data := w.files(w.data); slices.Contains(data, scratchFolder) || !slices.Contains(data, config.Database) {
			t.Errorf("%s: these are left: %v", what, data)
		}
	}
	w.must("backup")
	if after := w.files(folder); len(after) != 2 || !strings.HasSuffix(after[1], ".backup.age") {
		t.Errorf("with room again there are %v", after)
	}
}
