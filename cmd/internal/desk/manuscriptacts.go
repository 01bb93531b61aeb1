package desk

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"communique/cmd/internal/newsroom"
	"communique/storage/press"
)

// act does something to a manuscript by a form, and leads back to it, or says on its page why
// not, with what was typed.
func (d *Desk) act(w http.ResponseWriter, r *http.Request, do func(room newsroom.Desk, id string, revision int) error) error {
	if err := readForm(r); err != nil {
		return err
	}
	id := chi.URLParam(r, "id")
	revision, _ := strconv.Atoi(r.PostForm.Get("revision"))
	err := do(visitOf(r).Room, id, revision)
	if err == nil {
		http.Redirect(w, r, "/manuscripts/"+id, http.StatusSeeOther)
		return nil
	}
	status, wrong := refused(err)
	if wrong == "" {
		return err
	}
	view := manuscriptView{Wrong: wrong, Reason: r.PostForm.Get("reason"), Remark: r.PostForm.Get("remark")}
	if errors.Is(err, newsroom.ErrNotShown) {
		view.shown = &shown{revision, r.PostForm.Get("parts")}
	}
	return d.showManuscript(w, r, status, view)
}

// refused is why something about a manuscript was refused, for people; nothing if that is no
// fault of theirs.
func refused(err error) (status int, wrong string) {
	switch {
	case errors.Is(err, newsroom.ErrSetNotShown):
		return http.StatusConflict, "Nothing went out: " + plainly(err) + "."
	case errors.Is(err, newsroom.ErrNotShown):
		return http.StatusConflict, "It has changed since it was shown to you. Nothing went out. This is how it is now: look again."
	case errors.Is(err, newsroom.ErrOwn):
		return http.StatusForbidden, "You wrote a revision of it, so a second person has to approve it. Nothing went out."
	case errors.Is(err, newsroom.ErrMayNot):
		return http.StatusForbidden, "Your roles don't let you do this. Nothing was done."
	}
	p, ok := errors.AsType[*newsroom.Problem](err)
	switch {
	case errors.Is(err, newsroom.ErrUnexplained):
		return http.StatusUnprocessableEntity, "Nothing was done: say in a sentence what readers are told of it."
	case ok:
		return http.StatusUnprocessableEntity, "Nothing was done. " + said(p, "")
	case errors.Is(err, press.ErrConflict):
		return http.StatusConflict, "Nothing was done: " + plainly(err) + "."
	case errors.Is(err, press.ErrInvalid):
		return http.StatusUnprocessableEntity, "Nothing was done: " + plainly(err) + "."
	}
	return 0, ""
}

// leadOn leads to where an act leads, or says by a page of its own why it was refused.
func (d *Desk) leadOn(w http.ResponseWriter, r *http.Request, err error, title, to string) error {
	if status, wrong := refused(err); wrong != "" {
		return d.show(w, r, status, "problem", title, problem{Status: status, Title: title, Detail: wrong})
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

func (d *Desk) submitManuscript(w http.ResponseWriter, r *http.Request) error {
	return d.act(w, r, func(room newsroom.Desk, id string, revision int) error {
		_, err := room.Submit(r.Context(), id, revision)
		return err
	})
}

// takeBackManuscript undoes a submission.
func (d *Desk) takeBackManuscript(w http.ResponseWriter, r *http.Request) error {
	return d.act(w, r, func(room newsroom.Desk, id string, revision int) error {
		_, err := room.TakeBack(r.Context(), id, revision)
		return err
	})
}

func (d *Desk) sendBackManuscript(w http.ResponseWriter, r *http.Request) error {
	return d.act(w, r, func(room newsroom.Desk, id string, revision int) error {
		_, err := room.SendBack(r.Context(), id, revision, r.PostForm.Get("remark"))
		return err
	})
}

func (d *Desk) remarkOnManuscript(w http.ResponseWriter, r *http.Request) error {
	return d.act(w, r, func(room newsroom.Desk, id string, _ int) error {
		return room.RemarkOn(r.Context(), id, r.PostForm.Get("remark"))
	})
}

// errUnsure is that somebody has not ticked the box by which they say that they are sure.
var errUnsure = fmt.Errorf("%w: tick the box, if you are sure", press.ErrInvalid)

var errNoReason = fmt.Errorf("%w: say why it goes out without a second person", press.ErrInvalid)

func (d *Desk) giveUpManuscript(w http.ResponseWriter, r *http.Request) error {
	return d.act(w, r, func(room newsroom.Desk, id string, _ int) error {
		if r.PostForm.Get("sure") == "" {
			return errUnsure
		}
		return room.GiveUp(r.Context(), id)
	})
}

// approveManuscript releases what was shown: as a second person, or alone with a reason.
func (d *Desk) approveManuscript(w http.ResponseWriter, r *http.Request) error {
	return d.act(w, r, func(room newsroom.Desk, id string, revision int) error {
		how := newsroom.Approving{Revision: revision, Digest: r.PostForm.Get("digest")}
		if r.PostForm.Get("alone") != "" {
			if how.Reason = r.PostForm.Get("reason"); how.Reason == "" {
				return errNoReason
			}
		}
		_, err := room.Approve(r.Context(), id, how)
		return err
	})
}
