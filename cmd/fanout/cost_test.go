package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"strings"
	"testing"
)

var (
	costHosts  = flag.Int("cost.hosts", 10, "number of servers that a publisher delivers to whose processor time is measured")
	costRounds = flag.Int("cost.rounds", 1, "number of rounds")
)

// TestCost measures what the flags say and prints it. Whoever is to get Ed25519 gets it,
// and nobody else; times are judged by people.
func TestCost(t *testing.T) {
	t.Parallel()
	binary := build(t)
	var out strings.Builder
	args := []string{"cost", "-communique", binary, "-hosts", fmt.Sprint(*costHosts), "-rounds", fmt.Sprint(*costRounds), "-json"}
	if err := run(t.Context(), args, nil, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	var r costReport
	if err := json.Unmarshal([]byte(out.String()), &r); err != nil {
		t.Fatal(err)
	}
	if r.Inboxes != *costHosts || len(r.Cases) < 2 || len(r.Cases[0].Costs) != *costRounds {
		t.Errorf("report %+v", r)
	}
	var table strings.Builder
	if err := r.writeTable(&table); err != nil || !strings.Contains(table.String(), "Ed25519 for 60 %") {
		t.Errorf("table %q, %v", table.String(), err)
	}
	t.Logf("\n%s", table.String())
}
