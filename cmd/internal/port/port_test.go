package port_test

import (
	"net"
	"testing"

	"communique/cmd/internal/port"
)

// TestReserve: a reserved port is refused while nobody listens, can be listened
// on again and again, and has a number of its own.
func TestReserve(t *testing.T) {
	t.Parallel()
	seen := map[int]bool{}
	for range 20 {
		r, err := port.Reserve()
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := r.Release(); err != nil {
				t.Error(err)
			}
		}()
		if seen[r.Number()] {
			t.Errorf("%s is reserved twice", r.Address())
		}
		seen[r.Number()] = true
		for range 2 {
			if c, err := net.Dial("tcp", r.Address()); err == nil {
				_ = c.Close()
				t.Errorf("somebody answers at %s", r.Address())
			}
			l, err := net.Listen("tcp", r.Address())
			if err != nil {
				t.Fatal(err)
			}
			c, err := net.Dial("tcp", r.Address())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := l.Accept(); err != nil {
				t.Error(err)
			}
			_ = c.Close()
			if err := l.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}
