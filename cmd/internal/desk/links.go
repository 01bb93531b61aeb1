package desk

import (
	"net/http"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"communique/cmd/internal/links"
	"communique/cmd/internal/newsroom"
	"communique/storage/richtext"
)

// linksAtMost is how many links of a text are tried.
const linksAtMost = 50

// linksView is the page of the links of a manuscript that lead to other sites.
type linksView struct {
	manuscriptLine
	Links   []linkLine
	Tried   bool
	Left    int  // how many more there are
	Lacking bool // it can't be read as it is
}

type linkLine struct {
	Address string
	Texts   []string // by which it is called
	links.Outcome
}

// links is the page of the links of a manuscript. Nothing is asked before somebody wants it: the
// other sites might learn what is written about.
func (d *Desk) links(w http.ResponseWriter, r *http.Request) error {
	view, err := d.linksOf(r)
	if err != nil {
		return err
	}
	return d.show(w, r, http.StatusOK, "links", "Links", view)
}

// tryLinks has each of the other sites asked whether there is something.
func (d *Desk) tryLinks(w http.ResponseWriter, r *http.Request) error {
	view, err := d.linksOf(r)
	if err != nil {
		return err
	}
	var addresses []string
	for _, l := range view.Links {
		addresses = append(addresses, l.Address)
	}
	outcomes, err := d.Links.Try(r.Context(), addresses)
	if err != nil {
		return err
	}
	for i, outcome := range outcomes {
		view.Links[i].Outcome = outcome
	}
	view.Tried = true
	return d.show(w, r, http.StatusOK, "links", "Links", view)
}

// linksOf are the links of a manuscript to other sites, each once.
func (d *Desk) linksOf(r *http.Request) (view linksView, err error) {
	look, err := visitOf(r).Room.Look(r.Context(), chi.URLParam(r, "id"))
	if err != nil {
		return view, err
	}
	if err := notForPeople(look.Lacks); err != nil {
		return view, err
	}
	view.Lacking = look.Lacks != nil
	if view.manuscriptLine, err = d.manuscriptLine(r, look.Manuscript); err != nil {
		return view, err
	}
	for _, link := range linksElsewhere(look, d.Room.Site.Base) {
		at := slices.IndexFunc(view.Links, func(l linkLine) bool { return l.Address == link.Address })
		switch {
		case at >= 0 && !slices.Contains(view.Links[at].Texts, link.Text):
			view.Links[at].Texts = append(view.Links[at].Texts, link.Text)
		case at >= 0:
		case len(view.Links) == linksAtMost:
			view.Left++
		default:
			view.Links = append(view.Links, linkLine{Address: link.Address, Texts: []string{link.Text}})
		}
	}
	return view, nil
}

// linksElsewhere are the links of what would go out to pages of other sites.
func linksElsewhere(look newsroom.Looked, base string) (all []richtext.Link) {
	for _, link := range richtext.Links(look.Result.Article.Body) {
		web := strings.HasPrefix(link.Address, "https://") || strings.HasPrefix(link.Address, "http://")
		if web && !strings.HasPrefix(link.Address, base+"/") && link.Address != base {
			all = append(all, link)
		}
	}
	return all
}
