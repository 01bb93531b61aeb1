package deliveries

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
	"communique/storage/publog"
)

// Software is what a host says that it runs; the zero value if it does not say, or
// has not been asked.
type Software struct{ Name, Version string }

// String is name and version, empty if they are unknown.
func (s Software) String() string {
	if s.Version == "" {
		return s.Name
	}
	return s.Name + " " + s.Version
}

// HostsToAsk reads up to limit hosts with inboxes that have not been asked for their
// software since an instant, those that never were first.
func (tx *Tx) HostsToAsk(since time.Time, limit int) ([]string, error) {
	var hosts []string
	err := tx.db.Each(func(scan func(...any) error) error {
		var host string
		err := scan(&host, new(int64))
		hosts = append(hosts, host)
		return err
	}, `SELECT d.host, COALESCE(MAX(s.asked), 0) AS asked FROM destinations d LEFT JOIN host_software s ON s.host = d.host
		WHERE d.kind = $1 AND d.state = $2 AND COALESCE(s.asked, 0) < $3 GROUP BY d.host ORDER BY asked, d.host LIMIT $4`,
		Inbox, StateActive, kernel.Micros(since), limit)
	if err != nil {
		return nil, fmt.Errorf("look which hosts to ask for their software: %w", err)
	}
	return hosts, nil
}

// SetSoftware notes what a host says that it runs. A host that no longer says keeps
// what it said before.
func (tx *Tx) SetSoftware(host string, s Software) error {
	err := tx.db.Exec(`INSERT INTO host_software (host, name, version, asked) VALUES ($1, $2, $3, $4)
		ON CONFLICT (host) DO UPDATE SET asked = excluded.asked,
			name = CASE WHEN excluded.name = '' THEN host_software.name ELSE excluded.name END,
			version = CASE WHEN excluded.name = '' THEN host_software.version ELSE excluded.version END`,
		host, s.Name, s.Version, kernel.Micros(tx.db.Now()))
	if err == nil {
		err = tx.db.Exec(`DELETE FROM host_software WHERE host = $1 AND NOT EXISTS (SELECT 1 FROM destinations WHERE host = $1)`, host)
	}
	if err != nil {
		return fmt.Errorf("note the software of %s: %w", host, err)
	}
	return nil
}

// SoftwareOf reads what a host runs, the zero value if it has not said so.
func (tx *Tx) SoftwareOf(host string) (Software, error) {
	var s Software
	err := tx.db.Row(`SELECT name, version FROM host_software WHERE host = $1`, host).Scan(&s.Name, &s.Version)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return s, fmt.Errorf("read the software of %s: %w", host, err)
	}
	return s, nil
}

// SoftwareByHost reads what the hosts run that have said so.
func (tx *Tx) SoftwareByHost() (map[string]Software, error) {
	all := map[string]Software{}
	err := tx.db.Each(func(scan func(...any) error) error {
		var host string
		var s Software
		err := scan(&host, &s.Name, &s.Version)
		all[host] = s
		return err
	}, `SELECT host, name, version FROM host_software WHERE name <> ''`)
	if err != nil {
		return nil, fmt.Errorf("read the software of hosts: %w", err)
	}
	return all, nil
}

// Audience is how many servers run a software, and how many followers have their
// account there, of those that an article was sent to or would be.
type Audience struct {
	Software           string
	Servers, Followers int
}

// AudienceOf counts, by the software that they run, the servers that an entry about
// an article is for, through one source.
func (tx *Tx) AudienceOf(source string, e press.Entry) ([]Audience, error) {
	var all []Audience
	err := tx.db.Each(func(scan func(...any) error) error {
		var a Audience
		err := scan(&a.Software, &a.Servers, &a.Followers)
		all = append(all, a)
		return err
	}, `SELECT s.name, COUNT(DISTINCT d.host), COALESCE(SUM(d.followers), 0) FROM destinations d JOIN host_software s ON s.host = d.host
		WHERE d.source = $1 AND d.kind = $2 AND s.name <> '' AND (d.holds >= $3 OR EXISTS (SELECT 1 FROM spans p
			WHERE p.destination = d.id AND p.from_seq < $3 AND (p.to_seq IS NULL OR p.to_seq >= $3)))
		GROUP BY s.name ORDER BY s.name`, source, Inbox, e.Pushed)
	if err != nil {
		return nil, fmt.Errorf("count the software of the servers of %s: %w", publog.Source{Name: source}.Actor(), err)
	}
	return all, nil
}
