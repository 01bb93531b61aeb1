package delivery_test

import (
	"slices"
	"testing"
	"time"

	"communique/storage/delivery"
)

func sorted(s []string) []string {
	s = slices.Clone(s)
	slices.Sort(s)
	return s
}

func TestBackoff(t *testing.T) {
	t.Parallel()
	tests := []struct {
		failures   int
		retryAfter time.Duration
		spread     float64
		want       time.Duration
	}{
		{1, 0, 0, 5 * time.Second},
		{2, 0, 0, 10 * time.Second},
		{5, 0, 0, 80 * time.Second},
		{10, 0, 0, 2560 * time.Second},
		{11, 0, 0, time.Hour},
		{1_000_000, 0, 0, time.Hour},
		{1, 0, 0.5, 5500 * time.Millisecond},
		{1, 2 * time.Minute, 0, 2 * time.Minute},
		{5, time.Second, 0, 80 * time.Second},
		{1, 1e9 * time.Second, 0, time.Hour},
	}
	for _, tt := range tests {
		if got := delivery.Backoff(tt.failures, tt.retryAfter, tt.spread); got != tt.want {
			t.Errorf("Backoff(%d, %s, %v) = %s, want %s", tt.failures, tt.retryAfter, tt.spread, got, tt.want)
		}
	}
}
