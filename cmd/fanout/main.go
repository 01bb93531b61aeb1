// Command fanout measures how fast a publisher reaches its followers. It plays
// a fediverse on one machine: many servers, each at an address of its own in
// 127.0.0.0/8, with followers of which some hang, fail or answer slowly. They
// follow the actor that it is pointed to by real signed requests; then a command
// is run that publishes, and each arrival is recorded and held to what is
// promised: all of it, in order, and no id with two bodies.
//
// In the same run it measures the limit: the bare loop of one signature and one
// POST to the same servers, at the concurrency that suits it best. The rate of
// the publisher is given as a share of that, because absolute figures of small
// and noisy machines say little.
//
// fanout seed fills an installation of communique with a following, articles
// and a log of any size, for measures that would take hours to follow by hand.
//
// fanout intake measures the other direction: how many Follows an inbox takes in.
//
// fanout starved publishes on a machine that has no processor time to spare, and
// holds the publisher to what that must not change: nobody who answers is taken for
// silent, or is sent anything twice.
//
// fanout cost measures the processor time of a delivery by each signer, and where many
// servers take Ed25519, in turns with the bare loop.
//
// fanout engines measures that on each engine, the database's server included, near and
// further away, with a dump of it under way, and where several replicas share the work.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"communique/cmd/internal/bench"
)

// settings are what the flags say.
type settings struct {
	actor     string
	publish   string
	pid       int
	then      string
	after     time.Duration
	rounds    int
	hosts     int
	followers int
	shared    bool
	seeded    bool
	port      int
	authority string
	delay     time.Duration
	bad       shares
	patience  time.Duration
	json      bool
	plot      string
}

func main() { bench.Main("fanout", run) }

func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	switch {
	case len(args) > 0 && args[0] == loopArgument:
		return runBareLoop(ctx, stdin, stdout)
	case len(args) > 0 && args[0] == inboxArgument:
		return runBareInbox(ctx, stdin, stdout)
	case len(args) > 0 && args[0] == "intake":
		return runIntake(ctx, args[1:], stdout, stderr)
	case len(args) > 0 && args[0] == "starved":
		return runStarved(ctx, args[1:], stdout, stderr)
	case len(args) > 0 && args[0] == "cost":
		return runCost(ctx, args[1:], stdout, stderr)
	case len(args) > 0 && args[0] == "engines":
		return runEngines(ctx, args[1:], stdout, stderr)
	case len(args) > 0 && args[0] == "seed":
		return runSeed(ctx, args[1:], stderr)
	}
	s, err := parse(args, stderr)
	if err != nil {
		return err
	}
	f, err := newFediverse(ctx, s)
	if err != nil {
		return err
	}
	defer f.close()
	if !s.seeded {
		fmt.Fprintf(stderr, "%d servers are up; %d followers ask to follow\n", s.hosts, s.followers)
		if err := f.follow(ctx, s.actor); err != nil {
			return err
		}
	}
	r, err := f.measure(ctx, stderr)
	if err != nil {
		return err
	}
	if s.plot != "" {
		if err := os.WriteFile(s.plot, []byte(r.svg()), 0o644); err != nil { //nolint:gosec // a picture for everybody
			return fmt.Errorf("write the plot: %w", err)
		}
	}
	if s.json {
		err = r.writeJSON(stdout)
	} else {
		err = r.writeTable(stdout)
	}
	return errors.Join(err, f.Faults())
}

// measure publishes as often as it was told to. Around each publication the
// limit is measured anew, because the machine is not the same from one second
// to the next.
func (f *fediverse) measure(ctx context.Context, stderr io.Writer) (report, error) {
	var r report
	best, err := f.limit(ctx, 2, 4, 8, 16, 32, 64)
	if err != nil {
		return r, err
	}
	f.recording.Store(true)
	live := f.live()
	before := best
	for n := range f.rounds {
		began, used := time.Now(), f.used()
		if err := command(ctx, f.publish, stderr); err != nil {
			return r, err
		}
		returned := time.Now()
		if f.then != "" {
			time.Sleep(f.after)
			if err := command(ctx, f.then, stderr); err != nil {
				return r, err
			}
		}
		f.await(ctx, live, began)
		spent := f.used() - used
		after, err := f.limit(ctx, best.AtOnce)
		if err != nil {
			return r, err
		}
		one := f.round(began, returned, (before.Rate+after.Rate)/2)
		one.Cost, one.LimitCost = perPost(spent, one.Reached), (before.Cost+after.Cost)/2
		fmt.Fprintf(stderr, "round %d: %d reached, %.0f a second, %.2f of the limit\n", n+1, one.Reached, one.Rate, one.Share)
		r.Rounds = append(r.Rounds, one)
		before = after
	}
	f.conditions(&r, best.AtOnce, len(live))
	return r, nil
}

// used is what the publisher has used of the processors; 0 if it is not known which
// process that is.
func (f *fediverse) used() time.Duration {
	if f.pid == 0 {
		return 0
	}
	return bench.ProcessorTime(f.pid)
}

// followings adds the flags that say how many follow, and from where.
func (s *settings) followings(f *flag.FlagSet, hosts, followers int, shared bool) {
	f.IntVar(&s.hosts, "hosts", hosts, "number of servers")
	f.IntVar(&s.followers, "followers", followers, "number of followers, spread over the servers")
	f.BoolVar(&s.shared, "shared", shared, "servers have a shared inbox")
}

func parse(args []string, stderr io.Writer) (settings, error) {
	var s settings
	f := bench.Flags("fanout", stderr)
	s.followings(f, 100, 100, false)
	f.StringVar(&s.actor, "actor", "", "id of the actor to follow")
	f.StringVar(&s.publish, "publish", "", "command that publishes one article, run by sh -c")
	f.IntVar(&s.pid, "pid", 0, "number of the publisher's process, to measure its processor time")
	f.StringVar(&s.then, "then", "", "command that corrects it while it is on its way")
	f.DurationVar(&s.after, "after", 300*time.Millisecond, "how long after the first command the second one is run")
	f.IntVar(&s.rounds, "rounds", 1, "how often to publish; the report gives the medians")
	f.BoolVar(&s.seeded, "seeded", false, "they follow already (fanout seed)")
	f.IntVar(&s.port, "port", 0, "port of all servers; any free one if it is 0")
	f.StringVar(&s.authority, "https", "", "serve https; the file of the authority, which is made if it is missing (for the publisher: SSL_CERT_FILE)")
	f.DurationVar(&s.delay, "delay", 0, "time that every inbox takes to answer")
	f.Var(&s.bad, "bad", "shares of servers that misbehave, as in hang=20,503=5 (percent); also drip, or any status")
	f.DurationVar(&s.patience, "patience", 2*time.Minute, "when to stop waiting")
	f.BoolVar(&s.json, "json", false, "print an object instead of a table")
	f.StringVar(&s.plot, "plot", "", "file for a plot of followers reached over time (SVG)")
	if err := f.Parse(args); err != nil {
		return s, err
	}
	if s.actor == "" || s.publish == "" || s.hosts < 1 || s.rounds < 1 || s.followers < s.hosts {
		return s, errors.New("name -actor and -publish, and at least as many followers as hosts; as in: fanout -actor http://127.0.0.1:8080/actors/ministry -publish 'communique publish --data try article.md' -hosts 2000 -followers 2000")
	}
	return s, nil
}

func command(ctx context.Context, text string, stderr io.Writer) error {
	cmd := exec.CommandContext(ctx, "sh", "-c", text)
	cmd.Stdout, cmd.Stderr = stderr, stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w", strings.TrimSpace(text), err)
	}
	return nil
}
