package traces

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strconv"
	"time"

	collectorpb "go.opentelemetry.io/proto/slim/otlp/collector/trace/v1"
	commonpb "go.opentelemetry.io/proto/slim/otlp/common/v1"
	tracepb "go.opentelemetry.io/proto/slim/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

const (
	connectWithin = 5 * time.Second
	mostAnswer    = 64 << 10
	batch         = 512 // spans
)

func newClient(e Export) *http.Client {
	return &http.Client{
		Timeout: e.Within,
		Transport: &http.Transport{
			DialContext: (&net.Dialer{Timeout: connectWithin}).DialContext, TLSHandshakeTimeout: connectWithin, MaxIdleConns: 1, IdleConnTimeout: time.Minute,
			TLSClientConfig: e.TLS,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// send sends what is ready, if that may be tried.
func (t *Tracer) send(ctx context.Context) {
	for len(t.ready) > 0 && t.Store.Elapsed() >= t.next && ctx.Err() == nil {
		n := min(len(t.ready), batch)
		again, after, err := t.post(ctx, t.ready[:n])
		switch {
		case err == nil && t.pause > 0:
			t.Log.Info("the collector of traces answers again")
			t.pause = 0
		case err == nil:
		case t.pause == 0 && ctx.Err() == nil:
			t.Log.Warn("the collector of traces does not take them", "error", err)
		}
		if err != nil {
			t.pause = min(max(2*t.pause, after, lookEvery), mostPause)
			t.next = t.Store.Elapsed() + t.pause
		}
		if !again {
			t.ready = slices.Delete(t.ready, 0, n)
		}
	}
}

// post sends spans. If it fails it tells whether they may be sent again, and after how long
// the collector wants that (OTLP 1.11, Failures).
func (t *Tracer) post(ctx context.Context, spans []*tracepb.Span) (again bool, after time.Duration, err error) {
	body, err := proto.Marshal(&collectorpb.ExportTraceServiceRequest{ResourceSpans: []*tracepb.ResourceSpans{{
		Resource:   t.Export.resource(map[string]string{"service.version": t.Version, "communique.site": t.Site}),
		ScopeSpans: []*tracepb.ScopeSpans{{Scope: &commonpb.InstrumentationScope{Name: "communique"}, Spans: spans}},
	}}})
	if err != nil {
		return false, 0, fmt.Errorf("write traces: %w", err)
	}
	r, err := t.request(ctx, body)
	if err != nil {
		return false, 0, fmt.Errorf("send traces: %w", err)
	}
	got, err := t.client.Do(r)
	if err != nil {
		return true, 0, fmt.Errorf("send traces: %w", err)
	}
	defer got.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(got.Body, mostAnswer))
	if err != nil {
		return true, 0, fmt.Errorf("send traces: %w", err)
	}
	switch got.StatusCode {
	case http.StatusOK:
		var said collectorpb.ExportTraceServiceResponse
		if err := proto.Unmarshal(answer, &said); err == nil && said.GetPartialSuccess().GetRejectedSpans() > 0 {
			return false, 0, fmt.Errorf("send traces: %d of %d spans were rejected", said.GetPartialSuccess().GetRejectedSpans(), len(spans))
		}
		return false, 0, nil
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		seconds, _ := strconv.Atoi(got.Header.Get("Retry-After")) // 0 if it says nothing that is understood
		return true, time.Duration(max(0, seconds)) * time.Second, fmt.Errorf("send traces: status %d", got.StatusCode)
	}
	return false, 0, fmt.Errorf("send traces: status %d", got.StatusCode)
}

// request is one with spans for the collector.
func (t *Tracer) request(ctx context.Context, body []byte) (*http.Request, error) {
	if t.Export.Gzip {
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		_, err := w.Write(body)
		if err := errors.Join(err, w.Close()); err != nil {
			return nil, err
		}
		body = packed.Bytes()
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, t.Export.Address, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	maps.Copy(r.Header, t.Export.Header)
	r.Header.Set("Content-Type", "application/x-protobuf")
	r.Header.Set("User-Agent", "communique/"+t.Version)
	if t.Export.Gzip {
		r.Header.Set("Content-Encoding", "gzip")
	}
	return r, nil
}
