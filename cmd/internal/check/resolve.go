package check

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
)

// Resolve are addresses of hosts, in lower case, by which they are asked instead of those
// in this machine's DNS: inside a network with a DNS of its own that leads elsewhere, or
// to where nothing answers from inside.
type Resolve map[string][]netip.Addr

// lookup returns the addresses of a host, and whether they were named.
func (r Resolve) lookup(ctx context.Context, host string) (addresses []netip.Addr, named bool, err error) {
	if addresses, named := r[strings.ToLower(host)]; named {
		return addresses, true, nil
	}
	addresses, err = net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	return addresses, false, err
}

// dial connects to the first of a host's addresses that answers.
func (r Resolve) dial(ctx context.Context, network, address string) (net.Conn, error) {
	dialer := net.Dialer{Timeout: askTimeout}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	addresses, named := r[strings.ToLower(host)]
	if !named {
		return dialer.DialContext(ctx, network, address)
	}
	var failed error
	for _, a := range addresses {
		connection, err := dialer.DialContext(ctx, network, net.JoinHostPort(a.String(), port))
		if err == nil {
			return connection, nil
		}
		failed = errors.Join(failed, err)
	}
	return nil, failed
}
