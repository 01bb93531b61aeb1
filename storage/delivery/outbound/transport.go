package outbound

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"communique/storage/delivery/patience"
)

const (
	maxIdle        = 500 // connections; each costs some 25 KiB
	maxIdlePerHost = 2
	maxHeaderBytes = 32 << 10

	connectTimeout = 5 * time.Second
)

// TransportOptions configure a transport; the zero value is ready for use.
type TransportOptions struct {
	ConnectTimeout time.Duration   // for the name and the connection, and as much for TLS; 0 is 5 s
	Resolver       *net.Resolver   // looks names up; nil is the system's
	RootCAs        *x509.CertPool  // certify servers; nil is the system's list
	Clock          *patience.Clock // by which the timeouts run; nil is one of its own
}

// Transport returns a transport that connects where the rules allow and nowhere else.
// It sets no deadline for a whole request; that is up to the caller.
func (r Rules) Transport(o TransportOptions) *http.Transport {
	if o.ConnectTimeout == 0 {
		o.ConnectTimeout = connectTimeout
	}
	if o.Clock == nil {
		o.Clock = &patience.Clock{}
	}
	d := dialer{rules: r, options: o}
	return &http.Transport{
		// A proxy from the environment would connect where we must not.
		Proxy:                  nil,
		DialContext:            d.dial,
		DialTLSContext:         d.dialTLS,
		ForceAttemptHTTP2:      true,
		MaxIdleConns:           maxIdle,
		MaxIdleConnsPerHost:    maxIdlePerHost,
		IdleConnTimeout:        90 * time.Second,
		MaxResponseHeaderBytes: maxHeaderBytes,
	}
}

// dialer connects where the rules allow. Its timeouts count the silence of the
// other side only (package patience).
type dialer struct {
	rules   Rules
	options TransportOptions
}

// dial looks a name up and connects. The timeouts of net run by the wall clock,
// and are kept because they divide the time among the addresses of a name. When
// this process was starved meanwhile, a timeout says nothing about the other side:
// dial tries again, with twice the time, until the other side has had its own.
func (d dialer) dial(ctx context.Context, network, address string) (net.Conn, error) {
	watch := d.options.Clock.Start()
	defer watch.Stop()
	for timeout := d.options.ConnectTimeout; ; timeout *= 2 {
		by := &net.Dialer{Timeout: timeout, Control: d.rules.control, Resolver: d.options.Resolver}
		conn, err := by.DialContext(ctx, network, address)
		if err == nil || !isTimeout(err) || ctx.Err() != nil || !watch.Starved() || watch.Elapsed() >= d.options.ConnectTimeout {
			return conn, err
		}
	}
}

func isTimeout(err error) bool {
	timed, ok := errors.AsType[net.Error](err)
	return ok && timed.Timeout()
}

// dialTLS is dial with the handshake behind it.
func (d dialer) dialTLS(ctx context.Context, network, address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	plain, err := d.dial(ctx, network, address)
	if err != nil {
		return nil, err
	}
	conn := tls.Client(plain, &tls.Config{
		ServerName: host, RootCAs: d.options.RootCAs, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"},
	})
	// The request that it is for runs by its own limits, and may be over first.
	ctx, cancel := patience.WithTimeout(patience.WithoutLimits(ctx), d.options.ConnectTimeout)
	defer cancel()
	answered := d.options.Clock.Ask(ctx)
	defer answered()
	if err := conn.HandshakeContext(ctx); err != nil {
		_ = plain.Close() // it has failed already
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return nil, fmt.Errorf("TLS handshake: %w", err)
	}
	return conn, nil
}
