package remote

import (
	"context"
	"fmt"
	"runtime"
)

// signing bounds how many requests are signed at once. Signing takes nothing but
// processor time: more signatures at once than processors make none of them ready
// earlier, and everything else, such as reading answers, has to wait for all of them.
type signing chan struct{}

func newSigning() signing { return make(signing, 2*runtime.GOMAXPROCS(0)) }

// errNotAsked is our own fault: nothing is known of a server that was not asked, and
// nothing is cached for it.
var errNotAsked = fmt.Errorf("%w: too busy to sign a request to it", ErrUnavailable)

// turn signs when it is its turn. Its error is that of sign, or [errNotAsked] with
// the reason why the context ended while it waited.
func (s signing) turn(ctx context.Context, sign func() error) error {
	select {
	case s <- struct{}{}:
		defer func() { <-s }()
		return sign()
	case <-ctx.Done():
		return fmt.Errorf("%w: %w", errNotAsked, context.Cause(ctx))
	}
}
