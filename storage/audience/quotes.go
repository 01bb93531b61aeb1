package audience

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// Quote is the permission for one post to quote an article.
type Quote struct {
	Token   string // unguessable, names the permission in its URL
	Article press.ArticleID
	Post    string // id of the post that quotes
	Actor   string // its author
}

// maxQuotesOfActor is how many posts of one author can have a permission. Each post
// that they delete is looked for among them.
const maxQuotesOfActor = 5_000

// GrantQuote lets a post quote an article. Asked again it returns the
// permission that there is; what another asked for is press.ErrNotFound, since a
// post has one author. signed is when it was asked for: what was signed no later
// than the post's deletion is a replay, and press.ErrNotFound. Beyond the number
// that one author can have, and once it was taken back, it returns
// press.ErrConflict.
func (tx *Tx) GrantQuote(id press.ArticleID, post, actor string, signed time.Time) (Quote, error) {
	q := Quote{Article: id, Post: post, Actor: actor}
	if err := tx.log.Lock(); err != nil {
		return q, err
	}
	if rejected, err := tx.quotingRejected(id, post); err != nil || rejected {
		if err == nil {
			err = fmt.Errorf("%w: the permission of %s was taken back", press.ErrConflict, post)
		}
		return q, err
	}
	retracted, err := tx.retractedSince(string(KindQuote), actor, post, signed)
	if err == nil && retracted {
		err = fmt.Errorf("%w: the post %s was deleted since", press.ErrNotFound, post)
	}
	if err != nil {
		return q, err
	}
	err = tx.db.Row(`SELECT token, actor FROM quotes WHERE article = $1 AND quote = $2`, id, post).Scan(&q.Token, &q.Actor)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return tx.insertQuote(q)
	case err != nil:
		return q, fmt.Errorf("look for the permission to quote article %s: %w", id, err)
	case q.Actor != actor:
		return q, fmt.Errorf("%w: the post %s has the permission of %s, not of %s", press.ErrNotFound, post, q.Actor, actor)
	}
	return q, nil
}

func (tx *Tx) insertQuote(q Quote) (Quote, error) {
	var granted int
	if err := tx.db.Row(`SELECT COUNT(*) FROM quotes WHERE actor = $1`, q.Actor).Scan(&granted); err != nil {
		return q, fmt.Errorf("count what %s may quote: %w", q.Actor, err)
	}
	if granted >= maxQuotesOfActor {
		return q, fmt.Errorf("%w: %s has %d permissions to quote", press.ErrConflict, q.Actor, granted)
	}
	q.Token = press.RandomToken()
	err := tx.db.Exec(`INSERT INTO quotes (token, article, quote, actor, granted) VALUES ($1, $2, $3, $4, $5)`,
		q.Token, q.Article, q.Post, q.Actor, kernel.Micros(tx.db.Now()))
	if err != nil {
		return q, fmt.Errorf("store the permission to quote article %s: %w", q.Article, err)
	}
	return q, nil
}

// Quote reads a permission. It returns press.ErrNotFound if there is none, or none
// any more.
func (tx *Tx) Quote(token string) (Quote, error) {
	q := Quote{Token: token}
	err := tx.db.Row(`SELECT article, quote, actor FROM quotes WHERE token = $1`, token).Scan(&q.Article, &q.Post, &q.Actor)
	if err != nil {
		return q, fmt.Errorf("read the permission to quote: %w", kernel.NotFound(err, "%s", token))
	}
	return q, nil
}

// revokeQuotesOf takes back every permission that an actor has.
func (tx *Tx) revokeQuotesOf(actor string) ([]Quote, error) {
	var all []Quote
	err := tx.db.Each(func(scan func(...any) error) error {
		q := Quote{Actor: actor}
		err := scan(&q.Token, &q.Article, &q.Post)
		all = append(all, q)
		return err
	}, `DELETE FROM quotes WHERE actor = $1 RETURNING token, article, quote`, actor)
	if err != nil {
		return nil, fmt.Errorf("take back what %s may quote: %w", actor, err)
	}
	return all, nil
}

// revokeQuote takes back every permission that a post of an actor has.
func (tx *Tx) revokeQuote(post, actor string) error {
	if err := tx.db.Exec(`DELETE FROM quotes WHERE actor = $1 AND quote = $2`, actor, post); err != nil {
		return fmt.Errorf("take back the permission to quote for %s: %w", post, err)
	}
	return nil
}
