package command

import (
	"fmt"
	"os"
	"strings"
	"syscall"
)

// identityOfFile tells a file from its copies, elsewhere or here, until the machine is started
// again; empty if that cannot be told.
func identityOfFile(name string) string {
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	var s syscall.Stat_t
	if err := syscall.Stat(name, &s); err != nil {
		return ""
	}
	return fmt.Sprintf("%s/%d/%d", strings.TrimSpace(string(boot)), s.Dev, s.Ino)
}
