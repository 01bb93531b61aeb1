package feeds

import (
	"net/http"
	"slices"

	"golang.org/x/text/language"

	"communique/storage/press"
)

// front redirects from the root to the front page in the reader's preferred
// language.
func (s *Server) front(w http.ResponseWriter, r *http.Request) error {
	AddVary(w.Header(), "Accept-Language")
	w.Header().Set("Cache-Control", pagePolicy)
	http.Redirect(w, r, s.id.Site.Home(s.preferred(r)), http.StatusFound)
	return nil
}

// longestPreference bounds how much of an Accept-Language is parsed, in bytes.
const longestPreference = 1000

// preferred is the configured language that best matches Accept-Language (RFC
// 4647), or the default.
func (s *Server) preferred(r *http.Request) press.Language {
	header := r.Header.Get("Accept-Language")
	wanted, _, err := language.ParseAcceptLanguage(header[:min(len(header), longestPreference)])
	if err != nil || len(wanted) == 0 {
		return s.id.Languages[0]
	}
	var have []language.Tag
	for _, l := range s.id.Languages {
		have = append(have, language.Make(string(l)))
	}
	_, best, confidence := language.NewMatcher(have).Match(wanted...)
	if confidence == language.No {
		return s.id.Languages[0]
	}
	return s.id.Languages[best]
}

// languageOf is the language in which to answer a request: that of its address,
// or else the one that the reader prefers.
func (s *Server) languageOf(r *http.Request) press.Language {
	for _, l := range s.id.Languages {
		if slices.Contains(segments(r.URL.Path)[:1], string(l)) {
			return l
		}
	}
	return s.preferred(r)
}
