package command

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"communique/cmd/internal/check"
	"communique/storage"
	"communique/storage/deliveries"
	"communique/storage/postgres"
)

const (
	// overdueAfter is how long what is due may take to be public.
	overdueAfter = 5 * time.Second
	// handOver is how long a part of the work may be nobody's between two servers.
	handOver = 4 * time.Second
	// handOverEvery is the pause between two looks at that.
	handOverEvery = 500 * time.Millisecond
)

// status looks how the site stands.
func (in *installation) status(ctx context.Context) (*statusReport, error) {
	r, err := in.statusNow(ctx)
	for began := time.Now(); err == nil && r.Served && r.Unheld > 0 && time.Since(began) < handOver; {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(handOverEvery):
		}
		r, err = in.statusNow(ctx)
	}
	return r, err
}

func (in *installation) statusNow(ctx context.Context) (*statusReport, error) {
	served, settings, err := in.served(ctx)
	if err != nil {
		return nil, fmt.Errorf("look whether a server runs: %w", err)
	}
	r := &statusReport{Troubles: []trouble{}, Database: "sqlite", Served: served, Servers: []serverLine{}}
	if in.config.Server != "" {
		r.Database = "postgres"
	}
	var queue check.Queue
	var now time.Time
	var restored storage.Restoration
	err = in.store.View(ctx, func(tx *storage.Tx) (err error) {
		now = tx.Now()
		if r.Servers, r.Unheld, err = in.servers(tx, served, settings); err != nil {
			return err
		}
		if queue, err = queueOf(tx); err != nil {
			return err
		}
		if restored, err = tx.Restoration(); err != nil {
			return err
		}
		known, err := tx.Backups()
		if err != nil {
			return err
		}
		r.Backups = in.backupsStatus(in.stillThere(known))
		return r.read(tx)
	})
	if err != nil {
		return nil, err
	}
	r.Deliveries.Servers, r.Deliveries.Behind, r.Deliveries.Failing = queue.Servers, queue.Behind, queue.Failing
	r.Deliveries.Unreachable, r.Deliveries.Paused = queue.Unreachable, queue.Paused
	if restored.Waits() {
		r.fail("this site was restored from a backup of %s, and is not served before communique restore --confirm", in.second(restored.Made))
	} else if !served {
		r.fail("no server runs on %s: nothing that is said goes out until serve runs", in.config.Data)
	}
	in.judgeServers(r)
	if settings != nil && in.isHeld(settings) {
		r.warn("the server that runs holds all deliveries (paused, or --hold-deliveries): nothing is sent to anybody")
	}
	if why, err := in.unwatched(ctx); err != nil {
		return nil, err
	} else if served && why != "" {
		r.warn("the server cannot be watched (metrics.listen), and monitoring may ask another one in its place: %s", why)
	}
	if changed := in.changed(settings, in.settings(ctx)); settings != nil && len(changed) > 0 {
		r.warn("%s", outdated(changed))
	}
	if f := check.Deliveries(queue); f.Verdict == check.Fail {
		r.fail("deliveries stand still: %s", f.Observed)
	}
	in.judgeEmbargoes(r, now)
	if err := in.judgeCertificate(ctx, r, now); err != nil {
		return nil, err
	}
	if err := in.judgeJournal(ctx, r, now); err != nil {
		return nil, err
	}
	switch verdict, observed := in.judgeBackups(r.Backups.thereBackups, now); verdict {
	case check.Fail:
		r.fail("backups: %s", observed)
	case check.Warn:
		r.warn("backups: %s", observed)
	}
	r.Well = len(r.Troubles) == 0
	return r, nil
}

func (r *statusReport) fail(format string, args ...any) {
	r.Troubles = append(r.Troubles, trouble{check.Fail, fmt.Sprintf(format, args...)})
}

func (r *statusReport) warn(format string, args ...any) {
	r.Troubles = append(r.Troubles, trouble{check.Warn, fmt.Sprintf(format, args...)})
}

// read reads how far the log and the deliveries are, and what is under embargo.
func (r *statusReport) read(tx *storage.Tx) error {
	head, err := tx.Head()
	if err != nil {
		return err
	}
	r.Log = logLine{Seq: head.Seq, At: stamp(head.At), at: head.At}
	if !head.At.IsZero() {
		r.Log.Age = tx.Now().Sub(head.At).Seconds()
	}
	d := &r.Deliveries
	if d.Longest, d.since, err = tx.LongestBehind(); err != nil {
		return err
	}
	d.Since = stamp(d.since)
	drafts, err := tx.Drafts()
	if err != nil {
		return err
	}
	e := &r.Embargoes
	e.Drafts = len(drafts)
	if e.next, err = tx.NextRelease(); err != nil {
		return err
	}
	e.Next = stamp(e.next)
	e.Held, err = tx.ClockHeld()
	return err
}

// servers are those that run, and how many parts of the work are none's.
func (in *installation) servers(tx *storage.Tx, served bool, settings map[string]string) ([]serverLine, int, error) {
	if in.config.Server == "" {
		return in.onlyServer(served, settings), 0, nil
	}
	known, err := tx.KnownReplicas()
	if err != nil {
		return nil, 0, err
	}
	leases, err := tx.Leases()
	if err != nil {
		return nil, 0, err
	}
	all, at := []serverLine{}, map[int64]int{}
	for i, k := range known {
		all, at[k.ID] = append(all, serverOf(k, tx.Now())), i
	}
	unheld := 0
	for _, l := range leases {
		i, ok := at[l.Holder]
		switch {
		case !ok:
			unheld++
		case l.Part < deliveries.Shards:
			all[i].Parts++
		default:
			all[i].Tasks = append(all[i].Tasks, storage.Task(l.Part-deliveries.Shards).String())
		}
	}
	return all, unheld, nil
}

// serverOf is what a replica says of itself.
func serverOf(r deliveries.Replica, now time.Time) serverLine {
	s := serverLine{Name: shortName(r.Name), Version: r.Version, Since: stamp(r.Since), State: serverRuns, Tasks: []string{}, since: r.Since}
	switch {
	case r.Until.IsZero():
		s.State = serverEnds
		return s
	case !r.Until.After(now):
		s.State = serverSilent
	}
	s.renewed = r.Until.Add(-postgres.LeaseFor)
	s.Renewed = stamp(s.renewed)
	return s
}

// shortName is the machine and the process of a replica, without what makes them unlike
// those before the machine was started again.
func shortName(name string) string {
	if i := strings.LastIndexByte(name, '/'); i > 0 {
		return name[:i]
	}
	return name
}

// onlyServer is the one that can run on an embedded database, if it does, with the settings
// that it was started with. Its lock tells since when.
func (in *installation) onlyServer(served bool, settings map[string]string) []serverLine {
	if !served {
		return []serverLine{}
	}
	s := serverLine{Name: in.config.Data, Version: settings[settingVersion], State: serverRuns, Parts: deliveries.Shards, Tasks: []string{}}
	for t := range storage.Task(storage.Tasks) {
		s.Tasks = append(s.Tasks, t.String())
	}
	if info, err := os.Stat(filepath.Join(in.config.Data, serveLock)); err == nil {
		s.since = info.ModTime()
		s.Since = stamp(s.since)
	}
	return []serverLine{s}
}

// judgeServers says what is wrong with those that share the work.
func (in *installation) judgeServers(r *statusReport) {
	if !r.Served {
		return
	}
	running := 0
	for _, s := range r.Servers {
		switch s.State {
		case serverRuns:
			running++
		case serverSilent:
			r.warn("%s has said nothing since %s: it died, or cannot reach the database", s.Name, in.second(s.renewed))
		}
	}
	switch {
	case running == 0:
		r.fail("what works on the database is none of the servers that share it: one that starts or ends, communique copy, or an older version")
	case r.Unheld > 0:
		r.fail("of the parts of the work, %d are no server's", r.Unheld)
	}
}

// journalWithin is how long the journal may take to tell what was done.
const journalWithin = 10 * time.Second

// unwrittenMeans says what it means that the journal is not written.
const unwrittenMeans = "it cannot be written, and the restore of a backup would not know of what was withdrawn. Make a backup after each withdrawal until that is mended"

// judgeJournal says whether the journal tells what was done.
func (in *installation) judgeJournal(ctx context.Context, r *statusReport, now time.Time) error {
	j, err := in.journals(ctx)
	if err != nil || j.Name == "" {
		return err
	}
	standing, err := in.journalOf(j.Name).Look(ctx)
	if err != nil {
		r.warn("the journal cannot be read: %s", oneLine(err))
	}
	switch {
	case standing.Lacks != nil:
		r.fail("%s", journalAlarm(standing.Lacks))
	case !j.Unwritten.IsZero():
		r.warn("the journal in %s has not been written since %s: "+unwrittenMeans, in.config.JournalFolder(), in.second(j.Unwritten))
	case standing.Behind && now.Sub(r.Log.at) > journalWithin:
		r.warn("the journal in %s does not tell what was done lately: "+unwrittenMeans, in.config.JournalFolder())
	}
	for _, d := range standing.Damaged {
		r.warn("the journal is damaged: %v", d)
	}
	return nil
}

// judgeEmbargoes says whether they end.
func (in *installation) judgeEmbargoes(r *statusReport, now time.Time) {
	e := r.Embargoes
	switch {
	case e.Held != "":
		r.fail("embargoes are held: %s. Look at the time and at the drafts, then run communique clock confirm", e.Held)
	case !e.next.IsZero() && now.Sub(e.next) > overdueAfter:
		r.fail("an embargo is overdue: it should have ended at %s", in.second(e.next))
	}
}
