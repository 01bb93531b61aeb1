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

// limit is one of the [Limits], with what it is if nothing is said and its bounds.
type limit struct {
	name                   string
	value                  *int
	otherwise, least, most int
}

func (l *Limits) all() []limit {
	return []limit{
		{"connections", &l.Connections, 256, 8, 100_000},
		{"header_size", &l.HeaderSize, 16, 4, 1024},
		{"header_within", &l.HeaderWithin, 5, 1, 60},
		{"request_within", &l.RequestWithin, 15, 1, 600},
		{"answer_within", &l.AnswerWithin, 30, 1, 3600},
		{"idle", &l.Idle, 60, 1, 3600},
		{"verified", &l.Verified, 15_000, 60, 1_000_000},
		{"unverified", &l.Unverified, 300, 10, 1_000_000},
		{"fetches", &l.Fetches, 60, 10, 100_000},
	}
}

func usualLimits() (usual Limits) {
	for _, l := range usual.all() {
		*l.value = l.otherwise
	}
	return usual
}

// checkLimits refuses a limit out of its bounds, which would be a mistake: one that is too
// small locks readers out, and one that is too large is none.
func (f file) checkLimits(c *Config) error {
	if c.Limits = f.Limits; f.Limits == (Limits{}) { // nothing stands behind the word
		c.Limits = usualLimits()
	}
	for _, l := range c.Limits.all() {
		if *l.value < l.least || *l.value > l.most {
			return &FieldError{Field: "limits." + l.name, Text: fmt.Sprintf("%d is not between %d and %d", *l.value, l.least, l.most)}
		}
	}
	return nil
}
