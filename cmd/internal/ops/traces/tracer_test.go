package traces

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	tracepb "go.opentelemetry.io/proto/slim/otlp/trace/v1"

	"communique/storage"
	"communique/storage/audience"
	"communique/storage/clocktest"
	"communique/storage/deliveries"
	"communique/storage/press"
	"communique/storage/publog"
	"communique/storage/sqlite"
	"communique/storage/sqlite/sqlitetest"
)

// author is the source of the only actor.
var author = publog.ActorSource("ministry")

var nine = time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC)

// TestSpans: when a share of the servers had an entry is the end of a span; what has not
// come to pass has none.
func TestSpans(t *testing.T) {
	t.Parallel()
	progress := func(seconds ...int) (all []deliveries.Moment) {
		for _, s := range seconds {
			all = append(all, deliveries.Moment{At: nine.Add(time.Duration(s) * time.Second), Servers: 1})
		}
		return all
	}
	e := press.Entry{Seq: 7, Kind: press.KindCorrected, At: nine}
	for name, c := range map[string]struct {
		reach deliveries.Reach
		want  string
	}{
		"everybody has it":    {deliveries.Reach{Servers: 4, Reached: 4, Progress: progress(1, 2, 5, 9)}, "correct 9, first delivery 1, half of the deliveries 2, last delivery 9"},
		"most are away":       {deliveries.Reach{Servers: 4, Reached: 1, Behind: 3, Progress: progress(3)}, "correct 3, first delivery 3, last delivery 3"},
		"nobody has it":       {deliveries.Reach{Servers: 2, Behind: 2}, "correct 0"},
		"nobody is to get it": {deliveries.Reach{}, "correct 0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.reach.Entry = e
			var got []string
			spans := spansOf("https://press.mfa.example", e, []reached{{"ministry", c.reach}})
			for _, s := range spans {
				got = append(got, fmt.Sprintf("%s %g", s.GetName(), time.Duration(s.GetEndTimeUnixNano()-nano(nine)).Seconds()))
			}
			if got := strings.Join(got, ", "); got != c.want {
				t.Errorf("the spans are %s, want %s", got, c.want)
			}
			if again := spansOf("https://press.mfa.example", e, nil); string(again[0].GetTraceId()) != string(spans[0].GetTraceId()) {
				t.Error("told twice, it is another trace")
			}
		})
	}
}

// site is a store with one actor, and a tracer of it.
func site(t *testing.T, collector string) (*Tracer, *clocktest.Clock) {
	t.Helper()
	clock := clocktest.At(nine)
	store, err := sqlite.Open(t.Context(), sqlitetest.File(t), clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	err = store.Update(t.Context(), func(tx *storage.Tx) error {
		return tx.AddSource(publog.Source{Name: author, Kind: publog.Author})
	})
	if err != nil {
		t.Fatal(err)
	}
	return New(Options{Export: Export{Address: collector, Within: usualWithin, Share: 1}, Site: "https://press.mfa.example", Version: "1.2.3", Store: store, Log: slog.New(slog.DiscardHandler)}), clock
}

// TestTold: whoever tells of an entry never waits, however many there are; what reaches
// nobody, and what is no article, is not followed.
func TestTold(t *testing.T) {
	t.Parallel()
	tracer, _ := site(t, "http://127.0.0.1:1")
	tracer.Told(press.Entry{Seq: 1, Kind: press.KindSection})
	tracer.Told(press.Entry{Seq: 2, Kind: press.KindPublished, Silent: true})
	if n := len(tracer.told); n != 0 {
		t.Errorf("%d are followed", n)
	}
	for n := range 10 * mostFollowed {
		tracer.Told(press.Entry{Seq: press.Seq(n), Kind: press.KindPublished})
	}
	if n := len(tracer.told); n != mostFollowed {
		t.Errorf("%d are followed, want %d", n, mostFollowed)
	}
}

// TestCollector: what a collector could not take is sent again when it wants that, and at
// most half a minute apart; what it refuses is not; and no more than a number of spans wait.
func TestCollector(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status int
		header string
		waits  time.Duration // 0 if it is not sent again
	}{
		"taken":                {http.StatusOK, "", 0},
		"away":                 {http.StatusServiceUnavailable, "", time.Second},
		"busy":                 {http.StatusTooManyRequests, "7", 7 * time.Second},
		"busy for a long time": {http.StatusTooManyRequests, "86400", mostPause},
		"refused":              {http.StatusBadRequest, "", 0},
		"redirected":           {http.StatusFound, "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked := 0
			collector := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				asked++
				if c.header != "" {
					w.Header().Set("Retry-After", c.header)
				}
				w.WriteHeader(c.status)
			}))
			defer collector.Close()
			tracer, clock := site(t, collector.URL)
			tracer.ready = []*tracepb.Span{{Name: "publish"}}
			tracer.send(t.Context())
			if waits := len(tracer.ready) > 0; asked != 1 || waits != (c.waits > 0) {
				t.Fatalf("it was asked %d times, and what was told waits: %t", asked, waits)
			}
			if c.waits == 0 {
				return
			}
			clock.Pass(c.waits - time.Millisecond)
			tracer.send(t.Context())
			if asked != 1 {
				t.Error("it is asked again too soon")
			}
			clock.Pass(time.Millisecond)
			tracer.send(t.Context())
			if asked != 2 {
				t.Error("it is not asked again")
			}
			tracer.ready = make([]*tracepb.Span, 2*mostReady)
			tracer.look(t.Context())
			if n := len(tracer.ready); n != mostReady {
				t.Errorf("%d spans wait", n)
			}
		})
	}
}

// TestFollowed: an entry is followed while a server lacks it, for ten minutes at the most,
// and looked at less and less often; of several servers one tells of it.
func TestFollowed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		does bool
		want int
	}{"alone": {true, 1}, "another tells": {false, 0}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tracer, clock := site(t, "http://127.0.0.1:1")
			tracer.Store.ShareTasks(func(storage.Task) bool { return c.does })
			e := publish(t, tracer.Store)
			tracer.followed = []followed{{entry: e, pause: lookEvery}}
			for _, pause := range []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second, mostPause, mostPause} {
				tracer.look(t.Context())
				if got := tracer.followed[0].next - tracer.Store.Elapsed(); len(tracer.ready) > 0 || got != pause {
					t.Fatalf("it is told of in %d spans, or looked at after %s, want %s", len(tracer.ready), got, pause)
				}
				clock.Pass(pause)
			}
			clock.Pass(followedFor)
			tracer.look(t.Context())
			if len(tracer.followed) != 0 || len(tracer.ready) != c.want {
				t.Errorf("%d are followed, %d spans told", len(tracer.followed), len(tracer.ready))
			}
		})
	}
}

// publish publishes an article for a follower, to whom nobody delivers.
func publish(t *testing.T, store *storage.Store) (e press.Entry) {
	t.Helper()
	err := store.Update(t.Context(), func(tx *storage.Tx) error {
		s, err := tx.AddSection(press.Root, "news", "en", "News")
		if err != nil {
			return err
		}
		const follower = "http://reader.example/actor"
		_, err = tx.AddFollower(audience.Follow{
			Source: author, Actor: follower, Inbox: follower + "/inbox", Delivery: follower + "/inbox", ID: follower + "/follow", Signed: nine,
			Accept: deliveries.Directed{ID: "accept", Source: author, Recipient: follower, Inbox: follower + "/inbox", Body: []byte("{}")},
		})
		if err != nil {
			return err
		}
		_, e, err = tx.Publish(press.Draft{Section: s.ID, Language: "en", Title: "A statement", Body: "<p>Text.</p>"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return e
}
