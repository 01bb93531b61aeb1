package config

import (
	"fmt"
	"time"
)

// Limits are what one client, or one server of the fediverse, may take.
type Limits struct {
	// Connections is how many one client may have open at a time.
	Connections int `yaml:"connections"`
	// HeaderSize is how large the header of a request may be, in KiB.
	HeaderSize int `yaml:"header_size"`
	// HeaderWithin, RequestWithin, AnswerWithin and Idle are for how long, in seconds, a
	// client may take for a header, a whole request and an answer, and for nothing.
	HeaderWithin  int `yaml:"header_within"`
	RequestWithin int `yaml:"request_within"`
	AnswerWithin  int `yaml:"answer_within"`
	Idle          int `yaml:"idle"`
	// Verified is how many messages of one domain are taken in a minute, and Unverified how
	// many that do not verify of one client in five.
	Verified   int `yaml:"verified"`
	Unverified int `yaml:"unverified"`
	// Fetches is how often one domain is asked in a minute.
	Fetches int `yaml:"fetches"`
}

// Seconds is a limit in seconds.
func Seconds(limit int) time.Duration { return time.Duration(limit) * time.Second }

// checkLimits fills in what is not said. A limit out of its bounds would be a mistake: one
// that is too small locks readers out, and one that is too large is none.
func (f file) checkLimits(c *Config) error {
	c.Limits = f.Limits
	for _, l := range []struct {
		name                   string
		limit                  *int
		otherwise, least, most int
	}{
		{"connections", &c.Limits.Connections, 256, 8, 100_000},
		{"header_size", &c.Limits.HeaderSize, 16, 4, 1024},
		{"header_within", &c.Limits.HeaderWithin, 5, 1, 60},
		{"request_within", &c.Limits.RequestWithin, 15, 1, 600},
		{"answer_within", &c.Limits.AnswerWithin, 30, 1, 3600},
		{"idle", &c.Limits.Idle, 60, 1, 3600},
		{"verified", &c.Limits.Verified, 15_000, 60, 1_000_000},
		{"unverified", &c.Limits.Unverified, 300, 10, 1_000_000},
		{"fetches", &c.Limits.Fetches, 60, 10, 100_000},
	} {
		switch {
		case *l.limit == 0:
			*l.limit = l.otherwise
		case *l.limit < l.least || *l.limit > l.most:
			return &FieldError{Field: "limits." + l.name, Text: fmt.Sprintf("%d is not between %d and %d", *l.limit, l.least, l.most)}
		}
	}
	return nil
}
