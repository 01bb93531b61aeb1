package outbound

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"time"
)

const (
	maxIdle        = 500 // connections; each costs some 25 KiB
	maxIdlePerHost = 2
	maxHeaderBytes = 32 << 10

	connectTimeout = 5 * time.Second
)

// TransportOptions are what a transport is made of; the zero value is right
// for use.
type TransportOptions struct {
	ConnectTimeout time.Duration  // and as much for TLS; 0 is 5 s
	Resolver       *net.Resolver  // looks names up; nil is the system's
	RootCAs        *x509.CertPool // whom servers are certified by; nil is the system's list
}

// Transport makes what connects where the rules allow and nowhere else. It has
// no deadline for a whole request: that is the caller's.
func (r Rules) Transport(o TransportOptions) *http.Transport {
	if o.ConnectTimeout == 0 {
		o.ConnectTimeout = connectTimeout
	}
	dialer := &net.Dialer{Timeout: o.ConnectTimeout, Control: r.control, Resolver: o.Resolver}
	return &http.Transport{
		// A proxy from the environment would connect where we must not.
		Proxy:                  nil,
		DialContext:            dialer.DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: o.RootCAs},
		TLSHandshakeTimeout:    o.ConnectTimeout,
		ForceAttemptHTTP2:      true,
		MaxIdleConns:           maxIdle,
		MaxIdleConnsPerHost:    maxIdlePerHost,
		IdleConnTimeout:        90 * time.Second,
		MaxResponseHeaderBytes: maxHeaderBytes,
	}
}
