package answers

import (
	"context"
	"errors"
	"fmt"

	"communique/cmd/internal/newsroom"
	"communique/federation"
	"communique/storage"
	"communique/storage/audience"
	"communique/storage/audit"
	"communique/storage/press"
)

// Kept is a reply or a quote that was kept as evidence, with what it was about.
type Kept struct {
	audience.Evidence
	Article press.Article // its title is empty if it only mentioned us
	// Verified tells whether the key that is kept beside the signed request verifies it now;
	// Unverified why it does not.
	Verified   bool
	Unverified string
	History    []audit.Line // what our people did to it, the newest first
}

// maxHistory is how many lines of the audit are told of what was kept.
const maxHistory = 50

// Keep keeps replies and quotes as evidence, all or none: as they are, with their authors and
// the requests that brought them, if these are here. What is kept already stays the one that it
// is. One that was edited or taken away since, or is not theirs to decide on, is
// press.ErrNotFound.
func Keep(ctx context.Context, d newsroom.Desk, tokens ...string) (all []audience.Evidence, err error) {
	err = d.Together(ctx, func(d newsroom.Desk) error {
		all = nil
		for _, token := range tokens {
			e, err := keep(ctx, d, token)
			if err != nil {
				return err
			}
			all = append(all, e)
		}
		return nil
	})
	return all, err
}

func keep(ctx context.Context, d newsroom.Desk, token string) (e audience.Evidence, err error) {
	return e, d.ActTelling(ctx, "kept as evidence", token, func(tx *storage.Tx) (facts map[string]string, err error) {
		if _, err := named(tx, d, token); err != nil {
			return nil, asNone(err, token)
		}
		if e, _, err = tx.KeepEvidence(token, d.Author.Name); err != nil {
			return nil, err
		}
		return factsOf(e), nil
	})
}

// factsOf is what the audit tells of evidence: no word of it.
func factsOf(e audience.Evidence) map[string]string {
	facts := map[string]string{"evidence": e.ID, "text": e.TextDigest()}
	if e.Digest != "" {
		facts["original"] = e.Digest
	}
	return facts
}

// asNone tells who may not that there is nothing.
func asNone(err error, name string) error {
	if errors.Is(err, newsroom.ErrMayNot) {
		return fmt.Errorf("%w: there is no %s", press.ErrNotFound, name)
	}
	return err
}

// ListKept reads up to limit pieces that the desk's person may see, in the order of keeping,
// after one; after is empty at the start. on is what the next page begins after, empty if
// there is none.
func ListKept(ctx context.Context, d newsroom.Desk, after string, limit int) (all []Kept, on string, err error) {
	err = d.Store.View(ctx, func(tx *storage.Tx) error {
		tree, err := tx.Tree()
		if err != nil {
			return err
		}
		var last audience.Evidence
		if after != "" {
			if last, err = tx.EvidenceByID(after); err != nil && !errors.Is(err, press.ErrNotFound) {
				return err
			}
		}
		for looked := 0; looked < maxLooked; looked += pageRead {
			page, err := tx.Evidence(last, pageRead)
			if err != nil {
				return err
			}
			for _, e := range page {
				if len(all) == limit {
					on = last.ID
					return nil
				}
				last = e
				k, err := keptAs(tx, d, tree, e)
				if errors.Is(err, newsroom.ErrMayNot) {
					continue
				}
				if err != nil {
					return err
				}
				all = append(all, k)
			}
			if len(page) < pageRead {
				return nil
			}
		}
		on = last.ID
		return nil
	})
	return all, on, err
}

// LookAtKept reads a piece that the desk's person may see, with what was done to it. Who may
// not is told that there is none.
func LookAtKept(ctx context.Context, d newsroom.Desk, id string) (k Kept, err error) {
	return k, d.Store.View(ctx, func(tx *storage.Tx) error {
		if k, err = findKept(tx, d, id); err != nil {
			return err
		}
		if k.Digest != "" {
			original, err := tx.EvidenceOriginal(id)
			if err != nil {
				return err
			}
			if bad := federation.VerifyOriginal(original, d.Site.Base, k.Received); bad != nil {
				k.Unverified = bad.Error()
			} else {
				k.Verified = true
			}
		}
		k.History, err = tx.AuditOf(k.Token, maxHistory)
		return err
	})
}

// OriginalOf reads the request that brought a piece, as its author signed it, and the key that
// verified it then; press.ErrNotFound if the request is not here, or the piece is not for the
// desk's person.
func OriginalOf(ctx context.Context, d newsroom.Desk, id string) (original audience.Original, err error) {
	return original, d.Store.View(ctx, func(tx *storage.Tx) error {
		if _, err := findKept(tx, d, id); err != nil {
			return err
		}
		if original, err = tx.EvidenceOriginal(id); err == nil && len(original.Request) == 0 {
			err = fmt.Errorf("%w: the signed request of %s is not here", press.ErrNotFound, id)
		}
		return err
	})
}

// KeyOf reads the key that verified the request which brought a piece; press.ErrNotFound if it is
// not here.
func KeyOf(ctx context.Context, d newsroom.Desk, id string) (string, error) {
	original, err := OriginalOf(ctx, d, id)
	if err == nil && original.Key == "" {
		err = fmt.Errorf("%w: the key of %s is not here: it was kept before keys were", press.ErrNotFound, id)
	}
	return original.Key, err
}

// RemoveKept forgets a piece; press.ErrNotFound if there is none, or it is not theirs.
func RemoveKept(ctx context.Context, d newsroom.Desk, id string) error {
	return d.ActTelling(ctx, "evidence removed", id, func(tx *storage.Tx) (map[string]string, error) {
		k, err := findKept(tx, d, id)
		if err != nil {
			return nil, err
		}
		facts := factsOf(k.Evidence)
		delete(facts, "evidence") // it is the subject
		facts["listed_as"] = k.Token
		return facts, tx.RemoveEvidence(id)
	})
}

func findKept(tx *storage.Tx, d newsroom.Desk, id string) (k Kept, err error) {
	tree, err := tx.Tree()
	if err != nil {
		return k, err
	}
	e, err := tx.EvidenceByID(id)
	if err != nil {
		return k, err
	}
	k, err = keptAs(tx, d, tree, e)
	return k, asNone(err, id)
}

// keptAs reads what a piece was about, if it is for the desk's person.
func keptAs(tx *storage.Tx, d newsroom.Desk, tree press.Tree, e audience.Evidence) (k Kept, err error) {
	k.Evidence = e
	if e.Article != "" {
		if k.Article, err = tx.Article(e.Article); err != nil {
			return k, err
		}
	}
	if !may(d, tree, k.Article) {
		return k, newsroom.ErrMayNot
	}
	return k, nil
}
