package remote

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"communique/federation/vocab"
	"communique/storage/delivery/outbound"
)

const (
	maxRedirects = 3
	maxDocument  = 1 << 20 // bytes, after inflating
)

// document is an ActivityStreams document and where it was found.
type document struct {
	asked string // the address that was asked for
	found string // the address that answered, after redirects
	began uint64 // when the fetch did, in the order of [message.came]
	body  []byte
}

// saysOf reports whether the document was found where its id says that it is:
// at the address that answered, or at the one asked for if that redirected
// within its own origin. An open redirect to somewhere else makes no identity.
func (d document) saysOf(id string) bool {
	return id == d.found || id == d.asked && vocab.SameOrigin(d.asked, d.found)
}

// media is the type of document that is asked for and taken.
type media struct {
	accept string
	is     func(contentType string) bool
}

// get fetches an ActivityStreams document, signed.
func (c *Client) get(ctx context.Context, address string) (document, error) {
	return c.getAs(ctx, address, media{vocab.Accept, vocab.IsActivityJSON})
}

// getAs fetches a document, following redirects. Each hop is checked, counted
// and signed by itself, so that no host sees a signature made for another. With an
// error it says what was asked for, and when.
func (c *Client) getAs(ctx context.Context, address string, want media) (document, error) {
	d := document{asked: address, began: c.moments.Add(1)}
	at, err := c.CheckURL(address)
	if err != nil {
		return d, fmt.Errorf("fetching %s: %w", address, notAsked(err))
	}
	for hop := 0; ; hop++ {
		body, next, err := c.getOnce(ctx, at, want)
		if err != nil {
			return d, fmt.Errorf("fetching %s: %w", at, err)
		}
		if next == nil {
			d.found, d.body = foundAt(hop, address, at), body
			return d, nil
		}
		if hop == maxRedirects {
			return d, fmt.Errorf("fetching %s: %w", address, untrusted("more than %d redirects", maxRedirects))
		}
		at = next
	}
}

// foundAt keeps the spelling of an address that did not redirect: an id is
// compared byte by byte.
func foundAt(hop int, asked string, at *url.URL) string {
	if hop == 0 {
		return asked
	}
	return at.String()
}

// getOnce makes one hop: the body of the answer, or where to go on.
func (c *Client) getOnce(ctx context.Context, at *url.URL, want media) ([]byte, *url.URL, error) {
	answer, err := c.knock(ctx, at, want)
	if err != nil {
		return nil, nil, err
	}
	defer answer.Body.Close()
	switch answer.StatusCode {
	case http.StatusOK:
		body, err := readDocument(answer, want)
		return body, nil, err
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		next, err := c.redirected(at, answer)
		return nil, next, err
	case http.StatusNotFound:
		return nil, nil, ErrNotFound
	case http.StatusGone:
		return nil, nil, ErrGone
	}
	return nil, nil, fmt.Errorf("%w: it answered %d", ErrUnavailable, answer.StatusCode)
}

// knock asks by the scheme that the host took last, and where that is refused
// (400, 401 or 403) once more by the other, and with a key that it may know instead.
func (c *Client) knock(ctx context.Context, at *url.URL, want media) (*http.Response, error) {
	scheme := c.schemes.of(at.Host)
	keys := c.options.Keys(ctx)
	ways := []rung{{keys[0], scheme}, {keys[0], scheme.Other()}}
	if len(keys) > 1 {
		ways = append(ways, rung{keys[1], scheme})
	}
	var answer *http.Response
	for i, way := range ways {
		if i > 0 {
			outbound.Excerpt(answer.Body)
			_ = answer.Body.Close() // it has said no
		}
		var err error
		if answer, err = c.ask(ctx, at, want, way); err != nil {
			return nil, err
		}
		if answer.StatusCode == http.StatusOK && way.scheme != scheme {
			c.schemes.learn(at.Host, way.scheme)
		}
		if !refusesSignature(http.MethodGet, answer.StatusCode) {
			break
		}
	}
	return answer, nil
}

// ask makes one request.
func (c *Client) ask(ctx context.Context, at *url.URL, want media, by rung) (*http.Response, error) {
	if err := c.mayFetch(ctx, at); err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return nil, forbidden("%v", err)
	}
	r.Header.Set("Accept", want.accept)
	r.Header.Set("User-Agent", c.options.UserAgent)
	err = c.signed(ctx, by.key, func() error { return c.signer.By(by.scheme).SignGet(r, by.key) })
	if err != nil {
		return nil, err
	}
	answer, err := outbound.Do(c.http, c.clock, r)
	if err != nil {
		return nil, failed(err)
	}
	return answer, nil
}

// redirected checks where an answer points to; a fragment is dropped.
func (c *Client) redirected(from *url.URL, answer *http.Response) (*url.URL, error) {
	to, err := answer.Location()
	if err != nil {
		return nil, untrusted("a redirect to nowhere")
	}
	to.Fragment, to.RawFragment = "", ""
	if from.Scheme == "https" && to.Scheme != "https" {
		return nil, forbidden("a redirect from https to %s", to.Scheme)
	}
	return c.CheckURL(to.String())
}

func readDocument(answer *http.Response, want media) ([]byte, error) {
	if kind := answer.Header.Get("Content-Type"); !want.is(kind) {
		return nil, untrusted("the media type is %q", kind)
	}
	// net/http has undone gzip, the one encoding it asked for.
	if encoding := answer.Header.Get("Content-Encoding"); encoding != "" {
		return nil, untrusted("it is encoded by %q", encoding)
	}
	if answer.ContentLength > maxDocument {
		return nil, untrusted("larger than %d bytes", maxDocument)
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxDocument+1))
	if err != nil {
		return nil, failed(err)
	}
	if len(body) > maxDocument {
		return nil, untrusted("larger than %d bytes", maxDocument)
	}
	return body, nil
}
