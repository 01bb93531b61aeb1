package purge

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"communique/storage/delivery/outbound"
	"communique/storage/delivery/patience"
)

// Cache is a cache in front of the site, as configured.
type Cache struct {
	// URL is the address that takes purge requests.
	URL string
	// Method is PURGE or BAN for one request per address, with its path appended to
	// the URL; or POST for requests to the URL itself that list addresses as
	// {"files": ["https://…"]}, as content delivery networks expect.
	Method string
	// Header is sent with each request, such as a token.
	Header map[string]string
}

const (
	requestTimeout = 10 * time.Second
	atOnce         = 4
	mostFiles      = 30 // per POST
	mostAnswer     = 64 << 10
)

// errRefused says that the cache did not answer with success.
var errRefused = errors.New("the cache refused")

// purge purges all addresses. After an error some may be left.
func (c Cache) purge(ctx context.Context, client *http.Client, addresses []string) error {
	group, ctx := errgroup.WithContext(ctx) // the first error ends all
	group.SetLimit(atOnce)
	clock := &patience.Clock{}
	for some := range slices.Chunk(addresses, c.perRequest()) {
		group.Go(func() error { return c.send(ctx, client, clock, some) })
	}
	return group.Wait()
}

// perRequest is how many addresses go into one request.
func (c Cache) perRequest() int {
	if c.Method == http.MethodPost {
		return mostFiles
	}
	return 1
}

func (c Cache) send(ctx context.Context, client *http.Client, clock *patience.Clock, addresses []string) error {
	ctx, cancel := patience.WithTimeout(ctx, requestTimeout)
	defer cancel()
	r, err := c.request(ctx, addresses)
	if err != nil {
		return err
	}
	for name, value := range c.Header {
		r.Header.Set(name, value)
	}
	answer, err := outbound.Do(client, clock, r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, mostAnswer)) // so that the connection is reused
	switch {
	case answer.StatusCode >= 200 && answer.StatusCode < 300:
	case c.Method != http.MethodPost && (answer.StatusCode == http.StatusNotFound || answer.StatusCode == http.StatusPreconditionFailed):
		// nginx: nothing is cached for that address
	default:
		return fmt.Errorf("%w: status %d to %s %s", errRefused, answer.StatusCode, c.Method, addresses[0])
	}
	return nil
}

func (c Cache) request(ctx context.Context, addresses []string) (*http.Request, error) {
	if c.Method == http.MethodPost {
		body, err := json.Marshal(map[string][]string{"files": addresses})
		if err != nil {
			return nil, err
		}
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL, bytes.NewReader(body))
		if err == nil {
			r.Header.Set("Content-Type", "application/json")
		}
		return r, err
	}
	address, err := url.Parse(addresses[0])
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, c.Method, c.URL+address.EscapedPath(), nil)
	if err == nil {
		r.Host = address.Host // part of the cache key
	}
	return r, err
}
