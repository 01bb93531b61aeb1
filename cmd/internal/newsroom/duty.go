package newsroom

import (
	"slices"
	"time"

	"communique/storage/alarms"
)

// Duty is who is told, by e-mail, of what must not come to pass in silence. Where it has no
// address the desk and the log tell of it alone.
type Duty struct {
	// Post tells whether there is a mail server.
	Post bool
	// Addresses are written to in turn, until somebody has said that they know.
	Addresses []string
	Days      WorkingDays
}

// The moments at which it is told of what comes to its instant and is not approved, as they
// stand in [alarms.Alarm.Step].
const (
	StepNoon    = "noon of the last working day"
	StepDay     = "24 hours before"
	StepHours   = "2 hours before"
	StepQuarter = "15 minutes before"
	StepInstant = alarms.AtInstant
)

// warning is one of the moments at which it is told of an instant.
type warning struct {
	step string
	at   time.Time
}

// warnings are when it is told of an instant, the first one first.
func (d Duty) warnings(instant time.Time, zone *time.Location) []warning {
	all := []warning{
		{StepDay, instant.Add(-24 * time.Hour)}, {StepHours, instant.Add(-2 * time.Hour)}, {StepQuarter, instant.Add(-15 * time.Minute)}, {StepInstant, instant},
	}
	if noon, ok := d.Days.NoonBefore(instant, zone); ok {
		all = append(all, warning{StepNoon, noon})
	}
	slices.SortStableFunc(all, func(a, b warning) int { return a.at.Compare(b.at) })
	return all
}

// come is the last of the moments that have come; ok is false before the first. One that was
// missed, as by a machine that was off, is told of late, and once.
func (d Duty) come(instant time.Time, zone *time.Location, now time.Time) (step string, ok bool) {
	for _, m := range d.warnings(instant, zone) {
		if m.at.After(now) {
			break
		}
		step, ok = m.step, true
	}
	return step, ok
}

// farthest is how long before its instant a manuscript is told of at most.
const farthest = (mostFree + 1) * 24 * time.Hour

// mostWritten bounds how often it is written about one alarm that nobody acknowledges.
const mostWritten = 24

// again is how long after a letter the next one is sent, to the next address.
func again(a alarms.Alarm) time.Duration {
	switch {
	case a.Kind == alarms.Unreviewed || a.Kind == alarms.Objected || a.Kind == alarms.Recalled:
		return 12 * time.Hour
	case a.Step == StepQuarter:
		return 5 * time.Minute
	case a.Step == StepHours || a.Step == StepInstant:
		return 10 * time.Minute
	}
	return time.Hour
}

// turn is whose turn it is to be written to, and when it is the next one's.
func (d Duty) turn(a alarms.Alarm, now time.Time) (address string, next time.Time, ok bool) {
	if !d.Post || len(d.Addresses) == 0 {
		return "", time.Time{}, false
	}
	if a.Written+1 < mostWritten {
		next = now.Add(again(a))
	}
	return d.Addresses[a.Written%len(d.Addresses)], next, true
}
