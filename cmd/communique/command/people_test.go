package command

import (
	"encoding/json"
	"strings"
	"testing"
)

// people are those who may work on the desk, as list has them.
func (w *terminal) people() (all []personLine) {
	w.t.Helper()
	for text := range strings.Lines(w.must("people", "list", "--json")) {
		var line personLine
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			w.t.Fatal(err)
		}
		all = append(all, line)
	}
	return all
}

// TestPeople: people are invited, and may do what they were granted; the first one is an
// operator, and one is left.
func TestPeople(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	if out := w.must("people", "list"); out != "There are none.\n" {
		t.Errorf("before anybody is invited: %s", out)
	}
	out := w.must("people", "invite", "A.Silva", "--name", "Ana Silva", "--role", "editor:the-ministry:fr")
	if !strings.Contains(out, "http://127.0.0.1:8481/invitation/") {
		t.Errorf("invited: %s", out)
	}
	w.must("people", "invite", "b.costa", "--role", "author::fr", "--role", "reader")
	all := w.people()
	var may []string
	for _, line := range all {
		may = append(may, line.Login+": "+line.may())
	}
	if got, want := strings.Join(may, "\n"), "a.silva: editor in the-ministry (fr), operator\nb.costa: author (fr), reader"; got != want {
		t.Errorf("people:\n%s\nwant:\n%s", got, want)
	}
	w.must("people", "grant", "b.costa", "--role", "approver")
	if _, problem, status := w.run("people", "remove", "a.silva"); status == 0 || !strings.Contains(problem, "make another one operator first") {
		t.Errorf("the last operator was removed: %d, %s", status, problem)
	}
	w.must("people", "remove", "b.costa")
	for _, bad := range []struct{ line, says string }{
		{"people grant a.silva --role reader", "make another one operator first; or add --role operator to keep it"},
		{"people grant a.silva --role king", `"king" is none: it is one of reader`},
		{"people grant a.silva --role reader:nowhere", `there is no section "nowhere"`},
		{"people grant a.silva --role operator:the-ministry", "an operator is one everywhere"},
		{"people grant nobody --role reader", "communique people list shows those that are there"},
		{"people invite b.costa", "take another login"},
		{"people invite b_costa!", "write it in small letters"},
	} {
		if _, problem, status := w.run(strings.Fields(bad.line)...); status == 0 || !strings.Contains(problem, bad.says) {
			t.Errorf("%s: %d, %s", bad.line, status, problem)
		}
	}
	if got := w.must("audit", "list", "--subject", "b.costa"); strings.Count(got, "\n") != 4 || !strings.Contains(got, "grants: approver") {
		t.Errorf("of b.costa the audit says %s", got)
	}
	if strings.Contains(w.must("audit", "export"), strings.TrimSpace(out[strings.LastIndex(out, "/")+1:])) {
		t.Error("the audit has the secret of an invitation")
	}
}

// TestSecondThoughts: the first invitation says what it changes, and is taken back for as long as
// nothing came of it.
func TestSecondThoughts(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	file := w.document("lead: Alone.")
	if out := w.must("people", "invite", "leo", "--role", "editor"); !strings.Contains(out, "From now on two are needed") || !strings.Contains(out, "communique people remove leo undoes that") {
		t.Errorf("the first invitation: %s", out)
	}
	if out := w.must("people", "invite", "leo"); strings.Contains(out, "From now on") {
		t.Errorf("another link: %s", out)
	}
	if _, problem, status := w.run("publish", file); status == 0 {
		t.Errorf("published without a second person: %s", problem)
	}
	if out := w.must("people", "remove", "leo"); !strings.Contains(out, "one is enough again") {
		t.Errorf("removed: %s", out)
	}
	w.publish(file)
	if out := w.must("people", "invite", "eva", "--role", "author"); !strings.Contains(out, "From now on two are needed") {
		t.Errorf("the first one again: %s", out)
	}
	w.must("publish", "--again", "--as", "eva", file)
	if _, problem, status := w.run("people", "remove", "eva"); status == 0 || !strings.Contains(problem, "make another one operator first") {
		t.Errorf("a manuscript waits: %d, %s", status, problem)
	}
}

// TestSecondPersonOfTheCommandLine: once there are people, what is published, corrected and
// imported on the command line names one, and is handed in for review, unless it is somebody
// who may do without.
func TestSecondPersonOfTheCommandLine(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	before := w.publish(w.document("lead: Before there were people."))
	w.must("people", "invite", "leo")
	w.must("people", "invite", "ana", "--role", "editor")
	w.must("people", "invite", "ines", "--role", "alone", "--role", "editor:the-ministry")
	file := w.document("lead: With people.")
	for _, refused := range []struct{ line, says string }{
		{"publish --again " + file, "say with --as who does it"},
		{"correct " + before + " " + file + " --minor", "say with --as who does it"},
		{"withdraw " + before + " --reason Error.", "say with --as who does it that may"},
		{"publish --again --as ana --alone night " + file, "ana may not release without a second person"},
		{"publish --again --as nobody " + file, "communique people list shows those that are there"},
		{"publish --again --alone night " + file, "say with --as who takes it upon themselves"},
		{"withdraw " + before + " --as leo --reason Error.", "not within your rights"},
	} {
		if _, problem, status := w.run(strings.Fields(refused.line)...); status == 0 || !strings.Contains(problem, refused.says) {
			t.Errorf("%s: %d, %s", refused.line, status, problem)
		}
	}
	w.must("publish", "--dry-run", "--again", file)
	if got := w.must("publish", "--again", "--as", "ana", file); !strings.Contains(got, "Handed in for review") || !strings.Contains(got, "/manuscripts/") {
		t.Errorf("handed in: %s", got)
	}
	if got := w.must("correct", before, file, "--as", "ana", "--minor"); !strings.Contains(got, "Handed in for review") {
		t.Errorf("handed in: %s", got)
	}
	if got := strings.Count(w.must("list"), "\n"); got != 2 {
		t.Errorf("%d lines of articles after something was handed in", got)
	}
	w.must("publish", "--again", "--as", "ines", "--alone", "It is two in the morning.", file)
	w.must("withdraw", before, "--as", "ana", "--reason", "Issued in error.")
	if got := w.must("audit", "list", "--who", "ines"); !strings.Contains(got, "why: It is two in the morning.") {
		t.Errorf("the audit says %s", got)
	}
	if got := w.must("audit", "export"); strings.Contains(got, "two in the morning") {
		t.Errorf("the audit has the words: %s", got)
	}
}
