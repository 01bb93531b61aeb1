package command

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/newsroom"
	"communique/storage/manuscripts"
)

// office is the installation, opened as by a command; nobody else works in it meanwhile.
func (w *terminal) office(acts func(newsroom.Desk)) {
	w.t.Helper()
	a := &app{World: World{Env: func(string) string { return "" }, Clock: w.clock}, data: w.data}
	in, err := a.open(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	defer in.Close()
	acts(a.desk(in))
}

// TestCorrectAt: a correction that is handed in has an instant of its own, as it is said in the zone
// of the site or in another; it is approved before and carried out then, and not a second sooner. What
// is no instant, or past, is refused, and says what to write.
func TestCorrectAt(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	first, second := w.publish(w.document("lead: First.")), w.publish(w.document("lead: Second."))
	for _, who := range [][]string{{"leo"}, {"ana", "--role", "editor"}, {"eva", "--role", "approver"}, {"ines", "--role", "editor", "--role", "alone"}} {
		w.must(append([]string{"people", "invite"}, who...)...)
	}
	file := w.document("lead: Corrected.")
	correct := func(at string, more ...string) []string {
		return append([]string{"correct", first, file, "--minor", "--at", at}, more...)
	}
	for at, says := range map[string]string{
		"2026-11-26 09:29":             "the instant is past: leave it empty to have it done as soon as it is approved",
		"2026-11-26T10:29:00+01:00":    "the instant is past",
		"2026-11-27":                   "write the time of the day, too",
		"tomorrow":                     `"tomorrow" is not a date: write 2026-03-01, 2026-03-01 14:30 or 2026-03-01T14:30:00+01:00`,
		"2026-11-27 25:00":             "does not exist in the calendar or on the clock",
		"2026-02-30 10:00":             "does not exist in the calendar or on the clock",
		"2026-11-27 14:30 +25:00":      "is not the offset of a zone: write one like +01:00",
		"2026-11-27 14:30 Europe/Oslo": "is not a date: write",
		"2027-03-28 01:30":             "in Europe/Lisbon",
		"2027-10-31 01:30":             "in Europe/Lisbon",
		"2570-11-27 14:30":             "which is probably",
	} {
		if _, problem, status := w.run(correct(at, "--as", "ana")...); status == 0 || !strings.Contains(problem, says) {
			t.Errorf("at %q: %d, %s; want %s", at, status, problem, says)
		}
	}
	for _, refused := range []struct {
		more []string
		says string
	}{
		{nil, "--at is of a correction that is handed in: say with --as who does it, and leave --alone out"},
		{[]string{"--as", "ines", "--alone", "It is night."}, "--at is of a correction that is handed in"},
		{[]string{"--as", "eva"}, "not within your rights"},
	} {
		if _, problem, status := w.run(correct("2026-11-27 14:30", refused.more...)...); status == 0 || !strings.Contains(problem, refused.says) {
			t.Errorf("%v: %d, %s", refused.more, status, problem)
		}
	}
	handIn := func(id, at string) (p proposed) {
		t.Helper()
		if err := json.Unmarshal([]byte(w.must("correct", id, file, "--replace", "--again", "--minor", "--as", "ana", "--at", at, "--json")), &p); err != nil || p.State != manuscripts.InReview {
			t.Fatal(p, err)
		}
		return p
	}
	// 14:30 in Lisbon, and the same instant by another clock.
	planned := handIn(first, "2026-11-27 14:30")
	handIn(second, "2026-11-27T15:30:00+01:00") // which nobody approves
	at := time.Date(2026, 11, 27, 14, 30, 0, 0, time.UTC)
	said := func(id string) string {
		t.Helper()
		var shown struct{ Lead string }
		if err := json.Unmarshal([]byte(w.must("show", id, "--json")), &shown); err != nil {
			t.Fatal(err)
		}
		return shown.Lead
	}
	w.office(func(desk newsroom.Desk) {
		ctx := t.Context()
		for _, login := range []string{"ana", "eva"} {
			desk, err := desk.As(ctx, login)
			if err != nil {
				t.Fatal(err)
			}
			look, err := desk.Look(ctx, planned.Manuscript)
			if err != nil || look.Lacks != nil || !look.Manuscript.Instant.Equal(at) {
				t.Fatal(err, look.Lacks, look.Manuscript.Instant)
			}
			_, err = desk.Approve(ctx, planned.Manuscript, newsroom.Approving{Revision: 1, Digest: look.Digest})
			if (err == nil) != (login == "eva") {
				t.Errorf("%s approves: %v", login, err)
			}
		}
	})
	for _, moment := range []struct {
		at   time.Time
		want string
	}{{at.Add(-time.Second), "First."}, {at.Add(time.Second), "Corrected."}} {
		w.clock.Set(moment.at)
		w.office(func(desk newsroom.Desk) {
			if err := desk.Watch(t.Context()); err != nil {
				t.Fatal(err)
			}
		})
		if got := said(first); got != moment.want {
			t.Errorf("at %s the approved one says %q, want %q", moment.at, got, moment.want)
		}
		if got := said(second); got != "Second." {
			t.Errorf("at %s the other one says %q", moment.at, got)
		}
	}
	if got := w.must("audit", "list", "--subject", planned.Manuscript); !strings.Contains(got, "manuscript carried out") {
		t.Errorf("the audit says %s", got)
	}
}
