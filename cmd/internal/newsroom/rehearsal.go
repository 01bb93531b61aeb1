package newsroom

import (
	"context"
	"crypto/sha256"
	"fmt"

	"communique/cmd/internal/importer"
	"communique/storage/press"
)

// ImportRehearsal is a dry run of an import: page by page it returns what the import
// would, and stores nothing. What it has seen counts as stored: of two pages that are
// the same article the import would store one.
type ImportRehearsal struct {
	desk Desk
	seen map[sum]rehearsed // by identity
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
	return &ImportRehearsal{desk: d, seen: map[sum]rehearsed{}}
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
		return stored, nil
	case before.digest != digest:
		return Imported{}, fmt.Errorf("%w: it is the same article as %s and says something else", press.ErrConflict, before.file)
	}
	stored.Known = true
	return stored, nil
}
