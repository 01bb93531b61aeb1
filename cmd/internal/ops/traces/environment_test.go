package traces

import (
	"compress/gzip"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	collectorpb "go.opentelemetry.io/proto/slim/otlp/collector/trace/v1"
	tracepb "go.opentelemetry.io/proto/slim/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// environment has variables.
func environment(all map[string]string) func(string) string {
	return func(name string) string { return all[name] }
}

// TestEnvironment: what the variables of OpenTelemetry say is done, those for traces before
// those for all; what cannot be done is refused by the name of its variable, and no value of
// one that may be a secret is repeated.
func TestEnvironment(t *testing.T) {
	t.Parallel()
	const configured, all = "http://127.0.0.1:4318/v1/traces", "OTEL_EXPORTER_OTLP_ENDPOINT"
	for name, c := range map[string]struct {
		address string
		env     map[string]string
		want    string // of what is read, or of the error
	}{
		"nothing":                   {"", nil, ""},
		"the configuration alone":   {configured, nil, configured},
		"an endpoint for all":       {configured, map[string]string{all: "https://collector.mfa.example/otlp/"}, "https://collector.mfa.example/otlp/v1/traces"},
		"an endpoint for traces":    {"", map[string]string{all: "https://a.mfa.example", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://b.mfa.example:4318"}, "http://b.mfa.example:4318/"},
		"no endpoint":               {"", map[string]string{"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, ""},
		"turned off":                {configured, map[string]string{"OTEL_SDK_DISABLED": "True", "OTEL_TRACES_SAMPLER": "?"}, ""},
		"no exporter":               {configured, map[string]string{"OTEL_TRACES_EXPORTER": "none"}, ""},
		"another exporter":          {configured, map[string]string{"OTEL_TRACES_EXPORTER": "zipkin"}, "error: OTEL_TRACES_EXPORTER"},
		"no address":                {"", map[string]string{all: "collector:4317"}, "error: OTEL_EXPORTER_OTLP_ENDPOINT"},
		"its protocol":              {configured, map[string]string{"OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"}, configured},
		"another protocol":          {configured, map[string]string{"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "grpc"}, "error: OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"},
		"headers":                   {configured, map[string]string{"OTEL_EXPORTER_OTLP_HEADERS": "authorization=Bearer%20s3cret, x-scope = a%2Cb"}, configured + " Authorization=Bearer s3cret X-Scope=a,b"},
		"headers that are none":     {configured, map[string]string{"OTEL_EXPORTER_OTLP_HEADERS": "s3cret"}, "error: OTEL_EXPORTER_OTLP_HEADERS"},
		"headers of two lines":      {configured, map[string]string{"OTEL_EXPORTER_OTLP_TRACES_HEADERS": "a=s3cret%0D%0Ab:c"}, "error: OTEL_EXPORTER_OTLP_TRACES_HEADERS"},
		"a timeout":                 {configured, map[string]string{"OTEL_EXPORTER_OTLP_TIMEOUT": "250"}, configured + " within 250ms"},
		"no timeout":                {configured, map[string]string{"OTEL_EXPORTER_OTLP_TIMEOUT": "5s"}, "error: OTEL_EXPORTER_OTLP_TIMEOUT"},
		"compression":               {configured, map[string]string{"OTEL_EXPORTER_OTLP_COMPRESSION": "gzip"}, configured + " gzip"},
		"another compression":       {configured, map[string]string{"OTEL_EXPORTER_OTLP_COMPRESSION": "zstd"}, "error: OTEL_EXPORTER_OTLP_COMPRESSION"},
		"a certificate that is not": {configured, map[string]string{"OTEL_EXPORTER_OTLP_CERTIFICATE": "/nowhere.pem"}, "error: OTEL_EXPORTER_OTLP_CERTIFICATE"},
		"a key without certificate": {configured, map[string]string{"OTEL_EXPORTER_OTLP_CLIENT_KEY": "/nowhere.pem"}, "error: OTEL_EXPORTER_OTLP_CLIENT_KEY"},
		"a service":                 {configured, map[string]string{"OTEL_SERVICE_NAME": "press", "OTEL_RESOURCE_ATTRIBUTES": "service.name=other,deployment.environment=staging"}, configured + " press deployment.environment=staging"},
		"a service among the rest":  {configured, map[string]string{"OTEL_RESOURCE_ATTRIBUTES": "service.name=other"}, configured + " other"},
		"attributes that are none":  {configured, map[string]string{"OTEL_RESOURCE_ATTRIBUTES": "=a"}, "error: OTEL_RESOURCE_ATTRIBUTES"},
		"all traces":                {configured, map[string]string{"OTEL_TRACES_SAMPLER": "parentbased_always_on"}, configured},
		"no traces":                 {configured, map[string]string{"OTEL_TRACES_SAMPLER": "always_off"}, configured + " share 0"},
		"some traces":               {configured, map[string]string{"OTEL_TRACES_SAMPLER": "parentbased_traceidratio", "OTEL_TRACES_SAMPLER_ARG": "0.25"}, configured + " share 0.25"},
		"too many traces":           {configured, map[string]string{"OTEL_TRACES_SAMPLER": "traceidratio", "OTEL_TRACES_SAMPLER_ARG": "NaN"}, "error: OTEL_TRACES_SAMPLER_ARG"},
		"another sampler":           {configured, map[string]string{"OTEL_TRACES_SAMPLER": "jaeger_remote"}, "error: OTEL_TRACES_SAMPLER"},
		"what changes nothing":      {configured, map[string]string{"OTEL_BSP_MAX_QUEUE_SIZE": "1"}, configured + " ignores OTEL_BSP_MAX_QUEUE_SIZE"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, ignored, err := ReadEnvironment(environment(c.env), c.address)
			got := said(e, ignored)
			if err != nil {
				variable, _, _ := strings.Cut(err.Error(), ":")
				got = "error: " + variable
				if strings.Contains(err.Error(), "s3cret") {
					t.Errorf("the error is %v", err)
				}
			}
			if got != c.want {
				t.Errorf("it is read as %q (%v), want %q", got, err, c.want)
			}
		})
	}
}

// said is what differs from what is usual.
func said(e Export, ignored []string) string {
	if e.Address == "" {
		return ""
	}
	all := []string{e.Address}
	for _, name := range []string{"Authorization", "X-Scope"} {
		if value := e.Header.Get(name); value != "" {
			all = append(all, name+"="+value)
		}
	}
	if e.Within != usualWithin {
		all = append(all, "within "+e.Within.String())
	}
	if e.Gzip {
		all = append(all, "gzip")
	}
	if e.Service != usualService {
		all = append(all, e.Service)
	}
	for name, value := range e.Attributes {
		all = append(all, name+"="+value)
	}
	if e.Share != 1 {
		all = append(all, fmt.Sprint("share ", e.Share))
	}
	if len(ignored) > 0 {
		all = append(all, "ignores "+strings.Join(ignored, " "))
	}
	return strings.Join(all, " ")
}

// TestExported: a collector behind TLS with an authority of its own gets what the environment
// has said: packed, with its headers and with what the service is called.
func TestExported(t *testing.T) {
	t.Parallel()
	var request *http.Request
	var told collectorpb.ExportTraceServiceRequest
	collector := httptest.NewTLSServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		request = r
		packed, err := gzip.NewReader(r.Body)
		if err != nil {
			t.Error(err)
			return
		}
		body, err := io.ReadAll(packed)
		if err == nil {
			err = proto.Unmarshal(body, &told)
		}
		if err != nil {
			t.Error(err)
		}
	}))
	defer collector.Close()
	roots := filepath.Join(t.TempDir(), "roots.pem")
	if err := os.WriteFile(roots, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: collector.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	tracer, _ := site(t, "")
	e, _, err := ReadEnvironment(environment(map[string]string{
		"OTEL_EXPORTER_OTLP_ENDPOINT": collector.URL, "OTEL_EXPORTER_OTLP_CERTIFICATE": roots, "OTEL_EXPORTER_OTLP_COMPRESSION": "gzip",
		"OTEL_EXPORTER_OTLP_HEADERS": "authorization=Bearer%20s3cret", "OTEL_SERVICE_NAME": "press", "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment=staging,service.version=0",
	}), "")
	if err != nil {
		t.Fatal(err)
	}
	tracer.Export, tracer.client = e, newClient(e)
	tracer.ready = []*tracepb.Span{{Name: "publish"}}
	tracer.send(t.Context())
	if len(tracer.ready) > 0 || request == nil {
		t.Fatal("nothing was taken")
	}
	if got := request.URL.Path + " " + request.Header.Get("Authorization"); got != "/v1/traces Bearer s3cret" {
		t.Errorf("it is asked for %s", got)
	}
	var attributes []string
	for _, a := range told.GetResourceSpans()[0].GetResource().GetAttributes() {
		attributes = append(attributes, a.GetKey()+"="+a.GetValue().GetStringValue())
	}
	if got, want := strings.Join(attributes, " "), "service.name=press communique.site=https://press.mfa.example deployment.environment=staging service.version=1.2.3"; got != want {
		t.Errorf("the service is %s, want %s", got, want)
	}
}

// TestSampled: a share of the traces is told, of each site and entry always the same.
func TestSampled(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]map[float64]bool{
		"000000000000000000000000000000ff": {0: false, 0.25: true, 1: true},
		"00000000000000003fffffffffffffff": {0: false, 0.2: false, 0.26: true, 1: true},
		"0000000000000000ffffffffffffffff": {0: false, 0.99: false, 1: true},
	} {
		trace, err := hex.DecodeString(id)
		if err != nil {
			t.Fatal(err)
		}
		for share, is := range want {
			if got := (Export{Share: share}).samples(trace); got != is {
				t.Errorf("of a share of %g %s is told: %t", share, id, got)
			}
		}
	}
}
