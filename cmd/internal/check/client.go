package check

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	askTimeout = 10 * time.Second
	maxAnswer  = 2 << 20 // bytes of it that are read
	maxHops    = 3       // redirects that are followed
)

// client asks a site as others ask it.
type client struct {
	base  string   // the site's address
	at    *url.URL // where it is asked instead; nil is that address
	agent string
	http  *http.Client
}

func newClient(base string, at *url.URL, resolve Resolve, version string) *client {
	return &client{base: base, at: at, agent: "communique/" + version + " (check)", http: &http.Client{
		Timeout: askTimeout,
		// Compression is asked for where it is judged, and redirects are followed
		// where they may be.
		Transport:     &http.Transport{DisableCompression: true, Proxy: nil, DialContext: resolve.dial, TLSHandshakeTimeout: askTimeout},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

func (c *client) close() { c.http.CloseIdleConnections() }

// get asks for an address. headers are pairs of name and value.
func (c *client) get(ctx context.Context, address string, headers ...string) Document {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return Document{URL: address, Err: err}
	}
	for n := 0; n+1 < len(headers); n += 2 {
		r.Header.Set(headers[n], headers[n+1])
	}
	return c.do(r, address)
}

// follow is [client.get] of an address that may lead to another, as servers
// follow it.
func (c *client) follow(ctx context.Context, address string) Document {
	asked := address
	for hop := 0; ; hop++ {
		d := c.get(ctx, address)
		to := d.Header.Get("Location")
		if d.Err != nil || d.Status < 300 || d.Status > 399 || to == "" || hop == maxHops {
			d.URL = asked
			return d
		}
		next, err := url.Parse(address)
		if err == nil {
			next, err = next.Parse(to)
		}
		if err != nil {
			return Document{URL: asked, Err: fmt.Errorf("redirected to %q: %w", to, err)}
		}
		address = next.String()
	}
}

// post sends a message to an inbox. sign signs the request; nil leaves it
// unsigned.
func (c *client) post(ctx context.Context, inbox string, body []byte, sign func(r *http.Request) error) Document {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, inbox, bytes.NewReader(body))
	if err != nil {
		return Document{URL: inbox, Err: err}
	}
	r.Header.Set("Content-Type", activityJSON)
	if sign != nil {
		if err := sign(r); err != nil {
			return Document{URL: inbox, Err: err}
		}
	}
	return c.do(r, inbox)
}

// do sends a request, in the site's name to where it is asked.
func (c *client) do(r *http.Request, address string) Document {
	r.Header.Set("User-Agent", c.agent)
	if c.at != nil && strings.HasPrefix(address, c.base+"/") {
		r.Host = r.URL.Host
		r.URL.Scheme, r.URL.Host = c.at.Scheme, c.at.Host
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return Document{URL: address, Header: http.Header{}, Err: err}
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	return Document{URL: address, Status: answer.StatusCode, Header: answer.Header, Body: body, Err: err}
}
