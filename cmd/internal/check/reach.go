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
	for _, name := range []string{host, i.Site.HandleDomain} {
		if name == "" {
			continue
		}
		addresses, named, err := i.Resolve.lookup(ctx, name)
		if named {
			i.Report(FromInside(name, addresses, i.Site.NotPublic))
		} else {
			i.Report(Resolved(name, addresses, err, i.Site.NotPublic, i.Site.Private))
		}
	}
	port := base.Port()
	if port == "" {
		port = "443"
	}
	leaf, err := i.Resolve.certificateOf(ctx, host, net.JoinHostPort(host, port))
	i.Report(Certificate(host, leaf, err, i.Installation.Now()))
	return nil
}

// certificateOf is the certificate that a server shows for a host, as everybody
// would judge it: one that nobody vouches for is an error.
func (r Resolve) certificateOf(ctx context.Context, host, address string) (*x509.Certificate, error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	connection, err := r.dial(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	secure := tls.Client(connection, &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12})
	if err := secure.HandshakeContext(ctx); err != nil {
		return nil, err
	}
	return secure.ConnectionState().PeerCertificates[0], nil
}
