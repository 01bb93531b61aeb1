package storagetest

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/audience"
	"communique/storage/press"
)

// keptOf is what must be kept of some followers, made anew.
func keptOf(ids []string) audience.HostFollowers {
	var digest [sha256.Size]byte
	h := audience.HostFollowers{Count: len(ids)}
	for _, id := range ids {
		for i, b := range sha256.Sum256([]byte(id)) {
			digest[i] ^= b
		}
		h.Size += len(id)
	}
	h.Digest = hex.EncodeToString(digest[:])
	return h
}

// sameFollowersAt compares what is kept of the followers on a host with the list of them.
func (w *world) sameFollowersAt(what, host string, want ...string) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) error {
		ids, err := tx.ListFollowersAt(source, host)
		if err != nil {
			return err
		}
		kept, err := tx.FollowersAt(source, host)
		w.same(what+": list", want, ids)
		w.same(what+": kept", keptOf(want), kept)
		return err
	})
}

var hostFollowerTests = map[string]func(*testing.T, *world){
	// INTEROP S10
	"the followers on a host are its own alone": func(_ *testing.T, w *world) {
		const elsewhere, below = "https://other.example/users/ada", "https://deep.social.example/users/ada"
		for _, id := range []string{bela, ada, elsewhere, below} {
			w.accept(w.follow(id, id+"/inbox"))
			w.accept(w.follow(id, id+"/inbox")) // again
		}
		w.sameFollowersAt("all", "social.example", ada, bela)
		w.sameFollowersAt("another host", "other.example", elsewhere)
		w.sameFollowersAt("a host below", "deep.social.example", below)
		w.sameFollowersAt("nobody's", "example")
		w.view(func(tx *storage.Tx) error {
			none, err := tx.FollowersAt("actor:spokesperson", "social.example")
			w.same("of another actor", keptOf(nil), none)
			return err
		})
		w.undo(ada, w.clock.Now())
		w.sameFollowersAt("one left", "social.example", bela)
		w.undo(ada, w.clock.Now().Add(time.Second)) // who is not there
		w.undo(bela, w.clock.Now())
		w.sameFollowersAt("all left", "social.example")
	},

	"the followers on many hosts are read together": func(_ *testing.T, w *world) {
		const many = 260 // more than one statement asks for
		want, hosts := map[string]audience.HostFollowers{"nobody.example": keptOf(nil)}, []string{"nobody.example"}
		for n := range many {
			host := fmt.Sprintf("h%d.example", n)
			id := fmt.Sprintf("https://%s/users/%d", host, n)
			w.accept(w.follow(id, id+"/inbox"))
			want[host], hosts = keptOf([]string{id}), append(hosts, host)
		}
		w.view(func(tx *storage.Tx) error {
			for _, n := range []int{0, 1, 2, 3, 256, len(hosts)} {
				all, err := tx.FollowersAtEach(source, hosts[:n]...)
				if err != nil {
					return err
				}
				w.same(fmt.Sprintf("of %d hosts", n), n, len(all))
				for _, host := range hosts[:n] {
					w.same(host, want[host], all[host])
				}
			}
			return nil
		})
		w.update(func(tx *storage.Tx) error { return tx.FollowersMayLack() })
		w.view(func(tx *storage.Tx) error {
			all, err := tx.FollowersAtEach(source, hosts...)
			for host, at := range all {
				w.same(host+" may lack some", true, at.InDoubt)
			}
			return err
		})
	},

	"Follows that come together are as those that come one after the other": func(_ *testing.T, w *world) {
		const carl, dora, elsewhere = "https://social.example/users/carl", "https://social.example/users/dora", "https://other.example/users/eve"
		w.accept(w.follow(ada, sharedInbox))
		w.undo(dora, w.clock.Now().Add(time.Second))
		again := w.follow(bela, sharedInbox)
		again.ID += "/again"
		w.update(func(tx *storage.Tx) error {
			taken, err := tx.AddFollowers([]audience.Follow{
				w.follow(bela, sharedInbox), w.follow(carl, sharedInbox), w.follow(dora, sharedInbox), again,
				w.follow(elsewhere, "https://other.example/inbox"), w.follow(ada, sharedInbox),
			})
			w.same("taken", []bool{true, true, false, true, true, true}, taken)
			return err
		})
		w.sameFollowersAt("on the host that is known", "social.example", ada, bela, carl)
		w.sameFollowersAt("on the new one", "other.example", elsewhere)
		shared, alone := w.destination(sharedInbox), w.destination("https://other.example/inbox")
		w.same("served", []int{3, 1}, []int{shared.Followers, alone.Followers})
		w.view(func(tx *storage.Tx) error {
			got, err := tx.Follower(source, bela)
			w.same("the id of the last Follow", again.ID, got.Follow)
			return err
		})
		w.update(func(tx *storage.Tx) error {
			claimed, err := tx.ClaimDirected(every(10))
			w.same("answers", 5, len(claimed.Messages))
			return err
		})
		w.update(func(tx *storage.Tx) error {
			unknown := w.follow(carl, sharedInbox)
			unknown.Source = "actor:nobody"
			_, err := tx.AddFollowers([]audience.Follow{w.follow(carl, sharedInbox), unknown})
			w.same("of a source that is not there", true, errors.Is(err, press.ErrNotFound))
			return nil
		})
	},

	"followers are counted in and out by every way in and out": func(_ *testing.T, w *world) {
		random := rand.New(rand.NewPCG(8, 15))
		hosts := []string{"a.example", "b.example", "c.example:8443"}
		somebody := func() string {
			return fmt.Sprintf("https://%s/users/u%d", hosts[random.IntN(len(hosts))], random.IntN(4))
		}
		for range 300 {
			w.clock.Pass(time.Second)
			id := somebody()
			w.update(func(tx *storage.Tx) error {
				var err error
				switch now := w.clock.Now(); random.IntN(16) {
				case 0:
					err = tx.MoveFollower(id, w.follow(somebody(), id+"/inbox"))
				case 1:
					err = tx.ChangeInbox(w.follow(id, id+"/new"))
				case 2:
					err = tx.DropHost(press.HostOf(id))
				case 3:
					err = tx.EndFollow(source, id, id+"/follows/1", now)
				case 4:
					err = tx.RemoveActor(id, now)
				case 5, 6:
					err = tx.RemoveFollower(source, id, now)
				default:
					together := make([]audience.Follow, 1+random.IntN(4))
					for i := range together {
						one := somebody()
						together[i] = w.follow(one, "https://"+press.HostOf(one)+"/inbox")
						together[i].ID += fmt.Sprint(now.Unix())
					}
					_, err = tx.AddFollowers(together)
				}
				if errors.Is(err, press.ErrNotFound) {
					return nil
				}
				return err
			})
		}
		w.block("b.example", audience.BlockDomain)
		n := 0
		for _, host := range hosts {
			w.view(func(tx *storage.Tx) error {
				ids, err := tx.ListFollowersAt(source, host)
				if err != nil {
					return err
				}
				kept, err := tx.FollowersAt(source, host)
				w.same(host, keptOf(ids), kept)
				n += len(ids)
				return err
			})
		}
		w.same("all", w.countFollowers(), n)
	},

	"a list that may lack followers is in doubt until it is confirmed": func(_ *testing.T, w *world) {
		complete := func(want bool) {
			w.t.Helper()
			w.view(func(tx *storage.Tx) error {
				for _, host := range []string{"social.example", "nobodys.example"} {
					got, err := tx.FollowersAt(source, host)
					if w.same("complete", want, !got.InDoubt); err != nil {
						return err
					}
				}
				return nil
			})
		}
		complete(true)
		w.refused(press.ErrNotFound, (*storage.Tx).ConfirmFollowers)
		w.update(func(tx *storage.Tx) error {
			_, err := tx.Reopen()
			return err
		})
		complete(false)
		w.update((*storage.Tx).ConfirmRestore)
		complete(false) // that says nothing of followers
		w.update((*storage.Tx).ConfirmFollowers)
		complete(true)
	},
}
