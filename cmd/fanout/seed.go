package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"communique/cmd/internal/bench"
	"communique/cmd/internal/config"
	"communique/storage"
	"communique/storage/audience"
	"communique/storage/deliveries"
	"communique/storage/newsdesk"
	"communique/storage/postgres"
	"communique/storage/press"
	"communique/storage/publog"
	"communique/storage/sqlite"
)

// seeding fills an installation. Articles are published and changed over the
// years before now, then the followers come: what was said before is not
// delivered to them.
type seeding struct {
	settings // where the followers are, as a later measure will have them
	data     string
	articles int
	entries  int
	failing  int // percent of the servers that back off
	ed25519  int // percent of the servers that say that they run what verifies it

	store  *storage.Store
	source string
	at     time.Time // the store's clock
	random *rand.Rand
	stderr io.Writer
}

const (
	seedBatch = 1000
	seedYears = 3
)

func newSeeding(stderr io.Writer) seeding {
	return seeding{stderr: stderr, random: rand.New(rand.NewPCG(1, 2))}
}

func runSeed(ctx context.Context, args []string, stderr io.Writer) error {
	s := newSeeding(stderr)
	f := bench.Flags("fanout seed", stderr)
	s.followings(f, 30_000, 1_000_000, false)
	f.StringVar(&s.data, "data", "", "folder of the installation, which has a section and is not served")
	f.IntVar(&s.port, "port", 19_000, "port of all servers")
	f.StringVar(&s.authority, "https", "", "the servers speak https, by this authority")
	f.IntVar(&s.articles, "articles", 100_000, "number of articles")
	f.IntVar(&s.entries, "entries", 200_000, "entries of the log: what is not an article is a correction, now and then a withdrawal")
	f.IntVar(&s.failing, "failing", 0, "percent of the servers that failed a while ago and back off")
	if err := f.Parse(args); err != nil {
		return err
	}
	if s.data == "" || s.hosts < 1 || s.entries < s.articles {
		return errors.New("name -data, and at least as many -entries as -articles; as in: fanout seed -data try -shared")
	}
	return s.fill(ctx)
}

// seedClock is the clock of the database that is filled: it says when what is
// stored next was written.
type seedClock struct{ *seeding }

func (c seedClock) Now() time.Time       { return c.at }
func (seedClock) Elapsed() time.Duration { return storage.SystemClock{}.Elapsed() }

func (s *seeding) fill(ctx context.Context) (err error) {
	s.at = time.Now().AddDate(-seedYears, 0, 0)
	c, err := config.Load(s.data, os.Getenv)
	if err != nil {
		return err
	}
	if c.Server == "" {
		s.store, err = sqlite.Open(ctx, filepath.Join(s.data, config.Database), seedClock{s})
	} else {
		s.store, err = postgres.Open(ctx, c.Server, seedClock{s})
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.store.Close()) }()
	if err := s.speak(ctx); err != nil {
		return err
	}
	s.at = time.Now()
	if err := s.gather(ctx); err != nil {
		return err
	}
	if err := s.say(ctx); err != nil {
		return err
	}
	return s.fail(ctx)
}

// batches runs fn for 0 to n-1, many in one transaction, and tells how far it is.
func (s *seeding) batches(ctx context.Context, what string, n int, fn func(tx *storage.Tx, i int) error) error {
	for from := 0; from < n; from += seedBatch {
		err := s.store.Update(ctx, func(tx *storage.Tx) error {
			for i := from; i < min(n, from+seedBatch); i++ {
				if err := fn(tx, i); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("seed %s: %w", what, err)
		}
		if from/seedBatch%20 == 0 {
			fmt.Fprintf(s.stderr, "%s: %d of %d\n", what, from, n)
		}
	}
	return nil
}

// speak publishes the articles and changes some of them.
func (s *seeding) speak(ctx context.Context) error {
	step := time.Duration(seedYears) * 365 * 24 * time.Hour / time.Duration(max(1, s.entries))
	var section press.SectionID
	var known []press.ArticleID
	draft := func(i int) press.Draft {
		return press.Draft{
			Section: section, Language: "en", Title: fmt.Sprintf("Statement %d of the ministry", i),
			Lead: "What was said, in a sentence.", Body: "<p>What was said, in a paragraph of the usual length, so that it weighs what they weigh.</p>",
		}
	}
	changes := s.entries - s.articles
	return s.batches(ctx, "entries", s.entries, func(tx *storage.Tx, i int) error {
		s.at = s.at.Add(step)
		if section == 0 {
			tree, err := tx.Tree()
			if err != nil {
				return err
			}
			tree.Walk(func(one press.Section, _ int) { section = one.ID })
		}
		left := s.entries - i
		if len(known) == 0 || s.random.IntN(left) >= changes {
			a, _, err := tx.Publish(draft(i))
			known = append(known, a.ID)
			return err
		}
		changes--
		return s.change(tx, &known, draft(i))
	})
}

// change withdraws one article in fifty and corrects the others.
func (s *seeding) change(tx *storage.Tx, known *[]press.ArticleID, d press.Draft) error {
	n := s.random.IntN(len(*known))
	id := (*known)[n]
	if s.random.IntN(50) > 0 {
		_, _, err := tx.Correct(id, newsdesk.Correction{Draft: d, Note: "A name."})
		return err
	}
	(*known)[n] = (*known)[len(*known)-1]
	*known = (*known)[:len(*known)-1]
	_, _, err := tx.Withdraw(id, "Issued in error.")
	return err
}

// gather lets everybody follow.
func (s *seeding) gather(ctx context.Context) error {
	f := &fediverse{settings: s.settings}
	return s.batches(ctx, "followers", s.followers, func(tx *storage.Tx, n int) error {
		if s.source == "" {
			actor, err := tx.Fact("actor")
			if err != nil {
				return err
			}
			s.source = publog.ActorSource(actor)
		}
		id := f.follower(n)
		accept := deliveries.Directed{ID: id + "/accept", Source: s.source, Recipient: id, Inbox: id + "/inbox", Body: []byte("{}")}
		_, err := tx.AddFollower(audience.Follow{
			Source: s.source, Actor: id, Inbox: id + "/inbox", Delivery: f.delivery(n), ID: id + "/follow", Signed: tx.Now(), Accept: accept,
		})
		if err != nil {
			return err
		}
		return tx.FinishDirected(accept.ID)
	})
}

// say says what the servers run, if some verify Ed25519.
func (s *seeding) say(ctx context.Context) error {
	if s.ed25519 == 0 {
		return nil
	}
	f := &fediverse{settings: s.settings}
	return s.batches(ctx, "software", s.hosts, func(tx *storage.Tx, n int) error {
		runs := deliveries.Software{Name: "gotosocial", Version: "0.20.2"}
		if takesEd25519(n, s.ed25519) {
			runs = deliveries.Software{Name: "mastodon", Version: "4.7.0"}
		}
		return tx.SetSoftware(press.HostOf(f.base(n)), runs)
	})
}

// takesEd25519 reports whether a server is one of the percent that do.
func takesEd25519(n, percent int) bool { return n*37%100 < percent }

// fail lets a share of the servers back off: they lack the last entry, and
// their next attempts are spread over the hour.
func (s *seeding) fail(ctx context.Context) error {
	if s.failing == 0 {
		return nil
	}
	return s.store.Update(ctx, func(tx *storage.Tx) error {
		if _, err := tx.AppendActor(s.source[len("actor:"):]); err != nil {
			return err
		}
		generation, err := tx.NextGeneration()
		if err != nil {
			return err
		}
		for n := 0; ; {
			claimed, err := tx.ClaimBehind(deliveries.Claim{
				Source: s.source, Generation: generation, Shards: deliveries.AllShards, PerHost: s.followers, Limit: seedBatch,
			})
			if err != nil || len(claimed.Destinations) == 0 {
				return err
			}
			var settlements []deliveries.Settlement
			for _, d := range claimed.Destinations {
				n++
				settlements = append(settlements, s.outcome(d, claimed.Sources[s.source].Head, n))
			}
			if err := tx.Settle(generation, settlements); err != nil {
				return err
			}
		}
	})
}

func (s *seeding) outcome(d deliveries.Destination, head press.Seq, n int) deliveries.Settlement {
	if n*37%100 >= s.failing {
		return deliveries.Settlement{
			Destination: d.ID, Source: d.Source, Cursor: head, State: deliveries.StateActive, Succeeded: true,
			Followers: d.Followers, Latency: time.Duration(20+s.random.IntN(200)) * time.Millisecond,
		}
	}
	return deliveries.Settlement{
		Destination: d.ID, Source: d.Source, Cursor: d.Cursor, Failures: 12, FailingSince: s.at.Add(-24 * time.Hour), State: deliveries.StateActive,
		NextAttempt: s.at.Add(time.Duration(s.random.IntN(3600)) * time.Second), Error: "connection refused",
	}
}
