// Package outboundtest helps tests that hold a client to the rules of package
// outbound: with spellings by which servers were made to connect to themselves
// (SECURITY A 20), a listener that nothing may reach, and a resolver that lies.
package outboundtest

// Spellings returns hosts, as written in a URL, that name this machine or one that is
// not public. Names among them are to be resolved by [Loopback].
func Spellings() []string {
	return []string{
		// this machine
		"127.0.0.1", "127.0.0.2", "127.255.255.254", "localhost", "localhost.", "LOCALHOST", "a.localhost",
		"127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0x7f.0.0.1", "017700000001", "0177.0.0.1", "127.0.0.1.",
		"0.0.0.0", "0", "0.0.0.1", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::0001]",
		// IPv4 within IPv6
		"[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:10.0.0.1]", "[::127.0.0.1]", "[::7f00:1]", "[::ffff:0:127.0.0.1]",
		"[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2002:7f00:1::1]",
		"[2001:0:7f00:1::]", "[2001::1]",
		// private, link-local and other special networks
		"10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "100.127.255.255",
		"169.254.169.254", "192.0.0.1", "192.0.0.170", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.19.255.255",
		"198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
		"[fe80::1]", "[fe80::1%25lo]", "[fec0::1]", "[fc00::1]", "[fd00:ec2::254]", "[ff02::1]", "[100::1]",
		"[2001:db8::1]", "[2001:10::1]", "[2001:2::1]", "[3fff::1]", "[5f00::1]", "[2620:4f:8000::1]",
		// names that resolve to this machine
		"loopback.example", "xn--e1afmkfd.example", "example",
		// characters that are normalized to dots and digits
		"①②⑦.⓪.⓪.①", "127。0。0。1", "ⓛocalhost", "exa mple.example", "exa_mple.example", "-a.example", "a..example",
	}
}
