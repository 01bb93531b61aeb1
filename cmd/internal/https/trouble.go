package https

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"communique/storage"
	"communique/storage/press"
)

const (
	// factTrouble holds, in the database, why an authority gives no certificate.
	factTrouble = "certificate_trouble"
	// factAsked holds when somebody last wanted it to be asked at once.
	factAsked = "certificate_asked"
)

// Trouble is why an authority gives no certificate for a host.
type Trouble struct {
	Host   string    `json:"host"`
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`    // when the last attempt began
	Since  time.Time `json:"since"` // of the first one in vain
	Next   time.Time `json:"next"`  // when it is asked again
	// Failures is how many attempts were in vain.
	Failures int `json:"failures"`
}

// standing is how it stands as a keeper looks.
type standing struct {
	trouble *Trouble  // nil if there is none
	asked   time.Time // when somebody wanted an attempt at once; zero if nobody did
	now     time.Time // by the clock that dates them
}

func readStanding(ctx context.Context, store *storage.Store) (s standing, err error) {
	err = store.View(ctx, func(tx *storage.Tx) error {
		s.now = tx.Now()
		if s.trouble, err = troubleIn(tx); err != nil {
			return err
		}
		text, err := tx.Fact(factAsked)
		if errors.Is(err, press.ErrNotFound) {
			return nil
		}
		if err == nil {
			s.asked, err = time.Parse(time.RFC3339Nano, text)
		}
		return err
	})
	return s, err
}

// AskNow has whichever server looks after the certificate of a site ask the authority at once,
// and not when its pause is over. at is from when on an attempt is a new one.
func AskNow(tx *storage.Tx) (at time.Time, err error) {
	at = tx.Now()
	return at, tx.SetFact(factAsked, at.Format(time.RFC3339Nano))
}

func troubleIn(tx *storage.Tx) (*Trouble, error) {
	text, err := tx.Fact(factTrouble)
	if errors.Is(err, press.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	t := &Trouble{}
	if err := json.Unmarshal([]byte(text), t); err != nil {
		return nil, fmt.Errorf("read why there is no certificate: %w", err)
	}
	return t, nil
}

// write notes it; the next attempt is after a pause.
func (t Trouble) write(ctx context.Context, store *storage.Store, pause time.Duration) error {
	return store.Update(ctx, func(tx *storage.Tx) error {
		t.Next = tx.Now().Add(pause)
		if t.Failures == 1 {
			t.Since = t.At
		}
		text, err := json.Marshal(t)
		if err != nil {
			return err
		}
		return tx.SetFact(factTrouble, string(text))
	})
}

func clearTrouble(ctx context.Context, store *storage.Store) error {
	return store.Update(ctx, func(tx *storage.Tx) error {
		_, err := tx.TakeFacts(factTrouble)
		if err == nil {
			_, err = tx.TakeFacts(factAsked)
		}
		return err
	})
}

// State is how the certificate of a host stands.
type State struct {
	Expires time.Time // of the certificate that is there; zero if there is none
	Trouble *Trouble  // nil if all is well
}

// Look reads how the certificate stands that an authority gives.
func Look(tx *storage.Tx, directory, host string) (s State, err error) {
	t, err := troubleIn(tx)
	if err != nil {
		return s, err
	}
	if t != nil && t.Host == host {
		s.Trouble = t
	}
	chain, err := tx.CertificateFile(certificateFile(directory, host))
	if errors.Is(err, press.ErrNotFound) {
		return s, nil
	}
	if err != nil {
		return s, err
	}
	leaf, err := leafOf(chain)
	if err != nil {
		return s, err
	}
	s.Expires = leaf.NotAfter
	return s, nil
}
