package outbound

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
)

const (
	maxExcerpt = 512 // bytes of an answer that are kept
	// maxDrained is how much of an answer is read so that the connection can be
	// reused; if there is more it is cheaper to open another.
	maxDrained = 32 << 10
	// maxRetryAfter is the longest pause that a server can ask for.
	maxRetryAfter = 24 * time.Hour
)

// Answer is a server's answer to a delivery.
type Answer struct {
	Status     int
	RetryAfter time.Duration // what the server asked for, at most 24 h; 0 if it did not
	Excerpt    string        // the start of the body, as one line of printable text
}

// Fault returns the error of a request that got no answer, without the address, which
// the caller knows.
func Fault(err error) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		return wrapped.Err
	}
	return err
}

// ReadAnswer reads an answer; the caller still has to close its body.
func ReadAnswer(answer *http.Response, now time.Time) Answer {
	return Answer{
		Status:     answer.StatusCode,
		RetryAfter: retryAfter(answer.Header.Get("Retry-After"), now),
		Excerpt:    Excerpt(answer.Body),
	}
}

// retryAfter parses the header of that name (RFC 9110 §10.2.3): seconds or a date. A
// value that is malformed or in the past counts as absent.
func retryAfter(header string, now time.Time) time.Duration {
	if header == "" {
		return 0
	}
	if seconds, err := strconv.ParseUint(header, 10, 64); err == nil {
		if seconds > uint64(maxRetryAfter/time.Second) {
			return maxRetryAfter
		}
		return time.Duration(seconds) * time.Second
	}
	at, err := http.ParseTime(header)
	if err != nil {
		return 0
	}
	return min(max(at.Sub(now), 0), maxRetryAfter)
}

// Excerpt returns the start of an answer as one line of printable text. It reads a
// little further, so that the connection can be reused. Errors don't matter: the status
// has said what the server thinks.
func Excerpt(body io.Reader) string {
	start, err := io.ReadAll(io.LimitReader(body, maxExcerpt))
	if err == nil {
		_, _ = io.CopyN(io.Discard, body, maxDrained)
	}
	printable := func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return -1 // direction marks, too: the text goes into logs
		}
		return r
	}
	text := strings.Map(printable, strings.ToValidUTF8(string(start), ""))
	return strings.Join(strings.Fields(text), " ")
}
