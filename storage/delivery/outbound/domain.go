package outbound

import (
	"net"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// Domain is what a host counts against, as press.HostOf writes it: its registrable
// domain, whose owner can have any number of subdomains, or in loopback mode the host
// with its port, because one machine stands for all the servers that there are.
func (r Rules) Domain(host string) string {
	host = strings.ToLower(host)
	if r.Loopback {
		return host
	}
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if d, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return d
	}
	return host
}
