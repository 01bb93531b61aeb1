package federation

import (
	"context"
	"crypto"
	"errors"
	"net/http"
	"sync"
	"time"

	"communique/federation/remote"
	"communique/federation/signature"
	"communique/federation/vocab"
	"communique/storage"
)

// departure is a message that deletes its own sender and is not verified yet.
type departure struct {
	actor   string
	signed  signature.Signature
	legible bool // the signature can be checked once there is a key
}

const (
	// maxDepartures is how many wait to be looked at; others are forgotten. Whoever
	// is gone is noticed at the latest when something is delivered there.
	maxDepartures = 1000
	// departuresAtOnce are looked at.
	departuresAtOnce = 4
	// lookAgain is the time between two looks at one account, whatever is said of it:
	// a deletion that somebody made up puts a true one off by no more.
	lookAgain = 30 * time.Second
	// lookAgainTick is how often it is seen whose time has come.
	lookAgainTick = 5 * time.Second
	maxLooks      = 10_000
)

// errDeparture marks the deletion of an account that has no effect, or none yet.
var errDeparture = errors.New("the account will be looked at")

// departure verifies a deletion of its own sender with the key that is at hand.
// Otherwise it is put off, whoever the sender is: 401 for those of whom something
// is known here, a look at their server or a limit that counts them would tell who
// follows. For the same reason the arithmetic is done with some key always
// (SECURITY A50, INTEROP I4).
func (s *Server) departure(r *http.Request, body []byte, a vocab.Incoming) (signature.Signature, error) {
	signed, err := signature.Parse(r, body, s.Site.Base, s.Store.Now())
	if blocked, failed := s.Store.Blocked(r.Context(), a.Actor, signed.KeyID); failed != nil || blocked {
		return signed, errors.Join(failed, errBlocked)
	}
	if err == nil {
		key, known := s.remote.KnownKey(signed.KeyID)
		// A key that costs much could be sent here without end, since nothing is counted.
		if known = known && !signature.Costly(key.Public); !known {
			key.Public = s.decoy
		}
		if signed.Verify(key.Public) == nil && known && key.Owner == a.Actor {
			return signed, nil
		}
	}
	select {
	case s.departures <- departure{a.Actor, signed, err == nil}:
	default:
	}
	return signed, errDeparture
}

// looks remembers which accounts have been looked at in the last half minute, and
// the last that was said of them since: it is looked into when their time has come.
type looks struct {
	mu       sync.Mutex
	accounts map[string]*look
}

type look struct {
	at   time.Time
	next *departure
}

// take reports whether it is an account's turn, and notes that it was. When there
// is no room the account is not looked at.
func (l *looks) take(d departure, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if recent, ok := l.accounts[d.actor]; ok && now.Sub(recent.at).Abs() < lookAgain { // Abs: the clock may be set back
		recent.next = &d
		return false
	}
	if l.accounts == nil {
		l.accounts = map[string]*look{}
	}
	if len(l.accounts) >= maxLooks {
		return false
	}
	l.accounts[d.actor] = &look{at: now}
	return true
}

// due forgets the looks of more than half a minute ago and returns what was said of
// those accounts since.
func (l *looks) due(now time.Time) (again []departure) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for actor, recent := range l.accounts {
		if now.Sub(recent.at).Abs() < lookAgain {
			continue
		}
		delete(l.accounts, actor)
		if recent.next != nil {
			again = append(again, *recent.next)
		}
	}
	return again
}

// RunDepartures looks at accounts that are said to be deleted, until ctx ends.
func (s *Server) RunDepartures(ctx context.Context) {
	var parts sync.WaitGroup
	defer parts.Wait()
	parts.Go(func() {
		lookAtAll(ctx, departuresAtOnce, s.departures, s.lookAt, func(d departure, err error) {
			s.Log.Debug("an account that is said to be deleted could not be looked at", "actor", d.actor, "error", err)
		})
	})
	ticker := time.NewTicker(lookAgainTick)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			s.lookAgain()
		}
	}
}

// lookAgain puts those back into the queue whose time has come.
func (s *Server) lookAgain() {
	for _, d := range s.looks.due(s.Store.Now()) {
		select {
		case s.departures <- d:
		default:
			return
		}
	}
}

// lookAt carries a deletion out if its signature verifies, or if the account's own
// address answers 404 or 410. That a key is gone says nothing about an account:
// whoever sends the message names the key. Of strangers nothing is fetched, and
// nobody can have an account asked for more than once in half a minute.
func (s *Server) lookAt(ctx context.Context, d departure) error {
	var known bool
	err := s.Store.View(ctx, func(tx *storage.Tx) (err error) {
		known, err = tx.Knows(d.actor)
		return err
	})
	if err != nil || !known || !s.looks.take(d, s.Store.Now()) {
		return err
	}
	ctx = remote.WithBudget(ctx, maxFetches)
	at := s.Store.Now() // the time in an unverified message proves nothing
	if d.legible && s.provesItself(ctx, d) {
		at = d.signed.Signed
	} else {
		s.remote.Forget(d.actor)
		if _, err := s.remote.FetchActor(ctx, d.actor); !errors.Is(err, remote.ErrGone) && !errors.Is(err, remote.ErrNotFound) {
			return err
		}
	}
	return s.Store.Update(ctx, func(tx *storage.Tx) error { return tx.RemoveActor(d.actor, at) })
}

// provesItself reports whether a key that is its sender's verifies a deletion.
func (s *Server) provesItself(ctx context.Context, d departure) bool {
	for _, fetch := range []func(context.Context, string) (remote.Key, error){s.remote.FetchKey, s.remote.RefreshKey} {
		key, err := fetch(ctx, d.signed.KeyID)
		if err == nil && key.Owner == d.actor && d.signed.Verify(key.Public) == nil {
			return true
		}
	}
	return false
}

// decoyOf is a key that verifies nothing of what others sign.
func decoyOf(own signature.Key) crypto.PublicKey { return own.Private.Public() }
