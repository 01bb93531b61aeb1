package newsroom

import (
	"errors"
	"slices"
	"testing"

	"communique/storage/manuscripts"
	"communique/storage/press"
)

// TestSectionClosedMeanwhile: what waits in a section that is closed does not go out, the lists say
// what it lacks, and who closes the section is told that something waits.
func TestSectionClosedMeanwhile(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	m := o.propose(o.ana, "Treaty", "language: en")
	look, err := o.eva.Look(t.Context(), m.ID)
	if err != nil || look.Lacks != nil {
		t.Fatal(err, look.Lacks)
	}
	closed, err := o.CloseSection(t.Context(), "the-ministry")
	if err != nil || closed.Waiting != 1 {
		t.Errorf("%d wait, %v", closed.Waiting, err)
	}
	if _, err := o.eva.Approve(t.Context(), m.ID, Approving{Revision: m.Revision, Digest: look.Digest}); !errors.Is(err, press.ErrConflict) || o.articles() != 0 {
		t.Errorf("it is approved: %v, %d articles", err, o.articles())
	}
	lacks := func() (all []string) {
		t.Helper()
		found, err := o.ana.Manuscripts(t.Context(), Pile{States: manuscripts.OpenStates()}, 10, 0)
		if err != nil || len(found.All) != 1 {
			t.Fatal(err, len(found.All))
		}
		for _, lack := range found.All[0].Lacking {
			all = append(all, lack.What)
		}
		return all
	}
	if !slices.Contains(lacks(), LackOpen) {
		t.Errorf("the list says that it lacks %v", lacks())
	}
	if _, err := o.ReopenSection(t.Context(), "the-ministry"); err != nil {
		t.Fatal(err)
	}
	if slices.Contains(lacks(), LackOpen) {
		t.Error("the list says that its section is closed, and it is open")
	}
}
