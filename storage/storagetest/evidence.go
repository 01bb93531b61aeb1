package storagetest

import (
	"strings"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/audience"
	"communique/storage/press"
)

// signedRequest is a request as it was signed; it is no text.
var signedRequest = []byte("POST /ap/inbox HTTP/1.1\r\nHost: mfa.example\r\n\r\n{\"name\":\"\xff\x00\"}")

// signersKey is the key that verified it.
const signersKey = "-----BEGIN PUBLIC KEY-----"

func (w *world) keep(token string) (e audience.Evidence, fresh bool, err error) {
	w.t.Helper()
	err = w.store.Update(w.t.Context(), func(tx *storage.Tx) (err error) {
		e, fresh, err = tx.KeepEvidence(token, "ana")
		return err
	})
	return e, fresh, err
}

func (w *world) mustKeep(token string) audience.Evidence {
	w.t.Helper()
	e, _, err := w.keep(token)
	w.same("kept", nil, err)
	return e
}

func (w *world) evidence() (all []audience.Evidence) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) (err error) {
		all, err = tx.Evidence(audience.Evidence{}, 100)
		return err
	})
	return all
}

func (w *world) original(id string) []byte {
	w.t.Helper()
	return w.signed(id).Request
}

// signed is the request that brought what is kept, with its key.
func (w *world) signed(id string) (original audience.Original) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) (err error) {
		original, err = tx.EvidenceOriginal(id)
		return err
	})
	return original
}

// brought is a reply with the request that brought it.
func brought(id press.ArticleID, name string) audience.Reply {
	r := reply(id, ada, name)
	r.Original = audience.Original{Request: signedRequest, Key: signersKey}
	return r
}

// quoted has a post quote an article, and returns what it is listed under.
func (w *world) quoted(q audience.Reply) (token string) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) error {
		if err := tx.AddQuoting(q); err != nil {
			return err
		}
		all, err := tx.Quoting(audience.ReplyApproved, audience.Reply{}, 10)
		if err == nil {
			token = all[len(all)-1].Token
		}
		return err
	})
	return token
}

var evidenceTests = map[string]func(*testing.T, *world){
	"a reply is kept as it is, in every state, and once": func(_ *testing.T, w *world) {
		a, _ := w.publish(w.draft("Answered"))
		for n, state := range []audience.ReplyState{audience.ReplyPending, audience.ReplyApproved, audience.ReplyRejected} {
			r := brought(a.ID, string(rune('1'+n)))
			w.reply(r, audience.ReplyPending)
			read := w.readReply(r.ID)
			w.decide(read.Token, state)
			read.State = state
			w.clock.Pass(time.Second)
			e, fresh, err := w.keep(read.Token)
			w.same("kept", []any{nil, true}, []any{err, fresh})
			w.same("what is kept", audience.Evidence{Reply: read, ID: e.ID, Kept: w.clock.Now(), By: "ana", Digest: e.Digest}, e)
			w.same("of the original", audience.Original{Request: signedRequest, Key: signersKey}, w.signed(e.ID))
			again, fresh, err := w.keep(read.Token)
			w.same("again", []any{e, false, nil}, []any{again, fresh, err})
			w.same("in the list", e, w.evidence()[n])
		}
		w.same("digest", 64, len(w.evidence()[0].Digest))
		w.same("digest of the text", 64, len(w.evidence()[0].TextDigest()))
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
			_, _, err := tx.KeepEvidence("nothing", "ana")
			return err
		})
	},

	"its author takes away the reply, and not the evidence": func(_ *testing.T, w *world) {
		a, _ := w.publish(w.draft("Answered"))
		for what, change := range map[string]func(audience.Reply){
			"deleted": func(r audience.Reply) {
				w.update(func(tx *storage.Tx) error { return tx.RemoveReply(ada, r.ID, w.clock.Now()) })
			},
			"edited": func(r audience.Reply) {
				r.Content, r.Version, r.Original = "<p>I never said that.</p>", w.clock.Now(), audience.Original{}
				w.same("taken", true, w.reply(r, audience.ReplyPending))
				w.same("the edit has no original", "", w.mustKeep(w.readReply(r.ID).Token).Digest)
			},
			"renamed": func(audience.Reply) {
				w.update(func(tx *storage.Tx) error { return tx.RenameAuthor(ada, "Somebody Else", w.clock.Now()) })
			},
			"the account removed": func(audience.Reply) {
				w.update(func(tx *storage.Tx) error { return tx.RemoveActor(ada, w.clock.Now()) })
			},
		} {
			r := brought(a.ID, strings.ReplaceAll(what, " ", "-"))
			w.reply(r, audience.ReplyPending)
			token := w.readReply(r.ID).Token
			e := w.mustKeep(token)
			w.clock.Pass(time.Hour)
			change(r)
			w.view(func(tx *storage.Tx) error {
				got, err := tx.EvidenceByID(e.ID)
				w.same(what, e, got)
				return err
			})
			w.same(what+": the original", signedRequest, w.original(e.ID))
			w.clock.Pass(time.Hour)
		}
	},

	"a quote is kept, with the newest request that has its text": func(_ *testing.T, w *world) {
		a, _ := w.publish(w.draft("Quoted"))
		q := brought(a.ID, "1")
		token := w.quoted(q)
		e := w.mustKeep(token)
		w.same("a quote", []any{true, q.ID, q.Content, audience.ReplyApproved}, []any{e.Quotes, e.Reply.ID, e.Content, e.State})
		w.same("its original", audience.Original{Request: signedRequest, Key: signersKey}, w.signed(e.ID))
		q.Original = audience.Original{} // the same text, by a request that lacks it
		w.quoted(q)
		w.same("the same again", e, w.mustKeep(token))
		q.Content = "<p>Otherwise</p>"
		w.quoted(q)
		w.same("another text without its request", "", w.mustKeep(token).Digest)
		w.same("both", 2, len(w.evidence()))
	},

	"originals end thirty days after the decision at the latest, evidence does not": func(_ *testing.T, w *world) {
		a, _ := w.publish(w.draft("Answered"))
		waits, shown := brought(a.ID, "1"), brought(a.ID, "2")
		w.reply(waits, audience.ReplyPending)
		w.reply(shown, audience.ReplyApproved)
		e := w.mustKeep(w.readReply(shown.ID).Token)
		w.clock.Pass(31 * 24 * time.Hour)
		w.update(func(tx *storage.Tx) error {
			_, err := tx.Prune()
			return err
		})
		w.same("kept before", signedRequest, w.original(e.ID))
		w.same("of what is shown", "", w.mustKeep(w.readReply(shown.ID).Token).Digest)
		w.same("of what waits", e.Digest, w.mustKeep(w.readReply(waits.ID).Token).Digest)
	},

	"a request that is too long is not stored": func(_ *testing.T, w *world) {
		a, _ := w.publish(w.draft("Answered"))
		r := reply(a.ID, ada, "1")
		r.Original.Request = make([]byte, audience.MaxOriginal+1)
		w.reply(r, audience.ReplyPending)
		w.same("digest", "", w.mustKeep(w.readReply(r.ID).Token).Digest)
	},

	"evidence is removed": func(_ *testing.T, w *world) {
		a, _ := w.publish(w.draft("Answered"))
		w.reply(brought(a.ID, "1"), audience.ReplyPending)
		e := w.mustKeep(w.readReply(ada + "/posts/1").Token)
		remove := func(tx *storage.Tx) error { return tx.RemoveEvidence(e.ID) }
		w.update(remove)
		w.refused(press.ErrNotFound, remove)
		w.same("kept", 0, len(w.evidence()))
		w.same("the reply stays", []string{ada + "/posts/1"}, w.waiting())
	},
}
