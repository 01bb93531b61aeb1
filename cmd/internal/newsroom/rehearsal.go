package newsroom

import (
	"context"
	"fmt"
	"hash/maphash"
	"slices"

	"communique/cmd/internal/importer"
	"communique/storage"
	"communique/storage/fingerprint"
	"communique/storage/press"
)

// ImportRehearsal is a dry run of an import: page by page it returns what the import
// would, and stores nothing. What it has seen counts as stored: of two pages that are
// the same article the import would store one.
type ImportRehearsal struct {
	desk Desk
	// Pages are remembered by hashes, whose seed no page can know.
	seed maphash.Seed
	seen SeenPages
	made map[uint64]bool // by path
}

// SeenPages remembers the pages of a dry run, of which there may be a hundred thousand: for
// a hash another one and the name of a page. Put is called once for each hash.
type SeenPages interface {
	Find(hash uint64) (other uint64, name string, found bool, err error)
	Put(hash, other uint64, name string) error
}

// RehearseImports begins a dry run, which remembers its pages in seen.
func (d Desk) RehearseImports(seen SeenPages) *ImportRehearsal {
	return &ImportRehearsal{desk: d, seed: maphash.MakeSeed(), seen: seen, made: map[uint64]bool{}}
}

// Import is a dry run of [Desk.Import]. The article of a page that would be stored has
// no id, nor has its manuscript.
func (r *ImportRehearsal) Import(ctx context.Context, p importer.Page, how Importing) (stored Imported, err error) {
	// No article need move for each of a hundred thousand pages.
	foresee := func(tx *storage.Tx) error { return tx.ForeseeZone(r.desk.Zone) }
	err = r.desk.rehearse(ctx, foresee, func(desk Desk) error {
		stored, err = desk.Import(ctx, p, how)
		return err
	})
	if err != nil || stored.Known {
		return stored, err
	}
	stored.Article.ID, stored.Manuscript.ID = "", ""
	is, digest := maphash.String(r.seed, "is "+p.Identity()), maphash.String(r.seed, stored.draft.Digest())
	before, file, twice, err := r.seen.Find(is)
	switch {
	case err != nil:
		return Imported{}, err
	case !twice:
		if err := r.says(p, stored.draft, how); err != nil {
			return Imported{}, err
		}
		if err := r.seen.Put(is, digest, p.File); err != nil {
			return Imported{}, err
		}
		stored.Made = slices.DeleteFunc(stored.Made, func(n NewSection) bool { return r.made[maphash.String(r.seed, string(n.Path))] }) // by a page before
		for _, n := range stored.Made {
			r.made[maphash.String(r.seed, string(n.Path))] = true
		}
		return stored, nil
	case before != digest:
		return Imported{}, fmt.Errorf("%w: it is the same article as %s and says something else: keep one of the two pages", press.ErrConflict, file)
	}
	stored.Known, stored.Made = true, nil
	return stored, nil
}

// says notes what a page says, and refuses one that says what one before it says.
func (r *ImportRehearsal) says(p importer.Page, draft press.Draft, how Importing) error {
	w := fingerprint.OfDraft(draft)
	var all []uint64
	for _, digest := range w.Titled() {
		n := maphash.String(r.seed, fmt.Sprint("says ", digest, linksOf(draft.Body)))
		_, before, twice, err := r.seen.Find(n)
		switch {
		case err != nil:
			return err
		case twice && !how.Again && len(w.Text()) > 0:
			return Reasons{fmt.Errorf("%w: it says what %s says", ErrAgain, before)}
		case !twice:
			all = append(all, n)
		}
	}
	for i, n := range all {
		if slices.Contains(all[:i], n) {
			continue
		}
		if err := r.seen.Put(n, 0, p.File); err != nil {
			return err
		}
	}
	return nil
}
