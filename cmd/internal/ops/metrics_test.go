package ops

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"communique/cmd/internal/web"
	"communique/federation"
	"communique/federation/signature"
	"communique/storage"
	"communique/storage/clocktest"
	"communique/storage/deliveries"
	"communique/storage/delivery"
	"communique/storage/publog"
	"communique/storage/sqlite"
	"communique/storage/sqlite/sqlitetest"
)

// watched is the private side of a server with an empty database.
func watched(t *testing.T) (p Private, elapsed *time.Duration) {
	t.Helper()
	store, err := sqlite.Open(t.Context(), sqlitetest.File(t), clocktest.At(time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() }) // a test may have done so
	err = store.Update(t.Context(), func(tx *storage.Tx) error {
		if err := tx.SetFact("purged", "0"); err != nil {
			return err
		}
		if err := errors.Join(tx.NoteBackup(tx.Now(), 4096), tx.NoteRehearsal(tx.Now(), "the log has a gap")); err != nil {
			return err
		}
		return tx.AddSource(publog.Source{Name: publog.ActorSource("ministry"), Kind: publog.Author})
	})
	if err != nil {
		t.Fatal(err)
	}
	elapsed = new(time.Duration)
	log := slog.New(slog.DiscardHandler)
	p = Private{Metrics: NewMetrics(Build{"1.2.3", "abc", "go1.26"}), Loops: NewLoops(func() time.Duration { return *elapsed }), Store: store, Log: log}
	p.Metrics.Watch(Watched{
		Store: store, Log: log, Purges: true,
		Servers: func(*storage.Tx) (Servers, error) { return Servers{map[string]int{"runs": 1}, 0}, nil },
		Backups: func(known storage.Backups) storage.Backups { return known },
		Room:    func() (uint64, uint64, error) { return 1, 2, nil },
	})
	return p, elapsed
}

func get(p Private, path string) (int, string) {
	w := httptest.NewRecorder()
	p.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w.Code, w.Body.String()
}

// count counts something by each metric.
func count(t *testing.T, m *Metrics) {
	t.Helper()
	rsa, err := signature.NewPrivateKey()
	if err != nil {
		t.Fatal(err)
	}
	m.Answered(web.RouteFeed, web.Answer{Status: 304, Took: time.Millisecond})
	for _, status := range []int{202, 400, 401, 413, 429, 503} {
		m.Answered(web.RouteInbox, web.Answer{Status: status})
	}
	m.Attempted(delivery.Attempt{To: deliveries.Inbox, Took: time.Second})
	m.Attempted(delivery.Attempt{To: deliveries.Callback, Verdict: delivery.Gone})
	m.Attempted(delivery.Attempt{Verdict: delivery.Later})
	m.Noted(federation.Followed)
	m.Noted(federation.Unfollowed)
	m.Signed(signature.Key{Private: rsa}, time.Millisecond)
	m.Certificate(func() time.Time { return time.Unix(1700000000, 0) })
}

// TestMetrics: what is counted is told, by the conventions of Prometheus.
func TestMetrics(t *testing.T) {
	t.Parallel()
	p, _ := watched(t)
	count(t, p.Metrics)
	problems, err := testutil.GatherAndLint(p.Metrics.registry)
	if err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
	status, text := get(p, "/metrics")
	if status != http.StatusOK {
		t.Fatalf("%d %s", status, text)
	}
	for _, line := range []string{
		`communique_http_requests_total{route="feed",status="304"} 1`,
		`communique_inbox_messages_total{verdict="accepted"} 1`,
		`communique_inbox_messages_total{verdict="not_verified"} 1`,
		`communique_inbox_messages_total{verdict="throttled"} 1`,
		`communique_delivery_attempts_total{to="inbox",verdict="settled"} 1`,
		`communique_delivery_attempts_total{to="callback",verdict="gone"} 1`,
		`communique_delivery_attempts_total{to="follower",verdict="later"} 1`,
		`communique_follows_total 1`, `communique_unfollows_total 1`,
		`communique_signing_duration_seconds_count{algorithm="rsa"} 1`,
		`communique_build_info{goversion="go1.26",revision="abc",version="1.2.3"} 1`,
		`communique_database_up 1`, `communique_log_head 0`, `communique_destinations{state="unreachable"} 0`, `communique_backlog_age_seconds 0`,
		`communique_followers{actor="ministry"} 0`, `communique_embargoes_held 0`, `communique_embargo_overdue_seconds 0`, `communique_hub_subscriptions 0`,
		`communique_purge_lag_entries 0`, `communique_backup_timestamp_seconds 1.7726148e+09`, `communique_backup_size_bytes 4096`,
		`communique_backup_rehearsal_timestamp_seconds 1.7726148e+09`, `communique_backup_rehearsal_failed 1`, `communique_backup_failed 0`, `communique_servers{state="runs"} 1`, `communique_disk_free_bytes 1`,
		`communique_replies_waiting 0`, `communique_desk_alarms{kind="unapproved"} 0`, `communique_held_back 0`, `communique_letters_unsent 0`, `communique_certificate_expiry_timestamp_seconds 1.7e+09`,
	} {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("there is no line %s", line)
		}
	}
	if strings.Contains(text, "\ncommunique_reach_seconds") || !strings.Contains(text, "\ncommunique_database_size_bytes ") || !strings.Contains(text, "\ngo_goroutines ") {
		t.Errorf("%s", text)
	}
	if err := p.Store.Close(); err != nil {
		t.Fatal(err)
	}
	again := &census{Watched: Watched{Store: p.Store, Log: p.Log, Room: func() (uint64, uint64, error) { return 0, 0, io.EOF }}}
	if got := again.take(); len(got) != 1 || got[0] != (sample{name: databaseUp}) {
		t.Errorf("of a database that cannot be read it is known: %v", got)
	}
}

// TestHealth: a server is alive as long as its loops go round, and ready if its database
// answers.
func TestHealth(t *testing.T) {
	t.Parallel()
	p, elapsed := watched(t)
	beat := p.Loops.Loop("delivery")
	expect := func(path string, status int, says string) {
		t.Helper()
		if got, text := get(p, path); got != status || !strings.Contains(text, says) {
			t.Errorf("%s: %d %s, want %d %s", path, got, text, status, says)
		}
	}
	expect("/healthz", 200, "ok\n")
	expect("/readyz", 200, "ok\n")
	*elapsed += mostSilent
	expect("/healthz", 503, "delivery has not gone round for 2m0s")
	beat()
	if err := p.Store.Close(); err != nil {
		t.Fatal(err)
	}
	expect("/healthz", 200, "ok\n")
	expect("/readyz", 503, "closed")
	expect("/debug/pprof/", 200, "goroutine")
	expect("/", 404, "")
}

// TestChronicleEnds tells what was published last, though its server ends.
func TestChronicleEnds(t *testing.T) {
	t.Parallel()
	p, _ := watched(t)
	var said strings.Builder
	c := &Chronicle{Store: p.Store, Log: slog.New(slog.NewTextHandler(&said, nil))}
	if err := c.Begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	err := p.Store.Update(t.Context(), func(tx *storage.Tx) error {
		_, err := tx.AddSection(0, "news", "en", "News")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	c.Run(ctx)
	if !strings.Contains(said.String(), `level=INFO msg="section changed" seq=1`) {
		t.Errorf("it said %q", said.String())
	}
}
