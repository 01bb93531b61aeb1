package desk

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"communique/cmd/internal/newsroom"
	"communique/storage/manuscripts"
	"communique/storage/people"
	"communique/storage/press"
)

// manuscriptLine is a manuscript in a list.
type manuscriptLine struct {
	ID       string
	Kind     string // in words
	Title    string
	Language press.Language
	Section  string
	State    string
	Article  press.ArticleID
	When     instant // zero for as soon as it is approved
	Past     bool    // the instant has come
	By       string
	Assigned string // to whom; empty is nobody
	Named    bool   // it is limited to named people
	Changed  instant
}

// Dir is the direction of its title.
func (l manuscriptLine) Dir() string { return l.Language.Direction() }

// kindNames are kinds as people call them.
var kindNames = map[manuscripts.Kind]string{manuscripts.NewArticle: "New article", manuscripts.Correction: "Correction", manuscripts.Withdrawal: "Withdrawal"}

// names are the names of people by their ids.
type names map[string]string

func (d *Desk) names(ctx context.Context) (names, press.Tree, error) {
	all, tree, err := d.Room.People(ctx)
	n := names{}
	for _, p := range all {
		n[p.ID] = nameOf(p)
	}
	return n, tree, err
}

func nameOf(p people.Person) string {
	if p.Name != "" {
		return p.Name
	}
	return p.Login
}

// of is somebody's name; those who were removed have none left.
func (n names) of(id string) string {
	if name := n[id]; name != "" {
		return name
	}
	return "somebody who has left"
}

func (d *Desk) manuscriptLineOf(n names, tree press.Tree, m manuscripts.Manuscript) manuscriptLine {
	s, _ := tree.Section(m.Section)
	l := manuscriptLine{
		ID: m.ID, Kind: kindNames[m.Kind], Title: m.Title, Language: m.Language, Section: s.Name(d.Room.Language, d.Room.Language), State: string(m.State),
		Article: m.Article, When: d.instant(m.Instant), Past: !m.Instant.IsZero() && !m.Instant.After(d.Store.Now()), By: n.of(m.By), Named: len(m.Named) > 0, Changed: d.instant(m.Changed),
	}
	if m.Assigned != "" {
		l.Assigned = n.of(m.Assigned)
	}
	if m.State == manuscripts.Cancelled {
		l.Title, l.Language = "(given up; nothing of its text is kept)", "en"
	}
	return l
}

func (d *Desk) manuscriptLine(r *http.Request, m manuscripts.Manuscript) (manuscriptLine, error) {
	n, tree, err := d.names(r.Context())
	return d.manuscriptLineOf(n, tree, m), err
}

// manuscriptsView is a page of the list of manuscripts.
type manuscriptsView struct {
	Piles    []pileChoice
	Lines    []manuscriptLine
	Older    string
	First    string
	Later    bool
	MayWrite bool
}

// pileChoice is a list that can be chosen.
type pileChoice struct {
	Name, Label, Address string
	Chosen               bool
	pile                 newsroom.Pile
}

// piles are the lists: the first one is shown if none is named.
func piles() []pileChoice {
	open := []manuscripts.State{manuscripts.Draft, manuscripts.InReview}
	return []pileChoice{
		{Name: "open", Label: "All open", pile: newsroom.Pile{States: open}},
		{Name: "waiting", Label: "Waiting for me", pile: newsroom.Pile{States: open, Waiting: true}},
		{Name: "mine", Label: "Mine", pile: newsroom.Pile{States: append(open, manuscripts.Approved, manuscripts.Released), Mine: true}},
		{Name: "draft", Label: "Drafts", pile: newsroom.Pile{States: open[:1]}},
		{Name: "review", Label: "In review", pile: newsroom.Pile{States: open[1:]}},
		{Name: "approved", Label: "Approved", pile: newsroom.Pile{States: []manuscripts.State{manuscripts.Approved}}},
		{Name: "released", Label: "Released", pile: newsroom.Pile{States: []manuscripts.State{manuscripts.Released}}},
	}
}

func (d *Desk) manuscripts(w http.ResponseWriter, r *http.Request) error {
	v, q := visitOf(r), r.URL.Query()
	view := manuscriptsView{Piles: piles(), MayWrite: v.MayAnywhere(people.Author, people.Editor), Later: q.Get("after") != ""}
	at := -1
	for i := range view.Piles {
		p := &view.Piles[i]
		p.Address = "/manuscripts?pile=" + p.Name
		if p.Chosen = q.Get("pile") == p.Name || q.Get("pile") == "" && i == 0; p.Chosen {
			at = i
		}
	}
	if at < 0 {
		return press.ErrNotFound
	}
	pile := view.Piles[at].pile
	view.First = view.Piles[at].Address
	var err error
	if pile.After.Changed, pile.After.ID, err = placeIn(q.Get("after")); err != nil {
		return err
	}
	found, tree, err := v.Room.Manuscripts(r.Context(), pile, listed+1)
	if err != nil {
		return err
	}
	n, _, err := d.names(r.Context())
	if err != nil {
		return err
	}
	if len(found) > listed {
		found = found[:listed]
		last := found[listed-1]
		view.Older = view.First + "&after=" + url.QueryEscape(placeText(last.Changed, last.ID))
	}
	for _, m := range found {
		view.Lines = append(view.Lines, d.manuscriptLineOf(n, tree, m))
	}
	return d.show(w, r, http.StatusOK, "manuscripts", "Manuscripts", view)
}

// dueWithin is how long before its instant the overview tells of what is not approved.
const dueWithin = 24 * time.Hour

// due are the manuscripts that come to their instant soon, or have come to it, and are not
// approved.
func (d *Desk) due(r *http.Request) (all []manuscriptLine, err error) {
	found, err := visitOf(r).Room.Unapproved(r.Context(), dueWithin)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	n, tree, err := d.names(r.Context())
	for _, m := range found {
		all = append(all, d.manuscriptLineOf(n, tree, m))
	}
	return all, err
}
