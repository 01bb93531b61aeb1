package outbound_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"communique/storage/delivery/outbound"
	"communique/storage/delivery/patience"
)

// stopped is a context of a process that was stopped: its deadline has passed, and no
// timer has said so yet.
type stopped struct {
	context.Context
	at time.Time
}

func (s stopped) Deadline() (time.Time, bool) { return s.at, true }

// TestNothingIsSentTooLate: after its deadline by either clock no request goes out,
// whatever it has waited for.
func TestNothingIsSentTooLate(t *testing.T) {
	t.Parallel()
	var taken atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { taken.Add(1) }))
	defer server.Close()
	now := time.Now()
	for name, c := range map[string]struct {
		deadline time.Time
		late     bool
	}{
		"in time":                    {now.Add(time.Hour), false},
		"too late":                   {now.Add(-time.Second), true},
		"too late by the wall clock": {now.Round(0).Add(-time.Second), true},
	} {
		before := taken.Load()
		r, err := http.NewRequestWithContext(stopped{t.Context(), c.deadline}, http.MethodPost, server.URL, strings.NewReader("news"))
		if err != nil {
			t.Fatal(err)
		}
		answer, err := outbound.Do(server.Client(), &patience.Clock{}, r)
		if err == nil {
			_ = answer.Body.Close()
		}
		if (err != nil) != c.late || (taken.Load() == before) != c.late {
			t.Errorf("%s: %v, %d taken", name, err, taken.Load()-before)
		}
	}
}

// TestNothingIsSentThatBecomesLate: nor does one whose deadline passes when it has its
// connection, and before it is written there.
func TestNothingIsSentThatBecomesLate(t *testing.T) {
	t.Parallel()
	var taken atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { taken.Add(1) }))
	defer server.Close()
	deadline := time.Now().Add(500 * time.Millisecond)
	written := false
	trace := &httptrace.ClientTrace{WroteHeaderField: func(string, []string) {
		written = true
		time.Sleep(time.Until(deadline))
	}}
	ctx := httptrace.WithClientTrace(t.Context(), trace)
	r, err := http.NewRequestWithContext(stopped{ctx, deadline}, http.MethodPost, server.URL, strings.NewReader("news"))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := outbound.Do(server.Client(), &patience.Clock{}, r)
	if err == nil {
		_ = answer.Body.Close()
	}
	server.Close() // waits for who was let in
	if err == nil || !written || taken.Load() != 0 {
		t.Errorf("%v, %d taken", err, taken.Load())
	}
}
