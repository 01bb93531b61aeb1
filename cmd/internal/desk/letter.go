package desk

import (
	"fmt"
	"strings"
	"time"

	"communique/cmd/internal/mail"
	"communique/storage/alarms"
)

// letter is what somebody is written about an alarm. Mail is read by others on its way and kept
// for years: it has no word of what it is about, and neither its section, but a link.
func (d *Desk) letter(l alarms.Letter, a alarms.Alarm) mail.Letter {
	subject, text := d.alarmWords(a)
	return mail.Letter{
		ID: l.ID, To: l.Address, Subject: "Press desk: " + subject, Urgent: true,
		Text: strings.Join([]string{
			text + "\n",
			"See it, and say that you know:\n" + d.URL + alarmAddress(a.ID) + "\n",
			"You sign in first. Until somebody has said that they know, the next one on duty is",
			"written to. No letter has the title or text of what is not public yet.\n",
		}, "\n"),
	}
}

// alarmWords are what is told of an alarm: in a few words, and in full.
func (d *Desk) alarmWords(a alarms.Alarm) (short, full string) {
	left := a.Instant.Sub(d.Store.Now())
	switch {
	case a.Kind == alarms.Unapproved && left <= 0:
		return "held back, not approved at its instant", fmt.Sprintf("A text has come to its instant, %s, and nobody has approved it.\nIt stays back until somebody does, and goes out then.", d.inLetter(a.Instant))
	case a.Kind == alarms.Unapproved:
		return "not approved, due in " + lasting(left), fmt.Sprintf("A text is due in %s, %s, and nobody has approved it.\nIt does not go out until somebody does.", lasting(left), d.inLetter(a.Instant))
	}
	switch a.Kind {
	case alarms.Unreviewed:
		return "released without a second person", "An article was released without a second person.\nSomebody who has neither released nor written it is to look at it, and to agree or object."
	case alarms.Incomplete:
		if left > 0 {
			return "a set of languages is held, due in " + lasting(left), fmt.Sprintf("A set of languages that goes out all or none is due in %s, %s, and is held:\none of them was taken back, or is not what was approved.\nIt does not go out until somebody says what becomes of the rest.", lasting(left), d.inLetter(a.Instant))
		}
		return "held back, a set of languages is not complete", fmt.Sprintf("A set of languages that goes out all or none has come to its instant, %s,\nand is held: one of them was taken back, or is not what was approved.\nIt stays back until somebody says what becomes of the rest.", d.inLetter(a.Instant))
	case alarms.Rezoned:
		return "the rules of a zone have changed", d.rezonedWords(a)
	case alarms.Objected:
		return "a second person objects", "A second person objects to what was released without one.\nCorrect or withdraw the article, or speak with them."
	}
	return "an alarm", "Something asks for you on the desk."
}

// rezonedWords tell of an embargo whose date would be another instant by now.
func (d *Desk) rezonedWords(a alarms.Alarm) string {
	now := "the clocks would not show that time, or show it twice"
	if at, err := time.Parse(time.RFC3339, a.Step); err == nil {
		now = "it would be " + d.inLetter(at)
	}
	return fmt.Sprintf("An embargo was entered by the clock of the ministry, and the rules of its zone have changed since.\nIt ends as it was shown then, %s; entered now, %s.\nIf the hour on the clock was meant, correct the date, with its offset from UTC; otherwise say that you know.", d.inLetter(a.Instant), now)
}

// inLetter is an instant in words, in the ministry's zone and in UTC.
func (d *Desk) inLetter(t time.Time) string {
	i := instantIn(d.Room.Zone, t)
	if i.Zone == "UTC" {
		return fmt.Sprintf("%s, %s (UTC)", i.Day, i.Clock)
	}
	return fmt.Sprintf("%s, %s (%s; %s)", i.Day, i.Clock, i.Zone, i.UTC)
}

// lasting is a time in words, without what is too exact to be of use.
func lasting(d time.Duration) string {
	count := func(n int, of string) string {
		if n == 1 {
			return "1 " + of
		}
		return fmt.Sprintf("%d %ss", n, of)
	}
	minutes := int(d.Round(time.Minute) / time.Minute)
	switch hours := minutes / 60; {
	case minutes < 1:
		return "less than a minute"
	case minutes < 60:
		return count(minutes, "minute")
	case hours >= 48:
		return count((hours+12)/24, "day")
	case minutes%60 == 0 || hours >= 6:
		return count((minutes+30)/60, "hour")
	default:
		return count(hours, "hour") + " and " + count(minutes%60, "minute")
	}
}

// alarmAddress is the page of an alarm.
func alarmAddress(id string) string { return "/alarms/" + id }
