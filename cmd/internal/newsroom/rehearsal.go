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
	// A dry run of a hundred thousand pages remembers all of them by hashes, whose seed
	// no page can know.
	seed  maphash.Seed
	files []string             // of the pages that would be stored
	seen  map[uint64]rehearsed // by identity
	made  map[uint64]bool      // by path
	said  map[uint64]uint32    // the first page that says something, by what it says: its place in files
}

type rehearsed struct {
	digest uint64
	file   uint32 // its place in files
}

// RehearseImports begins a dry run.
func (d Desk) RehearseImports() *ImportRehearsal {
	return &ImportRehearsal{desk: d, seed: maphash.MakeSeed(), seen: map[uint64]rehearsed{}, made: map[uint64]bool{}, said: map[uint64]uint32{}}
}

// Import is a dry run of [Desk.Import]. The article of a page that would be stored has
// no id.
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
	stored.Article.ID = ""
	is, digest := maphash.String(r.seed, p.Identity()), maphash.String(r.seed, stored.draft.Digest())
	before, twice := r.seen[is]
	switch {
	case !twice:
		if err := r.says(p, stored.draft, how); err != nil {
			return Imported{}, err
		}
		r.seen[is] = rehearsed{digest, r.place(p.File)}
		stored.Made = slices.DeleteFunc(stored.Made, func(n NewSection) bool { return r.made[maphash.String(r.seed, string(n.Path))] }) // by a page before
		for _, n := range stored.Made {
			r.made[maphash.String(r.seed, string(n.Path))] = true
		}
		return stored, nil
	case before.digest != digest:
		return Imported{}, fmt.Errorf("%w: it is the same article as %s and says something else: keep one of the two pages", press.ErrConflict, r.files[before.file])
	}
	stored.Known, stored.Made = true, nil
	return stored, nil
}

// says notes what a page says, and refuses one that says what one before it says.
func (r *ImportRehearsal) says(p importer.Page, draft press.Draft, how Importing) error {
	w := fingerprint.OfDraft(draft)
	var all []uint64
	for _, digest := range w.Titled() {
		n := maphash.String(r.seed, fmt.Sprint(digest, linksOf(draft.Body)))
		if before, twice := r.said[n]; twice && !how.Again && len(w.Text()) > 0 {
			return Reasons{fmt.Errorf("%w: it says what %s says", ErrAgain, r.files[before])}
		}
		all = append(all, n)
	}
	for _, n := range all {
		if _, twice := r.said[n]; !twice {
			r.said[n] = r.place(p.File)
		}
	}
	return nil
}

// place is where the name of the page that is looked at stands among files.
func (r *ImportRehearsal) place(file string) uint32 {
	if n := len(r.files); n == 0 || r.files[n-1] != file {
		r.files = append(r.files, file)
	}
	return uint32(len(r.files) - 1)
}
