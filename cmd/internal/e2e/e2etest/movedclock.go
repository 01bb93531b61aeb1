package e2etest

import (
	"os"
	"strconv"
	"strings"
	"time"
)

// clockFile in the environment names a file that says, in nanoseconds, how far the
// clock of a program is ahead of the machine's.
const clockFile = "COMMUNIQUE_CLOCK_FILE"

// clockAhead in the environment says by how much the machine's clock is wrong, as a program
// sees it.
const clockAhead = "COMMUNIQUE_CLOCK_AHEAD"

// MachineAhead has programs of the site in processes of their own go by the machine's clock
// as they do outside of tests, which is by so much ahead of the right time there: where the
// database has a server, that one's clock takes its place.
func (s *Site) MachineAhead(by time.Duration) { s.clockIs = clockAhead + "=" + by.String() }

// movedClock is the clock of a program that a test moves: a server that is killed keeps
// the time of its test.
type movedClock struct {
	file    string
	started time.Time
}

// Now implements storage.Clock.
func (c movedClock) Now() time.Time { return time.Now().Add(c.ahead()) }

// Elapsed implements storage.Clock.
func (c movedClock) Elapsed() time.Duration { return time.Since(c.started) + c.ahead() }

func (c movedClock) ahead() time.Duration {
	text, err := os.ReadFile(c.file)
	if err != nil {
		return 0 // nobody has moved it
	}
	n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	if err != nil {
		panic("the clock's file: " + err.Error())
	}
	return time.Duration(n)
}

// Pass lets time pass for all commands and servers of the site, those in processes of
// their own included.
func (s *Site) Pass(d time.Duration) {
	s.T.Helper()
	s.Clock.Pass(d)
	ahead := time.Until(s.Clock.Now())
	next := s.clockFile() + ".next"
	err := os.WriteFile(next, []byte(strconv.FormatInt(int64(ahead), 10)), 0o600)
	if err == nil {
		err = os.Rename(next, s.clockFile())
	}
	if err != nil {
		s.T.Fatal(err)
	}
}

func (s *Site) clockFile() string { return s.Data + ".clock" }

// clockVariable tells a program in a process of its own what its clock is.
func (s *Site) clockVariable() string {
	if s.clockIs != "" {
		return s.clockIs
	}
	return clockFile + "=" + s.clockFile()
}
