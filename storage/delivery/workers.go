package delivery

import "sync/atomic"

// keptWorkers bounds the goroutines that wait for a job.
const keptWorkers = 128

// workers run jobs, each in a goroutine that may have run one before: its stack has grown
// for a signature and a request already, and to let a new one grow takes longer than most
// of what is done for a delivery. The zero value is not ready; [newWorkers] makes them.
type workers struct {
	jobs chan func()
	idle *atomic.Int64
	over <-chan struct{} // closed when no further job comes
}

func newWorkers(over <-chan struct{}) workers {
	return workers{make(chan func()), &atomic.Int64{}, over}
}

// run runs a job at once, beside those that run already.
func (w workers) run(job func()) {
	select {
	case w.jobs <- job:
	default:
		go w.work(job)
	}
}

func (w workers) work(job func()) {
	for {
		job()
		if w.idle.Add(1) > keptWorkers {
			w.idle.Add(-1)
			return
		}
		select {
		case job = <-w.jobs:
			w.idle.Add(-1)
		case <-w.over:
			return
		}
	}
}
