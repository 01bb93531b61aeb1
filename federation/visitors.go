package federation

import "context"

// FollowAt is the address at which a visitor follows an actor of ours at his own
// server, as that tells it (FEP-3b86, or the subscribe template of old); false if
// it tells none in time.
func (s *Server) FollowAt(ctx context.Context, user, host, actor string) (string, bool) {
	intents, err := s.remote.FetchIntents(ctx, user, host)
	return intents.FollowAt(actor), err == nil && intents.Follow != ""
}

// ShareAt is the address at which a visitor shares a page at his own server, as
// that tells it; false if it tells none in time.
func (s *Server) ShareAt(ctx context.Context, user, host, title, page string) (string, bool) {
	intents, err := s.remote.FetchIntents(ctx, user, host)
	return intents.CreateAt(title, page), err == nil && intents.Create != ""
}
