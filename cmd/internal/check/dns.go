package check

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// NotPublic says what makes an address one that is not public; empty if it is public.
type NotPublic func(netip.Addr) string

// Resolved judges the addresses of the site's host in this machine's DNS. private are the
// networks that this server connects to though they are not public.
func Resolved(host string, addresses []netip.Addr, err error, notPublic NotPublic, private []netip.Prefix) Finding {
	what := "DNS of " + host
	if err != nil || len(addresses) == 0 {
		return grade("DNS", what, Fail, fmt.Sprintf("no address: %v", err))
	}
	for _, a := range addresses {
		why := notPublic(a)
		if why == "" {
			continue
		}
		admitted := "private_networks does not name it"
		if slices.ContainsFunc(private, func(p netip.Prefix) bool { return p.Contains(a.Unmap()) }) {
			admitted = "private_networks names it, so that this server alone connects to it"
		}
		// As seen from here: the world may see another.
		return grade("DNS", what, Warn, fmt.Sprintf("%s; %s; %s", spelled(addresses), why, admitted)).
			instead(fmt.Sprintf("other servers connect to public addresses only: enter one in the DNS. If the world sees one already, and this network has a DNS of its own, say so by --resolve %s=%s; "+
				"to try the site out beside servers of your own, name their network in private_networks, there and here", host, a.Unmap()))
	}
	return grade("DNS", what, OK, spelled(addresses))
}

// FromInside tells of addresses that were named for a host, which is asked there as if
// its name led there: what the world's DNS says is not seen then.
func FromInside(host string, addresses []netip.Addr, notPublic NotPublic) Finding {
	observed := []string{fmt.Sprintf("tested from inside, at %s as --resolve says", spelled(addresses))}
	for _, a := range addresses {
		if why := notPublic(a); why != "" {
			observed = append(observed, why)
		}
	}
	return grade("DNS", "DNS of "+host, OK, strings.Join(observed, "; ")+
		fmt.Sprintf(". To be seen from outside: that the DNS leads %[1]s to a public address, and that https://%[1]s/nodeinfo/2.1 answers there, on port 443, with a valid certificate", host))
}

func spelled(addresses []netip.Addr) string {
	var all []string
	for _, a := range addresses {
		all = append(all, a.Unmap().String())
	}
	return strings.Join(all, " ")
}
