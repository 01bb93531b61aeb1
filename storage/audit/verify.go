package audit

import (
	"errors"
	"fmt"

	"communique/storage/press"
)

// BrokenError is that the audit is not what was written.
type BrokenError struct {
	Line   int64  // that does not fit, or is missing
	Reason string // in words
}

func (e *BrokenError) Error() string { return fmt.Sprintf("line %d of the audit %s", e.Line, e.Reason) }

// Verified is what was found to be whole.
type Verified struct {
	Lines int64
	Hash  string // of the last line; to be kept elsewhere, and compared
}

// atOnce is how many lines are read at a time.
const atOnce = 1000

// VerifyAudit reads all lines and holds each against the one before it and the entries of the
// log against the lines. What does not fit is a [*BrokenError].
func (tx *Tx) VerifyAudit() (v Verified, err error) {
	for {
		lines, err := tx.Audit(v.Lines, atOnce)
		if err != nil {
			return v, err
		}
		for _, l := range lines {
			if err := l.follows(v); err != nil {
				return v, err
			}
			v = Verified{Lines: l.Seq, Hash: l.Hash}
		}
		if len(lines) < atOnce {
			break
		}
	}
	seq, err := tx.Unvouched()
	switch {
	case err == nil:
		return v, &BrokenError{v.Lines + 1, fmt.Sprintf("or an earlier one is missing: nothing says who appended entry %d of the log", seq)}
	case errors.Is(err, press.ErrNotFound):
		return v, nil
	}
	return v, err
}

// follows tells whether a line stands where it was written.
func (l Line) follows(before Verified) error {
	if l.Seq != before.Lines+1 {
		return &BrokenError{before.Lines + 1, fmt.Sprintf("is missing: line %d comes behind line %d", l.Seq, before.Lines)}
	}
	sum, err := l.Sum(before.Hash)
	if err != nil {
		return err
	}
	if sum != l.Hash {
		return &BrokenError{l.Seq, "was changed since it was written, or one before it was"}
	}
	return nil
}
