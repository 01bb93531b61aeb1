package command

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"communique/cmd/internal/check"
	"communique/federation/signature"
)

const (
	askTimeout = 10 * time.Second
	maxAsked   = 2 << 20 // bytes of an answer
	maxHops    = 3
)

// inspection asks a site what others ask it.
type inspection struct {
	in     *installation
	at     *url.URL // where it is asked; nil is its own address
	report func(...check.Finding)
	client *http.Client
}

func newInspection(in *installation, at *url.URL, report func(...check.Finding)) *inspection {
	return &inspection{in: in, at: at, report: report, client: &http.Client{
		Timeout: askTimeout,
		// Compression is asked for where it is judged, and redirects are followed
		// where they may be.
		Transport:     &http.Transport{DisableCompression: true, Proxy: nil, TLSHandshakeTimeout: askTimeout},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

func (i *inspection) close() { i.client.CloseIdleConnections() }

// get asks for an address. headers are pairs.
func (i *inspection) get(ctx context.Context, address string, headers ...string) check.Document {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return check.Document{URL: address, Err: err}
	}
	for n := 0; n+1 < len(headers); n += 2 {
		r.Header.Set(headers[n], headers[n+1])
	}
	return i.do(r, address)
}

// follow is [inspection.get] of an address that may lead to another, as servers
// follow it.
func (i *inspection) follow(ctx context.Context, address string) check.Document {
	asked := address
	for hop := 0; ; hop++ {
		d := i.get(ctx, address)
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
			return check.Document{URL: asked, Err: fmt.Errorf("redirected to %q: %w", to, err)}
		}
		address = next.String()
	}
}

// post sends a message to an inbox, signed if there is a key.
func (i *inspection) post(ctx context.Context, inbox string, body []byte, key signature.Key, scheme signature.Scheme) check.Document {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, inbox, bytes.NewReader(body))
	if err != nil {
		return check.Document{URL: inbox, Err: err}
	}
	r.Header.Set("Content-Type", "application/activity+json")
	if key.Private != nil {
		signer := signature.NewSigner(i.in.store.Now).By(scheme)
		if err := signer.SignPost(r, key, signature.Digest(body)); err != nil {
			return check.Document{URL: inbox, Err: err}
		}
	}
	return i.do(r, inbox)
}

// do sends a request, in the site's name to where it is asked.
func (i *inspection) do(r *http.Request, address string) check.Document {
	r.Header.Set("User-Agent", "communique/"+version()+" (check)")
	if i.at != nil && strings.HasPrefix(address, i.in.site.Base+"/") {
		r.Host = r.URL.Host
		r.URL.Scheme, r.URL.Host = i.at.Scheme, i.at.Host
	}
	answer, err := i.client.Do(r)
	if err != nil {
		return check.Document{URL: address, Header: http.Header{}, Err: err}
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxAsked))
	return check.Document{URL: address, Status: answer.StatusCode, Header: answer.Header, Body: body, Err: err}
}
