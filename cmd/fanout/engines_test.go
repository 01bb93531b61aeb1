package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"communique/storage/storagetest/engines"
)

var (
	engineHosts  = flag.Int("engines.hosts", 10, "number of servers that a publisher on each engine delivers to")
	engineRounds = flag.Int("engines.rounds", 1, "number of rounds")
)

// TestEngines measures what the flags say and prints it: everybody is reached from each
// engine, near and further away, and by replicas that share the work; times are judged by
// people.
func TestEngines(t *testing.T) {
	if !strings.Contains(os.Getenv(engines.Variable), "postgres") {
		t.Skipf("%s does not name it", engines.Variable)
	}
	t.Parallel()
	binary := build(t)
	var out strings.Builder
	args := []string{"engines", "-communique", binary, "-hosts", fmt.Sprint(*engineHosts), "-rounds", fmt.Sprint(*engineRounds), "-publications", "2", "-disk=false", "-json"}
	if err := run(t.Context(), args, nil, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	var r engineReport
	if err := json.Unmarshal([]byte(out.String()), &r); err != nil {
		t.Fatal(err)
	}
	if r.Inboxes != *engineHosts || len(r.Cases) != 5 || len(r.Cases[4].Parts) != *engineRounds || len(r.Cases[4].Parts[0]) != 3 {
		t.Errorf("report %+v", r)
	}
	var table strings.Builder
	if err := r.writeTable(&table); err != nil || !strings.Contains(table.String(), "PostgreSQL, 3 replicas") {
		t.Errorf("table %q, %v", table.String(), err)
	}
	t.Logf("\n%s", table.String())
}
