package realpart_test

import (
	"path/filepath"
	"testing"

	"communique/cmd/internal/realpart"
)

// TestNeed: a part that is there is no reason to end, one that is not ends the
// test, by skipping it where no part is promised.
func TestNeed(t *testing.T) {
	t.Setenv(realpart.Required, "")
	realpart.Need(t, "the tests themselves", true)
	if name := filepath.Base(realpart.Program(t, "go")); name != "go" {
		t.Errorf("the program go is %q", name)
	}
	var skipped, went bool
	t.Run("absent", func(t *testing.T) {
		defer func() { skipped = t.Skipped() }()
		realpart.Need(t, "a unicorn", false)
		went = true
	})
	if !skipped || went {
		t.Errorf("without the part: skipped %v, went on %v", skipped, went)
	}
}
