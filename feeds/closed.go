package feeds

import (
	"io"
	"net/http"

	"communique/feeds/site"
)

// Closed shows in the place of a [Server] that the site cannot be read now. It needs no
// database.
type Closed struct{ server Server }

// NewClosed returns what shows that an institution's site is closed.
func NewClosed(id site.Identity) (*Closed, error) {
	pages, err := site.New(id)
	if err != nil {
		return nil, err
	}
	return &Closed{Server{id: id, site: pages}}, nil
}

// WriteProblem is [Server.WriteProblem] for a problem of the whole site.
func (c *Closed) WriteProblem(w io.Writer, r *http.Request, p site.Problem) error {
	p.Language = c.server.languageOf(r)
	return c.server.site.Problem(w, p)
}

// Style is the style sheet of the pages and its path.
func (c *Closed) Style() (path string, css []byte) { return c.server.site.Style() }
