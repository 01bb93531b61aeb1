package storagetest

import (
	"testing"
	"time"

	"communique/storage"
	"communique/storage/audience"
	"communique/storage/press"
)

var censusTests = map[string]func(*testing.T, *world){
	"all is counted": func(t *testing.T, w *world) {
		census := func() (c storage.Census) {
			w.view(func(tx *storage.Tx) (err error) {
				c, err = tx.Census()
				return err
			})
			return c
		}
		newest := func() (seq press.Seq) {
			w.view(func(tx *storage.Tx) error {
				e, of, err := tx.NewestPushed()
				if seq = e.Seq; err == nil && of != source {
					t.Errorf("the author is %q", of)
				}
				return err
			})
			return seq
		}
		empty := census()
		w.same("of an empty site",
			[]any{map[string]int{}, 0, map[string]int{source: 0}, 0, false, time.Time{}, time.Time{}, press.Seq(0)}, []any{empty.Destinations, empty.Behind, empty.Followers, empty.Drafts, empty.Held, empty.BackedUp, empty.Backlog, newest()})

		w.big()
		w.subscribe(w.subscription(callback))
		first, _ := w.publish(w.draft("A statement"))
		w.clock.Pass(time.Minute)
		w.claim(1)
		w.putOff(w.destination(sharedInbox), w.clock.Now().Add(time.Hour))
		due := w.inASecond()
		w.reply(audience.Reply{ID: "https://social.example/1", Actor: ada, Article: first.ID}, audience.ReplyPending)
		w.update(func(tx *storage.Tx) error {
			if err := tx.PauseHost("big.example"); err != nil {
				return err
			}
			return tx.NoteBackup()
		})
		got := census()
		w.same("the destinations", map[string]int{"paused": 2, "failing": 1, "active": 1}, got.Destinations)
		w.same("what else is counted", []any{4, map[string]int{source: 3}, 1, 1, 1, w.clock.Now(), due.Published},
			[]any{got.Behind, got.Followers, got.Replies, got.Drafts, got.Subscriptions, got.BackedUp, got.NextRelease})
		w.same("since when somebody waits", []any{noon, w.head(), w.head()}, []any{got.Backlog, got.Head.Seq, newest()})
		w.view(func(tx *storage.Tx) error {
			n, since, err := tx.EntriesSince(w.head() - 1)
			if n != 1 || !since.Equal(noon) {
				t.Errorf("one entry since noon is %d since %s", n, since)
			}
			if err != nil {
				return err
			}
			size, err := tx.Size()
			if size < 100_000 {
				t.Errorf("the database has %d bytes", size)
			}
			return err
		})
	},
}
