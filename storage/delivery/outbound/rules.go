package outbound

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// maxURL bounds addresses, in bytes.
const maxURL = 2048

// ErrForbidden says that the address is not one that we connect to.
var ErrForbidden = errors.New("forbidden address")

func forbidden(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrForbidden, fmt.Sprintf(format, args...))
}

// Rules say which addresses we may connect to: those of this machine, or public ones
// at one port.
type Rules struct {
	Loopback bool
	Port     uint16 // ignored in loopback mode
	// Private are networks that are admitted though they are not public, for who tries a
	// site out beside servers of their own. Whoever names an address there has us connect
	// to it.
	Private []netip.Prefix
	// Held lets nothing leave, whatever the address.
	Held bool
}

// NewRules are the rules of loopback mode, or those of the public network.
func NewRules(loopback bool) Rules { return Rules{Loopback: loopback, Port: 443} }

// Check parses an address that a stranger named. It must be https with a public host
// and the default port, without user, password or fragment; in loopback mode http or
// https with a host of this machine and any port. Every error is [ErrForbidden].
//
// A name that passes can still resolve to any address; that is checked when
// connecting.
func (r Rules) Check(raw string) (*url.URL, error) {
	if raw == "" || len(raw) > maxURL {
		return nil, forbidden("it is empty or longer than %d bytes", maxURL)
	}
	u, err := url.Parse(raw)
	if err != nil {
		return nil, forbidden("%q is not a valid URL", raw)
	}
	switch {
	case u.Scheme != "https" && (u.Scheme != "http" || !r.Loopback):
		return nil, forbidden("the scheme of %q", raw)
	case u.Opaque != "" || u.Host == "":
		return nil, forbidden("%q has no host", raw)
	case u.User != nil:
		return nil, forbidden("%q has a user", raw)
	case strings.Contains(raw, "#"):
		return nil, forbidden("%q has a fragment", raw)
	}
	if err := r.checkPort(u); err != nil {
		return nil, err
	}
	if err := r.checkHost(u.Hostname()); err != nil {
		return nil, err
	}
	return u, nil
}

func (r Rules) checkPort(u *url.URL) error {
	port := u.Port()
	if port == "" && !strings.HasSuffix(u.Host, ":") {
		return nil
	}
	n, err := strconv.ParseUint(port, 10, 16)
	// With leading zeros a port has many spellings, and one host would count as many.
	if err != nil || n == 0 || port[0] == '0' || !r.Loopback && uint16(n) != r.Port {
		return forbidden("the port of %q", u.Host)
	}
	return nil
}

// checkHost admits addresses that we may connect to, and names in plain ASCII (others
// come as punycode). Whatever looks like a number but is not an address in canonical
// form, such as "127.1" or "0x7f000001", is refused: some resolvers accept it as one.
func (r Rules) checkHost(host string) error {
	if addr, err := netip.ParseAddr(host); err == nil {
		// An address has many spellings, and one host would count as many.
		if addr.Unmap().String() != host {
			return forbidden("the spelling of the host %q: it is %s", host, addr.Unmap())
		}
		return r.checkAddress(addr)
	}
	labels := strings.Split(host, ".")
	if len(host) > 253 || !r.Loopback && len(labels) < 2 {
		return forbidden("the host %q", host)
	}
	for _, label := range labels {
		if !isLabel(label) {
			return forbidden("the host %q", host)
		}
	}
	last := labels[len(labels)-1]
	if last[0] >= '0' && last[0] <= '9' {
		return forbidden("the host %q ends in a number", host)
	}
	return nil
}

// isLabel reports whether a label of a host name is made of letters, digits
// and inner hyphens (RFC 1123 §2.1).
func isLabel(s string) bool {
	const allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"
	return s != "" && len(s) <= 63 && strings.Trim(s, allowed) == "" && s[0] != '-' && s[len(s)-1] != '-'
}

// control has the last word: it sees the address that is about to be connected to,
// after all name resolution (net.Dialer.Control).
func (r Rules) control(_, address string, _ syscall.RawConn) error {
	if r.Held {
		return forbidden("%s: nothing is sent out, all is held", address)
	}
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return forbidden("%q", address)
	}
	if !r.Loopback && to.Port() != r.Port {
		return forbidden("the port of %s", address)
	}
	return r.checkAddress(to.Addr())
}

func (r Rules) checkAddress(addr netip.Addr) error {
	if addr.Zone() != "" {
		return forbidden("%s has a zone", addr)
	}
	addr = addr.Unmap()
	switch {
	case r.Loopback && addr.IsLoopback():
		return nil
	case r.Loopback:
		return forbidden("%s is not this machine", addr)
	case slices.ContainsFunc(r.Private, func(p netip.Prefix) bool { return p.Contains(addr) }):
		return nil
	}
	if why := NotPublic(addr); why != "" {
		return forbidden("%s", why)
	}
	return nil
}

// NotPublic says what makes an address one that is not public; it is empty for global
// unicast addresses except the special ones. The lists are those of IANA's
// special-purpose address registries (RFC 6890); netip's IsPrivate and IsGlobalUnicast
// know only a few of them.
func NotPublic(addr netip.Addr) string {
	addr = addr.Unmap()
	for _, s := range special {
		if s.network.Contains(addr) {
			return fmt.Sprintf("%s is not public: it is within %s (%s)", addr, s.network, s.use)
		}
	}
	if addr.Is6() && !globalUnicast.Contains(addr) {
		return fmt.Sprintf("%s is not public: it is outside %s", addr, globalUnicast)
	}
	return ""
}

// globalUnicast is all of IPv6 that IANA assigns to networks (RFC 4291 §2.4). IPv4 in
// disguise (::/96, 64:ff9b::/96), unique local, link-local and multicast addresses are
// outside it.
var globalUnicast = netip.MustParsePrefix("2000::/3")

var special = []struct {
	network netip.Prefix
	use     string
}{
	{netip.MustParsePrefix("0.0.0.0/8"), "this network"},
	{netip.MustParsePrefix("10.0.0.0/8"), "private networks"},
	{netip.MustParsePrefix("100.64.0.0/10"), "carrier-grade NAT"},
	{netip.MustParsePrefix("127.0.0.0/8"), "loopback"},
	{netip.MustParsePrefix("169.254.0.0/16"), "link-local, with the clouds' metadata"},
	{netip.MustParsePrefix("172.16.0.0/12"), "private networks"},
	{netip.MustParsePrefix("192.0.0.0/24"), "protocol assignments"},
	{netip.MustParsePrefix("192.0.2.0/24"), "documentation"},
	{netip.MustParsePrefix("192.31.196.0/24"), "AS112"},
	{netip.MustParsePrefix("192.52.193.0/24"), "AMT"},
	{netip.MustParsePrefix("192.88.99.0/24"), "6to4 relays"},
	{netip.MustParsePrefix("192.168.0.0/16"), "private networks"},
	{netip.MustParsePrefix("192.175.48.0/24"), "AS112"},
	{netip.MustParsePrefix("198.18.0.0/15"), "benchmarks"},
	{netip.MustParsePrefix("198.51.100.0/24"), "documentation"},
	{netip.MustParsePrefix("203.0.113.0/24"), "documentation"},
	{netip.MustParsePrefix("224.0.0.0/4"), "multicast"},
	{netip.MustParsePrefix("240.0.0.0/4"), "reserved, broadcast"},
	{netip.MustParsePrefix("fc00::/7"), "private networks"},
	{netip.MustParsePrefix("fe80::/10"), "link-local"},
	{netip.MustParsePrefix("::1/128"), "loopback"},
	{netip.MustParsePrefix("2001::/23"), "Teredo, ORCHID, benchmarks"},
	{netip.MustParsePrefix("2001:db8::/32"), "documentation"},
	{netip.MustParsePrefix("2002::/16"), "6to4"},
	{netip.MustParsePrefix("2620:4f:8000::/48"), "AS112"},
	{netip.MustParsePrefix("3fff::/20"), "documentation"},
}
