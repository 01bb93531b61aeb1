// Package packaging has no code: what is in this folder is held to what it promises.
package packaging

import (
	"os/exec"
	"strings"
	"testing"

	"communique/cmd/internal/realpart"
)

// TestService: systemd knows each line, and what is left to the service is next to nothing.
func TestService(t *testing.T) {
	t.Parallel()
	analyze := realpart.Program(t, "systemd-analyze")
	const exposure = "20" // in tenths
	if said, err := exec.Command(analyze, "security", "--offline=true", "--threshold="+exposure, "communique.service").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, said)
	}
	// It tells of the program, too, which is not installed.
	said, _ := exec.Command(analyze, "verify", "--man=no", "./communique.service", "./communique.socket").CombinedOutput() // the status is of that
	for line := range strings.Lines(string(said)) {
		if !strings.Contains(line, "/usr/bin/communique is not executable") {
			t.Error(line)
		}
	}
}

// TestManual: the pages of the manual are as the programs that show them want them.
func TestManual(t *testing.T) {
	t.Parallel()
	mandoc := realpart.Program(t, "mandoc")
	if said, err := exec.Command(mandoc, "-T", "lint", "-W", "warning", "communique.1", "communique.yaml.5").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, said)
	}
}

// TestAlerts: each alert rule is fired by the series that its fault makes.
func TestAlerts(t *testing.T) {
	t.Parallel()
	promtool := realpart.Program(t, "promtool")
	if said, err := exec.Command(promtool, "test", "rules", "alerts_test.yaml").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, said)
	}
}
