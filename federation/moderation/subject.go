package moderation

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/idna"

	"communique/storage/audience"
	"communique/storage/press"
)

// ParseSubject reads what an operator wants to block: a domain with all its
// subdomains, "bad.example", or an actor by its id,
// "https://social.example/users/mallory". Domains in other scripts may be written
// in Unicode. Every error is press.ErrInvalid and says what to write.
func ParseSubject(text string) (subject string, kind audience.BlockKind, err error) {
	text = strings.TrimSpace(text)
	if strings.Contains(text, "://") {
		u, err := url.Parse(text)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
			return "", "", invalid(text)
		}
		if strings.Trim(u.Path, "/") == "" && u.RawQuery == "" {
			return "", "", fmt.Errorf("%w: %q does not name an actor; to block the whole server write %s", press.ErrInvalid, text, u.Host)
		}
		u.Fragment, u.RawFragment = "", ""
		return u.String(), audience.BlockActor, nil
	}
	domain, err := parseDomain(text)
	return domain, audience.BlockDomain, err
}

// parseDomain reads a domain or an IP address, with or without a port, and returns
// it in lower case and ASCII.
func parseDomain(text string) (string, error) {
	host := strings.TrimSuffix(strings.TrimPrefix(strings.ToLower(text), "*."), ".")
	if name, port, err := net.SplitHostPort(host); err == nil {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 || name == "" {
			return "", invalid(text)
		}
		return host, nil
	}
	if addr, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil && addr.Zone() == "" {
		return addr.String(), nil
	}
	ascii, err := idna.Lookup.ToASCII(host)
	labels := strings.Split(ascii, ".")
	if err != nil || len(ascii) > 253 || len(labels) < 2 || slices.Contains(labels, "") {
		return "", invalid(text)
	}
	return ascii, nil
}

func invalid(text string) error {
	return fmt.Errorf("%w: %q is neither a domain, as bad.example, nor an actor's id, as https://social.example/users/mallory", press.ErrInvalid, text)
}
