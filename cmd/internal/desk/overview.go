package desk

import (
	"net/http"

	"communique/cmd/internal/newsroom"
	"communique/storage"
	"communique/storage/deliveries"
	"communique/storage/press"
	"communique/storage/publog"
)

const (
	nextShown   = 10
	latelyShown = 6
)

// overviewView is the first page.
type overviewView struct {
	Next     []line
	MoreNext bool
	Lately   []sent
	Standing Standing
	Since    instant          // of the server that lacks something for the longest
	Unknown  bool             // how the site stands
	Due      []manuscriptLine // not approved, though the instant is near
	Rights   int              // how many wait for a second person
	Typed    []unsavedLine
	Alarms   []alarmLine
	Post     *postTrouble
}

// sent is an article that was published, with how far it has got.
type sent struct {
	line
	Reached, Servers, Behind int
	Pushed                   bool // servers were told
}

func (d *Desk) overview(w http.ResponseWriter, r *http.Request) error {
	v, ctx := visitOf(r), r.Context()
	var view overviewView
	due, err := d.due(r)
	if err != nil {
		return err
	}
	view.Due = due
	if view.Rights, err = d.toAgree(r); err != nil {
		return err
	}
	if view.Typed, err = d.unsaved(r); err != nil {
		return err
	}
	alarms, err := v.Room.Alarms(ctx)
	if view.Alarms, err = d.alarmLines(r, alarms, err); err != nil {
		return err
	}
	if view.Post, err = d.postTrouble(ctx); err != nil {
		return err
	}
	drafts, err := d.drafts(ctx, v.Person)
	if err != nil {
		return err
	}
	view.Next, view.MoreNext = drafts[:min(len(drafts), nextShown)], len(drafts) > nextShown
	lately, tree, err := d.Room.List(ctx, newsroom.Listing{State: press.Published, Reader: &v.Person}, latelyShown)
	if err != nil {
		return err
	}
	err = d.Store.View(ctx, func(tx *storage.Tx) error {
		older, err := tx.Older(lately)
		if err != nil {
			return err
		}
		for _, a := range lately {
			s := sent{line: d.line(ctx, tree, a, "")}
			s.Older = older[a.ID] > 0
			reach, pushed, err := d.newestReach(tx, a.ID)
			if err != nil {
				return err
			}
			s.Reached, s.Servers, s.Behind, s.Pushed = reach.Reached, reach.Servers, reach.Behind, pushed
			view.Lately = append(view.Lately, s)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if view.Standing, err = d.Standing(ctx); err != nil {
		d.Log.Warn("the desk cannot tell how the site stands", "error", err)
		view.Unknown = true
	}
	view.Since = d.instant(ctx, view.Standing.Since)
	return d.show(w, r, http.StatusOK, "overview", "Overview", view)
}

// newestReach is how far the newest entry of an article has got that servers are told of.
func (d *Desk) newestReach(tx *storage.Tx, id press.ArticleID) (r deliveries.Reach, pushed bool, err error) {
	entries, err := pushedEntries(tx, id)
	if err != nil || len(entries) == 0 {
		return r, false, err
	}
	r, err = tx.Reach(publog.ActorSource(d.Room.Actor), entries[len(entries)-1])
	return r, true, err
}

// pushedEntries are the entries of an article that servers are told of.
func pushedEntries(tx *storage.Tx, id press.ArticleID) (pushed []press.Entry, err error) {
	entries, err := tx.EntriesOf(id)
	for _, e := range entries {
		if !e.Silent {
			pushed = append(pushed, e)
		}
	}
	return pushed, err
}
