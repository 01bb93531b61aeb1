package config

import (
	"net/url"
	"strings"
)

// tracesPath is where a collector takes traces if its address has no path (OTLP, OTLP/HTTP
// Request).
const tracesPath = "/v1/traces"

func (f file) checkTraces(c *Config) error {
	if f.Metrics.Traces == "" {
		return nil
	}
	u, err := url.Parse(f.Metrics.Traces)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.Fragment != "" {
		return &FieldError{Field: "metrics.traces", Text: "it is not the address of a collector of traces: write one like http://127.0.0.1:4318/v1/traces"}
	}
	if strings.Trim(u.Path, "/") == "" {
		u.Path = tracesPath
	}
	c.Traces = u.String()
	return nil
}
