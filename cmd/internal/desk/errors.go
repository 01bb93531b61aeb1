package desk

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"communique/cmd/internal/newsroom"
	"communique/cmd/internal/web"
	"communique/federation/moderation"
	"communique/storage/press"
)

var (
	errMethod    = errors.New("this address takes other methods")
	errOrigin    = errors.New("another site has sent this request")
	errForbidden = errors.New("their roles do not have it")
	errFault     = errors.New("something failed")
	errBusy      = errors.New("too many sign in at once")
	errForm      = errors.New("the form cannot be read")
)

// waitError is that somebody has to wait before they try again.
type waitError struct{ wait time.Duration }

func (e waitError) Error() string { return "too many attempts: wait for " + e.wait.String() }

// problem is what people are told of an error.
type problem struct {
	Status        int
	Title, Detail string
	Request       string // its name in the log, if it stands there
	retry         time.Duration
}

// problemOf is the one place that decides what an error is answered with.
func problemOf(err error) problem {
	var wait waitError
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &wait):
		return problem{Status: http.StatusTooManyRequests, Title: "Wait a moment", Detail: "There were too many attempts. You can try again in " + inWords(wait.wait) + ".", retry: wait.wait}
	case errors.Is(err, errUpload):
		return problem{Status: http.StatusRequestEntityTooLarge, Title: "Too large", Detail: "What you sent is larger than this form takes: " + mebibytes(maxText) + " of text, and " + mebibytes(maxFiles) + " with all pictures and files. Nothing was saved. Go back, and send less at once."}
	case errors.As(err, &tooLarge):
		return problem{Status: http.StatusRequestEntityTooLarge, Title: "Too large", Detail: "What you sent is larger than this form takes."}
	case errors.Is(err, errBusy):
		return problem{Status: http.StatusServiceUnavailable, Title: "Too many people sign in just now", Detail: "Nothing is wrong with what you entered. Try again in ten seconds.", retry: 10 * time.Second}
	case errors.Is(err, errMethod):
		return problem{Status: http.StatusMethodNotAllowed, Title: "Not possible", Detail: "This address cannot be used in this way."}
	case errors.Is(err, errOrigin):
		return problem{Status: http.StatusForbidden, Title: "Refused", Detail: "Another site has sent this request in your name. Nothing was done."}
	case errors.Is(err, errForbidden):
		return problem{Status: http.StatusForbidden, Title: "Not for your roles", Detail: "Your roles don't include this page. An operator can change them."}
	case errors.Is(err, newsroom.ErrMayNot):
		return problem{Status: http.StatusForbidden, Title: "Not for your roles", Detail: "Your roles don't let you do this. Nothing was done. An operator can change them."}
	case errors.Is(err, errNotTheirs):
		return problem{Status: http.StatusConflict, Title: "Somebody else has signed in", Detail: "The form was shown to somebody else, who was signed in by this browser before you. Nothing was saved. What they wrote is kept for them: they find it when they sign in."}
	case errors.Is(err, errForm):
		return problem{Status: http.StatusBadRequest, Title: "Not understood", Detail: "The form could not be read. Go back and send it again."}
	case errors.Is(err, press.ErrNotFound):
		return problem{Status: http.StatusNotFound, Title: "Nothing here", Detail: "There is nothing at this address, or your roles don't let you read it."}
	case errors.Is(err, newsroom.ErrChanged):
		return problem{Status: http.StatusConflict, Title: "Changed meanwhile", Detail: "Somebody has changed this while you were at it. Nothing was done; look again."}
	case errors.Is(err, press.ErrBusy), errors.Is(err, press.ErrUnsure), errors.Is(err, context.DeadlineExceeded):
		return problem{Status: http.StatusServiceUnavailable, Title: "Not available just now", Detail: "The database does not answer. Try again in ten seconds.", retry: 10 * time.Second}
	default:
		return problem{Status: http.StatusInternalServerError, Title: "Something failed", Detail: "Nothing was lost. The server's log says more."}
	}
}

// answered adapts a handler that returns an error.
func (d *Desk) answered(h handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			d.fail(w, r, err)
		}
	}
}

func (d *Desk) sessionFailed(w http.ResponseWriter, r *http.Request, err error) { d.fail(w, r, err) }

// fail answers with the page of a problem.
func (d *Desk) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := problemOf(err)
	if r.Context().Err() != nil {
		// The client has gone, or its request did not arrive in time: then it reads still, and
		// would take an empty page for what it asked for.
		p = problem{Status: http.StatusRequestTimeout, Title: "Not in time", Detail: "What you sent did not arrive in time. Look whether it was done before you send it again."}
	}
	if p.Status >= http.StatusInternalServerError {
		p.Request = web.RequestID(r)
		of := []any{"method", r.Method, "route", routeOf(r), "status", p.Status, "request", p.Request, "error", err}
		if errors.Is(err, press.ErrAway) { // which no client has caused, and the log says once in a while
			d.Log.Log(r.Context(), slog.LevelError, "request to the desk failed", of...)
		} else {
			d.hearsay.Log(slog.LevelError, moderation.ClientKey(r.RemoteAddr), "request to the desk failed", of...)
		}
	}
	if p.retry > 0 {
		w.Header().Set("Retry-After", web.RetryAfter(p.retry))
	}
	if err := d.show(w, r, p.Status, "problem", p.Title, p); err != nil {
		d.Log.Error("the page of a problem failed", "error", err)
	}
}

// inWords is a time to wait, rounded up.
func inWords(wait time.Duration) string {
	if wait <= time.Minute {
		return web.RetryAfter(wait) + " seconds"
	}
	return strconv.FormatInt(int64((wait+time.Minute-1)/time.Minute), 10) + " minutes"
}
