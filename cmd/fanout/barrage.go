package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"communique/federation/signature"
	"communique/federation/vocab"
)

// barrage is a number of requests, signed and written down before the clock
// runs: what is measured is the inbox, and the sender should cost the machine
// as little as can be.
type barrage struct {
	host     string // with its port
	requests [][]byte
}

// outcome is what came of a barrage.
type outcome struct {
	accepted []int // the requests that were answered 202, by number
	refused  map[int]int
	took     time.Duration
	err      error
}

func (o outcome) rate() float64 { return float64(len(o.accepted)) / o.took.Seconds() }

// strict is an error unless every request was accepted.
func (o outcome) strict(what string) error {
	switch {
	case o.err != nil:
		return fmt.Errorf("%s: %d accepted, then: %w", what, len(o.accepted), o.err)
	case len(o.refused) > 0:
		return fmt.Errorf("%s: %d accepted, others refused by their status: %v", what, len(o.accepted), o.refused)
	}
	return nil
}

// note is an activity to be signed: its text, and the key that it is signed by.
type note struct {
	keyID string
	text  []byte
}

// sign writes the signed requests down, on all processors.
func (f *fediverse) sign(ctx context.Context, inbox string, n int, write func(n int) (note, error)) (barrage, error) {
	at, err := url.Parse(inbox)
	if err != nil {
		return barrage{}, err
	}
	b := barrage{host: at.Host, requests: make([][]byte, n)}
	group, _ := errgroup.WithContext(ctx)
	group.SetLimit(runtime.NumCPU())
	for i := range n {
		group.Go(func() error {
			one, err := write(i)
			if err == nil {
				b.requests[i], err = f.signed(ctx, inbox, one)
			}
			return err
		})
	}
	return b, group.Wait()
}

func (f *fediverse) signed(ctx context.Context, inbox string, n note) ([]byte, error) {
	r, err := f.request(ctx, inbox, n)
	if err != nil {
		return nil, err
	}
	return wire(r)
}

func (f *fediverse) request(ctx context.Context, inbox string, n note) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, inbox, bytes.NewReader(n.text))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", vocab.MediaType)
	key := signature.Key{ID: n.keyID, Private: f.key.Private}
	return r, signature.NewSigner(time.Now).SignPost(r, key, signature.Digest(n.text))
}

// wire is a request as it goes over the wire.
func wire(r *http.Request) ([]byte, error) {
	var b bytes.Buffer
	err := r.Write(&b)
	return b.Bytes(), err
}

// send posts the requests over a number of connections that are kept alive.
// It ends early when a connection fails, as when the server is killed: what had
// been answered by then counts.
func (b barrage) send(ctx context.Context, atOnce int) outcome {
	var next atomic.Int64
	var mu sync.Mutex
	o := outcome{refused: map[int]int{}}
	group, within := errgroup.WithContext(ctx)
	began := time.Now()
	for range atOnce {
		group.Go(func() error {
			return b.worker(within, &next, func(n, status int) {
				mu.Lock()
				defer mu.Unlock()
				if status == http.StatusAccepted {
					o.accepted = append(o.accepted, n)
				} else {
					o.refused[status]++
				}
			})
		})
	}
	o.err = group.Wait()
	o.took = time.Since(began)
	return o
}

// worker sends one request after the other over one connection.
func (b barrage) worker(ctx context.Context, next *atomic.Int64, answered func(n, status int)) error {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", b.host)
	if err != nil {
		return err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	reader := bufio.NewReader(conn)
	for ctx.Err() == nil {
		n := int(next.Add(1)) - 1
		if n >= len(b.requests) {
			return nil
		}
		if err := conn.SetDeadline(time.Now().Add(answerWithin)); err != nil {
			return err
		}
		if _, err := conn.Write(b.requests[n]); err != nil {
			return err
		}
		answer, err := http.ReadResponse(reader, nil)
		if err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, answer.Body); err != nil {
			return err
		}
		_ = answer.Body.Close() // it has been read to its end
		answered(n, answer.StatusCode)
	}
	return ctx.Err()
}
