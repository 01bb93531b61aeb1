package delivery

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"communique/storage"
	"communique/storage/press"
)

// Sender makes the requests. Both methods return nil for what was taken, a
// *[Failure] for what was not, and keep a deadline of their own.
type Sender interface {
	// Send tells a destination one step. A Create or Update of an article that
	// was withdrawn in the meantime sends nothing and returns nil.
	Send(ctx context.Context, d storage.Destination, s Step) error
	// SendDirected sends a message to one follower's inbox.
	SendDirected(ctx context.Context, m storage.Directed) error
}

// Options configure an [Engine].
type Options struct {
	Store  *storage.Store
	Source string // whose deliveries: storage.ActorSource(name)
	Sender Sender
	Log    *slog.Logger
	// Fast and Slow are the numbers of requests at once in the two lanes, and
	// PerHost to one host. Zero takes the defaults.
	Fast, Slow, PerHost int
}

const (
	// A processor keeps a few requests busy; the rest is for servers that take
	// their time. A silent request costs memory only.
	defaultFast    = 256
	defaultSlow    = 2048
	defaultPerHost = 2
	// claimBatch bounds what one claim takes, and with it what waits in memory.
	claimBatch = 1000
	// lookEvery is how often the log's head is looked at: other processes
	// append too, and nobody tells us.
	lookEvery = 20 * time.Millisecond
	// slowAfter is the silence that sends a request from the fast lane to the slow one.
	slowAfter = 500 * time.Millisecond
	// grace is what requests under way get to finish when the engine stops.
	grace = 5 * time.Second
)

// Engine delivers one source's entries and directed messages until it is told
// to stop. Its loop is one goroutine that owns all its state; requests run in
// goroutines of their own and report back to it.
type Engine struct {
	Options
	generation int64

	waiting []*job
	hosts   map[string]int // requests under way
	lanes   [2]int         // requests under way
	room    [2]int

	watching *storage.Watch
	backlogs backlogs

	finished chan *job
	silent   chan *job
	settled  chan struct{}
	results  chan outcome

	head    press.Seq // of the source, as last seen
	unread  bool      // a change was seen and could not be read yet
	look    bool      // there may be something to claim
	nextDue time.Time
	alarm   string // the last thing that went wrong with the store
}

// job is a claimed destination or message on its way.
type job struct {
	host   string
	lane   int
	run    func(ctx context.Context) outcome
	result outcome
}

const (
	fastLane = 0
	slowLane = 1
)

// New makes an engine; [Engine.Run] starts it.
func New(o Options) *Engine {
	o.Fast, o.Slow, o.PerHost = or(o.Fast, defaultFast), or(o.Slow, defaultSlow), or(o.PerHost, defaultPerHost)
	return &Engine{
		Options: o, hosts: map[string]int{}, room: [2]int{o.Fast, o.Slow},
		finished: make(chan *job), silent: make(chan *job),
		settled: make(chan struct{}, 1), results: make(chan outcome, claimBatch),
	}
}

func or(n, otherwise int) int {
	if n > 0 {
		return n
	}
	return otherwise
}

// Run delivers until ctx ends; then requests under way get a few seconds to
// finish, what came of them is settled, and Run returns.
func (e *Engine) Run(ctx context.Context) error {
	err := e.Store.Update(ctx, func(tx *storage.Tx) (err error) {
		e.generation, err = tx.NextGeneration()
		return err
	})
	if err != nil {
		return fmt.Errorf("start delivery: %w", err)
	}
	requests, stopRequests := context.WithCancel(context.WithoutCancel(ctx))
	defer stopRequests()
	if e.watching, err = e.Store.Watch(ctx); err != nil {
		return fmt.Errorf("start delivery: %w", err)
	}
	defer func() { _ = e.watching.Close() }() // it only read
	settler := make(chan struct{})
	go func() {
		defer close(settler)
		e.settleAll(ctx)
	}()
	e.look = true
	e.loop(ctx, requests)
	e.drain(stopRequests)
	close(e.results)
	<-settler
	return nil
}

func (e *Engine) loop(ctx, requests context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		e.start(requests)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			e.watch(ctx)
			e.claim(ctx)
		case <-e.settled:
			e.look = true
			e.claim(ctx)
		case j := <-e.finished:
			e.finish(j)
		case j := <-e.silent:
			e.yieldLane(j)
		}
	}
}

// drain waits for the requests under way; past the grace it ends them, which
// leaves them unsettled: they are sent again by the next start.
func (e *Engine) drain(stop context.CancelFunc) {
	e.waiting = nil
	late := time.AfterFunc(grace, stop)
	defer late.Stop()
	for e.lanes[fastLane]+e.lanes[slowLane] > 0 {
		select {
		case j := <-e.finished:
			e.finish(j)
		case j := <-e.silent:
			e.yieldLane(j)
		}
	}
}

// watch looks whether the log has grown or a put-off delivery has become due.
func (e *Engine) watch(ctx context.Context) {
	changed, err := e.watching.Changed(ctx)
	e.report("look for changes", err)
	due := !e.nextDue.IsZero() && !e.Store.Now().Before(e.nextDue)
	if err != nil || !changed && !due && !e.unread {
		return
	}
	e.unread = true
	err = e.Store.View(ctx, func(tx *storage.Tx) error {
		head, err := tx.SourceHead(e.Source)
		if err != nil {
			return err
		}
		directed, err := tx.DirectedWaiting(e.generation)
		if err != nil {
			return err
		}
		if head != e.head || directed || due {
			e.look, e.head = true, head
		}
		e.unread = false
		return nil
	})
	e.report("look at the log", err)
}

// claim fills the queue from the store.
func (e *Engine) claim(ctx context.Context) {
	if !e.look || len(e.waiting) >= claimBatch/2 {
		return
	}
	var due []storage.Destination
	var messages []storage.Directed
	var head press.Seq
	err := e.Store.Update(ctx, func(tx *storage.Tx) (err error) {
		if messages, err = tx.ClaimDirected(e.generation, claimBatch); err != nil {
			return err
		}
		if due, head, err = tx.ClaimDestinations(e.Source, e.generation, claimBatch); err != nil {
			return err
		}
		e.nextDue, err = tx.NextDue(e.Source)
		return err
	})
	e.report("claim due deliveries", err)
	if err != nil {
		return
	}
	// A full batch says that there is more; it is claimed when this one thins.
	e.look = len(due) == claimBatch || len(messages) == claimBatch
	for _, m := range messages {
		e.waiting = append(e.waiting, e.directedJob(m))
	}
	for _, d := range due {
		e.waiting = append(e.waiting, e.publicJob(d, head))
	}
}

func (e *Engine) publicJob(d storage.Destination, claimed press.Seq) *job {
	return &job{host: d.Host, lane: laneOf(d.Failures), run: func(ctx context.Context) outcome {
		return e.deliver(ctx, d, claimed)
	}}
}

func (e *Engine) directedJob(m storage.Directed) *job {
	return &job{host: m.Host(), lane: laneOf(m.Failures), run: func(ctx context.Context) outcome {
		return e.direct(ctx, m)
	}}
}

func laneOf(failures int) int {
	if failures > 0 {
		return slowLane
	}
	return fastLane
}

// start begins every waiting job that has room in its lane and at its host.
func (e *Engine) start(ctx context.Context) {
	kept := e.waiting[:0]
	for _, j := range e.waiting {
		if e.lanes[j.lane] >= e.room[j.lane] || e.hosts[j.host] >= e.PerHost {
			kept = append(kept, j)
			continue
		}
		e.lanes[j.lane]++
		e.hosts[j.host]++
		go e.work(ctx, j)
	}
	clear(e.waiting[len(kept):])
	e.waiting = kept
}

func (e *Engine) work(ctx context.Context, j *job) {
	end := make(chan struct{})
	go func() {
		j.result = j.run(ctx)
		close(end)
	}()
	patience := time.NewTimer(slowAfter)
	defer patience.Stop()
	select {
	case <-patience.C:
		e.silent <- j
		<-end
	case <-end:
	}
	e.finished <- j
}

// yieldLane moves a silent request to the slow lane, so that its place in the
// fast one is free for a host that answers.
func (e *Engine) yieldLane(j *job) {
	if j.lane == fastLane && e.lanes[slowLane] < e.room[slowLane] {
		e.lanes[fastLane]--
		e.lanes[slowLane]++
		j.lane = slowLane
	}
}

func (e *Engine) finish(j *job) {
	e.lanes[j.lane]--
	if e.hosts[j.host]--; e.hosts[j.host] == 0 {
		delete(e.hosts, j.host)
	}
	e.results <- j.result
}

// report logs a fault of the store once, not fifty times a second.
func (e *Engine) report(doing string, err error) {
	if err == nil || errors.Is(err, context.Canceled) {
		e.alarm = ""
		return
	}
	if text := err.Error(); text != e.alarm {
		e.alarm = text
		e.Log.Error("delivery waits for the database", "doing", doing, "error", err)
	}
}
