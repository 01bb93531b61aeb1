package delivery

import (
	"errors"
	"fmt"
	"time"
)

// Verdict is what an answer means for the entry that was sent.
type Verdict int

// The verdicts.
const (
	// Settled: accepted, the cursor moves.
	Settled Verdict = iota
	// Later: not accepted now; back off and try again.
	Later
	// Missing: there is nothing at that address; retried for seven days, because
	// maintenance pages say so too, and then treated as gone.
	Missing
	// Refused: will never be accepted; recorded, and the cursor moves on.
	Refused
	// Gone: the address no longer exists; nothing further is sent there.
	Gone
)

// String names it, as metrics count it.
func (v Verdict) String() string {
	return [...]string{"settled", "later", "missing", "refused", "gone"}[v]
}

// Judge returns the verdict of an HTTP status. 401 is retried like a server error,
// because receivers that could not fetch our key say so too. Redirects are not
// followed: a 301 would turn the delivery into a GET that answers 200.
func Judge(status int) Verdict {
	switch {
	case status >= 200 && status < 300:
		return Settled
	case status == 404:
		return Missing
	case status == 410:
		return Gone
	case status == 401 || status == 408 || status == 425 || status == 429:
		return Later
	case status == 501 || status >= 400 && status < 500:
		return Refused
	}
	return Later
}

// Failure is the error by which a [Sender] reports a delivery that was not settled.
// Any other error counts as Later.
type Failure struct {
	Verdict    Verdict
	Status     int           // of HTTP; 0 if there was no answer
	RetryAfter time.Duration // as the answer asked for; 0 if it didn't
	Detail     string        // the start of the answer's body, or the error
}

func (f *Failure) Error() string {
	if f.Status == 0 {
		return f.Detail
	}
	return fmt.Sprintf("status %d: %s", f.Status, f.Detail)
}

// failureOf returns the failure that an error of a sender stands for; nil for nil.
func failureOf(err error) *Failure {
	var f *Failure
	switch {
	case err == nil:
		return nil
	case errors.As(err, &f):
		return f
	}
	return &Failure{Verdict: Later, Detail: err.Error()}
}
