package newsroom

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"

	"communique/cmd/internal/importer"
	"communique/storage/press"
)

// ImportRehearsal is a dry run of an import: page by page it returns what the import
// would, and stores nothing. What it has seen counts as stored: of two pages that are
// the same article the import would store one.
type ImportRehearsal struct {
	desk Desk
	seen map[sum]rehearsed // by identity
	made map[press.Path]bool
}

// sum stands for a text: a dry run of a hundred thousand pages remembers all of them.
type sum [16]byte

func sumOf(text string) sum {
	whole := sha256.Sum256([]byte(text))
	return sum(whole[:len(sum{})])
}

type rehearsed struct {
	file   string
	digest sum
}

// RehearseImports begins a dry run.
func (d Desk) RehearseImports() *ImportRehearsal {
	return &ImportRehearsal{desk: d, seen: map[sum]rehearsed{}, made: map[press.Path]bool{}}
}

// Import is a dry run of [Desk.Import]. The article of a page that would be stored has
// no id.
func (r *ImportRehearsal) Import(ctx context.Context, p importer.Page, how Importing) (stored Imported, err error) {
	err = r.desk.Rehearse(ctx, func(desk Desk) error {
		stored, err = desk.Import(ctx, p, how)
		return err
	})
	if err != nil || stored.Known {
		return stored, err
	}
	stored.Article.ID = ""
	is, digest := sumOf(p.Identity()), sumOf(stored.draft.Digest())
	before, twice := r.seen[is]
	switch {
	case !twice:
		r.seen[is] = rehearsed{p.File, digest}
		stored.Made = slices.DeleteFunc(stored.Made, func(n NewSection) bool { return r.made[n.Path] }) // by a page before
		for _, n := range stored.Made {
			r.made[n.Path] = true
		}
		return stored, nil
	case before.digest != digest:
		return Imported{}, fmt.Errorf("%w: it is the same article as %s and says something else: keep one of the two pages", press.ErrConflict, before.file)
	}
	stored.Known, stored.Made = true, nil
	return stored, nil
}
