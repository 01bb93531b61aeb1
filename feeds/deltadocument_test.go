package feeds

import (
	"testing"

	"communique/storage/press"
)

// TestDeltaBesideAChange: a reader who lacks one change does not get a newer one
// instead, which came during the request and of which another reader was told.
func TestDeltaBesideAChange(t *testing.T) {
	t.Parallel()
	s := &Server{documents: newCache(1 << 20)}
	changes := func(counted, rendered press.Seq, text string) string {
		t.Helper()
		of := resource{key: "atom-en-1", version: version{seq: counted}, render: func() (version, []byte, error) {
			return version{seq: rendered}, []byte(text), nil
		}}
		d, err := s.deltaDocument(of, delta{since: counted - 1, changes: 1})
		if err != nil {
			t.Fatal(err)
		}
		return string(d.plain)
	}
	changes(7, 7, "the second")
	if got, want := changes(6, 7, "the second, the first"), "the second, the first"; got != want {
		t.Errorf("a reader who lacks both gets %q, want %q", got, want)
	}
}
