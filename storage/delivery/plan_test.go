package delivery

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communique/storage/deliveries"
	"communique/storage/press"
)

var seed = flag.Uint64("seed", 1, "seed of the random logs; a failure prints the one to repeat")

func published(seq press.Seq, id press.ArticleID) press.Entry {
	return press.Entry{Seq: seq, Kind: press.KindPublished, Article: id, Pushed: seq}
}

func corrected(seq press.Seq, id press.ArticleID) press.Entry {
	return press.Entry{Seq: seq, Kind: press.KindCorrected, Article: id, Pushed: 1}
}

func withdrawn(seq press.Seq, id press.ArticleID) press.Entry {
	return press.Entry{Seq: seq, Kind: press.KindWithdrawn, Article: id, Pushed: 1}
}

func TestPlanAnnounces(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name              string
		cursor, attempted press.Seq
		backlog           []press.Entry
		want              string
	}{
		{"new", 0, 0, []press.Entry{published(1, "a")}, "[announce 1]"},
		{"the reply was lost: the same Announce again", 0, 1, []press.Entry{published(1, "a")}, "[announce 1]"},
		{"corrected meanwhile: a cache may have the old text", 0, 0,
			[]press.Entry{published(1, "a"), corrected(2, "a"), corrected(3, "a")}, "[announce 1 update 3]"},
		{"withdrawn before it was announced", 0, 0, []press.Entry{published(1, "a"), withdrawn(2, "a")}, "[]"},
		{"withdrawn after it may have arrived", 0, 1, []press.Entry{published(1, "a"), withdrawn(2, "a")}, "[delete 2]"},
		{"known and corrected", 1, 1, []press.Entry{corrected(2, "a")}, "[update 2]"},
		{"its own profile", 0, 0, []press.Entry{{Seq: 1, Kind: press.KindActor, Actor: "m"}}, "[profile 1]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, s := range PlanAnnounces(tt.cursor, tt.attempted, tt.backlog) {
				got = append(got, fmt.Sprint(s.Verb, " ", s.Entry.Seq))
			}
			if fmt.Sprint(got) != tt.want {
				t.Errorf("plan %q, want %q", got, tt.want)
			}
		})
	}
}

func TestPlan(t *testing.T) {
	t.Parallel()
	type step struct {
		Verb    Verb
		Seq     press.Seq
		Settles press.Seq
	}
	tests := []struct {
		name              string
		cursor, attempted press.Seq
		backlog           []press.Entry
		want              []step
	}{
		{"nothing to say", 4, 4, nil, nil},
		{"each article once, in order", 0, 0,
			[]press.Entry{published(1, "a"), published(2, "b")},
			[]step{{Create, 1, 1}, {Create, 2, 2}}},
		{"corrected before it was sent: its final state", 0, 0,
			[]press.Entry{published(1, "a"), corrected(2, "a")},
			[]step{{Create, 2, 2}}},
		{"corrected after it may have arrived: Create for those without, Update for those with", 0, 1,
			[]press.Entry{published(1, "a"), corrected(2, "a")},
			[]step{{Create, 2, 0}, {Update, 2, 2}}},
		{"withdrawn before it was sent: silence", 0, 0,
			[]press.Entry{published(1, "a"), withdrawn(2, "a")},
			nil},
		{"withdrawn after it may have arrived", 0, 1,
			[]press.Entry{published(1, "a"), withdrawn(2, "a")},
			[]step{{Delete, 2, 2}}},
		{"the reply was lost: the same Create again", 0, 1,
			[]press.Entry{published(1, "a")},
			[]step{{Create, 1, 1}}},
		{"several corrections of a known article: the last", 1, 1,
			[]press.Entry{corrected(2, "a"), corrected(3, "a")},
			[]step{{Update, 3, 3}}},
		{"known and withdrawn", 1, 1,
			[]press.Entry{corrected(2, "a"), withdrawn(3, "a")},
			[]step{{Delete, 3, 3}}},
		{"the cursor does not pass an article that was not told", 0, 0,
			[]press.Entry{published(1, "a"), published(2, "b"), corrected(3, "a")},
			[]step{{Create, 3, 1}, {Create, 2, 3}}},
		{"what needs no step is settled by the step before", 0, 0,
			[]press.Entry{published(1, "a"), published(2, "b"), withdrawn(3, "b"), published(4, "c")},
			[]step{{Create, 1, 3}, {Create, 4, 4}}},
		{"an actor's newest profile", 0, 0,
			[]press.Entry{{Seq: 1, Kind: press.KindActor, Actor: "m"}, {Seq: 2, Kind: press.KindActor, Actor: "m"}},
			[]step{{Profile, 2, 2}}},
		{"an actor that moves", 0, 0,
			[]press.Entry{{Seq: 1, Kind: press.KindActor, Actor: "m"}, {Seq: 2, Kind: press.KindMoved, Actor: "m"}},
			[]step{{Profile, 2, 0}, {Move, 2, 2}}},
		{"an actor that moved and took it back", 0, 0,
			[]press.Entry{{Seq: 1, Kind: press.KindMoved, Actor: "m"}, {Seq: 2, Kind: press.KindActor, Actor: "m"}},
			[]step{{Profile, 2, 2}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []step
			for _, s := range Plan(tt.cursor, tt.attempted, tt.backlog) {
				got = append(got, step{s.Verb, s.Entry.Seq, s.Settles})
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("plan (-want +got):\n%s", diff)
			}
		})
	}
}

// receiver is what a server of the fediverse does with what it gets: a Create
// of a known or deleted object is ignored, an Update counts if it is newer, a
// Delete is for ever.
type receiver struct {
	shown   map[press.ArticleID]press.Seq // the state it shows
	deleted map[press.ArticleID]bool
	bodies  map[id]press.Seq // the state that each activity id carried
	// fetch is what it gets from the author when it is told of an article.
	fetch func(press.ArticleID, press.Seq) press.Seq
}

type id struct {
	verb Verb
	seq  press.Seq
	of   press.ArticleID
}

func (r *receiver) take(t *testing.T, s Step) {
	t.Helper()
	a, key := s.Entry.Article, id{s.Verb, s.Entry.Seq, s.Entry.Article}
	if before, ok := r.bodies[key]; ok && before != s.Entry.Seq {
		t.Fatalf("activity %v had state %d and now has %d", key, before, s.Entry.Seq)
	}
	r.bodies[key] = s.Entry.Seq
	known := r.shown[a]
	switch {
	case s.Verb == Delete:
		delete(r.shown, a)
		r.deleted[a] = true
	case r.deleted[a]:
		t.Fatalf("%s of article %s after its Delete", s.Verb, a)
	case s.Verb == Create && known == 0:
		r.shown[a] = s.Entry.Seq
	case s.Verb == Announce && known == 0:
		r.shown[a] = r.fetch(a, s.Entry.Seq)
	case s.Verb == Update && known != 0 && s.Entry.Seq < known:
		t.Fatalf("article %s goes back from state %d to %d", a, known, s.Entry.Seq)
	case s.Verb == Update && known != 0:
		r.shown[a] = s.Entry.Seq
	}
}

// appendEntry adds a random entry to the log.
func appendEntry(r *rand.Rand, log []press.Entry, truth map[press.ArticleID]press.Seq, gone map[press.ArticleID]bool) []press.Entry {
	seq := press.Seq(len(log) + 1)
	a := press.ArticleID('a' + rune(r.IntN(5)))
	switch {
	case gone[a]:
		return append(log, press.Entry{Seq: seq, Kind: press.KindPublished, Article: press.ArticleID("z" + string(rune('a'+len(log)))), Pushed: seq})
	case truth[a] == 0:
		log = append(log, published(seq, a))
	case r.IntN(3) == 0:
		gone[a] = true
		delete(truth, a)
		return append(log, withdrawn(seq, a))
	default:
		log = append(log, corrected(seq, a))
	}
	truth[a] = seq
	return log
}

// TestPlanAgainstModel publishes, corrects and withdraws at random while a
// destination is served with lost replies, lost requests and crashes that
// forget the cursor of a job. In the end the receiver shows exactly the truth.
func TestPlanAgainstModel(t *testing.T) { testAgainstModel(t, Authored) }

// TestAnnouncesAgainstModel is [TestPlanAgainstModel] for an announcer: what the
// receiver shows it has fetched, from a cache that may be old.
func TestAnnouncesAgainstModel(t *testing.T) { testAgainstModel(t, Announced) }

func testAgainstModel(t *testing.T, plan Planner) {
	t.Helper()
	t.Parallel()
	for round := range 20_000 {
		s := *seed + uint64(round)
		r := rand.New(rand.NewPCG(s, s))
		if !deliverAtRandom(t, r, plan) {
			t.Fatalf("the receiver does not show the truth; repeat with -run %s -seed %d", t.Name(), s)
		}
	}
}

func deliverAtRandom(t *testing.T, r *rand.Rand, plan Planner) bool {
	var log []press.Entry
	truth, gone := map[press.ArticleID]press.Seq{}, map[press.ArticleID]bool{}
	peer := &receiver{shown: map[press.ArticleID]press.Seq{}, deleted: map[press.ArticleID]bool{}, bodies: map[id]press.Seq{}}
	peer.fetch = func(a press.ArticleID, since press.Seq) press.Seq { return someState(r, log, a, since) }
	var cursor, attempted press.Seq
	for range 2 + r.IntN(12) {
		for range r.IntN(4) {
			log = appendEntry(r, log, truth, gone)
		}
		cursor, attempted = serve(t, r, plan, peer, log, cursor, attempted, 0.6)
	}
	cursor, _ = serve(t, r, plan, peer, log, cursor, attempted, 0)
	for _, e := range log {
		if e.Article[0] == 'z' {
			truth[e.Article] = e.Seq
		}
	}
	return cursor == press.Seq(len(log)) && cmp.Equal(truth, peer.shown)
}

// someState is a state of an article, published with an entry, that a cache may
// still have.
func someState(r *rand.Rand, log []press.Entry, a press.ArticleID, published press.Seq) press.Seq {
	states := []press.Seq{published}
	for _, e := range log[published:] {
		if e.Article == a {
			states = append(states, e.Seq)
		}
	}
	return states[r.IntN(len(states))]
}

// serve runs one job as the engine does: claim, plan on the newest log, send
// until something is lost. The log may grow between claim and plan.
func serve(t *testing.T, r *rand.Rand, plan Planner, peer *receiver, log []press.Entry, cursor, attempted press.Seq, trouble float64) (press.Seq, press.Seq) {
	head := press.Seq(len(log))
	if cursor >= head {
		return cursor, attempted
	}
	claimed := head
	if trouble > 0 {
		// The log grew after the claim; a claim never covers less than the last.
		claimed = max(attempted, cursor+1+press.Seq(r.IntN(int(head-cursor))))
	}
	d := deliveries.Destination{Cursor: cursor, Attempted: attempted, Spans: []deliveries.Span{{}}}
	steps, end := plan(d, claimed, head, log[cursor:], time.Time{})
	for _, s := range steps {
		switch lot := r.Float64(); {
		case lot < trouble/4: // the request is lost
			return cursor, claimed
		case lot < trouble/2: // the answer is lost
			peer.take(t, s)
			return cursor, claimed
		}
		peer.take(t, s)
		cursor = s.Settles
	}
	if r.Float64() < trouble/4 { // crash before the settlement of the rest
		return cursor, claimed
	}
	return end, claimed
}
