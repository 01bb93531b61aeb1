package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"communique/cmd/internal/bench"
	"communique/federation/signature"
	"communique/storage/postgres/postgrestest"
)

// enginesRun measures a fan-out on each engine, in turns with the bare loop: what publishers
// and the server of their database use of the processors together.
type enginesRun struct {
	cost
	signer       string
	replicas     int
	publications int  // before the case with a snapshot is measured
	disk         bool // servers of databases wait for it
	only         *regexp.Regexp
	data         string
}

// farAway is how much longer everything takes on its way to a server that is further away,
// and on its way back.
const farAway = 500 * time.Microsecond

// engineCase is a publisher on an engine, or several that share the work.
type engineCase struct {
	costCase
	Rates   []float64   `json:"rates"`      // inboxes a second, one a round
	Publish []float64   `json:"publish_ms"` // until the command has returned
	Parts   [][]float64 `json:"parts"`      // of the processor time of all, each replica's

	server   *postgrestest.Server // nil: the database is a file
	far      time.Duration
	snapshot bool
	replicas int
	ends     []func() error
}

// engineReport is what came of it.
type engineReport struct {
	Inboxes int           `json:"live_inboxes"`
	Bare    []float64     `json:"bare"` // microseconds for a POST
	Cases   []*engineCase `json:"cases"`
}

func runEngines(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	e := enginesRun{cost: cost{stderr: stderr}}
	f := bench.Flags("fanout engines", stderr)
	f.StringVar(&e.binary, "communique", "", "the program to measure")
	f.StringVar(&e.signer, "signer", signature.RSAByGo, "what signs with RSA: "+signature.RSAByGo+", as the bare loop does, or "+signature.RSAAuto)
	f.IntVar(&e.settings.hosts, "hosts", 1000, "number of servers, each with an inbox")
	f.IntVar(&e.settings.rounds, "rounds", 20, "number of rounds; the report gives the medians")
	f.IntVar(&e.replicas, "replicas", 3, "number of replicas that share the work, in the last case")
	f.IntVar(&e.publications, "publications", 50, "number of publications while a snapshot is held open, before that case is measured; 0 leaves it out")
	only := f.String("only", "", "a regular expression that the names of the cases match that are measured")
	f.BoolVar(&e.disk, "disk", true, "servers of databases are on a disk and wait for it, as they should; else they are in memory, and what their commits take is not measured")
	f.DurationVar(&e.settings.patience, "patience", 2*time.Minute, "when to stop waiting for a publication")
	f.BoolVar(&e.settings.json, "json", false, "print an object instead of a table")
	if err := f.Parse(args); err != nil {
		return err
	}
	if e.binary == "" || e.settings.hosts < 1 || e.settings.rounds < 1 || e.replicas < 1 {
		return errors.New("name -communique, as in: fanout engines -communique ./communique")
	}
	var err error
	if e.only, err = regexp.Compile(*only); err != nil {
		return fmt.Errorf("-only: %w", err)
	}
	if len(e.cases()) == 0 {
		return errors.New("-only: no case has such a name")
	}
	e.settings.followers = e.settings.hosts
	r, err := e.measure(ctx)
	if err != nil {
		return err
	}
	if e.settings.json {
		err = json.NewEncoder(stdout).Encode(r)
	} else {
		err = r.writeTable(stdout)
	}
	return errors.Join(err, e.Faults())
}

// measure measures in folders that are removed.
func (e *enginesRun) measure(ctx context.Context) (r engineReport, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if e.fediverse, err = newFediverse(ctx, e.settings); err != nil {
		return r, err
	}
	defer e.close()
	e.server.SetKeepAlivesEnabled(false) // as in cost
	if e.data, err = os.MkdirTemp("", "fanout"); err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(e.data)) }()
	e.recording.Store(true)
	r.Inboxes, r.Cases = len(e.live()), e.cases()
	for i, one := range r.Cases {
		defer func() { err = errors.Join(err, one.end()) }()
		if err := e.install(ctx, one, filepath.Join(e.data, fmt.Sprint(i))); err != nil {
			return r, fmt.Errorf("%s: %w", one.Name, err)
		}
	}
	for n := range e.rounds {
		if err := e.round(ctx, &r, n); err != nil {
			return r, err
		}
		fmt.Fprintf(e.stderr, "round %d of %d\n", n+1, e.rounds)
	}
	return r, nil
}

func (e *enginesRun) cases() []*engineCase {
	all := []*engineCase{
		{costCase: costCase{Name: "SQLite"}, replicas: 1},
		{costCase: costCase{Name: "PostgreSQL"}, server: &postgrestest.Server{}, replicas: 1},
		{costCase: costCase{Name: fmt.Sprintf("PostgreSQL, %s further away", farAway)}, server: &postgrestest.Server{}, far: farAway, replicas: 1},
	}
	if e.publications > 0 {
		name := fmt.Sprintf("PostgreSQL, %d publications after a snapshot that is open", e.publications)
		all = append(all, &engineCase{costCase: costCase{Name: name}, server: &postgrestest.Server{}, snapshot: true, replicas: 1})
	}
	all = append(all, &engineCase{costCase: costCase{Name: fmt.Sprintf("PostgreSQL, %d replicas", e.replicas)}, server: &postgrestest.Server{}, replicas: e.replicas})
	for _, one := range all {
		one.signer = e.signer
	}
	return slices.DeleteFunc(all, func(one *engineCase) bool { return !e.only.MatchString(one.Name) })
}

// install makes a case's installation, with a database server of its own, which everybody
// follows already, and serves it.
func (e *enginesRun) install(ctx context.Context, one *engineCase, data string) error {
	address, over, err := one.database(e.disk)
	if err != nil {
		return err
	}
	if one.in, err = bench.InstallOn(ctx, e.binary, data, address); err != nil {
		return err
	}
	if err := e.prepare(ctx, &one.costCase, data); err != nil {
		return err
	}
	if err := readdress(one.in.Data, address, over); err != nil {
		return err
	}
	for n := range one.replicas {
		in := one.in
		if n > 0 {
			if in, err = one.in.Beside(fmt.Sprint(data, "-", n)); err != nil {
				return err
			}
		}
		server, err := in.Serve(ctx, nil)
		if err != nil {
			return err
		}
		one.servers = append(one.servers, server)
	}
	time.Sleep(sharing)
	if !one.snapshot {
		return nil
	}
	if err := one.hold(ctx, over); err != nil {
		return err
	}
	for n := range e.publications {
		if _, err := e.publish(ctx, one, -n-1); err != nil {
			return err
		}
	}
	return nil
}

// sharing is how long replicas have to share the work before they are given some.
const sharing = 5 * time.Second

// database starts the database server of a case, if it has one, and returns the addresses
// of a database there: one near, and the one that publishers use.
func (one *engineCase) database(disk bool) (address, over string, err error) {
	if one.server == nil {
		return "", "", nil
	}
	start := postgrestest.Start
	if disk {
		start = postgrestest.StartSafe
	}
	if one.server, err = start(); err != nil {
		return "", "", err
	}
	one.ends = append(one.ends, one.server.Stop)
	if address, err = one.server.Make("press", ""); err != nil || one.far == 0 {
		return address, address, err
	}
	link, over, err := postgrestest.Far(address, one.far)
	if err == nil {
		one.ends = append(one.ends, func() error {
			link.Close()
			return nil
		})
	}
	return address, over, err
}

// readdress gives an installation another address of its database.
func readdress(data, address, over string) error {
	if address == over {
		return nil
	}
	file := filepath.Join(data, "communique.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return os.WriteFile(file, []byte(strings.Replace(string(text), address, over, 1)), 0o600)
}

// hold holds a snapshot open, as pg_dump does for as long as it takes: nothing that is
// written over since can be cleared away.
func (one *engineCase) hold(ctx context.Context, address string) error {
	db, err := sql.Open("pgx", strings.Replace(address, "session_timeout=60s", "session_timeout=0", 1))
	if err != nil {
		return err
	}
	one.ends = append(one.ends, db.Close)
	tx, err := db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return err
	}
	one.ends = append(one.ends, tx.Rollback)
	var n int
	return tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM destinations`).Scan(&n)
}

// end ends everything that was started, the last one first.
func (one *engineCase) end() (err error) {
	one.costCase.end()
	for _, end := range slices.Backward(one.ends) {
		if failed := end(); failed != nil && !errors.Is(failed, sql.ErrTxDone) {
			err = errors.Join(err, failed)
		}
	}
	return err
}

// round is one publication of each case, the bare loop before, between and after.
func (e *enginesRun) round(ctx context.Context, r *engineReport, n int) error {
	before, err := e.limit(ctx, costAtOnce)
	if err != nil {
		return err
	}
	for _, one := range r.Cases {
		spent, err := e.publish(ctx, one, n)
		if err != nil {
			return fmt.Errorf("%s: %w", one.Name, err)
		}
		after, err := e.limit(ctx, costAtOnce)
		if err != nil {
			return err
		}
		r.Bare = append(r.Bare, before.Cost)
		one.Costs = append(one.Costs, spent.each)
		one.Shares = append(one.Shares, spent.each/((before.Cost+after.Cost)/2))
		one.Rates = append(one.Rates, spent.rate)
		one.Publish = append(one.Publish, spent.returned)
		one.Parts = append(one.Parts, spent.parts)
		before = after
	}
	return nil
}

// spent is what a publication took.
type spent struct {
	each     float64 // microseconds of the processors for a delivery
	rate     float64 // inboxes a second
	returned float64 // milliseconds until the command had returned
	parts    []float64
}

// publish publishes one article.
func (e *enginesRun) publish(ctx context.Context, one *engineCase, n int) (s spent, err error) {
	file, err := e.article(&one.costCase, e.data, n)
	if err != nil {
		return s, err
	}
	e.judge.Store(nil)
	live, began := e.live(), time.Now()
	before, err := one.each()
	if err != nil {
		return s, err
	}
	if err := one.in.Run(ctx, "publish", "--again", file); err != nil {
		return s, err
	}
	returned := time.Now()
	e.await(ctx, live, began)
	time.Sleep(costSettled)
	after, err := one.each()
	if err != nil {
		return s, err
	}
	var all, publishers time.Duration
	for i := range after {
		all += after[i] - before[i]
		if i < len(one.servers) {
			publishers += after[i] - before[i]
		}
	}
	for i := range one.servers {
		s.parts = append(s.parts, float64(after[i]-before[i])/float64(max(1, publishers)))
	}
	r := e.fediverse.round(began, returned, 1)
	s.each, s.rate, s.returned = perPost(all, len(live)), r.Rate, r.PublishMS
	return s, nil
}

// each is what each publisher has used of the processors, and last the database's server.
func (one *engineCase) each() (all []time.Duration, err error) {
	for _, server := range one.servers {
		all = append(all, bench.ProcessorTime(server.PID()))
	}
	if one.server == nil {
		return all, nil
	}
	pid, err := one.server.PID()
	return append(all, bench.ProcessorTime(pid)), err
}

func (r engineReport) writeTable(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintf(t, "processor time for a delivery to %d inboxes, medians of %d rounds\t\tof the bare loop\tinboxes a second\tpublish returns after\tshares\n", r.Inboxes, len(r.Cases[0].Costs))
	fmt.Fprintf(t, "the bare loop of crypto/rsa and POST\t%.0f µs\t1\n", bench.Median(r.Bare))
	for _, one := range r.Cases {
		fmt.Fprintf(t, "%s\t%.0f µs\t%.2f\t%.0f\t%.0f ms\t%s\n", one.Name, bench.Median(one.Costs), bench.Median(one.Shares),
			bench.Median(one.Rates), bench.Median(one.Publish), one.parts())
	}
	return t.Flush()
}

// parts are the medians of the shares of several replicas.
func (one *engineCase) parts() string {
	if one.replicas < 2 {
		return ""
	}
	var all []string
	for i := range one.replicas {
		var of []float64
		for _, parts := range one.Parts {
			of = append(of, parts[i])
		}
		all = append(all, fmt.Sprintf("%.0f %%", 100*bench.Median(of)))
	}
	return strings.Join(all, ", ")
}
