package hearsay

import "errors"

// claimedError is what failed of a request that says from which server it is. That is
// a claim until it is verified, and good for no more than the log: it has one line for
// a host, from however many addresses it is named (SECURITY A53).
type claimedError struct {
	error
	host string
}

func (e claimedError) Unwrap() error { return e.error }

// Claimed adds to an error, if it is one, the host that the failed request names as its
// own, by its registrable domain.
func Claimed(host string, err error) error {
	if err == nil {
		return nil
	}
	return claimedError{err, host}
}

// ClaimedBy is the host that was added to an error, or "".
func ClaimedBy(err error) string {
	e, _ := errors.AsType[claimedError](err)
	return e.host
}
