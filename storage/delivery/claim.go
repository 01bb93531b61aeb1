package delivery

import (
	"context"
	"time"

	"communique/storage"
	"communique/storage/deliveries"
)

// claim fills the queue from the store.
func (e *Engine) claim(ctx context.Context) {
	if !e.look || e.queue.waiting >= maxWaiting/2 || e.queue.waiting > 0 && time.Until(e.nextClaim) > 0 {
		return
	}
	e.nextClaim = time.Now().Add(claimEvery)
	c := deliveries.Claim{
		Generation: e.generation, Shards: e.shards.Load(), Except: e.stillCrowded(), PerHost: crowdAt, Limit: claimBatch,
	}
	if e.queue.idle() {
		c.Limit = firstBatch
	}
	turn, more := e.due.take()
	var messages, retries deliveries.Claimed
	var behind []deliveries.Claimed
	err := e.Store.Update(ctx, func(tx *storage.Tx) (err error) {
		tx.Quiet()
		c := c // it may be run again
		if err := e.leased(tx, &c); err != nil {
			return err
		}
		if messages, err = tx.ClaimDirected(c); err != nil {
			return err
		}
		if behind, err = claimBehind(tx, c, turn); err != nil || !e.retry {
			return err
		}
		retries, err = tx.ClaimRetries(c, e.ifUnanswered(tx.Now()))
		return err
	})
	e.report("claiming due deliveries", err)
	if err != nil {
		e.due.add(turn...)
		return
	}
	e.look = more
	e.fruitless += len(turn)
	for i, claimed := range behind {
		if len(claimed.Destinations) > 0 {
			e.fruitless = 0
		}
		if claimed.More || len(claimed.Crowded) > 0 || len(c.Except) > 0 {
			e.due.add(turn[i])
		}
	}
	e.due.add(turn[len(behind):]...)
	// When every source was asked and had nothing, their hosts are all busy.
	e.look = (e.look || len(behind) < len(turn)) && e.fruitless < e.due.size()
	e.enqueue(messages, retries, behind)
}

// claimBehind claims from the sources in turn, from each its share of what is left
// of the limit, so that none waits for another's whole fan-out. The result leaves
// out the sources for which nothing was left.
func claimBehind(tx *storage.Tx, c deliveries.Claim, turn []string) (all []deliveries.Claimed, err error) {
	left := c.Limit
	c.Taken = map[string]int{}
	for i, source := range turn {
		if left == 0 {
			break
		}
		waiting := len(turn) - i
		c.Source, c.Limit = source, (left+waiting-1)/waiting
		claimed, err := tx.ClaimBehind(c)
		if err != nil {
			return nil, err
		}
		left -= len(claimed.Destinations)
		all = append(all, claimed)
	}
	return all, nil
}

// enqueue queues what was claimed and remembers whether there is more.
func (e *Engine) enqueue(messages, retries deliveries.Claimed, behind []deliveries.Claimed) {
	if e.retry && !retries.More {
		e.retry, e.nextRetry = false, time.Now().Add(retryEvery)
	}
	for _, m := range messages.Messages {
		e.add(e.directedJob(m))
	}
	for _, claimed := range append(behind, messages, retries) {
		e.look = e.look || claimed.More
		for _, s := range claimed.Sources {
			e.cache.advance(s)
		}
		for _, d := range claimed.Destinations {
			e.add(e.publicJob(d, claimed.Sources[d.Source]))
		}
		for _, host := range claimed.Crowded {
			e.crowded[host] = true
		}
	}
}

func (e *Engine) add(j *job) {
	e.busy[j.shard].Add(1)
	e.queue.add(j)
}

// discard ends a job that has not started, and whose host is another engine's now: that
// one takes the claim over.
func (e *Engine) discard(j *job) {
	e.queue.end(j)
	e.busy[j.shard].Add(-1)
}

// stillCrowded returns the hosts that have jobs waiting while more is due for them.
// A host whose jobs are done is claimed for again.
func (e *Engine) stillCrowded() []string {
	var hosts []string
	for host := range e.crowded {
		if e.queue.busy(host) {
			hosts = append(hosts, host)
		} else {
			delete(e.crowded, host)
		}
	}
	return hosts
}

// lookAfter looks for what there is to do after something was settled. When all that is due
// is under way there is nothing, and no commit is spent on finding that.
func (e *Engine) lookAfter(ctx context.Context) {
	if e.putOff.Swap(false) { // the settlement is told to nobody, nor is when the next attempt is
		e.unread = true
		e.watch(ctx)
	}
	if e.freed.Swap(false) || e.due.size() > 0 || len(e.crowded) > 0 {
		e.lookAgain()
	}
}

// lookAgain makes the next claim ask all sources that may have something due.
func (e *Engine) lookAgain() { e.look, e.fruitless = true, 0 }
