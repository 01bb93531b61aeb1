package purge

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"time"

	"communique/storage"
	"communique/storage/press"
)

// Options are what a purger needs.
type Options struct {
	Store     *storage.Store
	Site      press.Site
	Zone      *time.Location   // of the archive by date
	Languages []press.Language // of the site; sections have pages in each
	Cache     Cache
	Log       *slog.Logger
}

// Purger purges from a cache what entries of the log have changed. [Purger.Run] is
// for one goroutine.
type Purger struct {
	Options
	client *http.Client
	failed bool // the last attempt did
}

const (
	// factPurged is the fact that holds the seq of the last purged entry.
	factPurged = "purged"

	lookEvery  = 100 * time.Millisecond
	batch      = 100 // entries at a time
	firstPause = time.Second
	mostPause  = time.Minute
)

// New returns a purger. The first one of an installation starts at the head of the
// log: what the cache holds from before expires by itself.
func New(ctx context.Context, o Options) (*Purger, error) {
	err := o.Store.Update(ctx, func(tx *storage.Tx) error {
		_, err := tx.Fact(factPurged)
		if !errors.Is(err, press.ErrNotFound) {
			return err
		}
		head, err := tx.Head()
		if err != nil {
			return err
		}
		return setLastPurged(tx, head.Seq)
	})
	if err != nil {
		return nil, fmt.Errorf("prepare to purge: %w", err)
	}
	return &Purger{Options: o, client: &http.Client{
		Transport: transport(),
		// A purge that is redirected has purged nothing.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// transport connects to the cache. Connecting has limits of its own: it goes on when
// the request that it began for has been given up.
func transport() *http.Transport {
	return &http.Transport{
		DialContext:         (&net.Dialer{Timeout: requestTimeout}).DialContext,
		TLSHandshakeTimeout: requestTimeout,
		MaxIdleConns:        atOnce, MaxIdleConnsPerHost: atOnce, IdleConnTimeout: 90 * time.Second,
		ForceAttemptHTTP2: true,
	}
}

// Run purges until ctx ends. It retries what fails, after pauses of up to a minute,
// and logs when purging starts to fail and when it works again.
func (p *Purger) Run(ctx context.Context) {
	defer p.client.CloseIdleConnections()
	var seen uint64 // the last state in which nothing was left to purge
	pause := time.NewTimer(0)
	defer pause.Stop()
	wait := firstPause
	for {
		select {
		case <-ctx.Done():
			return
		case <-pause.C:
		}
		if !p.Store.Does(storage.Purging) {
			pause.Reset(lookEvery)
			continue
		}
		state, err := p.Store.State(ctx)
		if err == nil && state != seen {
			err = p.purgeAll(ctx)
		}
		if ctx.Err() != nil {
			return
		}
		p.report(err)
		if err != nil {
			pause.Reset(wait)
			wait = min(mostPause, 2*wait)
			continue
		}
		seen, wait = state, firstPause
		pause.Reset(lookEvery)
	}
}

func (p *Purger) report(err error) {
	switch {
	case err != nil && !p.failed:
		p.Log.Error("purging the cache failed, will retry", "cache", p.Cache.URL, "error", err)
	case err == nil && p.failed:
		p.Log.Info("purging the cache works again", "cache", p.Cache.URL)
	}
	p.failed = err != nil
}

// purgeAll purges batch by batch up to the head of the log.
func (p *Purger) purgeAll(ctx context.Context) error {
	for {
		last, found, err := p.next(ctx)
		if err != nil || found == nil {
			return err
		}
		if err := p.Cache.purge(ctx, p.client, found.list); err != nil {
			return err
		}
		if err := p.Store.Update(ctx, func(tx *storage.Tx) error { return setLastPurged(tx, last) }); err != nil {
			return err
		}
	}
}

// next reads the addresses that the next entries have changed, and the last of these
// entries. The addresses are nil if there are none.
func (p *Purger) next(ctx context.Context) (last press.Seq, found *addresses, err error) {
	a := &addresses{site: p.Site, zone: p.Zone, languages: p.Languages, seen: map[string]bool{}}
	err = p.Store.View(ctx, func(tx *storage.Tx) error {
		cursor, err := lastPurged(tx)
		if err != nil {
			return err
		}
		entries, err := tx.EntriesAfter(cursor, batch)
		if err != nil || len(entries) == 0 {
			return err
		}
		if a.tree, err = tx.Tree(); err != nil {
			return err
		}
		for _, e := range entries {
			if err := a.changed(tx, e); err != nil {
				return err
			}
			last = e.Seq
		}
		found = a
		return nil
	})
	return last, found, err
}

// Lag is how many entries the cache has not been told of, and when the first of them was
// appended.
func Lag(tx *storage.Tx) (entries int, since time.Time, err error) {
	last, err := lastPurged(tx)
	if err != nil {
		return 0, since, err
	}
	return tx.EntriesSince(last)
}

func setLastPurged(tx *storage.Tx, seq press.Seq) error {
	return tx.SetFact(factPurged, strconv.FormatInt(int64(seq), 10))
}

func lastPurged(tx *storage.Tx) (press.Seq, error) {
	text, err := tx.Fact(factPurged)
	if err != nil {
		return 0, err
	}
	seq, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("fact %s: %w", factPurged, err)
	}
	return press.Seq(seq), nil
}
