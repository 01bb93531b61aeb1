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

// Cache is the cache in front, as the configuration names it.
type Cache struct {
	// URL is where it listens for purges.
	URL string
	// Method is PURGE or BAN for a request for each address, with its path behind
	// the URL; or POST for requests to the URL itself that list addresses as
	// {"files": ["https://…"]}, as content delivery networks have it.
	Method string
	// Header is sent along, such as a token.
	Header map[string]string
}

const (
	requestTimeout = 10 * time.Second
	atOnce         = 4
	mostFiles      = 30 // of a POST
	mostAnswer     = 64 << 10
)

// errRefused says that the cache answered something else than that it has done
// what it was told.
var errRefused = errors.New("the cache refuses")

// purge has all addresses dropped. With an error some may be left.
func (c Cache) purge(ctx context.Context, client *http.Client, addresses []string) error {
	group, until := errgroup.WithContext(ctx) // the first error ends all
	group.SetLimit(atOnce)
	clock := &patience.Clock{}
	for some := range slices.Chunk(addresses, c.length()) {
		group.Go(func() error { return c.send(until, client, clock, some) })
	}
	return group.Wait()
}

// length is how many addresses go into one request.
func (c Cache) length() int {
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
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, mostAnswer)) // for the sake of the connection
	switch {
	case answer.StatusCode >= 200 && answer.StatusCode < 300:
	case c.Method != http.MethodPost && (answer.StatusCode == http.StatusNotFound || answer.StatusCode == http.StatusPreconditionFailed):
		// nginx's way to say that it has nothing of that address
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
		r.Host = address.Host // by which a cache knows the document
	}
	return r, err
}
