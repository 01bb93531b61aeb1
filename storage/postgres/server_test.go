package postgres

import (
	"strings"
	"testing"
)

// TestServerFits: what keeps a server from being used, as far as it takes another
// server than there is.
func TestServerFits(t *testing.T) {
	t.Parallel()
	good := server{version: oldest, encoding: "UTF8", collation: "C", commit: "on", process: 7, promised: 7}
	for want, change := range map[string]func(*server){
		"":                       func(*server) {},
		"at least 15 is needed":  func(s *server) { s.version = 14 },
		"name the primary":       func(s *server) { s.standby = true },
		"name PostgreSQL itself": func(s *server) { s.process = 8 },
		"the rules of de_DE":     func(s *server) { s.collation = "de_DE.UTF-8" },
		"belong to root":         func(s *server) { s.owners = "root" },
	} {
		s := good
		change(&s)
		err := s.fit()
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
