package remote

import (
	"bytes"
	"context"
	"fmt"
	"net/http"

	"communique/federation/signature"
	"communique/federation/vocab"
	"communique/storage/delivery/outbound"
	"communique/storage/delivery/patience"
)

// Post delivers an activity to an inbox, signed now, by the scheme that its host
// accepted last; if that is refused (400 or 401), at once as the [Ladder] goes on. An
// answer is not an error, whatever its status, and redirects are not
// followed. If all is refused, the answer is the first one. Without an answer the error
// is [ErrUnavailable], or [ErrForbidden] if we don't connect to where the inbox is.
func (c *Client) Post(ctx context.Context, d Delivery, ladder Ladder) (outbound.Answer, error) {
	at, err := c.CheckURL(d.Inbox)
	if err != nil {
		return outbound.Answer{}, fmt.Errorf("posting to %s: %w", d.Inbox, err)
	}
	ctx, cancel := patience.WithTimeout(ctx, c.options.PostTimeout)
	defer cancel()
	scheme := c.schemes.of(at.Host)
	rungs := ladder.rungs(scheme)
	first, err := c.post(ctx, d, rungs[0])
	if err != nil {
		return outbound.Answer{}, fmt.Errorf("posting to %s: %w", d.Inbox, err)
	}
	if ladder.Both && ladder.Other.Private != nil && first.Status/100 == 2 {
		return c.post(ctx, d, rung{ladder.Other, scheme})
	}
	if ladder.refusedEd25519(rungs[0], first.Status) && ladder.RefusedEd25519 != nil {
		ladder.RefusedEd25519()
	}
	for _, r := range rungs[1:] {
		if !worthTrying(rungs[0], r, first.Status) {
			continue
		}
		answer, err := c.post(ctx, d, r)
		switch {
		case err != nil:
			return first, nil
		case refusesAgain(answer.Status):
			continue // neither key nor scheme of this rung were to blame
		case answer.Status/100 == 2 && r.scheme != scheme:
			c.schemes.learn(at.Host, r.scheme)
		}
		if answer.Status/100 == 2 && r.key.ID == ladder.Other.ID && ladder.Taken != nil {
			ladder.Taken(r.key)
		}
		return answer, nil
	}
	return first, nil
}

// Delivery is what goes to an inbox, before it is signed.
type Delivery struct {
	Inbox  string
	Body   []byte // the document
	Digest string // its [signature.Digest], which is made once for many inboxes
	// Synchronization is the value of [signature.Synchronization]; empty for none.
	Synchronization string
}

// post makes one request.
func (c *Client) post(ctx context.Context, d Delivery, by rung) (outbound.Answer, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, d.Inbox, bytes.NewReader(d.Body))
	if err != nil {
		return outbound.Answer{}, forbidden("%v", err)
	}
	r.Header.Set("Content-Type", vocab.MediaType)
	r.Header.Set("User-Agent", c.options.UserAgent)
	if d.Synchronization != "" {
		r.Header.Set(signature.Synchronization, d.Synchronization)
	}
	// This is empty and so not sent: it tells net/http that the request may be
	// repeated if an idle connection turns out to be closed. Receivers know an
	// activity by its id.
	r.Header["Idempotency-Key"] = nil
	err = c.signed(ctx, by.key, func() error { return c.signer.By(by.scheme).SignPost(r, by.key, d.Digest) })
	if err != nil {
		return outbound.Answer{}, err
	}
	answer, err := outbound.Do(c.http, c.clock, r)
	if err != nil {
		return outbound.Answer{}, failed(err)
	}
	defer answer.Body.Close()
	return outbound.ReadAnswer(answer, c.options.Now()), nil
}
