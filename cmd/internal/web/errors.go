package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"communique/federation"
	"communique/federation/moderation"
	"communique/federation/remote"
	"communique/federation/signature"
	"communique/feeds"
	"communique/feeds/site"
	"communique/feeds/websub"
	"communique/storage/accept"
	"communique/storage/hearsay"
	"communique/storage/press"
)

// Problem is what went wrong, for people and machines (RFC 9457 §3.1).
type Problem struct {
	Status int    `json:"status"`
	Title  string `json:"title"`
	Detail string `json:"detail,omitempty"`
	// Request is what the request is called in our log (an extension, §3.2).
	Request string `json:"request,omitempty"`
	// Percent is how much of what is waited for is over; 0 if nothing is (an extension, §3.2).
	Percent int `json:"percent,omitempty"`

	// Withdrawn is set if the thing asked for is a withdrawn article.
	Withdrawn *press.WithdrawnError `json:"-"`
	location  string
	retry     string // seconds
	allow     string // methods
	plain     bool   // answered in plain text
	theirs    bool   // other servers cause it, and nothing is wrong here
}

// problemOf decides the status that an error is answered with. An error that is
// not listed is a fault of ours: its text goes into the log and not to the public.
func problemOf(err error) Problem {
	var withdrawn *press.WithdrawnError
	var moved *press.MovedError
	var tooLarge *http.MaxBytesError
	var throttled *moderation.ThrottledError
	var subscribing *websub.ThrottledError
	switch {
	case errors.As(err, &subscribing):
		return Problem{Status: http.StatusTooManyRequests, Title: "Too many requests", Detail: subscribing.Reason, retry: RetryAfter(subscribing.RetryAfter)}
	case errors.As(err, &throttled):
		return Problem{
			Status: http.StatusTooManyRequests, Title: "Too many requests", Detail: "Too many requests came from this address. Try again later.",
			retry: RetryAfter(throttled.RetryAfter),
		}
	case errors.As(err, &moved):
		return Problem{Status: http.StatusMovedPermanently, Title: "Moved", location: moved.Location}
	case errors.As(err, &withdrawn):
		return Problem{Status: http.StatusGone, Title: "Withdrawn", Detail: withdrawnOn(withdrawn), Withdrawn: withdrawn}
	case errors.Is(err, press.ErrGone):
		return Problem{Status: http.StatusGone, Title: "Withdrawn", Detail: "What was at this address was withdrawn."}
	case errors.Is(err, press.ErrNotFound):
		return Problem{Status: http.StatusNotFound, Title: "Not found", Detail: "There is nothing at this address."}
	case errors.As(err, &tooLarge):
		return Problem{Status: http.StatusRequestEntityTooLarge, Title: "Too large", Detail: fmt.Sprintf("The request body may be at most %d KiB.", tooLarge.Limit>>10)}
	case errors.Is(err, federation.ErrPostOnly), errors.Is(err, websub.ErrPostOnly):
		return notAllowed(http.MethodPost)
	case errors.Is(err, federation.ErrMediaType), errors.Is(err, websub.ErrMediaType):
		return Problem{Status: http.StatusUnsupportedMediaType, Title: "Unsupported media type", Detail: err.Error()}
	case errors.Is(err, federation.ErrMalformed), errors.Is(err, press.ErrInvalid), errors.Is(err, websub.ErrRefused):
		return Problem{Status: http.StatusBadRequest, Title: "Bad request", Detail: err.Error()}
	case errors.Is(err, signature.ErrInvalid), errors.Is(err, federation.ErrForbidden):
		return Problem{Status: http.StatusUnauthorized, Title: "Signature not accepted", Detail: err.Error()}
	case errors.Is(err, remote.ErrUnavailable):
		return Problem{Status: http.StatusServiceUnavailable, Title: "Key not available", Detail: "The key that signed this could not be fetched.", retry: "60", theirs: true}
	case errors.Is(err, websub.ErrBusy):
		return Problem{Status: http.StatusServiceUnavailable, Title: "Busy", Detail: err.Error(), retry: "60", theirs: true}
	case errors.Is(err, press.ErrBusy), errors.Is(err, press.ErrUnsure), errors.Is(err, context.DeadlineExceeded):
		return Problem{Status: http.StatusServiceUnavailable, Title: "Busy", Detail: "Try again in a few seconds.", retry: "5"}
	case errors.Is(err, press.ErrFull):
		return Problem{Status: http.StatusInsufficientStorage, Title: "No space left", Detail: "Nothing was stored.", retry: "60"}
	}
	return Problem{Status: http.StatusInternalServerError, Title: "Internal server error", Detail: "It has been logged."}
}

// RetryAfter is a duration as that header has it (RFC 9110 §10.2.3), rounded up.
func RetryAfter(d time.Duration) string {
	return strconv.FormatInt(int64((d+time.Second-1)/time.Second), 10)
}

func withdrawnOn(e *press.WithdrawnError) string {
	return "This statement was withdrawn on " + e.At.UTC().Format("2006-01-02") + ": " + e.Reason
}

// notAllowed answers another method than an address knows (RFC 9110 §15.5.6).
func notAllowed(allow string) Problem {
	return Problem{
		Status: http.StatusMethodNotAllowed, Title: "Method not allowed",
		Detail: "This address answers " + allow + ".", allow: allow,
	}
}

// Pages writes the page that people see for a problem, after the status.
type Pages interface {
	WriteProblem(w io.Writer, r *http.Request, p site.Problem) error
}

// movedPolicy has a redirect kept no longer than a page. Its address holds words
// of the title, which a withdrawal takes back; and when a title or a section gets
// its old name again, a browser that kept the redirects there and back would
// follow them in a circle.
const movedPolicy = "public, max-age=0, s-maxage=60"

// answerer turns what handlers return into answers.
type answerer struct {
	pages Pages
	log   *slog.Logger
	// hearsay is the log of what clients cause: what is wrong here they can ask for
	// as often as they like.
	hearsay *hearsay.Log
}

// handle adapts a handler that returns an error.
func (a answerer) handle(h func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			a.fail(w, r, err, problemOf(err))
		}
	}
}

// plain is [answerer.handle] for what is answered in plain text.
func (a answerer) plain(h func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			p := problemOf(err)
			p.plain = true
			a.fail(w, r, err, p)
		}
	}
}

func (a answerer) fail(w http.ResponseWriter, r *http.Request, err error, p Problem) {
	if r.Context().Err() != nil {
		// The client has gone, or its request did not arrive in time: then it reads still, and
		// would be told 200 if nothing else were said.
		a.answer(w, r, Problem{Status: http.StatusRequestTimeout, Title: "Request timeout", Detail: "The request did not arrive in time."})
		return
	}
	if p.location != "" {
		w.Header().Set("Cache-Control", movedPolicy)
		http.Redirect(w, r, p.location, p.Status)
		return
	}
	p.Request = RequestID(r)
	if p.Status >= http.StatusInternalServerError {
		level := slog.LevelError
		if p.theirs {
			level = slog.LevelWarn
		}
		of := []any{"method", r.Method, "path", logged(r.URL.Path), "status", p.Status, "request", p.Request, "error", err}
		if errors.Is(err, press.ErrAway) { // which no client has caused, and the log says once in a while
			a.log.Log(r.Context(), level, "request failed", of...)
		} else {
			a.hearsay.Log(level, causeOf(r, err), "request failed", of...)
		}
	}
	if a.log.Enabled(r.Context(), slog.LevelDebug) { // each of them, also those that have no line above
		a.log.Debug("problem", "method", r.Method, "path", logged(r.URL.Path), "status", p.Status, "request", p.Request, "error", err)
	}
	a.answer(w, r, p)
}

// causeOf is who has the line for a request that failed: the server that a message
// or a callback says to be, or the client, if it names none.
func causeOf(r *http.Request, err error) string {
	if host := hearsay.ClaimedBy(err); host != "" {
		return host
	}
	return moderation.ClientKey(r.RemoteAddr)
}

func (a answerer) answer(w http.ResponseWriter, r *http.Request, p Problem) {
	if p.Request == "" {
		p.Request = RequestID(r)
	}
	h := w.Header()
	h.Del("Content-Encoding")
	h.Del("ETag")
	h.Del("Last-Modified")
	h.Set("Cache-Control", "no-store")
	feeds.AddVary(h, "Accept")
	if p.allow != "" {
		h.Set("Allow", p.allow)
	}
	if p.retry != "" {
		h.Set("Retry-After", p.retry)
	}
	if p.plain {
		h.Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(p.Status)
		_, _ = io.WriteString(w, p.Detail+"\nRequest: "+p.Request+"\n") // an error concerns a client that has gone
		return
	}
	if accept.Page(r.Header.Get("Accept")) {
		var page bytes.Buffer
		if err := a.pages.WriteProblem(&page, r, site.Problem{Status: p.Status, Withdrawn: p.Withdrawn, Request: p.Request, Percent: p.Percent}); err != nil {
			a.log.Error("problem page failed", "path", logged(r.URL.Path), "status", p.Status, "error", err)
		}
		feeds.WritePage(w, r, p.Status, page.Bytes())
		return
	}
	h.Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	if r.Method == http.MethodHead {
		return
	}
	if err := json.NewEncoder(w).Encode(p); err != nil {
		a.log.Debug("problem document not written", "path", logged(r.URL.Path), "error", err)
	}
}
