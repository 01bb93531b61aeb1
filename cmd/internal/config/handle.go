package config

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"

	"golang.org/x/net/idna"
)

// maxRelMe bounds the profiles that every page links to.
const maxRelMe = 20

// checkHandle takes over under which domain the actors are known, and which
// other profiles are the institution's.
func (f file) checkHandle(c *Config) (err error) {
	if c.HandleDomain, err = parseHandleDomain(f.Actor.HandleDomain, c.Loopback()); err != nil {
		return &FieldError{Field: "actor.handle_domain", Text: err.Error()}
	}
	if len(f.Actor.RelMe) > maxRelMe {
		return &FieldError{Field: "actor.rel_me", Text: fmt.Sprintf("%d profiles: every page links to them, name %d at most", len(f.Actor.RelMe), maxRelMe)}
	}
	for i, profile := range f.Actor.RelMe {
		u, err := url.Parse(profile)
		if err != nil || u.Scheme != "https" && !c.Loopback() || u.Host == "" || u.User != nil {
			return &FieldError{Field: fmt.Sprintf("actor.rel_me[%d]", i), Text: fmt.Sprintf("%q is not the address of a profile: write one like https://social.example/@ministry", profile)}
		}
	}
	c.RelMe = f.Actor.RelMe
	return nil
}

// parseHandleDomain reads a name in the DNS and returns it as it stands in
// handles: in lower case, and as punycode. In loopback mode it is a host of this
// machine with its port.
func parseHandleDomain(text string, loopback bool) (string, error) {
	if text == "" {
		return "", nil
	}
	if loopback {
		if name, _, err := net.SplitHostPort(text); err == nil && IsLoopback(name) {
			return strings.ToLower(text), nil
		}
		return "", fmt.Errorf("%q is not on this machine: a site in loopback mode has handles like @ministry@localhost:8081", text)
	}
	host, err := idna.Lookup.ToASCII(text)
	_, isIP := netip.ParseAddr(host)
	if err != nil || isIP == nil || strings.ContainsAny(text, ":/@ ") || !strings.Contains(host, ".") {
		return "", fmt.Errorf("%q is not a valid domain: write one like mfa.example", text)
	}
	return strings.ToLower(host), nil
}
