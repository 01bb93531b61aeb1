//go:build unix

package journal_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"communique/cmd/internal/journal"
)

// nobody is the user whose the database is.
const nobody = 65534

// TestRootWritesForTheService: what root's commands write of the journal of a site that is
// another user's is that one's, also what was root's before; a folder that is for everybody
// stays as it is.
func TestRootWritesForTheService(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root gives files away")
	}
	o := newOffice(t)
	o.Like = filepath.Join(t.TempDir(), "communique.db")
	o.must(os.WriteFile(o.Like, nil, 0o600))
	o.must(os.Chown(o.Like, nobody, nobody))
	o.Journal = journal.New(o.Options)
	o.publish("Treaty signed")
	o.sync()
	for _, file := range append(o.files(), o.Options.Folder, filepath.Join(o.Options.Folder, "one.press-1-example.lock")) {
		if owner := ownerOf(t, file); owner.Uid != nobody || owner.Gid != nobody {
			t.Errorf("%s is %d:%d's", file, owner.Uid, owner.Gid)
		}
	}
	o.must(os.Chown(o.Options.Folder, 0, 0))
	o.must(os.Chmod(o.Options.Folder, 0o777))
	o.sync()
	if owner := ownerOf(t, o.Options.Folder); owner.Uid != 0 {
		t.Errorf("a folder for everybody is %d's", owner.Uid)
	}
}

func ownerOf(t *testing.T, file string) *syscall.Stat_t {
	t.Helper()
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	return info.Sys().(*syscall.Stat_t)
}

// TestWhoseTheJournalIs: who may not write the journal is told whose it is, and what helps.
func TestWhoseTheJournalIs(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	mine := os.Geteuid()
	got := o.Explain(fs.ErrPermission, mine+1, 7).Error()
	for _, want := range []string{"permission denied", "belongs to user ", "chown -R ", ":7 " + o.Options.Folder} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in %q", want, got)
		}
	}
	for _, err := range []error{o.Explain(fs.ErrPermission, mine, 7), o.Explain(fs.ErrExist, mine+1, 7)} {
		if strings.Contains(err.Error(), "chown") {
			t.Errorf("told of another cause: %v", err)
		}
	}
}
