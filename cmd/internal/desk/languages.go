package desk

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"communique/cmd/internal/newsroom"
	"communique/storage/manuscripts"
	"communique/storage/people"
	"communique/storage/press"
)

// languagesView is the page of a set of languages: what each lacks, and how they go out.
type languagesView struct {
	manuscriptLine // from which somebody has come
	Together       bool
	Public         bool
	MayRule        bool
	Lines          []memberLine
	Others         int // that whoever makes the request may not read
	Free           []press.Language
	Wrong          string
}

// memberLine is a language of a set.
type memberLine struct {
	manuscriptLine
	Original bool
	Lacks    *lack
	Stale    bool
	Behind   bool
	GivenUp  bool
	Written  instant
}

func (d *Desk) languages(w http.ResponseWriter, r *http.Request) error {
	return d.showLanguages(w, r, http.StatusOK, "")
}

func (d *Desk) showLanguages(w http.ResponseWriter, r *http.Request, status int, wrong string) error {
	room, ctx, id := visitOf(r).Room, r.Context(), chi.URLParam(r, "id")
	opened, err := room.Opened(ctx, id)
	if err != nil {
		return err
	}
	set, err := room.LanguageSet(ctx, id)
	if err != nil {
		return err
	}
	n, tree, err := d.names(ctx)
	if err != nil {
		return err
	}
	view := languagesView{manuscriptLine: d.manuscriptLineOf(ctx, n, tree, opened.Manuscript), Together: set.Together, Public: set.Public, MayRule: set.MayRule, Others: set.Others, Wrong: wrong}
	there := []press.Language{opened.Manuscript.Language}
	for _, m := range set.Members {
		l := memberLine{manuscriptLine: d.manuscriptLineOf(ctx, n, tree, m.Manuscript), Original: m.ID == set.ID, Stale: m.Stale, Behind: m.Behind, GivenUp: m.State == manuscripts.Cancelled, Written: d.instant(ctx, m.Written)}
		if !l.GivenUp { // whose place is empty
			there = append(there, m.Language)
		}
		if m.Lacks != nil {
			l.Lacks = lackOf(m.Lacks, "")
		}
		view.Lines = append(view.Lines, l)
	}
	if opened.Manuscript.Kind == manuscripts.NewArticle && opened.Manuscript.State != manuscripts.Cancelled {
		view.Free = slices.DeleteFunc(slices.Clone(d.Room.Languages), func(l press.Language) bool {
			return slices.Contains(there, l) || !newsroom.May(visitOf(r).Person, tree, press.Article{Section: opened.Manuscript.Section, Language: l}, people.Author, people.Editor)
		})
	}
	return d.show(w, r, status, "languages", "Languages", view)
}

// onLanguages does something to a set of languages, and says on its page why not.
func (d *Desk) onLanguages(w http.ResponseWriter, r *http.Request, do func(room newsroom.Desk, id string) (to string, err error)) error {
	if err := readForm(r); err != nil {
		return err
	}
	to, err := do(visitOf(r).Room, chi.URLParam(r, "id"))
	status, wrong := refused(err)
	switch {
	case errors.Is(err, newsroom.ErrRule):
		status, wrong = http.StatusForbidden, "It takes an editor of all languages of the set: all of them wait for each other. Nothing was done."
	case err == nil:
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	case wrong == "":
		return err
	}
	return d.showLanguages(w, r, status, wrong)
}

// beginLanguage begins a manuscript in another language of a set.
func (d *Desk) beginLanguage(w http.ResponseWriter, r *http.Request) error {
	return d.onLanguages(w, r, func(room newsroom.Desk, id string) (string, error) {
		m, err := room.BeginTranslation(r.Context(), id, press.Language(r.PostForm.Get("language")))
		return "/manuscripts/" + m.ID + "/edit", err
	})
}

// ruleLanguages says of a set of languages how it goes out.
func (d *Desk) ruleLanguages(w http.ResponseWriter, r *http.Request) error {
	return d.onLanguages(w, r, func(room newsroom.Desk, id string) (string, error) {
		if rule := r.PostForm.Get("rule"); rule != "first" && rule != "together" {
			return "", errForm
		}
		return "/manuscripts/" + id + "/languages", room.Rule(r.Context(), id, r.PostForm.Get("rule") == "together")
	})
}

// translateArticle begins a manuscript in another language of an article.
func (d *Desk) translateArticle(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(r); err != nil {
		return err
	}
	a, _, err := d.read(r)
	if err != nil {
		return err
	}
	m, err := visitOf(r).Room.TranslateArticle(r.Context(), a.ID, press.Language(r.PostForm.Get("language")))
	return d.leadOn(w, r, err, "Not begun", editing(m.ID))
}

// setLine is what the page of a manuscript says of its set of languages.
type setLine struct {
	Together bool
	Original bool
	Waits    string // for which languages it waits when it is approved; empty if it goes out
	With     string // which others go out with it by its approval
}

// setOf tells what becomes of the set of a manuscript by its approval; nil if it is in none.
func (d *Desk) setOf(r *http.Request, m manuscripts.Manuscript) (*setLine, error) {
	if m.Set == "" || !m.State.Open() {
		return nil, nil //nolint:nilnil // it is in none
	}
	goes, waits, err := visitOf(r).Room.ByApproval(r.Context(), m)
	goes = slices.DeleteFunc(goes, func(l press.Language) bool { return l == m.Language })
	return &setLine{Together: m.Together, Original: m.ID == m.Set, Waits: d.languageNames(waits), With: d.languageNames(goes)}, err
}

// languageNames are languages as people list them.
func (d *Desk) languageNames(all []press.Language) string {
	var names []string
	for _, l := range all {
		names = append(names, l.SelfName())
	}
	return strings.Join(names, ", ")
}

// outcome is what a release does, for who approves a language of a set.
func (s *setLine) outcome(alone string) string {
	switch {
	case s == nil:
		return alone
	case s.Waits != "":
		return "goes out when these are approved, too: " + s.Waits
	case s.With != "":
		return alone + "; with it goes: " + s.With
	}
	return alone
}

// languagesOf fills in in which languages an article is being written, and could be.
func (d *Desk) languagesOf(r *http.Request, tree press.Tree, a press.Article, view *articleView) error {
	if a.State != press.Published && a.State != press.Embargoed {
		return nil
	}
	written, there, err := visitOf(r).Room.WrittenTranslations(r.Context(), a)
	if err != nil {
		return err
	}
	n, _, err := d.names(r.Context())
	if err != nil {
		return err
	}
	for _, m := range written {
		view.Written = append(view.Written, d.manuscriptLineOf(r.Context(), n, tree, m))
	}
	for _, l := range d.Room.Languages {
		if !slices.Contains(there, l) && newsroom.May(visitOf(r).Person, tree, press.Article{Section: a.Section, Language: l}, people.Author, people.Editor) {
			view.Free = append(view.Free, l)
		}
	}
	return nil
}

// fillLanguages fills in what the page of a manuscript says of other languages.
func (d *Desk) fillLanguages(r *http.Request, tree press.Tree, look newsroom.Looked, view *manuscriptView) (err error) {
	m := look.Manuscript
	view.Ready, view.Stale, view.New = m.State == manuscripts.Ready, look.Stale(), m.Kind == manuscripts.NewArticle
	if view.Set, err = d.setOf(r, m); err != nil || m.Article == "" {
		return err
	}
	view.Behind, err = d.older(r, tree, m.Article)
	return err
}
