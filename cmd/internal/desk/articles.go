package desk

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"communique/cmd/internal/newsroom"
	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

const (
	// listed is how many articles a page lists.
	listed = 40
	// lookedAt is how many articles are looked at for a page; it says so, and goes on behind
	// them.
	lookedAt = 5000
)

// articlesView is a page of the list of articles.
type articlesView struct {
	choices
	States   []string
	Lines    []line
	Older    string // the address of the next page
	Looked   int    // how many were looked at, if that is why the page ends
	Later    bool   // it is not the first page
	First    string
	Narrowed bool
}

// states are those that the list can be narrowed to.
func states() []string {
	return []string{string(press.Embargoed), stateHeld, string(press.Published), string(press.Withdrawn), string(press.Cancelled)}
}

// listing is which articles are asked for; author is the id of the one who is.
func (a asked) listing(author string) (l newsroom.Listing, err error) {
	l = newsroom.Listing{State: press.State(a.State), Kind: press.ArticleKind(a.Kind), By: author, Section: a.Section, Text: a.Text}
	switch {
	case a.State == stateHeld:
		l.State, l.Held = press.Embargoed, true
	case a.State != "" && !slices.Contains(states(), a.State):
		return l, press.ErrNotFound
	}
	l.Language, err = a.language()
	return l, err
}

func (d *Desk) articles(w http.ResponseWriter, r *http.Request) error {
	v, q := visitOf(r), r.URL.Query()
	a := askedOf(q)
	c, _, author, err := d.choices(r.Context(), a)
	if err != nil {
		return err
	}
	l, err := a.listing(author)
	if err == nil {
		l.After, err = placeOf(q.Get("after"))
	}
	if errors.Is(err, press.ErrInvalid) {
		err = press.ErrNotFound
	}
	if err != nil {
		return err
	}
	l.Reader = &v.Person
	found, err := d.Room.ListPage(r.Context(), l, listed, lookedAt)
	if err != nil {
		return err
	}
	clock, err := d.Room.EmbargoesHeld(r.Context())
	if err != nil {
		return err
	}
	view := articlesView{
		choices: c, States: states(), Later: q.Get("after") != "", First: a.address("/articles", ""), Narrowed: a != (asked{}),
	}
	if found.Next != (newsdesk.Place{}) {
		view.Older = a.address("/articles", placeText(found.Next.Published, string(found.Next.ID)))
		if len(found.Articles) < listed {
			view.Looked = lookedAt
		}
	}
	for _, article := range found.Articles {
		view.Lines = append(view.Lines, d.line(r.Context(), found.Tree, article, clock))
	}
	if err := d.Store.View(r.Context(), func(tx *storage.Tx) error { return markOlder(tx, found.Articles, view.Lines) }); err != nil {
		return err
	}
	return d.show(w, r, http.StatusOK, "articles", "Articles", view)
}

// placeText is a place in a list as it stands in an address.
func placeText(at time.Time, id string) string {
	return at.UTC().Format(time.RFC3339Nano) + "," + id
}

// placeIn reads what [placeText] wrote; zero if nothing stands there.
func placeIn(text string) (at time.Time, id string, err error) {
	if text == "" {
		return at, "", nil
	}
	first, id, _ := strings.Cut(text, ",")
	if at, err = time.Parse(time.RFC3339Nano, first); err != nil {
		return at, "", press.ErrNotFound
	}
	return at, id, nil
}

func placeOf(text string) (p newsdesk.Place, err error) {
	var id string
	if p.Published, id, err = placeIn(text); err == nil && text != "" {
		p.ID, err = press.ParseArticleID(id)
	}
	return p, err
}
