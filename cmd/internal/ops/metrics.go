package ops

import (
	"crypto/ed25519"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"communique/cmd/internal/web"
	"communique/federation"
	"communique/federation/signature"
	"communique/storage/delivery"
)

// Metrics count what this server does. No label has the name of a host, an account or an
// address: strangers would decide how many series there are.
type Metrics struct {
	registry   *prometheus.Registry
	requests   *prometheus.CounterVec
	series     sync.Map // answered -> series
	took       *prometheus.HistogramVec
	inbox      *prometheus.CounterVec
	attempts   *prometheus.CounterVec
	delivering *prometheus.HistogramVec
	follows    prometheus.Counter
	unfollows  prometheus.Counter
	signing    *prometheus.HistogramVec
	held       prometheus.Gauge
}

// Build is what the program was built from.
type Build struct{ Version, Revision, Go string }

// Counts end at the limits of requests: 30 s for an answer, 10 s for a delivery.
var (
	answerBuckets   = []float64{.001, .005, .025, .1, .5, 2, 10, 30}
	deliveryBuckets = []float64{.01, .05, .1, .25, .5, 1, 2.5, 5, 10}
	signingBuckets  = []float64{.0001, .0005, .001, .002, .004, .008, .016, .064}
)

// NewMetrics makes metrics that are all zero.
func NewMetrics(b Build) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "communique_http_requests_total",
			Help: "Requests that were answered, by what they asked for and the status. The share of status 304 of the route feed is how many readers had the newest state.",
		}, []string{"route", "status"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "communique_http_request_duration_seconds", Help: "How long answers took, by what was asked for.", Buckets: answerBuckets,
		}, []string{"route"}),
		inbox: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "communique_inbox_messages_total", Help: "Messages that came to inboxes, by what became of them.",
		}, []string{"verdict"}),
		attempts: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "communique_delivery_attempts_total", Help: "Attempts to deliver, by what was delivered to (an inbox, a callback of a subscriber, or a message to one follower) and what became of them.",
		}, []string{"to", "verdict"}),
		delivering: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "communique_delivery_duration_seconds", Help: "How long attempts to deliver took.", Buckets: deliveryBuckets,
		}, []string{"to"}),
		follows:   prometheus.NewCounter(prometheus.CounterOpts{Name: "communique_follows_total", Help: "Follows that were taken."}),
		unfollows: prometheus.NewCounter(prometheus.CounterOpts{Name: "communique_unfollows_total", Help: "Follows that were ended by who followed."}),
		signing: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "communique_signing_duration_seconds", Help: "How long signatures of requests took, by the kind of key. They bound how fast deliveries can be.", Buckets: signingBuckets,
		}, []string{"algorithm"}),
	}
	m.held = prometheus.NewGauge(prometheus.GaugeOpts{Name: "communique_deliveries_held", Help: "Whether this server sends nothing to anybody, as it was told to."})
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "communique_build_info", Help: "What the program was built from; always 1.",
		ConstLabels: prometheus.Labels{"version": b.Version, "revision": b.Revision, "goversion": b.Go},
	})
	build.Set(1)
	m.registry.MustRegister(m.requests, m.took, m.inbox, m.attempts, m.delivering, m.follows, m.unfollows, m.signing, m.held, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Certificate tells when the certificate ends that the server shows; zero if there is none.
func (m *Metrics) Certificate(ends func() time.Time) {
	m.registry.MustRegister(certificate(ends))
}

// certificate is a [prometheus.Collector].
type certificate func() time.Time

var certificateExpiry = prometheus.NewDesc("communique_certificate_expiry_timestamp_seconds",
	"When the certificate ends that this server shows; absent where a web server in front has it, or if there is none yet.", nil, nil)

// Describe implements [prometheus.Collector].
func (certificate) Describe(to chan<- *prometheus.Desc) { to <- certificateExpiry }

// Collect implements [prometheus.Collector].
func (c certificate) Collect(to chan<- prometheus.Metric) {
	if at := c(); !at.IsZero() {
		to <- prometheus.MustNewConstMetric(certificateExpiry, prometheus.GaugeValue, float64(at.Unix()))
	}
}

// Held tells whether nothing leaves.
func (m *Metrics) Held(is bool) { m.held.Set(bit(is)) }

// Answered counts an answer to a request.
func (m *Metrics) Answered(route web.Route, a web.Answer) {
	of := m.seriesOf(answered{route, a.Status})
	of.requests.Inc()
	of.took.Observe(a.Took.Seconds())
	if route == web.RouteInbox {
		m.inbox.WithLabelValues(verdictOf(a.Status)).Inc()
	}
}

// answered is what answers are counted by, and series are its counts: looking for them by
// their labels costs more than counting.
type (
	answered struct {
		route  web.Route
		status int
	}
	series struct {
		requests prometheus.Counter
		took     prometheus.Observer
	}
)

func (m *Metrics) seriesOf(a answered) series {
	if known, ok := m.series.Load(a); ok {
		return known.(series)
	}
	of := series{m.requests.WithLabelValues(string(a.route), strconv.Itoa(a.status)), m.took.WithLabelValues(string(a.route))}
	m.series.Store(a, of)
	return of
}

// verdictOf is what a status says of a message.
func verdictOf(status int) string {
	switch {
	case status < 300:
		return "accepted"
	case status == 401:
		return "not_verified"
	case status == 413:
		return "too_large"
	case status == 429:
		return "throttled"
	case status < 500:
		return "malformed"
	}
	return "failed"
}

// Attempted counts a delivery.
func (m *Metrics) Attempted(a delivery.Attempt) {
	to := string(a.To)
	if to == "" {
		to = "follower"
	}
	m.attempts.WithLabelValues(to, a.Verdict.String()).Inc()
	m.delivering.WithLabelValues(to).Observe(a.Took.Seconds())
}

// Noted counts a follow or the end of one.
func (m *Metrics) Noted(e federation.Event) {
	switch e {
	case federation.Followed:
		m.follows.Inc()
	case federation.Unfollowed:
		m.unfollows.Inc()
	}
}

// Signed counts a signature.
func (m *Metrics) Signed(key signature.Key, took time.Duration) {
	algorithm := "rsa"
	if _, ok := key.Private.(ed25519.PrivateKey); ok {
		algorithm = "ed25519"
	}
	m.signing.WithLabelValues(algorithm).Observe(took.Seconds())
}
