package federation

import (
	"errors"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/clocktest"
	"communique/storage/storagetest/engines"
)

// TestTotals: a small collection is counted for every request, a large one once a
// minute, and an error is not cached.
func TestTotals(t *testing.T) {
	t.Parallel()
	clock := clocktest.At(time.Date(2031, time.March, 4, 12, 0, 0, 0, time.UTC))
	store, err := engines.Chosen(t)(clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	s := &Server{Options: Options{Store: store}}
	errBroken := errors.New("broken")
	for _, step := range []struct {
		pass    time.Duration
		counted int
		err     error
		want    int
	}{
		{counted: 3, want: 3},
		{counted: manyItems - 1, want: manyItems - 1},
		{counted: manyItems, want: manyItems},
		{counted: manyItems + 5, want: manyItems},
		{pass: totalsAge - time.Second, counted: manyItems + 6, want: manyItems},
		{pass: time.Second, err: errBroken},
		{counted: manyItems + 7, want: manyItems + 7},
		{pass: totalsAge, counted: 2, want: 2},
		{counted: 1, want: 1},
	} {
		clock.Pass(step.pass)
		got, err := s.totalOf(t.Context(), "followers", func(*storage.Tx) (int, error) { return step.counted, step.err })
		if got != step.want || !errors.Is(err, step.err) {
			t.Errorf("%+v: %d, %v", step, got, err)
		}
		if other, err := s.totalOf(t.Context(), "others", func(*storage.Tx) (int, error) { return 7, nil }); other != 7 || err != nil {
			t.Errorf("another collection: %d, %v", other, err)
		}
	}
}
