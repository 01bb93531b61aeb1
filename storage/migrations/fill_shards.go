package migrations

import (
	"fmt"
	"hash/fnv"
)

// fillShards finds the shards of the messages that wait: the hash of a host is nothing
// that SQL can make.
func fillShards(tx Tx) error {
	for last := ""; ; {
		var batch []string
		err := tx.Each(func(scan func(...any) error) error {
			var host string
			err := scan(&host)
			batch = append(batch, host)
			return err
		}, `SELECT DISTINCT host FROM directed WHERE host > $1 ORDER BY host LIMIT $2`, last, fillBatch)
		if err != nil {
			return fmt.Errorf("read the hosts that messages wait for: %w", err)
		}
		for _, host := range batch {
			last = host
			h := fnv.New32a()
			_, _ = h.Write([]byte(host)) // a hash's Write never fails
			if err := tx.Exec(`UPDATE directed SET shard = $1 WHERE host = $2`, int64(h.Sum32()%64), host); err != nil {
				return fmt.Errorf("note the shard of %s: %w", host, err)
			}
			tx.Filled()
		}
		if len(batch) < fillBatch {
			return nil
		}
	}
}
