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
	denied      Mode = "denied" // sent by the hub only
)

// Request asks to subscribe or unsubscribe (WebSub §5.1).
type Request struct {
	Mode     Mode
	Topic    string // as the subscriber wrote it
	Callback string
	Lease    time.Duration // as granted; 0 to unsubscribe
	Secret   string        // may be empty
}

// ParseRequest parses a form. Unknown parameters are ignored (WebSub §5.1). Every
// error is [ErrRefused].
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
			return r, refused("%s is required, exactly once", required)
		}
	}
	for _, optional := range []string{"hub.lease_seconds", "hub.secret"} {
		if len(form[optional]) > 1 {
			return r, refused("%s stands there twice", optional)
		}
	}
	switch {
	case r.Mode == "publish":
		return r, refused("hub.mode is \"publish\": this hub knows by itself when its topics change")
	case r.Mode != Subscribe && r.Mode != Unsubscribe:
		return r, refused("hub.mode is %q: it must be \"subscribe\" or \"unsubscribe\"", r.Mode)
	case len(r.Secret) > deliveries.MaxSecret:
		return r, refused("hub.secret has %d bytes: it must have fewer than %d", len(r.Secret), deliveries.MaxSecret+1)
	case r.Mode == Unsubscribe:
		return r, nil // its lease is ignored (WebSub §5.1)
	}
	var err error
	r.Lease, err = grant(form.Get("hub.lease_seconds"))
	return r, err
}

// Bounds of leases: dead subscribers should not be kept long (WebSub §8.2).
const (
	shortestLease = 5 * time.Minute
	usualLease    = 10 * 24 * time.Hour
	longestLease  = 30 * 24 * time.Hour
)

// grant returns the lease for a requested number of seconds, within our limits.
func grant(requested string) (time.Duration, error) {
	if requested == "" {
		return usualLease, nil
	}
	if strings.Trim(requested, "0123456789") != "" || strings.Trim(requested, "0") == "" {
		return 0, refused("hub.lease_seconds is %q: it must be a positive number of seconds", requested)
	}
	seconds, err := strconv.ParseInt(requested, 10, 64)
	if err != nil || seconds > int64(longestLease/time.Second) {
		return longestLease, nil // also beyond the range of int64
	}
	return max(shortestLease, time.Duration(seconds)*time.Second), nil
}
