package deliveries

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
	"communique/storage/publog"
)

// How a destination's next delivery is found.
const (
	dueBehind = 0 // its cursor is behind the head
	dueAt     = 1 // at its next attempt
	dueNever  = 2 // when somebody follows there again
)

// Claim says what a delivering process takes on.
type Claim struct {
	Source     string // of [Tx.ClaimBehind]; the other claims are for all sources
	Generation int64
	Shards     uint64   // bit n: hosts of shard n are this process's
	Except     []string // hosts that have enough to do
	PerHost    int      // most of one host
	// Taken is what was taken of each host before and counts for PerHost, as in
	// a claim of several sources; it is counted on. Nil counts for itself.
	Taken map[string]int
	Limit int
}

// Claimed is what was taken.
type Claimed struct {
	Destinations []Destination
	Messages     []Directed
	// Sources are those of the destinations, by name. Everything up to their
	// heads may arrive from now on.
	Sources map[string]publog.Source
	// More tells that the limit was reached; Crowded are the hosts of which
	// more is due than was taken.
	More    bool
	Crowded []string
}

const (
	notPaused = ` AND host NOT IN (SELECT host FROM paused_hosts)`
	// unclaimed is what the generation $1 does not hold of the shards $2.
	unclaimed = ` AND claimed_by <> $1 AND (CAST($2 AS BIGINT) >> CAST(shard AS INTEGER)) & 1 = 1` + notPaused
	claimable = unclaimed + ` AND waits_for = ''`
)

// ClaimBehind takes destinations that are behind one source's head, in the
// order of their cursors and ranks, and notes in each that everything up to the
// head may have arrived from now on. That note is committed before the first
// byte goes out: a reply that is lost, or a crash, can then never hide that a
// text may have been received. Claimed rows are not handed out again to their
// generation until they are settled.
func (tx *Tx) ClaimBehind(c Claim) (Claimed, error) {
	return tx.claim(c, `source = $3 AND due_by = 0 AND cursor < (SELECT seq FROM heads WHERE source = $3)`, `cursor, rank, id`, c.Source)
}

// ClaimRetries is [Tx.ClaimBehind] for destinations, of any source, that failed
// and whose next attempt is due. next is when the attempt after this one will be, should
// nothing be heard of this one: a process that dies at every start must not
// bother others at every start.
func (tx *Tx) ClaimRetries(c Claim, next func(Destination) time.Time) (Claimed, error) {
	now := strconv.FormatInt(kernel.Micros(tx.db.Now()), 10)
	claimed, err := tx.claim(c, `due_by = 1 AND next_attempt <= `+now, `next_attempt, id`)
	if err != nil {
		return claimed, err
	}
	for _, d := range claimed.Destinations {
		if err := tx.db.Exec(`UPDATE destinations SET next_attempt = $1 WHERE id = $2`, kernel.Micros(next(d)), d.ID); err != nil {
			return claimed, fmt.Errorf("note the attempt at %s: %w", d.URL, err)
		}
	}
	return claimed, nil
}

// SourcesBehind reads the names of the sources that may have something due
// without a new entry. It looks at each of them: some microseconds a source.
func (tx *Tx) SourcesBehind() ([]string, error) {
	var names []string
	err := tx.db.Each(func(scan func(...any) error) error {
		var name string
		err := scan(&name)
		names = append(names, name)
		return err
	}, `SELECT h.source FROM heads h WHERE EXISTS (
		SELECT 1 FROM destinations d WHERE d.source = h.source AND d.due_by = $1 AND d.cursor < h.seq) ORDER BY h.source`, dueBehind)
	if err != nil {
		return nil, fmt.Errorf("look for sources with something due: %w", err)
	}
	return names, nil
}

// claim takes what a condition says is due; its arguments begin with $3.
func (tx *Tx) claim(c Claim, due, order string, args ...any) (Claimed, error) {
	var claimed Claimed
	except, args := exclude(c.Except, append([]any{c.Generation, int64(c.Shards)}, args...)...)
	crowd := newCrowd(c)
	rows := 0
	err := tx.db.Each(func(scan func(...any) error) error {
		d, err := scanDestination(scan)
		if rows++; err == nil && crowd.room(d.Host) {
			claimed.Destinations = append(claimed.Destinations, d)
		}
		return err
	}, `SELECT `+destinationColumns+` FROM destinations WHERE `+due+claimable+except+
		` ORDER BY `+order+` LIMIT `+strconv.Itoa(c.Limit), args...)
	if err != nil {
		return claimed, fmt.Errorf("read due destinations: %w", err)
	}
	claimed.More, claimed.Crowded = rows == c.Limit, crowd.full()
	if claimed.Sources, err = tx.sourcesOf(claimed.Destinations); err != nil {
		return claimed, err
	}
	if err := tx.hold(claimed.Destinations, c.Generation); err != nil {
		return claimed, err
	}
	return claimed, tx.readSpans(claimed.Destinations)
}

func (tx *Tx) sourcesOf(destinations []Destination) (map[string]publog.Source, error) {
	sources := map[string]publog.Source{}
	for _, d := range destinations {
		if _, ok := sources[d.Source]; ok {
			continue
		}
		s, err := tx.log.Source(d.Source)
		if err != nil {
			return nil, err
		}
		sources[d.Source] = s
	}
	return sources, nil
}

// exclude writes the condition that leaves out hosts, after the arguments that
// there are.
func exclude(hosts []string, args ...any) (string, []any) {
	if len(hosts) == 0 {
		return "", args
	}
	places := make([]string, 0, len(hosts))
	for _, host := range hosts {
		args = append(args, host)
		places = append(places, "$"+strconv.Itoa(len(args)))
	}
	return " AND host NOT IN (" + strings.Join(places, ",") + ")", args
}

// crowd counts what is taken of each host, and notes those of which more is due.
type crowd struct {
	most  int
	taken map[string]int
	more  map[string]bool
}

func newCrowd(c Claim) crowd {
	if c.Taken == nil {
		c.Taken = map[string]int{}
	}
	return crowd{c.PerHost, c.Taken, map[string]bool{}}
}

func (c crowd) room(host string) bool {
	if c.taken[host] >= c.most {
		c.more[host] = true
		return false
	}
	c.taken[host]++
	return true
}

func (c crowd) full() []string {
	var hosts []string
	for host := range c.more {
		hosts = append(hosts, host)
	}
	return hosts
}

// hold marks destinations as claimed and attempted, in one statement.
func (tx *Tx) hold(due []Destination, generation int64) error {
	if len(due) == 0 {
		return nil
	}
	err := tx.db.Exec(`UPDATE destinations SET claimed_by = $1, attempted = (SELECT seq FROM heads WHERE heads.source = destinations.source)
		WHERE id IN (`+idList(due)+`)`, generation)
	if err != nil {
		return fmt.Errorf("claim %d destinations: %w", len(due), err)
	}
	return nil
}

// ClaimDirected takes due messages, the longest waiting first.
func (tx *Tx) ClaimDirected(c Claim) (Claimed, error) {
	var claimed Claimed
	except, args := exclude(c.Except, c.Generation, int64(c.Shards), kernel.Micros(tx.db.Now()))
	crowd := newCrowd(c)
	rows := 0
	err := tx.db.Each(func(scan func(...any) error) error {
		var m Directed
		var body string
		var created int64
		err := scan(&m.ID, &m.Source, &m.Recipient, &m.Inbox, &body, &m.Entry, &created, &m.Failures, &m.LastError)
		m.Body, m.Created = []byte(body), kernel.Instant(created)
		rows++
		if err == nil && crowd.room(m.Host()) {
			claimed.Messages = append(claimed.Messages, m)
		}
		return err
	}, `SELECT id, source, recipient, inbox, body, entry, created, failures, last_error FROM directed
		WHERE next_attempt <= $3`+unclaimed+except+
		` ORDER BY next_attempt, created, id LIMIT `+strconv.Itoa(c.Limit), args...)
	if err != nil {
		return claimed, fmt.Errorf("read due messages: %w", err)
	}
	claimed.More, claimed.Crowded = rows == c.Limit, crowd.full()
	for _, m := range claimed.Messages {
		if err := tx.db.Exec(`UPDATE directed SET claimed_by = $1 WHERE id = $2`, c.Generation, m.ID); err != nil {
			return claimed, fmt.Errorf("claim message %s: %w", m.ID, err)
		}
	}
	return claimed, nil
}

// Work is what tells a delivering process that there may be something to claim.
type Work struct {
	Head  press.Seq       // of the log
	Moved []publog.Source // whose heads moved since
	Wakes int64           // rises when an operator asks to look again
	// Directed tells that a message is due that the process does not hold.
	Directed bool
	// NextDue is when the first destination or message that was put off is, or
	// was, to be tried; the zero time if none is.
	NextDue time.Time
}

// nextDue is whether a message is due, and when the next destination and the
// next message that is not will be.
const nextDue = `SELECT
	(SELECT COUNT(*) FROM (SELECT 1 FROM directed WHERE next_attempt <= $3` + unclaimed + ` LIMIT 1) due),
	COALESCE((SELECT next_attempt FROM destinations WHERE due_by = 1` + claimable + `
		ORDER BY next_attempt LIMIT 1), 0),
	COALESCE((SELECT next_attempt FROM directed WHERE next_attempt < $4` + unclaimed + `
		ORDER BY next_attempt LIMIT 1), 0)`

// Work looks what there may be to do for the claims of a generation of a set of shards,
// which has seen the log up to since.
func (tx *Tx) Work(generation int64, shards uint64, since press.Seq) (Work, error) {
	var w Work
	err := tx.db.Row(`SELECT seq, wakes FROM log_head WHERE id = 1`).Scan(&w.Head, &w.Wakes)
	if err != nil {
		return w, fmt.Errorf("read the head of the log: %w", err)
	}
	if w.Head != since {
		if w.Moved, err = tx.log.SourcesMoved(since); err != nil {
			return w, err
		}
	}
	var due, retry, message int64
	err = tx.db.Row(nextDue, generation, int64(shards), kernel.Micros(tx.db.Now()), whenResumed).Scan(&due, &retry, &message)
	if err != nil {
		return w, fmt.Errorf("look for due deliveries: %w", err)
	}
	w.Directed = due > 0
	for _, at := range []int64{retry, message} {
		if at != 0 && (w.NextDue.IsZero() || kernel.Instant(at).Before(w.NextDue)) {
			w.NextDue = kernel.Instant(at)
		}
	}
	return w, nil
}
