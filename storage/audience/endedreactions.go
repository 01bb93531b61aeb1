package audience

import (
	"database/sql"
	"fmt"
	"time"

	"communique/storage/internal/kernel"
)

// maxEndedReactions is how many activities of one actor and kind about an article
// are remembered by their ids. Of older ones only the time is.
const maxEndedReactions = 20

// RemoveInteraction takes an interaction back. If it names the activity, it ends that
// one and no other, known or not: one with another id stays, whichever of the two was
// signed later. If there is no id, the Undo was for whatever stood when
// it was signed: what was signed before it counts no more, also if it was not known
// yet; what was done again after it stays, in whichever order the two came.
func (tx *Tx) RemoveInteraction(i Interaction, signed time.Time) error {
	if err := tx.log.Lock(); err != nil {
		return err
	}
	if i.Kind == KindQuote || i.Activity == "" || signed.IsZero() {
		return tx.retract(i, signed)
	}
	if news, err := tx.rememberReaction(i, signed); err != nil || !news {
		return err
	}
	return tx.endStanding(i, i.Activity, signed)
}

// RemoveInteractionOfLooseID is [Tx.RemoveInteraction] for servers whose Undos have
// other ids in them than what they undo had: one that is unknown stands for none.
func (tx *Tx) RemoveInteractionOfLooseID(i Interaction, signed time.Time) error {
	if err := tx.log.Lock(); err != nil {
		return err
	}
	known, err := tx.db.Any(`SELECT 1 FROM ended_reactions WHERE kind = $1 AND actor = $2 AND article = $3 AND activity = $4
		UNION ALL SELECT 1 FROM interactions WHERE kind = $1 AND actor = $2 AND article = $3 AND activity = $4`,
		i.Kind, i.Actor, i.Article, i.Activity)
	if err != nil {
		return fmt.Errorf("look which activities of %s are known: %w", i.Actor, err)
	}
	if !known {
		i.Activity = ""
	}
	return tx.RemoveInteraction(i, signed)
}

// retract takes back what stood when an Undo was signed that names no activity.
func (tx *Tx) retract(i Interaction, signed time.Time) error {
	if news, err := tx.rememberRetraction(string(i.Kind), i.Actor, i.subject(), signed); err != nil || !news {
		return err
	}
	return tx.endStanding(i, "", signed)
}

// endStanding drops what stands of an interaction, unless it was signed after what
// ends it, and remembers its activity. With an activity, only that one is dropped, or
// what has none.
func (tx *Tx) endStanding(i Interaction, activity string, signed time.Time) error {
	const standing = `article = $1 AND kind = $2 AND actor = $3 AND object = $4 AND signed <= $5 AND ($6 = '' OR activity IN ('', $6))`
	args := []any{i.Article, i.Kind, i.Actor, i.Object, kernel.Micros(signed), activity}
	if i.Kind != KindQuote {
		var stood string
		err := tx.db.Row(`SELECT COALESCE(MAX(activity), '') FROM interactions WHERE `+standing, args...).Scan(&stood)
		if err != nil {
			return fmt.Errorf("look for the %s of %s: %w", i.Kind, i.Actor, err)
		}
		if i.Activity = stood; stood != "" && !signed.IsZero() {
			if _, err := tx.rememberReaction(i, signed); err != nil {
				return err
			}
		}
	}
	return tx.dropInteractions(standing, args...)
}

// rememberReaction notes that an activity is over. It is not news if something that
// was signed no earlier ended it.
func (tx *Tx) rememberReaction(i Interaction, signed time.Time) (news bool, err error) {
	news, err = tx.db.Any(`INSERT INTO ended_reactions (kind, actor, article, activity, signed) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (kind, actor, article, activity) DO UPDATE SET signed = excluded.signed WHERE ended_reactions.signed < excluded.signed RETURNING 1`,
		i.Kind, i.Actor, i.Article, i.Activity, kernel.Micros(signed))
	if err != nil {
		return false, fmt.Errorf("remember that %s is over: %w", i.Activity, err)
	}
	return news, tx.boundReactions(i)
}

// boundReactions keeps of the oldest ends no more than the time, as
// [Tx.boundEnds] does of those of Follows.
func (tx *Tx) boundReactions(i Interaction) error {
	newest, err := tx.forgetEnds(`DELETE FROM ended_reactions WHERE kind = $1 AND actor = $2 AND article = $3 AND activity IN (
		SELECT activity FROM ended_reactions WHERE kind = $1 AND actor = $2 AND article = $3 ORDER BY signed DESC, activity LIMIT 1000 OFFSET $4) RETURNING signed`,
		i.Kind, i.Actor, i.Article, maxEndedReactions)
	if err != nil {
		return fmt.Errorf("forget the oldest that %s took back: %w", i.Actor, err)
	}
	if !newest.IsZero() {
		_, err = tx.rememberRetraction(string(i.Kind), i.Actor, i.subject(), newest)
	}
	return err
}

// takenBack reports whether an interaction was taken back no earlier than it was
// signed, by itself or with the account of its actor: then it is a replay. What has an
// id that was not undone is new, also if it was signed in the second in which an Undo
// was that names none.
func (tx *Tx) takenBack(i Interaction, signed time.Time) (bool, error) {
	if i.Kind == KindQuote {
		return tx.retractedSince(string(i.Kind), i.Actor, i.subject(), signed)
	}
	var at sql.NullInt64
	err := tx.db.Row(`SELECT MAX(signed) FROM (
		SELECT CASE WHEN $4 = '' THEN signed ELSE signed - 1 END AS signed FROM undone WHERE kind = $1 AND actor = $2 AND subject = $3
		UNION ALL SELECT signed FROM undone WHERE kind = $5 AND actor = $2 AND subject = ''
		UNION ALL SELECT signed FROM undone WHERE kind = $6 AND actor = $2 AND subject = $4
		UNION ALL SELECT signed FROM ended_reactions WHERE kind = $1 AND actor = $2 AND article = $3 AND $4 IN ('', activity)) u`,
		i.Kind, i.Actor, i.Article, i.Activity, kindActor, kindActivity).Scan(&at)
	if err != nil {
		return false, fmt.Errorf("read what %s took back: %w", i.Actor, err)
	}
	return at.Valid && !signed.After(kernel.Instant(at.Int64)), nil
}
