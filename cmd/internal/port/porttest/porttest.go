// Package porttest reserves ports for tests.
package porttest

import (
	"testing"

	"communique/cmd/internal/port"
)

// Reserve reserves a port until the test ends.
func Reserve(t testing.TB) *port.Reservation {
	t.Helper()
	reserved, err := port.Reserve()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := reserved.Release(); err != nil {
			t.Error(err)
		}
	})
	return reserved
}
