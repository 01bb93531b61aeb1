// Package realpart is for tests that need a part that a bare machine lacks: a
// browser, a feed reader, a server of the fediverse. Without it such a test is
// skipped by name; where every part is promised to be there, as in .ci/run, its
// absence is a failure.
package realpart

import (
	"os"
	"os/exec"
	"testing"
)

// Required is the variable that makes an absent part a failure.
const Required = "COMMUNIQUE_REQUIRE_PARTS"

// Need ends the test, skipped or failed, unless a part is there.
func Need(t testing.TB, part string, there bool) {
	t.Helper()
	switch {
	case there:
	case os.Getenv(Required) != "":
		t.Fatalf("%s is not there, and %s is set", part, Required)
	default:
		t.Skipf("%s is not there; .ci/run installs it", part)
	}
}

// Program finds a program, or ends the test.
func Program(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	Need(t, name, err == nil)
	return path
}
