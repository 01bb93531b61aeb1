package remote

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"

	"communique/federation/signature"
	"communique/federation/vocab"
)

const (
	maxExcerpt = 512 // bytes of an answer that are kept
	// maxDrained is how much of an answer is read so that the connection can
	// be used again; with more to come it is cheaper to open another.
	maxDrained = 32 << 10
	// maxRetryAfter is the longest pause that a server can ask for.
	maxRetryAfter = 24 * time.Hour
)

// Response is the answer to a delivery.
type Response struct {
	Status     int
	RetryAfter time.Duration // what the server asked for, at most 24 h; 0 if it did not
	Excerpt    string        // the start of the body, as one line of printable text
}

// Post delivers an activity to an inbox, signed now, by the scheme that its host
// took last; if that is refused (400 or 401), at once by the other. body is the
// document and digest its [signature.Digest], which is made once for many
// inboxes. Whatever the status, an answer is no error, and no redirect is
// followed. Without an answer the error is [ErrUnavailable], or [ErrForbidden]
// if the inbox is nowhere that we connect to.
func (c *Client) Post(ctx context.Context, inbox string, body []byte, digest string, key signature.Key) (Response, error) {
	at, err := c.CheckURL(inbox)
	if err != nil {
		return Response{}, fmt.Errorf("posting to %s: %w", inbox, err)
	}
	ctx, cancel := context.WithTimeout(ctx, c.options.PostTimeout)
	defer cancel()
	d := delivery{inbox: inbox, body: body, digest: digest, key: key}
	scheme := c.schemes.of(at.Host)
	first, err := c.post(ctx, d, scheme)
	if err != nil {
		return Response{}, fmt.Errorf("posting to %s: %w", inbox, err)
	}
	if !refusesSignature(http.MethodPost, first.Status) {
		return first, nil
	}
	second, err := c.post(ctx, d, scheme.Other())
	switch {
	case err != nil || refusesSignature(http.MethodPost, second.Status) || second.Status == http.StatusForbidden:
		return first, nil // the scheme was not to blame
	case second.Status/100 == 2:
		c.schemes.learn(at.Host, scheme.Other())
	}
	return second, nil
}

// delivery is what goes to an inbox, before it is signed.
type delivery struct {
	inbox  string
	body   []byte
	digest string
	key    signature.Key
}

// post makes one request. It has no Collection-Synchronization (INTEROP S10): a
// server that is sent one drops every follower that is not in our list.
func (c *Client) post(ctx context.Context, d delivery, scheme signature.Scheme) (Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, d.inbox, bytes.NewReader(d.body))
	if err != nil {
		return Response{}, forbidden("%v", err)
	}
	r.Header.Set("Content-Type", vocab.MediaType)
	r.Header.Set("User-Agent", c.options.UserAgent)
	// Not sent, being empty: it tells net/http that the request may be repeated
	// when an idle connection turns out to be closed. Receivers know an
	// activity by its id.
	r.Header["Idempotency-Key"] = nil
	if err := c.signer.By(scheme).SignPost(r, d.key, d.digest); err != nil {
		return Response{}, err
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return Response{}, failed(err)
	}
	defer answer.Body.Close()
	return Response{
		Status:     answer.StatusCode,
		RetryAfter: retryAfter(answer.Header.Get("Retry-After"), c.options.Now()),
		Excerpt:    excerpt(answer.Body),
	}, nil
}

// retryAfter reads the header of that name (RFC 9110 §10.2.3): seconds or a
// date. What is malformed or past counts as absent.
func retryAfter(header string, now time.Time) time.Duration {
	if header == "" {
		return 0
	}
	if seconds, err := strconv.ParseUint(header, 10, 64); err == nil {
		if seconds > uint64(maxRetryAfter/time.Second) {
			return maxRetryAfter
		}
		return time.Duration(seconds) * time.Second
	}
	at, err := http.ParseTime(header)
	if err != nil {
		return 0
	}
	return min(max(at.Sub(now), 0), maxRetryAfter)
}

// excerpt reads the start of an answer and goes on for a little, so that the
// connection can be used again. A failure to read does not matter: the status
// has said what the server thinks.
func excerpt(body io.Reader) string {
	start, err := io.ReadAll(io.LimitReader(body, maxExcerpt))
	if err == nil {
		_, _ = io.CopyN(io.Discard, body, maxDrained)
	}
	printable := func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return -1 // also of other scripts' direction marks: the text goes into logs
		}
		return r
	}
	text := strings.Map(printable, strings.ToValidUTF8(string(start), ""))
	return strings.Join(strings.Fields(text), " ")
}
