package stories

import (
	"bytes"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	collectorpb "go.opentelemetry.io/proto/slim/otlp/collector/trace/v1"
	tracepb "go.opentelemetry.io/proto/slim/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"communique/cmd/internal/e2e/e2etest"
)

// collector takes traces as OTLP over HTTP says, after it has been away once.
type collector struct {
	*httptest.Server
	t *testing.T

	mu    sync.Mutex
	away  bool
	spans []*tracepb.Span
	said  []byte // all that it was sent
}

func newCollector(t *testing.T) *collector {
	t.Helper()
	c := &collector{t: t, away: true}
	c.Server = httptest.NewServer(c)
	t.Cleanup(c.Close)
	return c
}

func (c *collector) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		c.t.Error(err)
	}
	e2etest.Equal(c.t, "what is asked for", r.Method+" "+r.URL.Path+" "+r.Header.Get("Content-Type"), "POST /v1/traces application/x-protobuf")
	if c.away {
		c.away = false
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	c.said = append(c.said, body...)
	var told collectorpb.ExportTraceServiceRequest
	if err := (proto.UnmarshalOptions{DiscardUnknown: false}).Unmarshal(body, &told); err != nil {
		c.t.Error(err)
	}
	for _, of := range told.GetResourceSpans() {
		e2etest.Equal(c.t, "the service", of.GetResource().GetAttributes()[0].GetValue().GetStringValue(), "communique")
		for _, scope := range of.GetScopeSpans() {
			c.spans = append(c.spans, scope.GetSpans()...)
		}
	}
	answer, err := proto.Marshal(&collectorpb.ExportTraceServiceResponse{})
	if err != nil {
		c.t.Error(err)
	}
	w.Header().Set("Content-Type", "application/x-protobuf")
	_, _ = w.Write(answer) // an error concerns a client that has gone
}

// trace waits for the trace of an act, and returns its spans by their names.
func (c *collector) trace(act string) map[string]*tracepb.Span {
	c.t.Helper()
	all := map[string]*tracepb.Span{}
	e2etest.Eventually(c.t, "the trace "+act, func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		at := slices.IndexFunc(c.spans, func(s *tracepb.Span) bool { return s.GetName() == act })
		if at < 0 {
			return false
		}
		for _, s := range c.spans {
			if bytes.Equal(s.GetTraceId(), c.spans[at].GetTraceId()) {
				all[s.GetName()] = s
			}
		}
		return true
	})
	return all
}

// ended is how long after the entry a span ended.
func ended(s *tracepb.Span) time.Duration {
	return time.Duration(s.GetEndTimeUnixNano() - s.GetStartTimeUnixNano())
}

// TestTraced: a collector is told how each article went out: when it was published, and when
// the first server, half of them and the last one had it. One that is away is told later; in
// no trace is a word of an article, the name of a host, or whatever else is nobody's business.
func TestTraced(t *testing.T) {
	t.Parallel()
	c := newCollector(t)
	s := e2etest.NewSite(t)
	s.Configure(`traces: ""`, "traces: "+c.URL)
	s.Serve()
	early, late := s.FollowedBy(t, s.Actor()), s.FollowedBy(t, s.Actor())
	hold := make(chan struct{})
	late.Hold(hold)
	a := s.Publish("A zebra was seen")
	e2etest.Eventually(t, "the first has it", func() bool { return strings.Contains(s.Must("reach", "--json", a.ID), `"reached":1`) })
	time.AfterFunc(300*time.Millisecond, func() { close(hold) }) // who counts, counts tenths of seconds
	published := c.trace("publish")
	first, half, last := published["first delivery"], published["half of the deliveries"], published["last delivery"]
	if len(published) != 4 || ended(first) > ended(half) || ended(half) > ended(last) || ended(first) >= ended(last) || ended(published["publish"]) != ended(last) {
		t.Errorf("the trace is %v", published)
	}
	for _, span := range published {
		if name := span.GetName(); name != "publish" && !bytes.Equal(span.GetParentSpanId(), published["publish"].GetSpanId()) {
			t.Errorf("%s has another parent", name)
		}
		if len(span.GetTraceId()) != 16 || len(span.GetSpanId()) != 8 {
			t.Errorf("the ids of %s are %s, %s", span.GetName(), hex.EncodeToString(span.GetTraceId()), hex.EncodeToString(span.GetSpanId()))
		}
	}
	if at := time.Unix(0, int64(first.GetStartTimeUnixNano())); time.Since(at) > e2etest.Hang || at.After(time.Now()) {
		t.Errorf("it was published at %s", at)
	}
	s.File("correct", a.ID, s.Markdown("A zebra was seen", "It was a horse."), "--note", "It was a horse.")
	c.trace("correct")
	s.Must("withdraw", a.ID, "--reason", "There was no animal.")
	c.trace("withdraw")
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, secret := range []string{"zebra", "horse", "animal", strings.TrimPrefix(early.Server.URL, "http://"), strings.TrimPrefix(late.Server.URL, "http://"), a.ID} {
		if bytes.Contains(c.said, []byte(secret)) {
			t.Errorf("the collector is told of %q", secret)
		}
	}
	if text := s.Log.String(); strings.Count(text, "the collector of traces does not take them") != 1 || !strings.Contains(text, "the collector of traces answers again") {
		t.Errorf("the log says\n%s", text)
	}
}
