package storagetest

import (
	"fmt"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/deliveries"
	"communique/storage/press"
)

func (w *world) reach(e press.Entry) (r deliveries.Reach) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) (err error) {
		r, err = tx.Reach(source, e)
		return err
	})
	return r
}

// deliver settles a destination as having got entries at an instant.
func (w *world) deliver(url string, at time.Time, entries ...press.Entry) {
	w.t.Helper()
	d := w.destination(url)
	w.update(func(tx *storage.Tx) error {
		return tx.Settle(1, []deliveries.Settlement{{
			Destination: d.ID, Source: d.Source, Cursor: entries[len(entries)-1].Seq, State: deliveries.StateActive, Succeeded: true,
			At: at, Followers: d.Followers, Reached: entries,
		}})
	})
}

var reachTests = map[string]func(*testing.T, *world){
	"reach is read off cursors": func(t *testing.T, w *world) {
		w.accept(w.follow(ada, sharedInbox))
		w.accept(w.follow(bela, sharedInbox))
		for i := range 3 {
			w.accept(w.follow(fmt.Sprintf("https://h%d.example/a", i), fmt.Sprintf("https://h%d.example/inbox", i)))
		}
		a, e := w.publish(w.draft("One"))
		w.accept(w.follow("https://late.example/a", "https://late.example/inbox"))
		w.claim(1)
		w.deliver(sharedInbox, noon.Add(40*time.Millisecond), e)
		w.deliver("https://h0.example/inbox", noon.Add(1430*time.Millisecond), e)
		w.update(func(tx *storage.Tx) error {
			d := w.destination("https://h1.example/inbox")
			return tx.Settle(1, []deliveries.Settlement{{
				Destination: d.ID, Cursor: e.Seq, State: deliveries.StateActive, Succeeded: true,
				Refusals: []deliveries.Refusal{{Seq: e.Seq, Status: 403, Detail: "no thanks"}},
			}})
		})
		r := w.reach(e)
		w.same("reach", deliveries.Reach{
			Entry: e, Servers: 4, Reached: 2, Followers: 5, FollowersReached: 3, Behind: 1, Refused: 1,
			Progress: []deliveries.Moment{
				{At: noon.Add(100 * time.Millisecond), Servers: 1, Followers: 2},
				{At: noon.Add(1500 * time.Millisecond), Servers: 1, Followers: 1},
			},
		}, r)
		within := func(percent int) string {
			d, ok := r.Within(percent)
			return fmt.Sprint(d, ok)
		}
		w.same("25 % within", "100ms true", within(25))
		w.same("50 % within", "1.5s true", within(50))
		w.same("99 % within", "0s false", within(99))
		w.view(func(tx *storage.Tx) error {
			behind, err := tx.Behind(source, e, 10)
			if err != nil {
				return err
			}
			w.same("behind", 1, len(behind))
			w.same("who", "https://h2.example/inbox", behind[0].URL)
			refused, err := tx.RefusalsOf(source, e, 10)
			w.same("refused", []deliveries.RefusedBy{{
				Refusal: deliveries.Refusal{Seq: e.Seq, Status: 403, Detail: "no thanks"}, URL: "https://h1.example/inbox", At: noon,
			}}, refused)
			return err
		})
		// A withdrawal is for those who may have the article, also if they left.
		w.undo(ada, noon)
		w.undo(bela, noon)
		_, withdrawal := w.withdraw(a.ID)
		gone := w.reach(withdrawal)
		w.same("servers to tell of the withdrawal", 4, gone.Servers)
		w.same("told", 0, gone.Reached)
		w.same("behind", 4, gone.Behind)
	},

	"a destination that is gone is neither behind nor reached": func(t *testing.T, w *world) {
		w.accept(w.follow(ada, sharedInbox))
		_, e := w.publish(w.draft("One"))
		d := w.claim(1)[0]
		w.update(func(tx *storage.Tx) error {
			return tx.Settle(1, []deliveries.Settlement{{Destination: d.ID, Failures: 1, State: deliveries.StateGone}})
		})
		r := w.reach(e)
		w.same("gone, behind, reached", []int{1, 0, 0}, []int{r.Gone, r.Behind, r.Reached})
	},

	"a server counts once over several entries and actors": func(t *testing.T, w *world) {
		w.accept(w.follow(ada, sharedInbox))
		for i := range 4 {
			w.accept(w.follow(fmt.Sprintf("https://h%d.example/a", i), fmt.Sprintf("https://h%d.example/inbox", i)))
		}
		_, one := w.publish(w.draft("One"))
		_, two := w.publish(w.draft("Two"))
		w.accept(w.follow("https://late.example/a", "https://late.example/inbox"))
		w.claim(1)
		w.deliver(sharedInbox, noon.Add(time.Second), one, two)
		w.deliver("https://h0.example/inbox", noon.Add(time.Second), one) // and lacks the second
		settle := func(url string, s deliveries.Settlement) {
			s.Destination, s.Source = w.destination(url).ID, source
			w.update(func(tx *storage.Tx) error { return tx.Settle(1, []deliveries.Settlement{s}) })
		}
		settle("https://h1.example/inbox", deliveries.Settlement{Cursor: two.Seq, State: deliveries.StateActive, Succeeded: true, Refusals: []deliveries.Refusal{{Seq: one.Seq, Status: 403}}})
		settle("https://h2.example/inbox", deliveries.Settlement{Failures: 1, State: deliveries.StateGone})
		servers := func(entries ...press.Seq) (s deliveries.Servers) {
			w.view(func(tx *storage.Tx) (err error) {
				s, err = tx.ServersOf(entries)
				return err
			})
			return s
		}
		w.same("of none", deliveries.Servers{}, servers())
		w.same("of one", deliveries.Servers{All: 5, Reached: 2, Behind: 1, Refused: 1, Gone: 1}, servers(one.Seq))
		w.same("of both", deliveries.Servers{All: 5, Reached: 1, Behind: 2, Refused: 1, Gone: 1}, servers(one.Seq, two.Seq))
		_, silent := w.publish(w.silent("Imported", noon.AddDate(-1, 0, 0)))
		w.same("of what is silent", deliveries.Servers{}, servers(silent.Seq))
	},

	"the withdrawal of what was never pushed is for everybody": func(t *testing.T, w *world) {
		w.accept(w.follow(ada, sharedInbox))
		a, _ := w.publish(w.silent("Imported", noon.AddDate(-1, 0, 0)))
		_, e := w.withdraw(a.ID)
		w.accept(w.follow("https://late.example/a", "https://late.example/inbox"))
		w.same("servers", 1, w.reach(e).Servers)
	},
}
