package remote

import (
	"context"
	"runtime"
)

// signing bounds how many requests are being signed at once. A signature is all
// processor: with more of them than there are processors none is ready earlier, and
// whatever else there is to do, such as reading the answers, waits behind all.
type signing chan struct{}

func newSigning() signing { return make(signing, 2*runtime.GOMAXPROCS(0)) }

// turn signs when it is its turn. Its error is that of sign, or why the context
// ended while it waited.
func (s signing) turn(ctx context.Context, sign func() error) error {
	select {
	case s <- struct{}{}:
		defer func() { <-s }()
		return sign()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
