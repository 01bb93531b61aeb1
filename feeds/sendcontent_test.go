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

// TestA60ManyRanges: each range may have another part of a file read, and has a head of
// its own in the answer; who asks for more than ten is sent the whole, once.
func TestA60ManyRanges(t *testing.T) {
	t.Parallel()
	content := strings.Repeat("0123456789", 100_000)
	for _, tt := range []struct {
		ranges string
		status int
		most   int // bytes of the answer
	}{
		{"bytes=0-0" + strings.Repeat(",500000-500000", 9), http.StatusPartialContent, 10_000},
		{"bytes=0-0" + strings.Repeat(",500000-500000", 10), http.StatusOK, len(content)},
		{"bytes=0-0" + strings.Repeat(",0-", 2000), http.StatusOK, len(content)},
		{"bytes=-0" + strings.Repeat(",-0", 2000), http.StatusOK, len(content)},
		{"bytes=0-" + strings.Repeat(",0-", 9), http.StatusOK, len(content)}, // more than there is
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/files/a/b.csv", http.NoBody)
		r.Header.Set("Range", tt.ranges)
		w := httptest.NewRecorder()
		w.Header().Set("Content-Type", "text/csv")
		sendContent(w, r, strings.NewReader(content))
		if w.Code != tt.status || w.Body.Len() > tt.most {
			t.Errorf("%.40s… is answered %d with %d bytes", tt.ranges, w.Code, w.Body.Len())
		}
	}
}
