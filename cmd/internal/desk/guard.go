package desk

import (
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"

	"communique/cmd/internal/web"
	"communique/federation/moderation"
)

// maxBody is how large a form may be, apart from those by which people write.
const maxBody = 256 << 10

// bodyOf bounds what a request may send.
func bodyOf(r *http.Request) int64 {
	if _, writing := manuscriptIn(r.URL.Path); writing {
		return maxSent
	}
	return maxBody
}

// policy lets pages have the desk's own style, script and pictures, and nothing else.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// guarded sets what every answer carries, and bounds what is sent.
func (d *Desk) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Security-Policy", policy)
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("X-Robots-Tag", "noindex")
		if d.secure {
			h.Set("Strict-Transport-Security", "max-age=15552000")
		}
		r.Body = http.MaxBytesReader(w, r.Body, bodyOf(r))
		next.ServeHTTP(w, r)
	})
}

// onlyHere refuses what was meant for another host, and what another site sent.
func (d *Desk) onlyHere(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.EqualFold(r.Host, d.host) {
			http.Error(w, "There is nothing for this host here.", http.StatusMisdirectedRequest)
			return
		}
		if err := d.origins.Check(r); err != nil {
			d.fail(w, r, errOrigin)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// panicked answers a request whose handler panicked.
func (d *Desk) panicked(w http.ResponseWriter, r *http.Request, fault any) {
	d.hearsay.Log(slog.LevelError, moderation.ClientKey(r.RemoteAddr), "request panicked", "method", r.Method, "route", routeOf(r), "request", web.RequestID(r), "fault", fault, "stack", string(debug.Stack()))
	d.fail(w, r, errFault)
}
