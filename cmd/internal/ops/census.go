package ops

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"communique/feeds/purge"
	"communique/storage"
	"communique/storage/alarms"
	"communique/storage/deliveries"
	"communique/storage/press"
	"communique/storage/publog"
)

// Watched is what a server looks at to tell how it stands.
type Watched struct {
	Store *storage.Store
	Log   *slog.Logger
	// Purges tells whether there is a cache in front.
	Purges bool
	// Servers counts those that serve the database.
	Servers func(*storage.Tx) (Servers, error)
	// Backups is what is there of the backups that the database knows of.
	Backups func(storage.Backups) storage.Backups
	// Room returns the free and the whole space of the disk, in bytes.
	Room func() (free, total uint64, err error)
}

// Servers are those that serve the database, by state, and how many parts of the work are
// nobody's.
type Servers struct {
	States map[string]int
	Unheld int
}

const (
	// censusAge is how long a census is told again: whoever scrapes more often, or in
	// several places, costs nothing more.
	censusAge = 5 * time.Second
	// censusWithin bounds how long a scrape waits for the database.
	censusWithin = 5 * time.Second
)

// ofAll says of a metric how those of several servers are joined.
const ofAll = " It is of the whole database: join those of several servers by max, not by sum."

// described are the metrics of the census by their names, without "communique_".
var described = map[string]*prometheus.Desc{}

func describe(name, help string, labels ...string) string {
	described[name] = prometheus.NewDesc("communique_"+name, help, labels, nil)
	return name
}

var (
	databaseUp     = describe("database_up", "Whether the database answers.")
	databaseSize   = describe("database_size_bytes", "Size of the database."+ofAll)
	diskFree       = describe("disk_free_bytes", "Free space where the installation lies.")
	diskSize       = describe("disk_size_bytes", "Whole space where the installation lies.")
	logHead        = describe("log_head", "Number of the last entry of the publication log."+ofAll)
	logHeadAt      = describe("log_head_timestamp_seconds", "When the last entry was appended."+ofAll)
	destinations   = describe("destinations", "Inboxes and callbacks by state."+ofAll, "state")
	behind         = describe("destinations_behind", "Inboxes and callbacks that lack an entry."+ofAll)
	backlogAge     = describe("backlog_age_seconds", "For how long the one that answers, or is tried again, lacks an entry that lacks it for the longest; 0 if none does."+ofAll)
	reach          = describe("reach_seconds", "How long the newest article took to reach a share of the servers; absent until it has."+ofAll, "percent")
	followers      = describe("followers", "Followers of each actor."+ofAll, "actor")
	repliesWaiting = describe("replies_waiting", "Answers to articles that nobody has decided about."+ofAll)
	deskAlarms     = describe("desk_alarms", "Alarms of the desk that nobody has said they know of, by what they are about."+ofAll, "kind")
	heldBack       = describe("held_back", "Texts that have come to their instant and stay back, for nobody has approved them."+ofAll)
	lettersUnsent  = describe("letters_unsent", "Letters to those on duty that the mail server has not taken."+ofAll)
	embargoes      = describe("embargoes", "Articles under embargo."+ofAll)
	embargoNext    = describe("embargo_next_timestamp_seconds", "When the next embargo ends; absent if none does."+ofAll)
	embargoOverdue = describe("embargo_overdue_seconds", "For how long an embargo should have ended; 0 if none is late."+ofAll)
	embargoesHeld  = describe("embargoes_held", "Whether no embargo ends until somebody confirms the clock."+ofAll)
	subscriptions  = describe("hub_subscriptions", "Subscriptions at the hub."+ofAll)
	purgeLag       = describe("purge_lag_entries", "Entries that the cache in front was not told of; absent without a cache."+ofAll)
	purgeAge       = describe("purge_lag_seconds", "For how long the oldest of them has stood; 0 if there is none."+ofAll)
	backupAt       = describe("backup_timestamp_seconds", "When the last backup was made that is still in its folder, or has none; 0 if none is there any more, absent if none is known of."+ofAll)
	backupSize     = describe("backup_size_bytes", "Size of the last backup; absent if that is not known."+ofAll)
	backupFailing  = describe("backup_failed", "Whether the last backup that the server was to make could not be made."+ofAll)
	// A rehearsal restores a backup on trial.
	backupRehearsed = describe("backup_rehearsal_timestamp_seconds", "When the last backup was rehearsed; absent if none was."+ofAll)
	backupFault     = describe("backup_rehearsal_failed", "Whether the last rehearsal of a backup failed."+ofAll)
	backupProven    = describe("backup_proven_timestamp_seconds", "When the newest backup was made whose rehearsal went well; absent if there is none."+ofAll)
	servers         = describe("servers", "Servers of the database by state."+ofAll, "state")
	partsUnheld     = describe("parts_unheld", "Parts of the work that are no server's."+ofAll)
)

// census is a [prometheus.Collector] of what stands in the database.
type census struct {
	Watched

	mu      sync.Mutex
	taken   time.Time
	samples []sample
	reached reached
}

type sample struct {
	name  string
	value float64
	label string // empty for none
}

// reached is how long the newest article took, as far as it is known: it is counted until
// it has reached nearly all, and no longer.
type reached struct {
	entry   press.Seq
	samples []sample
}

// Describe implements [prometheus.Collector].
func (c *census) Describe(to chan<- *prometheus.Desc) {
	for _, d := range described {
		to <- d
	}
}

// Collect implements [prometheus.Collector].
func (c *census) Collect(to chan<- prometheus.Metric) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.taken.IsZero() || time.Since(c.taken) >= censusAge {
		c.samples = c.take()
		c.taken = time.Now()
	}
	for _, s := range c.samples {
		var labels []string
		if s.label != "" {
			labels = []string{s.label}
		}
		to <- prometheus.MustNewConstMetric(described[s.name], prometheus.GaugeValue, s.value, labels...)
	}
}

// take counts anew. What cannot be read is absent.
func (c *census) take() []sample {
	var all []sample
	if free, total, err := c.Room(); err == nil {
		all = append(all, sample{name: diskFree, value: float64(free)}, sample{name: diskSize, value: float64(total)})
	}
	ctx, cancel := context.WithTimeout(context.Background(), censusWithin)
	defer cancel()
	var read []sample
	err := c.Store.View(ctx, func(tx *storage.Tx) (err error) {
		read, err = c.read(tx)
		return err
	})
	if err != nil {
		c.Log.Debug("metrics of the database cannot be read", "error", err)
		return append(all, sample{name: databaseUp})
	}
	return append(append(all, read...), sample{name: databaseUp, value: 1})
}

func (c *census) read(tx *storage.Tx) ([]sample, error) {
	counted, err := tx.Census()
	if err != nil {
		return nil, err
	}
	counted.Backups = c.Backups(counted.Backups)
	all := samplesOf(counted)
	size, err := tx.Size()
	if err != nil {
		return nil, err
	}
	all = append(all, sample{name: databaseSize, value: float64(size)})
	serving, err := c.Servers(tx)
	if err != nil {
		return nil, err
	}
	all = append(all, sample{name: partsUnheld, value: float64(serving.Unheld)})
	for state, n := range serving.States {
		all = append(all, sample{servers, float64(n), state})
	}
	if c.Purges {
		lag, since, err := purge.Lag(tx)
		if err != nil {
			return nil, err
		}
		all = append(all, sample{name: purgeLag, value: float64(lag)}, sample{name: purgeAge, value: ageOf(since, tx.Now())})
	}
	arrived, err := c.newest(tx)
	return append(all, arrived...), err
}

func samplesOf(c storage.Census) []sample {
	all := []sample{
		{name: logHead, value: float64(c.Head.Seq)}, {name: behind, value: float64(c.Behind)}, {name: backlogAge, value: ageOf(c.Backlog, c.At)},
		{name: repliesWaiting, value: float64(c.Replies)}, {name: embargoes, value: float64(c.Drafts)},
		{name: embargoOverdue, value: ageOf(c.NextRelease, c.At)}, {name: embargoesHeld, value: bit(c.Held)}, {name: subscriptions, value: float64(c.Subscriptions)},
		{name: backupFailing, value: bit(c.Backups.Failed != "")}, {name: backupFault, value: bit(c.Backups.Fault != "")},
	}
	all = append(all, sample{name: heldBack, value: float64(c.HeldBack)}, sample{name: lettersUnsent, value: float64(c.Unsent)})
	for _, kind := range []alarms.Kind{alarms.Unapproved, alarms.Incomplete, alarms.Unreviewed, alarms.Objected, alarms.Rezoned, alarms.Recalled} {
		all = append(all, sample{deskAlarms, float64(c.Alarms[kind]), string(kind)})
	}
	if c.Backups.Size > 0 {
		all = append(all, sample{name: backupSize, value: float64(c.Backups.Size)})
	}
	for name, at := range map[string]time.Time{logHeadAt: c.Head.At, embargoNext: c.NextRelease, backupAt: c.Backups.Made, backupRehearsed: c.Backups.Rehearsed, backupProven: c.Backups.Proven} {
		if !at.IsZero() {
			all = append(all, sample{name: name, value: float64(at.UnixMilli()) / 1000})
		}
	}
	for _, state := range []string{"active", "failing", "paused", "unreachable", "gone"} {
		all = append(all, sample{destinations, float64(c.Destinations[state]), state})
	}
	for source, n := range c.Followers {
		all = append(all, sample{followers, float64(n), publog.Source{Name: source}.Actor()})
	}
	return all
}

// ageOf is how long ago an instant is; 0 if there is none, or if it lies ahead.
func ageOf(at, now time.Time) float64 {
	if at.IsZero() {
		return 0
	}
	return max(0, now.Sub(at).Seconds())
}

func bit(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

// newest is how long the newest article that was sent out took.
func (c *census) newest(tx *storage.Tx) ([]sample, error) {
	e, source, err := tx.NewestPushed()
	if err != nil || e.Seq == 0 || e.Seq == c.reached.entry {
		return c.reached.samples, err
	}
	r, err := tx.Reach(source, e)
	if err != nil {
		return nil, err
	}
	arrived := arrivedOf(r)
	if len(arrived) == 2 {
		c.reached = reached{e.Seq, arrived}
	}
	return arrived, nil
}

func arrivedOf(r deliveries.Reach) (all []sample) {
	for percent, label := range map[int]string{50: "50", 99: "99"} {
		if took, all99 := r.Within(percent); all99 {
			all = append(all, sample{reach, took.Seconds(), label})
		}
	}
	return all
}
