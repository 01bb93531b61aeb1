package newsdesk

import (
	"fmt"
	"strings"
	"time"

	"communique/storage/press"
)

// factShown is the build and the configuration under which everything is shown, and
// since when.
const factShown = "shown"

// ConfiguredSince is since when everything is shown under a build and a configuration, by
// their fingerprint. It returns press.ErrNotFound if it was shown under others.
func (tx *Tx) ConfiguredSince(fingerprint string) (time.Time, error) {
	fact, err := tx.db.Fact(factShown)
	if err != nil {
		return time.Time{}, err
	}
	known, since, _ := strings.Cut(fact, " ")
	if known != fingerprint {
		return time.Time{}, fmt.Errorf("%w: it was shown as %s", press.ErrNotFound, known)
	}
	at, err := time.Parse(time.RFC3339Nano, since)
	if err != nil {
		return at, fmt.Errorf("read fact %s: %w", factShown, err)
	}
	return at, nil
}

// Configured notes that from now on everything is shown under another build or
// configuration.
func (tx *Tx) Configured(fingerprint string) error {
	return tx.db.SetFact(factShown, fingerprint+" "+tx.db.Now().Format(time.RFC3339Nano))
}
