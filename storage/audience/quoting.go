package audience

import (
	"database/sql"
	"errors"
	"fmt"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// maxQuotingOfActor is how many quoting posts of one author are listed, and maxQuoting
// of all; the oldest go first.
const (
	maxQuotingOfActor = 500
	maxQuoting        = 20_000
)

// AddQuoting notes the text of a post that quotes an article, or its newer text, so
// that operators see it. Of q, the author, the texts, the article, the post and the request that brought it count.
// Another author's post of that id changes nothing.
func (tx *Tx) AddQuoting(q Reply) error {
	original, key := q.Original.values()
	err := tx.db.Exec(`INSERT INTO quoting (article, post, token, actor, name, handle, url, content, public, received, state, original, original_key)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (article, post) DO UPDATE SET name = excluded.name, handle = excluded.handle, url = excluded.url,
			content = excluded.content, public = excluded.public,
			original = COALESCE(excluded.original, CASE WHEN quoting.content = excluded.content THEN quoting.original END),
			original_key = CASE WHEN excluded.original IS NOT NULL THEN excluded.original_key WHEN quoting.content = excluded.content THEN quoting.original_key ELSE '' END WHERE quoting.actor = excluded.actor`,
		q.Article, q.ID, press.RandomToken(), q.Actor, q.Name, q.Handle, q.URL, q.Content, kernel.Number(q.Public),
		kernel.Micros(tx.db.Now()), ReplyApproved, original, key)
	for _, b := range []struct {
		which string
		most  int
	}{{` AND actor = $2`, maxQuotingOfActor}, {` AND $2 <> ''`, maxQuoting}} {
		if err == nil {
			err = tx.db.Exec(`DELETE FROM quoting WHERE (article, post) IN (SELECT article, post FROM quoting WHERE state = $1`+b.which+`
				ORDER BY received DESC, post DESC LIMIT 1000 OFFSET $3)`, ReplyApproved, q.Actor, b.most)
		}
	}
	if err != nil {
		return fmt.Errorf("store the quote %s: %w", q.ID, err)
	}
	return nil
}

// RejectQuoting takes back what lets a post quote an article: it is counted no more
// and permitted no more, now or when it is asked for again. permission is what it had;
// false if it had none. An unknown token is press.ErrNotFound.
func (tx *Tx) RejectQuoting(token string) (permission Quote, had bool, err error) {
	if err := tx.log.Lock(); err != nil {
		return permission, false, err
	}
	q, err := tx.QuotingByToken(token)
	if err != nil {
		return permission, false, err
	}
	if err := tx.db.Exec(`UPDATE quoting SET state = $1 WHERE token = $2`, ReplyRejected, token); err != nil {
		return permission, false, fmt.Errorf("reject the quote %s: %w", q.ID, err)
	}
	permission = Quote{Article: q.Article, Post: q.ID, Actor: q.Actor}
	err = tx.db.Row(`DELETE FROM quotes WHERE article = $1 AND quote = $2 RETURNING token`, q.Article, q.ID).Scan(&permission.Token)
	had = err == nil
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return permission, false, fmt.Errorf("take back the permission of %s: %w", q.ID, err)
	}
	return permission, had, tx.dropInteractions(`object = $1 AND object <> '' AND kind = $2 AND article = $3`, q.ID, KindQuote, q.Article)
}

// rejectQuotingOf keeps the posts of an actor that quote from doing it again.
func (tx *Tx) rejectQuotingOf(actor string) error {
	err := tx.db.Exec(`UPDATE quoting SET state = $1 WHERE actor = $2 AND state <> $1`, ReplyRejected, actor)
	if err != nil {
		return fmt.Errorf("reject the quotes of %s: %w", actor, err)
	}
	return nil
}

// quotingRejected reports whether a post may not quote an article any more.
func (tx *Tx) quotingRejected(article press.ArticleID, post string) (bool, error) {
	rejected, err := tx.db.Any(`SELECT 1 FROM quoting WHERE article = $1 AND post = $2 AND state = $3`, article, post, ReplyRejected)
	if err != nil {
		return false, fmt.Errorf("look whether %s may quote: %w", post, err)
	}
	return rejected, nil
}

// forgetQuoting forgets what posts say that a condition names. Of those that were
// rejected that stays, or an edit to and fro would permit them anew.
func (tx *Tx) forgetQuoting(condition string, args ...any) error {
	err := tx.db.Exec(`DELETE FROM quoting WHERE state <> 'rejected' AND `+condition, args...)
	if err == nil {
		err = tx.db.Exec(`UPDATE quoting SET name = '', content = '', original = NULL WHERE state = 'rejected' AND `+condition, args...)
	}
	if err != nil {
		return fmt.Errorf("forget quotes: %w", err)
	}
	return nil
}

const quotingColumns = `article, post, token, actor, name, handle, url, content, public, received, state`

func scanQuoting(scan func(...any) error) (Reply, error) {
	q := Reply{Quotes: true}
	var public, received int64
	err := scan(&q.Article, &q.ID, &q.Token, &q.Actor, &q.Name, &q.Handle, &q.URL, &q.Content, &public, &received, &q.State)
	q.Public, q.Received = public != 0, kernel.Instant(received)
	q.Published, q.AuthorURL = q.Received, q.Actor
	return q, err
}

// QuotingByToken reads a quoting post by what it is listed under.
func (tx *Tx) QuotingByToken(token string) (Reply, error) {
	q, err := scanQuoting(tx.db.Row(`SELECT `+quotingColumns+` FROM quoting WHERE token = $1`, token).Scan)
	if err != nil {
		return q, fmt.Errorf("read quote: %w", kernel.NotFound(err, "there is no reply or quote %s, or it was edited since", token))
	}
	return q, nil
}

// Quoting reads up to limit quoting posts in a state, in the order of their arrival,
// after one; the zero reply is the start.
func (tx *Tx) Quoting(state ReplyState, after Reply, limit int) ([]Reply, error) {
	var all []Reply
	err := tx.db.Each(func(scan func(...any) error) error {
		q, err := scanQuoting(scan)
		all = append(all, q)
		return err
	}, `SELECT `+quotingColumns+` FROM quoting WHERE state = $1 AND (received, post) > ($2, $3)
		ORDER BY received, post LIMIT $4`, state, kernel.Micros(after.Received), after.ID, limit)
	if err != nil {
		return nil, fmt.Errorf("read quotes: %w", err)
	}
	return all, nil
}
