package manuscripts

import (
	"fmt"
	"slices"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// Page is the page of another site that a new article is made of. It is kept for as long as
// something can still become of the manuscript: then the article has it, or nothing is left.
type Page struct {
	Identity  string // as [press.Article] has it
	SourceURL string
	Reader    int             // the generation of the importer that has read it
	Section   press.SectionID // in which it was handed in
	// Read is the digest of what was read of the page, by which the article will be known.
	Read string
	// Written is the digest of what the document said when it was handed in.
	Written string
	// Says are digests of what the page says, by which another one is found that says the same;
	// written, and not read back.
	Says []string
}

// KeepPage keeps of which page a manuscript is made. One page is one manuscript's.
func (tx *Tx) KeepPage(id string, p Page) error {
	err := tx.db.Exec(`INSERT INTO manuscript_pages (manuscript, identity, source_url, reader, section, read, written) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		id, p.Identity, p.SourceURL, p.Reader, p.Section, p.Read, p.Written)
	for _, says := range slices.Compact(slices.Sorted(slices.Values(p.Says))) {
		if err == nil {
			err = tx.db.Exec(`INSERT INTO manuscript_page_says (says, manuscript) VALUES ($1, $2)`, says, id)
		}
	}
	if err != nil {
		return fmt.Errorf("keep the page of manuscript %s: %w", id, err)
	}
	return nil
}

const pageColumns = `p.identity, p.source_url, p.reader, p.section, p.read, p.written`

func (p *Page) columns() []any {
	return []any{&p.Identity, &p.SourceURL, &p.Reader, &p.Section, &p.Read, &p.Written}
}

// PageOf is the page that a manuscript is made of; press.ErrNotFound if it is of none, or is
// pending no longer.
func (tx *Tx) PageOf(id string) (p Page, err error) {
	err = tx.db.Row(`SELECT `+pageColumns+` FROM manuscript_pages p WHERE p.manuscript = $1`, id).Scan(p.columns()...)
	if err != nil {
		return p, fmt.Errorf("read a page: %w", kernel.NotFound(err, "manuscript %s is made of none", id))
	}
	return p, nil
}

// PagePending is the manuscript that is pending of a page, by its identity; press.ErrNotFound if
// there is none.
func (tx *Tx) PagePending(identity string) (m Manuscript, p Page, err error) {
	var id string
	err = tx.db.Row(`SELECT p.manuscript, `+pageColumns+` FROM manuscript_pages p WHERE p.identity = $1`, identity).Scan(append([]any{&id}, p.columns()...)...)
	if err != nil {
		return m, p, fmt.Errorf("read a page: %w", kernel.NotFound(err, "no manuscript is made of %s", identity))
	}
	m, err = tx.Manuscript(id)
	return m, p, err
}

// PageSaying is a manuscript that is pending of a page with one of some digests of what it says;
// press.ErrNotFound if there is none.
func (tx *Tx) PageSaying(says ...string) (m Manuscript, err error) {
	if len(says) == 0 {
		return m, fmt.Errorf("%w: a page that says nothing", press.ErrNotFound)
	}
	var id string
	err = tx.db.Row(`SELECT manuscript FROM manuscript_page_says WHERE says IN (`+kernel.Numbered(1, len(says))+`) ORDER BY manuscript LIMIT 1`, kernel.Args(says)...).Scan(&id)
	if err != nil {
		return m, fmt.Errorf("look for what a page says: %w", kernel.NotFound(err, "no manuscript is made of a page that says it"))
	}
	return tx.Manuscript(id)
}

// dropPage forgets the page of a manuscript.
func (tx *Tx) dropPage(id string) error {
	for _, table := range []string{"manuscript_page_says", "manuscript_pages"} {
		if err := tx.db.Exec(`DELETE FROM `+table+` WHERE manuscript = $1`, id); err != nil {
			return fmt.Errorf("forget the page of manuscript %s: %w", id, err)
		}
	}
	return nil
}
