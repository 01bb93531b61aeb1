package outbound

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"

	"communique/storage/delivery/patience"
)

// Do makes a request, which is complete and signed. The limits of its context
// ([patience.With]) run from now until the body of the answer is closed. Of a server
// that exceeds the last of them the error is [patience.ErrSilent], before the answer
// and within its body.
func Do(client *http.Client, clock *patience.Clock, r *http.Request) (*http.Response, error) {
	r = timely(r)
	answered := clock.Ask(r.Context())
	answer, err := client.Do(r)
	if err != nil {
		answered()
		return nil, silence(r.Context(), err)
	}
	answer.Body = &awaited{answer.Body, r.Context(), answered}
	return answer, nil
}

// timely keeps a request from going out after the deadline of its context, by whichever
// clock has gone further. The context itself does not see to that: a process that was
// stopped, or a machine that was, may write a request to the connection that it waited for
// before any timer goes on. So the connection is closed before anything is written to it;
// and, as others may run before it is and the process be stopped then, once more when the
// headers are in the buffer, which is sent with the body behind them.
func timely(r *http.Request) *http.Request {
	deadline, ok := r.Context().Deadline()
	if !ok {
		return r
	}
	ctx, end := context.WithCancelCause(r.Context())
	var conn atomic.Pointer[httptrace.GotConnInfo]
	closeLate := func() {
		now := time.Now()
		if c := conn.Load(); c != nil && (!now.Before(deadline) || !now.Round(0).Before(deadline.Round(0))) {
			end(context.DeadlineExceeded)
			_ = c.Conn.Close() // what else goes over it is as late
		}
	}
	return r.WithContext(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(c httptrace.GotConnInfo) {
			conn.Store(&c)
			closeLate()
		},
		WroteHeaders: closeLate,
	}))
}

// silence is the error of a request: that the server was silent, if that ended it.
// HTTP/2 tells that the context was cancelled and not why.
func silence(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); err != nil && errors.Is(cause, patience.ErrSilent) {
		return cause
	}
	return err
}

// awaited is the body of an answer that is being waited for.
type awaited struct {
	io.ReadCloser
	ctx      context.Context // of the request
	answered func()
}

func (a *awaited) Read(p []byte) (int, error) {
	n, err := a.ReadCloser.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = silence(a.ctx, err)
	}
	return n, err
}

// Close ends the wait. It may be called more than once.
func (a *awaited) Close() error {
	a.answered()
	return a.ReadCloser.Close()
}
