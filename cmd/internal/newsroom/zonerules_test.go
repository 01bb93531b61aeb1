package newsroom

import (
	"testing"
	"time"

	"communique/storage"
	"communique/storage/alarms"
	"communique/storage/manuscripts"
)

// TestChangedZoneRulesAlarm: an embargo that was entered by the clock of the site, and would end
// at another instant by the rules that the zone has now, is told of once, until it has another
// date, or the rules are as they were.
func TestChangedZoneRulesAlarm(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, published string
		rules           string // a zone that stands for the changed rules of Berlin's; empty: unchanged
		step            string // what the instant would be; empty: no alarm
	}{
		{"unchanged", "2026-12-01 10:00", "", ""},
		{"an hour of the clock", "2026-12-01 10:00", "Europe/Lisbon", "2026-12-01T10:00:00Z"},
		{"a day", "2026-12-01", "Europe/Lisbon", "2026-12-01T00:00:00Z"},
		{"written with its offset", "2026-12-01T10:00:00+01:00", "Europe/Lisbon", ""},
		{"an hour that comes twice now", "2027-10-31 01:30", "Europe/Lisbon", "none"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRoom(t)
			filed := r.file("Fisheries talks", "published: "+tt.published)
			o := newOfficeIn(r)
			rules := func(zone string) {
				o.change(func(tx *storage.Tx) error { return tx.SetFact("zone", zone) })
			}
			if tt.rules != "" {
				rules(tt.rules)
			}
			open := func() (all []alarms.Alarm) {
				t.Helper()
				for range 2 {
					if err := o.Watch(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
				o.look(func(tx *storage.Tx) (err error) {
					all, err = tx.OpenAlarms(10)
					return err
				})
				return all
			}
			got := open()
			if tt.step == "" {
				if len(got) > 0 {
					t.Errorf("alarms %+v", got)
				}
				return
			}
			if len(got) != 1 || got[0].Kind != alarms.Rezoned || got[0].Subject != string(filed.ID) || got[0].Step != tt.step || !got[0].Instant.Equal(filed.Published) {
				t.Fatalf("alarms %+v", got)
			}
			if _, err := o.rui.Acknowledge(t.Context(), got[0].ID); err != nil {
				t.Fatal(err)
			}
			if again := open(); len(again) != 1 || again[0].ID != got[0].ID || again[0].Waits() {
				t.Errorf("once somebody knows: %+v", again)
			}
			rules("Europe/Berlin")
			if again := open(); len(again) != 0 {
				t.Errorf("when the rules are as they were: %+v", again)
			}
			rules(tt.rules)
			o.clock.Set(filed.Published.Add(time.Minute))
			o.change(func(tx *storage.Tx) error { _, err := tx.Release(10); return err })
			if again := open(); len(again) != 0 {
				t.Errorf("when it is public: %+v", again)
			}
		})
	}
}

// TestChangedZoneRulesOfManuscripts: so it is with what is being written, and with a correction or
// withdrawal that waits for its instant, whether or not it was approved; with its offset written there
// is nothing to tell.
func TestChangedZoneRulesOfManuscripts(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	treaty, visit, summit := o.published("Treaty"), o.published("Visit"), o.published("Summit")
	local := func(text string) manuscripts.How {
		t.Helper()
		how := manuscripts.How{Reason: "Issued in error."}
		var err error
		if how.At, how.Local, err = o.Instant(text); err != nil {
			t.Fatal(err)
		}
		return how
	}
	propose := func(p Proposal) manuscripts.Manuscript {
		t.Helper()
		m, err := o.rui.Propose(t.Context(), p, nil)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	corrects := correction(visit, time.Time{})
	corrects.How.At, corrects.How.Local, _ = o.Instant("2026-12-01 10:00")
	open, offset := o.propose(o.ana, "New", "language: en", "published: 2026-12-01 10:00"), o.propose(o.ana, "Other", "language: en", "published: 2026-12-01T10:00:00+01:00")
	withdraws := propose(Proposal{Kind: manuscripts.Withdrawal, Article: treaty.ID, How: local("2026-12-01 10:00")})
	corrected := propose(corrects)
	other := propose(Proposal{Kind: manuscripts.Withdrawal, Article: summit.ID, How: local("2026-12-01T10:00:00+01:00")})
	if _, err := o.approve(o.eva, withdraws); err != nil {
		t.Fatal(err)
	}
	rezoned := func() map[string]alarms.Alarm {
		t.Helper()
		if err := o.Watch(t.Context()); err != nil {
			t.Fatal(err)
		}
		found := map[string]alarms.Alarm{}
		o.look(func(tx *storage.Tx) error {
			all, err := tx.OpenAlarms(20)
			for _, a := range all {
				if a.Kind == alarms.Rezoned {
					found[a.Subject] = a
				}
			}
			return err
		})
		return found
	}
	if got := rezoned(); len(got) > 0 {
		t.Errorf("by the rules as they were: %+v", got)
	}
	o.change(func(tx *storage.Tx) error { return tx.SetFact("zone", "Europe/Lisbon") })
	got := rezoned()
	for id, about := range map[string]string{open.ID: "new", withdraws.ID: "withdrawal", corrected.ID: "correction"} {
		if a := got[id]; a.About != about || a.Step != "2026-12-01T10:00:00Z" {
			t.Errorf("of a manuscript that is to become a %s: %+v", about, a)
		}
	}
	for _, id := range []string{offset.ID, other.ID} {
		if a, told := got[id]; told {
			t.Errorf("of what was written with its offset: %+v", a)
		}
	}
	if all, err := o.rui.Alarms(t.Context()); err != nil || len(all) == 0 || all[0].Manuscript == nil {
		t.Errorf("told at the desk: %+v, %v", all, err)
	}
	if _, err := o.ana.Save(t.Context(), open.ID, open.Revision, []byte(source("New", "language: en", "published: 2026-12-01T10:00:00+01:00")), manuscripts.How{}); err != nil {
		t.Fatal(err)
	}
	if a, told := rezoned()[open.ID]; told {
		t.Errorf("saved with its offset: %+v", a)
	}
}
