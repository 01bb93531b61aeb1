package delivery

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
)

// As many jobs run beside each other as are asked for; of the goroutines some wait for
// the next, and none when no further job comes, or the bubble would not end.
func TestWorkers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		over := make(chan struct{})
		w := newWorkers(over)
		var running atomic.Int64
		for range 2 {
			const jobs = 3 * keptWorkers
			end := make(chan struct{})
			for range jobs {
				w.run(func() {
					running.Add(1)
					<-end
					running.Add(-1)
				})
			}
			synctest.Wait()
			if n := running.Load(); n != jobs {
				t.Errorf("%d of %d jobs run", n, jobs)
			}
			close(end)
			synctest.Wait()
			if n := w.idle.Load(); n != keptWorkers {
				t.Errorf("%d goroutines wait, not %d", n, keptWorkers)
			}
		}
		close(over)
	})
}
