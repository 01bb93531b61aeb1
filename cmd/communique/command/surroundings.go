package command

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"communique/cmd/internal/check"
	"communique/storage"
	"communique/storage/deliveries"
)

// reach looks at DNS and TLS, where there are such.
func (i *inspection) reach(ctx context.Context) {
	host := strings.ToLower(hostnameOf(i.in.site.Base))
	switch {
	case i.in.config.Loopback():
		i.report(check.Finding{Rule: "DNS", Verdict: check.OK, What: "DNS and TLS", Seen: "not looked at: the site is in loopback mode"})
		return
	case i.at != nil:
		i.report(check.Finding{Rule: "DNS", Verdict: check.OK, What: "DNS and TLS", Seen: "not looked at: the site is asked at " + i.at.String()})
		return
	}
	addresses, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	i.report(check.Resolved(host, addresses, err))
	if domain := i.in.site.Domain; domain != "" {
		addresses, err := net.DefaultResolver.LookupNetIP(ctx, "ip", domain)
		i.report(check.Resolved(domain, addresses, err))
	}
	leaf, err := certificateOf(ctx, host, i.in.config.HostPort())
	i.report(check.Certificate(host, leaf, err, i.in.store.Now()))
}

func hostnameOf(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

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

// clocks compares this machine's clock with that of the web server in front, and
// with others if they are named.
func (i *inspection) clocks(ctx context.Context, hosts []string) {
	by := map[string]string{"the web server in front": i.in.site.Base + "/nodeinfo/2.1"}
	names := []string{"the web server in front"}
	for _, host := range hosts {
		by[host] = "https://" + host + "/"
		names = append(names, host)
	}
	for _, name := range names {
		asked := i.in.store.Now()
		d := i.get(ctx, by[name])
		i.report(check.Clock(name, d, asked, i.in.store.Now()))
	}
}

// machine looks at what only this machine knows: embargoes, disk, deliveries.
func (i *inspection) machine(ctx context.Context) error {
	var held string
	var queue check.Queue
	err := i.in.store.View(ctx, func(tx *storage.Tx) (err error) {
		if held, err = tx.ClockHeld(); err != nil {
			return err
		}
		queue, err = queueOf(tx)
		return err
	})
	if err != nil {
		return err
	}
	i.report(check.Embargoes(held))
	i.report(check.Deliveries(queue))
	free, total, err := roomIn(i.in.config.Data)
	switch {
	case err == nil:
		i.report(check.Space(i.in.config.Data, free, total))
	case !errors.Is(err, errors.ErrUnsupported):
		return fmt.Errorf("look for room in %s: %w", i.in.config.Data, err)
	}
	return nil
}

// pageOfHosts is how many hosts are read at a time.
const pageOfHosts = 1000

func queueOf(tx *storage.Tx) (check.Queue, error) {
	var q check.Queue
	for after := ""; ; {
		page, err := tx.Hosts(deliveries.HostFilter{}, after, pageOfHosts)
		if err != nil {
			return q, err
		}
		for _, h := range page {
			after = h.Name
			addHost(&q, h, tx.Now())
		}
		if len(page) < pageOfHosts {
			return q, nil
		}
	}
}

// addHost counts a host. One that is gone is no trouble: nobody is there any more.
func addHost(q *check.Queue, h deliveries.Host, now time.Time) {
	q.Servers++
	if h.Behind > 0 {
		q.Behind++
	}
	switch h.State {
	case deliveries.HostFailing:
		q.Failing++
	case deliveries.HostUnreachable:
		q.Unreachable++
	case deliveries.HostPaused:
		q.Paused++
	}
	if h.State != deliveries.HostPaused && h.Behind > 0 && !h.NextAttempt.IsZero() {
		q.Waiting = max(q.Waiting, now.Sub(h.NextAttempt))
	}
}
