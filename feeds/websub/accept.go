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

	"communique/storage"
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
	v := verification{Request: request}
	if v.host, err = h.checkCallback(request.Callback); err != nil {
		return err
	}
	v.domain = h.Rules.Domain(v.host)
	if err := h.enqueue(r.Context(), v); err != nil {
		return hearsay.Claimed(v.domain, err)
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusAccepted)
	_, _ = io.WriteString(w, "Accepted. The callback will be asked whether this is wanted.\n") // the client may have gone away
	return nil
}

// enqueue has the subscriber asked, unless it is known already that this is in vain.
func (h *Hub) enqueue(ctx context.Context, v verification) (err error) {
	v.topic, err = h.Topics.Topic(ctx, v.Topic)
	if errors.Is(err, press.ErrNotFound) {
		return refused("hub.topic is %q, which is not a feed of this site; the address of a feed is in its Link header, as rel=self", v.Topic)
	}
	if err != nil {
		return err
	}
	if err := h.mayAsk(ctx, &v); err != nil {
		return err
	}
	if !h.queue.add(v) {
		return fmt.Errorf("%w: too many requests are waiting for verification", ErrBusy)
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
// confirm, and one beyond the limit of a host, and records the head of the log. A
// subscriber may always unsubscribe, and renew unless its server is blocked.
func (h *Hub) mayAsk(ctx context.Context, v *verification) error {
	known := false
	err := h.Store.View(ctx, func(tx *storage.Tx) error {
		head, err := tx.Head()
		if err != nil {
			return err
		}
		v.asked = head.Seq
		if known, err = tx.KnownCallback(v.Callback); err != nil || v.Mode == Unsubscribe {
			return err
		}
		blocked, err := tx.Blocked(v.Callback)
		if err != nil {
			return err
		}
		if blocked {
			return refused("hub.callback is at a server that is blocked here")
		}
		if _, err = tx.Subscription(v.topic.ID, v.Callback); errors.Is(err, press.ErrNotFound) {
			err = tx.RoomForSubscription(v.Callback)
		}
		return err
	})
	if errors.Is(err, press.ErrConflict) {
		return &ThrottledError{Reason: err.Error(), RetryAfter: time.Hour}
	}
	if err != nil || known || v.Mode == Unsubscribe {
		return err
	}
	if plain := plainlySpelled(v.Callback, v.host); plain != v.Callback {
		return refused("hub.callback has a host of many spellings: write %q", plain)
	}
	return h.unconfirmed.check(v.domain, v.Callback)
}
