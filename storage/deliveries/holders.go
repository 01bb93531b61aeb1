package deliveries

import (
	"database/sql"
	"errors"
	"fmt"

	"communique/storage/press"
)

// AddHolder notes that a server holds an article, as it has shown: somebody there
// announced, answered or quoted it. What takes the article back or corrects it
// goes there too from now on, whether or not anybody follows there; nothing else
// does. inbox is where the source's deliveries to that server go; if they were
// given up, they are taken up again: the server is there. An article that was
// never pushed, or that is delivered there anyway, changes nothing else.
func (tx *Tx) AddHolder(source, inbox string, article press.ArticleID) error {
	if err := tx.log.Lock(); err != nil {
		return err
	}
	var pushed press.Seq
	err := tx.db.Row(`SELECT COALESCE(MAX(pushed), 0) FROM entries WHERE article = $1`, article).Scan(&pushed)
	if err != nil {
		return fmt.Errorf("look how article %s was pushed: %w", article, err)
	}
	if pushed == 0 {
		return nil
	}
	var id int64
	err = tx.db.Row(`SELECT id FROM destinations WHERE source = $1 AND url = $2`, source, inbox).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		var head press.Seq
		if head, err = tx.log.SourceHead(source); err != nil {
			return err
		}
		id, err = tx.addDestination(source, Inbox, inbox, head)
	}
	if err == nil {
		// The entry itself and nothing beside it: a span that is closed already.
		err = tx.db.Exec(`INSERT INTO spans (destination, from_seq, to_seq)
			SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS BIGINT)
			WHERE NOT EXISTS (SELECT 1 FROM spans WHERE destination = $1 AND from_seq < $3 AND (to_seq IS NULL OR to_seq >= $3))
			ON CONFLICT (destination, from_seq) DO UPDATE SET to_seq = excluded.to_seq`, id, pushed-1, pushed)
	}
	if err != nil {
		return fmt.Errorf("note that %s has article %s: %w", inbox, article, err)
	}
	return tx.takeUp(id)
}

// takeUp serves a destination again that was gone.
func (tx *Tx) takeUp(destination int64) error {
	was, err := tx.db.Any(`UPDATE destinations SET state = $1, next_attempt = 0, due_by = $2 WHERE id = $3 AND state = $4 RETURNING 1`,
		StateActive, dueBehind, destination, StateGone)
	if err != nil {
		return fmt.Errorf("serve destination %d again: %w", destination, err)
	}
	if !was {
		return nil
	}
	return tx.log.Wake()
}
