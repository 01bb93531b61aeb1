package delivery

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"communique/storage"
	"communique/storage/deliveries"
	"communique/storage/delivery/patience"
	"communique/storage/hearsay"
	"communique/storage/publog"
)

// Options configure an [Engine].
type Options struct {
	Store *storage.Store
	// Kinds say how the sources of each kind are served. Sources of a kind that is
	// missing here wait.
	Kinds map[publog.SourceKind]Kind
	// Messenger sends messages directed to a single follower.
	Messenger Messenger
	Log       *slog.Logger
	// Lease says which part of the work is this engine's; nil: all of it.
	Lease Lease
	// Fast and Slow are how many requests may be under way at once in the two
	// lanes, and PerHost to one host; zero is the default of each.
	Fast, Slow, PerHost int
	// Looked is called after each look at what is due, every few seconds at least. It and
	// Answered may be nil.
	Looked func()
	// Answered is told of each attempt: what was tried, what became of it, and how long
	// that took. It is called from many goroutines.
	Answered func(Attempt)
	// Spread draws where a delay lies in its bounds, from [0,1); nil draws by chance.
	// Simulations repeat what it draws.
	Spread func() float64
}

// Attempt is a request that was made, and what became of it.
type Attempt struct {
	To      deliveries.DestinationKind // empty for a message to a single follower
	Verdict Verdict
	Took    time.Duration
}

const (
	// A few requests keep a processor busy; the rest wait for slow servers.
	defaultFast    = 256
	defaultSlow    = 1024
	defaultPerHost = 2
	// maxWaiting bounds the jobs that are claimed and have not started, claimBatch
	// what one claim takes, crowdAt what it takes of one host.
	maxWaiting = 2000
	claimBatch = 1000
	crowdAt    = 16
	// firstBatch is what a claim takes when nothing is under way: the first
	// delivery need not wait until a thousand claims have been recorded.
	firstBatch = 128
	// claimEvery spaces out the claims while there is work, each being a commit.
	claimEvery = 20 * time.Millisecond
	// retryEvery spaces out the looks for retries: with many followers some host is
	// due at any moment, and each look costs a commit.
	retryEvery = 2 * time.Second
	// slowAfter is the silence after which a request moves to the slow lane.
	slowAfter = 500 * time.Millisecond
	// grace is how long requests under way may take to finish when the engine stops.
	grace = 5 * time.Second
)

// Engine delivers the entries of all sources, and directed messages, until it is
// stopped. There is one for the whole installation: a host with followers of several
// actors gets two requests at once, not two for each actor. A single goroutine runs
// its loop and owns all its state; requests run in goroutines of their own and
// report back to it.
type Engine struct {
	Options
	hearsay    *hearsay.Log
	expiry     expiryClock
	generation int64
	cache      *logCache
	due        due
	queue      *queue
	workers    workers
	crowded    map[string]bool // hosts for which more is due than was claimed

	watching *storage.Watch

	shards   atomic.Uint64                   // that are worked on
	had      uint64                          // all that ever were
	busy     [deliveries.Shards]atomic.Int64 // jobs that are claimed and not settled
	nextHold time.Time

	finished chan *job
	silent   chan *job
	over     chan struct{} // closed when the two above are no longer read
	settled  chan struct{}
	freed    atomic.Bool // what was settled may let others be claimed
	putOff   atomic.Bool // some of what was settled is to be tried again
	results  chan outcome

	last      deliveries.Work // as last seen
	unread    bool            // a change was noticed but could not be read yet
	look      bool            // there may be something to claim
	fruitless int             // sources asked in a row that had nothing to claim
	retry     bool            // a retry may be due
	// By the monotonic clock: the wall clock may be set back.
	nextRetry time.Time
	nextClaim time.Time
	alarm     string // the last error of the store that was logged
}

// job is a claimed destination or message on its way.
type job struct {
	host   string
	shard  int
	lane   int
	run    func(ctx context.Context) outcome
	giveUp context.CancelCauseFunc
	ended  bool
	result outcome
}

// New returns an engine; [Engine.Run] starts it.
func New(o Options) *Engine {
	o.Fast, o.Slow, o.PerHost = or(o.Fast, defaultFast), or(o.Slow, defaultSlow), or(o.PerHost, defaultPerHost)
	expiry := newExpiryClock(o.Store)
	e := &Engine{
		Options: o, hearsay: hearsay.New(o.Log, o.Store.Now), expiry: expiry, cache: newLogCache(o.Store, expiry),
		queue: newQueue(o.Fast, o.Slow, o.PerHost), crowded: map[string]bool{},
		finished: make(chan *job), silent: make(chan *job), over: make(chan struct{}),
		settled: make(chan struct{}, 1), results: make(chan outcome, claimBatch),
	}
	e.workers = newWorkers(e.over)
	if o.Lease == nil {
		e.shards.Store(deliveries.AllShards)
	}
	if o.Spread == nil {
		e.Spread = rand.Float64
	}
	return e
}

func or(value, otherwise int) int {
	if value > 0 {
		return value
	}
	return otherwise
}

// Run delivers until ctx ends; then requests under way get a few seconds to
// finish, their results are settled, and Run returns.
func (e *Engine) Run(ctx context.Context) error {
	if err := e.prepare(ctx); err != nil {
		if ctx.Err() != nil {
			return nil // stopped before it had started
		}
		return fmt.Errorf("start delivery: %w", err)
	}
	defer func() { _ = e.watching.Close() }() // it only read
	requests, stopRequests := context.WithCancel(context.WithoutCancel(ctx))
	defer stopRequests()
	settler := make(chan struct{})
	go func() {
		defer close(settler)
		e.settleAll(ctx)
	}()
	e.look, e.retry = true, true
	e.loop(ctx, requests)
	e.drain(stopRequests)
	close(e.over)
	close(e.results)
	<-settler
	e.hold(ctx) // the last is settled
	return nil
}

// prepare takes over the claims of the engine that ran before.
func (e *Engine) prepare(ctx context.Context) (err error) {
	if e.watching, err = e.Store.Watch(ctx, 0); err != nil {
		return err
	}
	if err := e.begin(ctx); err != nil {
		return errors.Join(err, e.watching.Close())
	}
	return nil
}

// begin numbers the engine, which shares the work from then on.
func (e *Engine) begin(ctx context.Context) error {
	err := e.Store.Update(ctx, func(tx *storage.Tx) (err error) {
		e.generation, err = tx.NextGeneration()
		return err
	})
	if err == nil && e.Lease != nil {
		e.Lease.Begin(e.generation)
	}
	return err
}

func (e *Engine) loop(ctx, requests context.Context) {
	due := time.NewTimer(time.Hour)
	defer due.Stop()
	for {
		if e.hold(ctx) {
			e.watch(ctx)
			e.claim(ctx)
		}
		if e.Looked != nil {
			e.Looked()
		}
		due.Reset(e.untilDue())
		for j := e.queue.next(); j != nil; j = e.queue.next() {
			if e.holds(j.shard) {
				e.start(requests, j)
			} else {
				e.discard(j)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-e.leaseChanged():
		case <-e.watching.C:
			e.watch(ctx)
			e.claim(ctx)
		case <-due.C:
			e.watch(ctx)
			e.claim(ctx)
		case <-e.settled:
			e.lookAfter(ctx)
			e.claim(ctx)
		case j := <-e.finished:
			e.finish(j)
			e.claim(ctx)
		case j := <-e.silent:
			e.moveToSlowLane(j)
		}
	}
}

// drain waits for the requests under way. After the grace period it cancels them,
// which leaves them unsettled: they are sent again after the next start.
func (e *Engine) drain(stop context.CancelFunc) {
	e.leaveLease()
	for _, j := range e.queue.drop() {
		e.busy[j.shard].Add(-1)
	}
	late := time.AfterFunc(grace, stop)
	defer late.Stop()
	for !e.queue.idle() {
		e.hold(context.Background()) // gives back
		select {
		case <-e.leaseChanged():
		case <-e.settled:
		case j := <-e.finished:
			e.finish(j)
		case j := <-e.silent:
			e.moveToSlowLane(j)
		}
	}
}

// untilDue is how long it is until the next retry is due.
func (e *Engine) untilDue() time.Duration {
	if e.last.NextDue.IsZero() {
		return time.Hour // the watch looks more often
	}
	return max(time.Millisecond, e.last.NextDue.Sub(e.Store.Now()), time.Until(e.nextRetry))
}

// watch checks whether the log has grown, an operator has asked for something, or
// a retry has become due.
func (e *Engine) watch(ctx context.Context) {
	changed, err := e.watching.Changed(ctx)
	e.report("checking for changes", err)
	now := e.Store.Now()
	due := !e.last.NextDue.IsZero() && !now.Before(e.last.NextDue) && time.Until(e.nextRetry) <= 0
	if err != nil || !changed && !due && !e.unread {
		return
	}
	e.unread = true
	var work deliveries.Work
	var woken []string
	err = e.Store.View(ctx, func(tx *storage.Tx) (err error) {
		if work, err = tx.Work(e.generation, e.shards.Load(), e.last.Head); err != nil || work.Wakes == e.last.Wakes {
			return err
		}
		woken, err = tx.SourcesBehind()
		return err
	})
	e.report("reading the log", err)
	if err != nil {
		return
	}
	e.unread = false
	if len(work.Moved) > 0 || work.Wakes != e.last.Wakes || work.Directed || due {
		e.lookAgain()
	}
	e.retry = e.retry || due || work.Wakes != e.last.Wakes
	e.last = work
	for _, s := range work.Moved {
		e.cache.advance(s)
		e.due.add(s.Name)
	}
	e.due.add(woken...)
}

func (e *Engine) publicJob(d deliveries.Destination, of publog.Source) *job {
	return &job{host: d.Host, shard: deliveries.Shard(d.Host), lane: laneOf(d.Failures), run: func(ctx context.Context) outcome {
		return e.deliver(ctx, d, of)
	}}
}

func (e *Engine) directedJob(m deliveries.Directed) *job {
	return &job{host: m.Host(), shard: deliveries.Shard(m.Host()), lane: laneOf(m.Failures), run: func(ctx context.Context) outcome {
		return e.direct(ctx, m)
	}}
}

func laneOf(failures int) int {
	if failures > 0 {
		return slowLane
	}
	return fastLane
}

// start runs a job, and reports when its peer is silent and when it is finished.
// Silence counts only while the sender waits for an answer: whatever else the job
// does or waits for is not the peer's fault.
func (e *Engine) start(ctx context.Context, j *job) {
	ctx, j.giveUp = context.WithCancelCause(ctx)
	ctx = patience.With(ctx, slowAfter, func() {
		select {
		case e.silent <- j:
		case <-e.over:
		}
	})
	e.workers.run(func() {
		j.result = j.run(ctx)
		e.finished <- j
	})
}

// errCrowdedOut is why a silent request is cancelled when the slow lane is full.
var errCrowdedOut = errors.New("no answer yet, and too many servers are silent at once")

// moveToSlowLane moves a silent request to the slow lane. If there is no room, the
// request is cancelled and retried in the slow lane later, so that it doesn't hold
// up hosts that answer.
func (e *Engine) moveToSlowLane(j *job) {
	if !j.ended && !e.queue.slow(j) {
		j.giveUp(errCrowdedOut)
	}
}

func (e *Engine) finish(j *job) {
	j.ended = true
	j.giveUp(nil)
	e.queue.end(j)
	j.result.shard = j.shard
	e.results <- j.result
	if e.crowded[j.host] && !e.queue.busy(j.host) {
		e.lookAgain()
	}
}

// report logs an error of the store once, not fifty times a second.
func (e *Engine) report(doing string, err error) {
	if err == nil || errors.Is(err, context.Canceled) {
		e.alarm = ""
		return
	}
	if text := err.Error(); text != e.alarm {
		e.alarm = text
		e.Log.Error("delivery is waiting for the database; "+advice(err), "doing", doing, "error", err)
	}
}
