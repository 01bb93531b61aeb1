package feeds

import "net/http"

// follow sends a reader to the own server, to follow the institution there.
func (s *Server) follow(w http.ResponseWriter, r *http.Request) error {
	v, err := s.visitor(w, r)
	if err != nil {
		return err
	}
	actor := s.id.Site.Actor(s.id.Actor)
	if s.visitors != nil && v.user != "" {
		if address, ok := s.visitors.FollowAt(r.Context(), v.user, v.host, actor); ok {
			return leave(w, r, address)
		}
	}
	return leave(w, r, s.at(v, "/authorize_interaction", "uri", actor))
}
