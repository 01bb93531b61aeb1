package remote

import (
	"context"
	"crypto/x509"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"

	"communique/federation/signature"
	"communique/federation/vocab"
	"communique/storage/delivery/outbound"
	"communique/storage/delivery/patience"
)

// Options are what a client is made of. Key or Keys, Now and UserAgent are required;
// every zero limit means its default.
type Options struct {
	// Loopback confines the client to this machine, by http or https, instead
	// of to public addresses by https.
	Loopback bool
	// Private are further networks that it may connect to, and Held keeps it from all.
	Private   []netip.Prefix
	Held      bool
	UserAgent string
	// Key signs fetches: that of the server's Application actor.
	Key signature.Key
	// Keys are asked for before each fetch where the key may be replaced: the newest,
	// and the one before, which servers may know instead.
	Keys func(context.Context) []signature.Key
	Now  func() time.Time
	// RSA makes the signatures with RSA keys; nil is [signature.GoRSA].
	RSA signature.RSA
	// Refuse is asked before each fetch, redirects included; its error is that
	// of the fetch. Nil refuses nothing.
	Refuse func(ctx context.Context, address string) error
	// Signed is told how long each signature took, if it is set. It is called from many
	// goroutines.
	Signed func(key signature.Key, took time.Duration)

	// Schemes are the hosts that are known to want another signature scheme
	// than [signature.Cavage]. Learned is told what is learned of a host later;
	// it is called from many goroutines.
	Schemes map[string]signature.Scheme
	Learned func(host string, scheme signature.Scheme)

	// Network takes the place of the machine's; nil is that.
	Network *Network

	// Resolver looks names up; nil is the system's.
	Resolver *net.Resolver
	// RootCAs are whom https servers are certified by; nil is the system's
	// list, or that of SSL_CERT_FILE.
	RootCAs *x509.CertPool

	// How long servers may be silent; see package patience.
	ConnectTimeout time.Duration // 5 s, and as much for TLS
	FetchTimeout   time.Duration // 20 s for a fetch with all redirects
	PostTimeout    time.Duration // 10 s for a whole delivery
	// FetchesPerMinute is how often one registrable domain is asked: 60. In
	// loopback mode it counts by host and port: 60,000, because one machine
	// stands for all the servers that there are.
	FetchesPerMinute int
}

// Network is one that is simulated, with the time that it takes: requests go to it as they
// would go out, after all rules but those of the address that a name leads to.
type Network struct {
	http.RoundTripper
	// Probe is that of [patience.Clock].
	Probe func()
}

// The bounds of what is kept.
const (
	// Ten thousand who follow from one large server in a minute are fetched once
	// each. An actor weighs a few KiB; hostile ones are kept from weighing more
	// by maxWeight, in bytes, for all together.
	maxKeys   = 10_000
	maxActors = 10_000
	maxWeight = 64 << 20
	keptFor   = time.Hour
	// believedFor is how long it is believed that there is no such actor and that a
	// server does not answer, and in which time keys are looked at so often.
	believedFor = 30 * time.Second
)

// Client fetches and posts. It is safe for concurrent use.
type Client struct {
	rules   outbound.Rules
	options Options
	signer  signature.Signer
	signing signing
	clock   *patience.Clock
	http    *http.Client
	limit   *limiter
	schemes *schemes
	keys    *cache[knownKey]
	actors  *cache[vocab.RemoteActor]
	intents *cache[vocab.Intents]
	// refusals are kept in the place of keys and actors, and apart from them.
	refusals *cache[refusal]
	moments  atomic.Uint64 // puts messages and fetches in order
	// newest is what is known of owners; owners is held while something follows from it.
	newest *cache[newest]
	owners sync.Mutex

	visits   *limiter
	visitors chan struct{} // holds one for each at once
	flight   singleflight.Group

	closing context.Context
	close   context.CancelFunc
}

// New makes a client. It holds connections: [Client.Close] ends them.
func New(o Options) *Client {
	o.ConnectTimeout = orDefault(o.ConnectTimeout, 5*time.Second)
	o.FetchTimeout = orDefault(o.FetchTimeout, 20*time.Second)
	o.PostTimeout = orDefault(o.PostTimeout, 10*time.Second)
	if o.Keys == nil {
		o.Keys = func(context.Context) []signature.Key { return []signature.Key{o.Key} }
	}
	if o.RSA == nil {
		o.RSA = signature.GoRSA
	}
	perMinute := 60
	if o.Loopback {
		perMinute = 60_000
	}
	rules := outbound.NewRules(o.Loopback)
	rules.Private, rules.Held = o.Private, o.Held
	c := &Client{
		rules:   rules,
		options: o,
		signer:  signature.NewSigner(o.Now).With(o.RSA),
		signing: newSigning(),
		clock:   &patience.Clock{},
		limit:   newLimiter(orDefault(o.FetchesPerMinute, perMinute), o.Now),
		schemes: newSchemes(o.Schemes, o.Learned),
		keys:    newCache[knownKey](maxKeys, o.Now),
		actors:  newCache[vocab.RemoteActor](maxActors, o.Now),
		intents: newCache[vocab.Intents](maxIntents, o.Now),

		refusals: newCache[refusal](maxRefusals, o.Now),
		newest:   newCache[newest](maxNewest, o.Now),

		visits:   newLimiter(visitorsPerMinute, o.Now),
		visitors: make(chan struct{}, maxVisitors),
	}
	c.actors.weigh, c.keys.weigh, c.refusals.weigh = weight, knownKey.weight, refusal.weight
	c.refusals.heaviest = maxRefused
	c.newest.weigh, c.newest.heaviest = newest.weight, maxNewestWeight
	c.keys.group = func(k knownKey) string { return k.Owner }
	c.closing, c.close = context.WithCancel(context.Background())
	c.http = &http.Client{
		Transport: c.network(),
		// A redirect of a delivery would turn it into a GET, or carry its
		// signature elsewhere; redirects of fetches are followed by hand.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return c
}

// network is what requests go to.
func (c *Client) network() http.RoundTripper {
	if n := c.options.Network; n != nil {
		c.clock.Probe = n.Probe
		return n
	}
	return c.transport()
}

func (c *Client) transport() *http.Transport {
	return c.rules.Transport(outbound.TransportOptions{
		ConnectTimeout: c.options.ConnectTimeout, Resolver: c.options.Resolver, RootCAs: c.options.RootCAs, Clock: c.clock,
	})
}

// CheckURL reads an address that a stranger named; see [outbound.Rules.Check].
func (c *Client) CheckURL(raw string) (*url.URL, error) { return c.rules.Check(raw) }

// Close ends fetches that are under way and idle connections.
func (c *Client) Close() {
	c.close()
	c.http.CloseIdleConnections()
}

func orDefault[T int | time.Duration](value, fallback T) T {
	if value == 0 {
		return fallback
	}
	return value
}
