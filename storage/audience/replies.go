package audience

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// ReplyState is what was decided about a reply.
type ReplyState string

// The states of a reply.
const (
	ReplyPending  ReplyState = "pending"
	ReplyApproved ReplyState = "approved"
	ReplyRejected ReplyState = "rejected"
)

// Reply is somebody's post that answers an article or mentions us.
type Reply struct {
	ID string // of the post, for ever
	// Token names the post with this very text: after an edit it is another, so
	// that nobody approves what they have not read.
	Token     string
	Article   press.ArticleID // empty if the post only mentions us
	Parent    string          // the object that it answers
	Actor     string          // the author's id
	Name      string          // plain text, as all below but Content
	Handle    string          // "@ana@social.example"
	AuthorURL string
	URL       string // the post's page
	Content   press.HTML
	Language  press.Language // empty if it is not said
	Public    bool           // addressed to everybody; others are never shown
	Published time.Time
	// Version is the author's time of this text; an older one never takes the
	// place of a newer one.
	Version  time.Time
	Received time.Time
	State    ReplyState
	// Quotes tells that the post quotes the article and is no reply: it is shown
	// nowhere here.
	Quotes bool
	// Original is the request that brought it, as its author signed it. It is stored and not
	// read again with the rest, up to [MaxOriginal].
	Original Original
}

const (
	// maxPendingOfActor is how many posts of one author wait at most; the rest is
	// not kept.
	maxPendingOfActor = 50
	// maxShownOfActor is how many replies of one author to an article begin by
	// being shown; the rest waits, or they could fill the page on their own.
	maxShownOfActor = 50
)

// AddReply stores a post, or its newer text. state is the one it begins in; a
// reply that has been rejected stays so. An edit of one that was approved begins
// anew: the old text goes at once. One that was signed no later than its
// deletion, an older text, and what is too much of one author is not taken.
func (tx *Tx) AddReply(r Reply, signed time.Time, state ReplyState) (taken bool, err error) {
	if err := tx.log.Lock(); err != nil {
		return false, err
	}
	if retracted, err := tx.retractedSince(kindReply, r.Actor, r.ID, signed); err != nil || retracted {
		return false, err
	}
	if state, err = tx.beginsIn(r, state); err != nil {
		return false, err
	}
	before, err := tx.Reply(r.ID)
	switch {
	case errors.Is(err, press.ErrNotFound):
		return tx.insertReply(r, state)
	case err != nil:
		return false, err
	case before.Actor != r.Actor || r.Version.Before(before.Version):
		return false, nil
	case before.Content == r.Content && before.Public == r.Public:
		return true, tx.renameReply(before, r)
	case before.State == ReplyRejected:
		state = ReplyRejected
	}
	original, key := r.Original.values()
	err = tx.db.Exec(`UPDATE replies SET token = $1, name = $2, handle = $3, author_url = $4, url = $5, content = $6, language = $7,
			public = $8, version = $9, received = $10, state = $11, original = $12, original_key = $13 WHERE id = $14`,
		press.RandomToken(), r.Name, r.Handle, r.AuthorURL, r.URL, r.Content, r.Language,
		kernel.Number(r.Public), kernel.Micros(r.Version), kernel.Micros(tx.db.Now()), state, original, key, r.ID)
	if err != nil {
		return false, fmt.Errorf("store the edit of %s: %w", r.ID, err)
	}
	if before.State == ReplyApproved || state == ReplyApproved {
		return true, tx.turn(before.Article)
	}
	return true, nil
}

// beginsIn is the state that a reply begins in, of that which it should.
func (tx *Tx) beginsIn(r Reply, state ReplyState) (ReplyState, error) {
	if state != ReplyApproved {
		return state, nil
	}
	var shown int
	err := tx.db.Row(`SELECT COUNT(*) FROM replies WHERE actor = $1 AND state = $2 AND article = $3 AND id <> $4`,
		r.Actor, ReplyApproved, r.Article, r.ID).Scan(&shown)
	if err != nil {
		return state, fmt.Errorf("count what is shown of %s: %w", r.Actor, err)
	}
	if shown >= maxShownOfActor {
		return ReplyPending, nil
	}
	return state, nil
}

// renameReply notes what changed beside the text, and that a text is confirmed.
func (tx *Tx) renameReply(before, r Reply) error {
	original, key := r.Original.values()
	err := tx.db.Exec(`UPDATE replies SET name = $1, handle = $2, author_url = $3, url = $4, version = $5,
		original = COALESCE(original, $6), original_key = CASE WHEN original IS NULL THEN $7 ELSE original_key END WHERE id = $8`,
		r.Name, r.Handle, r.AuthorURL, r.URL, kernel.Micros(r.Version), original, key, r.ID)
	if err != nil {
		return fmt.Errorf("store the author of %s: %w", r.ID, err)
	}
	if before.State == ReplyApproved && (before.Name != r.Name || before.Handle != r.Handle || before.AuthorURL != r.AuthorURL || before.URL != r.URL) {
		return tx.turn(before.Article)
	}
	return nil
}

func (tx *Tx) insertReply(r Reply, state ReplyState) (taken bool, err error) {
	if r.Article != "" {
		article, err := tx.desk.PublicArticle(r.Article)
		if err != nil {
			return false, err
		}
		if r.Published.Before(article.Published) {
			r.Published = article.Published // whoever says otherwise would stand first on the page
		}
	}
	if state == ReplyPending {
		var waiting int
		err := tx.db.Row(`SELECT COUNT(*) FROM replies WHERE actor = $1 AND state = $2`, r.Actor, ReplyPending).Scan(&waiting)
		if err != nil {
			return false, fmt.Errorf("count the replies of %s: %w", r.Actor, err)
		}
		if waiting >= maxPendingOfActor {
			return false, nil
		}
	}
	original, key := r.Original.values()
	err = tx.db.Exec(`INSERT INTO replies (id, token, article, parent, actor, name, handle, author_url, url, content, language,
			public, published, version, received, state, original, original_key)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
		r.ID, press.RandomToken(), r.Article, r.Parent, r.Actor, r.Name, r.Handle, r.AuthorURL, r.URL, r.Content, r.Language,
		kernel.Number(r.Public), kernel.Micros(r.Published), kernel.Micros(r.Version), kernel.Micros(tx.db.Now()), state, original, key)
	if err != nil {
		return false, fmt.Errorf("store reply %s: %w", r.ID, err)
	}
	if state == ReplyApproved {
		return true, tx.turn(r.Article)
	}
	return true, nil
}

// RemoveReply forgets a post that its author deleted. A Create that was signed
// before does not bring it back.
func (tx *Tx) RemoveReply(actor, id string, signed time.Time) error {
	if err := tx.log.Lock(); err != nil {
		return err
	}
	if news, err := tx.rememberRetraction(kindReply, actor, id, signed); err != nil || !news {
		return err
	}
	return tx.dropReplies(`id = $1 AND actor = $2`, id, actor)
}

func (tx *Tx) dropReplies(condition string, args ...any) error {
	return tx.turnAll(`DELETE FROM replies WHERE `+condition+` RETURNING article`, args...)
}

// turnAll runs a statement about replies that returns their articles, whose
// pages change.
func (tx *Tx) turnAll(query string, args ...any) error {
	articles := map[press.ArticleID]bool{}
	err := tx.db.Each(func(scan func(...any) error) error {
		var article press.ArticleID
		err := scan(&article)
		articles[article] = true
		return err
	}, query, args...)
	if err != nil {
		return fmt.Errorf("change replies: %w", err)
	}
	for article := range articles {
		if err := tx.turn(article); err != nil {
			return err
		}
	}
	return nil
}

// DecideReply approves or rejects a reply, by its token. One that is not
// public, or answers no article, is not for a page: to approve it is
// press.ErrConflict. An unknown token is press.ErrNotFound.
func (tx *Tx) DecideReply(token string, state ReplyState) (Reply, error) {
	if err := tx.log.Lock(); err != nil {
		return Reply{}, err
	}
	r, err := tx.ReplyByToken(token)
	if err != nil {
		return r, err
	}
	if state == ReplyApproved && (!r.Public || r.Article == "") {
		return r, fmt.Errorf("%w: reply %s was not written for everybody to an article, so it is not shown", press.ErrConflict, token)
	}
	if r.State == state {
		return r, nil
	}
	if err := tx.db.Exec(`UPDATE replies SET state = $1 WHERE id = $2`, state, r.ID); err != nil {
		return r, fmt.Errorf("decide on reply %s: %w", token, err)
	}
	before := r.State
	r.State = state
	if before == ReplyApproved || state == ReplyApproved {
		return r, tx.turn(r.Article)
	}
	return r, nil
}

// RenameAuthor notes an author's new name with their posts. signed is when they
// said so: what was signed no later than the newest name that is known is a replay,
// or has been overtaken, and changes nothing.
func (tx *Tx) RenameAuthor(actor, name string, signed time.Time) error {
	if err := tx.log.Lock(); err != nil {
		return err
	}
	if news, err := tx.rememberRetraction(kindName, actor, "", signed); err != nil || !news {
		return err
	}
	return tx.turnAll(`UPDATE replies SET name = $1 WHERE actor = $2 AND name <> $1 RETURNING article`, name, actor)
}

const replyColumns = `id, token, article, parent, actor, name, handle, author_url, url, content, language, public, published, version, received, state`

func scanReply(scan func(...any) error) (Reply, error) {
	var r Reply
	var public, published, version, received int64
	err := scan(&r.ID, &r.Token, &r.Article, &r.Parent, &r.Actor, &r.Name, &r.Handle, &r.AuthorURL, &r.URL, &r.Content, &r.Language,
		&public, &published, &version, &received, &r.State)
	r.Public, r.Published, r.Version, r.Received = public != 0, kernel.Instant(published), kernel.Instant(version), kernel.Instant(received)
	return r, err
}

// Reply reads a post by its id. It returns press.ErrNotFound if it is not here.
func (tx *Tx) Reply(id string) (Reply, error) {
	r, err := scanReply(tx.db.Row(`SELECT `+replyColumns+` FROM replies WHERE id = $1`, id).Scan)
	if err != nil {
		return r, fmt.Errorf("read reply: %w", kernel.NotFound(err, "%s", id))
	}
	return r, nil
}

// ReplyByToken reads a post by what it is listed under.
func (tx *Tx) ReplyByToken(token string) (Reply, error) {
	r, err := scanReply(tx.db.Row(`SELECT `+replyColumns+` FROM replies WHERE token = $1`, token).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return r, fmt.Errorf("read reply: %w: there is no reply %s, or it was edited since", press.ErrNotFound, token)
	}
	return r, err
}

// ApprovedReplies reads up to limit approved replies to an article, the oldest
// first, after a time and an id; the zero values are the start.
func (tx *Tx) ApprovedReplies(article press.ArticleID, after Reply, limit int) ([]Reply, error) {
	return tx.replies(`SELECT `+replyColumns+` FROM replies WHERE article = $1 AND state = $2 AND (published, id) > ($3, $4)
		ORDER BY published, id LIMIT $5`, article, ReplyApproved, kernel.Micros(after.Published), after.ID, limit)
}

// Replies reads up to limit posts in a state, in the order of their arrival,
// after one; the zero reply is the start.
func (tx *Tx) Replies(state ReplyState, after Reply, limit int) ([]Reply, error) {
	return tx.replies(`SELECT `+replyColumns+` FROM replies WHERE state = $1 AND (received, id) > ($2, $3)
		ORDER BY received, id LIMIT $4`, state, kernel.Micros(after.Received), after.ID, limit)
}

func (tx *Tx) replies(query string, args ...any) ([]Reply, error) {
	var all []Reply
	err := tx.db.Each(func(scan func(...any) error) error {
		r, err := scanReply(scan)
		all = append(all, r)
		return err
	}, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read replies: %w", err)
	}
	return all, nil
}
