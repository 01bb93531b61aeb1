package feeds

import (
	"io"
	"net/http"
	"strings"

	"communique/feeds/site"
	"communique/storage"
	"communique/storage/press"
)

// WriteProblem writes the page that people see for a problem; the caller sets the
// status and the headers. If p has no language, it is that of the address, or else
// the reader's. A 404 page links to the deepest section on the address's path.
func (s *Server) WriteProblem(w io.Writer, r *http.Request, p site.Problem) error {
	if p.Language == "" {
		p.Language = s.languageOf(r)
	}
	if p.Status == http.StatusNotFound {
		p.Near = s.near(r)
	}
	return s.site.Problem(w, p)
}

// near finds the deepest section that an address begins with. It is only a help:
// errors are ignored.
func (s *Server) near(r *http.Request) []press.Section {
	slugs := segments(r.URL.Path)[1:]
	var found []press.Section
	_ = s.store.View(r.Context(), func(tx *storage.Tx) error {
		tree, err := s.tree(tx)
		if err != nil {
			return err
		}
		for n := len(slugs); n > 0; n-- {
			if section, ok := tree.ByPath(press.Path(strings.Join(slugs[:n], "/"))); ok {
				found = tree.Trail(section.ID)
				return nil
			}
		}
		return nil
	})
	return found
}

// mostSegments bounds how much of an unknown address is examined.
const mostSegments = 32

// segments are the parts of a path, at least one.
func segments(path string) []string {
	return strings.SplitN(strings.Trim(path, "/"), "/", mostSegments)
}
