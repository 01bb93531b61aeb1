package traces

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	commonpb "go.opentelemetry.io/proto/slim/otlp/common/v1"
	resourcepb "go.opentelemetry.io/proto/slim/otlp/resource/v1"
	"golang.org/x/net/http/httpguts"
)

// Export says to whom traces are told, and how.
type Export struct {
	Address string // of the collector, with its path; empty: to nobody
	Header  http.Header
	Within  time.Duration // how long it may take to answer
	Gzip    bool          // what it is sent
	TLS     *tls.Config   // nil is what is usual
	// Service is what its traces are called, Attributes is what else is told of it.
	Service    string
	Attributes map[string]string
	// Share of the traces is told.
	Share float64
}

const (
	usualService = "communique"
	usualWithin  = 5 * time.Second
	mostWithin   = time.Minute
)

// unheeded are variables that say how a program with spans of its own is to keep and hand on
// these. Here they have nothing to say.
var unheeded = []string{
	"OTEL_BSP_SCHEDULE_DELAY", "OTEL_BSP_EXPORT_TIMEOUT", "OTEL_BSP_MAX_QUEUE_SIZE", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE",
	"OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "OTEL_ATTRIBUTE_COUNT_LIMIT", "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT",
	"OTEL_SPAN_EVENT_COUNT_LIMIT", "OTEL_SPAN_LINK_COUNT_LIMIT", "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT",
}

// ReadEnvironment reads what the variables of OpenTelemetry say
// (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/ and
// https://opentelemetry.io/docs/specs/otel/protocol/exporter/). They override address, which
// the configuration says. What cannot be done is an error that names its variable; ignored
// are the variables that say something and change nothing.
func ReadEnvironment(env func(string) string, address string) (e Export, ignored []string, err error) {
	v := variables(env)
	if strings.EqualFold(env("OTEL_SDK_DISABLED"), "true") {
		return Export{}, nil, nil
	}
	switch exporter := env("OTEL_TRACES_EXPORTER"); exporter {
	case "", "otlp":
	case "none":
		return Export{}, nil, nil
	default:
		return Export{}, nil, fmt.Errorf("OTEL_TRACES_EXPORTER: %q is not known here: write otlp, or none", exporter)
	}
	e = Export{Address: address, Within: usualWithin, Service: usualService, Share: 1}
	if err := v.address(&e); err != nil || e.Address == "" {
		return Export{}, nil, err
	}
	for _, read := range []func(*Export) error{v.protocol, v.header, v.within, v.compression, v.certificates, v.resource, v.sampler} {
		if err := read(&e); err != nil {
			return Export{}, nil, err
		}
	}
	for _, name := range unheeded {
		if env(name) != "" {
			ignored = append(ignored, name)
		}
	}
	return e, ignored, nil
}

// variables looks one up.
type variables func(name string) string

// otlp is a variable of the exporter, the one for traces before the one for all, and its name.
func (v variables) otlp(what string) (value, name string) {
	for _, name := range []string{"OTEL_EXPORTER_OTLP_TRACES_" + what, "OTEL_EXPORTER_OTLP_" + what} {
		if value := v(name); value != "" {
			return value, name
		}
	}
	return "", ""
}

func (v variables) address(e *Export) error {
	const ofTraces = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
	text, name := v.otlp("ENDPOINT")
	if text == "" {
		return nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.Fragment != "" {
		return fmt.Errorf("%s: it is not the address of a collector: write one like http://127.0.0.1:4318", name)
	}
	if name != ofTraces {
		u = u.JoinPath("v1", "traces")
	} else if u.Path == "" {
		u.Path = "/"
	}
	e.Address = u.String()
	return nil
}

func (v variables) protocol(*Export) error {
	if text, name := v.otlp("PROTOCOL"); text != "" && text != "http/protobuf" {
		return fmt.Errorf("%s: %q is not spoken here: write http/protobuf, which collectors take at port 4318", name, text)
	}
	return nil
}

func (v variables) header(e *Export) error {
	text, name := v.otlp("HEADERS")
	all, err := pairs(text)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	e.Header = http.Header{}
	for key, value := range all {
		if !httpguts.ValidHeaderFieldName(key) || !httpguts.ValidHeaderFieldValue(value) {
			return fmt.Errorf("%s: %w", name, errPairs)
		}
		e.Header.Set(key, value)
	}
	return nil
}

// errPairs does not repeat what cannot be read: there may be a secret in it.
var errPairs = errors.New("it is not a list of names with values: write one like name=value,other=value, with %2C for a comma")

// pairs reads a list of names with values, which are percent-encoded.
func pairs(text string) (map[string]string, error) {
	all := map[string]string{}
	for pair := range strings.SplitSeq(text, ",") {
		if strings.TrimSpace(pair) == "" {
			continue
		}
		key, value, is := strings.Cut(pair, "=")
		decoded, err := url.PathUnescape(strings.TrimSpace(value))
		if key = strings.TrimSpace(key); !is || err != nil || key == "" {
			return nil, errPairs
		}
		all[key] = decoded
	}
	return all, nil
}

func (v variables) within(e *Export) error {
	text, name := v.otlp("TIMEOUT")
	if text == "" {
		return nil
	}
	n, err := strconv.Atoi(text)
	if e.Within = time.Duration(n) * time.Millisecond; err != nil || n <= 0 || e.Within > mostWithin {
		return fmt.Errorf("%s: %q is not a number of milliseconds between 1 and %d", name, text, mostWithin.Milliseconds())
	}
	return nil
}

func (v variables) compression(e *Export) error {
	text, name := v.otlp("COMPRESSION")
	if text != "" && text != "none" && text != "gzip" {
		return fmt.Errorf("%s: %q is not known here: write gzip, or none", name, text)
	}
	e.Gzip = text == "gzip"
	return nil
}

func (v variables) certificates(e *Export) error {
	roots, rootsName := v.otlp("CERTIFICATE")
	certificate, name := v.otlp("CLIENT_CERTIFICATE")
	key, keyName := v.otlp("CLIENT_KEY")
	if roots+certificate+key == "" {
		return nil
	}
	e.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
	if roots != "" {
		text, err := os.ReadFile(roots)
		if err != nil {
			return fmt.Errorf("%s: %w", rootsName, err)
		}
		if e.TLS.RootCAs = x509.NewCertPool(); !e.TLS.RootCAs.AppendCertsFromPEM(text) {
			return fmt.Errorf("%s: there is no certificate in %s: name a file of PEM", rootsName, roots)
		}
	}
	if certificate+key == "" {
		return nil
	}
	pair, err := tls.LoadX509KeyPair(certificate, key)
	if err != nil {
		return fmt.Errorf("%s: name the file of the certificate, and that of its key as OTEL_EXPORTER_OTLP_CLIENT_KEY: %w", cmp.Or(name, keyName), err)
	}
	e.TLS.Certificates = []tls.Certificate{pair}
	return nil
}

func (v variables) resource(e *Export) error {
	const name, service = "OTEL_RESOURCE_ATTRIBUTES", "service.name"
	all, err := pairs(v(name))
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	e.Service = cmp.Or(v("OTEL_SERVICE_NAME"), all[service], e.Service)
	delete(all, service)
	e.Attributes = all
	return nil
}

func (v variables) sampler(e *Export) error {
	const name, argument = "OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG"
	switch sampler := v(name); strings.TrimPrefix(sampler, "parentbased_") { // nothing of ours has a parent
	case "", "always_on":
	case "always_off":
		e.Share = 0
	case "traceidratio":
		text := v(argument)
		if text == "" {
			return nil
		}
		share, err := strconv.ParseFloat(text, 64)
		if e.Share = share; err != nil || !(share >= 0 && share <= 1) {
			return fmt.Errorf("%s: %q is not a share between 0 and 1", argument, text)
		}
	default:
		return fmt.Errorf("%s: %q is not known here: write always_on, always_off or traceidratio, also with parentbased_ before it", name, sampler)
	}
	return nil
}

// samples tells whether a trace is told, by its id, as OpenTelemetry's samplers draw.
func (e Export) samples(trace []byte) bool {
	return e.Share >= 1 || float64(binary.BigEndian.Uint64(trace[8:16])>>1) < e.Share*(1<<63)
}

// resource is what is told of the service: its name, and the rest in the order of names. What we
// say of ourselves overrides what the environment says.
func (e Export) resource(own map[string]string) *resourcepb.Resource {
	all := map[string]string{}
	maps.Copy(all, e.Attributes)
	maps.Copy(all, own)
	r := &resourcepb.Resource{Attributes: []*commonpb.KeyValue{text("service.name", e.Service)}}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		r.Attributes = append(r.Attributes, text(name, all[name]))
	}
	return r
}
