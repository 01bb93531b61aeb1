package desk

import (
	"net/http"
	"strconv"

	"communique/cmd/internal/newsroom"
	"communique/storage"
	"communique/storage/press"
)

// olderView is what the page of a translation says if that is older than its original.
type olderView struct {
	*newsroom.Older
	Original *line // nil for who may not read it
}

// older is what is said of a translation that is older than its original; nil if it is not.
func (d *Desk) older(r *http.Request, tree press.Tree, id press.ArticleID) (*olderView, error) {
	found, err := visitOf(r).Room.Older(r.Context(), id)
	if err != nil || found == nil {
		return nil, err
	}
	view := &olderView{Older: found}
	if found.Original.ID != "" {
		original := d.line(r.Context(), tree, found.Original, "")
		view.Original = &original
	}
	return view, nil
}

// markOlder marks those of some articles that are translations older than their original.
func markOlder(tx *storage.Tx, articles []press.Article, lines []line) error {
	older, err := tx.Older(articles)
	for i, l := range lines {
		lines[i].Older = older[l.ID] > 0
	}
	return err
}

// needsNoChange takes it that a translation needs no change for what its original says now.
func (d *Desk) needsNoChange(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(r); err != nil {
		return err
	}
	a, _, err := d.read(r)
	if err != nil {
		return err
	}
	worded, _ := strconv.Atoi(r.PostForm.Get("wording"))
	err = visitOf(r).Room.NeedsNoChange(r.Context(), a.ID, worded)
	return d.leadOn(w, r, err, "Not taken", "/articles/"+string(a.ID))
}
