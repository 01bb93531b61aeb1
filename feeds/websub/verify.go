package websub

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"communique/storage"
	"communique/storage/deliveries"
	"communique/storage/delivery/outbound"
	"communique/storage/delivery/patience"
	"communique/storage/press"
)

// verify asks the subscriber whether it made a request, and then carries the request
// out. Otherwise nothing changes (WebSub §5.1).
func (h *Hub) verify(ctx context.Context, v verification) {
	err := h.confirm(ctx, v)
	var throttled *ThrottledError
	switch {
	case err == nil || ctx.Err() != nil:
	case errors.Is(err, errNotConfirmed), errors.As(err, &throttled):
		h.Log.Debug("a subscription was not confirmed", "mode", v.Mode, "callback", v.Callback, "topic", v.Topic, "error", err)
	default:
		h.hearsay.Log(slog.LevelError, v.domain, "a subscription could not be stored", "mode", v.Mode, "callback", v.Callback, "topic", v.Topic, "error", err)
	}
}

// errNotConfirmed says that a subscriber did not want what it was asked about, or did
// not answer.
var errNotConfirmed = errors.New("not confirmed")

func (h *Hub) confirm(ctx context.Context, v verification) error {
	known, subscribed := false, false
	err := h.Store.View(ctx, func(tx *storage.Tx) (err error) {
		if known, err = tx.KnownCallback(v.Callback); err != nil {
			return err
		}
		_, err = tx.Subscription(v.topic.ID, v.Callback)
		subscribed = err == nil
		if errors.Is(err, press.ErrNotFound) {
			err = nil
		}
		return err
	})
	if err != nil || v.Mode == Unsubscribe && !subscribed {
		return err // there is nothing to end, and nobody to be asked
	}
	if !known {
		// Looked at again: another request with this callback may have failed while
		// this one waited.
		if err := h.unconfirmed.check(v.domain, v.Callback); err != nil {
			return err
		}
	}
	if v.Mode == Subscribe && v.topic.Ended {
		if !known {
			h.unconfirmed.add(v.domain, v.Callback) // asked once is enough
		}
		return h.deny(ctx, v, "This feed has ended: nothing will be published there any more.")
	}
	asked := h.Store.Now() // leases count from here (WebSub §5.3)
	if err := h.challenge(ctx, v); err != nil {
		if !known && ctx.Err() == nil {
			h.unconfirmed.add(v.domain, v.Callback)
		}
		return err
	}
	return h.do(ctx, v, asked)
}

// challenge asks the subscriber (WebSub §5.3). Anything but a success with the
// challenge as its body is a no (WebSub §5.3.1).
func (h *Hub) challenge(ctx context.Context, v verification) error {
	challenge := press.RandomToken() + press.RandomToken()
	parameters := []string{"hub.mode", string(v.Mode), "hub.topic", v.Topic, "hub.challenge", challenge}
	if v.Mode == Subscribe {
		parameters = append(parameters, "hub.lease_seconds", strconv.FormatInt(int64(v.Lease/time.Second), 10))
	}
	answer, err := h.ask(ctx, v.Callback, parameters)
	switch {
	case err != nil:
		return fmt.Errorf("%w: %w", errNotConfirmed, err)
	case answer.status/100 != 2:
		return fmt.Errorf("%w: it answered %d", errNotConfirmed, answer.status)
	case answer.body != challenge:
		return fmt.Errorf("%w: it answered with something else than the challenge", errNotConfirmed)
	}
	return nil
}

// do stores what a subscriber has confirmed.
func (h *Hub) do(ctx context.Context, v verification, asked time.Time) error {
	err := h.Store.Update(ctx, func(tx *storage.Tx) error {
		if v.Mode == Unsubscribe {
			return tx.Unsubscribe(v.topic.ID, v.Callback)
		}
		return tx.Subscribe(deliveries.Subscription{
			Topic: v.topic.ID, Address: v.Topic, Callback: v.Callback, Secret: v.Secret, Expires: asked.Add(v.Lease),
		}, v.asked)
	})
	switch {
	case errors.Is(err, press.ErrConflict):
		return h.deny(ctx, v, err.Error()) // others have taken the room meanwhile
	case errors.Is(err, press.ErrNotFound):
		return nil // it ended by itself meanwhile
	}
	return err
}

// deny tells a subscriber that its request is refused (WebSub §5.2), whatever it
// answers.
func (h *Hub) deny(ctx context.Context, v verification, reason string) error {
	if _, err := h.ask(ctx, v.Callback, []string{"hub.mode", string(denied), "hub.topic", v.Topic, "hub.reason", reason}); err != nil {
		return fmt.Errorf("%w: it was denied and could not be told: %w", errNotConfirmed, err)
	}
	return fmt.Errorf("%w: it was denied: %s", errNotConfirmed, reason)
}

// said is what a callback answers when it is asked.
type said struct {
	status int
	body   string // its start
}

// maxSaid is how much of an answer is read: more than any challenge has.
const maxSaid = 1 << 10

// ask makes a GET of a callback with parameters, names and values in turn.
func (h *Hub) ask(ctx context.Context, callback string, parameters []string) (said, error) {
	ctx, cancel := patience.WithTimeout(ctx, requestTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, withParameters(callback, parameters), nil)
	if err != nil {
		return said{}, fmt.Errorf("ask the callback: %w", err)
	}
	r.Header.Set("User-Agent", h.UserAgent)
	answer, err := outbound.Do(h.http, h.clock, r)
	if err != nil {
		return said{}, fmt.Errorf("ask the callback: %w", outbound.Fault(err))
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxSaid))
	if err != nil {
		return said{}, fmt.Errorf("ask the callback: %w", err)
	}
	outbound.Excerpt(answer.Body) // the rest, so that the connection can be used again
	return said{status: answer.StatusCode, body: string(body)}, nil
}

// withParameters appends to a callback's query, which stays as it is, byte by
// byte (WebSub §5.1.1).
func withParameters(callback string, parameters []string) string {
	var b strings.Builder
	b.WriteString(callback)
	_, query, has := strings.Cut(callback, "?")
	separator := "?"
	switch {
	case query != "":
		separator = "&"
	case has:
		separator = ""
	}
	for i := 0; i+1 < len(parameters); i += 2 {
		b.WriteString(separator + parameters[i] + "=" + url.QueryEscape(parameters[i+1]))
		separator = "&"
	}
	return b.String()
}
