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
