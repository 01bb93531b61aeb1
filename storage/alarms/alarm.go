package alarms

import "time"

// Kind is what an alarm is about.
type Kind string

// The kinds of alarms.
const (
	// Unapproved: a manuscript comes to its instant, or has come to it, and nobody has
	// approved it.
	Unapproved Kind = "unapproved"
	// Unreviewed: somebody has released an article without a second person, and none has
	// looked at it since.
	Unreviewed Kind = "unreviewed"
	// Objected: a second person objects to what was released without one.
	Objected Kind = "objected"
	// Incomplete: a set of languages that goes out all or none comes to its instant, or has come
	// to it, and is held, for one of them was taken back, or is not what was approved.
	Incomplete Kind = "incomplete"
	// Rezoned: the rules of a zone have changed, by which an instant was entered.
	Rezoned Kind = "rezoned"
	// Recalled: somebody has recalled a manuscript that was approved for an instant.
	Recalled Kind = "recalled"
	// Assigned: a manuscript is somebody's to work on next. It tells nobody else, and is no alarm to
	// anybody: it is written of as alarms are.
	Assigned Kind = "assigned"
)

// AtInstant is the step of an alarm about what has come to its instant.
const AtInstant = "at the instant"

// Alarm is something that somebody on duty has to know of.
type Alarm struct {
	ID      string
	Kind    Kind
	Subject string    // the id of a manuscript or an article
	About   string    // of a manuscript, what it is to become; empty of an article
	Step    string    // which of several moments of one instant; may be empty
	Instant time.Time // that it is about; may be zero
	Person  string    // who has caused it; may be empty
	Remark  string    // what they say of it; may be empty
	Raised  time.Time
	// Acknowledged is when somebody said that they know, By who that was.
	Acknowledged time.Time
	By           string
	Ended        time.Time // when it was so no longer
	Written      int       // how many times somebody was to be written to
	Next         time.Time // when somebody is written to next; zero is never
}

// Waits tells whether nobody has said yet that they know of what is so still.
func (a Alarm) Waits() bool { return a.Ended.IsZero() && a.Acknowledged.IsZero() }

// Letter is an alarm on its way to somebody by e-mail.
type Letter struct {
	ID       string
	Alarm    string
	Address  string
	Made     time.Time
	Attempts int // this one among them
	Next     time.Time
	Sent     time.Time
	Fault    string // why the last attempt failed
}
