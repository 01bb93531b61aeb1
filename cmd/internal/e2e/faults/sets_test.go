package faults

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
	"communique/storage"
	"communique/storage/press"
)

// languages are those of a set, the original's first.
var languages = []string{"en", "fr", "ar"}

// lingual is a site that has pages in all of them.
func lingual(t *testing.T) *e2etest.Site {
	t.Helper()
	s := e2etest.NewSite(t)
	s.Configure("languages: [en]", "languages: ["+strings.Join(languages, ", ")+"]")
	return s
}

// publishSet files a statement in all languages, which goes out in all or none at an instant.
func publishSet(s *e2etest.Site, title string, ends time.Time) (ids []press.ArticleID) {
	s.T.Helper()
	args := []string{"publish", "--json", "--all-or-none"}
	for _, language := range languages {
		front := []string{"language: " + language}
		if language == languages[0] {
			front = append(front, e2etest.PublishedAt(ends))
		}
		args = append(args, s.Markdown(title+" "+language, "What is said in "+language+".", front...))
	}
	read := json.NewDecoder(strings.NewReader(s.Must(args...)))
	for range languages {
		var f e2etest.Filed
		if err := read.Decode(&f); err != nil {
			s.T.Fatal(err)
		}
		ids = append(ids, press.ArticleID(f.ID))
	}
	return ids
}

// out are the entries of a set that went out; none of one that did not. It is all or none.
func out(t *testing.T, store *storage.Store, ids []press.ArticleID) (all []press.Entry) {
	t.Helper()
	err := store.View(t.Context(), func(tx *storage.Tx) error {
		all = nil
		public := 0
		for _, id := range ids {
			entries, err := tx.EntriesOf(id)
			if err != nil {
				return err
			}
			all = append(all, entries...)
			a, err := tx.Article(id)
			if err != nil {
				return err
			}
			if a.State == press.Published {
				public++
			}
		}
		if public != len(all) || public != 0 && public != len(ids) {
			t.Errorf("of %d languages %d are public, by %d entries", len(ids), public, len(all))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestFaultKilledAsASetGoesOut kills the server around the instant of sets of languages that go
// out all or none: in the moment in which one language is seen, or whenever it is. Of each set all
// is public then or nothing, and all of it once the server is back.
func TestFaultKilledAsASetGoesOut(t *testing.T) {
	t.Parallel()
	random := faults(t)
	s := lingual(t)
	server := s.Start()
	store := s.Open()
	none, rounds := 0, max(3, *faultRounds/2)
	for round := range rounds {
		ids := publishSet(s, fmt.Sprint("Treaty ", round), s.Clock.Now().Add(time.Hour))
		e2etest.Equal(t, "what went out before", len(out(t, store, ids)), 0)
		s.Pass(time.Hour)
		if round%3 == 0 {
			seen := s.Base + "/ap/articles/" + string(ids[random.IntN(len(ids))])
			e2etest.Eventually(t, "a language is seen", func() bool { return e2etest.Get(t, seen).Status == http.StatusOK })
		} else {
			time.Sleep(time.Duration(random.IntN([]int{0, 15, 400}[round%3])) * time.Millisecond)
		}
		server.Kill()
		if len(out(t, store, ids)) == 0 {
			none++
		}
		server = s.Start()
		e2etest.Eventually(t, "all languages are out", func() bool { return len(out(t, store, ids)) == len(ids) })
	}
	t.Logf("of %d sets %d had not gone out when the server was killed", rounds, none)
}

// TestReplicasLetASetOut: of two servers one lets a set of languages out that goes out all or none,
// once and in one step, also if the other is killed around its instant; no server shows a language
// of it and not the others.
func TestReplicasLetASetOut(t *testing.T) {
	e2etest.NeedsServer(t)
	t.Parallel()
	random := faults(t)
	r := newReplicasOf(t, lingual(t), 2, 20, 40)
	for round := range max(2, *faultRounds/6) {
		var ends time.Time
		err := r.store.View(t.Context(), func(tx *storage.Tx) error {
			ends = tx.Now().Add(3 * time.Second).Truncate(time.Second)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		ids := publishSet(r.site, fmt.Sprint("Treaty ", round), ends)
		victim, alive := -1, []int{0, 1}
		dies := ends.Add(time.Duration(random.IntN(300)-100) * time.Millisecond)
		if round%2 == 1 { // in every second round nobody dies
			victim = random.IntN(2)
		}
		shown := map[int]bool{}
		e2etest.Eventually(t, "all languages are shown everywhere", func() bool {
			if len(alive) > 1 && victim >= 0 && time.Now().After(dies) {
				r.servers[victim].Kill()
				alive = []int{1 - victim}
			}
			everything := true
			for _, i := range alive {
				for _, id := range ids {
					there := e2etest.Get(t, r.sites[i].Base+"/ap/articles/"+string(id)).Status == http.StatusOK
					if shown[i] && !there {
						t.Errorf("server %d shows a language of the set, and then not %s", i, id)
					}
					shown[i] = shown[i] || there
					everything = everything && there
				}
			}
			return everything && (victim < 0 || len(alive) == 1)
		})
		entries := out(t, r.store, ids)
		slices.SortFunc(entries, func(a, b press.Entry) int { return int(a.Seq - b.Seq) })
		if len(entries) != len(ids) || entries[0].At.Before(ends) || !entries[0].At.Equal(entries[len(ids)-1].At) {
			t.Fatalf("a set that goes out at %s has the entries %+v", ends, entries)
		}
		if victim >= 0 && round+1 < max(2, *faultRounds/6) {
			r.servers[victim] = r.sites[victim].Start()
			r.shared(2)
		}
	}
}
