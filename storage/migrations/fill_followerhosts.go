package migrations

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"

	"communique/storage/press"
)

// hostOf is what fillFollowerHosts finds of one server: of which source's followers.
type hostOf struct{ source, host string }

// ofHost is what it makes of them.
type ofHost struct {
	followers, size int
	digest          [sha256.Size]byte
}

// fillFollowerHosts sorts the followers that there are by their servers: neither the
// host of an address nor a hash is anything that SQL can make.
func fillFollowerHosts(tx Tx) error {
	hosts := map[hostOf]*ofHost{}
	for source, last := "", ""; ; {
		var batch [][2]string
		err := tx.Each(func(scan func(...any) error) error {
			var f [2]string
			err := scan(&f[0], &f[1])
			batch = append(batch, f)
			return err
		}, `SELECT source, actor FROM followers WHERE (source, actor) > ($1, $2) ORDER BY source, actor LIMIT $3`, source, last, fillBatch)
		if err != nil {
			return fmt.Errorf("read the followers: %w", err)
		}
		for _, f := range batch {
			source, last = f[0], f[1]
			at := hostOf{source, press.HostOf(last)}
			if err := tx.Exec(`UPDATE followers SET host = $1 WHERE source = $2 AND actor = $3`, at.host, source, last); err != nil {
				return fmt.Errorf("note the host of %s: %w", last, err)
			}
			h := hosts[at]
			if h == nil {
				h = &ofHost{}
				hosts[at] = h
			}
			sum := sha256.Sum256([]byte(last))
			subtle.XORBytes(h.digest[:], h.digest[:], sum[:])
			h.followers, h.size = h.followers+1, h.size+len(last)
			tx.Filled()
		}
		if len(batch) < fillBatch {
			break
		}
	}
	for at, h := range hosts {
		err := tx.Exec(`INSERT INTO follower_hosts (source, host, followers, size, digest) VALUES ($1, $2, $3, $4, $5)`,
			at.source, at.host, h.followers, h.size, hex.EncodeToString(h.digest[:]))
		if err != nil {
			return fmt.Errorf("store the followers of %s: %w", at.host, err)
		}
	}
	return nil
}
