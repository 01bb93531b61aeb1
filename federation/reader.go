package federation

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"communique/federation/signature"
	"communique/federation/vocab"
	"communique/storage"
	"communique/storage/press"
)

const (
	// readerWithin bounds the time that finding out who reads may take: a server
	// whose keys can't be fetched is answered as one that doesn't sign.
	readerWithin = 5 * time.Second
	// maxReading bounds how many are looked for at once.
	maxReading = 64
	// maxKnownReaders bounds what is remembered of those that were found.
	maxKnownReaders = 10_000
	maxKeyID        = 2048
)

// readers remembers which articles the servers that read them are known to hold, so
// that nobody looks again for each of their requests.
type readers struct {
	looking chan struct{}

	mu   sync.Mutex
	seen map[reading]press.Seq // the log as they read it
}

type reading struct {
	key     string
	article press.ArticleID
}

func newReaders() *readers { return &readers{looking: make(chan struct{}, maxReading)} }

func (k *readers) has(what reading, at press.Seq) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	seen, ok := k.seen[what]
	return ok && seen >= at
}

func (k *readers) add(what reading, at press.Seq) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.seen == nil || len(k.seen) >= maxKnownReaders {
		k.seen = map[reading]press.Seq{}
	}
	k.seen[what] = max(k.seen[what], at)
}

// noteReader notes that the server that signed a request may hold an article from
// now on, or any of those that are public if none is named: what corrects it or
// takes it back goes there. That is written down before the request is answered, or
// a withdrawal between the two would pass that server by. Whoever doesn't sign, or
// not so that it can be verified, is answered all the same and leaves no trace.
//
// Documents of actors are no articles, and are answered without a look at who asks:
// two servers that first fetch each other's keys would never end (INTEROP A1).
func (s *Server) noteReader(w http.ResponseWriter, r *http.Request, article press.ArticleID) {
	// A cache in front must not answer for us whom we would note. Old ones read only
	// the last of several lines.
	w.Header().Set("Vary", strings.Join(append(w.Header().Values("Vary"), "Signature", "Signature-Input"), ", "))
	if len(r.Header["Signature"]) == 0 {
		return
	}
	signed, err := signature.Parse(r, nil, s.Site.Base, s.Store.Now())
	if err != nil || len(signed.KeyID) > maxKeyID {
		return
	}
	if err := s.noteSigner(r, signed, article); err != nil {
		s.Log.Debug("it is not known who fetches an article", "key", signed.KeyID, "error", err)
	}
}

func (s *Server) noteSigner(r *http.Request, signed signature.Signature, article press.ArticleID) error {
	ctx, cancel := context.WithTimeout(s.onBehalfOf(r), readerWithin)
	defer cancel()
	var head press.Seq
	err := s.Store.View(ctx, func(tx *storage.Tx) error {
		if article != anyArticle {
			if _, err := tx.PublicArticle(article); err != nil {
				return err
			}
		}
		h, err := tx.Head()
		head = h.Seq
		return err
	})
	what := reading{signed.KeyID, article}
	if err != nil || s.readers.has(what, head) {
		return err
	}
	select {
	case s.readers.looking <- struct{}{}:
		defer func() { <-s.readers.looking }()
	case <-ctx.Done():
		return ctx.Err()
	}
	owner, err := s.signer(ctx, r, signed)
	if err != nil {
		return err
	}
	by := s.holderOf(ctx, owner)
	if by.own == "" {
		return nil
	}
	err = s.effectOnAll(ctx, []string{owner, by.delivery}, func(tx *storage.Tx) error {
		if article != anyArticle {
			if _, err := tx.PublicArticle(article); err != nil {
				return err
			}
		}
		return tx.AddHolder(s.holds(by, article))
	})
	if err == nil {
		s.readers.add(what, head)
	}
	return err
}

// signer is the actor whose key verifies a request that has no body. What doesn't
// verify counts against its client as it does in an inbox.
func (s *Server) signer(ctx context.Context, r *http.Request, signed signature.Signature) (string, error) {
	keys, err := s.admit(r, vocab.Incoming{Actor: signed.KeyID}, signed.KeyID)
	if err != nil {
		return "", err
	}
	key, err := keys.FetchKey(ctx, signed.KeyID)
	if err == nil {
		err = keys.verify(ctx, signed, &key)
	}
	if err != nil {
		return "", s.countFailure(r, err)
	}
	s.remote.PaidOff(ctx, press.HostOf(key.Owner))
	return key.Owner, nil
}

// anyArticle is read by whoever reads a list of them.
const anyArticle press.ArticleID = ""
