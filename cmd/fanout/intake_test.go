package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// built is the program of this very source, in a folder that [TestMain] removes.
var built = sync.OnceValues(func() (string, error) {
	binary := filepath.Join(buildFolder, "communique")
	out, err := exec.CommandContext(context.Background(), "go", "build", "-o", binary, "communique/cmd/communique").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return binary, nil
})

// build builds the program of this very source, once for all tests.
func build(t *testing.T) string {
	t.Helper()
	binary, err := built()
	if err != nil {
		t.Fatal(err)
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
