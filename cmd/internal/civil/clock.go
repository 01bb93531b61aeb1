package civil

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"communique/storage/press"
)

// nearChange is how far from a change of the clocks a time may be that there is twice
// or not at all: when Samoa changed sides of the date line, a whole day was left out.
const nearChange = 26 * time.Hour

// onClock returns the one instant at which clocks in a zone show the time. Which of two
// was meant is never guessed: it may be the end of an embargo.
func (c Time) onClock(zone *time.Location) (time.Time, error) {
	offsets := c.offsets(zone)
	var shown []time.Time
	for _, offset := range offsets {
		if t := c.at(time.FixedZone("", offset)).In(zone); offsetAt(t) == offset {
			shown = append(shown, t)
		}
	}
	if len(shown) == 1 {
		return shown[0], nil
	}
	what := fmt.Sprintf("the time %02d:%02d comes twice on %s in %s, because the clocks go back", c.Hour, c.Minute, c.date(), zone)
	if len(shown) == 0 {
		what = fmt.Sprintf("the time %02d:%02d did not exist on %s in %s: the clocks went forward", c.Hour, c.Minute, c.date(), zone)
	}
	var choices []string
	for _, offset := range offsets {
		choice := c.withOffset(offset)
		if len(shown) == 0 {
			choice += c.at(time.FixedZone("", offset)).In(zone).Format(" (15:04 on 2006-01-02 there)")
		}
		choices = append(choices, choice)
	}
	return time.Time{}, fmt.Errorf("%s; write %s", what, strings.Join(choices, " or "))
}

// offsets are the zone's offsets from UTC about that time, in seconds, in the order in
// which they hold.
func (c Time) offsets(zone *time.Location) []int {
	at := c.at(time.UTC)
	last := at.Add(nearChange)
	var all []int
	for t := at.Add(-nearChange).In(zone); ; {
		if offset := offsetAt(t); !slices.Contains(all, offset) {
			all = append(all, offset)
		}
		_, next := t.ZoneBounds()
		if next.IsZero() || next.After(last) {
			return all
		}
		t = next
	}
}

func offsetAt(t time.Time) int {
	_, offset := t.Zone()
	return offset
}

// withOffset writes the time with an offset, or in UTC where clocks were set by the
// sun, to the second.
func (c Time) withOffset(offset int) string {
	t := c.at(time.FixedZone("", offset))
	switch {
	case offset%60 != 0:
		return t.UTC().Format(time.RFC3339)
	case c.Precision == press.ToTheMinute:
		return t.Format("2006-01-02T15:04-07:00")
	}
	return t.Format("2006-01-02T15:04:05-07:00")
}
