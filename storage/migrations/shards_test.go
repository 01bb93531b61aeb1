package migrations_test

import (
	"fmt"
	"testing"

	"communique/storage/deliveries"
)

// TestShardsOfOlderMessages: messages that wait are of the shard of their host.
func TestShardsOfOlderMessages(t *testing.T) {
	onEach(t, func(t *testing.T, d database) {
		hosts := []string{"a.example", "b.example:8443", "c.example"}
		var stored []string
		for i, host := range append(hosts, hosts[0]) {
			stored = append(stored, fmt.Sprintf(`INSERT INTO directed (id, source, recipient, inbox, host, body, created, failures, next_attempt, claimed_by, last_error)
				VALUES ('%d', 'actor:ministry', '', 'https://%s/inbox', '%s', '', 0, 0, 0, 0, '')`, i, host, host))
		}
		d.older(t, 49, stored...)
		db := d.migrated(t)
		for _, host := range hosts {
			var least, most int
			if err := db.QueryRow(`SELECT MIN(shard), MAX(shard) FROM directed WHERE host = $1`, host).Scan(&least, &most); err != nil {
				t.Fatal(err)
			}
			if want := deliveries.Shard(host); least != want || most != want {
				t.Errorf("%s is of the shards %d to %d, want %d", host, least, most, want)
			}
		}
		var leases int
		if err := db.QueryRow(`SELECT COUNT(*) FROM leases WHERE holder = 0 AND part < 67`).Scan(&leases); err != nil || leases != deliveries.Shards+3 {
			t.Errorf("there are %d leases, %v", leases, err)
		}
	})
}
