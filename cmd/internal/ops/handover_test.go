package ops

import (
	"net"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestReplace: a program gets the sockets of this one and takes its place when it says that it
// is ready, or needs this one to end; one that ends before, or never says so, does not.
func TestReplace(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ does, wrong string }{
		"ready":    {`[ "${COMMUNIQUE_HANDED_OVER#*:}" = metrics ] && [ -S /dev/fd/5 ] && [ -z "$LISTEN_FDS" ] && echo ready >&3 && cat <&4`, ""},
		"alone":    {`echo wait >&3; echo alone >&3; cat <&4`, ""},
		"broken":   {`exit 3`, "exit status 3"},
		"in vain":  {`exit 0`, "it ended before it was ready"},
		"too late": {`exec sleep 1000`, "it is not ready after"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn, notify := manager(t)
			s := SystemdOf(func(variable string) string { return map[string]string{"NOTIFY_SOCKET": notify}[variable] })
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			s.Opened(MetricsSocket, l)
			program := exec.Command("sh", "-c", c.does)
			program.Env = []string{"LISTEN_FDS=1", "PATH=/usr/bin:/bin"}
			patience := time.Minute
			if name == "too late" {
				patience = time.Millisecond
			}
			pid, err := s.Replace(t.Context(), program, patience)
			if c.wrong != "" {
				if err == nil || !strings.Contains(err.Error(), c.wrong) {
					t.Errorf("%v, want %s", err, c.wrong)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := told(t, conn); got != "MAINPID="+strconv.Itoa(pid) {
				t.Errorf("the manager is told %q", got)
			}
			if err := s.sockets.toSuccessor.Close(); err != nil { // as the end of this process does
				t.Error(err)
			}
		})
	}
}
