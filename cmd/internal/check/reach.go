package check

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/url"
	"strings"
)

// reach looks at DNS and TLS, where there are such.
func (i *inspection) reach(ctx context.Context) error {
	base, err := url.Parse(i.Site.Base)
	if err != nil {
		return err
	}
	switch {
	case i.Site.Loopback:
		i.Report(grade("DNS", "DNS and TLS", OK, "not looked at: the site is in loopback mode"))
		return nil
	case i.At != nil:
		i.Report(grade("DNS", "DNS and TLS", OK, "not looked at: the site is asked at "+i.At.String()))
		return nil
	}
	host := strings.ToLower(base.Hostname())
	addresses, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	i.Report(Resolved(host, addresses, err))
	if domain := i.Site.HandleDomain; domain != "" {
		addresses, err := net.DefaultResolver.LookupNetIP(ctx, "ip", domain)
		i.Report(Resolved(domain, addresses, err))
	}
	port := base.Port()
	if port == "" {
		port = "443"
	}
	leaf, err := certificateOf(ctx, host, net.JoinHostPort(host, port))
	i.Report(Certificate(host, leaf, err, i.Installation.Now()))
	return nil
}

// certificateOf is the certificate that a server shows for a host, as everybody
// would judge it: one that nobody vouches for is an error.
func certificateOf(ctx context.Context, host, address string) (*x509.Certificate, error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	dialer := tls.Dialer{Config: &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}}
	connection, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	return connection.(*tls.Conn).ConnectionState().PeerCertificates[0], nil
}
