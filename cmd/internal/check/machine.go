package check

import (
	"crypto/x509"
	"fmt"
	"net/netip"
	"strings"
	"time"
)

// Resolved judges the addresses of the site's host.
func Resolved(host string, addresses []netip.Addr, err error) Finding {
	what := "DNS of " + host
	if err != nil || len(addresses) == 0 {
		return must("DNS", what, false, fmt.Sprintf("no address: %v", err), "enter the host in the DNS, or let this machine ask it")
	}
	var all []string
	public := true
	for _, a := range addresses {
		a = a.Unmap()
		all = append(all, a.String())
		public = public && a.IsGlobalUnicast() && !a.IsPrivate()
	}
	return should("DNS", what, public, strings.Join(all, " "), "seen from here the address is not public: other servers refuse such, and this server cannot fetch its own key by it")
}

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
		return must("TLS", what, false, fmt.Sprint(err), "give the web server a certificate for "+host+" that everybody accepts, with the whole chain")
	}
	left := leaf.NotAfter.Sub(now)
	seen := fmt.Sprintf("valid until %s, %d days left", leaf.NotAfter.UTC().Format(time.DateOnly), int(left.Hours()/24))
	const do = "renew it: is the renewal running?"
	if left < urgentBefore {
		return must("TLS", what, false, seen, do)
	}
	return should("TLS", what, left > renewBefore, seen, do)
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
		return should("S5", what, false, "no Date: "+d.answer(), "let the web server send Date")
	}
	offset := time.Duration(0)
	switch {
	case answered.Before(date):
		offset = answered.Sub(date)
	case asked.After(date.Add(time.Second)):
		offset = asked.Sub(date.Add(time.Second))
	}
	seen := "within a second"
	if offset.Abs() >= time.Second {
		seen = fmt.Sprintf("%s apart", offset.Round(time.Second))
	}
	const do = "let NTP set the clocks: other servers refuse signatures that are a minute off"
	if offset.Abs() > maxOffset {
		return must("S5", what, false, seen, do)
	}
	return should("S5", what, offset.Abs() <= quietOffset, seen, do)
}

// Embargoes judges whether embargoes end by the clock; held is why they do not,
// or empty.
func Embargoes(held string) Finding {
	seen := "they end by the clock"
	if held != "" {
		seen = "they are held: " + held
	}
	return must("clock", "embargoes", held == "", seen, "look at the time and at the drafts under embargo, and run communique clock confirm")
}

const (
	littleSpace = 1 << 30 // bytes
	noSpace     = 100 << 20
)

// Space judges the room on the disk that holds the data.
func Space(folder string, free, total uint64) Finding {
	what := "the disk of " + folder
	seen := fmt.Sprintf("%d MiB free of %d", free>>20, total>>20)
	const do = "make room: without it nothing can be published"
	if free < noSpace {
		return must("disk", what, false, seen, do)
	}
	return should("disk", what, free >= littleSpace, seen, do)
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

// Deliveries judges them.
func Deliveries(q Queue) Finding {
	what := "deliveries"
	seen := fmt.Sprintf("%d servers, %d behind, %d failing, %d unreachable, %d paused", q.Servers, q.Behind, q.Failing, q.Unreachable, q.Paused)
	if q.Waiting > stuckAfter {
		return must("queue", what, false, fmt.Sprintf("%s; due for %s and not tried", seen, q.Waiting.Round(time.Minute)), "is communique serve running? Its log says what keeps it")
	}
	trouble := q.Failing + q.Unreachable + q.Paused
	return should("queue", what, trouble == 0, seen, "communique destinations --behind tells which, and why")
}
