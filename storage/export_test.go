package storage

// FollowingsOf is the query for every following of an actor.
const FollowingsOf = `SELECT 1 ` + followingsOf

// Waiting is the number of Updates that wait for their turn.
func (s *Store) Waiting() int {
	s.writer.turns.Lock()
	defer s.writer.turns.Unlock()
	return len(s.writer.waiting)
}
