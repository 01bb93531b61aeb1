package web

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// ClientAddress puts the address of the client into RemoteAddr, where a web
// server in front has put its own. X-Forwarded-For is believed from trusted
// proxies only, and of its entries the last one that is not theirs: those before
// it are the client's own claims (SECURITY A33). No other
// header is read.
func ClientAddress(trusted []netip.Prefix) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			forwarded := r.Header["X-Forwarded-For"]
			if len(forwarded) == 0 {
				next.ServeHTTP(w, r)
				return
			}
			peer, err := netip.ParseAddrPort(r.RemoteAddr)
			if err == nil && within(peer.Addr(), trusted) {
				if client := forwardedFor(strings.Join(forwarded, ","), trusted); client.IsValid() {
					r.RemoteAddr = net.JoinHostPort(client.String(), "0")
				}
			}
			next.ServeHTTP(w, r)
		})
	}
}

// forwardedFor reads the list from its end, as each proxy appends to it. It is
// the zero Addr if the client cannot be read.
func forwardedFor(list string, trusted []netip.Prefix) netip.Addr {
	for _, text := range slices.Backward(strings.Split(list, ",")) {
		text = strings.TrimSpace(text)
		addr, err := netip.ParseAddr(text)
		if err != nil {
			withPort, err := netip.ParseAddrPort(text)
			if err != nil {
				return netip.Addr{}
			}
			addr = withPort.Addr()
		}
		if addr = addr.Unmap().WithZone(""); !within(addr, trusted) {
			return addr
		}
	}
	return netip.Addr{}
}

func within(addr netip.Addr, networks []netip.Prefix) bool {
	return slices.ContainsFunc(networks, func(p netip.Prefix) bool { return p.Contains(addr.Unmap()) })
}
