package audience

import (
	"errors"
	"fmt"
	"sync"

	"communique/storage/press"
)

// blocklist is all blocks that there are under a version. It never changes:
// whoever has one may keep looking into it. Every activity that comes in asks for
// blocks, mostly more than once, and they are few and change rarely.
type blocklist struct {
	version  string
	subjects map[string]struct{}
}

// has reports whether any of some addresses is that of a blocked actor or on a
// blocked domain.
func (l *blocklist) has(addresses ...string) bool {
	if len(l.subjects) == 0 {
		return false
	}
	for _, address := range addresses {
		for _, subject := range subjects(address) {
			if _, blocked := l.subjects[subject]; blocked {
				return true
			}
		}
	}
	return false
}

// Blocklists keeps the newest list of blocks that was read, and the state of the
// database in which it was found to stand. A store has one.
type Blocklists struct {
	mu     sync.Mutex
	newest *blocklist
	state  uint64
}

// at is the list if it is known to stand in a state, or nil.
func (b *Blocklists) at(state uint64) *blocklist {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.state != state {
		return nil
	}
	return b.newest
}

// under is the list if it is that of a version, or nil.
func (b *Blocklists) under(version string) *blocklist {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.newest == nil || b.newest.version != version {
		return nil
	}
	return b.newest
}

// keep keeps a list; state is 0 if it is not known in which one it stands.
func (b *Blocklists) keep(l *blocklist, state uint64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.newest, b.state = l, state
}

// factBlocks names the version of the blocks: a token that is a new one after
// each change, so that none ever comes back with other blocks.
const factBlocks = "blocks"

// changeBlocks gives the blocks a new version.
func (tx *Tx) changeBlocks() error {
	tx.db.Keep(blocksFound{}, (*blocklist)(nil))
	return tx.db.SetFact(factBlocks, press.RandomToken())
}

// blocksFound is what the list that a transaction has found is kept under.
type blocksFound struct{}

// blocklist is the list as this transaction sees it.
func (tx *Tx) blocklist() (*blocklist, error) {
	if found, _ := tx.db.Kept(blocksFound{}).(*blocklist); found != nil {
		return found, nil
	}
	version, err := tx.db.Fact(factBlocks)
	if err != nil && !errors.Is(err, press.ErrNotFound) {
		return nil, err
	}
	if known := tx.lists.under(version); known != nil {
		tx.db.Keep(blocksFound{}, known)
		return known, nil
	}
	list := &blocklist{version: version, subjects: map[string]struct{}{}}
	err = tx.db.Each(func(scan func(...any) error) error {
		var subject string
		err := scan(&subject)
		list.subjects[subject] = struct{}{}
		return err
	}, `SELECT subject FROM blocks`)
	if err != nil {
		return nil, fmt.Errorf("read blocks: %w", err)
	}
	tx.db.Keep(blocksFound{}, list)
	tx.lists.keep(list, 0)
	return list, nil
}

// Blocked is [Tx.Blocked] for somebody who knows in which state the database is,
// and reads it with view. While nothing is committed it costs no look at the
// database.
func (b *Blocklists) Blocked(state uint64, view func(func(*Tx) error) error, addresses ...string) (bool, error) {
	list := b.at(state)
	if list == nil {
		err := view(func(tx *Tx) (err error) {
			list, err = tx.blocklist()
			return err
		})
		if err != nil {
			return false, err
		}
		b.keep(list, state)
	}
	return list.has(addresses...), nil
}
