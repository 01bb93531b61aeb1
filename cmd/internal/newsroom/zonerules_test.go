package newsroom

import (
	"testing"
	"time"

	"communique/storage"
	"communique/storage/alarms"
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
