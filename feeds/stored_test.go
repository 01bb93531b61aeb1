package feeds

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// dated is a response whose deadline can be put off.
type dated struct {
	*httptest.ResponseRecorder
	deadlines []time.Time
}

// SetWriteDeadline notes a deadline.
func (d *dated) SetWriteDeadline(t time.Time) error {
	d.deadlines = append(d.deadlines, t)
	return nil
}

// TestLongFilesHaveTheTimeTheyNeed: who reads a long file slowly is not cut off while
// something arrives.
func TestLongFilesHaveTheTimeTheyNeed(t *testing.T) {
	t.Parallel()
	const size = 1 << 20
	w := &dated{ResponseRecorder: httptest.NewRecorder()}
	w.Header().Set("Content-Type", "text/csv")
	sendContent(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/files/a/b.csv", http.NoBody), strings.NewReader(strings.Repeat("x", size)))
	if w.Body.Len() != size || len(w.deadlines) < 8 {
		t.Errorf("%d bytes with %d deadlines", w.Body.Len(), len(w.deadlines))
	}
}
