package audience

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"math/bits"
	"slices"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// HostFollowers is what is kept of a source's followers on one server: all that it
// takes to find out whether that server has the same list (FEP-8fcf).
type HostFollowers struct {
	Count  int
	Size   int    // bytes of their ids
	Digest string // the SHA-256 of each id, combined by exclusive or, in hex
	// InDoubt says that followers of whichever server may be missing here. While they
	// may, no server may be shown its list: it would end the follows that are missing.
	InDoubt bool
}

// joined keeps the table follower_hosts when actors become followers of a source,
// and left when they are none any more. Both are to be called in the transaction that
// changes the table followers, behind the lock of the log: the row is read and written.
func (tx *Tx) joined(source string, actors ...string) error { return tx.toggleAll(source, 1, actors) }

func (tx *Tx) left(source string, actors ...string) error { return tx.toggleAll(source, -1, actors) }

func (tx *Tx) toggleAll(source string, sign int, actors []string) error {
	byHost := map[string][]string{}
	for _, actor := range actors {
		host := press.HostOf(actor)
		byHost[host] = append(byHost[host], actor)
	}
	before, err := tx.hostFollowers(source, slices.Collect(maps.Keys(byHost)))
	if err != nil {
		return err
	}
	for host, of := range byHost {
		if err := tx.toggle(source, host, before[host], sign, of); err != nil {
			return err
		}
	}
	return nil
}

// toggle adds (sign 1) or takes away (-1) followers of one server, of which so much was
// kept: for the digest the two are the same.
func (tx *Tx) toggle(source, host string, h HostFollowers, sign int, actors []string) error {
	digest, err := hex.DecodeString(h.Digest)
	if err != nil || len(digest) != sha256.Size {
		return fmt.Errorf("the digest of the followers of %s at %s is %q: %w", source, host, h.Digest, errors.Join(err, errDigest))
	}
	for _, actor := range actors {
		sum := sha256.Sum256([]byte(actor))
		subtle.XORBytes(digest, digest, sum[:])
		h.Count, h.Size = h.Count+sign, h.Size+sign*len(actor)
	}
	if h.Count <= 0 {
		err = tx.db.Exec(`DELETE FROM follower_hosts WHERE source = $1 AND host = $2`, source, host)
	} else {
		err = tx.db.Exec(`INSERT INTO follower_hosts (source, host, followers, size, digest) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (source, host) DO UPDATE SET followers = excluded.followers, size = excluded.size, digest = excluded.digest`,
			source, host, h.Count, h.Size, hex.EncodeToString(digest))
	}
	if err != nil {
		return fmt.Errorf("keep the followers of %s at %s: %w", source, host, err)
	}
	return nil
}

var errDigest = errors.New("not a SHA-256 in hex")

// noFollowers is the digest of none.
var noFollowers = hex.EncodeToString(make([]byte, sha256.Size))

// FollowersAt reads what is kept of a source's followers on a server, whose host is
// [press.HostOf] their ids. It costs the same however many there are.
func (tx *Tx) FollowersAt(source, host string) (HostFollowers, error) {
	at, err := tx.FollowersAtEach(source, host)
	return at[host], err
}

// FollowersAtEach is [Tx.FollowersAt] for many hosts: before each delivery it is read, and
// a statement for each host would cost ten times as much.
func (tx *Tx) FollowersAtEach(source string, hosts ...string) (map[string]HostFollowers, error) {
	doubt, err := tx.db.Any(`SELECT 1 FROM facts WHERE name = $1`, factIncomplete)
	if err != nil {
		return nil, fmt.Errorf("read whether followers are missing: %w", err)
	}
	all, err := tx.hostFollowers(source, hosts)
	for host, at := range all {
		at.InDoubt = doubt
		all[host] = at
	}
	return all, err
}

// hostsAtOnce is how many hosts one statement asks for. Fewer are filled up to a power of
// two, by the last of them: statements that differ in length only are prepared once each.
const hostsAtOnce = 256

// hostFollowers reads what is kept of a source's followers on servers, but for whether some
// are missing.
func (tx *Tx) hostFollowers(source string, hosts []string) (map[string]HostFollowers, error) {
	all := make(map[string]HostFollowers, len(hosts))
	for _, host := range hosts {
		all[host] = HostFollowers{Digest: noFollowers}
	}
	for some := range slices.Chunk(hosts, hostsAtOnce) {
		args := make([]any, 1, 1+hostsAtOnce)
		args[0] = source
		for i := range 1 << bits.Len(uint(len(some)-1)) {
			args = append(args, some[min(i, len(some)-1)])
		}
		err := tx.db.Each(func(scan func(...any) error) error {
			var host string
			var h HostFollowers
			err := scan(&host, &h.Count, &h.Size, &h.Digest)
			all[host] = h
			return err
		}, `SELECT host, followers, size, digest FROM follower_hosts WHERE source = $1 AND host IN (`+kernel.Numbered(2, len(args)-1)+`)`, args...)
		if err != nil {
			return nil, fmt.Errorf("read the followers of %s at %d hosts from %s on: %w", source, len(some), some[0], err)
		}
	}
	return all, nil
}

// ListFollowersAt lists the ids of a source's followers on a server, in their order.
func (tx *Tx) ListFollowersAt(source, host string) ([]string, error) {
	var all []string
	err := tx.db.Each(func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		all = append(all, id)
		return err
	}, `SELECT actor FROM followers WHERE source = $1 AND host = $2 ORDER BY actor`, source, host)
	if err != nil {
		return nil, fmt.Errorf("list the followers of %s at %s: %w", source, host, err)
	}
	return all, nil
}

// factIncomplete is that followers may be missing here.
const factIncomplete = "followers_incomplete"

// FollowersMayLack notes that followers may be missing here who believe that they
// follow: those who came after a backup that was restored.
func (tx *Tx) FollowersMayLack() error { return tx.db.SetFact(factIncomplete, "1") }

// ConfirmFollowers says that the list of followers is to count. It returns
// press.ErrNotFound if it counts already.
func (tx *Tx) ConfirmFollowers() error {
	taken, err := tx.db.TakeFacts(factIncomplete)
	if err == nil && len(taken) == 0 {
		err = fmt.Errorf("%w: the list of followers was not in doubt", press.ErrNotFound)
	}
	return err
}

// dropFollowersOf forgets the followers whom the destinations on a host serve.
func (tx *Tx) dropFollowersOf(host string) error {
	dropped := map[string][]string{}
	err := tx.db.Each(func(scan func(...any) error) error {
		var source, actor string
		err := scan(&source, &actor)
		dropped[source] = append(dropped[source], actor)
		return err
	}, `DELETE FROM followers WHERE destination IN (SELECT id FROM destinations WHERE host = $1) RETURNING source, actor`, host)
	if err != nil {
		return fmt.Errorf("drop the followers at %s: %w", host, err)
	}
	for source, actors := range dropped {
		if err := tx.left(source, actors...); err != nil {
			return err
		}
	}
	return nil
}
