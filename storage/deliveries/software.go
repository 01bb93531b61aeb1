package deliveries

import (
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
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

// Each host is asked once a week what it runs; one that does not say, after these times
// and then daily.
var unsaidFor = []time.Duration{10 * time.Minute, time.Hour, 6 * time.Hour}

const (
	saidFor     = 7 * 24 * time.Hour
	unsaidLater = 24 * time.Hour
)

// HostsToAsk takes up to limit hosts with inboxes that are due to be asked what they
// run, those that never were first. They count as not having said so until
// [Tx.SetSoftware], so that nobody else asks them meanwhile, nor a process that dies
// again and again.
func (tx *Tx) HostsToAsk(limit int) ([]string, error) {
	now := tx.db.Now()
	err := tx.db.Exec(`DELETE FROM host_software WHERE next_ask <= $1
		AND NOT EXISTS (SELECT 1 FROM destinations d WHERE d.host = host_software.host)`, kernel.Micros(now))
	if err != nil {
		return nil, fmt.Errorf("forget the software of hosts without inboxes: %w", err)
	}
	due := map[string]int{} // and how often they did not say
	err = tx.db.Each(func(scan func(...any) error) error {
		var host string
		var failures int
		err := scan(&host, &failures, new(int64))
		due[host] = failures
		return err
	}, `SELECT d.host, COALESCE(MAX(s.failures), 0), COALESCE(MAX(s.next_ask), 0) AS next
		FROM destinations d LEFT JOIN host_software s ON s.host = d.host
		WHERE d.kind = $1 AND d.state = $2 AND COALESCE(s.next_ask, 0) <= $3 GROUP BY d.host ORDER BY next, d.host LIMIT $4`,
		Inbox, StateActive, kernel.Micros(now), limit)
	if err != nil {
		return nil, fmt.Errorf("look which hosts to ask for their software: %w", err)
	}
	var taken []string
	for _, host := range slices.Sorted(maps.Keys(due)) { // in one order, as locks are taken
		next := unsaidLater
		if failures := due[host]; failures < len(unsaidFor) {
			next = unsaidFor[failures]
		}
		err := tx.db.Each(func(scan func(...any) error) error {
			taken = append(taken, host)
			return scan(new(string))
		}, `INSERT INTO host_software (host, name, version, next_ask, failures) VALUES ($1, '', '', $2, 1)
			ON CONFLICT (host) DO UPDATE SET next_ask = excluded.next_ask, failures = host_software.failures + 1
			WHERE host_software.next_ask <= $3 RETURNING host`,
			host, kernel.Micros(now.Add(next)), kernel.Micros(now))
		if err != nil {
			return nil, fmt.Errorf("note that %s is asked for its software: %w", host, err)
		}
	}
	return taken, nil
}

// SetSoftware notes what a host says that it runs.
func (tx *Tx) SetSoftware(host string, s Software) error {
	err := tx.db.Exec(`INSERT INTO host_software (host, name, version, next_ask, failures) VALUES ($1, $2, $3, $4, 0)
		ON CONFLICT (host) DO UPDATE SET name = excluded.name, version = excluded.version, next_ask = excluded.next_ask, failures = 0`,
		host, s.Name, s.Version, kernel.Micros(tx.db.Now().Add(saidFor)))
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
