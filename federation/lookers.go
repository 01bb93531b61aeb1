package federation

import (
	"context"
	"sync"
)

// lookAtAll looks at what waits until ctx ends, at so many at once: a server that is
// silent keeps no other from being asked. failed is told of each look that came to an
// error, unless it is that ctx has ended.
func lookAtAll[T any](ctx context.Context, atOnce int, waiting <-chan T, look func(context.Context, T) error, failed func(T, error)) {
	var parts sync.WaitGroup
	defer parts.Wait()
	for range atOnce {
		parts.Go(func() {
			for {
				select {
				case <-ctx.Done():
					return
				case what := <-waiting:
					if err := look(ctx, what); err != nil && ctx.Err() == nil {
						failed(what, err)
					}
				}
			}
		})
	}
}
