package newsroom

import (
	"context"
	"fmt"

	"communique/cmd/internal/importer"
	"communique/storage/press"
)

// ImportRehearsal is a dry run of an import: page by page it returns what the import
// would, and stores nothing. What it has seen counts as stored: of two pages that are
// the same article the import would store one.
type ImportRehearsal struct {
	desk Desk
	seen map[string]rehearsed // by identity
}

type rehearsed struct {
	file   string
	digest string
}

// RehearseImports begins a dry run.
func (d Desk) RehearseImports() *ImportRehearsal {
	return &ImportRehearsal{desk: d, seen: map[string]rehearsed{}}
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
	before, twice := r.seen[p.Identity()]
	switch {
	case !twice:
		r.seen[p.Identity()] = rehearsed{p.File, stored.draft.Digest()}
		return stored, nil
	case before.digest != stored.draft.Digest():
		return Imported{}, fmt.Errorf("%w: it is the same article as %s and says something else", press.ErrConflict, before.file)
	}
	stored.Known = true
	return stored, nil
}
