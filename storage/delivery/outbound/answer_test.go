package outbound

import (
	"net/http"
	"testing"
	"time"
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
