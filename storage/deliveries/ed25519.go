package deliveries

import (
	"fmt"
	"time"

	"communique/storage/internal/kernel"
)

// RefuseEd25519 notes that a host has refused an Ed25519 signature now. A host of which
// it is not known what it runs gets none.
func (tx *Tx) RefuseEd25519(host string) error {
	err := tx.db.Exec(`UPDATE host_software SET ed25519_refused = $1 WHERE host = $2`, kernel.Micros(tx.db.Now()), host)
	if err != nil {
		return fmt.Errorf("note that %s refused Ed25519: %w", host, err)
	}
	return nil
}

// Ed25519Refusals are the hosts that have refused an Ed25519 signature, and when they
// last did.
func (tx *Tx) Ed25519Refusals() (map[string]time.Time, error) {
	all := map[string]time.Time{}
	err := tx.db.Each(func(scan func(...any) error) error {
		var host string
		var at int64
		err := scan(&host, &at)
		all[host] = kernel.Instant(at)
		return err
	}, `SELECT host, ed25519_refused FROM host_software WHERE ed25519_refused > 0`)
	if err != nil {
		return nil, fmt.Errorf("read which hosts refused Ed25519: %w", err)
	}
	return all, nil
}
