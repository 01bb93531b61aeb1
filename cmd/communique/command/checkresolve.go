package command

import (
	"maps"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"communique/cmd/internal/check"
)

// parseResolve reads addresses that are named for hosts, as in curl's --resolve but
// without a port: host=address.
func parseResolve(given []string) (check.Resolve, error) {
	named := check.Resolve{}
	for _, text := range given {
		host, at, _ := strings.Cut(text, "=")
		address, err := netip.ParseAddr(at)
		if host == "" || err != nil {
			return nil, usagef("--resolve: %q is not a host and its address: write it like press.mfa.example=10.0.0.5", text)
		}
		host = strings.ToLower(host)
		named[host] = append(named[host], address)
	}
	return named, nil
}

// asks refuses an address for a host that is not asked: the name is misspelled, and what
// was meant would be judged by the DNS.
func asks(o check.Options) error {
	base, err := url.Parse(o.Site.Base)
	if err != nil {
		return err
	}
	asked := []string{strings.ToLower(base.Hostname())}
	if o.Site.HandleDomain != "" {
		asked = append(asked, strings.ToLower(o.Site.HandleDomain))
	}
	for _, host := range slices.Sorted(maps.Keys(o.Resolve)) {
		if !slices.Contains(append(asked, o.ClockBy...), host) {
			return usagef("--resolve: %s is not asked: the hosts of this site are %s", host, strings.Join(asked, " and "))
		}
	}
	return nil
}
