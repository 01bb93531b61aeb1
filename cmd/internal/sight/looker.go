package sight

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"communique/cmd/internal/newsroom"
	"communique/storage"
	"communique/storage/delivery/outbound"
	"communique/storage/delivery/patience"
	"communique/storage/press"
	"communique/storage/sightings"
)

// Options are what a looker needs.
type Options struct {
	Store *storage.Store
	// Room writes reports down.
	Room newsroom.Desk
	// Here is what readers are answered, as it is rendered on this machine, with its entity
	// tag; of what is not found or was withdrawn the status alone.
	Here func(r *http.Request) (status int, tag string, body []byte)
	// Rules say where this machine may connect to.
	Rules     outbound.Rules
	Transport outbound.TransportOptions
	UserAgent string
	Log       *slog.Logger
}

// Looker looks for what was released. [Looker.Run] is for one goroutine.
type Looker struct {
	Options
	client *http.Client
	clock  *patience.Clock
	failed bool // the last round did
}

const (
	// factSighted is the fact that holds the seq of the last entry that is looked for.
	factSighted = "sighted"

	lookEvery = 250 * time.Millisecond
	batch     = 100 // entries at a time
	// requestTimeout is how long the public address may be silent.
	requestTimeout = 10 * time.Second
	// claimedFor is longer than one look takes.
	claimedFor = time.Minute
	// mostLooks bounds how often one entry is looked for, deadline how long.
	mostLooks = 20
	deadline  = time.Hour
	// longestPause is that between two looks for one entry.
	longestPause = 5 * time.Minute
	// mostWaiting bounds how many are looked for at once.
	mostWaiting = 100
)

// New returns a looker. The first one of an installation starts at the head of the log.
func New(ctx context.Context, o Options) (*Looker, error) {
	err := o.Store.Update(ctx, func(tx *storage.Tx) error {
		_, err := tx.Fact(factSighted)
		if !errors.Is(err, press.ErrNotFound) {
			return err
		}
		head, err := tx.Head()
		if err != nil {
			return err
		}
		return setSighted(tx, head.Seq)
	})
	if err != nil {
		return nil, fmt.Errorf("prepare to look at the public address: %w", err)
	}
	clock := &patience.Clock{}
	o.Transport.Clock = clock
	return &Looker{Options: o, clock: clock, client: &http.Client{
		Transport: o.Rules.Transport(o.Transport),
		// Where readers are led elsewhere they do not see it here.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// Run looks until ctx ends.
func (l *Looker) Run(ctx context.Context) {
	defer l.client.CloseIdleConnections()
	var seen uint64   // the last state in which there was nothing to look for
	var due time.Time // when there is next; zero is not known
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if !l.Store.Does(storage.Tidying) {
			seen = 0
			continue
		}
		state, err := l.Store.State(ctx)
		if err == nil && (state != seen || !due.IsZero() && !l.Store.Now().Before(due)) {
			due, err = l.round(ctx)
		}
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			seen = state
		}
		l.report(err)
	}
}

func (l *Looker) report(err error) {
	switch {
	case err != nil && !l.failed:
		l.Log.Warn("it is not known whether readers see what was released, will retry", "error", err)
	case err == nil && l.failed:
		l.Log.Info("the public address is looked at again")
	}
	l.failed = err != nil
}

// round looks for all that is to be looked for now, and writes down the reports that are due. It
// returns when there is more to do.
func (l *Looker) round(ctx context.Context) (due time.Time, err error) {
	for {
		if err := l.takeUp(ctx); err != nil {
			return due, err
		}
		more, err := l.lookForOne(ctx)
		if err != nil {
			return due, err
		}
		if !more {
			break
		}
	}
	if err := l.Room.KeepReports(ctx); err != nil {
		return due, err
	}
	err = l.Store.View(ctx, func(tx *storage.Tx) error {
		due, err = tx.SightingsDue()
		return err
	})
	return due, err
}

// takeUp has the entries looked for that were appended since the last time.
func (l *Looker) takeUp(ctx context.Context) error {
	for {
		fresh := false
		err := l.Store.View(ctx, func(tx *storage.Tx) error {
			entries, err := unsighted(tx)
			fresh = len(entries) > 0
			return err
		})
		if err != nil || !fresh {
			return err
		}
		if err := l.Store.Update(ctx, takeUp); err != nil {
			return err
		}
	}
}

func unsighted(tx *storage.Tx) ([]press.Entry, error) {
	text, err := tx.Fact(factSighted)
	if err != nil {
		return nil, err
	}
	last, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return nil, fmt.Errorf("fact %s: %w", factSighted, err)
	}
	return tx.EntriesAfter(press.Seq(last), batch)
}

func setSighted(tx *storage.Tx, seq press.Seq) error {
	return tx.SetFact(factSighted, strconv.FormatInt(int64(seq), 10))
}

func takeUp(tx *storage.Tx) error {
	tx.Quiet()
	entries, err := unsighted(tx)
	if err != nil || len(entries) == 0 {
		return err
	}
	waiting, err := tx.CountSightings()
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Article == "" {
			continue
		}
		imported, err := isImported(tx, e)
		if err != nil {
			return err
		}
		if imported {
			continue
		}
		s := newSighting(e, tx.Now(), waiting)
		if !s.Next.IsZero() {
			waiting++
		}
		if err := tx.AddSighting(s); err != nil {
			return err
		}
	}
	return setSighted(tx, entries[len(entries)-1].Seq)
}

// isImported tells whether an entry is one of what others have said before: they come by the
// hundred thousand, and nobody waits for them.
func isImported(tx *storage.Tx, e press.Entry) (bool, error) {
	if !e.Silent {
		return false, nil
	}
	a, err := tx.Article(e.Article)
	return a.SourceURL != "", err
}

// newSighting is how an entry is looked for. What nobody can say any more when readers saw it
// first is not.
func newSighting(e press.Entry, now time.Time, waiting int) sightings.Sighting {
	s := sightings.Sighting{Seq: e.Seq, Next: now, Keep: newsroom.ReportKept(e.At, e.At)}
	fault := ""
	switch {
	case now.Sub(e.At) > deadline:
		fault = "nobody looked: this server did not run, or sent nothing"
	case waiting >= mostWaiting:
		fault = fmt.Sprintf("nobody looked: more than %d were looked for at once", mostWaiting)
	}
	if fault != "" {
		s.Next, s.Page.Fault, s.Feed.Fault = time.Time{}, fault, fault
	}
	return s
}

// lookForOne looks for the entry that has waited longest; more is false if none waits.
func (l *Looker) lookForOne(ctx context.Context) (more bool, err error) {
	var s sightings.Sighting
	err = l.Store.Update(ctx, func(tx *storage.Tx) error {
		tx.Quiet()
		s, more, err = tx.ClaimSighting(claimedFor)
		return err
	})
	if err != nil || !more {
		return false, err
	}
	var e press.Entry
	var sought places
	err = l.Store.View(ctx, func(tx *storage.Tx) error {
		if e, err = tx.Entry(s.Seq); err != nil {
			return err
		}
		sought, err = placesOf(tx, l.Room.Site, e)
		return err
	})
	if err != nil {
		return false, err
	}
	final := l.look(ctx, sought, &s)
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	s.Next = nextLook(s, e, l.Store.Now())
	if final {
		s.Next = time.Time{}
	}
	if s.Next.IsZero() && (!s.Page.Found() || !s.Feed.Found()) {
		l.Log.Warn("readers were not seen to see what was released", "article", e.Article, "did", e.Kind, "seq", e.Seq, "page", s.Page.Fault, "feed", s.Feed.Fault)
	}
	return true, l.Store.Update(ctx, func(tx *storage.Tx) error {
		tx.Quiet()
		return tx.SettleSighting(s)
	})
}

// nextLook is when an entry is looked for again: after pauses that double, until both were seen,
// or nobody waits any longer.
func nextLook(s sightings.Sighting, e press.Entry, now time.Time) time.Time {
	if s.Page.Found() && s.Feed.Found() || s.Looks >= mostLooks || now.Sub(e.At) > deadline {
		return time.Time{}
	}
	return now.Add(min(time.Second<<min(s.Looks-1, mostLooks), longestPause))
}
