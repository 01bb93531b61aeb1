package audience

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// InteractionKind is what somebody did with an article.
type InteractionKind string

// The kinds of interactions. A like and a reaction count together.
const (
	KindLike     InteractionKind = "like"
	KindReaction InteractionKind = "reaction" // with an emoji
	KindAnnounce InteractionKind = "announce"
	KindQuote    InteractionKind = "quote"
)

// Interaction is a like, a reaction, an announce or a quote of an article.
type Interaction struct {
	Article  press.ArticleID
	Kind     InteractionKind
	Actor    string
	Object   string // the quoting post; empty for the other kinds
	Activity string // the id of the activity, may be empty
	Content  string // the emoji of a reaction
	At       time.Time
}

// subject is what is remembered of an interaction that is taken back: the quoting
// post, else the article.
func (i Interaction) subject() string {
	if i.Object != "" {
		return i.Object
	}
	return string(i.Article)
}

// maxInteractions is how many interactions of a kind are kept of an article:
// counts are exact up to it, and stay there.
const maxInteractions = 50_000

// AddInteraction counts an interaction with a published article; another
// article is press.ErrNotFound. A repeated one changes nothing but its activity
// and its emoji. One that was signed no later than what took it back is a
// replay: it is ignored, and taken is false. One with another id than what was taken
// back is new, also in the same second. Beyond the number that is kept it is
// taken and left uncounted: its server has the article like those before.
func (tx *Tx) AddInteraction(i Interaction, signed time.Time) (taken bool, err error) {
	if err := tx.log.Lock(); err != nil {
		return false, err
	}
	if _, err := tx.desk.PublicArticle(i.Article); err != nil {
		return false, err
	}
	if back, err := tx.takenBack(i, signed); err != nil || back {
		return false, err
	}
	if i.Kind == KindQuote {
		if rejected, err := tx.quotingRejected(i.Article, i.Object); err != nil || rejected {
			return false, err
		}
		if overtaken, err := tx.quoteInstead(i, signed); err != nil || overtaken {
			return false, err
		}
	}
	known, err := tx.refresh(i, signed)
	if err != nil || known {
		return known, err
	}
	counts, err := tx.counts(i.Article)
	if err != nil || *counts.of(i.Kind) >= maxInteractions {
		return err == nil, err
	}
	err = tx.db.Exec(`INSERT INTO interactions (article, kind, actor, object, activity, content, at, signed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		i.Article, i.Kind, i.Actor, i.Object, i.Activity, i.Content, kernel.Micros(tx.db.Now()), kernel.Micros(signed))
	if err != nil {
		return false, fmt.Errorf("store the %s of %s: %w", i.Kind, i.Actor, err)
	}
	*counts.of(i.Kind)++
	return true, tx.setCounts(i.Article, counts)
}

// quoteInstead forgets that the post of a quote quoted another article: it was
// edited, and quotes one at a time. If it is known to quote another by what was
// signed later, this state of it has been overtaken.
func (tx *Tx) quoteInstead(i Interaction, signed time.Time) (overtaken bool, err error) {
	const another = `object = $1 AND object <> '' AND actor = $2 AND kind = $3 AND article <> $4`
	var newest sql.NullInt64
	err = tx.db.Row(`SELECT MAX(signed) FROM interactions WHERE `+another, i.Object, i.Actor, KindQuote, i.Article).Scan(&newest)
	switch {
	case err != nil:
		return false, fmt.Errorf("look for what %s quotes: %w", i.Object, err)
	case !newest.Valid:
		return false, nil
	case newest.Int64 > kernel.Micros(signed):
		return true, nil
	}
	if err := tx.db.Exec(`DELETE FROM quotes WHERE actor = $1 AND quote = $2 AND article <> $3`, i.Actor, i.Object, i.Article); err != nil {
		return false, fmt.Errorf("take back what %s might quote before: %w", i.Object, err)
	}
	if err := tx.forgetQuoting(`actor = $1 AND post = $2 AND article <> $3`, i.Actor, i.Object, i.Article); err != nil {
		return false, err
	}
	return false, tx.dropInteractions(another, i.Object, i.Actor, KindQuote, i.Article)
}

// refresh notes the newest activity of an interaction that is known. Of two, the
// other one is over.
func (tx *Tx) refresh(i Interaction, signed time.Time) (known bool, err error) {
	var standing Interaction
	var stood int64
	err = tx.db.Row(`SELECT activity, content, signed FROM interactions WHERE article = $1 AND kind = $2 AND actor = $3 AND object = $4`,
		i.Article, i.Kind, i.Actor, i.Object).Scan(&standing.Activity, &standing.Content, &stood)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for the %s of %s: %w", i.Kind, i.Actor, err)
	}
	newest, loser, lost := i, standing.Activity, kernel.Instant(stood)
	if lost.After(signed) {
		newest, loser, lost, signed = standing, i.Activity, signed, lost
	}
	if newest.Activity != "" && loser != "" && loser != newest.Activity && i.Kind != KindQuote {
		over := i
		over.Activity = loser
		if _, err := tx.rememberReaction(over, lost); err != nil {
			return false, err
		}
	}
	err = tx.db.Exec(`UPDATE interactions SET activity = $1, content = $2, signed = $3 WHERE article = $4 AND kind = $5 AND actor = $6 AND object = $7`,
		newest.Activity, newest.Content, kernel.Micros(signed), i.Article, i.Kind, i.Actor, i.Object)
	if err != nil {
		return false, fmt.Errorf("note the newest %s of %s: %w", i.Kind, i.Actor, err)
	}
	return true, nil
}

// dropInteractions removes those that a condition names, and counts them off.
func (tx *Tx) dropInteractions(condition string, args ...any) error {
	gone := map[press.ArticleID]counts{}
	err := tx.db.Each(func(scan func(...any) error) error {
		var article press.ArticleID
		var kind InteractionKind
		err := scan(&article, &kind)
		c := gone[article]
		*c.of(kind)++
		gone[article] = c
		return err
	}, `DELETE FROM interactions WHERE `+condition+` RETURNING article, kind`, args...)
	if err != nil {
		return fmt.Errorf("remove interactions: %w", err)
	}
	for article, less := range gone {
		now, err := tx.counts(article)
		if err != nil {
			return err
		}
		if err := tx.setCounts(article, counts{now.likes - less.likes, now.shares - less.shares, now.quotes - less.quotes}); err != nil {
			return err
		}
	}
	return nil
}

const interactionColumns = `article, kind, actor, object, activity, content, at`

func scanInteraction(scan func(...any) error) (Interaction, error) {
	var i Interaction
	var at int64
	err := scan(&i.Article, &i.Kind, &i.Actor, &i.Object, &i.Activity, &i.Content, &at)
	i.At = kernel.Instant(at)
	return i, err
}

// InteractionOf reads the interaction that an actor's activity made. It returns
// press.ErrNotFound if there is none.
func (tx *Tx) InteractionOf(actor, activity string) (Interaction, error) {
	i, err := scanInteraction(tx.db.Row(`SELECT `+interactionColumns+` FROM interactions
		WHERE actor = $1 AND activity = $2 LIMIT 1`, actor, activity).Scan)
	if err != nil {
		return i, fmt.Errorf("read interaction: %w", kernel.NotFound(err, "%s by %s", activity, actor))
	}
	return i, nil
}

// RemoveQuote forgets that a post of an actor quotes articles: the post was
// deleted, or quotes them no more.
func (tx *Tx) RemoveQuote(actor, post string, signed time.Time) error {
	if err := tx.log.Lock(); err != nil {
		return err
	}
	if news, err := tx.rememberRetraction(string(KindQuote), actor, post, signed); err != nil || !news {
		return err
	}
	if err := tx.revokeQuote(post, actor); err != nil {
		return err
	}
	if err := tx.forgetQuoting(`actor = $1 AND post = $2`, actor, post); err != nil {
		return err
	}
	return tx.dropInteractions(`object = $1 AND object <> '' AND actor = $2 AND kind = $3 AND signed <= $4`, post, actor, KindQuote, kernel.Micros(signed))
}

// Quotes reports whether a post of an actor is counted as a quote, or has the
// permission to be one.
func (tx *Tx) Quotes(actor, post string) (bool, error) {
	var n int
	err := tx.db.Row(`SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM interactions WHERE object = $1 AND object <> '' AND actor = $2 AND kind = $3 LIMIT 1) i)
		+ (SELECT COUNT(*) FROM (SELECT 1 FROM quotes WHERE quote = $1 AND actor = $2 LIMIT 1) q)`,
		post, actor, KindQuote).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("look for quotes by %s: %w", post, err)
	}
	return n > 0, nil
}

// followingsOf is every following of the actor $1. The followers are kept by
// source, and the sources that are followed are few: from them to the actor,
// because the other way an engine reads all followers that there are.
const followingsOf = `FROM heads h JOIN followers f ON f.source = h.source AND f.actor = $1 WHERE h.kind IN ('author', 'announcer')`

// Knows reports whether anything of an actor is here: a following, a reply, an
// interaction, the permission to quote.
func (tx *Tx) Knows(actor string) (bool, error) {
	var n int
	err := tx.db.Row(`SELECT (SELECT COUNT(*) FROM (SELECT 1 `+followingsOf+` LIMIT 1) f)
		+ (SELECT COUNT(*) FROM (SELECT 1 FROM interactions WHERE actor = $1 LIMIT 1) i)
		+ (SELECT COUNT(*) FROM (SELECT 1 FROM replies WHERE actor = $1 LIMIT 1) r)
		+ (SELECT COUNT(*) FROM (SELECT 1 FROM quotes WHERE actor = $1 LIMIT 1) q)`, actor).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("look for %s: %w", actor, err)
	}
	return n > 0, nil
}

// RemoveActor forgets everything that an actor who is gone has done here. What
// they signed before does not bring any of it back, and this very message, sent
// again, takes nothing of what they have done since they came back.
func (tx *Tx) RemoveActor(actor string, signed time.Time) error {
	if err := tx.log.Lock(); err != nil {
		return err
	}
	if news, err := tx.rememberRetraction(kindActor, actor, "", signed); err != nil || !news {
		return err
	}
	var sources []string
	err := tx.db.Each(func(scan func(...any) error) error {
		var source string
		err := scan(&source)
		sources = append(sources, source)
		return err
	}, `SELECT source FROM heads WHERE kind IN ('author', 'announcer')`)
	if err != nil {
		return fmt.Errorf("look for whom %s follows: %w", actor, err)
	}
	for _, source := range sources {
		if err := tx.RemoveFollower(source, actor, signed); err != nil {
			return err
		}
	}
	if err := tx.dropInteractions(`actor = $1`, actor); err != nil {
		return err
	}
	if err := tx.db.Exec(`DELETE FROM quotes WHERE actor = $1`, actor); err != nil {
		return fmt.Errorf("take back what %s may quote: %w", actor, err)
	}
	if err := tx.forgetQuoting(`actor = $1`, actor); err != nil {
		return err
	}
	return tx.dropReplies(`actor = $1`, actor)
}
