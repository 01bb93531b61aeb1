package publog

import (
	"fmt"

	"communique/storage/press"
)

// VerifyLog reports the first place where an entry is missing: their numbers follow each other,
// but where the log went on after a gap ([Log.JumpAhead]), beside which it cannot tell, and
// the last one is that of the head.
func (tx *Tx) VerifyLog() error {
	var after, next press.Seq
	err := tx.db.Row(`SELECT COALESCE(MIN(seq), 0), COALESCE(MIN(next), 0) FROM (
			SELECT seq, next FROM (
				SELECT seq, COALESCE(LEAD(seq) OVER (ORDER BY seq), (SELECT seq + 1 FROM log_head WHERE id = 1)) AS next
				FROM (SELECT 0 AS seq UNION ALL SELECT seq FROM entries) numbers) pairs
			WHERE next <> seq + 1 AND next <= seq + $1 ORDER BY seq LIMIT 1) fault`, press.Seq(jumpAhead)).Scan(&after, &next)
	if err != nil {
		return fmt.Errorf("look for gaps in the log: %w", err)
	}
	if next != 0 || after != 0 {
		return fmt.Errorf("the log has a gap: entry %d is followed by %d", after, next)
	}
	return nil
}
