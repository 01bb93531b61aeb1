package desk

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"communique/cmd/internal/answers"
	"communique/storage/audience"
	"communique/storage/people"
	"communique/storage/press"
	"communique/storage/richtext"
)

const (
	answersShown = 25
	// excerptOfAnswer is how much of an answer a list shows, in characters.
	excerptOfAnswer = 600
)

// answersView is a page of replies and quotes.
type answersView struct {
	tabs
	State string
	Lines []answerLine
	Next  string // the address of the next page
	Did   *decided
	Wrong string
}

// tabs are the lists beside that of the answers.
type tabs struct {
	Chosen   string
	Decides  bool // they decide on answers
	Operator bool // they see to reports and blocks
}

// tabsOf are the lists that whoever makes a request has, with the chosen one.
func tabsOf(r *http.Request, chosen string) tabs {
	v := visitOf(r)
	return tabs{chosen, v.MayAnywhere(answers.Decides()...), v.MayAnywhere(people.Operator)}
}

// decided is what was just decided, and can be undone.
type decided struct{ Token, State string }

// answerLine is a reply or a quote as people see it: a stranger's text, without its links.
type answerLine struct {
	Token, State          string
	Name, Handle, Address string // of its author, and where it stands
	Actor                 string
	Received              instant
	Article               press.Article
	Quote, Public         bool
	Text                  string
	Language              press.Language
	Cut                   bool // there is more of it
	Before                []saidBefore
	Operator              bool // whoever looks may block its author
}

// Approvable tells whether it can be shown on its article's page.
func (a answerLine) Approvable() bool {
	return !a.Quote && a.Public && a.Article.ID != "" && a.State != string(audience.ReplyApproved)
}

// saidBefore is a reply that another one answers.
type saidBefore struct{ Handle, State, Text string }

func (d *Desk) answerLine(r *http.Request, a answers.Answer, characters int) answerLine {
	text := richtext.Text(a.Content)
	line := answerLine{
		Token: a.Token, State: string(a.State), Name: a.Name, Handle: a.Handle, Address: a.URL, Actor: a.Actor,
		Received: d.instant(r.Context(), a.Received), Article: a.Article, Quote: a.Quotes, Public: a.Public, Text: text, Language: a.Language,
		Operator: visitOf(r).MayAnywhere(people.Operator),
	}
	if line.Name == line.Handle {
		line.Name = ""
	}
	if short := []rune(text); len(short) > characters {
		line.Text, line.Cut = strings.TrimSpace(string(short[:characters]))+" …", true
	}
	for _, b := range a.Before {
		line.Before = append(line.Before, saidBefore{b.Handle, string(b.State), richtext.Excerpt(b.Content, excerptOfAnswer)})
	}
	return line
}

// answersAddress is that of a list of answers.
func answersAddress(state string, more ...string) string {
	q := url.Values{}
	if state != string(audience.ReplyPending) {
		q.Set("state", state)
	}
	for n := 0; n+1 < len(more); n += 2 {
		q.Set(more[n], more[n+1])
	}
	if len(q) == 0 {
		return "/answers"
	}
	return "/answers?" + q.Encode()
}

// stateOf reads the state that a form or an address names.
func stateOf(text string) audience.ReplyState {
	if state := audience.ReplyState(text); slices.Contains(answers.States(), state) {
		return state
	}
	return audience.ReplyPending
}

func (d *Desk) answers(w http.ResponseWriter, r *http.Request) error {
	return d.showAnswers(w, r, http.StatusOK, "")
}

func (d *Desk) showAnswers(w http.ResponseWriter, r *http.Request, status int, wrong string) error {
	q := r.URL.Query()
	state := stateOf(q.Get("state"))
	all, on, err := answers.List(r.Context(), visitOf(r).Room, state, q.Get("after"), answersShown)
	if err != nil {
		return err
	}
	view := answersView{tabs: tabsOf(r, string(state)), State: string(state), Wrong: wrong}
	for _, a := range all {
		view.Lines = append(view.Lines, d.answerLine(r, a, excerptOfAnswer))
	}
	if on != "" {
		view.Next = answersAddress(view.State, "after", on)
	}
	if token := q.Get("token"); token != "" && wrong == "" {
		// What was done is told as it stands now: an address proves nothing.
		switch a, err := answers.Look(r.Context(), visitOf(r).Room, token); {
		case err == nil:
			view.Did = &decided{a.Token, string(a.State)}
		case !errors.Is(err, press.ErrNotFound):
			return err
		}
	}
	return d.show(w, r, status, "answers", "Answers", view)
}

func (d *Desk) answer(w http.ResponseWriter, r *http.Request) error {
	a, err := answers.Look(r.Context(), visitOf(r).Room, chi.URLParam(r, "token"))
	if err != nil {
		return err
	}
	return d.show(w, r, http.StatusOK, "answer", "Answer", d.answerLine(r, a, len(a.Content)))
}

const goneAnswer = "Its author has changed it or taken it away since, or it is not for your roles. Nothing was done; what stands here now is the newest."

func (d *Desk) decideAnswer(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(r); err != nil {
		return err
	}
	token, state := chi.URLParam(r, "token"), audience.ReplyState(r.PostForm.Get("state"))
	if !slices.Contains(answers.States(), state) {
		return errForm
	}
	err := answers.Decide(r.Context(), visitOf(r).Room, state, token)
	switch {
	case errors.Is(err, press.ErrNotFound):
		return d.showAnswers(w, r, http.StatusConflict, goneAnswer)
	case errors.Is(err, press.ErrConflict):
		return d.showAnswers(w, r, http.StatusConflict, "This can't be decided so: a quote needs no approval, and what was taken back is not given again; what was not written for everybody is shown to nobody.")
	case err != nil:
		return err
	}
	http.Redirect(w, r, answersAddress(string(stateOf(r.PostForm.Get("list"))), "token", token), http.StatusSeeOther)
	return nil
}
