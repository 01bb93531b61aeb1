package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"text/tabwriter"
	"time"

	"communique/cmd/internal/bench"
	"communique/storage/lazyregexp"
)

// starved measures a publisher on a machine that is busy with other things: it
// stands back for as many loops as it is told. All that it waits for is then its own
// turn, and the servers, which answer at once, must have each activity once.
type starved struct {
	*fediverse
	settings settings
	binary   string
	nice     int
	loops    int
	stderr   io.Writer
}

// starvedReport is what came of it.
type starvedReport struct {
	Inboxes  int     `json:"live_inboxes"`
	Bad      string  `json:"bad,omitempty"`
	Nice     int     `json:"nice"`
	Loops    int     `json:"busy_loops"`
	Reached  int     `json:"reached"`
	Repeated int     `json:"repeated"`
	Failed   int     `json:"failed"`     // deliveries to live inboxes that the server took for failures
	BadSeen  int     `json:"bad_failed"` // those to bad ones
	Seconds  float64 `json:"seconds"`    // until all were reached
	CPU      float64 `json:"cpu"`        // seconds of processor time that the server used; 0 if not known
}

func runStarved(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	s := starved{stderr: stderr}
	f := bench.Flags("fanout starved", stderr)
	f.StringVar(&s.binary, "communique", "", "the program to measure")
	f.IntVar(&s.settings.hosts, "hosts", 1000, "number of servers, each with an inbox")
	f.IntVar(&s.nice, "nice", 19, "how far the program stands back for others")
	f.IntVar(&s.loops, "loops", 4, "number of busy loops beside it")
	f.Var(&s.settings.bad, "bad", "shares of servers that misbehave, as in 503=5 (percent)")
	f.DurationVar(&s.settings.patience, "patience", time.Hour, "when to stop waiting")
	f.BoolVar(&s.settings.json, "json", false, "print an object instead of a table")
	if err := f.Parse(args); err != nil {
		return err
	}
	if s.binary == "" || s.settings.hosts < 1 {
		return errors.New("name -communique, as in: fanout starved -communique ./communique -hosts 300")
	}
	s.settings.followers = s.settings.hosts
	r, err := s.measure(ctx)
	if err != nil {
		return err
	}
	if s.settings.json {
		err = json.NewEncoder(stdout).Encode(r)
	} else {
		err = r.writeTable(stdout)
	}
	return errors.Join(err, r.faults(), s.Faults())
}

// measure publishes once, in a folder that is removed.
func (s *starved) measure(ctx context.Context) (r starvedReport, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if s.fediverse, err = newFediverse(ctx, s.settings); err != nil {
		return r, err
	}
	defer s.close()
	data, err := os.MkdirTemp("", "fanout")
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(data)) }()
	log := &failureLog{next: s.stderr, failed: map[string]int{}}
	in, err := s.install(ctx, filepath.Join(data, "installation"))
	if err != nil {
		return r, err
	}
	article := filepath.Join(data, "article.md")
	if err := os.WriteFile(article, []byte("---\ntitle: A statement\nsection: news\n---\n\nWhat the ministry says.\n"), 0o600); err != nil {
		return r, err
	}
	for range s.loops {
		stop, err := busyLoop(ctx)
		if err != nil {
			return r, err
		}
		defer stop()
	}
	server, err := in.Serve(ctx, log)
	if err != nil {
		return r, err
	}
	defer func() { _ = server.Kill() }()
	s.recording.Store(true)
	live, began := s.live(), time.Now()
	if err := in.Run(ctx, "publish", article); err != nil {
		return r, err
	}
	s.await(ctx, live, began)
	time.Sleep(settling) // what is sent again comes within that
	one := s.round(began, began, 0)
	r = starvedReport{
		Inboxes: len(live), Bad: s.bad.String(), Nice: s.nice, Loops: s.loops, Reached: one.Reached, Repeated: one.Repeated,
		Seconds: one.ReachedMS["100"] / 1000, CPU: bench.ProcessorTime(server.PID()).Seconds(),
	}
	r.Failed, r.BadSeen = log.count(s.fediverse)
	return r, nil
}

// settling is longer than the pause after a first failure.
const settling = 8 * time.Second

// install makes an installation that everybody follows already.
func (s *starved) install(ctx context.Context, data string) (bench.Installation, error) {
	in, err := bench.Install(ctx, s.binary, data)
	if err != nil {
		return in, err
	}
	in.Nice = s.nice
	if err := in.Run(ctx, "section", "add", "News"); err != nil {
		return in, err
	}
	seed := newSeeding(io.Discard)
	seed.settings, seed.data, seed.articles, seed.entries = s.fediverse.settings, data, 1, 1
	return in, seed.fill(ctx)
}

// busyLoop keeps a processor busy until it is stopped.
func busyLoop(ctx context.Context) (stop func(), err error) {
	cmd := exec.CommandContext(ctx, "sh", "-c", "while :; do :; done")
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start a busy loop: %w", err)
	}
	return func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
	}, nil
}

// failureLog reads a server's log for deliveries that failed.
type failureLog struct {
	next io.Writer

	mu     sync.Mutex
	rest   []byte         // a line that is not complete
	failed map[string]int // by host and port
}

var failureLine = lazyregexp.New(`msg="delivery failed" to=https?://([^/ ]+)`)

// Write implements [io.Writer].
func (l *failureLog) Write(text []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rest = append(l.rest, text...)
	for {
		line, rest, complete := bytes.Cut(l.rest, []byte("\n"))
		if !complete {
			return l.next.Write(text)
		}
		if found := failureLine.FindSubmatch(line); found != nil {
			l.failed[string(found[1])]++
		}
		l.rest = rest
	}
}

// count counts the failures of the servers that are well, and of those that are not.
func (l *failureLog) count(f *fediverse) (well, bad int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for host, n := range l.failed {
		if f.bad.assign(number(host)) == "" {
			well += n
		} else {
			bad += n
		}
	}
	return well, bad
}

// faults is an error if anybody who answers was taken for silent.
func (r starvedReport) faults() error {
	switch {
	case r.Failed > 0 || r.Repeated > 0 || r.Reached < r.Inboxes:
		return fmt.Errorf("of %d inboxes that answer %d were reached, %d deliveries to them were taken for failures, and %d came twice",
			r.Inboxes, r.Reached, r.Failed, r.Repeated)
	case r.Bad != "" && r.BadSeen == 0:
		return errors.New("servers misbehave, and the log does not tell of it")
	}
	return nil
}

func (r starvedReport) writeTable(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	row := func(what, format string, args ...any) { fmt.Fprintf(t, "%s\t%s\n", what, fmt.Sprintf(format, args...)) }
	row("live inboxes reached", "%d of %d", r.Reached, r.Inboxes)
	row("niceness, busy loops", "%d, %d", r.Nice, r.Loops)
	row("all reached after", "%.0f s", r.Seconds)
	if r.CPU > 0 {
		row("processor time of the server", "%.1f s", r.CPU)
	}
	row("taken for failures", "%d", r.Failed)
	if r.Bad != "" {
		row("failures of bad servers", "%d", r.BadSeen)
	}
	row("arrivals repeated", "%d", r.Repeated)
	return t.Flush()
}
