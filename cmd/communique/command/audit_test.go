package command

import (
	"database/sql"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAudit: everything that is done has a line that says who did it, with no word of an
// article; what only looks, and what fails, has none.
func TestAudit(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	w.env = map[string]string{"USER": "a.silva"}
	article := w.publish(w.document("lead: Nine ports."))
	draft := w.publish(w.document("published: 2026-12-24T10:00:00+00:00", "lead: Kept back."))
	w.must("correct", article, w.document("lead: Ten ports."), "--note", "Ten, not nine.")
	w.must("pin", article)
	w.must("withdraw", draft)
	w.must("section", "name", "the-ministry", "--language", "fr", "Le Ministère")
	w.must("block", "add", "bad.example")
	w.must("list")
	w.must("publish", "--dry-run", "--again", w.document("lead: Not filed."))
	w.run("withdraw", "k3tq5m2zr7ab4cde")

	var lines []auditLine
	for text := range strings.Lines(w.must("audit", "export")) {
		var l auditLine
		if err := json.Unmarshal([]byte(text), &l); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, l)
	}
	want := [][3]string{
		{"", "section added", "the-ministry"}, {"a.silva", "filed", article}, {"a.silva", "filed", draft}, {"a.silva", "corrected", article},
		{"a.silva", "pinned", article}, {"a.silva", "recalled", draft}, {"a.silva", "section named", "the-ministry"}, {"a.silva", "blocked", "bad.example"},
	}
	var got [][3]string
	for _, l := range lines {
		got = append(got, [3]string{l.Who, l.Did, l.Subject})
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the audit (-want +got):\n%s", diff)
	}
	if got := w.must("audit", "list", "--did", "corrected"); !strings.Contains(got, "fields: lead") || !strings.Contains(got, "a.silva") || strings.Count(got, "\n") != 2 {
		t.Errorf("the correction is listed as %s", got)
	}
	w.say([]said{{"audit list --since 2026-12-01 --until 2026-11-30", 2, []string{"--since: 2026-12-01 is later than --until, 2026-11-30: change the two"}}})
	for _, word := range []string{"nine", "ports", "Kept"} {
		if got := w.must("audit", "export"); strings.Contains(strings.ToLower(got), strings.ToLower(word)) {
			t.Errorf("the audit says %q", word)
		}
	}
	verified := w.must("audit", "verify")
	db, err := sql.Open("sqlite", filepath.Join(w.data, "communique.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`UPDATE audit SET who = 'b.costa' WHERE did = 'recalled'`); err != nil {
		t.Fatal(err)
	}
	if _, problem, status := w.run("audit", "verify"); status != 1 || !strings.Contains(problem, "was changed since it was written") {
		t.Errorf("after a line was changed: %d, %s; before: %s", status, problem, verified)
	}
}
