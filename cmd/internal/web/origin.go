package web

import "net/http"

// What other sites' scripts may see of an answer beside what is safelisted, and
// which fields they may ask with (Fetch §3.3).
const (
	exposed    = "ETag, Link, Location, Retry-After, Vary"
	askedWith  = "Accept, Accept-Language, A-IM, If-Modified-Since, If-None-Match, Range"
	keepsRules = "86400" // seconds
)

// anyOrigin lets scripts of any site read what anybody can read, a 304 and an error
// included. Nothing here depends on who asks: there are no cookies, and with "*" none
// would be sent. What is sent here, to inboxes and the hub, is not for scripts.
func anyOrigin(next http.Handler) http.Handler {
	all, fields := []string{"*"}, []string{exposed}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		switch r.Method {
		case http.MethodGet, http.MethodHead:
			h["Access-Control-Allow-Origin"], h["Access-Control-Expose-Headers"] = all, fields
		case http.MethodOptions:
			if method := r.Header.Get("Access-Control-Request-Method"); method == http.MethodGet || method == http.MethodHead {
				h["Access-Control-Allow-Origin"] = all
				h.Set("Access-Control-Allow-Methods", "GET, HEAD")
				h.Set("Access-Control-Allow-Headers", askedWith)
				h.Set("Access-Control-Max-Age", keepsRules)
				w.WriteHeader(http.StatusNoContent)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}
