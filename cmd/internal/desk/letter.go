package desk

import (
	"fmt"
	"strings"
	"time"

	"communique/cmd/internal/mail"
	"communique/cmd/internal/newsroom"
	"communique/storage/alarms"
	"communique/storage/manuscripts"
)

// letter is what somebody is written about an alarm. Mail is read by others on its way and kept
// for years: it has no word of what it is about, and neither its section, but a link.
func (d *Desk) letter(l alarms.Letter, a alarms.Alarm) mail.Letter {
	if a.Kind == alarms.Assigned {
		return d.assignmentLetter(l, a)
	}
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

// assignmentLetter is what somebody is written of what was assigned to them.
func (d *Desk) assignmentLetter(l alarms.Letter, a alarms.Alarm) mail.Letter {
	what := aboutNames[a.About]
	return mail.Letter{
		ID: l.ID, To: l.Address, Subject: "Press desk: " + what + " is yours to work on",
		Text: strings.Join([]string{
			upperFirst(what) + " was assigned to you. It is listed under “Mine” and “Waiting for me”.\n",
			"See it:\n" + d.URL + "/manuscripts/" + a.Subject + "\n",
			"You sign in first. No letter has the title or text of what is not public yet.\n",
		}, "\n"),
	}
}

// aboutNames are what manuscripts are called in letters, by what they are to become.
var aboutNames = map[string]string{
	string(manuscripts.NewArticle): "a text", string(manuscripts.Correction): "a correction", string(manuscripts.Withdrawal): "a withdrawal",
}

func upperFirst(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

// unapproved are what is told of what nobody has approved before its instant and at it, by what it
// is about: a few words, and what becomes of it.
var unapproved = map[string]struct{ what, due, come string }{
	string(manuscripts.NewArticle): {"a text", "It does not go out until somebody approves it.", "It stays back until somebody approves it, and goes out then."},
	string(manuscripts.Withdrawal): {"a withdrawal", "The article stays public until somebody approves it.", "The article stays public until somebody approves it."},
	string(manuscripts.Correction): {"a correction", "The article stays as it is until somebody approves it.", "The article stays as it is until somebody approves it."},
	newsroom.AboutChange: {
		"a change of an article under embargo", "Until somebody approves it, the article goes out as it was approved before.",
		"The article went out as it was approved before, unless it is held.",
	},
}

// unapprovedWords are what is told of what nobody has approved.
func (d *Desk) unapprovedWords(a alarms.Alarm, left time.Duration) (short, full string) {
	words, known := unapproved[a.About]
	if !known { // an older program has not noted it
		words = unapproved[string(manuscripts.NewArticle)]
	}
	if left <= 0 {
		return words.what + " was not approved at its instant", fmt.Sprintf("%s has come to its instant, %s, and nobody has approved it.\n%s", upperFirst(words.what), d.inLetter(a.Instant), words.come)
	}
	return words.what + " is not approved, due in " + lasting(left), fmt.Sprintf("%s that is due in %s, %s, has not been approved.\n%s", upperFirst(words.what), lasting(left), d.inLetter(a.Instant), words.due)
}

// alarmWords are what is told of an alarm: in a few words, and in full.
func (d *Desk) alarmWords(a alarms.Alarm) (short, full string) {
	left := a.Instant.Sub(d.Store.Now())
	switch a.Kind {
	case alarms.Unapproved:
		return d.unapprovedWords(a, left)
	case alarms.Unreviewed:
		return "released without a second person", "An article was released without a second person.\nSomebody who has neither released nor written it is to look at it, and to agree or object."
	case alarms.Incomplete:
		if left > 0 {
			return "a set of languages is held, due in " + lasting(left), fmt.Sprintf("A set of languages that goes out all or none is due in %s, %s, and is held:\none of them was taken back, or is not what was approved.\nIt does not go out until somebody says what becomes of the rest.", lasting(left), d.inLetter(a.Instant))
		}
		return "held back, a set of languages is not complete", fmt.Sprintf("A set of languages that goes out all or none has come to its instant, %s,\nand is held: one of them was taken back, or is not what was approved.\nIt stays back until somebody says what becomes of the rest.", d.inLetter(a.Instant))
	case alarms.Recalled:
		return aboutNames[a.About] + " that was approved was recalled", fmt.Sprintf("%s that was approved for %s was recalled.\n%s", upperFirst(aboutNames[a.About]), d.inLetter(a.Instant), unapproved[a.About].due)
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
	if a.About != "" {
		return fmt.Sprintf("The instant of %s was entered by the clock of the ministry, and the rules of its zone have changed since.\nIt was shown as %s; entered now, %s.\nSave it again with the date that is meant, with its offset from UTC.", aboutNames[a.About], d.inLetter(a.Instant), now)
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
