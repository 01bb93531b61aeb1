package web

import (
	"log/slog"
	"net/http"
	"time"

	"communique/storage/hearsay"
)

// Closed answers in the place of a site that cannot be served yet.
type Closed struct {
	// Pages are those of the site, and their style sheet.
	Pages interface {
		Pages
		Style() (path string, css []byte)
	}
	Log *slog.Logger
	// Loopback is as in [Options].
	Loopback bool
	// Wait is what is waited for.
	Wait func() Wait
}

// Wait is what those who ask for a closed site are told.
type Wait struct {
	Why     string
	Percent int           // of it is over
	Left    time.Duration // 0 if that is not known
}

// The instant at which to come back is not much later than needed, and nobody has to come
// often.
const (
	soonest     = 5 * time.Second
	latest      = 5 * time.Minute
	ifNotKnown  = 30 * time.Second
	closedTitle = "The site is being upgraded"
)

// Handler answers each request with 503, when to come back (RFC 9110 §10.2.3) and how far it
// is, and the style sheet of the page that says so.
func (c Closed) Handler() http.Handler {
	a := answerer{pages: c.Pages, log: c.Log, hearsay: hearsay.New(c.Log, time.Now)}
	style, css := c.Pages.Style()
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+style, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		_, _ = w.Write(css) // an error concerns a client that has gone
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		wait := c.Wait()
		back := ifNotKnown
		if wait.Left > 0 {
			back = min(max(wait.Left, soonest), latest)
		}
		a.answer(w, r, Problem{Status: http.StatusServiceUnavailable, Title: closedTitle, Detail: wait.Why, Percent: max(wait.Percent, 1), retry: RetryAfter(back)})
	})
	return Recovered(a.panicked)(secure(c.Loopback)(anyOrigin(mux)))
}
