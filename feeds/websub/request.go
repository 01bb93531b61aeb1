package websub

import (
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"communique/storage/deliveries"
)

// Mode is what a request asks for.
type Mode string

// The modes.
const (
	Subscribe   Mode = "subscribe"
	Unsubscribe Mode = "unsubscribe"
	denied      Mode = "denied" // said by the hub only
)

// Request asks for a subscription or for its end (WebSub §5.1).
type Request struct {
	Mode     Mode
	Topic    string // as the subscriber writes it
	Callback string
	Lease    time.Duration // as it is granted; of a subscription only
	Secret   string        // may be empty
}

// ParseRequest reads a form. Parameters that it does not know are ignored
// (WebSub §5.1). Every error is [ErrRefused].
func ParseRequest(form url.Values) (Request, error) {
	for name, values := range form {
		if !strings.HasPrefix(name, "hub.") {
			continue
		}
		for _, v := range values {
			if !utf8.ValidString(v) {
				return Request{}, refused("%q is not UTF-8", name)
			}
		}
	}
	r := Request{
		Mode: Mode(form.Get("hub.mode")), Topic: form.Get("hub.topic"), Callback: form.Get("hub.callback"), Secret: form.Get("hub.secret"),
	}
	for _, required := range []string{"hub.mode", "hub.topic", "hub.callback"} {
		if len(form[required]) != 1 || form[required][0] == "" {
			return r, refused("%s must be there, once", required)
		}
	}
	switch {
	case r.Mode == "publish":
		return r, refused("hub.mode is \"publish\": this hub knows by itself when its topics change")
	case r.Mode != Subscribe && r.Mode != Unsubscribe:
		return r, refused("hub.mode is %q: it must be \"subscribe\" or \"unsubscribe\"", r.Mode)
	case len(r.Secret) > deliveries.MaxSecret:
		return r, refused("hub.secret has %d bytes: it must have less than %d", len(r.Secret), deliveries.MaxSecret+1)
	case r.Mode == Unsubscribe:
		return r, nil // a lease that it names does not matter (WebSub §5.1)
	}
	var err error
	r.Lease, err = grant(form.Get("hub.lease_seconds"))
	return r, err
}

// Leases end, and the shorter a dead subscriber is kept the better (WebSub §8.2).
const (
	shortestLease = 5 * time.Minute
	usualLease    = 10 * 24 * time.Hour
	longestLease  = 30 * 24 * time.Hour
)

// grant is the lease for a wish, a number of seconds, within our limits.
func grant(wish string) (time.Duration, error) {
	if wish == "" {
		return usualLease, nil
	}
	if strings.Trim(wish, "0123456789") != "" || strings.Trim(wish, "0") == "" {
		return 0, refused("hub.lease_seconds is %q: it must be a positive number of seconds", wish)
	}
	seconds, err := strconv.ParseInt(wish, 10, 64)
	if err != nil || seconds > int64(longestLease/time.Second) {
		return longestLease, nil // more digits than a number has
	}
	return max(shortestLease, time.Duration(seconds)*time.Second), nil
}
