package realpart

import (
	"fmt"
	"testing"
)

// recorder is a test that says how it ended, and goes on.
type recorder struct {
	testing.TB
	ended string
}

func (r *recorder) Helper()                      {}
func (r *recorder) Fatalf(f string, args ...any) { r.ended = "failed: " + fmt.Sprintf(f, args...) }
func (r *recorder) Skipf(f string, args ...any)  { r.ended = "skipped: " + fmt.Sprintf(f, args...) }

// TestNeed: a part that is not there skips a test, and fails it where every part
// is promised to be there.
func TestNeed(t *testing.T) {
	for name, c := range map[string]struct {
		there    bool
		required string
		want     string
	}{
		"there":               {true, "", ""},
		"there and required":  {true, "1", ""},
		"absent":              {false, "", "skipped: a browser is not there; .ci/run installs it"},
		"absent and required": {false, "1", "failed: a browser is not there, and COMMUNIQUE_REQUIRE_PARTS is set"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(Required, c.required)
			r := &recorder{TB: t}
			Need(r, "a browser", c.there)
			if r.ended != c.want {
				t.Errorf("the test ended %q, want %q", r.ended, c.want)
			}
		})
	}
}

func TestProgram(t *testing.T) {
	t.Setenv(Required, "")
	r := &recorder{TB: t}
	if path := Program(r, "go"); path == "" || r.ended != "" {
		t.Errorf("the program that runs this test is at %q, %s", path, r.ended)
	}
	if Program(r, "no-such-program"); r.ended == "" {
		t.Error("a program that is not there was found")
	}
}
