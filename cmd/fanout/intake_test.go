package main

import (
	"encoding/json"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// build builds the program of this very source.
func build(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "communique")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "communique/cmd/communique").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return binary
}

// TestIntake measures the program of this very source, which must lose nothing
// and fetch nothing for strangers.
func TestIntake(t *testing.T) {
	t.Parallel()
	binary := build(t)
	for name, flags := range map[string][]string{
		"a shared inbox each":      {"-json"},
		"an inbox for every actor": {"-json", "-shared=false"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			err := run(t.Context(), append([]string{
				"intake", "-communique", binary, "-hosts", "3", "-followers", "40", "-rounds", "1", "-storm", "50", "-at-once", "4",
			}, flags...), nil, &out, io.Discard)
			if err != nil {
				t.Fatal(err)
			}
			var r intakeReport
			if err := json.Unmarshal([]byte(out.String()), &r); err != nil {
				t.Fatal(err)
			}
			if len(r.Rounds) != 1 || r.Rounds[0].Taken <= 0 || r.Rounds[0].Bare <= 0 || len(r.Answered) != 1 || r.Answered[0] <= 0 ||
				r.Storm != 50 || r.StormRate <= 0 || r.StormFetches != 0 {
				t.Errorf("report %+v", r)
			}
			var table strings.Builder
			if err := r.writeTable(&table); err != nil || !strings.Contains(table.String(), "none lost") {
				t.Errorf("table %q, %v", table.String(), err)
			}
		})
	}
}

func TestIntakeSaysWhatItNeeds(t *testing.T) {
	t.Parallel()
	err := run(t.Context(), []string{"intake"}, nil, io.Discard, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "-communique") {
		t.Errorf("got %v, want what is missing", err)
	}
}
