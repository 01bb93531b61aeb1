package federation

import (
	"context"
	"slices"
	"sync"
	"time"

	"communique/federation/remote"
	"communique/federation/signature"
	"communique/storage"
	"communique/storage/actors"
	"communique/storage/deliveries"
	"communique/storage/press"
)

const (
	// lateQueue is how long a host may take to work off what tells of a new key.
	// Until then what follows is signed with the key that it knows (INTEROP S9).
	lateQueue = 10 * time.Minute
	// takenFor is how long a host is asked first with the key that it took when it
	// had refused the other one.
	takenFor = time.Hour
	maxTaken = 10_000 // hosts that took another key than expected
)

// toldKeys are the hosts that may know an actor by a key that was replaced, and
// when they took what tells of the new one. A host that is not among them has met
// the actor since.
type toldKeys struct {
	replaced []actors.Key // the main keys that were read with them
	at       map[toldKey]time.Time
}

type toldKey struct {
	actor, host string
	since       press.Seq
}

func newToldKeys(stored []actors.Key, told []deliveries.ToldKey) toldKeys {
	t := toldKeys{replaced: mainKeys(stored), at: make(map[toldKey]time.Time, len(told))}
	for _, k := range told {
		t.at[toldKey{k.Actor, k.Host, k.Since}] = k.At
	}
	return t
}

// isOf reports whether no key has been replaced since these were read: whom this
// process has told it knows by itself.
func (t toldKeys) isOf(stored []actors.Key) bool {
	return t.at != nil && slices.EqualFunc(t.replaced, mainKeys(stored), func(a, b actors.Key) bool {
		return a.Actor == b.Actor && a.Since == b.Since
	})
}

func mainKeys(stored []actors.Key) []actors.Key {
	return slices.DeleteFunc(slices.Clone(stored), func(k actors.Key) bool { return k.Name != actors.KeyMain })
}

// ladder is how a message of an actor to a host is signed: with the newest key that
// the host has known for a while, and where that is refused with the other one. Some
// servers fetch the actor before they are told of a new key, some keep the old one
// whatever they are told. The keys are those of the log up to a seq at least.
func (k *ownKeys) ladder(ctx context.Context, actor, host string, seq press.Seq) (remote.Ladder, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if seq > k.head {
		if err := k.refresh(ctx); err != nil {
			return remote.Ladder{}, err
		}
	}
	newest, err := k.newest(actor, actors.KeyMain)
	if err != nil {
		return remote.Ladder{}, err
	}
	all := k.keys[keyName{actor, actors.KeyMain}]
	if len(all) == 1 {
		return remote.Ladder{Key: newest}, nil
	}
	known, told := k.knownTo(all, actor, host)
	l := remote.Ladder{Key: all[known].key, Other: newest, Untold: !told, Both: k.oneKey[host]}
	if known == len(all)-1 {
		l.Other = all[known-1].key
	}
	if l.Both && known == len(all)-1 { // the older one first: it may fetch the actor in between
		l.Key, l.Other = l.Other, l.Key
	}
	if !l.Both && k.taken.key(actor, host, k.store.Now()) == l.Other.ID {
		// Also where it is untold: it has seen the new key by itself while it was away,
		// and would be sent everything thrice until it is told.
		l.Key, l.Other, l.Untold = l.Other, l.Key, false
	}
	return l, nil
}

// ed25519 is the key of an actor that a host gets which verifies it. The keys are those
// that the ladder has read.
func (k *ownKeys) ed25519(actor string) (signature.Key, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.newest(actor, actors.KeyEd25519)
}

// keepsOneKey notes whether a host runs software that keeps one key for long, and
// says nothing of what that does not fit.
func (k *ownKeys) keepsOneKey(host string, does bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.oneKey == nil {
		k.oneKey = map[string]bool{}
	}
	if delete(k.oneKey, host); does {
		k.oneKey[host] = true
	}
}

// knownTo is the newest of an actor's keys that a host has known for a while, and
// whether it was told of the newest of all.
func (k *ownKeys) knownTo(all []agedKey, actor, host string) (known int, told bool) {
	now := k.store.Now()
	for i, aged := range all {
		at, old := k.told.at[toldKey{actor, host, aged.since}]
		told = i == 0 || !old || !at.IsZero()
		if told && now.Sub(at) >= lateQueue {
			known = i
		}
	}
	return known, told
}

// tell notes that a host has taken an Update of an actor as of an entry.
func (s *Server) tell(ctx context.Context, actor, host string, upTo press.Seq) {
	if !s.keys.tell(actor, host, upTo) {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), learnWithin)
	defer cancel()
	err := s.Store.Update(ctx, func(tx *storage.Tx) error { return tx.TellKey(actor, host, upTo) })
	if err != nil {
		// After a new start it counts as not told: it gets the old key first for
		// longer than need be, and the new one where it refuses that.
		s.Log.Warn("storing that a host knows a new key failed", "host", host, "actor", actor, "error", err)
	}
}

func (k *ownKeys) tell(actor, host string, upTo press.Seq) (news bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, aged := range k.keys[keyName{actor, actors.KeyMain}] {
		key := toldKey{actor, host, aged.since}
		if at, old := k.told.at[key]; old && at.IsZero() && aged.since <= upTo {
			k.told.at[key] = k.store.Now()
			news = true
		}
	}
	return news
}

// takenKeys remembers which key a host took when it had refused the other one.
type takenKeys struct {
	mu  sync.Mutex
	ids map[keyName]takenKey // by actor and host
}

type takenKey struct {
	id string
	at time.Time
}

func (t *takenKeys) key(actor, host string, now time.Time) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if taken, ok := t.ids[keyName{actor, host}]; ok && now.Sub(taken.at) < takenFor {
		return taken.id
	}
	return ""
}

func (t *takenKeys) note(actor, host string, key signature.Key, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ids == nil || len(t.ids) >= maxTaken {
		t.ids = map[keyName]takenKey{} // the rest is found out again
	}
	t.ids[keyName{actor, host}] = takenKey{key.ID, now}
}
