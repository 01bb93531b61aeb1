package audit

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// KeepReason keeps why something is done to a subject, beside the audit, and returns its digest,
// which is what the audit is told; nothing of no text.
func (tx *Tx) KeepReason(subject, text string) (digest string, err error) {
	if text == "" {
		return "", nil
	}
	if err := press.CheckText("reason", text, press.MaxNote); err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(text))
	digest = hex.EncodeToString(sum[:])
	err = tx.db.Exec(`INSERT INTO reasons (digest, subject, text) VALUES ($1, $2, $3) ON CONFLICT (subject, digest) DO NOTHING`, digest, subject, text)
	if err != nil {
		return "", fmt.Errorf("keep why it was done: %w", err)
	}
	return digest, nil
}

// reasonFor is the text of a digest in a line about a subject; nothing if it was forgotten, or is
// no digest of a reason.
func (tx *Tx) reasonFor(subject, digest string) (text string, err error) {
	err = tx.db.Row(`SELECT text FROM reasons WHERE subject = $1 AND digest = $2`, subject, digest).Scan(&text)
	if err := kernel.NotFound(err, "%s", digest); err != nil && !errors.Is(err, press.ErrNotFound) {
		return "", fmt.Errorf("read why it was done: %w", err)
	}
	return text, nil
}

// reasonFacts are the facts of a line that are digests of reasons.
var reasonFacts = []string{"reason", "without_second_person"}

// Explain adds to lines the reasons whose digests they have, as far as these are kept.
func (tx *Tx) Explain(lines []Line) error {
	for i, l := range lines {
		for _, name := range reasonFacts {
			if len(l.Facts[name]) != 2*sha256.Size {
				continue
			}
			text, err := tx.reasonFor(l.Subject, l.Facts[name])
			if err != nil {
				return err
			}
			if text != "" {
				lines[i].Why = text
			}
		}
	}
	return nil
}

// ForgetReasons forgets why anything was done to a subject. The lines of the audit stay as they
// are.
func (tx *Tx) ForgetReasons(subject string) error {
	if err := tx.db.Exec(`DELETE FROM reasons WHERE subject = $1`, subject); err != nil {
		return fmt.Errorf("forget why it was done: %w", err)
	}
	return nil
}
