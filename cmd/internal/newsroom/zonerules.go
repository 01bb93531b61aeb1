package newsroom

import (
	"slices"
	"time"

	"communique/cmd/internal/civil"
	"communique/storage"
	"communique/storage/alarms"
	"communique/storage/press"
)

// noInstant is that the clocks of a zone do not show a time, or show it twice.
const noInstant = "none"

// rezoned are the alarms about embargoes whose instant would be another one if it were entered
// now: governments change the rules of their zones, often at short notice, and the database of
// zones follows. The embargo ends at the instant that was shown to whoever entered it; somebody
// has to say whether the hour on the clock was meant. So it is with manuscripts that come to an
// instant.
func (d Desk) rezoned(tx *storage.Tx) (all []alarms.Alarm, err error) {
	drafts, err := tx.LocalDrafts(alarmsInARound)
	if err != nil {
		return nil, err
	}
	written, err := tx.LocalManuscripts(alarmsInARound)
	if err != nil || len(drafts)+len(written) == 0 {
		return nil, err
	}
	zones, err := tx.Zones()
	if err != nil {
		return nil, err
	}
	for _, m := range written {
		if now, changed := enteredAnew(m.Local, m.Instant, zones); changed {
			all = append(all, alarms.Alarm{Kind: alarms.Rezoned, Subject: m.ID, About: string(m.Kind), Step: now, Instant: m.Instant})
		}
	}
	ends := map[press.ArticleID]time.Time{}
	for _, a := range drafts {
		ends[a.ID] = a.Published
	}
	for _, a := range drafts {
		behind := a.Group != a.ID && ends[a.Group].Equal(a.Published) // its original, for it must not be public before
		if now, changed := enteredAnew(a.Local, a.Published, zones); changed && !behind {
			all = append(all, alarms.Alarm{Kind: alarms.Rezoned, Subject: string(a.ID), Step: now, Instant: a.Published})
		}
	}
	return all, nil
}

// enteredAnew is what the instant of a date would be that was entered in one of some zones, of which
// the first is today's; changed is false if it would be the same.
func enteredAnew(local press.Local, instant time.Time, zones []*time.Location) (now string, changed bool) {
	if slices.ContainsFunc(zones, func(zone *time.Location) bool { return enteredNow(local, zone).Equal(instant) }) {
		return "", false
	}
	if at := enteredNow(local, zones[0]); !at.IsZero() {
		return at.UTC().Format(time.RFC3339), true
	}
	return noInstant, true
}

// enteredNow is the instant of a date by the rules of a zone as they are now; zero if
// its clocks do not show it, or show it twice.
func enteredNow(local press.Local, zone *time.Location) time.Time {
	if local.IsDay() {
		at, _ := local.StartIn(zone) // zero with an error
		return at
	}
	written, err := civil.Parse(local)
	if err != nil {
		return time.Time{}
	}
	at, _ := written.In(zone) // zero with an error
	return at
}
