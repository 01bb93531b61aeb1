package feeds

import (
	"communique/feeds/site"
)

// closing is what a page says about a closed section; nil if it is open.
func (s *Server) closing(p place) *site.Closing {
	closed, ok := p.tree.ClosedBy(p.section.ID)
	if !ok {
		return nil
	}
	return &site.Closing{At: closed.Closed, Instead: p.tree.Instead(p.section.ID)}
}

// ending is the last item of a closed section's feed. It tells subscribers where
// to read on.
func (s *Server) ending(p place, c site.Closing) Item {
	e := s.site.Ending(c, p.lang)
	return Item{
		ID:   s.id.Site.FeedTag(p.lang, p.section.ID) + "/ended",
		Link: e.Link, Title: e.Title, Summary: e.Summary, Content: e.Content,
		Published: c.At, Updated: c.At,
	}
}
