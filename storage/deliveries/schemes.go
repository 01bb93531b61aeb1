package deliveries

import (
	"fmt"

	"communique/storage/internal/kernel"
)

// maxSchemes bounds the hosts whose signature scheme is kept.
const maxSchemes = 10_000

// Schemes are the hosts that want another signature scheme than the usual one,
// with its name.
func (tx *Tx) Schemes() (map[string]string, error) {
	all := map[string]string{}
	err := tx.db.Each(func(scan func(...any) error) error {
		var host, scheme string
		err := scan(&host, &scheme)
		all[host] = scheme
		return err
	}, `SELECT host, scheme FROM host_schemes`)
	if err != nil {
		return nil, fmt.Errorf("read the signature schemes of hosts: %w", err)
	}
	return all, nil
}

// LearnScheme keeps the scheme that a host takes. Beyond 10,000 hosts the one
// that was learned first is forgotten.
func (tx *Tx) LearnScheme(host, scheme string) error {
	err := tx.db.Exec(`INSERT INTO host_schemes (host, scheme, learned) VALUES ($1, $2, $3)
		ON CONFLICT (host) DO UPDATE SET scheme = excluded.scheme, learned = excluded.learned`, host, scheme, kernel.Micros(tx.db.Now()))
	if err != nil {
		return fmt.Errorf("keep the signature scheme of %s: %w", host, err)
	}
	err = tx.db.Exec(`DELETE FROM host_schemes WHERE (SELECT COUNT(*) FROM host_schemes) > $1
		AND host = (SELECT host FROM host_schemes ORDER BY learned, host LIMIT 1)`, maxSchemes)
	if err != nil {
		return fmt.Errorf("forget the signature scheme of a host: %w", err)
	}
	return nil
}

// ForgetScheme says that a host takes the usual scheme again.
func (tx *Tx) ForgetScheme(host string) error {
	if err := tx.db.Exec(`DELETE FROM host_schemes WHERE host = $1`, host); err != nil {
		return fmt.Errorf("forget the signature scheme of %s: %w", host, err)
	}
	return nil
}
