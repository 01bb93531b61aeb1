package storagetest

import (
	"fmt"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/audience"
	"communique/storage/press"
)

// reply is a public reply to an article.
func reply(id press.ArticleID, actor, name string) audience.Reply {
	return audience.Reply{
		ID: actor + "/posts/" + name, Article: id, Parent: "https://mfa.example/ap/articles/" + string(id),
		Actor: actor, Name: "Ada", Handle: "@ada@social.example", AuthorURL: "https://social.example/@ada", URL: "https://social.example/@ada/" + name,
		Content: "<p>Well said.</p>", Language: "en", Public: true, Published: noon, Version: noon,
	}
}

func (w *world) reply(r audience.Reply, state audience.ReplyState) (taken bool) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) (err error) {
		taken, err = tx.AddReply(r, w.clock.Now(), state)
		return err
	})
	return taken
}

func (w *world) readReply(id string) (r audience.Reply) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) (err error) {
		r, err = tx.Reply(id)
		return err
	})
	return r
}

func (w *world) decide(token string, state audience.ReplyState) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) error {
		_, err := tx.DecideReply(token, state)
		return err
	})
}

// shown are the ids of the replies on an article's page.
func (w *world) shown(id press.ArticleID) (ids []string) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) error {
		var behind audience.Reply
		for {
			page, err := tx.ApprovedReplies(id, behind, 2)
			if err != nil || len(page) == 0 {
				return err
			}
			for _, r := range page {
				ids = append(ids, r.ID)
			}
			behind = page[len(page)-1]
		}
	})
	return ids
}

func (w *world) waiting() (ids []string) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) error {
		page, err := tx.Replies(audience.ReplyPending, audience.Reply{}, 1000)
		for _, r := range page {
			ids = append(ids, r.ID)
		}
		return err
	})
	return ids
}

var replyTests = map[string]func(*testing.T, *world){
	"a reply waits, is shown, and is hidden": func(_ *testing.T, w *world) {
		a, e := w.publish(w.draft("Answered"))
		r := reply(a.ID, ada, "1")
		w.same("taken", true, w.reply(r, audience.ReplyPending))
		got := w.readReply(r.ID)
		r.Token, r.Received, r.State = got.Token, noon, audience.ReplyPending
		w.same("reply", r, got)
		w.same("waiting", []string{r.ID}, w.waiting())
		before := w.reactions(a.ID)
		w.same("replies before", 0, before.Replies)

		w.decide(got.Token, audience.ReplyApproved)
		w.same("shown", []string{r.ID}, w.shown(a.ID))
		with := w.reactions(a.ID)
		w.same("at once", []any{1, before.Version + 1}, []any{with.Replies, with.Version})
		w.decide(got.Token, audience.ReplyApproved)
		w.same("approving twice", with, w.reactions(a.ID))

		w.decide(got.Token, audience.ReplyRejected)
		w.same("shown after", []string(nil), w.shown(a.ID))
		after := w.reactions(a.ID)
		w.same("hidden at once", []any{0, with.Version + 1}, []any{after.Replies, after.Version})
		w.same("head", e.Seq, w.head())
	},

	"the same reply again changes nothing": func(_ *testing.T, w *world) {
		a, _ := w.publish(w.draft("Answered"))
		r := reply(a.ID, ada, "1")
		w.reply(r, audience.ReplyPending)
		first := w.readReply(r.ID)
		w.clock.Pass(time.Second)
		w.same("taken", true, w.reply(r, audience.ReplyPending))
		w.same("reply", first, w.readReply(r.ID))
	},

	"an edit begins anew, and its token with it": func(_ *testing.T, w *world) {
		a, _ := w.publish(w.draft("Answered"))
		r := reply(a.ID, ada, "1")
		w.reply(r, audience.ReplyPending)
		read := w.readReply(r.ID)
		w.decide(read.Token, audience.ReplyApproved)
		r.Content, r.Version = "<p>Buy my things.</p>", noon.Add(time.Minute)
		w.same("taken", true, w.reply(r, audience.ReplyPending))
		w.same("shown", []string(nil), w.shown(a.ID))
		w.same("count", 0, w.reactions(a.ID).Replies)
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
			_, err := tx.DecideReply(read.Token, audience.ReplyApproved)
			return err
		})
		// An older text does not come back, whenever it is delivered.
		r.Content, r.Version = "<p>Well said.</p>", noon
		w.same("taken", false, w.reply(r, audience.ReplyPending))
		w.same("text", press.HTML("<p>Buy my things.</p>"), w.readReply(r.ID).Content)
	},

	"an edit of a shown reply is another version": func(_ *testing.T, w *world) {
		a, _ := w.publish(w.draft("Answered"))
		r := reply(a.ID, ada, "1")
		w.reply(r, audience.ReplyApproved)
		before := w.reactions(a.ID).Version
		r.Content, r.Version = "<p>Well put.</p>", noon.Add(time.Minute)
		w.reply(r, audience.ReplyApproved)
		w.same("version", before+1, w.reactions(a.ID).Version)
		w.update(func(tx *storage.Tx) error { return tx.RenameAuthor(ada, "Ada L.", w.clock.Now()) })
		w.same("version after a new name", before+2, w.reactions(a.ID).Version)
		w.same("name", "Ada L.", w.readReply(r.ID).Name)
	},

	// SECURITY A17.
	"an author has the name that they gave last": func(_ *testing.T, w *world) {
		a, _ := w.publish(w.draft("Answered"))
		r := reply(a.ID, ada, "1")
		w.reply(r, audience.ReplyApproved)
		before := w.clock.Now()
		w.clock.Pass(time.Second)
		w.update(func(tx *storage.Tx) error { return tx.RenameAuthor(ada, "Ada L.", w.clock.Now()) })
		w.update(func(tx *storage.Tx) error { return tx.RenameAuthor(ada, "Ada of before", before) })
		w.same("name", "Ada L.", w.readReply(r.ID).Name)
		w.update(func(tx *storage.Tx) error {
			return tx.RenameAuthor(ada, "Ada the later", w.clock.Now().Add(time.Second))
		})
		w.same("name", "Ada the later", w.readReply(r.ID).Name)
	},

	"of one author so many are shown unasked, the next wait": func(_ *testing.T, w *world) {
		a, _ := w.publish(w.draft("Answered"))
		other, _ := w.publish(w.draft("Answered, too"))
		for n := range 52 {
			w.reply(reply(a.ID, ada, fmt.Sprint(n)), audience.ReplyApproved)
		}
		edited := reply(a.ID, ada, "51")
		edited.Content, edited.Version = "<p>Well put.</p>", noon.Add(time.Minute)
		w.reply(edited, audience.ReplyApproved)
		w.reply(reply(a.ID, bela, "1"), audience.ReplyApproved)
		w.reply(reply(other.ID, ada, "other"), audience.ReplyApproved)
		w.same("shown", 51, len(w.shown(a.ID)))
		w.same("waiting", []string{ada + "/posts/50", edited.ID}, w.waiting())
		w.same("shown of another article", 1, len(w.shown(other.ID)))
	},

	"what was rejected stays so": func(_ *testing.T, w *world) {
		a, _ := w.publish(w.draft("Answered"))
		r := reply(a.ID, ada, "1")
		w.reply(r, audience.ReplyPending)
		w.decide(w.readReply(r.ID).Token, audience.ReplyRejected)
		r.Content, r.Version = "<p>Please!</p>", noon.Add(time.Minute)
		w.reply(r, audience.ReplyApproved)
		w.same("state", audience.ReplyRejected, w.readReply(r.ID).State)
	},

	// SECURITY A13, A17.
	"only the author deletes, and for good": func(_ *testing.T, w *world) {
		a, _ := w.publish(w.draft("Answered"))
		r := reply(a.ID, ada, "1")
		captured := w.clock.Now()
		w.reply(r, audience.ReplyApproved)
		w.clock.Pass(time.Second)
		w.update(func(tx *storage.Tx) error { return tx.RemoveReply(bela, r.ID, w.clock.Now()) })
		w.same("by somebody else", []string{r.ID}, w.shown(a.ID))
		stolen := r
		stolen.Actor, stolen.Content, stolen.Version = bela, "<p>Mine.</p>", noon.Add(time.Minute)
		w.same("edited by somebody else", false, w.reply(stolen, audience.ReplyApproved))
		w.update(func(tx *storage.Tx) error { return tx.RemoveReply(ada, r.ID, w.clock.Now()) })
		w.same("by the author", []string(nil), w.shown(a.ID))
		w.update(func(tx *storage.Tx) error {
			taken, err := tx.AddReply(r, captured, audience.ReplyApproved)
			w.same("replayed", false, taken)
			return err
		})
	},

	"what was not written for everybody is not shown": func(_ *testing.T, w *world) {
		a, _ := w.publish(w.draft("Answered"))
		private, mention := reply(a.ID, ada, "private"), reply("", ada, "mention")
		private.Public = false
		for _, r := range []audience.Reply{private, mention} {
			w.reply(r, audience.ReplyPending)
			w.refused(press.ErrConflict, func(tx *storage.Tx) error {
				_, err := tx.DecideReply(w.readReply(r.ID).Token, audience.ReplyApproved)
				return err
			})
		}
	},

	"replies are read in order, by pages": func(_ *testing.T, w *world) {
		a, _ := w.publish(w.draft("Answered"))
		var want []string
		for n := range 5 {
			r := reply(a.ID, ada, fmt.Sprint(n))
			r.Published = noon.Add(time.Duration(n/2) * time.Minute)
			w.reply(r, audience.ReplyApproved)
			want = append(want, r.ID)
		}
		w.same("shown", want, w.shown(a.ID))
	},

	"one author does not fill the queue": func(_ *testing.T, w *world) {
		a, _ := w.publish(w.draft("Answered"))
		taken := 0
		for n := range 60 {
			if w.reply(reply(a.ID, ada, fmt.Sprint(n)), audience.ReplyPending) {
				taken++
			}
		}
		w.same("taken", 50, taken)
		w.same("another author", true, w.reply(reply(a.ID, bela, "1"), audience.ReplyPending))
	},

	"a hidden article is not answered": func(_ *testing.T, w *world) {
		hidden, _ := w.publish(w.embargoed("Later"))
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
			_, err := tx.AddReply(reply(hidden.ID, ada, "1"), w.clock.Now(), audience.ReplyPending)
			return err
		})
	},
}
