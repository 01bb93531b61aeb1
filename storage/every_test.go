package storage_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/sqlite/sqlitetest"
)

// TestEvery: a round that fails is told of and followed by the next, and nothing
// is told once the context has ended.
func TestEvery(t *testing.T) {
	t.Parallel()
	s := open(t, sqlitetest.File(t), storage.SystemClock{})
	ctx, stop := context.WithCancel(t.Context())
	rounds := 0
	failure := errors.New("the first fails")
	var told []error
	s.Every(ctx, time.Microsecond, func(tx *storage.Tx) error {
		switch rounds++; rounds {
		case 1:
			return failure
		case 3:
			stop()
		}
		return tx.SetFact("round", "done")
	}, func(err error) { told = append(told, err) })
	if rounds != 3 || len(told) != 2 || !errors.Is(told[0], failure) || told[1] != nil {
		t.Errorf("%d rounds, told of %v", rounds, told)
	}
}
