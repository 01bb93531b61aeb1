package check

import (
	"crypto/x509"
	"fmt"
	"strings"
	"time"
)

// When a certificate is said to end, and when it is urgent.
const (
	renewBefore  = 14 * 24 * time.Hour
	urgentBefore = 3 * 24 * time.Hour
)

// Certificate judges the certificate that the site's host shows; err is why it
// was not accepted.
func Certificate(host string, leaf *x509.Certificate, err error, now time.Time) Finding {
	what := "TLS of " + host
	if err != nil || leaf == nil {
		return grade("TLS", what, Fail, fmt.Sprint(err))
	}
	left := leaf.NotAfter.Sub(now)
	observed := fmt.Sprintf("valid until %s, %d days left", leaf.NotAfter.UTC().Format(time.DateOnly), int(left.Hours()/24))
	return grade("TLS", what, worse(left < urgentBefore, left <= renewBefore), observed)
}

// worse is the verdict on something that gets worse by degrees.
func worse(fails, warns bool) Verdict {
	switch {
	case fails:
		return Fail
	case warns:
		return Warn
	}
	return OK
}

// What others take (INTEROP S5): Friendica a minute, Mastodon an hour.
const (
	maxOffset   = time.Minute
	quietOffset = 10 * time.Second
)

// Clock judges this machine's clock against the Date of an answer, which has whole
// seconds and was made between asked and answered.
func Clock(by string, d Document, asked, answered time.Time) Finding {
	what := "the clock, by " + by
	date, err := time.Parse(time.RFC1123, d.Header.Get("Date"))
	if d.Err != nil || err != nil {
		return grade("S5", what, Warn, "no Date: "+d.answer()).instead("let the web server in front send Date")
	}
	offset := time.Duration(0)
	switch {
	case answered.Before(date):
		offset = answered.Sub(date)
	case asked.After(date.Add(time.Second)):
		offset = asked.Sub(date.Add(time.Second))
	}
	observed := "within a second"
	if offset.Abs() >= time.Second {
		observed = fmt.Sprintf("%s apart", offset.Round(time.Second))
	}
	return grade("S5", what, worse(offset.Abs() > maxOffset, offset.Abs() > quietOffset), observed)
}

// Embargoes judges whether embargoes end by the clock; held is why they do not,
// or empty.
func Embargoes(held string) Finding {
	observed := "they end by the clock"
	if held != "" {
		observed = "they are held: " + held
	}
	return judge("clock", "embargoes", held == "", observed)
}

// Sections judges whether the configuration calls sections what they are called;
// misnamed tells of those that it does not.
func Sections(misnamed []string) Finding {
	observed := "they are"
	if len(misnamed) > 0 {
		observed = strings.Join(misnamed, "; ")
	}
	return judge("sections", "the sections of actors", len(misnamed) == 0, observed)
}

// Started judges whether the server was started with the present configuration;
// outdated are the settings that it was started without.
func Started(outdated []string) Finding {
	observed := "none was changed since the server was started"
	if len(outdated) > 0 {
		observed = "changed since the server was started: " + strings.Join(outdated, ", ")
	}
	return judge("settings", "the settings of the server", len(outdated) == 0, observed)
}

// Judged is something that is judged where it is known.
type Judged struct {
	Verdict  Verdict
	Observed string
}

// Backups tells how backups stand.
func Backups(b Judged) Finding { return grade("backup", "the backups", b.Verdict, b.Observed) }

// Hurdle is what stands in the way of the server's next start.
type Hurdle struct {
	What     string // where it stands, as in "the keys"
	Observed string // and what to do
	Stops    bool   // the server would not start; else it would warn
}

// Starts judges what stands in the way of the server's next start.
func Starts(hurdles []Hurdle) []Finding {
	if len(hurdles) == 0 {
		return []Finding{grade("start", "the next start of the server", OK, "nothing stands in its way")}
	}
	var all []Finding
	for _, h := range hurdles {
		all = append(all, grade("start", "the next start of the server, "+h.What, worse(h.Stops, true), h.Observed))
	}
	return all
}

const (
	littleSpace = 1 << 30 // bytes
	noSpace     = 100 << 20
)

// Space judges the room on the disk that holds the data, in bytes.
func Space(folder string, free, total uint64) Finding {
	observed := fmt.Sprintf("%d MiB free of %d", free>>20, total>>20)
	return grade("disk", "the disk of "+folder, worse(free < noSpace, free < littleSpace), observed)
}

// Queue is how deliveries stand.
type Queue struct {
	Servers     int // that are delivered to
	Behind      int // that lack an entry
	Failing     int // that are tried again and again
	Unreachable int // that were given up for now
	Paused      int
	// Waiting is for how long the longest has been due without being tried: the
	// server tries everything at once that is due.
	Waiting time.Duration
}

// stuckAfter is how long nothing that is due waits while the server works.
const stuckAfter = 15 * time.Minute

// Deliveries judges how they stand.
func Deliveries(q Queue) Finding {
	const what = "deliveries"
	observed := fmt.Sprintf("%d servers, %d behind, %d failing, %d unreachable, %d paused", q.Servers, q.Behind, q.Failing, q.Unreachable, q.Paused)
	if q.Waiting > stuckAfter {
		return grade("queue", what, Fail, fmt.Sprintf("%s; due for %s and not tried", observed, q.Waiting.Round(time.Minute))).
			instead("is communique serve running? Its log says what keeps it")
	}
	return grade("queue", what, worse(false, q.Failing+q.Unreachable+q.Paused > 0), observed)
}
