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
	starvedHosts = flag.Int("starved.hosts", 40, "number of servers that a starved publisher delivers to")
	starvedLoops = flag.Int("starved.loops", 0, "number of busy loops beside it; 4 starve two processors")
)

// TestStarved publishes beside as many busy loops as the flags say. In its long form
// it has the machine to itself: other tests would starve with it.
func TestStarved(t *testing.T) {
	t.Parallel()
	binary := build(t)
	var out strings.Builder
	err := run(t.Context(), []string{"starved", "-communique", binary, "-hosts", fmt.Sprint(*starvedHosts), "-loops", fmt.Sprint(*starvedLoops), "-bad", "503=3", "-json"}, nil, &out, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	var r starvedReport
	if err := json.Unmarshal([]byte(out.String()), &r); err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", r)
	if r.Inboxes == 0 || r.Reached != r.Inboxes || r.Inboxes == *starvedHosts || r.Loops != *starvedLoops {
		t.Errorf("report %+v", r)
	}
	var table strings.Builder
	if err := r.writeTable(&table); err != nil || !strings.Contains(table.String(), fmt.Sprintf("%d of %d", r.Inboxes, r.Inboxes)) {
		t.Errorf("table %q, %v", table.String(), err)
	}
}

func TestStarvedFaults(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		report starvedReport
		fault  bool
	}{
		"all well":                {starvedReport{Inboxes: 9, Reached: 9}, false},
		"one not reached":         {starvedReport{Inboxes: 9, Reached: 8}, true},
		"one twice":               {starvedReport{Inboxes: 9, Reached: 9, Repeated: 1}, true},
		"one false failure":       {starvedReport{Inboxes: 9, Reached: 9, Failed: 1}, true},
		"bad ones":                {starvedReport{Inboxes: 9, Reached: 9, Bad: "503=10", BadSeen: 1}, false},
		"a log that says nothing": {starvedReport{Inboxes: 9, Reached: 9, Bad: "503=10"}, true},
	} {
		if err := tt.report.faults(); (err != nil) != tt.fault {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := run(t.Context(), []string{"starved"}, nil, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), "-communique") {
		t.Errorf("got %v, want what is missing", err)
	}
}
