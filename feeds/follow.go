package feeds

import "net/http"

// follow redirects readers to their own server, to follow the institution there.
func (s *Server) follow(w http.ResponseWriter, r *http.Request) error {
	v, err := s.visitor(w, r)
	if err != nil {
		return s.askAgain(w, r, err)
	}
	actor := s.id.Site.Actor(s.id.Actor)
	if s.visitors != nil && v.user != "" {
		if address, ok := s.visitors.FollowAt(r.Context(), v.user, v.host, actor); ok {
			return redirectAway(w, r, address)
		}
	}
	return redirectAway(w, r, s.addressAt(v, "/authorize_interaction", "uri", actor))
}
