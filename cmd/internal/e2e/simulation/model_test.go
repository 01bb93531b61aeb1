package simulation

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"communique/storage"
	"communique/storage/deliveries"
	"communique/storage/press"
)

// state is what has become of an article.
type state string

const (
	embargoed state = "embargoed"
	public    state = "public"
	withdrawn state = "withdrawn"
	cancelled state = "cancelled"
)

// article is one in the model.
type article struct {
	n      int
	id     press.ArticleID
	url    string
	state  state
	due    time.Time // of its embargo
	silent bool
	said   string          // what it says beside its word
	word   string          // stands in its text of now, and nowhere else
	shown  map[string]bool // the words that were public
	// from and by are between which instants it became public; gone is when it was taken back.
	from, by, gone time.Time
}

func (a *article) name() string { return fmt.Sprintf("article %d", a.n) }

// known is what the trace calls something by, whose id is another each time.
func (w *world) known(id string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, a := range w.articles {
		if strings.HasSuffix(id, "/"+string(a.id)) {
			return a.name()
		}
	}
	if strings.HasPrefix(id, base+"/ap/") {
		return "something"
	}
	return id
}

// grows notes that the log has grown, between then and now.
func (w *world) grows(then time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.grown = append(w.grown, [2]time.Time{then, time.Now()})
}

// grewBetween tells whether the log can have grown between two instants.
func (w *world) grewBetween(from, to time.Time) bool {
	return slices.ContainsFunc(w.grown, func(g [2]time.Time) bool { return !g[0].After(to) && !g[1].Before(from) })
}

// in are the articles in a state.
func (w *world) in(s state) (all []*article) {
	for _, a := range w.articles {
		if a.state == s {
			all = append(all, a)
		}
	}
	return all
}

// soon is how late an embargo may end while the program runs, by the pace of its looks.
const soon = 3 * lookEvery

// notice takes note of the embargoes that have ended since.
func (w *world) notice() {
	if w.house == nil {
		return
	}
	now := time.Now()
	for _, a := range w.in(embargoed) {
		if a.due.After(now) {
			continue
		}
		var is press.Article
		w.view(func(tx *storage.Tx) (err error) {
			is, err = tx.Article(a.id)
			return err
		})
		switch {
		case is.State == press.Published:
			w.trace.add("the embargo of %s has ended", a.name())
			w.grows(a.due)
			w.mu.Lock()
			a.state, a.from, a.by = public, a.due, now
			a.shown[a.word] = true
			w.mu.Unlock()
		case now.Sub(a.due) > soon && now.Sub(w.house.since) > soon:
			w.breaks("the embargo of %s was to end %s ago and has not", a.name(), now.Sub(a.due))
		}
	}
}

func (w *world) view(read func(*storage.Tx) error) {
	if err := w.house.store.View(context.Background(), read); err != nil {
		w.t.Fatalf("seed %d: %v", w.seed, err)
	}
}

// nobody is a generation that has claimed nothing.
const nobody = -1

// quiet tells whether nothing is left to be sent before an instant. What is said once more is
// behind it: it was sent, and has half an hour to be sent again.
func (w *world) quiet(until time.Time) bool {
	quiet := true
	w.view(func(tx *storage.Tx) error {
		c, err := tx.Census()
		if err != nil {
			return err
		}
		work, err := tx.Work(nobody, deliveries.AllShards, 0)
		quiet = c.Behind == 0 && c.Drafts == 0 && !work.Directed && (work.NextDue.IsZero() || work.NextDue.After(until))
		return err
	})
	return quiet
}
