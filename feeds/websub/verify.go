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

	"communique/feeds"
	"communique/storage"
	"communique/storage/deliveries"
	"communique/storage/delivery/outbound"
	"communique/storage/delivery/patience"
	"communique/storage/press"
)

// verification is a request that the subscriber has to confirm, as it is when its turn
// comes.
type verification struct {
	Request
	waiting
	topic      feeds.Topic
	asked      press.Seq // head of the log at the time of the request
	known      bool      // the callback has confirmed something
	subscribed bool
}

// retryAfter is the pause after a request could not be carried out for a fault of ours.
const retryAfter = 30 * time.Second

// verify asks the subscriber whether it made a request, and then carries the request
// out. Otherwise nothing changes (WebSub §5.1).
func (h *Hub) verify(ctx context.Context, w waiting) {
	if !h.Store.Does(storage.Verifying) {
		return // whoever does finds it in the store
	}
	v, err := h.read(ctx, w)
	if err == nil {
		err = h.confirm(ctx, v)
	}
	var throttled *ThrottledError
	refusal := errors.Is(err, errNotConfirmed) || errors.As(err, &throttled)
	if refusal && ctx.Err() == nil {
		h.Log.Debug("a subscription was not confirmed", "mode", v.Mode, "callback", v.Callback, "topic", v.Topic, "error", err)
		err = h.giveUp(ctx, v, err)
	}
	if err == nil || ctx.Err() != nil || errors.Is(err, press.ErrNotFound) {
		return
	}
	h.hearsay.Log(slog.LevelError, w.domain, "a subscription could not be stored", "mode", v.Mode, "callback", v.Callback, "topic", v.Topic, "error", err)
	select {
	case <-ctx.Done():
	case <-time.After(retryAfter): // it is asked again
	}
}

var (
	// errNotConfirmed says that a subscriber did not want what it was asked about, or did
	// not answer.
	errNotConfirmed = errors.New("not confirmed")
	// errNotAgain is an errNotConfirmed after which the callback is not asked again soon.
	errNotAgain = fmt.Errorf("%w for a while", errNotConfirmed)
)

// read reads a request. It returns press.ErrNotFound if another server has carried it
// out, and a [*ThrottledError] if the callback is not to be asked: another request with
// it may have failed while this one waited.
func (h *Hub) read(ctx context.Context, w waiting) (v verification, err error) {
	v.waiting = w
	err = h.Store.View(ctx, func(tx *storage.Tx) error {
		row, err := tx.Verification(w.id)
		if err != nil {
			return err
		}
		v.Request = Request{Mode: Mode(row.Mode), Topic: row.Address, Callback: row.Callback, Lease: row.Lease, Secret: row.Secret}
		v.asked = row.Asked
		if v.Mode == Subscribe {
			blocked, err := tx.Blocked(v.Callback)
			if err != nil {
				return err
			}
			if blocked {
				return fmt.Errorf("%w: its server has been blocked meanwhile", errNotConfirmed)
			}
		}
		if v.known, err = tx.KnownCallback(v.Callback); err != nil || v.known {
			return err
		}
		return h.checkUnconfirmed(tx, v.Callback, v.host)
	})
	if err != nil {
		return v, err
	}
	v.topic, err = h.Topics.Topic(ctx, v.Topic)
	if errors.Is(err, press.ErrNotFound) {
		v.topic, err = feeds.Topic{Ended: true}, nil // meanwhile
	}
	if err != nil {
		return v, err
	}
	err = h.Store.View(ctx, func(tx *storage.Tx) error {
		_, err := tx.Subscription(v.topic.ID, v.Callback)
		v.subscribed = err == nil
		if errors.Is(err, press.ErrNotFound) {
			err = nil
		}
		return err
	})
	return v, err
}

func (h *Hub) confirm(ctx context.Context, v verification) error {
	if v.Mode == Unsubscribe && !v.subscribed {
		return fmt.Errorf("%w: there is nothing to end, and nobody to be asked", errNotConfirmed)
	}
	if v.Mode == Subscribe && v.topic.Ended {
		// Asked once is enough.
		return fmt.Errorf("%w: %w", errNotAgain, h.deny(ctx, v, "This feed has ended: nothing will be published there any more."))
	}
	asked := h.Store.Now() // leases count from here (WebSub §5.3)
	if err := h.challenge(ctx, v); err != nil {
		return fmt.Errorf("%w: %w", errNotAgain, err)
	}
	return h.do(ctx, v, asked)
}

// giveUp ends a request that comes to nothing.
func (h *Hub) giveUp(ctx context.Context, v verification, why error) error {
	return h.Store.Update(ctx, func(tx *storage.Tx) error {
		if waited, err := tx.EndVerification(v.id); err != nil || !waited {
			return err
		}
		if v.known || !errors.Is(why, errNotAgain) {
			return nil
		}
		return tx.NoteUnconfirmed(v.Callback, v.domain, remembered(tx.Now()))
	})
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

// do stores what a subscriber has confirmed, unless another server has done so, and ends
// the request.
func (h *Hub) do(ctx context.Context, v verification, asked time.Time) error {
	err := h.Store.Update(ctx, func(tx *storage.Tx) error {
		if waited, err := tx.EndVerification(v.id); err != nil || !waited {
			return err
		}
		if v.Mode == Unsubscribe {
			if err := tx.Unsubscribe(v.topic.ID, v.Callback); !errors.Is(err, press.ErrNotFound) {
				return err
			}
			return nil // it ended by itself meanwhile
		}
		return tx.Subscribe(deliveries.Subscription{
			Topic: v.topic.ID, Address: v.Topic, Callback: v.Callback, Secret: v.Secret, Expires: asked.Add(v.Lease),
		}, v.asked)
	})
	if errors.Is(err, press.ErrConflict) {
		return h.deny(ctx, v, err.Error()) // others have taken the room meanwhile
	}
	if errors.Is(err, press.ErrNotFound) {
		return fmt.Errorf("%w: %w", errNotConfirmed, err) // the topic ended meanwhile
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
