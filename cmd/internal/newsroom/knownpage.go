package newsroom

import (
	"errors"
	"time"

	"communique/cmd/internal/importer"
	"communique/storage"
	"communique/storage/press"
)

// knownAs finds the article that was made of a page before, and the digest of what it
// was made of; the draft learns what earlier versions of the program would have made. A
// page whose sections are missing may be known: its section was renamed since.
func knownAs(tx *storage.Tx, p importer.Page, draft *press.Draft, zones []*time.Location) (before press.Article, digest string, err error) {
	before, digest, err = tx.ByIdentity(draft.Identity)
	former := formerDrafts(p, *draft, zones)
	for _, f := range former {
		if errors.Is(err, press.ErrNotFound) {
			before, digest, err = tx.ByIdentity(f.Identity)
		}
	}
	if errors.Is(err, press.ErrNotFound) {
		before, err = readBefore(tx, p, dayBegins(p, zones[0]))
	}
	if draft.Section == 0 {
		draft.Section = before.Section
		for i := range former {
			former[i].Section = before.Section
		}
	}
	draft.Former = append(draft.Former, former...)
	return before, digest, err
}

// readOtherwise reports whether an earlier version of the program has read the page of
// an article: then it is enough that the page says the same. What this version has read is
// compared as it is.
func readOtherwise(tx *storage.Tx, p importer.Page, a press.Article) (bool, error) {
	if a.Reader >= importer.Generation {
		return false, nil
	}
	first, err := asImported(tx, a)
	return err == nil && p.Says(first), err
}

// asImported is an article as it was before it was corrected.
func asImported(tx *storage.Tx, a press.Article) (press.Article, error) {
	if a.Revision == 1 {
		return a, nil
	}
	return tx.WordingAt(a.ID, 1)
}

// mostOfDay bounds the articles of one day that are compared with a page.
const mostOfDay = 500

// readBefore finds the article that was made of a page before, though not the same was
// read of it: by an earlier version of the program, or by another profile. It says what
// the page says, or else all that it says stands in the page.
func readBefore(tx *storage.Tx, p importer.Page, published time.Time) (press.Article, error) {
	articles, err := tx.ImportedAt(published, mostOfDay)
	if err != nil {
		return press.Article{}, err
	}
	for _, same := range []func(press.Article) bool{p.Says, p.Tells} {
		for _, a := range articles {
			first, err := asImported(tx, a)
			if err != nil {
				return first, err
			}
			if same(first) {
				return a, nil
			}
		}
	}
	return press.Article{}, press.ErrNotFound
}

// movedSince finds the article that an earlier version of the program has made of a page when
// that had another address. What this version has read is compared as it is.
func movedSince(tx *storage.Tx, p importer.Page, published time.Time) ([]twin, error) {
	articles, err := tx.ImportedFrom(published, mostOfDay)
	if err != nil {
		return nil, err
	}
	for _, a := range articles {
		if said, err := readOtherwise(tx, p, a); err != nil || said {
			return []twin{{Article: a, what: is}}, err
		}
	}
	return nil, nil
}

// formerDrafts are what a program up to version 0.4 made of the same page, in each of
// the zones in which the site has been: they are this page, too.
func formerDrafts(p importer.Page, draft press.Draft, zones []*time.Location) []press.Draft {
	all := []press.Draft{p.Former(draft)}
	for _, zone := range zones {
		if in, ok := p.DatedIn(zone); ok && in.Date != p.Date {
			former := in.Former(draft)
			former.Published = in.Published
			all = append(all, former)
		}
	}
	return all
}
