// Package port reserves ports of this machine for programs that are started
// later. A port that was asked for and closed again is the next one that the
// system gives to whoever asks; a reserved one is given to nobody, and yet the
// program that is told its number can listen there, as often as it likes.
package port

import (
	"fmt"
	"net"
	"sync"
)

// Reservation keeps a port of 127.0.0.1 from being given to others.
type Reservation struct {
	number  int
	release func() error
}

// Reserve reserves a port that nobody uses, until [Reservation.Release].
func Reserve() (*Reservation, error) {
	number, release, err := reserve()
	if err != nil {
		return nil, fmt.Errorf("reserve a port: %w", err)
	}
	return &Reservation{number: number, release: sync.OnceValue(release)}, nil
}

// Address is where to listen, host:port.
func (r *Reservation) Address() string {
	return net.JoinHostPort("127.0.0.1", fmt.Sprint(r.number))
}

// Number is the port's.
func (r *Reservation) Number() int { return r.number }

// Release gives the port back. Whoever listens there goes on doing so.
func (r *Reservation) Release() error { return r.release() }
