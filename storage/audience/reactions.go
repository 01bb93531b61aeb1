package audience

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// Reactions are what the fediverse did with an article, in numbers.
type Reactions struct {
	Likes   int // and emoji reactions
	Shares  int
	Quotes  int
	Replies int // approved
	// Version rises whenever one of the numbers or the text of an approved
	// reply does not stay what it was; At is since when. Both are zero before
	// anything came.
	Version int64
	At      time.Time
}

// Reactions reads what an article's page shows.
//
// A page is known to caches by its version, so a post that is liked a hundred
// times a second must not be another page a hundred times a second. The numbers
// shown are those at the end of the last minute that is over: they change once a
// minute at most, and a version has the same numbers whenever and by whichever
// process it is rendered. Replies are shown and hidden at once. The log has no
// entry of any of this: nobody is sent it.
func (tx *Tx) Reactions(article press.ArticleID) (Reactions, error) {
	var r Reactions
	var shown counts
	var now counts
	var minute, before, turns, turned int64
	err := tx.db.Row(`SELECT likes, shares, quotes, minute, shown_likes, shown_shares, shown_quotes, shown_minute, replies, turns, turned_at
		FROM reactions WHERE article = $1`, article).Scan(&now.likes, &now.shares, &now.quotes, &minute,
		&shown.likes, &shown.shares, &shown.quotes, &before, &r.Replies, &turns, &turned)
	if errors.Is(err, sql.ErrNoRows) {
		return r, nil
	}
	if err != nil {
		return r, fmt.Errorf("read the reactions to %s: %w", article, err)
	}
	if minute < minuteOf(tx.db.Now()) {
		shown, before = now, minute
	}
	r.Likes, r.Shares, r.Quotes = shown.likes, shown.shares, shown.quotes
	r.Version = before + turns
	if before > 0 {
		r.At = time.Unix((before+1)*60, 0).UTC()
	}
	if at := kernel.Instant(turned); at.After(r.At) {
		r.At = at
	}
	return r, nil
}

func minuteOf(t time.Time) int64 { return t.Unix() / 60 }

// counts are the numbers of an article that rise by the interaction.
type counts struct{ likes, shares, quotes int }

func (c *counts) of(kind InteractionKind) *int {
	switch kind {
	case KindAnnounce:
		return &c.shares
	case KindQuote:
		return &c.quotes
	}
	return &c.likes
}

func (tx *Tx) counts(article press.ArticleID) (counts, error) {
	var c counts
	err := tx.db.Row(`SELECT likes, shares, quotes FROM reactions WHERE article = $1`, article).Scan(&c.likes, &c.shares, &c.quotes)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return c, fmt.Errorf("read the reactions to %s: %w", article, err)
	}
	return c, nil
}

// setCounts stores new numbers. The first change in a minute keeps those of
// before, which are shown until the minute is over.
func (tx *Tx) setCounts(article press.ArticleID, c counts) error {
	err := tx.db.Exec(`INSERT INTO reactions (article, likes, shares, quotes, minute) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (article) DO UPDATE SET
			shown_likes = CASE WHEN reactions.minute < excluded.minute THEN reactions.likes ELSE reactions.shown_likes END,
			shown_shares = CASE WHEN reactions.minute < excluded.minute THEN reactions.shares ELSE reactions.shown_shares END,
			shown_quotes = CASE WHEN reactions.minute < excluded.minute THEN reactions.quotes ELSE reactions.shown_quotes END,
			shown_minute = CASE WHEN reactions.minute < excluded.minute THEN reactions.minute ELSE reactions.shown_minute END,
			minute = CASE WHEN reactions.minute < excluded.minute THEN excluded.minute ELSE reactions.minute END,
			likes = excluded.likes, shares = excluded.shares, quotes = excluded.quotes`,
		article, c.likes, c.shares, c.quotes, minuteOf(tx.db.Now()))
	if err != nil {
		return fmt.Errorf("count the reactions to %s: %w", article, err)
	}
	return nil
}

// turn counts the approved replies of an article anew and makes its page
// another version.
func (tx *Tx) turn(article press.ArticleID) error {
	if article == "" {
		return nil
	}
	err := tx.db.Exec(`INSERT INTO reactions (article, replies, turns, turned_at)
		SELECT CAST($1 AS TEXT), COUNT(*), CAST(1 AS BIGINT), CAST($2 AS BIGINT) FROM replies WHERE article = $1 AND state = $3
		ON CONFLICT (article) DO UPDATE SET replies = excluded.replies, turns = reactions.turns + 1, turned_at = excluded.turned_at`,
		article, kernel.Micros(tx.db.Now()), ReplyApproved)
	if err != nil {
		return fmt.Errorf("turn the replies to %s: %w", article, err)
	}
	return nil
}
