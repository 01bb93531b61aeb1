package federation

import "context"

// FollowAt is the address on a visitor's own server at which they follow one of our
// actors, as that server tells it (FEP-3b86, or the older subscribe template);
// false if it tells none within three seconds.
func (s *Server) FollowAt(ctx context.Context, user, host, actor string) (string, bool) {
	intents, err := s.remote.FetchIntents(ctx, user, host)
	return intents.FollowAt(actor), err == nil && intents.Follow != ""
}

// ShareAt is the address on a visitor's own server at which they share a page, as
// that server tells it; false if it tells none within three seconds.
func (s *Server) ShareAt(ctx context.Context, user, host, title, page string) (string, bool) {
	intents, err := s.remote.FetchIntents(ctx, user, host)
	return intents.CreateAt(title, page), err == nil && intents.Create != ""
}
