package command

import (
	"encoding/csv"
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

	"communique/federation"
)

// attacked is a site with several actors and something to lose: followers, a
// like, a reply. No attack changes it.
type attacked struct {
	*testSite
	article filed
	honest  *peer // follows every actor, likes and answers the article
	before  string
	clients atomic.Int64
}

func newAttacked(t *testing.T) *attacked {
	t.Helper()
	w := &attacked{testSite: announcing(t), honest: newPeer(t)}
	w.article = w.publish("Liked")
	w.serve()
	for _, actor := range speaking {
		w.honest.sent(w.testSite, with(w.honest.follow(w.actorNamed(actor)), "id", w.honest.server.URL+"/follows/"+actor))
	}
	w.honest.sent(w.testSite, w.honest.activity("Like", "kept", w.objectID(w.article)),
		w.honest.activity("Create", "kept", w.honest.post("kept", "<p>Hello</p>", w.objectID(w.article))))
	w.before = w.state(w.article)
	return w
}

// speaking are the actors of [announcing] that can be followed.
var speaking = []string{"ministry", "minister", "ministry_ar"}

// unharmed holds the site to what it was before the attacks.
func (w *attacked) unharmed(t *testing.T) {
	t.Helper()
	mustEqual(t, "what is here", w.state(w.article), w.before)
}

// from gives a letter a client's address of its own: what many attacks together
// would be throttled for, none is alone.
func (w *attacked) from(l *letter) *letter {
	n := w.clients.Add(1)
	l.request.Header.Set("X-Forwarded-For", fmt.Sprintf("198.51.%d.%d", n/250, n%250))
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

func attacks() []attackTest { return slices.Concat(forging, pretending, fetching, filling) }

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

func readAttacks(t *testing.T) []attackRow {
	t.Helper()
	file, err := os.Open(filepath.Join("..", "..", "..", "federation", "ATTACKS.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	r := csv.NewReader(file)
	r.Comma, r.LazyQuotes = '\t', true
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var all []attackRow
	for _, row := range rows[1:] {
		number, err := strconv.Atoi(strings.TrimPrefix(row[0], "A"))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, attackRow{number, strings.Fields(row[3])})
	}
	return all
}

// TestEveryAttackIsTested: each of the attacks is tested, and the tests that the
// list names in packages below are there.
func TestEveryAttackIsTested(t *testing.T) {
	t.Parallel()
	const known = 34
	here := map[int]bool{}
	for _, test := range attacks() {
		here[test.number] = true
	}
	all := readAttacks(t)
	for i, a := range all {
		mustEqual(t, "the number of a row", a.number, i+1)
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
	mustEqual(t, "the rows", len(all), known)
	mustEqual(t, "tests of attacks that are not listed", len(here), 0)
}

// isTest looks for a test by folder and name.
func isTest(t *testing.T, name string) bool {
	t.Helper()
	folder, function, ok := strings.Cut(name, ".")
	if !ok {
		t.Fatalf("%q names no test: write federation/remote.TestX", name)
	}
	files, err := filepath.Glob(filepath.Join("..", "..", "..", filepath.FromSlash(folder), "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	declared := regexp.MustCompile(`(?m)^func ` + regexp.QuoteMeta(function) + `\(`)
	return slices.ContainsFunc(files, func(file string) bool {
		text, err := os.ReadFile(file)
		return err == nil && declared.Match(text)
	})
}
