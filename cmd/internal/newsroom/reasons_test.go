package newsroom

import (
	"testing"
	"time"

	"communique/storage"
	"communique/storage/manuscripts"
)

// TestReasonsStayBesideTheAudit: whichever way something is released without a second person, the
// audit has the digest of the reason alone; the desk shows the reason beside it.
func TestReasonsStayBesideTheAudit(t *testing.T) {
	t.Parallel()
	const reason = "It is two in the morning."
	o := newOffice(t)
	planned, err := o.ana.Propose(t.Context(), withdrawal(o.published("Visit"), o.clock.Now().Add(time.Hour)), nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, m := range map[string]manuscripts.Manuscript{
		"released at once":    o.propose(o.ana, "Treaty on harbours", "language: en"),
		"one of a set":        o.languageSet(true, "")["en"],
		"done at its instant": planned,
	} {
		look, err := o.ines.Look(t.Context(), m.ID)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if _, err := o.ines.Approve(t.Context(), m.ID, Approving{Revision: m.Revision, Digest: look.Digest, Reason: reason}); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		o.look(func(tx *storage.Tx) error {
			lines, err := tx.AuditOf(m.ID, 1)
			if err != nil {
				return err
			}
			if why := lines[0].Facts["reason"]; why != digest([]byte(reason)) {
				t.Errorf("%s: the audit has %q", name, why)
			}
			if err := tx.Explain(lines); err != nil || lines[0].Why != reason {
				t.Errorf("%s: beside it stands %q, %v", name, lines[0].Why, err)
			}
			return nil
		})
	}
}
