package remote

import (
	"context"
	"runtime"
)

// signing bounds how many requests are signed at once. Signing takes nothing but
// processor time: more signatures at once than processors make none of them ready
// earlier, and everything else, such as reading answers, has to wait for all of them.
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
