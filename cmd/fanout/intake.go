package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"communique/cmd/internal/bench"
	"communique/federation/signature"
	"communique/federation/vocab"
)

// intake measures what comes in: how many Follows a second an inbox takes,
// durably, compared with a bare inbox that only verifies them; how many when the
// Accepts go out, too; and a storm of deletions by unknown actors. Every Follow
// that was answered 202 must be in the database, even after the server was killed.
type intake struct {
	*fediverse
	binary string
	atOnce int
	storm  int
	stderr io.Writer

	data string
	bare process // the inbox to compare with
	next int     // the first follower who does not follow yet
}

func runIntake(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	i := intake{stderr: stderr}
	var s settings
	f := bench.Flags("fanout intake", stderr)
	s.followings(f, 20, 2000, true)
	f.StringVar(&i.binary, "communique", "", "the program to measure")
	f.IntVar(&s.rounds, "rounds", 3, "number of rounds; the report gives the medians")
	f.IntVar(&i.atOnce, "at-once", 256, "number of connections; large servers deliver by dozens of workers, each on a connection of its own: this is four or more of them at once")
	f.IntVar(&i.storm, "storm", 50_000, "number of Deletes by unknown actors")
	f.BoolVar(&s.json, "json", false, "print an object instead of a table")
	if err := f.Parse(args); err != nil {
		return err
	}
	if i.binary == "" || s.hosts < 1 || s.rounds < 1 || s.followers < s.hosts || i.atOnce < 1 {
		return errors.New("name -communique, and at least as many followers as hosts; as in: fanout intake -communique ./communique")
	}
	r, err := i.measure(ctx, s)
	if err != nil {
		return err
	}
	if s.json {
		return json.NewEncoder(stdout).Encode(r)
	}
	return r.writeTable(stdout)
}

// measure runs one part after the other, in a folder that is removed.
func (i *intake) measure(ctx context.Context, s settings) (r intakeReport, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if i.fediverse, err = newFediverse(ctx, s); err != nil {
		return r, err
	}
	defer i.close()
	if i.data, err = os.MkdirTemp("", "fanout"); err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(i.data)) }()
	if i.bare, err = i.startBareInbox(ctx); err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, i.bare.stop()) }()
	r = intakeReport{Hosts: s.hosts, Follows: s.followers, Shared: s.shared, AtOnce: i.atOnce}
	for _, part := range []func(context.Context, *intakeReport) error{i.paused, i.answered} {
		if err := part(ctx, &r); err != nil {
			return r, err
		}
	}
	return r, nil
}

// paused measures the taking in alone, the storm, and what a kill leaves.
func (i *intake) paused(ctx context.Context, r *intakeReport) error {
	in, err := install(ctx, i.binary, filepath.Join(i.data, "paused"), i.stderr)
	if err != nil {
		return err
	}
	defer func() { _ = in.serving.Kill() }()
	if err := i.pauseAll(ctx, in); err != nil {
		return err
	}
	if err := i.compare(ctx, in, r); err != nil {
		return err
	}
	if err := i.weather(ctx, in, r); err != nil {
		return err
	}
	return i.killed(ctx, in, r)
}

// pauseAll lets one actor of each host follow, and pauses the host.
func (i *intake) pauseAll(ctx context.Context, in *installation) error {
	scouts, err := i.follows(ctx, in, 0, i.hosts)
	if err != nil {
		return err
	}
	if err := scouts.send(ctx, i.atOnce).strict("first followers"); err != nil {
		return err
	}
	i.next = i.hosts
	for n := range i.hosts {
		if err := in.pause(ctx, fmt.Sprintf("%s:%d", address(n), i.port)); err != nil {
			return err
		}
	}
	return nil
}

// follows signs the Follows of some followers.
func (i *intake) follows(ctx context.Context, in *installation, from, n int) (barrage, error) {
	return i.sign(ctx, in.inbox(), n, func(n int) (note, error) {
		id := i.follower(from + n)
		text, err := vocab.Marshal(vocab.NewFollow(vocab.Follow{ID: id + "/follow", Actor: id, Object: in.actor()}))
		return note{id + "#main-key", text}, err
	})
}

// meet makes the keys of some followers known to the installation: each sends
// an activity that is verified and then ignored.
func (i *intake) meet(ctx context.Context, in *installation, from, n int) error {
	views, err := i.sign(ctx, in.inbox(), n, func(n int) (note, error) {
		id := i.follower(from + n)
		text, err := json.Marshal(map[string]string{"id": id + "/view", "type": "View", "actor": id, "object": in.actor()})
		return note{id + "#main-key", text}, err
	})
	if err != nil {
		return err
	}
	return views.send(ctx, i.atOnce).strict("first messages")
}

// compare sends Follows to the inbox and to the bare one in turn.
func (i *intake) compare(ctx context.Context, in *installation, r *intakeReport) error {
	fmt.Fprintf(i.stderr, "%d actors become known\n", i.rounds*i.followers)
	if err := i.meet(ctx, in, i.next, i.rounds*i.followers); err != nil {
		return err
	}
	toBare, err := i.sign(ctx, i.bare.inbox, i.followers, func(n int) (note, error) {
		id := i.follower(n)
		text, err := vocab.Marshal(vocab.NewFollow(vocab.Follow{ID: id + "/follow", Actor: id, Object: in.actor()}))
		return note{id + "#main-key", text}, err
	})
	if err != nil {
		return err
	}
	for n := range i.rounds {
		toUs, err := i.follows(ctx, in, i.next, i.followers)
		if err != nil {
			return err
		}
		one, err := i.turnAbout(ctx, in, toBare, toUs)
		if err != nil {
			return err
		}
		r.Rounds = append(r.Rounds, one)
		fmt.Fprintf(i.stderr, "round %d: %.0f Follows a second, %.0f bare, %.2f of it; processor time %.2f of it\n",
			n+1, one.Taken, one.Bare, one.Taken/one.Bare, one.BareCost/one.Cost)
		i.next += i.followers
	}
	return nil
}

// turnAbout sends Follows to the inbox, and to the bare one before and after:
// the machine is not the same from one second to the next.
func (i *intake) turnAbout(ctx context.Context, in *installation, toBare, toUs barrage) (one intakeRound, err error) {
	before, costBefore := measured(ctx, toBare, i.atOnce, i.bare.pid)
	taken, cost := measured(ctx, toUs, i.atOnce, in.serving.PID())
	after, costAfter := measured(ctx, toBare, i.atOnce, i.bare.pid)
	if err := errors.Join(before.strict("bare inbox"), taken.strict("inbox"), after.strict("bare inbox")); err != nil {
		return one, err
	}
	return intakeRound{
		Taken: taken.rate(), Bare: (before.rate() + after.rate()) / 2,
		Cost: cost, BareCost: (costBefore + costAfter) / 2,
	}, i.stand(ctx, in, taken)
}

// measured sends a barrage and returns also what a request cost the process
// that answered, in microseconds of processor time.
func measured(ctx context.Context, b barrage, atOnce, pid int) (outcome, float64) {
	before := bench.ProcessorTime(pid)
	o := b.send(ctx, atOnce)
	return o, float64((bench.ProcessorTime(pid) - before).Microseconds()) / float64(len(b.requests))
}

// stand checks that every follower that was answered 202 is in the database.
func (i *intake) stand(ctx context.Context, in *installation, o outcome) error {
	known, err := in.followers(ctx)
	if err != nil {
		return err
	}
	for _, n := range o.accepted {
		if id := i.follower(i.next + n); !known[id] {
			return fmt.Errorf("the Follow of %s was answered 202 and is lost", id)
		}
	}
	return nil
}

// weather sends the storm: deletions by unknown actors, whose keys are gone with
// them.
func (i *intake) weather(ctx context.Context, in *installation, r *intakeReport) error {
	if i.storm == 0 {
		return nil
	}
	storm, err := i.strangers(ctx, in)
	if err != nil {
		return err
	}
	before := i.fetches.Load()
	o := storm.send(ctx, i.atOnce)
	if err := o.strict("storm"); err != nil {
		return err
	}
	r.Storm, r.StormRate, r.StormFetches = i.storm, o.rate(), int(i.fetches.Load()-before)
	if r.StormFetches > 0 {
		return fmt.Errorf("the storm of %d deletions caused %d fetches", i.storm, r.StormFetches)
	}
	return nil
}

// strangers writes down the deletions. All have one signature: nobody could
// verify any of them.
func (i *intake) strangers(ctx context.Context, in *installation) (barrage, error) {
	const first = 1 << 40
	deletion := func(n int) (note, error) {
		id := i.follower(first + n)
		text, err := json.Marshal(map[string]string{"id": id + "#delete", "type": vocab.TypeDelete, "actor": id, "object": id})
		return note{id + "#main-key", text}, err
	}
	one, err := deletion(0)
	if err != nil {
		return barrage{}, err
	}
	model, err := i.request(ctx, in.inbox(), one)
	if err != nil {
		return barrage{}, err
	}
	b := barrage{host: in.Host(), requests: make([][]byte, i.storm)}
	for n := range b.requests {
		next, err := deletion(n)
		if err != nil {
			return b, err
		}
		r := model.Clone(ctx)
		r.Header.Set("Digest", signature.Digest(next.text))
		r.Header.Set("Signature", strings.Replace(r.Header.Get("Signature"), one.keyID, next.keyID, 1))
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(next.text)), int64(len(next.text))
		if b.requests[n], err = wire(r); err != nil {
			return b, err
		}
	}
	return b, nil
}

// killed kills the server while Follows come in, and checks what is left.
func (i *intake) killed(ctx context.Context, in *installation, r *intakeReport) error {
	toUs, err := i.follows(ctx, in, i.next, i.followers)
	if err != nil {
		return err
	}
	if err := i.meet(ctx, in, i.next, i.followers); err != nil {
		return err
	}
	half := barrage{toUs.host, toUs.requests[:i.followers/2]}
	if err := half.send(ctx, i.atOnce).strict("before the kill"); err != nil {
		return err
	}
	// In the middle of what is left.
	within := time.Duration(float64(i.followers) / 4 / r.median(intakeRound.taken) * float64(time.Second))
	timer := time.AfterFunc(within, func() { _ = in.serving.Kill() })
	defer timer.Stop()
	rest := barrage{toUs.host, toUs.requests[i.followers/2:]}
	o := rest.send(ctx, i.atOnce)
	<-in.serving.Ended
	r.KilledAfter = len(o.accepted)
	i.next += i.followers / 2
	return i.stand(ctx, in, o)
}

// answered measures from the first Follow to the last Accept.
func (i *intake) answered(ctx context.Context, r *intakeReport) error {
	in, err := install(ctx, i.binary, filepath.Join(i.data, "answered"), i.stderr)
	if err != nil {
		return err
	}
	defer func() { _ = in.serving.Kill() }()
	for n := range i.rounds {
		from := n * i.followers
		if err := i.meet(ctx, in, from, i.followers); err != nil {
			return err
		}
		toUs, err := i.follows(ctx, in, from, i.followers)
		if err != nil {
			return err
		}
		i.accepting.Lock()
		clear(i.accepted)
		i.accepting.Unlock()
		began := time.Now()
		if err := toUs.send(ctx, i.atOnce).strict("inbox"); err != nil {
			return err
		}
		if err := i.awaitAccepts(ctx); err != nil {
			return err
		}
		rate := float64(i.followers) / time.Since(began).Seconds()
		r.Answered = append(r.Answered, rate)
		fmt.Fprintf(i.stderr, "round %d: %.0f Follows a second with their Accepts\n", n+1, rate)
	}
	return nil
}
