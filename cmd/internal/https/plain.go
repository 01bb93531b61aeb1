package https

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Plain answers plain http: an authority with the proof that it asks for (RFC 8555 §8.3),
// everybody else with the way to the same at https. base is the site's address, whatever
// host was asked for.
func (k *Keeper) Plain(base string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if k.asked != nil && k.asked.proves(w, r) {
			return
		}
		to := r.URL.RequestURI()
		if !strings.HasPrefix(to, "/") {
			to = "/" // as in OPTIONS *
		}
		status := http.StatusPermanentRedirect // with the same method
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			status = http.StatusMovedPermanently // which also old readers follow
		}
		w.Header().Set("Connection", "close") // there is nothing else to be had
		w.Header().Set("Location", base+to)
		w.WriteHeader(status)
	})
}

// Strict has browsers use https alone for so many days (RFC 6797), for the host that they
// asked and none below it: what others of its domain serve is not ours to say.
func Strict(days int, h http.Handler) http.Handler {
	if days == 0 {
		return h
	}
	says := fmt.Sprintf("max-age=%d", int(time.Duration(days)*24*time.Hour/time.Second))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Strict-Transport-Security", says)
		h.ServeHTTP(w, r)
	})
}
