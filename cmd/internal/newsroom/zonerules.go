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
// has to say whether the hour on the clock was meant.
func (d Desk) rezoned(tx *storage.Tx) (all []alarms.Alarm, err error) {
	drafts, err := tx.LocalDrafts(alarmsInARound)
	if err != nil || len(drafts) == 0 {
		return nil, err
	}
	zones, err := tx.Zones()
	if err != nil {
		return nil, err
	}
	ends := map[press.ArticleID]time.Time{}
	for _, a := range drafts {
		ends[a.ID] = a.Published
	}
	for _, a := range drafts {
		behind := a.Group != a.ID && ends[a.Group].Equal(a.Published) // its original, for it must not be public before
		if behind || slices.ContainsFunc(zones, func(zone *time.Location) bool { return enteredNow(a, zone).Equal(a.Published) }) {
			continue
		}
		now := noInstant
		if at := enteredNow(a, zones[0]); !at.IsZero() {
			now = at.UTC().Format(time.RFC3339)
		}
		all = append(all, alarms.Alarm{Kind: alarms.Rezoned, Subject: string(a.ID), Step: now, Instant: a.Published})
	}
	return all, nil
}

// enteredNow is the instant of an article's date by the rules of a zone as they are now; zero if
// its clocks do not show it, or show it twice.
func enteredNow(a press.Article, zone *time.Location) time.Time {
	if a.Precision == press.ToTheDay {
		at, _ := a.Local.StartIn(zone) // zero with an error
		return at
	}
	written, err := civil.Parse(a.Local)
	if err != nil {
		return time.Time{}
	}
	at, _ := written.In(zone) // zero with an error
	return at
}
