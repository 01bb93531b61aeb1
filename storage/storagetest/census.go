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
			[]any{map[string]int{}, 0, map[string]int{source: 0}, 0, false, time.Time{}, time.Time{}, press.Seq(0)}, []any{empty.Destinations, empty.Behind, empty.Followers, empty.Drafts, empty.Held, empty.Backups.Made, empty.Backlog, newest()})

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
			return tx.NoteBackup(tx.Now(), 1000)
		})
		got := census()
		w.same("the destinations", map[string]int{"paused": 2, "failing": 1, "active": 1}, got.Destinations)
		w.same("what else is counted", []any{4, map[string]int{source: 3}, 1, 1, 1, w.clock.Now(), due.Published},
			[]any{got.Behind, got.Followers, got.Replies, got.Drafts, got.Subscriptions, got.Backups.Made, got.NextRelease})
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
	"what is known of backups": func(t *testing.T, w *world) {
		known := func() (b storage.Backups) {
			w.view(func(tx *storage.Tx) (err error) {
				b, err = tx.Backups()
				return err
			})
			return b
		}
		note := func(fn func(*storage.Tx) error) storage.Backups {
			w.clock.Pass(time.Hour)
			w.update(fn)
			return known()
		}
		w.same("of none", storage.Backups{}, known())
		first := noon.Add(30 * time.Minute)
		w.same("one", storage.Backups{Made: first, Size: 1000}, note(func(tx *storage.Tx) error { return tx.NoteBackup(first, 1000) }))
		want := storage.Backups{Made: first, Size: 1000, Rehearsed: noon.Add(2 * time.Hour), Proven: first}
		w.same("a rehearsal", want, note(func(tx *storage.Tx) error { return tx.NoteRehearsal(first, "") }))
		want.Failed, want.FailedAt = "the disk is full", noon.Add(3*time.Hour)
		w.same("none could be made", want, note(func(tx *storage.Tx) error { return tx.NoteNoBackup("the disk is full") }))
		second := noon.Add(4 * time.Hour)
		w.same("the next one", storage.Backups{Made: second, Size: 2000, Rehearsed: want.Rehearsed, Proven: first},
			note(func(tx *storage.Tx) error { return tx.NoteBackup(second, 2000) }))
		w.same("a rehearsal that fails", storage.Backups{Made: second, Size: 2000, Rehearsed: noon.Add(5 * time.Hour), Fault: "the log has a gap", Proven: first},
			note(func(tx *storage.Tx) error { return tx.NoteRehearsal(second, "the log has a gap") }))
	},
}
