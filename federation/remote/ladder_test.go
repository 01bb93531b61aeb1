package remote

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"communique/federation/signature"
)

// asked answers deliveries by which of two keys and schemes they are signed with, and
// notes what they were.
type asked struct {
	mu     sync.Mutex
	took   []string
	status func(knock string) int
}

func (a *asked) answer(w http.ResponseWriter, r *http.Request) {
	scheme := "cavage"
	if r.Header.Get("Signature-Input") != "" {
		scheme = "rfc9421"
	}
	key := "old"
	if strings.Contains(r.Header.Get("Signature")+r.Header.Get("Signature-Input"), "#new") {
		key = "new"
	}
	knock := key + " " + scheme
	a.mu.Lock()
	a.took = append(a.took, knock)
	a.mu.Unlock()
	w.WriteHeader(a.status(knock))
}

// TestLadder: S8, S9. One ladder of key and scheme, three requests at most, and a
// server that is to be told of a new key sees it last.
func TestLadder(t *testing.T) {
	t.Parallel()
	only := func(knocks ...string) func(string) int {
		return func(knock string) int {
			if slices.Contains(knocks, knock) {
				return http.StatusAccepted
			}
			return http.StatusUnauthorized
		}
	}
	old, renewed := signature.Key{ID: "https://press.example/a#old", Private: keyOnce[0]()}, signature.Key{ID: "https://press.example/a#new", Private: keyOnce[1]()}
	for name, tt := range map[string]struct {
		ladder Ladder
		status func(knock string) int
		want   []string
		final  int
		taken  string // the id of the other key, if that was taken
	}{
		"one key":                           {Ladder{Key: old}, only(), []string{"old cavage", "old rfc9421"}, 401, ""},
		"the first is taken":                {Ladder{Key: renewed, Other: old}, only("new cavage"), []string{"new cavage"}, 202, ""},
		"the other key at once":             {Ladder{Key: renewed, Other: old}, only("old cavage", "old rfc9421"), []string{"new cavage", "old cavage"}, 202, old.ID},
		"then the other scheme":             {Ladder{Key: renewed, Other: old}, only("new rfc9421"), []string{"new cavage", "old cavage", "new rfc9421"}, 202, ""},
		"three at most":                     {Ladder{Key: renewed, Other: old}, only("old rfc9421"), []string{"new cavage", "old cavage", "new rfc9421"}, 401, ""},
		"the fourth at the next attempt":    {Ladder{Key: renewed, Other: old, Failures: 1}, only("old rfc9421"), []string{"new cavage", "old cavage", "old rfc9421"}, 202, old.ID},
		"untold: the scheme first":          {Ladder{Key: old, Other: renewed, Untold: true}, only("old rfc9421", "new cavage"), []string{"old cavage", "old rfc9421"}, 202, ""},
		"untold: the new key last":          {Ladder{Key: old, Other: renewed, Untold: true}, only("new cavage"), []string{"old cavage", "old rfc9421", "new cavage"}, 202, renewed.ID},
		"untold: its scheme the time after": {Ladder{Key: old, Other: renewed, Untold: true, Failures: 3}, only("new rfc9421"), []string{"old cavage", "old rfc9421", "new rfc9421"}, 202, renewed.ID},
		"403 is said of the key":            {Ladder{Key: renewed, Other: old}, func(k string) int { return map[bool]int{true: 202, false: 403}[k == "old cavage"] }, []string{"new cavage", "old cavage"}, 202, old.ID},
		"403 without another key":           {Ladder{Key: old}, func(string) int { return 403 }, []string{"old cavage"}, 403, ""},
		"the other key, and it is busy":     {Ladder{Key: renewed, Other: old}, func(k string) int { return map[bool]int{true: 503, false: 401}[k == "old cavage"] }, []string{"new cavage", "old cavage"}, 503, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, a := newPeer(t), &asked{status: tt.status}
			p.set("/inbox", http.HandlerFunc(a.answer))
			taken := ""
			tt.ladder.Taken = func(k signature.Key) { taken = k.ID }
			got, err := newClient(t).Post(t.Context(), Delivery{Inbox: p.URL + "/inbox", Body: activity, Digest: signature.Digest(activity)}, tt.ladder)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, a.took); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(fmt.Sprint(tt.final, tt.taken), fmt.Sprint(got.Status, taken)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
