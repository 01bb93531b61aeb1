package newsroom

import (
	"slices"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/press"
	"communique/storage/sightings"
)

// TestReportIsKept: what a report tells is written down again and again, for the last time after a
// month, and told from then on whatever becomes of what it was made of.
func TestReportIsKept(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	filed := r.file("Treaty on harbours signed")
	var e press.Entry
	r.look(func(tx *storage.Tx) error {
		all, err := tx.EntriesOf(filed.ID)
		e = all[0]
		return err
	})
	change := func(how func(*storage.Tx) error) {
		t.Helper()
		if err := r.Store.Update(t.Context(), how); err != nil {
			t.Fatal(err)
		}
	}
	change(func(tx *storage.Tx) error {
		return tx.AddSighting(sightings.Sighting{Seq: e.Seq, Next: tx.Now(), Keep: ReportKept(e.At, e.At)})
	})
	report := func() Release {
		t.Helper()
		if err := r.KeepReports(t.Context()); err != nil {
			t.Fatal(err)
		}
		told, err := r.Desk.Report(t.Context(), filed.ID)
		if err != nil || len(told.Releases) != 1 {
			t.Fatalf("%+v, %v", told, err)
		}
		return told.Releases[0]
	}
	see := func(page, feed time.Time) {
		t.Helper()
		change(func(tx *storage.Tx) error {
			s, ok, err := tx.ClaimSighting(time.Minute)
			if err != nil || !ok {
				t.Fatal(ok, err)
			}
			s.Page.Seen, s.Feed.Seen, s.Next = page, feed, tx.Now()
			return tx.SettleSighting(s)
		})
	}
	seen := e.At.Add(3 * time.Second)
	see(seen, time.Time{})
	if got := report(); !got.Page.Seen.Equal(seen) || !got.Feed.Seen.IsZero() {
		t.Errorf("seen once: %+v", got)
	}
	var written []time.Duration
	for at := e.At; !at.IsZero(); at = ReportKept(e.At, at) {
		r.clock.Set(at)
		report()
		written = append(written, at.Sub(e.At))
	}
	if last := written[len(written)-1]; last != 30*24*time.Hour || !slices.IsSorted(written) {
		t.Errorf("it was written down after %v", written)
	}
	r.clock.Pass(time.Minute)
	see(seen, seen) // as if what it was made of had changed
	if got := report(); !got.Page.Seen.Equal(seen) || !got.Feed.Seen.IsZero() || got.AsOf.Sub(e.At) != 30*24*time.Hour {
		t.Errorf("what was kept: %+v", got)
	}
}

// TestReportTellsWhenItWasDue: the instant that was said before it came, not a date that was over
// when it was said.
func TestReportTellsWhenItWasDue(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name           string
		in             time.Duration // its date, from when it is filed
		day            bool
		released       time.Duration // when its embargo ends
		due, backDated bool
	}{
		{"at once", 0, false, 0, false, false},
		{"yesterday", -24 * time.Hour, false, 0, false, true},
		{"under embargo", time.Hour, false, time.Hour, true, false},
		{"under embargo, while no server ran", time.Hour, false, 5 * time.Hour, true, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRoom(t)
			var fields []string
			at := r.clock.Now().Add(tt.in).Truncate(time.Second)
			if tt.in != 0 {
				fields = append(fields, "published: "+at.Format(time.RFC3339))
			}
			filed := r.file("Treaty on harbours signed", fields...)
			if tt.released > 0 {
				r.clock.Pass(tt.released)
				if err := r.Store.Update(t.Context(), func(tx *storage.Tx) error { _, err := tx.Release(10); return err }); err != nil {
					t.Fatal(err)
				}
			}
			told, err := r.Desk.Report(t.Context(), filed.ID)
			if err != nil || len(told.Releases) != 1 {
				t.Fatalf("%+v, %v", told, err)
			}
			got := told.Releases[0]
			if got.Kind != press.KindPublished || !got.Due.IsZero() != tt.due || !got.Dated.IsZero() != tt.backDated {
				t.Errorf("due %v, dated %v, public %v", got.Due, got.Dated, got.Public)
			}
			if tt.due && got.Public.Sub(got.Due) != tt.released-tt.in {
				t.Errorf("it was public %v after it was due", got.Public.Sub(got.Due))
			}
		})
	}
}
