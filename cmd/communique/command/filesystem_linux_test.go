package command

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// TestNetworkFileSystems: a folder on another machine is refused for the database, one that
// may be there is warned of, and what is said names the folder and what to do.
func TestNetworkFileSystems(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	this, err := fileSystemOf(folder)
	if err != nil {
		t.Fatal(err)
	}
	for kind, want := range map[int64]string{
		unix.NFS_SUPER_MAGIC: "refused: NFS", unix.SMB_SUPER_MAGIC: "refused: SMB", unix.SMB2_SUPER_MAGIC: "refused: SMB",
		unix.CIFS_SUPER_MAGIC: "refused: CIFS", unix.CEPH_SUPER_MAGIC: "refused: Ceph", unix.AFS_SUPER_MAGIC: "refused: AFS", unix.AFS_FS_MAGIC: "refused: AFS",
		unix.FUSE_SUPER_MAGIC: "warned: FUSE", unix.V9FS_MAGIC: "warned: 9P",
		unix.EXT4_SUPER_MAGIC: "", unix.XFS_SUPER_MAGIC: "", unix.BTRFS_SUPER_MAGIC: "", unix.OVERLAYFS_SUPER_MAGIC: "", unix.TMPFS_MAGIC: "",
		this: "",
	} {
		refused, warned, err := judgeFileSystem(kind, folder)
		if err != nil {
			t.Fatal(err)
		}
		said := ""
		for _, r := range refused {
			said = "refused: " + r.Error()
		}
		for _, w := range warned {
			said = "warned: " + w
		}
		how, name, _ := strings.Cut(want, ": ")
		if !strings.HasPrefix(said, how) || !strings.Contains(said, name) || (want == "") != (said == "") {
			t.Errorf("%#x: %q, want it %q", kind, said, want)
		}
		if want != "" && (!strings.Contains(said, fmt.Sprintf("the database in %s is on", folder)) || !strings.Contains(said, "copy --to")) {
			t.Errorf("%#x: %q says not what to do", kind, said)
		}
	}
}
