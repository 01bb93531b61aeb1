package config

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// replies are the settings of what happens with answers to articles.
var replies = []string{"review", "off", "open"} // the first is the default

func (f file) checkReplies(c *Config) error {
	c.Replies = f.Replies
	if c.Replies == "" {
		c.Replies = replies[0]
	}
	if !slices.Contains(replies, c.Replies) {
		return &FieldError{Field: "replies", Text: fmt.Sprintf("%q is not one of off, review and open", f.Replies)}
	}
	return nil
}

// loopbackProxies is the web server on this machine.
var loopbackProxies = []string{"127.0.0.0/8", "::1/128"}

func (f file) checkProxies(c *Config) error {
	networks := loopbackProxies
	if f.TrustedProxies != nil {
		networks = *f.TrustedProxies
	}
	for _, text := range networks {
		network, err := parseNetwork(text)
		if err != nil {
			return &FieldError{Field: "trusted_proxies", Text: fmt.Sprintf("%q is not a valid network: write one like 10.0.0.0/8, or an address", text)}
		}
		c.TrustedProxies = append(c.TrustedProxies, network)
	}
	return nil
}

// privateSpace is what private_networks may be within: the addresses that the registries
// leave to everybody's own networks. What else is not public is nobody's own: this machine,
// the neighbours on a line, the metadata of a cloud.
var privateSpace = []netip.Prefix{
	netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"), // RFC 1918
	netip.MustParsePrefix("100.64.0.0/10"), // RFC 6598
	netip.MustParsePrefix("fc00::/7"),      // RFC 4193
}

func (f file) checkPrivate(c *Config) error {
	for _, text := range f.Private {
		network, err := parseNetwork(text)
		within := func(p netip.Prefix) bool { return p.Bits() <= network.Bits() && p.Contains(network.Addr()) }
		if err != nil || !slices.ContainsFunc(privateSpace, within) {
			return &FieldError{Field: "private_networks", Text: fmt.Sprintf("%q is not a private network: write one like 10.0.0.0/8, within 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10 or fc00::/7", text)}
		}
		c.PrivateNetworks = append(c.PrivateNetworks, network)
	}
	return nil
}

func parseNetwork(text string) (netip.Prefix, error) {
	if !strings.Contains(text, "/") {
		addr, err := netip.ParseAddr(text)
		if err != nil {
			return netip.Prefix{}, err
		}
		return addr.Prefix(addr.BitLen())
	}
	network, err := netip.ParsePrefix(text)
	return network.Masked(), err
}
