package config

import (
	"fmt"
	"net"
)

// DefaultMetrics is where monitoring is answered if nothing else is said.
const DefaultMetrics = "127.0.0.1:9464"

func (f file) checkMetrics(c *Config) error {
	switch c.Metrics = f.Metrics.Listen; c.Metrics {
	case "":
		c.Metrics = DefaultMetrics
	case "off":
		c.Metrics = ""
		return nil
	}
	_, port, err := net.SplitHostPort(c.Metrics)
	if err != nil || port == "" {
		return &FieldError{Field: "metrics.listen", Text: fmt.Sprintf("%q is not a valid address to listen on: write host:port, as in %s, or off", f.Metrics.Listen, DefaultMetrics)}
	}
	if c.Metrics == f.Listen {
		return &FieldError{Field: "metrics.listen", Text: "it is the address of the site: metrics are not for the public, choose another port"}
	}
	return nil
}
