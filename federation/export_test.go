package federation

import "communique/federation/moderation"

// Limits are those that the inbox counts by: to fill them with messages would
// take seconds.
func (s *Server) Limits() *moderation.Limits { return s.limits }
