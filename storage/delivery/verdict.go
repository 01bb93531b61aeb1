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
	// Settled: taken, the cursor moves.
	Settled Verdict = iota
	// Later: not taken now; back off and try again.
	Later
	// Missing: nothing at that address; tried again for seven days, because
	// maintenance pages say so too, then taken for gone.
	Missing
	// Refused: never taken; recorded, and the cursor moves on.
	Refused
	// Gone: the address is no more; nothing further is sent there.
	Gone
)

// Judge reads a verdict off an HTTP status. 401 is tried again like a fault: a
// receiver that could not fetch our key says so too. Redirections are not
// followed, or a 301 would turn the delivery into a GET that answers 200.
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

// Failure is a delivery that was not settled, as a [Sender] reports it. Any
// other error counts as Later.
type Failure struct {
	Verdict    Verdict
	Status     int           // of HTTP; 0 if there was no answer
	RetryAfter time.Duration // the answer's wish; 0 without one
	Detail     string        // start of the answer's body, or the fault
}

func (f *Failure) Error() string {
	if f.Status == 0 {
		return f.Detail
	}
	return fmt.Sprintf("status %d: %s", f.Status, f.Detail)
}

// failureOf reads an error of a sender; nil is nil.
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
