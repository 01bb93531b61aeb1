package websub

import (
	"fmt"
	"time"

	"communique/storage"
)

const (
	// unconfirmedFor is how long a callback that did not confirm is not asked
	// again: naming somebody else's address makes us ask there once only.
	unconfirmedFor = 10 * time.Minute
	// unconfirmedOfDomain is how many callbacks of a registrable domain may fail in
	// that time: its owner can have any number of hosts.
	unconfirmedOfDomain = 10
)

// remembered is since when it counts that a callback did not confirm. All are forgotten
// when the next interval begins.
func remembered(now time.Time) time.Time { return now.Truncate(unconfirmedFor) }

// checkUnconfirmed returns a [*ThrottledError] if a callback, or many of its domain, did
// not confirm (SECURITY A44).
func (h *Hub) checkUnconfirmed(tx *storage.Tx, callback, host string) error {
	since, domain := remembered(tx.Now()), h.Rules.Domain(host)
	this, ofDomain, err := tx.Unconfirmed(callback, domain, since)
	wait := since.Add(unconfirmedFor).Sub(tx.Now())
	switch {
	case err != nil:
		return err
	case this:
		return &ThrottledError{Reason: "The callback was asked a moment ago and did not confirm. It will not be asked again so soon.", RetryAfter: wait}
	case ofDomain >= unconfirmedOfDomain:
		return &ThrottledError{Reason: fmt.Sprintf("Too many callbacks of %s did not confirm. None will be asked again so soon.", domain), RetryAfter: wait}
	}
	return nil
}
