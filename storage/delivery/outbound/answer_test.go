package outbound

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	for header, want := range map[string]time.Duration{
		"":                     0,
		"0":                    0,
		"90":                   90 * time.Second,
		"1000000000":           maxRetryAfter,
		"99999999999999999999": 0,
		"-5":                   0,
		"soon":                 0,
		"1.5":                  0,
		now.Add(time.Hour).Format(http.TimeFormat):            time.Hour,
		now.Add(-time.Hour).Format(http.TimeFormat):           0,
		now.Add(365 * 24 * time.Hour).Format(http.TimeFormat): maxRetryAfter,
	} {
		if got := retryAfter(header, now); got != want {
			t.Errorf("F10 Retry-After: %q: %s, want %s", header, got, want)
		}
	}
}

// FuzzReadAnswer: whatever a server answers, what is kept of it is a bounded
// pause and one line of printable text.
func FuzzReadAnswer(f *testing.F) {
	f.Add("120", "slow\r\n\tdown\x1b[31m \u202e\xff")
	f.Add("Sat, 14 Mar 2026 12:00:00 GMT", "")
	f.Add("-1", "\u0085\u2028")
	now := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, header, body string) {
		a := ReadAnswer(&http.Response{StatusCode: 429, Header: http.Header{"Retry-After": {header}}, Body: io.NopCloser(strings.NewReader(body))}, now)
		if a.RetryAfter < 0 || a.RetryAfter > maxRetryAfter {
			t.Errorf("%q is %s", header, a.RetryAfter)
		}
		if len(a.Excerpt) > maxExcerpt || !utf8.ValidString(a.Excerpt) || strings.ContainsFunc(a.Excerpt, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("%q became %q", body, a.Excerpt)
		}
	})
}
