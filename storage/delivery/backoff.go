package delivery

import (
	"time"

	"communique/storage/deliveries"
)

const (
	firstDelay = 5 * time.Second
	// longestDelay also bounds what a Retry-After can ask for: a host that is back
	// must get the news within the hour.
	longestDelay = time.Hour
	// giveUpAfter is how long a destination is retried at that pace.
	giveUpAfter = 7 * 24 * time.Hour
	probeEvery  = 24 * time.Hour
)

// Backoff returns how long to wait after a number of consecutive failures (from 1):
// 5 s, doubled each time, at most an hour; and at least retryAfter, what the receiver
// asked for, within that bound. spread in [0,1) adds up to a fifth, so that
// deliveries that failed together are not retried together.
func Backoff(failures int, retryAfter time.Duration, spread float64) time.Duration {
	delay := longestDelay
	if failures < 11 {
		delay = min(longestDelay, firstDelay<<max(0, failures-1))
	}
	delay = min(longestDelay, max(delay, retryAfter))
	return delay + time.Duration(spread*float64(delay)/5)
}

// ifUnanswered returns when a destination is tried again if the result of the attempt
// that begins now is never recorded.
func (e *Engine) ifUnanswered(now time.Time) func(deliveries.Destination) time.Time {
	return func(d deliveries.Destination) time.Time {
		return now.Add(Backoff(d.Failures+1, 0, e.Spread()))
	}
}

// postpone records what a failure means for a destination's next attempt.
func (e *Engine) postpone(s *deliveries.Settlement, d deliveries.Destination, f *Failure, now time.Time) {
	s.Failures, s.FailingSince = d.Failures+1, d.FailingSince
	if s.Succeeded || d.Failures == 0 || d.FailingSince.IsZero() {
		s.Failures, s.FailingSince = 1, now
	}
	s.Error = f.Error()
	s.NextAttempt = now.Add(Backoff(s.Failures, f.RetryAfter, e.Spread()))
	switch tired := now.Sub(s.FailingSince) >= giveUpAfter; {
	case f.Verdict == Gone || f.Verdict == Missing && tired:
		s.State = deliveries.StateGone
	case tired:
		s.State = deliveries.StateUnreachable
		s.NextAttempt = now.Add(probeEvery + time.Duration(e.Spread()*float64(time.Hour)))
	}
}
