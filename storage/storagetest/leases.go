package storagetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/deliveries"
)

var leaseTests = map[string]func(*testing.T, *world){
	"messages of other shards hold up none of ours": func(t *testing.T, w *world) {
		const last = "https://last.example/actor"
		ours := uint64(1) << deliveries.Shard("last.example")
		for i := range 40 {
			if host := fmt.Sprintf("h%d.example", i); ours>>deliveries.Shard(host)&1 == 0 {
				w.add(w.follow("https://"+host+"/actor", "https://"+host+"/inbox"))
			}
		}
		w.add(w.follow(last, "https://last.example/inbox"))
		w.update(func(tx *storage.Tx) error {
			c := every(1)
			c.Shards, c.Limit = ours, 5
			claimed, err := tx.ClaimDirected(c)
			w.same("messages", 1, len(claimed.Messages))
			if len(claimed.Messages) == 1 {
				w.same("to", last, claimed.Messages[0].Recipient)
			}
			return err
		})
		w.view(func(tx *storage.Tx) error {
			of := func(shards uint64) bool {
				work, err := tx.Work(1, shards, 0)
				if err != nil {
					t.Error(err)
				}
				return work.Directed
			}
			w.same("others wait for whoever has the others", []bool{false, true}, []bool{of(ours), of(^ours)})
			return nil
		})
	},

	"what a process holds is read from its leases": func(t *testing.T, w *world) {
		for _, statement := range []string{
			`UPDATE leases SET holder = 7 WHERE part IN (0, 5, 63, 64)`,
			`UPDATE leases SET holder = 8 WHERE part = 6`,
		} {
			if err := w.database.Exec(statement); err != nil {
				t.Fatal(err)
			}
		}
		w.view(func(tx *storage.Tx) error {
			held, err := tx.Leased(7)
			w.same("held", uint64(1|1<<5|1<<63), held)
			return err
		})
	},

	"what was claimed in a shard before it was lost is due again": func(_ *testing.T, w *world) {
		w.accept(w.follow(ada, sharedInbox))
		w.publish(w.draft("One"))
		w.add(w.follow(bela, sharedInbox))
		w.same("claimed", []int{1, 1}, []int{len(w.claim(1)), len(w.claimDirected(1))})
		shard := uint64(1) << deliveries.Shard("social.example")
		w.update(func(tx *storage.Tx) error { return tx.Unclaim(1, ^shard) })
		w.same("of other shards", []int{0, 0}, []int{len(w.claim(1)), len(w.claimDirected(1))})
		w.update(func(tx *storage.Tx) error { return tx.Unclaim(1, shard) })
		w.same("of this one", []int{1, 1}, []int{len(w.claim(1)), len(w.claimDirected(1))})
	},

	"a message that the next process has claimed is not the former one's": func(_ *testing.T, w *world) {
		f := w.follow(ada, sharedInbox)
		w.add(f)
		w.claimDirected(1)
		w.claimDirected(2)
		w.view(func(tx *storage.Tx) error {
			former, err := tx.DirectedIsHeld(f.Accept.ID, 1)
			if err != nil {
				return err
			}
			next, err := tx.DirectedIsHeld(f.Accept.ID, 2)
			w.same("held", []bool{false, true}, []bool{former, next})
			return err
		})
	},

	"replicas are there until they say nothing, and remembered after that": func(t *testing.T, w *world) {
		end, at := noon.Add(time.Minute), noon.Add(-time.Hour)
		for i, until := range []int64{noon.UnixMicro() - 1, noon.UnixMicro() + 1, end.UnixMicro(), 0} {
			err := w.database.Exec(`INSERT INTO replicas (id, name, version, since, until) VALUES ($1, $2, '1', $3, $4)`, i+1, fmt.Sprint("r", i+1), at.UnixMicro(), until)
			if err != nil {
				t.Fatal(err)
			}
		}
		w.view(func(tx *storage.Tx) error {
			others, err := tx.Replicas(2)
			w.same("others", []deliveries.Replica{{ID: 3, Name: "r3", Version: "1", Since: at, Until: end}}, others)
			if err != nil {
				return err
			}
			known, err := tx.KnownReplicas()
			w.same("known", 4, len(known))
			w.same("the one that ends", deliveries.Replica{ID: 4, Name: "r4", Version: "1", Since: at}, known[3])
			return err
		})
	},

	"a lease that is over is nobody's": func(t *testing.T, w *world) {
		for part, until := range map[int]time.Time{0: noon.Add(time.Second), 1: noon, 64: noon.Add(time.Minute)} {
			if err := w.database.Exec(`UPDATE leases SET holder = 7, until = $1 WHERE part = $2`, until.UnixMicro(), part); err != nil {
				t.Fatal(err)
			}
		}
		w.view(func(tx *storage.Tx) error {
			all, err := tx.Leases()
			if err != nil {
				return err
			}
			w.same("parts", deliveries.Shards+storage.Tasks, len(all))
			all = slices.DeleteFunc(all, func(l deliveries.Lease) bool { return l.Holder == 0 })
			w.same("held", []deliveries.Lease{{Part: 0, Holder: 7}, {Part: 64, Holder: 7}}, all)
			return nil
		})
	},
}
