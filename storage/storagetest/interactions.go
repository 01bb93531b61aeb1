package storagetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/audience"
	"communique/storage/press"
)

func like(id press.ArticleID, actor string) audience.Interaction {
	return audience.Interaction{Article: id, Kind: audience.KindLike, Actor: actor, Activity: actor + "/likes/1"}
}

func (w *world) interact(i audience.Interaction) (taken bool) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) (err error) {
		taken, err = tx.AddInteraction(i, w.clock.Now())
		return err
	})
	return taken
}

func (w *world) reactions(id press.ArticleID) (r audience.Reactions) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) (err error) {
		r, err = tx.Reactions(id)
		return err
	})
	return r
}

// later are the reactions once the minute is over.
func (w *world) later(id press.ArticleID) audience.Reactions {
	w.t.Helper()
	w.clock.Pass(time.Minute)
	return w.reactions(id)
}

var interactionTests = map[string]func(*testing.T, *world){
	"each actor counts once": func(t *testing.T, w *world) {
		a, _ := w.publish(w.draft("Liked"))
		w.same("before", audience.Reactions{}, w.reactions(a.ID))
		for _, actor := range []string{ada, ada, bela} {
			w.same("taken", true, w.interact(like(a.ID, actor)))
		}
		w.interact(audience.Interaction{Article: a.ID, Kind: audience.KindReaction, Actor: ada, Content: "🎉"})
		w.interact(audience.Interaction{Article: a.ID, Kind: audience.KindAnnounce, Actor: ada, Activity: ada + "/boosts/1"})
		w.interact(audience.Interaction{Article: a.ID, Kind: audience.KindQuote, Actor: ada, Object: ada + "/posts/1"})
		w.interact(audience.Interaction{Article: a.ID, Kind: audience.KindQuote, Actor: ada, Object: ada + "/posts/2"})
		got := w.later(a.ID)
		w.same("counts", []int{3, 1, 2, 0}, []int{got.Likes, got.Shares, got.Quotes, got.Replies})
		other, _ := w.publish(w.draft("Not liked"))
		w.same("another article", audience.Reactions{}, w.later(other.ID))
	},

	"the log has no entry of it": func(_ *testing.T, w *world) {
		a, e := w.publish(w.draft("Liked"))
		w.interact(like(a.ID, ada))
		w.same("head", e.Seq, w.head())
		w.same("head of the source", e.Seq, w.sourceHead())
	},

	// What a cache knows a page by changes once a minute, and what it stands for
	// stays the same for ever.
	"what is shown changes once a minute": func(t *testing.T, w *world) {
		a, _ := w.publish(w.draft("Liked"))
		w.interact(like(a.ID, ada))
		w.same("within the minute", audience.Reactions{}, w.reactions(a.ID))
		first := w.later(a.ID)
		w.same("likes after it", 1, first.Likes)
		w.same("since", w.clock.Now().Truncate(time.Minute), first.At)
		for n := range 5 {
			w.interact(like(a.ID, fmt.Sprint(bela, n)))
			w.same("within the next", first, w.reactions(a.ID))
		}
		second := w.later(a.ID)
		w.same("likes after that", 6, second.Likes)
		if second.Version <= first.Version {
			t.Errorf("the version went from %d to %d", first.Version, second.Version)
		}
		w.same("an hour without news", second, func() audience.Reactions { w.clock.Pass(time.Hour); return w.reactions(a.ID) }())
	},

	"an Undo takes it back, also before it came": func(_ *testing.T, w *world) {
		a, _ := w.publish(w.draft("Liked"))
		undo := func(actor string) {
			w.update(func(tx *storage.Tx) error { return tx.RemoveInteraction(like(a.ID, actor), w.clock.Now()) })
		}
		w.interact(like(a.ID, ada))
		w.interact(like(a.ID, bela))
		undo(ada)
		undo("https://social.example/users/cleo")
		w.same("likes", 1, w.later(a.ID).Likes)
	},

	// SECURITY A17.
	"what was captured before its Undo is ignored": func(_ *testing.T, w *world) {
		a, _ := w.publish(w.draft("Liked"))
		captured := w.clock.Now()
		w.interact(like(a.ID, ada))
		w.clock.Pass(time.Second)
		w.update(func(tx *storage.Tx) error { return tx.RemoveInteraction(like(a.ID, ada), w.clock.Now()) })
		w.clock.Pass(time.Second)
		w.update(func(tx *storage.Tx) error {
			taken, err := tx.AddInteraction(like(a.ID, ada), captured)
			w.same("taken", false, taken)
			return err
		})
		w.same("likes", 0, w.later(a.ID).Likes)
		w.same("a new one is taken", true, w.interact(like(a.ID, ada)))
	},

	// An emoji that is exchanged for another is an Undo and a Like at once.
	"of a like and an Undo that overtake each other the later one counts": func(_ *testing.T, w *world) {
		a, _ := w.publish(w.draft("Liked"))
		between := w.clock.Now().Add(time.Second)
		w.clock.Pass(2 * time.Second)
		w.interact(like(a.ID, ada))
		w.update(func(tx *storage.Tx) error { return tx.RemoveInteraction(like(a.ID, ada), between) })
		w.same("likes after an Undo of before", 1, w.later(a.ID).Likes)
		w.update(func(tx *storage.Tx) error { return tx.RemoveInteraction(like(a.ID, ada), w.clock.Now()) })
		w.same("likes after another", 0, w.later(a.ID).Likes)
	},

	// Mastodon signs by the second; the ids tell apart what it signs within one.
	"an Undo takes back the activity that it names and no other": func(_ *testing.T, w *world) {
		a, _ := w.publish(w.draft("Liked"))
		for _, kind := range []audience.InteractionKind{audience.KindLike, audience.KindReaction, audience.KindAnnounce} {
			named := func(id string) audience.Interaction {
				if id != "" {
					id = fmt.Sprint(ada, "/", kind, "/", id)
				}
				return audience.Interaction{Article: a.ID, Kind: kind, Actor: ada, Activity: id}
			}
			do := func(id string, want bool) {
				w.t.Helper()
				w.same(fmt.Sprint(kind, " ", id, " is taken"), want, w.interact(named(id)))
			}
			undo := func(id string) {
				w.update(func(tx *storage.Tx) error { return tx.RemoveInteraction(named(id), w.clock.Now()) })
			}
			loosely := func(id string) {
				w.update(func(tx *storage.Tx) error { return tx.RemoveInteractionOfLooseID(named(id), w.clock.Now()) })
			}
			counted := func(what string, want int) {
				w.t.Helper()
				var n int
				w.view(func(tx *storage.Tx) error {
					for _, id := range []string{"1", "2", "3", "4", "5", "6"} {
						if _, err := tx.InteractionOf(ada, named(id).Activity); err == nil {
							n++
						} else if !errors.Is(err, press.ErrNotFound) {
							return err
						}
					}
					return nil
				})
				w.same(fmt.Sprint(kind, " after ", what), want, n)
			}
			do("1", true)
			undo("1")
			counted("an Undo", 0)
			do("1", false) // a replay
			do("2", true)
			undo("1") // a replay too
			counted("another one of the same second", 1)
			do("3", true) // before the Undo of the one that it replaces
			undo("2")
			w.clock.Pass(4 * time.Second)
			undo("2") // worked off late
			counted("the Undo of what it replaces", 1)
			do("2", false)
			undo("3")
			counted("the last Undo", 0)
			do("3", false)
			do("", false)
			do("4", true)
			undo("") // of servers that keep no ids
			counted("an Undo without an id", 0)
			do("4", false)
			do("", false)
			do("5", true)
			w.clock.Pass(time.Second)
			undo("unknown")
			counted("an Undo of an unknown one", 1)
			do("unknown", false) // which the Undo has overtaken
			loosely("5")
			counted("an Undo of one that is known, by a loose id", 0)
			do("5", false)
			do("6", true)
			loosely("5")
			counted("a late one", 1)
			w.clock.Pass(time.Second)
			loosely("made up")
			counted("an Undo of an unknown one, by a loose id", 0)
			do("6", false)
		}
		got := w.later(a.ID)
		w.same("counts", []int{0, 0}, []int{got.Likes, got.Shares})
	},

	"an activity that came late is over": func(_ *testing.T, w *world) {
		a, _ := w.publish(w.draft("Liked"))
		earlier := w.clock.Now()
		w.clock.Pass(2 * time.Second)
		w.interact(like(a.ID, ada))
		late := like(a.ID, ada)
		late.Activity = ada + "/likes/0"
		w.update(func(tx *storage.Tx) error {
			_, err := tx.AddInteraction(late, earlier)
			return err
		})
		w.clock.Pass(time.Second)
		w.update(func(tx *storage.Tx) error { return tx.RemoveInteraction(late, w.clock.Now()) })
		w.same("likes after the Undo of the earlier one", 1, w.later(a.ID).Likes)
	},

	"a flood of likes is remembered by its time": func(_ *testing.T, w *world) {
		a, _ := w.publish(w.draft("Liked"))
		first := w.clock.Now()
		for i := range 100 {
			l := like(a.ID, ada)
			l.Activity = fmt.Sprint(ada, "/likes/", i)
			w.interact(l)
			w.clock.Pass(time.Second)
		}
		captured := like(a.ID, ada)
		captured.Activity = ada + "/likes/0"
		w.update(func(tx *storage.Tx) error {
			if err := tx.RemoveInteraction(like(a.ID, ada), w.clock.Now()); err != nil {
				return err
			}
			return tx.RemoveInteraction(audience.Interaction{Article: a.ID, Kind: audience.KindLike, Actor: ada, Activity: ada + "/likes/99"}, w.clock.Now())
		})
		w.update(func(tx *storage.Tx) error {
			taken, err := tx.AddInteraction(captured, first)
			w.same("taken", false, taken)
			return err
		})
		w.same("likes", 0, w.later(a.ID).Likes)
	},

	"only a published article is liked": func(_ *testing.T, w *world) {
		hidden, _ := w.publish(w.embargoed("Later"))
		for _, id := range []press.ArticleID{hidden.ID, press.NewArticleID()} {
			w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
				_, err := tx.AddInteraction(like(id, ada), w.clock.Now())
				return err
			})
		}
	},

	"an interaction is found by its activity": func(_ *testing.T, w *world) {
		a, _ := w.publish(w.draft("Liked"))
		w.interact(like(a.ID, ada))
		w.view(func(tx *storage.Tx) error {
			got, err := tx.InteractionOf(ada, ada+"/likes/1")
			want := like(a.ID, ada)
			want.At = noon
			w.same("interaction", want, got)
			return err
		})
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
			_, err := tx.InteractionOf(bela, ada+"/likes/1")
			return err
		})
	},

	"a quote goes with its post": func(_ *testing.T, w *world) {
		a, _ := w.publish(w.draft("Quoted"))
		quote := audience.Interaction{Article: a.ID, Kind: audience.KindQuote, Actor: ada, Object: ada + "/posts/1"}
		w.interact(quote)
		w.clock.Pass(time.Second)
		w.update(func(tx *storage.Tx) error { return tx.RemoveQuote(bela, quote.Object, w.clock.Now()) })
		w.same("by somebody else", 1, w.later(a.ID).Quotes)
		w.update(func(tx *storage.Tx) error { return tx.RemoveQuote(ada, quote.Object, w.clock.Now()) })
		w.same("by its author", 0, w.later(a.ID).Quotes)
	},

	"a post quotes one article, the one of its latest state": func(_ *testing.T, w *world) {
		first, _ := w.publish(w.draft("Quoted first"))
		second, _ := w.publish(w.draft("Quoted then"))
		quoteOf := func(a press.Article, post string) audience.Interaction {
			return audience.Interaction{Article: a.ID, Kind: audience.KindQuote, Actor: ada, Object: ada + post}
		}
		w.interact(quoteOf(first, "/posts/other"))
		w.interact(quoteOf(first, "/posts/1"))
		var allowed audience.Quote
		w.update(func(tx *storage.Tx) (err error) {
			allowed, err = tx.GrantQuote(first.ID, ada+"/posts/1", ada, w.clock.Now())
			return err
		})
		before := w.clock.Now()
		w.clock.Pass(time.Second)
		w.interact(quoteOf(second, "/posts/1"))
		w.same("quotes", []int{1, 1}, []int{w.later(first.ID).Quotes, w.later(second.ID).Quotes})
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
			_, err := tx.Quote(allowed.Token)
			return err
		})
		w.update(func(tx *storage.Tx) error {
			taken, err := tx.AddInteraction(quoteOf(first, "/posts/1"), before)
			w.same("the state before is taken", false, taken)
			return err
		})
		w.same("quotes after the state before came late", []int{1, 1}, []int{w.later(first.ID).Quotes, w.later(second.ID).Quotes})
	},

	"an actor who is gone leaves nothing": func(_ *testing.T, w *world) {
		a, _ := w.publish(w.draft("Liked"))
		knows := func() (known bool) {
			w.view(func(tx *storage.Tx) (err error) { known, err = tx.Knows(ada); return err })
			return known
		}
		w.same("known before", false, knows())
		w.accept(w.follow(ada, sharedInbox))
		w.interact(like(a.ID, ada))
		w.reply(reply(a.ID, ada, "one"), audience.ReplyApproved)
		w.same("known", true, knows())
		w.update(func(tx *storage.Tx) error { return tx.RemoveActor(ada, w.clock.Now()) })
		w.same("known after", false, knows())
		got := w.later(a.ID)
		w.same("likes and replies", []int{0, 0}, []int{got.Likes, got.Replies})
		w.same("followers", 0, w.countFollowers())
	},

	// SECURITY A17.
	"what an actor who is gone signed before brings nothing back": func(_ *testing.T, w *world) {
		a, _ := w.publish(w.draft("Liked"))
		captured := w.follow(ada, sharedInbox)
		earlier := w.clock.Now()
		w.clock.Pass(time.Second)
		w.update(func(tx *storage.Tx) error { return tx.RemoveActor(ada, w.clock.Now()) })
		for name, add := range map[string]func(*storage.Tx) (bool, error){
			"follower": func(tx *storage.Tx) (bool, error) { return tx.AddFollower(captured) },
			"like":     func(tx *storage.Tx) (bool, error) { return tx.AddInteraction(like(a.ID, ada), earlier) },
			"reply": func(tx *storage.Tx) (bool, error) {
				return tx.AddReply(reply(a.ID, ada, "one"), earlier, audience.ReplyApproved)
			},
		} {
			w.update(func(tx *storage.Tx) error {
				taken, err := add(tx)
				w.same(name+" is taken", false, taken)
				return err
			})
		}
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
			_, err := tx.GrantQuote(a.ID, ada+"/posts/1", ada, earlier)
			return err
		})
		left := w.clock.Now()
		w.clock.Pass(time.Second)
		w.same("what is signed later is", true, w.interact(like(a.ID, ada)))
		w.reply(reply(a.ID, ada, "two"), audience.ReplyApproved)
		w.update(func(tx *storage.Tx) error { return tx.RemoveActor(ada, left) })
		got := w.later(a.ID)
		w.same("likes and replies after the deletion came again", []int{1, 1}, []int{got.Likes, got.Replies})
	},
}
