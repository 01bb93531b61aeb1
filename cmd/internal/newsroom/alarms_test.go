package newsroom

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/alarms"
	"communique/storage/manuscripts"
	"communique/storage/press"
)

// TestNoonBefore: the last working day before an instant is found across weekends and holidays.
func TestNoonBefore(t *testing.T) {
	t.Parallel()
	days := WorkingDays{Weekend: []time.Weekday{time.Saturday, time.Sunday}, Holidays: []Holiday{{0, time.December, 25}, {2026, time.December, 24}, {0, time.December, 26}, {0, time.January, 1}}}
	for _, tt := range []struct {
		name, instant, want string
		days                WorkingDays
	}{
		{"the day before", "2026-11-25 10:00", "2026-11-24 12:00", days},
		{"late on a day, it is the day before still", "2026-11-25 23:30", "2026-11-24 12:00", days},
		{"a Monday", "2026-11-30 10:00", "2026-11-27 12:00", days},
		{"a Sunday", "2026-11-29 10:00", "2026-11-27 12:00", days},
		{"after Christmas", "2026-12-28 09:00", "2026-12-23 12:00", days},
		{"another year, in which the 24th is none", "2027-12-26 09:00", "2027-12-24 12:00", days},
		{"where Friday is free", "2026-11-29 10:00", "2026-11-26 12:00", WorkingDays{Weekend: []time.Weekday{time.Friday, time.Saturday}}},
		{"where nobody ever works", "2026-11-25 10:00", "", WorkingDays{Weekend: []time.Weekday{0, 1, 2, 3, 4, 5, 6}}},
	} {
		instant, err := time.ParseInLocation("2006-01-02 15:04", tt.instant, berlin(t))
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if noon, ok := tt.days.NoonBefore(instant, berlin(t)); ok {
			got = noon.Format("2006-01-02 15:04")
		}
		if got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// watched lets time pass in steps, looks after each, and returns the steps that were told of,
// with how long before the instant that was.
func (o *office) watched(m manuscripts.Manuscript, howLong, step time.Duration) (told []string) {
	o.t.Helper()
	seen := map[string]time.Time{}
	o.alarms(m.ID, seen)
	for range howLong / step {
		o.clock.Pass(step)
		if err := o.Watch(o.t.Context()); err != nil {
			o.t.Fatal(err)
		}
		for _, a := range o.alarms(m.ID, seen) {
			told = append(told, a.Step+": "+a.Instant.Sub(o.clock.Now()).Round(time.Minute).String())
		}
	}
	return told
}

// alarms are those about a subject that were not seen, or were raised again.
func (o *office) alarms(subject string, seen map[string]time.Time) (fresh []alarms.Alarm) {
	o.t.Helper()
	o.look(func(tx *storage.Tx) error {
		all, err := tx.AlarmsOf(subject)
		for _, a := range all {
			if !seen[a.ID].Equal(a.Raised) {
				fresh = append(fresh, a)
			}
			seen[a.ID] = a.Raised
		}
		return err
	})
	slices.Reverse(fresh)
	return fresh
}

// addresses are those that were written to about a subject, in their order.
func (o *office) addresses(subject string) (all []string) {
	o.t.Helper()
	var letters []alarms.Letter
	o.look(func(tx *storage.Tx) error {
		about, err := tx.AlarmsOf(subject)
		for _, a := range about {
			if err == nil {
				var of []alarms.Letter
				of, err = tx.LettersAbout(a.ID)
				letters = append(letters, of...)
			}
		}
		return err
	})
	slices.SortStableFunc(letters, func(a, b alarms.Letter) int { return a.Made.Compare(b.Made) })
	for _, l := range letters {
		all = append(all, l.Address)
	}
	return all
}

// TestUnapproved: what comes to its instant without approval is told of at noon of the last
// working day, a day, two hours and a quarter of an hour before, and then; once each, and without
// a title.
func TestUnapproved(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.Duty.Days.Weekend = []time.Weekday{time.Saturday, time.Sunday}
	// A Monday; now is the Thursday before.
	instant := time.Date(2026, 11, 30, 18, 0, 0, 0, berlin(t))
	m := o.propose(o.ana, "Summit", "published: "+instant.Format(time.RFC3339), "language: en")
	past := []byte(source("Archive piece", "published: 2019-11-27 10:00", "language: en")) // it never comes
	if _, err := o.ana.Begin(t.Context(), Proposal{Kind: manuscripts.NewArticle, Text: past}); err != nil {
		t.Fatal(err)
	}
	told := o.watched(m, instant.Sub(o.clock.Now())+2*time.Hour, 5*time.Minute)
	want := []string{StepNoon + ": 78h0m0s", StepDay + ": 24h0m0s", StepHours + ": 2h0m0s", StepQuarter + ": 15m0s", StepInstant + ": 0s"}
	if !slices.Equal(told, want) {
		t.Errorf("told %q\nwant %q", told, want)
	}
	log := o.told.String()
	if strings.Contains(log, "Summit") || strings.Count(log, "is not approved") != len(want) || !strings.Contains(log, m.ID) {
		t.Errorf("the log: %s", log)
	}
	for who, want := range map[*Desk]int{&o.ana: 2, &o.leo: 0} {
		due, err := who.Unapproved(t.Context(), time.Hour)
		if err != nil || len(due) != want {
			t.Errorf("%s is told of %d, %v", who.Person.Login, len(due), err)
		}
	}
	if a := o.articles(); a != 0 {
		t.Errorf("%d articles went out by themselves", a)
	}
}

// TestToldAfterAll: whatever becomes of the machine and its clock around an instant, somebody is
// told, and once.
func TestToldAfterAll(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		then func(o *office, m manuscripts.Manuscript)
		want []string
	}{
		{"off at noon, it is told late", func(o *office, _ manuscripts.Manuscript) {
			o.clock.Pass(50 * time.Hour)
		}, []string{StepNoon + ": 21h0m0s"}},
		{"off over several moments, it is told of the last", func(o *office, _ manuscripts.Manuscript) {
			o.clock.Pass(70 * time.Hour)
		}, []string{StepHours + ": 1h0m0s"}},
		{"off over the instant itself", func(o *office, _ manuscripts.Manuscript) {
			o.clock.Pass(80 * time.Hour)
		}, []string{StepInstant + ": -9h0m0s"}},
		{"off for months, nobody is bothered with what everybody has forgotten", func(o *office, _ manuscripts.Manuscript) {
			o.clock.Pass(90 * 24 * time.Hour)
		}, nil},
		{"approved meanwhile", func(o *office, m manuscripts.Manuscript) {
			if _, err := o.approve(o.eva, m); err != nil {
				o.t.Fatal(err)
			}
			o.clock.Pass(70 * time.Hour)
		}, nil},
		{"put off", func(o *office, m manuscripts.Manuscript) {
			if _, err := o.ana.Save(o.t.Context(), m.ID, m.Revision, []byte(source("Summit", "published: 2026-12-31 10:00", "language: en")), manuscripts.How{}); err != nil {
				o.t.Fatal(err)
			}
			o.clock.Pass(70 * time.Hour)
		}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			instant := o.clock.Now().Add(71 * time.Hour)
			m := o.propose(o.ana, "Summit", "published: "+instant.Format(time.RFC3339), "language: en")
			if err := o.Watch(t.Context()); err != nil {
				t.Fatal(err)
			}
			tt.then(o, m)
			var told []string
			seen := map[string]time.Time{}
			for range 3 { // started again and again
				if err := o.Watch(t.Context()); err != nil {
					t.Fatal(err)
				}
				for _, a := range o.alarms(m.ID, seen) {
					told = append(told, a.Step+": "+a.Instant.Sub(o.clock.Now()).Round(time.Hour).String())
				}
			}
			if !slices.Equal(told, tt.want) {
				t.Errorf("told %q, want %q", told, tt.want)
			}
		})
	}
}

// TestClockSteps: a clock that was ahead for a while keeps nobody from being told at the time.
func TestClockSteps(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	instant := o.clock.Now().Add(60 * time.Hour)
	m := o.propose(o.ana, "Summit", "published: "+instant.Format(time.RFC3339), "language: en")
	seen := map[string]time.Time{}
	o.clock.Jump(61 * time.Hour)
	if err := o.Watch(t.Context()); err != nil {
		t.Fatal(err)
	}
	if all := o.alarms(m.ID, seen); len(all) != 1 {
		t.Fatalf("%d alarms of a clock that is ahead", len(all))
	} else if _, err := o.eva.Acknowledge(t.Context(), all[0].ID); err != nil {
		t.Fatal(err)
	}
	o.clock.Jump(-61 * time.Hour)
	var told []string
	for range 61 {
		o.clock.Pass(time.Hour)
		if err := o.Watch(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, a := range o.alarms(m.ID, seen) {
			told = append(told, a.Step)
		}
	}
	if got := strings.Join(told, ", "); !strings.HasSuffix(got, StepHours+", "+StepInstant) {
		t.Errorf("told %s", got)
	}
}

// TestOnDuty: those on duty are written to in turn until one of them knows; who has no part in it
// can't say that they do.
func TestOnDuty(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.Duty.Post, o.Duty.Addresses = true, []string{"first@mfa.example", "second@mfa.example"}
	instant := o.clock.Now().Add(90 * time.Minute)
	m := o.propose(o.ana, "Summit", "published: "+instant.Format(time.RFC3339), "language: en")
	o.watched(m, 25*time.Minute, 5*time.Minute)
	if got, want := o.addresses(m.ID), []string{"first@mfa.example", "second@mfa.example", "first@mfa.example"}; !slices.Equal(got, want) {
		t.Errorf("written to %q, want %q", got, want)
	}
	open, err := o.leo.Alarms(t.Context())
	if err != nil || len(open) != 1 || open[0].Manuscript != nil || !open[0].MayAcknowledge {
		t.Fatalf("an operator is told %+v, %v", open, err)
	}
	if _, err := o.ana.Acknowledge(t.Context(), open[0].ID); !errors.Is(err, ErrMayNot) {
		t.Errorf("an author acknowledges: %v", err)
	}
	if _, err := o.Acknowledge(t.Context(), open[0].ID); !errors.Is(err, press.ErrNotFound) {
		t.Errorf("nobody acknowledges: %v", err)
	}
	if _, err := o.leo.Acknowledge(t.Context(), open[0].ID); err != nil {
		t.Fatal(err)
	}
	if _, err := o.eva.Acknowledge(t.Context(), open[0].ID); !errors.Is(err, press.ErrConflict) {
		t.Errorf("acknowledged twice: %v", err)
	}
	if got := o.did(m.ID); !strings.HasPrefix(got, "leo acknowledged an alarm") {
		t.Errorf("the audit says %s", got)
	}
	o.watched(m, 40*time.Minute, 5*time.Minute)
	if got := len(o.addresses(m.ID)); got != 3 {
		t.Errorf("%d letters, though somebody knows", got)
	}
	// A quarter of an hour before, it is another alarm.
	o.watched(m, 15*time.Minute, 5*time.Minute)
	if got := o.addresses(m.ID)[3:]; len(got) == 0 || got[0] != "first@mfa.example" {
		t.Errorf("then %q", got)
	}
	// Approving it is the end of that.
	if _, err := o.approve(o.eva, m); err != nil {
		t.Fatal(err)
	}
	if err := o.Watch(t.Context()); err != nil {
		t.Fatal(err)
	}
	if open, err := o.leo.Alarms(t.Context()); err != nil || len(open) != 0 {
		t.Errorf("after it was approved there are %d alarms, %v", len(open), err)
	}
}

// TestNobodyAcknowledges: letters have an end, however long nobody says that they know.
func TestNobodyAcknowledges(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.Duty.Post, o.Duty.Addresses = true, []string{"duty@mfa.example"}
	instant := o.clock.Now().Add(time.Minute)
	m := o.propose(o.ana, "Summit", "published: "+instant.Format(time.RFC3339), "language: en")
	o.watched(m, 12*time.Hour, 10*time.Minute)
	if got := len(o.addresses(m.ID)); got != mostWritten {
		t.Errorf("%d letters, want %d", got, mostWritten)
	}
}
