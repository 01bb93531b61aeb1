package attacks

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/go-chi/chi/v5"

	"communique/cmd/internal/e2e/e2etest"
	"communique/federation"
	"communique/storage/audience"
	"communique/storage/tsv"
)

// everyKind is an activity of each kind that has an effect here, of a peer's
// account.
func everyKind(p *e2etest.Peer, s *e2etest.Site, a e2etest.Filed) []map[string]any {
	return []map[string]any{
		p.Follow(s.Actor()), p.Undo(s.Actor()), p.Activity("Like", "k", s.ObjectID(a)), p.Activity("Announce", "k", s.ObjectID(a)),
		e2etest.With(p.Activity("EmojiReact", "k", s.ObjectID(a)), "content", "🎉"),
		p.Activity("Create", "k", p.Post("k", "<p>Hello</p>", s.ObjectID(a))), p.Activity("Update", "k", p.Post("k", "<p>Hello</p>", s.ObjectID(a))),
		p.Activity("Create", "q", e2etest.With(p.Post("q", "<p>Look</p>", ""), "quote", s.ObjectID(a))), p.Activity("Delete", "k", p.Server.URL+"/posts/kept"),
		e2etest.With(p.Activity("Move", "k", p.Actor()), "target", p.Server.URL+"/users/reader2"), p.Activity("Block", "k", s.Actor()),
		p.Activity("Flag", "k", s.Actor()), p.Activity("Undo", "u", p.Activity("Like", "kept", s.ObjectID(a))), p.Activity("Delete", "me", p.Actor()),
		e2etest.With(p.Activity("QuoteRequest", "qr", s.ObjectID(a)), "instrument", p.Server.URL+"/posts/q"),
	}
}

// answerToForged is the answer to an activity that its actor has not signed. That
// to a deletion of its own actor is the same whoever that is (A50).
func answerToForged(activity map[string]any) int {
	if activity["type"] == "Delete" && activity["object"] == activity["actor"] {
		return http.StatusAccepted
	}
	return http.StatusUnauthorized
}

// state is all that activities from outside can change.
func state(s *e2etest.Site, a e2etest.Filed) string {
	s.T.Helper()
	reports := strings.Count(s.Must("flags", "--json"), "\n")
	var followers []any
	for _, actor := range speaking {
		if got := e2etest.Get(s.T, s.ActorNamed(actor)+"/followers", "Accept", e2etest.ActivityJSON); got.Status == http.StatusOK {
			followers = append(followers, got.Fields(s.T)["totalItems"])
		}
	}
	var texts []string
	for _, r := range s.Replies(audience.ReplyPending) {
		texts = append(texts, r.ID+" "+r.Name+" "+string(r.Content))
	}
	return fmt.Sprint(followers, s.Reactions(a), texts, reports)
}

// attacked is a site with several actors and something to lose: followers, a
// like, a reply. No attack changes it.
type attacked struct {
	*e2etest.Site
	article e2etest.Filed
	honest  *e2etest.Peer // follows every actor, likes and answers the article
	before  string
	clients atomic.Int64
}

func newAttacked(t *testing.T) *attacked {
	t.Helper()
	w := &attacked{Site: e2etest.NewAnnouncing(t), honest: e2etest.NewPeer(t)}
	w.article = w.Publish("Liked")
	w.Serve()
	for _, actor := range speaking {
		w.honest.Sends(w.Site, e2etest.With(w.honest.Follow(w.ActorNamed(actor)), "id", w.honest.Server.URL+"/follows/"+actor))
	}
	w.honest.Sends(w.Site, w.honest.Activity("Like", "kept", w.ObjectID(w.article)),
		w.honest.Activity("Create", "kept", w.honest.Post("kept", "<p>Hello</p>", w.ObjectID(w.article))))
	w.before = state(w.Site, w.article)
	return w
}

// speaking are the actors of [announcing] that can be followed.
var speaking = []string{"ministry", "minister", "ministry_ar"}

// unharmed holds the site to what it was before the attacks.
func (w *attacked) unharmed(t *testing.T) {
	t.Helper()
	e2etest.Equal(t, "what is here", state(w.Site, w.article), w.before)
}

// from gives a letter a client's address of its own: what many attacks together
// would be throttled for, none is alone.
func (w *attacked) from(l *e2etest.Letter) *e2etest.Letter {
	n := w.clients.Add(1)
	l.Request.Header.Set("X-Forwarded-For", fmt.Sprintf("198.51.%d.%d", n/250, n%250))
	return l
}

// routesOf are the addresses of a method, read off the router: a new one is
// tested from its first day.
func routesOf(t *testing.T, method string) (routes []string) {
	t.Helper()
	r := chi.NewRouter()
	(&federation.Server{}).Routes(r, func(func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
		return func(http.ResponseWriter, *http.Request) {}
	})
	err := chi.Walk(r, func(m, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		if m == method {
			routes = append(routes, route)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return routes
}

// inboxRoutes are the inboxes of some actors, and the shared one.
func inboxRoutes(t *testing.T, actors ...string) (inboxes []string) {
	t.Helper()
	for _, route := range routesOf(t, http.MethodPost) {
		for _, actor := range actors {
			if inbox := strings.ReplaceAll(route, "{actor}", actor); !slices.Contains(inboxes, inbox) {
				inboxes = append(inboxes, inbox)
			}
		}
	}
	if len(inboxes) <= len(actors) {
		t.Fatalf("the inboxes are %v", inboxes)
	}
	return inboxes
}

// inboxes are all that the site has.
func (w *attacked) inboxes(t *testing.T) []string {
	return inboxRoutes(t, append([]string{federation.InstanceName}, speaking...)...)
}

// attackTest is a test of an attack by its number in federation/ATTACKS.tsv.
type attackTest struct {
	number int
	name   string
	test   func(t *testing.T, w *attacked)
}

// alone is a test with a site of its own.
func alone(test func(t *testing.T)) func(*testing.T, *attacked) {
	return func(t *testing.T, _ *attacked) { test(t) }
}

func attacks() []attackTest {
	return slices.Concat(forging, pretending, fetching, filling, misusing, showing)
}

// TestAttacks holds a running server against every attack of
// federation/ATTACKS.tsv, by its number: -run 'TestAttacks/A20_'.
func TestAttacks(t *testing.T) {
	t.Parallel()
	w := newAttacked(t)
	for _, test := range attacks() {
		t.Run(fmt.Sprintf("A%d %s", test.number, test.name), func(t *testing.T) {
			t.Parallel()
			test.test(t, w)
		})
	}
}

// attackRow is a row of federation/ATTACKS.tsv.
type attackRow struct {
	number int
	below  []string // the tests in packages below, as federation/remote.TestX
}

func readAttacks(t *testing.T) (all []attackRow) {
	t.Helper()
	rows, err := tsv.Read(e2etest.Source(t, "federation/ATTACKS.tsv"), "attack", "what", "seen", "tests below")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		number, err := strconv.Atoi(strings.TrimPrefix(row["attack"], "A"))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, attackRow{number, strings.Fields(row["tests below"])})
	}
	return all
}

// TestEveryAttackIsTested: each of the attacks is tested, and the tests that the
// list names in packages below are there.
func TestEveryAttackIsTested(t *testing.T) {
	t.Parallel()
	const known = 56
	here := map[int]bool{}
	for _, test := range attacks() {
		here[test.number] = true
	}
	all := readAttacks(t)
	last := 0
	for _, a := range all {
		if a.number <= last {
			t.Errorf("A%d comes after A%d", a.number, last)
		}
		last = a.number
		if !here[a.number] && len(a.below) == 0 {
			t.Errorf("A%d has no test", a.number)
		}
		delete(here, a.number)
		for _, name := range a.below {
			if !isTest(t, name) {
				t.Errorf("A%d is said to be tested by %s, which is not there", a.number, name)
			}
		}
	}
	e2etest.Equal(t, "the rows", len(all), known)
	e2etest.Equal(t, "tests of attacks that are not listed", len(here), 0)
}

// isTest looks for a test by folder and name.
func isTest(t *testing.T, name string) bool {
	t.Helper()
	folder, function, ok := strings.Cut(name, ".")
	if !ok {
		t.Fatalf("%q names no test: write federation/remote.TestX", name)
	}
	files, err := filepath.Glob(filepath.Join(e2etest.Source(t, folder), "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	declared := regexp.MustCompile(`(?m)^func ` + regexp.QuoteMeta(function) + `\(`)
	return slices.ContainsFunc(files, func(file string) bool {
		text, err := os.ReadFile(file)
		return err == nil && declared.Match(text)
	})
}
