package feeds

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"communique/storage/lazyregexp"
	"communique/storage/press"
)

// feedAddress finds the address of a feed, an archive document or a list of feeds in
// lower case: the language, the folder, the document.
var feedAddress = lazyregexp.New(`^/([a-z0-9-]+)/((?:[^/]+/)*)(feed\.(?:[0-9]+\.)?(?:rss|atom|json)|feeds\.(?:rss|atom)\.opml)$`)

// spelled returns a handler that redirects the address of a feed in capital letters,
// with a slash at its end or with letters percent-encoded to the right one. People type addresses into feed readers,
// which show nothing of the page that would explain a 404.
func (s *Server) spelled(h func(http.ResponseWriter, *http.Request) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		err := h(w, r)
		if !errors.Is(err, press.ErrNotFound) {
			return err
		}
		if path, ok := respell(r.URL.Path); ok && (path != r.URL.Path || r.URL.RawPath != "") {
			to := url.URL{Path: path, RawQuery: r.URL.RawQuery}
			return &press.MovedError{Location: s.id.Site.Base + to.String()}
		}
		return err
	}
}

// respell returns the right spelling of the address of a feed; false if it is none.
func respell(path string) (string, bool) {
	found := feedAddress.FindStringSubmatch(strings.ToLower(strings.TrimRight(path, "/")))
	if found == nil {
		return "", false
	}
	lang, err := press.ParseLanguage(found[1])
	if err != nil {
		return "", false
	}
	return "/" + string(lang) + "/" + found[2] + found[3], true
}
