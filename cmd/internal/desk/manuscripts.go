package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
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
	Past     bool    // the instant has come since it was begun: before, it is the date of something older
	By       string
	Assigned string // to whom; empty is nobody
	Named    bool   // it is limited to named people
	Changed  instant
	Lacks    []string // in words, in a list of what is open
}

// Dir is the direction of its text.
func (l manuscriptLine) Dir() string { return l.Language.Direction() }

// Titled is the language of its title: what was given up has none, which is said in the desk's.
func (l manuscriptLine) Titled() press.Language {
	if l.State == string(manuscripts.Cancelled) {
		return ownLanguage
	}
	return l.Language
}

// kindNames are kinds as people call them.
var kindNames = map[manuscripts.Kind]string{manuscripts.NewArticle: "New article", manuscripts.Correction: "Correction", manuscripts.Withdrawal: "Withdrawal"}

// names are the names of people by their ids.
type names map[string]string

func (d *Desk) names(ctx context.Context) (names, press.Tree, error) {
	all, tree, err := d.Room.Names(ctx)
	return namesOf(all), tree, err
}

func namesOf(all []people.Name) names {
	n := names{}
	for _, p := range all {
		n[p.ID] = p.Shown()
	}
	return n
}

// of is somebody's name; those who were removed have none left.
func (n names) of(id string) string {
	if name := n[id]; name != "" {
		return name
	}
	return "somebody who has left"
}

func (d *Desk) manuscriptLineOf(ctx context.Context, n names, tree press.Tree, m manuscripts.Manuscript) manuscriptLine {
	s, _ := tree.Section(m.Section)
	l := manuscriptLine{
		ID: m.ID, Kind: kindNames[m.Kind], Title: m.Title, Language: m.Language, Section: s.Name(d.Room.Language, d.Room.Language), State: string(m.State),
		Article: m.Article, When: d.instant(ctx, m.Instant), Past: m.Instant.After(m.Created) && !m.Instant.After(d.Store.Now()), By: n.of(m.By), Named: len(m.Named) > 0, Changed: d.instant(ctx, m.Changed),
	}
	if m.Assigned != "" {
		l.Assigned = n.of(m.Assigned)
	}
	if m.State == manuscripts.Cancelled {
		l.Title = "(given up; nothing of its text is kept)"
	}
	return l
}

func (d *Desk) manuscriptLine(r *http.Request, m manuscripts.Manuscript) (manuscriptLine, error) {
	n, tree, err := d.names(r.Context())
	return d.manuscriptLineOf(r.Context(), n, tree, m), err
}

// manuscriptsView is a page of the list of manuscripts.
type manuscriptsView struct {
	choices
	Piles    []pileChoice
	Lines    []manuscriptLine
	Older    string
	First    string
	Later    bool
	Looked   int // how many were looked at, if that is why the page ends
	Narrowed bool
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
	open := manuscripts.OpenStates()
	return []pileChoice{
		{Name: "open", Label: "All open", pile: newsroom.Pile{States: open}},
		{Name: "waiting", Label: "Waiting for me", pile: newsroom.Pile{States: open, Waiting: true}},
		{Name: "mine", Label: "Mine", pile: newsroom.Pile{States: append(open, manuscripts.Approved, manuscripts.Released), Mine: true}},
		{Name: "draft", Label: "Drafts", pile: newsroom.Pile{States: open[:1]}},
		{Name: "review", Label: "In review", pile: newsroom.Pile{States: open[1:2]}},
		{Name: "ready", Label: "Waiting for languages", pile: newsroom.Pile{States: open[2:]}},
		{Name: "approved", Label: "Approved", pile: newsroom.Pile{States: []manuscripts.State{manuscripts.Approved}}},
		{Name: "released", Label: "Released", pile: newsroom.Pile{States: []manuscripts.State{manuscripts.Released}}},
	}
}

func (d *Desk) manuscripts(w http.ResponseWriter, r *http.Request) error {
	v, q := visitOf(r), r.URL.Query()
	a := askedOf(q)
	c, n, author, err := d.choices(r.Context(), a)
	if err != nil {
		return err
	}
	view := manuscriptsView{choices: c, Piles: piles(), MayWrite: v.MayAnywhere(people.Author, people.Editor), Later: q.Get("after") != "", First: a.address("/manuscripts", "")}
	chosen := slices.IndexFunc(view.Piles, func(p pileChoice) bool { return p.Name == cmp.Or(a.Pile, view.Piles[0].Name) })
	if chosen < 0 {
		return press.ErrNotFound
	}
	view.Piles[chosen].Chosen = true
	for i := range view.Piles {
		of := a
		of.Pile = view.Piles[i].Name
		view.Piles[i].Address = of.address("/manuscripts", "")
	}
	view.Narrowed = a != asked{Pile: a.Pile}
	pile := view.Piles[chosen].pile
	pile.Section, pile.Kind, pile.By, pile.Text = a.Section, press.ArticleKind(a.Kind), author, a.Text
	if pile.Language, err = a.language(); err == nil {
		pile.After.Changed, pile.After.ID, err = placeIn(q.Get("after"))
	}
	if errors.Is(err, press.ErrInvalid) {
		err = press.ErrNotFound
	}
	if err != nil {
		return err
	}
	found, err := v.Room.Manuscripts(r.Context(), pile, listed, lookedAt)
	if err != nil {
		return err
	}
	if found.Next != (manuscripts.Place{}) {
		view.Older = a.address("/manuscripts", placeText(found.Next.Changed, found.Next.ID))
		if len(found.All) < listed {
			view.Looked = lookedAt
		}
	}
	for _, m := range found.All {
		l := d.manuscriptLineOf(r.Context(), n, found.Tree, m.Manuscript)
		l.Lacks = lacksInWords(m.Lacking)
		view.Lines = append(view.Lines, l)
	}
	return d.show(w, r, http.StatusOK, "manuscripts", "Manuscripts", view)
}

// lackWords are what a manuscript lacks as people say it.
var lackWords = map[string]string{
	newsroom.LackSection: "section", newsroom.LackOpen: "section that is open", newsroom.LackText: "text", newsroom.LackDescription: "description of a picture", newsroom.LackMending: "something in its text to be mended",
	newsroom.LackInstant: "instant", newsroom.LackSubmission: "submission for review", newsroom.LackApproval: "approval", newsroom.LackTranslations: "translation",
}

// fewLanguages is how many languages of translations that are missing are named.
const fewLanguages = 3

func lacksInWords(all []newsroom.Lack) (words []string) {
	for _, l := range all {
		text := "no " + lackWords[l.What]
		if l.What == newsroom.LackMending {
			text = lackWords[l.What]
		}
		var named []string
		for _, language := range l.Languages[:min(len(l.Languages), fewLanguages)] {
			named = append(named, language.SelfName())
		}
		if more := len(l.Languages) - len(named); more > 0 {
			named = append(named, fmt.Sprintf("%d more", more))
		}
		if len(named) > 0 {
			text += ": " + strings.Join(named, ", ")
		}
		words = append(words, text)
	}
	return words
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
		all = append(all, d.manuscriptLineOf(r.Context(), n, tree, m))
	}
	return all, err
}
