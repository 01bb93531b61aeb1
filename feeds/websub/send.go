package websub

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"communique/storage"
	"communique/storage/deliveries"
	"communique/storage/delivery"
	"communique/storage/delivery/outbound"
	"communique/storage/delivery/patience"
	"communique/storage/press"
	"communique/storage/publog"
)

// Rest is how long a subscriber is left alone after a distribution.
const Rest = time.Second

// Send implements [delivery.Sender]: it sends a subscriber the topic as it is now,
// which may be newer than the step's entry and is never older. Nothing is sent once
// the subscription has ended, so leases are enforced here (WebSub §5.3.1), nor to a
// server that has been blocked meanwhile, which ends the subscription.
func (h *Hub) Send(ctx context.Context, to deliveries.Destination, _ delivery.Step) error {
	topic, ok := publog.ParseTopic(to.Source)
	if !ok {
		return fmt.Errorf("%s is not a topic", to.Source)
	}
	var s deliveries.Subscription
	blocked := false
	err := h.Store.View(ctx, func(tx *storage.Tx) (err error) {
		if s, err = tx.Subscription(topic, to.URL); err != nil {
			return err
		}
		blocked, err = tx.Blocked(to.URL)
		return err
	})
	if errors.Is(err, press.ErrNotFound) || blocked {
		return &delivery.Failure{Verdict: delivery.Gone, Detail: "the subscription has ended"}
	}
	if err != nil {
		return err
	}
	content, err := h.Topics.Content(ctx, topic)
	if errors.Is(err, press.ErrNotFound) { // a tag that was hidden
		return h.end(ctx, s, &delivery.Failure{Verdict: delivery.Gone, Detail: "the feed is there no more"})
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", to.Source, err)
	}
	r, err := h.distribution(s, content.Type, content.Link, content.Body)
	if err != nil {
		return err
	}
	return h.post(ctx, r, s)
}

// distribution is the whole feed as a request to a subscriber (WebSub §7).
func (h *Hub) distribution(s deliveries.Subscription, contentType, link string, body []byte) (*http.Request, error) {
	r, err := http.NewRequest(http.MethodPost, s.Callback, bytes.NewReader(body)) //nolint:noctx // its sender gives it one
	if err != nil {
		return nil, fmt.Errorf("send to the callback: %w", err)
	}
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("Link", link)
	r.Header.Set("User-Agent", h.UserAgent)
	if s.Secret != "" {
		r.Header.Set("X-Hub-Signature", h.Signature.Sign(s.Secret, body))
	}
	// This is empty and so not sent: it tells net/http that the request may be
	// repeated if an idle connection turns out to be closed.
	r.Header["Idempotency-Key"] = nil
	return r, nil
}

// post sends a distribution. Anything but success is a failure and retried until the
// lease ends; 410 ends the subscription (WebSub §7).
func (h *Hub) post(ctx context.Context, r *http.Request, s deliveries.Subscription) error {
	asking, cancel := patience.WithTimeout(ctx, requestTimeout)
	defer cancel()
	answered, err := outbound.Do(h.http, h.clock, r.WithContext(asking))
	if err != nil {
		return &delivery.Failure{Verdict: delivery.Later, Detail: outbound.Fault(err).Error()}
	}
	defer answered.Body.Close()
	answer := outbound.ReadAnswer(answered, h.Store.Now())
	f := &delivery.Failure{Verdict: delivery.Later, Status: answer.Status, RetryAfter: answer.RetryAfter, Detail: answer.Excerpt}
	switch {
	case answer.Status/100 == 2:
		return nil
	case answer.Status == http.StatusGone:
		f.Verdict = delivery.Gone
		return h.end(ctx, s, f)
	}
	return f
}

// end ends a subscription for good.
func (h *Hub) end(ctx context.Context, s deliveries.Subscription, why *delivery.Failure) error {
	err := h.Store.Update(ctx, func(tx *storage.Tx) error { return tx.Unsubscribe(s.Topic, s.Callback) })
	if err != nil && !errors.Is(err, press.ErrNotFound) {
		return err
	}
	return why
}
