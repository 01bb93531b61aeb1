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
	if err := checkAddress("metrics.listen", c.Metrics, DefaultMetrics); err != nil {
		return err
	}
	if c.Metrics == f.Listen {
		return &FieldError{Field: "metrics.listen", Text: "it is the address of the site: metrics are not for the public, choose another port"}
	}
	return nil
}

// checkAddress refuses what is not an address to listen on, at a field that may be off.
func checkAddress(field, address, usual string) error {
	if _, port, err := net.SplitHostPort(address); err != nil || port == "" {
		return &FieldError{Field: field, Text: fmt.Sprintf("%q is not a valid address to listen on: write host:port, as in %s, or off", address, usual)}
	}
	return nil
}
