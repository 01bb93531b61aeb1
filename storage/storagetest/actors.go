package storagetest

import (
	"testing"
	"time"

	"communique/storage"
	"communique/storage/actors"
	"communique/storage/press"
)

const elsewhere = "https://social.example/users/ministry"

func (w *world) actorState() (s actors.State) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) (err error) {
		s, err = tx.ActorState("ministry")
		return err
	})
	return s
}

// entry runs a change of an actor that appends an entry.
func (w *world) entry(change func(*storage.Tx) (press.Entry, error)) (e press.Entry) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) (err error) {
		e, err = change(tx)
		return err
	})
	return e
}

func (w *world) leave() press.Entry {
	w.t.Helper()
	return w.entry(func(tx *storage.Tx) (press.Entry, error) { return tx.MoveActor("ministry", elsewhere) })
}

func (w *world) stay() press.Entry {
	w.t.Helper()
	return w.entry(func(tx *storage.Tx) (press.Entry, error) { return tx.CancelMove("ministry") })
}

var actorTests = map[string]func(*testing.T, *world){
	"aliases are told, each once": func(t *testing.T, w *world) {
		w.same("state", actors.State{}, w.actorState())
		alias := actors.Alias{ID: elsewhere, Handle: "@ministry@social.example"}
		add := func(tx *storage.Tx) (press.Entry, error) { return tx.AddAlias("ministry", alias) }
		e := w.entry(add)
		w.same("kind", press.KindActor, e.Kind)
		w.same("state", actors.State{Aliases: []actors.Alias{alias}, Updated: noon}, w.actorState())
		w.same("head", e.Seq, w.sourceHead())
		w.refused(press.ErrConflict, func(tx *storage.Tx) error {
			_, err := add(tx)
			return err
		})
		w.clock.Pass(time.Minute)
		w.entry(func(tx *storage.Tx) (press.Entry, error) { return tx.RemoveAlias("ministry", alias.Handle) })
		w.same("state", actors.State{Updated: noon.Add(time.Minute)}, w.actorState())
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
			_, err := tx.RemoveAlias("ministry", elsewhere)
			return err
		})
	},

	"an actor that moves says nothing new": func(t *testing.T, w *world) {
		w.accept(w.follow(ada, sharedInbox))
		a, said := w.publish(w.draft("Said"))
		moved := w.leave()
		w.same("kind", press.KindMoved, moved.Kind)
		w.same("state", actors.State{MovedTo: elsewhere, Moved: noon, Updated: noon}, w.actorState())
		_, unsaid := w.publish(w.draft("Unsaid"))
		d := w.destination(sharedInbox)
		w.same("what was said is covered", true, d.Covered(said.Seq))
		w.same("what comes after is covered", false, d.Covered(unsaid.Seq))
		w.accept(w.follow(bela, "https://late.example/inbox"))
		_, later := w.publish(w.draft("Later"))
		w.same("for who came later", false, w.destination("https://late.example/inbox").Covered(later.Seq))
		_, correction := w.correct(a.ID, w.draft("Corrected"))
		w.same("servers that get the correction", 1, w.reach(correction).Servers)

		again := w.entry(func(tx *storage.Tx) (press.Entry, error) { return tx.AppendActor("ministry") })
		w.same("another change tells the move again", press.KindMoved, again.Kind)
		for _, change := range []func(*storage.Tx) (press.Entry, error){
			func(tx *storage.Tx) (press.Entry, error) { return tx.MoveActor("ministry", ada) },
			func(tx *storage.Tx) (press.Entry, error) { return tx.CancelMove("minister") },
		} {
			w.refused(press.ErrConflict, func(tx *storage.Tx) error {
				_, err := change(tx)
				return err
			})
		}
	},

	"a move that is taken back": func(t *testing.T, w *world) {
		w.accept(w.follow(ada, sharedInbox))
		w.leave()
		w.accept(w.follow(bela, "https://late.example/inbox"))
		w.clock.Pass(time.Hour)
		back := w.stay()
		w.same("kind", press.KindActor, back.Kind)
		w.same("state", actors.State{Moved: noon, Updated: noon.Add(time.Hour)}, w.actorState())
		_, e := w.publish(w.draft("Said again"))
		for _, inbox := range []string{sharedInbox, "https://late.example/inbox"} {
			w.same(inbox+" is covered", true, w.destination(inbox).Covered(e.Seq))
		}
		w.refused(press.ErrConflict, func(tx *storage.Tx) error {
			_, err := tx.MoveActor("ministry", elsewhere)
			return err
		})
		w.clock.Pass(7 * 24 * time.Hour)
		w.leave()
	},
}
