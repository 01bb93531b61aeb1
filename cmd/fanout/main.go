// Command fanout measures how fast a publisher reaches its followers. It plays
// a fediverse on one machine: many servers, each at an address of its own in
// 127.0.0.0/8, with followers of which some hang, fail or answer slowly. They
// follow the actor that it is pointed to by real signed requests; then a command
// is run that publishes, and each arrival is recorded.
//
// In the same run it measures the limit: the bare loop of one signature and one
// POST to the same servers, at the concurrency that suits it best. The rate of
// the publisher is given as a share of that, because absolute figures of small
// and noisy machines say little.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"time"
)

// settings are what the flags say.
type settings struct {
	actor     string
	publish   string
	hosts     int
	followers int
	shared    bool
	delay     time.Duration
	bad       shares
	patience  time.Duration
	json      bool
	plot      string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "fanout:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	s, err := parse(args, stderr)
	if err != nil {
		return err
	}
	f, err := newFediverse(ctx, s)
	if err != nil {
		return err
	}
	defer f.close()
	fmt.Fprintf(stderr, "%d servers are up; %d followers ask to follow\n", s.hosts, s.followers)
	if err := f.follow(ctx, s.actor); err != nil {
		return err
	}
	limit, err := f.limit(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(stderr, "the limit is %.0f a second at %d at once; publishing\n", limit.rate, limit.concurrency)
	f.begin()
	began := time.Now()
	if err := publish(ctx, s.publish, stderr); err != nil {
		return err
	}
	returned := time.Now()
	f.await(ctx, s.patience)
	report := f.report(began, returned, limit)
	if s.plot != "" {
		if err := os.WriteFile(s.plot, []byte(report.svg()), 0o644); err != nil { //nolint:gosec // a picture for everybody
			return fmt.Errorf("write the plot: %w", err)
		}
	}
	if s.json {
		err = report.writeJSON(stdout)
	} else {
		err = report.writeTable(stdout)
	}
	return errors.Join(err, f.faults())
}

func parse(args []string, stderr io.Writer) (settings, error) {
	var s settings
	f := flag.NewFlagSet("fanout", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&s.actor, "actor", "", "id of the actor to follow")
	f.StringVar(&s.publish, "publish", "", "command that publishes one article, run by sh -c")
	f.IntVar(&s.hosts, "hosts", 100, "number of servers")
	f.IntVar(&s.followers, "followers", 100, "number of followers, spread over the servers")
	f.BoolVar(&s.shared, "shared", false, "servers have a shared inbox")
	f.DurationVar(&s.delay, "delay", 0, "time that every inbox takes to answer")
	f.Var(&s.bad, "bad", "shares of servers that misbehave, as in hang=20,503=5 (percent); also drip, or any status")
	f.DurationVar(&s.patience, "patience", 2*time.Minute, "when to stop waiting")
	f.BoolVar(&s.json, "json", false, "print an object instead of a table")
	f.StringVar(&s.plot, "plot", "", "file for a plot of followers reached over time (SVG)")
	if err := f.Parse(args); err != nil {
		return s, err
	}
	if s.actor == "" || s.publish == "" || s.hosts < 1 || s.followers < s.hosts {
		return s, errors.New("name -actor and -publish, and at least as many followers as hosts; as in: fanout -actor http://127.0.0.1:8080/actors/ministry -publish 'communique publish --data try article.md' -hosts 2000 -followers 2000")
	}
	return s, nil
}

func publish(ctx context.Context, command string, stderr io.Writer) error {
	cmd := exec.CommandContext(ctx, "sh", "-c", command) //nolint:gosec // the user's own command
	cmd.Stdout, cmd.Stderr = stderr, stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w", strings.TrimSpace(command), err)
	}
	return nil
}
