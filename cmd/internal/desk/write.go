package desk

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"communique/cmd/internal/newsroom"
	"communique/storage/manuscripts"
	"communique/storage/people"
	"communique/storage/press"
)

// writingView is the form by which people write.
type writingView struct {
	manuscriptLine // empty of a new one
	New            bool
	On             int // the revision that is before the writer
	AsText         bool
	OnlyText       bool // the form has no place for something of it
	Document       string
	C              newsroom.Composition
	At             moment
	TagLines       string // a tag on each
	NoteLines      string // a note to editors on each
	Kinds          []Kind
	Contacts       []contactRow
	Rows           []imageRow
	Sections       []sectionChoice
	Languages      []press.Language
	Zones          []string
	Ministry       string // its zone
	Own            string // the zone of whoever writes, if they have said one
	Files          []manuscripts.File
	How            manuscripts.How
	Goes           moment // when it is corrected; empty for as soon as it is approved
	Meanings       []meaning
	Correction     bool
	Conflict       *conflictView
	Wrong          string
	SentFiles      bool // they have to be chosen again

	Form    string // its name
	Writer  string // whose it is, as the form says it
	Taken   string // the form from which this one was filled that was not saved
	TakenAt instant
	Shown   press.State // of the article that it corrects, when the form was first shown
	Public  bool        // that article is public now
	Others  string      // who else is at it
	Script  string      // the address of what keeps the text while it is typed
}

// imageRow is an image in the form.
type imageRow struct {
	newsroom.ComposedImage
	At     string // which part of the form's fields is it
	Number int
	Point  string // its focus, as JSON
}

// conflictView is what somebody else has saved meanwhile.
type conflictView struct {
	By       string
	When     instant
	Now      string // their text, if the two could not be put together
	Together bool   // the form has both put together
	Diff     []diffLine
	Same     bool // nothing of it differs from theirs
}

// meaning is a refusal of which somebody can say that it is meant.
type meaning struct {
	Name, Label string
	Meant       bool
}

// meanings are the refusals, as [manuscripts.How] names them.
func meanings(kind manuscripts.Kind, how manuscripts.How) (all []meaning) {
	named := []meaning{
		{Name: "final", Label: "The word “draft” in it is meant"},
		{Name: "again", Label: "It says what another one says, and is to go out all the same"},
		{Name: "alone", Label: "It may be public before what it translates"},
	}
	if kind == manuscripts.Correction {
		named = append(named, meaning{Name: "back", Label: "It takes an earlier correction back"}, meaning{Name: "replace", Label: "It says something else altogether than the article"}, meaning{Name: "lift", Label: "It ends the embargo, or brings it forward"})
	}
	for _, m := range named {
		m.Meant = slices.Contains(how.Meant, m.Name)
		all = append(all, m)
	}
	return all
}

func (d *Desk) newManuscript(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	if !v.MayAnywhere(people.Author, people.Editor) {
		return errForbidden
	}
	view := writingView{New: true, AsText: r.FormValue("as") == "text"}
	view.C.Language = string(d.Room.Language)
	if view.AsText {
		view.Document = string(newsroom.Composition{Language: view.C.Language}.Document())
	}
	if shown, err := d.offer(w, r, manuscripts.Manuscript{}, ""); shown || err != nil {
		return err
	}
	if err := d.take(r, &view); err != nil {
		return err
	}
	return d.showWriting(w, r, http.StatusOK, manuscripts.NewArticle, view)
}

func (d *Desk) editManuscript(w http.ResponseWriter, r *http.Request) error {
	room := visitOf(r).Room
	look, err := room.Opened(r.Context(), chi.URLParam(r, "id"))
	if err != nil {
		return err
	}
	rights, err := room.Rights(r.Context(), look.Manuscript)
	if err != nil {
		return err
	}
	if !rights.Write {
		return newsroom.ErrMayNot
	}
	if look.Manuscript.Kind == manuscripts.Withdrawal && look.Manuscript.State.Open() {
		return d.editWithdrawal(w, r, look)
	}
	if look.Manuscript.State != manuscripts.Cancelled {
		if shown, err := d.offer(w, r, look.Manuscript, string(look.Revision.Document)); shown || err != nil {
			return err
		}
	}
	if !look.Manuscript.State.Open() || look.Manuscript.Kind == manuscripts.Withdrawal {
		http.Redirect(w, r, "/manuscripts/"+look.Manuscript.ID, http.StatusSeeOther)
		return nil
	}
	view := writingView{On: look.Manuscript.Revision, AsText: r.FormValue("as") == "text", Document: string(look.Revision.Document), How: look.Revision.How, Goes: d.momentOfHow(look.Revision.How), Files: look.Files}
	view.open()
	if view.manuscriptLine, err = d.manuscriptLine(r, look.Manuscript); err != nil {
		return err
	}
	if err := d.take(r, &view); err != nil {
		return err
	}
	if shown, err := d.mergeTaken(w, r, look.Manuscript.Kind, view); shown || err != nil {
		return err
	}
	return d.showWriting(w, r, http.StatusOK, look.Manuscript.Kind, view)
}

// open takes the document apart for the form. What has no place there is edited as text.
func (v *writingView) open() {
	c, err := newsroom.ReadComposition([]byte(v.Document))
	m, ok := momentOf(c.Published)
	if v.OnlyText = err != nil || !ok; v.OnlyText {
		v.AsText = true
	}
	v.C, v.At, v.TagLines = c, m, strings.Join(c.Tags, "\n")
}

// freeImages is how many images can be added at once.
const freeImages = 2

func (d *Desk) showWriting(w http.ResponseWriter, r *http.Request, status int, kind manuscripts.Kind, view writingView) error {
	tree, err := d.tree(r.Context())
	if err != nil {
		return err
	}
	view.Sections, view.Languages, view.Zones, view.Ministry = d.writable(visitOf(r).Person, tree), d.Room.Languages, offsets(), d.Room.Zone.String()
	view.Own = visitOf(r).Zone
	view.Kinds, view.Contacts, view.NoteLines = d.kindChoices(view.C.Kind), contactRows(view.C.Contacts), strings.Join(view.C.NotesToEditors, "\n")
	view.Correction, view.Meanings = kind == manuscripts.Correction, meanings(kind, view.How)
	if s := view.C.Section; s != "" && !slices.ContainsFunc(view.Sections, func(c sectionChoice) bool { return string(c.Path) == s }) {
		view.Sections = append(view.Sections, sectionChoice{press.Path(s), s})
	}
	if l := press.Language(view.C.Language); l != "" && !slices.Contains(view.Languages, l) {
		view.Languages = append(slices.Clone(view.Languages), l)
	}
	for n, image := range append(slices.Clone(view.C.Images), make([]newsroom.ComposedImage, freeImages)...) {
		row := imageRow{ComposedImage: image, At: "image" + strconv.Itoa(n), Number: n + 1}
		if image.Focus != nil {
			focus, _ := json.Marshal(image.Focus) //nolint:errchkjson // two numbers always are JSON
			row.Point = string(focus)
		}
		view.Rows = append(view.Rows, row)
	}
	if err := d.bind(r, kind, &view); err != nil {
		return err
	}
	title := "Write"
	if !view.New {
		title = "Edit"
	}
	return d.show(w, r, status, "write", title, view)
}

// bind says in a form whose it is, and who else is at it.
func (d *Desk) bind(r *http.Request, kind manuscripts.Kind, view *writingView) (err error) {
	by := d.newWriter(r, view.Form, view.ID)
	view.Form, view.Script = by.form, d.pages.scriptURL
	if view.Writer, err = d.sealed(r.Context(), by); err != nil {
		return err
	}
	if view.Others, err = d.others(r, view.ID); err != nil || kind != manuscripts.Correction {
		return err
	}
	state, err := d.stateOf(r.Context(), view.Article)
	if view.Shown == "" {
		view.Shown = state
	}
	view.Public = state == press.Published && view.Shown == press.Embargoed
	return err
}

// writable are the sections in which somebody may write in one language at least.
func (d *Desk) writable(p people.Person, tree press.Tree) (all []sectionChoice) {
	for _, c := range d.sections(tree) {
		s, ok := tree.ByPath(c.Path)
		if ok && slices.ContainsFunc(d.Room.Languages, func(l press.Language) bool {
			return newsroom.May(p, tree, press.Article{Section: s.ID, Language: l}, people.Author, people.Editor)
		}) {
			all = append(all, c)
		}
	}
	return all
}

// beginManuscript begins a manuscript by what the form says.
func (d *Desk) beginManuscript(w http.ResponseWriter, r *http.Request) error {
	if !visitOf(r).MayAnywhere(people.Author, people.Editor) {
		return errForbidden
	}
	u, by, done, err := d.readWriting(r)
	if err != nil {
		return err
	}
	defer done()
	view, files, wrong := d.written(u)
	view.New, view.Form = true, by.form
	room, ctx := visitOf(r).Room, r.Context()
	var m manuscripts.Manuscript
	if wrong == nil {
		wrong = room.Together(ctx, func(room newsroom.Desk) (err error) {
			if m, err = room.BeginWith(ctx, newsroom.Proposal{Kind: manuscripts.NewArticle, Text: []byte(view.Document), How: view.How}, files); err != nil {
				return err
			}
			return room.DropTyped(ctx, by.form, view.Taken)
		})
	}
	if wrong == nil {
		http.Redirect(w, r, "/manuscripts/"+m.ID, http.StatusSeeOther)
		return nil
	}
	return d.notSaved(w, r, manuscripts.NewArticle, view, u.typed(by), wrong)
}

// notSaved shows the form again, with all that was typed, and says why it was not saved. Until
// it is, what was typed is kept.
func (d *Desk) notSaved(w http.ResponseWriter, r *http.Request, kind manuscripts.Kind, view writingView, typed manuscripts.Unsaved, err error) error {
	status, wrong := notTaken(err, view.Document)
	if wrong == "" {
		return err
	}
	if _, err := visitOf(r).Room.KeepTyped(r.Context(), typed, view.Taken); refusedOrNil(err) != nil {
		return err
	}
	view.Wrong = wrong
	return d.showWriting(w, r, status, kind, view)
}

// notTaken is why a form is not saved, for people.
func notTaken(err error, document string) (status int, wrong string) {
	if errors.Is(err, newsroom.ErrMayNot) {
		return http.StatusForbidden, "Your roles don't let you write in this section and language. Nothing was saved."
	}
	if errors.Is(err, press.ErrInvalid) || errors.Is(err, press.ErrConflict) {
		return http.StatusUnprocessableEntity, "Nothing was saved. " + said(err, document)
	}
	return 0, ""
}

// saveManuscript saves what the form says on top of the revision that was before the writer.
func (d *Desk) saveManuscript(w http.ResponseWriter, r *http.Request) error {
	u, by, done, err := d.readWriting(r)
	if err != nil {
		return err
	}
	defer done()
	room, ctx, id := visitOf(r).Room, r.Context(), chi.URLParam(r, "id")
	look, err := room.Opened(ctx, id)
	if err != nil {
		return err
	}
	if look.Manuscript.Kind == manuscripts.Withdrawal {
		return press.ErrNotFound // it has no text
	}
	view, files, wrong := d.written(u)
	if view.manuscriptLine, err = d.manuscriptLine(r, look.Manuscript); err != nil {
		return err
	}
	view.Files, view.Form = look.Files, by.form
	if wrong == nil {
		wrong = room.Together(ctx, func(room newsroom.Desk) error {
			if _, err := room.SaveWith(ctx, id, view.On, []byte(view.Document), view.How, files); err != nil {
				return err
			}
			return room.DropTyped(ctx, by.form, view.Taken)
		})
	}
	switch {
	case wrong == nil:
		return d.saved(w, r, look.Manuscript, view)
	case errors.Is(wrong, press.ErrConflict) && !errors.Is(wrong, newsroom.ErrMayNot):
		return d.notOnTop(w, r, view, files, u.typed(by))
	}
	return d.notSaved(w, r, look.Manuscript.Kind, view, u.typed(by), wrong)
}

// saved leads to the manuscript that was saved, and says if the article that it corrects has
// gone out since the form was shown.
func (d *Desk) saved(w http.ResponseWriter, r *http.Request, m manuscripts.Manuscript, view writingView) error {
	to := "/manuscripts/" + m.ID
	if m.State == manuscripts.InReview || m.State == manuscripts.Ready {
		to += "?voided=yes"
	}
	if m.Kind == manuscripts.Correction && view.Shown == press.Embargoed {
		state, err := d.stateOf(r.Context(), m.Article)
		if err != nil {
			return err
		}
		if state == press.Published {
			to = "/manuscripts/" + m.ID + "?turned=yes"
		}
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// notOnTop is for what could not be saved, because somebody else was faster: what was released
// meanwhile becomes a proposed correction, and else the two texts are put together.
func (d *Desk) notOnTop(w http.ResponseWriter, r *http.Request, view writingView, files newsroom.Enclosed, typed manuscripts.Unsaved) error {
	room, ctx := visitOf(r).Room, r.Context()
	m, err := room.KeepTyped(ctx, typed, view.Taken)
	if err == nil && m.State == manuscripts.Released {
		m, err = room.ProposeTyped(ctx, typed, []byte(view.Document), view.How, files)
		return d.leadToCorrection(w, r, m, err)
	}
	if refusedOrNil(err) != nil {
		return err
	}
	return d.showConflict(w, r, view, err == nil)
}

// showConflict shows what was typed put together with what somebody else has saved meanwhile, or
// asks what becomes of the places that both have changed, which takes that it is kept. Where
// they can't be put together both are shown.
func (d *Desk) showConflict(w http.ResponseWriter, r *http.Request, view writingView, kept bool) error {
	look, err := visitOf(r).Room.Opened(r.Context(), view.ID)
	if err != nil {
		return err
	}
	n, _, err := d.names(r.Context())
	if err != nil {
		return err
	}
	by, when := n.of(look.Revision.By), d.instant(r.Context(), look.Revision.At)
	m, err := d.merging(r, view, look.Manuscript.Revision, func(int) newsroom.Choice { return "" })
	switch {
	case err != nil && !errors.Is(err, errNoBase):
		return err
	case err != nil || !kept || !look.Manuscript.State.Open():
		now := string(look.Revision.Document)
		view.Conflict, view.On = &conflictView{By: by, When: when, Now: now, Diff: documents(now, view.Document)}, look.Manuscript.Revision
		view.Wrong = "Nothing was saved: somebody else has saved it meanwhile. What you typed is below. Take over what you need of their text, and save again: yours then stands on top of it."
		if !look.Manuscript.State.Open() {
			view.Wrong = "Nothing was saved: it was " + string(look.Manuscript.State) + " meanwhile. What you typed is below: keep a copy of it."
		}
	case len(m.clashes) > 0:
		return d.showClashes(w, r, http.StatusConflict, view, view.Form, m, by)
	default:
		d.fill(&view, m, by, when)
		view.Wrong = "Nothing was saved yet: somebody else has saved it meanwhile. Nothing that you changed touches what they changed, and both are put together below. Look it over, and save."
	}
	return d.showWriting(w, r, http.StatusConflict, look.Manuscript.Kind, view)
}
