package audience

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// Evidence is a reply or a quote that somebody of ours has kept as it was. What its author
// does to it, and what becomes of it here, changes nothing of it.
type Evidence struct {
	Reply        // its Token is the one under which it was listed, its State that of then
	ID    string // names the piece
	Kept  time.Time
	By    string
	// Digest is the SHA-256 of the signed request that brought it, in hex; empty if that is
	// not here: [Tx.EvidenceOriginal] reads it.
	Digest string
}

// TextDigest is the SHA-256 of what the post says, in hex.
func (e Evidence) TextDigest() string { return sum([]byte(e.Content)) }

func sum(content []byte) string {
	s := sha256.Sum256(content)
	return hex.EncodeToString(s[:])
}

// KeepEvidence keeps a reply or a quote, by what it is listed under. One that is kept as it
// is now stays the one that it is: fresh is false then. An unknown token is press.ErrNotFound.
func (tx *Tx) KeepEvidence(token, by string) (e Evidence, fresh bool, err error) {
	if err := tx.log.Lock(); err != nil {
		return e, false, err
	}
	table := "replies"
	r, err := tx.ReplyByToken(token)
	if errors.Is(err, press.ErrNotFound) {
		table = "quoting"
		r, err = tx.QuotingByToken(token)
	}
	if err != nil {
		return e, false, err
	}
	var original []byte
	var key string
	if err := tx.db.Row(`SELECT original, original_key FROM `+table+` WHERE token = $1`, token).Scan(&original, &key); err != nil {
		return e, false, fmt.Errorf("read what brought %s: %w", token, err)
	}
	e = Evidence{Reply: r, ID: press.RandomToken(), Kept: kernel.Instant(kernel.Micros(tx.db.Now())), By: by}
	if len(original) > 0 {
		e.Digest = sum(original)
	}
	known, err := scanEvidence(tx.db.Row(`SELECT `+evidenceColumns+` FROM evidence WHERE token = $1 AND content = $2 AND digest = $3`, token, r.Content, e.Digest).Scan)
	if err == nil {
		return known, false, nil
	}
	if err := kernel.NotFound(err, "%s", token); !errors.Is(err, press.ErrNotFound) {
		return e, false, fmt.Errorf("look whether %s is kept: %w", token, err)
	}
	request, key := Original{original, key}.values()
	err = tx.db.Exec(`INSERT INTO evidence (`+evidenceColumns+`, original, original_key)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)`,
		e.ID, kernel.Micros(e.Kept), by, token, r.ID, r.Article, r.Parent, r.Actor, r.Name, r.Handle, r.AuthorURL, r.URL, r.Content, r.Language,
		kernel.Number(r.Quotes), kernel.Number(r.Public), kernel.Micros(r.Published), kernel.Micros(r.Version), kernel.Micros(r.Received), r.State, e.Digest, request, key)
	if err != nil {
		return e, false, fmt.Errorf("keep %s as evidence: %w", token, err)
	}
	return e, true, nil
}

// RemoveEvidence forgets what was kept; press.ErrNotFound if it was not.
func (tx *Tx) RemoveEvidence(id string) error {
	var one int
	if err := tx.db.Row(`DELETE FROM evidence WHERE id = $1 RETURNING 1`, id).Scan(&one); err != nil {
		return fmt.Errorf("remove evidence: %w", kernel.NotFound(err, "no evidence %s is kept", id))
	}
	return nil
}

const evidenceColumns = `id, kept, kept_by, token, post, article, parent, actor, name, handle, author_url, url, content, language,
	quotes, public, published, version, received, state, digest`

func scanEvidence(scan func(...any) error) (e Evidence, err error) {
	var kept, quotes, public, published, version, received int64
	r := &e.Reply
	err = scan(&e.ID, &kept, &e.By, &r.Token, &r.ID, &r.Article, &r.Parent, &r.Actor, &r.Name, &r.Handle, &r.AuthorURL, &r.URL, &r.Content, &r.Language,
		&quotes, &public, &published, &version, &received, &r.State, &e.Digest)
	e.Kept, r.Quotes, r.Public = kernel.Instant(kept), quotes != 0, public != 0
	r.Published, r.Version, r.Received = kernel.Instant(published), kernel.Instant(version), kernel.Instant(received)
	return e, err
}

// EvidenceByID reads what was kept; press.ErrNotFound if it was not.
func (tx *Tx) EvidenceByID(id string) (Evidence, error) {
	e, err := scanEvidence(tx.db.Row(`SELECT `+evidenceColumns+` FROM evidence WHERE id = $1`, id).Scan)
	if err != nil {
		return e, fmt.Errorf("read evidence: %w", kernel.NotFound(err, "no evidence %s is kept", id))
	}
	return e, nil
}

// EvidenceOriginal reads the request that brought what was kept, as its author signed it, and
// the key that verified it; nothing if these are not here.
func (tx *Tx) EvidenceOriginal(id string) (original Original, err error) {
	if err := tx.db.Row(`SELECT original, original_key FROM evidence WHERE id = $1`, id).Scan(&original.Request, &original.Key); err != nil {
		return original, fmt.Errorf("read the original of evidence: %w", kernel.NotFound(err, "no evidence %s is kept", id))
	}
	return original, nil
}

// Evidence reads up to limit pieces that were kept, in the order of keeping, after one; the
// zero one is the start.
func (tx *Tx) Evidence(after Evidence, limit int) (all []Evidence, err error) {
	err = tx.db.Each(func(scan func(...any) error) error {
		e, err := scanEvidence(scan)
		all = append(all, e)
		return err
	}, `SELECT `+evidenceColumns+` FROM evidence WHERE (kept, id) > ($1, $2) ORDER BY kept, id LIMIT $3`, kernel.Micros(after.Kept), after.ID, limit)
	if err != nil {
		return nil, fmt.Errorf("read evidence: %w", err)
	}
	return all, nil
}
