package federation

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"communique/federation/remote"
	"communique/federation/signature"
	"communique/federation/vocab"
	"communique/storage"
	"communique/storage/deliveries"
	"communique/storage/press"
)

// supposed is what a server tells of an account: which actors of ours follow it, it
// supposes (FEP-8fcf).
type supposed struct {
	actor      string // the account's id
	collection string // its followers
	list       string // where those of ours among them are listed
}

const (
	// maxSuppositions is how many wait to be looked at; others come again.
	maxSuppositions = 100
	// supposedAtOnce are looked at.
	supposedAtOnce = 4
	// supposedAgain is the time between two looks at what one host supposes.
	supposedAgain = time.Hour
	// maxSupposing is how many hosts are remembered that have been looked at.
	maxSupposing = 10_000
)

// suppositions are those that wait, and when which host was looked at.
type suppositions struct {
	waiting chan supposed

	mu   sync.Mutex
	last map[string]time.Time
}

func newSuppositions() *suppositions {
	return &suppositions{waiting: make(chan supposed, maxSuppositions), last: map[string]time.Time{}}
}

// take reports whether it is a host's turn, and notes that it was. When there is no
// room it is not.
func (k *suppositions) take(host string, now time.Time) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if last, ok := k.last[host]; ok && now.Sub(last).Abs() < supposedAgain { // Abs: the clock may be set back
		return false
	}
	if _, known := k.last[host]; !known && len(k.last) >= maxSupposing {
		for host, last := range k.last {
			if now.Sub(last).Abs() >= supposedAgain {
				delete(k.last, host)
			}
		}
		if len(k.last) >= maxSupposing {
			return false
		}
	}
	k.last[strings.Clone(host)] = now
	return true
}

// noteSupposed compares what a message that was verified tells of our follows. Our
// actors follow nobody, so any digest but that of nothing is of a follow that is not
// (INTEROP S10): it is looked into afterwards. What was not signed of the message tells
// nothing, and what cannot be read is passed over.
func (s *Server) noteSupposed(r *http.Request, actor string, signed signature.Signature) {
	values := r.Header.Values(signature.Synchronization)
	if len(values) != 1 || !signed.Covers(signature.Synchronization) {
		return
	}
	said, err := signature.Parameters(values[0])
	if err != nil || strings.Trim(said["digest"], "0") == "" {
		return
	}
	told := supposed{strings.Clone(actor), said["collectionId"], said["url"]}
	if !vocab.SameOrigin(told.collection, actor) || !vocab.SameOrigin(told.list, actor) {
		return
	}
	select {
	case s.supposed.waiting <- told:
	default:
	}
}

// RunSuppositions looks at what servers suppose of our follows, until ctx ends.
func (s *Server) RunSuppositions(ctx context.Context) {
	lookAtAll(ctx, supposedAtOnce, s.supposed.waiting, s.lookAtSupposed, func(told supposed, err error) {
		s.Log.Debug("what a server supposes of our follows could not be looked at", "actor", told.actor, "error", err)
	})
}

// lookAtSupposed undoes the follows of our actors that an account's server lists. A host
// is looked at once an hour, and costs no more than one list and one message of each of
// our actors to the account's own inbox.
func (s *Server) lookAtSupposed(ctx context.Context, told supposed) error {
	if !s.supposed.take(press.HostOf(told.actor), s.Store.Now()) {
		return nil
	}
	ctx = remote.WithBudget(ctx, maxFetches)
	account, err := s.account(ctx, told.actor)
	if err != nil || account.Followers != told.collection {
		return err
	}
	inbox, _, err := s.inboxes(account)
	if err != nil {
		return err
	}
	listed, err := s.remote.FetchCollection(ctx, told.list)
	if err != nil {
		return err
	}
	done := map[string]bool{}
	return s.effectOnAll(ctx, []string{account.ID, inbox}, func(tx *storage.Tx) error {
		for _, id := range listed {
			of, ours := s.actorByID(id)
			if !ours || done[id] {
				continue
			}
			done[id] = true
			undo := vocab.NewUndoFollow(s.Site.Base+"/ap/undos/"+press.RandomToken(), vocab.Follow{Actor: of.id, Object: account.ID})
			d, err := directed(undo, deliveries.Directed{Source: of.source, Recipient: account.ID, Inbox: inbox})
			if err != nil {
				return err
			}
			if err := tx.Direct(d); err != nil {
				return err
			}
		}
		return nil
	})
}
