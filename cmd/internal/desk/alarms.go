package desk

import (
	"context"
	"errors"
	"net/http"

	"github.com/go-chi/chi/v5"

	"communique/cmd/internal/newsroom"
	"communique/storage/press"
)

// alarmLine is an alarm as people see it.
type alarmLine struct {
	ID       string
	What     string // in words, without what it is about
	About    *aboutLine
	Remark   string
	Raised   instant
	Known    instant // when somebody said that they know
	By       string
	Over     instant
	Letters  []letterLine
	MayKnow  bool
	Able     []string // who could approve what they may not read
	NoLetter bool     // nobody is written to
}

// aboutLine is what an alarm is about, for those who may read that.
type aboutLine struct {
	Address  string
	Title    string
	Language press.Language
}

// Titled is the language of its title.
func (l aboutLine) Titled() press.Language { return l.Language }

type letterLine struct {
	Address string
	Made    instant
	Sent    instant
	Fault   string
	Next    instant
}

func (d *Desk) alarmLine(ctx context.Context, n names, a newsroom.Alarmed) alarmLine {
	_, what := d.alarmWords(a.Alarm)
	l := alarmLine{
		ID: a.ID, What: what, Raised: d.instant(ctx, a.Raised), Known: d.instant(ctx, a.Acknowledged), By: n.of(a.By), Over: d.instant(ctx, a.Ended),
		MayKnow: a.MayAcknowledge, NoLetter: len(d.Room.Duty.Addresses) == 0 && len(a.Letters) == 0,
	}
	switch {
	case a.Manuscript != nil:
		l.About = &aboutLine{"/manuscripts/" + a.Manuscript.ID, a.Manuscript.Title, a.Manuscript.Language}
	case a.Article != nil:
		l.Remark = a.Remark
		l.About = &aboutLine{"/articles/" + string(a.Article.ID), a.Article.Title, a.Article.Language}
	}
	for _, p := range a.Able {
		l.Able = append(l.Able, p.Shown())
	}
	for _, letter := range a.Letters {
		l.Letters = append(l.Letters, letterLine{letter.Address, d.instant(ctx, letter.Made), d.instant(ctx, letter.Sent), letter.Fault, d.instant(ctx, letter.Next)})
	}
	return l
}

func (d *Desk) alarmLines(r *http.Request, all []newsroom.Alarmed, err error) (lines []alarmLine, _ error) {
	if err != nil || len(all) == 0 {
		return nil, err
	}
	n, _, err := d.names(r.Context())
	for _, a := range all {
		lines = append(lines, d.alarmLine(r.Context(), n, a))
	}
	return lines, err
}

// alarmView is the page of an alarm, to which letters lead.
type alarmView struct {
	alarmLine
	Wrong string
}

func (d *Desk) alarm(w http.ResponseWriter, r *http.Request) error {
	return d.showAlarm(w, r, http.StatusOK, "")
}

func (d *Desk) showAlarm(w http.ResponseWriter, r *http.Request, status int, wrong string) error {
	a, err := visitOf(r).Room.Alarm(r.Context(), chi.URLParam(r, "id"))
	if err != nil {
		return err
	}
	n, _, err := d.names(r.Context())
	if err != nil {
		return err
	}
	return d.show(w, r, status, "alarm", "Alarm", alarmView{d.alarmLine(r.Context(), n, a), wrong})
}

// acknowledge says that whoever sends it knows of an alarm.
func (d *Desk) acknowledge(w http.ResponseWriter, r *http.Request) error {
	id := chi.URLParam(r, "id")
	_, err := visitOf(r).Room.Acknowledge(r.Context(), id)
	switch {
	case errors.Is(err, newsroom.ErrMayNot):
		return err
	case errors.Is(err, press.ErrConflict):
		return d.showAlarm(w, r, http.StatusConflict, "Nothing was done: somebody else said so before, or it is over.")
	case err != nil:
		return err
	}
	http.Redirect(w, r, alarmAddress(id), http.StatusSeeOther)
	return nil
}
