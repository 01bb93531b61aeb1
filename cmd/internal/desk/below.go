package desk

import (
	"net/http"
	"strings"

	"communique/storage/lazyregexp"
)

// below has the desk answer below a path of its host, as in https://mfa.example/desk. All of the
// desk knows its pages by the path behind that; what goes out is led back here, in the one place
// where pages are written ([Desk.show]) and in redirects.
func (d *Desk) below(next http.Handler) http.Handler {
	stripped := http.StripPrefix(d.base, next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, d.base+"/"):
			stripped.ServeHTTP(&belowWriter{ResponseWriter: w, base: d.base}, r)
		case r.URL.Path == d.base:
			http.Redirect(w, r, d.base+"/", http.StatusPermanentRedirect)
		default:
			http.NotFound(w, r)
		}
	})
}

// belowWriter leads redirects below a path.
type belowWriter struct {
	http.ResponseWriter

	base string
}

func (w *belowWriter) WriteHeader(status int) {
	if to := w.Header().Get("Location"); strings.HasPrefix(to, "/") {
		w.Header().Set("Location", w.base+to)
	}
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap is for [http.ResponseController].
func (w *belowWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// ownAddress is an address of the desk's own in a page. A quotation mark in a text of somebody's
// is never written as one, so that no text is taken for it.
var ownAddress = lazyregexp.New(` (href|action|src|data-typed)="/`)

// inPlace has the addresses of a page lead below the path of the desk.
func (d *Desk) inPlace(page []byte) []byte {
	if d.base == "" {
		return page
	}
	return ownAddress.ReplaceAll(page, []byte(` $1="`+d.base+`/`))
}
