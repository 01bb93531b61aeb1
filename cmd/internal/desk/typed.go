package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"communique/cmd/internal/newsroom"
	"communique/storage"
	"communique/storage/manuscripts"
	"communique/storage/people"
	"communique/storage/press"
)

// typed is a form as it is kept unsaved: its fields, without the files, which browsers send
// once and which have to be chosen again.
func (u upload) typed(by writer) manuscripts.Unsaved {
	fields := map[string]string{}
	for name := range u.Values {
		if name != "writer" && name != "taken" {
			fields[name] = u.Get(name)
		}
	}
	on, _ := strconv.Atoi(u.Get("on"))
	text, _ := json.Marshal(fields) //nolint:errchkjson // strings always are JSON
	return manuscripts.Unsaved{Form: by.form, Manuscript: by.manuscript, On: on, Document: text}
}

// whole is all that somebody has written in a form, field by field.
func (u upload) whole() string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(u.Values)) {
		if text := lines(u.Get(name)); text != "" && !slices.Contains([]string{"writer", "taken", "on", "as", "shown"}, name) {
			fmt.Fprintf(&b, "%s:\n%s\n\n", name, text)
		}
	}
	return b.String()
}

// typedAgain is a form that was kept, as if it were sent.
func typedAgain(kept manuscripts.Unsaved) (u upload) {
	fields := map[string]string{}
	_ = json.Unmarshal(kept.Document, &fields) // what cannot be read is empty
	u.Values = url.Values{}
	for name, value := range fields {
		u.Set(name, value)
	}
	u.Set("on", strconv.Itoa(kept.On))
	return u
}

// notThere is an error unless it says that there is nothing.
func notThere(err error) error {
	if errors.Is(err, press.ErrNotFound) {
		return nil
	}
	return err
}

// refusedOrNil is an error unless it is a refusal.
func refusedOrNil(err error) error {
	if errors.Is(err, press.ErrConflict) || errors.Is(err, press.ErrInvalid) {
		return nil
	}
	return notThere(err)
}

// typedAnswer is what the script of the form is told.
type typedAnswer struct {
	Kept   bool   `json:"kept"`
	At     string `json:"at,omitempty"`     // when it was kept
	Others string `json:"others,omitempty"` // who else is at it
	Says   string `json:"says,omitempty"`   // what the writer has to know
	Go     string `json:"go,omitempty"`     // where they go on
}

// keepTyped keeps what somebody is typing, as their browser sends it while they do.
func (d *Desk) keepTyped(w http.ResponseWriter, r *http.Request) error {
	if visitOf(r) == nil {
		f, err := d.kept(r)
		if errors.Is(err, errUpload) {
			return d.answerTyped(w, http.StatusRequestEntityTooLarge, typedAnswer{Says: tooLong})
		}
		if err != nil {
			return err
		}
		says := "Your session has ended, and what you type is not kept any more. Copy it before you leave this page."
		switch {
		case f.kept:
			says = "Your session has ended. What you type is kept: save, sign in, and you find it here."
		case f.why != "":
			says = f.why + " What you type is not kept. Copy it before you leave this page."
		}
		return d.answerTyped(w, http.StatusUnauthorized, typedAnswer{Kept: f.kept, Says: says})
	}
	u, by, done, err := d.readWriting(r)
	switch {
	case errors.Is(err, errNotTheirs):
		return d.answerTyped(w, http.StatusConflict, typedAnswer{Kept: true, Says: "Somebody else has signed in by this browser. What you type is kept for you, and not saved: sign in as yourself again."})
	case err == nil && u.Get("writer") == "" || visitOf(r).lacksFactor():
		if err == nil {
			done()
		}
		return d.answerTyped(w, http.StatusConflict, typedAnswer{Says: "This page is too old: what you type is not kept. Copy it, and open the page anew."})
	}
	if errors.Is(err, errUpload) {
		return d.answerTyped(w, http.StatusRequestEntityTooLarge, typedAnswer{Says: tooLong})
	}
	if err != nil {
		return err
	}
	defer done()
	room, ctx := visitOf(r).Room, r.Context()
	unsaved := u.typed(by)
	m, err := room.KeepTyped(ctx, unsaved, u.Get("taken"))
	switch {
	case errors.Is(err, newsroom.ErrMayNot), errors.Is(err, press.ErrNotFound):
		return d.answerTyped(w, http.StatusConflict, typedAnswer{Says: "Your roles don’t let you write here any more: what you type is not kept. Copy it before you leave this page."})
	case errors.Is(err, press.ErrConflict):
		return d.answerTyped(w, http.StatusConflict, typedAnswer{Says: "It was given up meanwhile: what you type is not kept. Copy it before you leave this page."})
	case errors.Is(err, press.ErrInvalid):
		return d.answerTyped(w, http.StatusRequestEntityTooLarge, typedAnswer{Says: tooLong})
	case err != nil:
		return err
	}
	answer := typedAnswer{At: d.instant(ctx, d.Store.Now()).Brief()}
	switch {
	case m.State == manuscripts.Released:
		answer = d.turned(r, u, unsaved)
	case m.Kind == manuscripts.Correction && u.Get("shown") == string(press.Embargoed):
		state, err := d.stateOf(ctx, m.Article)
		if err != nil {
			return err
		}
		if state == press.Published {
			answer.Says = nowPublic
		}
	}
	if answer.Others, err = d.others(r, m.ID); err != nil {
		return err
	}
	answer.Kept = true
	return d.answerTyped(w, http.StatusOK, answer)
}

const tooLong = "What you typed is longer than this form takes, and is not kept: shorten it, or put a part of it into another text. Copy it before you leave this page."

const nowPublic = "The article has gone out meanwhile. What you write is a proposed correction of what is public."

// turned makes what was typed in a manuscript that was released meanwhile a proposed correction,
// and says so.
func (d *Desk) turned(r *http.Request, u upload, unsaved manuscripts.Unsaved) typedAnswer {
	view, files, err := d.written(u)
	var m manuscripts.Manuscript
	if err == nil {
		m, err = visitOf(r).Room.ProposeTyped(r.Context(), unsaved, []byte(view.Document), view.How, files)
	}
	switch {
	case err == nil:
		return typedAnswer{Says: "It was released meanwhile. What you typed has become a proposed correction: go on there.", Go: editing(m.ID)}
	case errors.Is(err, newsroom.ErrProposed):
		return typedAnswer{Says: "It was released meanwhile, and a correction is proposed already. What you typed is kept there: compare the two.", Go: editing(m.ID)}
	}
	return typedAnswer{Says: "It was released meanwhile. What you typed is kept, and can’t become a correction yet: " + plainly(err) + "."}
}

func (d *Desk) answerTyped(w http.ResponseWriter, status int, answer typedAnswer) error {
	if answer.Go != "" {
		answer.Go = d.base + answer.Go
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer) //nolint:errchkjson // an error concerns a client that has gone
	return nil
}

// others says who else is typing in a manuscript; nothing if nobody is.
func (d *Desk) others(r *http.Request, manuscript string) (string, error) {
	if manuscript == "" {
		return "", nil
	}
	at, err := visitOf(r).Room.AtIt(r.Context(), manuscript)
	if err != nil || len(at) == 0 {
		return "", err
	}
	n, _, err := d.names(r.Context())
	var said []string
	for _, u := range at {
		said = append(said, n.of(u.Person)+" (last at "+d.instant(r.Context(), u.At).Brief()+")")
	}
	return strings.Join(said, ", "), err
}

// errNotTheirs is that a form was shown to somebody else than is signed in.
var errNotTheirs = errors.New("somebody else has signed in meanwhile")

// readWriting reads a form for writing, and whose it is; one that does not say so, or too long
// ago, is a new form, without a writer. What somebody else has written, who was signed in when it was shown, is kept for them,
// and the error is errNotTheirs.
func (d *Desk) readWriting(r *http.Request) (u upload, by writer, done func(), err error) {
	id, _ := manuscriptIn(r.URL.Path)
	if u, done, err = d.readUpload(r); err != nil {
		return u, by, nil, err
	}
	by, ok, err := d.writerIn(r.Context(), u.Get("writer"), id)
	switch {
	case err == nil && !ok:
		by = d.newWriter(r, "", id)
		u.Del("writer")
	case err == nil && by.person != visitOf(r).ID:
		if _, err = d.keepFor(r, u, by); err == nil {
			err = errNotTheirs
		}
	}
	if err != nil {
		done()
		return u, by, nil, err
	}
	return u, by, done, nil
}

// stateOf is the state of an article.
func (d *Desk) stateOf(ctx context.Context, id press.ArticleID) (state press.State, err error) {
	err = d.Store.View(ctx, func(tx *storage.Tx) error {
		a, err := tx.Article(id)
		state = a.State
		return err
	})
	return state, err
}

// keptView is the page that offers what somebody has typed and not saved.
type keptView struct {
	manuscriptLine // empty of something new
	New            bool
	Released       bool
	Fresh          string // where the form is without it
	Kept           []keptText
}

type keptText struct {
	Form, Title string
	When        instant
	Older       bool // it is on top of a revision that is not the newest
	With        int  // the newest
	Text        string
	Diff        []diffLine
	Same        bool
}

// offer shows what somebody has typed in a manuscript and not saved, if they have not chosen
// yet; shown tells whether there is something.
func (d *Desk) offer(w http.ResponseWriter, r *http.Request, m manuscripts.Manuscript, now string) (shown bool, err error) {
	if r.FormValue("typed") != "" {
		return false, nil
	}
	mine, err := visitOf(r).Room.TypedIn(r.Context(), m.ID)
	if err != nil {
		return false, err
	}
	view := keptView{New: m.ID == "", Released: m.State == manuscripts.Released, Fresh: editing(m.ID) + "?typed=none"}
	for _, u := range mine {
		view.Kept = append(view.Kept, d.keptText(r.Context(), u, now, m.Revision))
	}
	if len(view.Kept) == 0 {
		return false, nil
	}
	if m.ID != "" {
		if view.manuscriptLine, err = d.manuscriptLine(r, m); err != nil {
			return false, err
		}
	}
	return true, d.show(w, r, http.StatusOK, "kept", "Not saved", view)
}

func (d *Desk) keptText(ctx context.Context, u manuscripts.Unsaved, now string, revision int) keptText {
	view, _, _ := d.written(typedAgain(u)) // what is wrong with it is told when it is saved
	if !view.AsText {
		view.Document = string(view.C.Document())
	}
	k := keptText{Form: u.Form, Title: view.C.Title, When: d.instant(ctx, u.At), Older: u.On != revision, With: revision, Text: view.Document}
	if now != "" {
		k.Diff, k.Same = documents(now, view.Document), now == view.Document
	}
	return k
}

// take fills the form with what was typed before and not saved, if it is asked for.
func (d *Desk) take(r *http.Request, view *writingView) error {
	form := r.FormValue("typed")
	if form == "" || form == "none" {
		return nil
	}
	kept, err := visitOf(r).Room.Typed(r.Context(), form)
	if err != nil {
		return err
	}
	if kept.Manuscript != view.ID {
		return press.ErrNotFound
	}
	again, _, _ := d.written(typedAgain(kept)) // as above
	again.manuscriptLine, again.New, again.Files, again.Taken, again.TakenAt = view.manuscriptLine, view.New, view.Files, form, d.instant(r.Context(), kept.At)
	*view = again
	return nil
}

// throwTyped throws away what was typed and not saved.
func (d *Desk) throwTyped(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(r); err != nil {
		return err
	}
	id := chi.URLParam(r, "id")
	room := visitOf(r).Room
	if err := room.ThrowTypedAway(r.Context(), r.PostForm.Get("form")); err != nil {
		return err
	}
	to := "/manuscripts"
	if id != "new" {
		to += "/" + id
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// proposeTyped makes what was typed in a manuscript that was released meanwhile a proposed
// correction.
func (d *Desk) proposeTyped(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(r); err != nil {
		return err
	}
	room := visitOf(r).Room
	kept, err := room.Typed(r.Context(), r.PostForm.Get("form"))
	if err != nil {
		return err
	}
	if kept.Manuscript != chi.URLParam(r, "id") {
		return press.ErrNotFound
	}
	view, _, err := d.written(typedAgain(kept))
	var m manuscripts.Manuscript
	if err == nil {
		m, err = room.ProposeTyped(r.Context(), kept, []byte(view.Document), view.How, newsroom.Enclosed{})
	}
	return d.leadToCorrection(w, r, m, err)
}

// leadToCorrection leads to the correction that a text has become which was typed in a manuscript that was
// released meanwhile.
func (d *Desk) leadToCorrection(w http.ResponseWriter, r *http.Request, m manuscripts.Manuscript, err error) error {
	switch {
	case err == nil:
		http.Redirect(w, r, "/manuscripts/"+m.ID+"?turned=yes", http.StatusSeeOther)
		return nil
	case errors.Is(err, newsroom.ErrProposed):
		http.Redirect(w, r, editing(m.ID), http.StatusSeeOther)
		return nil
	}
	if status, wrong := refused(err); wrong != "" {
		return d.show(w, r, status, "problem", "Not proposed", problem{Status: status, Title: "Not proposed", Detail: wrong + " What you typed is kept."})
	}
	return err
}

// unsavedLine is a place in which somebody has typed and not saved.
type unsavedLine struct {
	Address, Label string
	When           instant
}

// unsaved are the places in which whoever makes a request has typed and not saved.
func (d *Desk) unsaved(r *http.Request) (all []unsavedLine, err error) {
	v := visitOf(r)
	if !v.MayAnywhere(people.Author, people.Editor) {
		return nil, nil
	}
	mine, err := v.Room.TypedBy(r.Context())
	for _, u := range mine {
		l := unsavedLine{Address: editing(u.Manuscript), Label: u.Title, When: d.instant(r.Context(), u.At)}
		if u.Manuscript == "" {
			l.Label = "Something new"
		}
		if !slices.ContainsFunc(all, func(o unsavedLine) bool { return o.Address == l.Address }) {
			all = append(all, l)
		}
	}
	return all, err
}

// unsavedIn is the place in which whoever makes a request has typed and not saved, if that is
// this manuscript.
func (d *Desk) unsavedIn(r *http.Request, m manuscripts.Manuscript) (mine []unsavedLine, err error) {
	all, err := d.unsaved(r)
	for _, l := range all {
		if l.Address == editing(m.ID) {
			mine = append(mine, l)
		}
	}
	return mine, err
}
