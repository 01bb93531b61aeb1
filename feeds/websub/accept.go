package websub

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"communique/feeds"
	"communique/storage"
	"communique/storage/deliveries"
	"communique/storage/hearsay"
	"communique/storage/press"
)

// maxForm bounds the body of a request, in bytes.
const maxForm = 16 << 10

// accept queues a request to subscribe or unsubscribe and answers 202; the subscriber
// learns the outcome at its callback (WebSub §5.1.2).
func (h *Hub) accept(w http.ResponseWriter, r *http.Request) error {
	if err := h.Admit(r.RemoteAddr); err != nil {
		return err
	}
	form, err := readForm(w, r)
	if err != nil {
		return err
	}
	request, err := ParseRequest(form)
	if err != nil {
		return err
	}
	request.Callback = press.Rooted(request.Callback) // one callback, one subscription (RFC 9110 §4.2.3)
	host, err := h.checkCallback(request.Callback)
	if err != nil {
		return err
	}
	if err := h.enqueue(r.Context(), request, host); err != nil {
		return hearsay.Claimed(h.Rules.Domain(host), err)
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusAccepted)
	_, _ = io.WriteString(w, "Accepted. The callback will be asked whether this is wanted.\n") // the client may have gone away
	return nil
}

// enqueue has the subscriber asked, unless it is known already that this is in vain. What
// was answered with 202 is stored by then.
func (h *Hub) enqueue(ctx context.Context, r Request, host string) error {
	topic, err := h.Topics.Topic(ctx, r.Topic)
	if errors.Is(err, press.ErrNotFound) {
		return refused("hub.topic is %q, which is not a feed of this site; the address of a feed is in its Link header, as rel=self", r.Topic)
	}
	if err != nil {
		return err
	}
	head, err := h.mayAsk(ctx, r, topic, host)
	if err != nil {
		return err
	}
	err = h.Store.Update(ctx, func(tx *storage.Tx) error {
		return tx.AddVerification(deliveries.Verification{
			ID: press.RandomToken(), Mode: string(r.Mode), Address: r.Topic, Callback: r.Callback, Secret: r.Secret, Lease: r.Lease, Asked: head,
		})
	})
	switch {
	case errors.Is(err, press.ErrConflict):
		return fmt.Errorf("%w: %w", ErrBusy, err)
	case err != nil:
		return err
	}
	select {
	case h.asked <- struct{}{}:
	default: // there is a look to come
	}
	return nil
}

// readForm parses the body only: parameters in the address do not count.
func readForm(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || mediaType != "application/x-www-form-urlencoded" {
		return nil, fmt.Errorf("%w: the request must be a form, application/x-www-form-urlencoded", ErrMediaType)
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxForm))
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, fmt.Errorf("read the request: %w", err)
	}
	if err != nil {
		return nil, refused("the form could not be read to its end") // whoever sends it has broken off
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, refused("the form cannot be read: %v", err)
	}
	return form, nil
}

// checkCallback accepts the addresses that an inbox may have, except on this site,
// and returns the host, by its one spelling (SECURITY A46).
func (h *Hub) checkCallback(callback string) (string, error) {
	for _, c := range []byte(callback) {
		if c <= ' ' || c > '~' {
			return "", refused("hub.callback has characters that must be percent-encoded")
		}
	}
	if _, err := h.Rules.Check(callback); err != nil {
		return "", refused("hub.callback: %v", err)
	}
	host := press.HostOf(callback)
	if h.isThisSite(host) {
		return "", refused("hub.callback is an address of this site")
	}
	return host, nil
}

// plainlySpelled is a callback with its scheme and host in the one spelling of theirs,
// or one callback could be subscribed with many times.
func plainlySpelled(callback, host string) string {
	scheme, rest, _ := strings.Cut(callback, "://")
	_, path, _ := strings.Cut(rest, "/") // it is rooted
	return strings.ToLower(scheme) + "://" + host + "/" + path
}

// isThisSite reports whether a host is that of the site. In loopback mode this
// machine has many names, and a port has one server.
func (h *Hub) isThisSite(host string) bool {
	own, port := portOf(h.host), portOf(host)
	return host == h.host || h.Rules.Loopback && own != "" && port == own
}

// portOf is the port that a host names, or "".
func portOf(host string) string {
	_, port, err := net.SplitHostPort(host)
	if err != nil {
		return ""
	}
	return port
}

// mayAsk refuses a request whose callback, or whose host, has just failed to
// confirm, and one beyond the limit of a host, and returns the head of the log. A
// subscriber may always unsubscribe, and renew unless its server is blocked.
func (h *Hub) mayAsk(ctx context.Context, r Request, topic feeds.Topic, host string) (head press.Seq, err error) {
	err = h.Store.View(ctx, func(tx *storage.Tx) error {
		last, err := tx.Head()
		if err != nil {
			return err
		}
		head = last.Seq
		known, err := tx.KnownCallback(r.Callback)
		if err != nil || r.Mode == Unsubscribe {
			return err
		}
		blocked, err := tx.Blocked(r.Callback)
		if err != nil {
			return err
		}
		if blocked {
			return refused("hub.callback is at a server that is blocked here")
		}
		if _, err = tx.Subscription(topic.ID, r.Callback); errors.Is(err, press.ErrNotFound) {
			err = tx.RoomForSubscription(r.Callback)
		}
		if err != nil || known {
			return err
		}
		if plain := plainlySpelled(r.Callback, host); plain != r.Callback {
			return refused("hub.callback has a host of many spellings: write %q", plain)
		}
		return h.checkUnconfirmed(tx, r.Callback, host)
	})
	if errors.Is(err, press.ErrConflict) {
		return head, &ThrottledError{Reason: err.Error(), RetryAfter: time.Hour}
	}
	return head, err
}
