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
