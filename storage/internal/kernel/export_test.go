package kernel

// Waiting is the number of Updates that wait for their turn.
func (db *DB) Waiting() int {
	db.writer.turns.Lock()
	defer db.writer.turns.Unlock()
	return len(db.writer.waiting)
}
