package command

import (
	"context"
	"fmt"
	"time"

	"communique/cmd/internal/check"
)

// A certificate is renewed when two thirds of its time are over: one that has less than this
// left was not.
const (
	certificateLate   = 14 * 24 * time.Hour
	certificateUrgent = 7 * 24 * time.Hour
)

// certificateStatus is how the certificate stands, as status prints it.
type certificateStatus struct {
	Expires string `json:"expires,omitempty"` // empty if there is none yet
	// Reason is why an authority has not given the next one, Since when, and Next when it is
	// asked again.
	Reason string `json:"reason,omitempty"`
	Since  string `json:"since,omitempty"`
	Next   string `json:"next,omitempty"`

	expires time.Time
}

// judge says what is wrong with a certificate; nothing if What is empty. A certificate whose
// life is short (some last six days) is late when an attempt was in vain.
func (s certificateState) judge(second func(time.Time) string, now time.Time) (t trouble) {
	if !s.on {
		return t
	}
	left := s.Expires.Sub(now)
	why := ""
	if s.Trouble != nil {
		why = fmt.Sprintf(": the authority has given none since %s, attempts: %d: %s; it is asked again at %s, or at once by communique certificate ask", second(s.Trouble.Since), s.Trouble.Failures, s.Trouble.Reason, second(s.Trouble.Next))
	}
	switch {
	case s.Expires.IsZero() && why != "":
		return trouble{check.Fail, "there is no certificate" + why}
	case s.Expires.IsZero():
		return t // nobody has asked yet
	case left <= 0:
		return trouble{check.Fail, "the certificate has expired at " + second(s.Expires) + why}
	case s.fromFile != "" && left < certificateUrgent:
		return trouble{check.Fail, fmt.Sprintf("the certificate in %s ends at %s: have it renewed", s.fromFile, second(s.Expires))}
	case s.fromFile != "" && left < certificateLate:
		return trouble{check.Warn, fmt.Sprintf("the certificate in %s ends at %s: have it renewed", s.fromFile, second(s.Expires))}
	case why != "" && left < certificateUrgent:
		return trouble{check.Fail, "the certificate ends at " + second(s.Expires) + why}
	case why != "":
		return trouble{check.Warn, "the certificate is not renewed, and ends at " + second(s.Expires) + why}
	}
	return t
}

// judgeCertificate says how the certificate of a server with TLS of its own stands.
func (in *installation) judgeCertificate(ctx context.Context, r *statusReport, now time.Time) error {
	s, err := in.certificate(ctx)
	switch {
	case !s.on:
		return err
	case err != nil && s.fromFile != "":
		r.fail("%v", err)
		err = nil
	case err != nil:
		return err
	}
	r.Certificate = certificateStatusOf(s)
	if t := s.judge(in.second, now); t.What != "" {
		r.Troubles = append(r.Troubles, t)
	}
	return err
}

func certificateStatusOf(s certificateState) *certificateStatus {
	c := &certificateStatus{Expires: stamp(s.Expires), expires: s.Expires}
	if t := s.Trouble; t != nil {
		c.Reason, c.Since, c.Next = t.Reason, stamp(t.Since), stamp(t.Next)
	}
	return c
}

func (c *certificateStatus) text(in *installation) string {
	if c.expires.IsZero() {
		return "none yet."
	}
	return fmt.Sprintf("ends at %s.", in.second(c.expires))
}
