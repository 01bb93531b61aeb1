package newsroom

import (
	"slices"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/alarms"
	"communique/storage/people"
)

// TestAssignedIsWrittenTo: whoever is assigned a text by somebody else is written to, once, and is
// nobody's alarm; who has taken it themselves is not written to, nor who has it already.
func TestAssignedIsWrittenTo(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.Duty.Post, o.Duty.Addresses = true, []string{"duty@mfa.example"}
	come := func(login string) Desk {
		t.Helper()
		if _, err := o.Invite(t.Context(), people.Person{Login: login, Email: login + "@mfa.example"}, []people.Grant{{Role: people.Editor}}); err != nil {
			t.Fatal(err)
		}
		by, err := o.As(t.Context(), login)
		if err != nil {
			t.Fatal(err)
		}
		return by
	}
	mia, zoe := come("mia"), come("zoe")
	m := o.propose(o.ana, "Summit", "language: en")
	assign := func(by Desk, to string) {
		t.Helper()
		o.clock.Pass(time.Minute)
		if _, err := by.Assign(t.Context(), m.ID, to); err != nil {
			t.Fatal(err)
		}
	}
	assign(mia, zoe.Person.ID)
	assign(mia, zoe.Person.ID)   // it is theirs already
	assign(zoe, zoe.Person.ID)   // likewise
	assign(mia, mia.Person.ID)   // who says so themselves
	assign(mia, o.rui.Person.ID) // who has no address
	if got, want := o.addresses(m.ID), []string{"zoe@mfa.example"}; !slices.Equal(got, want) {
		t.Errorf("written to %q, want %q", got, want)
	}
	assign(zoe, mia.Person.ID)
	if got, want := o.addresses(m.ID), []string{"zoe@mfa.example", "mia@mfa.example"}; !slices.Equal(got, want) {
		t.Errorf("then written to %q, want %q", got, want)
	}
	if all, err := mia.Alarms(t.Context()); err != nil || len(all) > 0 {
		t.Errorf("alarms %+v, %v", all, err)
	}
	open := func() (n int) {
		if err := o.Watch(t.Context()); err != nil {
			t.Fatal(err)
		}
		o.look(func(tx *storage.Tx) error {
			all, err := tx.OpenAlarms(10)
			n = len(all)
			waiting, _, _, bad := tx.CountAlarms()
			if bad != nil || len(waiting) > 0 {
				t.Errorf("counted as alarms: %v, %v", waiting, bad)
			}
			return err
		})
		return n
	}
	if got := open(); got != 1 {
		t.Errorf("to be written: %d", got)
	}
	o.change(func(tx *storage.Tx) error {
		l, about, ok, err := tx.ClaimLetter(time.Minute)
		if err != nil || !ok || about.Kind != alarms.Assigned || l.Address != "mia@mfa.example" {
			t.Fatalf("claimed %+v of %+v, %v, %v", l, about, ok, err)
		}
		return tx.SettleLetter(l, "", time.Time{})
	})
	if got := open(); got != 0 {
		t.Errorf("once it is sent there is left: %d", got)
	}
}
