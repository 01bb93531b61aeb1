package storage

// MaxInteractions is where counting ends.
const MaxInteractions = maxInteractions

// Statements that are run for each message or publication.
const (
	FollowingsOf = `SELECT 1 ` + followingsOf
	MarkSitemap  = markSitemap
	Pinned       = pinnedQuery
	NextDue      = nextDue
	DropMedia    = dropMedia
)

// Waiting is the number of Updates that wait for their turn.
func (s *Store) Waiting() int {
	s.writer.turns.Lock()
	defer s.writer.turns.Unlock()
	return len(s.writer.waiting)
}
