package web

import (
	"net/http"
	"strings"

	"communique/storage/accept"
)

// refusedPages answers 406 in the place of a page to a client that refuses HTML
// (RFC 9110 §15.5.7). Only a request that says so pays for it.
func (a answerer) refusedPages(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !accept.RefusesPages(r.Header.Get("Accept")) {
			next.ServeHTTP(w, r)
			return
		}
		held := &withoutPages{ResponseWriter: w}
		next.ServeHTTP(held, r)
		if held.refused {
			w.Header().Del("Content-Length")
			a.answer(w, r, Problem{Status: http.StatusNotAcceptable, Title: "Not acceptable", Detail: "This address answers with HTML, which the request refuses."})
		}
	})
}

// withoutPages lets no HTML through.
type withoutPages struct {
	http.ResponseWriter
	begun, refused bool
}

func (w *withoutPages) WriteHeader(status int) {
	if w.begun {
		return
	}
	w.begun = true
	w.refused = status < http.StatusMultipleChoices && strings.HasPrefix(w.Header().Get("Content-Type"), "text/html")
	if !w.refused {
		w.ResponseWriter.WriteHeader(status)
	}
}

func (w *withoutPages) Write(body []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	if w.refused {
		return len(body), nil
	}
	return w.ResponseWriter.Write(body) //nolint:wrapcheck // it is the writer's own
}
