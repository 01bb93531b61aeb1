package main

import (
	"context"
	"crypto"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"communique/cmd/internal/bench"
	"communique/cmd/internal/config"
	"communique/federation/signature"
	"communique/federation/vocab"
)

// cost measures what a delivery takes of the processors, by each signer and where many
// servers take Ed25519, in turns with the bare loop of Go's RSA: on a machine that is
// busy with other things a rate says little, and this says more.
type cost struct {
	*fediverse
	settings settings
	binary   string
	ed25519  int // percent of the servers, in the last case
	stderr   io.Writer
}

// costCase is a publisher of its own that is measured.
type costCase struct {
	Name   string    `json:"name"`
	Costs  []float64 `json:"costs"`  // microseconds for a delivery, one a round
	Shares []float64 `json:"shares"` // of the bare loop before and after

	signer  string
	ed25519 int // percent of the servers
	in      bench.Installation
	servers []*bench.Process            // of communique
	keys    map[string]crypto.PublicKey // of its actor, by id
}

// used is what its servers have used of the processors.
func (one *costCase) used() (all time.Duration) {
	for _, server := range one.servers {
		all += bench.ProcessorTime(server.PID())
	}
	return all
}

// end ends its servers.
func (one *costCase) end() {
	for _, server := range one.servers {
		_ = server.Kill() // it may have ended
	}
}

// costReport is what came of it.
type costReport struct {
	Inboxes int         `json:"live_inboxes"`
	Bare    []float64   `json:"bare"` // microseconds for a POST
	Cases   []*costCase `json:"cases"`
}

func runCost(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	c := cost{stderr: stderr}
	f := bench.Flags("fanout cost", stderr)
	f.StringVar(&c.binary, "communique", "", "the program to measure")
	f.IntVar(&c.settings.hosts, "hosts", 1000, "number of servers, each with an inbox")
	f.IntVar(&c.settings.rounds, "rounds", 3, "number of rounds; the report gives the medians")
	f.IntVar(&c.ed25519, "ed25519", 60, "percent of the servers that take Ed25519, in the last case")
	f.DurationVar(&c.settings.patience, "patience", time.Minute, "when to stop waiting for a publication")
	f.BoolVar(&c.settings.json, "json", false, "print an object instead of a table")
	if err := f.Parse(args); err != nil {
		return err
	}
	if c.binary == "" || c.settings.hosts < 1 || c.settings.rounds < 1 {
		return errors.New("name -communique, as in: fanout cost -communique ./communique")
	}
	c.settings.followers = c.settings.hosts
	r, err := c.measure(ctx)
	if err != nil {
		return err
	}
	if c.settings.json {
		err = json.NewEncoder(stdout).Encode(r)
	} else {
		err = r.writeTable(stdout)
	}
	return errors.Join(err, c.Faults())
}

// measure measures in folders that are removed.
func (c *cost) measure(ctx context.Context) (r costReport, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if c.fediverse, err = newFediverse(ctx, c.settings); err != nil {
		return r, err
	}
	defer c.close()
	// Each delivery is as at first contact: a publisher that kept connections from one
	// round to the next would be compared with a loop that does not.
	c.server.SetKeepAlivesEnabled(false)
	data, err := os.MkdirTemp("", "fanout")
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(data)) }()
	r.Inboxes, r.Cases = len(c.live()), c.cases()
	for i, one := range r.Cases {
		if err := c.install(ctx, one, filepath.Join(data, fmt.Sprint(i))); err != nil {
			return r, err
		}
		defer one.end()
	}
	c.recording.Store(true)
	for n := range c.rounds {
		if err := c.round(ctx, &r, data, n); err != nil {
			return r, err
		}
	}
	return r, nil
}

// cases are the publishers, each better than the one before.
func (c *cost) cases() []*costCase {
	all := []*costCase{{Name: "Go's RSA", signer: signature.RSAByGo}}
	if _, err := signature.ChooseRSA(signature.RSAByOpenSSL, func(error) {}); err != nil {
		fmt.Fprintln(c.stderr, err)
	} else {
		all = append(all, &costCase{Name: "OpenSSL's RSA", signer: signature.RSAByOpenSSL})
	}
	rest := all[len(all)-1]
	return append(all, &costCase{Name: fmt.Sprintf("Ed25519 for %d %%, the rest by %s", c.ed25519, rest.Name), signer: rest.signer, ed25519: c.ed25519})
}

// install makes a case's installation, which everybody follows already, and serves it.
func (c *cost) install(ctx context.Context, one *costCase, data string) (err error) {
	if one.in, err = bench.Install(ctx, c.binary, data); err != nil {
		return err
	}
	if err := c.prepare(ctx, one, data); err != nil {
		return err
	}
	server, err := one.in.Serve(ctx, nil)
	if err != nil {
		return err
	}
	one.servers = append(one.servers, server)
	one.keys, err = c.keysOf(ctx, one.in.Base+"/actors/"+bench.Actor)
	return err
}

// prepare has the installation sign as the case does, and lets everybody follow.
func (c *cost) prepare(ctx context.Context, one *costCase, data string) error {
	file := filepath.Join(data, config.File)
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	text = []byte(strings.Replace(string(text), "signer: "+signature.RSAAuto, "signer: "+one.signer, 1))
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return err
	}
	if err := one.in.Run(ctx, "section", "add", "News"); err != nil {
		return err
	}
	seed := newSeeding(io.Discard)
	seed.settings, seed.data, seed.articles, seed.entries, seed.ed25519 = c.fediverse.settings, data, 1, 1, one.ed25519
	return seed.fill(ctx)
}

// keysOf reads the keys of an actor.
func (c *cost) keysOf(ctx context.Context, actor string) (map[string]crypto.PublicKey, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, actor, nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Accept", vocab.MediaType)
	answer, err := c.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	var document struct {
		PublicKey       struct{ ID, PublicKeyPem string }
		AssertionMethod []struct{ ID, PublicKeyMultibase string }
	}
	if err := json.NewDecoder(answer.Body).Decode(&document); err != nil {
		return nil, fmt.Errorf("read %s: %w", actor, err)
	}
	keys := map[string]crypto.PublicKey{}
	if keys[document.PublicKey.ID], err = signature.ParsePublicKey(document.PublicKey.PublicKeyPem); err != nil {
		return nil, err
	}
	for _, m := range document.AssertionMethod {
		if keys[m.ID], err = signature.ParseMultikey(m.PublicKeyMultibase); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

// round is one publication of each case, the bare loop before, between and after.
func (c *cost) round(ctx context.Context, r *costReport, data string, n int) error {
	before, err := c.limit(ctx, costAtOnce)
	if err != nil {
		return err
	}
	for _, one := range r.Cases {
		spent, err := c.publish(ctx, one, data, n)
		if err != nil {
			return err
		}
		after, err := c.limit(ctx, costAtOnce)
		if err != nil {
			return err
		}
		r.Bare = append(r.Bare, before.Cost)
		one.Costs = append(one.Costs, spent)
		one.Shares = append(one.Shares, spent/((before.Cost+after.Cost)/2))
		before = after
	}
	return nil
}

const (
	// costAtOnce is what suits the bare loop on a few processors.
	costAtOnce = 8
	// costSettled is when what was delivered is settled, too.
	costSettled = 300 * time.Millisecond
)

// publish publishes one article and returns what a delivery of it took.
func (c *cost) publish(ctx context.Context, one *costCase, data string, n int) (float64, error) {
	article, err := c.article(one, data, n)
	if err != nil {
		return 0, err
	}
	c.judge.Store(one)
	live, began, used := c.live(), time.Now(), one.used()
	if err := one.in.Run(ctx, "publish", "--again", article); err != nil {
		return 0, err
	}
	c.await(ctx, live, began)
	time.Sleep(costSettled)
	return perPost(one.used()-used, len(live)), nil
}

// article writes the document of a round.
func (c *cost) article(one *costCase, data string, n int) (file string, err error) {
	file = filepath.Join(data, "article.md")
	text := fmt.Sprintf("---\ntitle: Statement %d, by %s\nsection: news\n---\n\n%s\n", n, one.Name, strings.Repeat(fmt.Sprintf("What the ministry says in its statement %d. ", n), typicalBody/50))
	return file, os.WriteFile(file, []byte(text), 0o600)
}

// judge verifies a delivery where that is what the case is about: who takes Ed25519
// gets it, and the others do not.
func (one *costCase) judge(r *http.Request, body []byte) error {
	base := "http://" + r.Host
	signed, err := signature.Parse(r, body, base, time.Now())
	if err != nil {
		return err
	}
	byEd25519 := strings.Contains(signed.KeyID, "#ed25519")
	if takesEd25519(number(r.Host), one.ed25519) != byEd25519 {
		return fmt.Errorf("it is signed with %s", signed.KeyID)
	}
	if !byEd25519 {
		return nil // which costs the processors that are measured
	}
	return signed.Verify(one.keys[signed.KeyID])
}

func (r costReport) writeTable(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintf(t, "processor time for a delivery to %d inboxes, medians of %d rounds\t\tof the bare loop\n", r.Inboxes, len(r.Cases[0].Costs))
	fmt.Fprintf(t, "the bare loop of crypto/rsa and POST\t%.0f µs\t1\n", bench.Median(r.Bare))
	for _, one := range r.Cases {
		fmt.Fprintf(t, "%s\t%.0f µs\t%.2f\n", one.Name, bench.Median(one.Costs), bench.Median(one.Shares))
	}
	return t.Flush()
}
