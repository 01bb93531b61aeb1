package desk

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"communique/cmd/internal/newsroom"
	"communique/storage"
	"communique/storage/people"
	"communique/storage/press"
)

// liveEvery is how often the page of the reach loads itself anew, in seconds, while somebody
// watches it.
const liveEvery = 5

// reachView is the page that shows how far an entry of an article has got.
type reachView struct {
	line
	Entries   []entryChoice // the newest first
	Of        []reached     // of the entry that was chosen, an actor each
	Live      bool
	LiveEvery int
	Here      string // the address, without whether it is live
	MayTry    bool
	Wrong     string
}

// entryChoice is an entry that can be looked at.
type entryChoice struct {
	Seq     press.Seq
	Kind    string
	When    instant
	Current bool
}

func (d *Desk) reachPage(w http.ResponseWriter, r *http.Request) error {
	return d.showReach(w, r, http.StatusOK, "")
}

func (d *Desk) showReach(w http.ResponseWriter, r *http.Request, status int, wrong string) error {
	view := reachView{Wrong: wrong, LiveEvery: liveEvery, Live: r.FormValue("live") == "on" && wrong == ""}
	err := d.Store.View(r.Context(), func(tx *storage.Tx) error {
		a, tree, err := d.visible(r.Context(), tx, r)
		if err != nil {
			return err
		}
		view.line = d.line(r.Context(), tree, a, "")
		p := visitOf(r).Person
		view.MayTry = newsroom.May(p, tree, a, newsroom.Releases()...) || p.MayAnywhere(people.Operator)
		return d.fillReach(tx, r, a.ID, &view)
	})
	if err != nil {
		return err
	}
	if view.Live { // a page without script, that whoever looks at it can stop
		w.Header().Set("Refresh", strconv.Itoa(liveEvery))
	}
	return d.show(w, r, status, "reach", "Reach", view)
}

// fillReach reads the entry that is asked for, or the newest.
func (d *Desk) fillReach(tx *storage.Tx, r *http.Request, id press.ArticleID, view *reachView) error {
	entries, err := pushedEntries(tx, id)
	if err != nil || len(entries) == 0 {
		return err
	}
	slices.Reverse(entries)
	asked, _ := strconv.ParseInt(r.FormValue("entry"), 10, 64)
	chosen := max(slices.IndexFunc(entries, func(e press.Entry) bool { return int64(e.Seq) == asked }), 0)
	for i, e := range entries {
		view.Entries = append(view.Entries, entryChoice{e.Seq, string(e.Kind), d.instant(r.Context(), e.At), i == chosen})
	}
	view.Here = "/articles/" + string(id) + "/reach?entry=" + strconv.FormatInt(int64(entries[chosen].Seq), 10)
	sources, err := tx.SourcesOf(entries[chosen])
	for _, s := range sources {
		one, err := d.reachOf(r.Context(), tx, s.Name, entries[chosen])
		if err != nil {
			return err
		}
		one.Actor = s.Actor()
		view.Of = append(view.Of, one)
	}
	return err
}

// tryNow has a server that is behind be tried at once.
func (d *Desk) tryNow(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(r); err != nil {
		return err
	}
	a, _, err := d.read(r)
	if err != nil {
		return err
	}
	host := strings.TrimSpace(r.PostForm.Get("host"))
	err = visitOf(r).Room.TryNow(r.Context(), a.ID, host)
	switch {
	case errors.Is(err, newsroom.ErrMayNot):
		return err
	case errors.Is(err, press.ErrNotFound):
		return d.showReach(w, r, http.StatusUnprocessableEntity, "Nothing is delivered to that server any more.")
	case err != nil:
		return err
	}
	entry, _ := strconv.ParseInt(r.PostForm.Get("entry"), 10, 64)
	http.Redirect(w, r, "/articles/"+string(a.ID)+"/reach?entry="+strconv.FormatInt(entry, 10)+"&live=on", http.StatusSeeOther)
	return nil
}
