package newsdesk

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
	"communique/storage/richtext"
)

// WithdrawnMedia is a picture or file that was withdrawn.
type WithdrawnMedia struct {
	Hash string
	Kind MediaKind
	At   time.Time
	Note string // what stands in its place, for the public; may be empty
	// Shown is set if it was public.
	Shown bool
	// Names are the last parts of its addresses and of those of its sizes: of a picture its
	// name, of a file its hash and its name.
	Names []string
	// Entries are the corrections of articles that had shown it.
	Entries []press.Seq
}

// MediaKind is what was withdrawn.
type MediaKind string

// The kinds.
const (
	IsPicture MediaKind = "picture"
	IsFile    MediaKind = "file"
)

// BarredError is that a picture or file was withdrawn, and is not taken again. It is
// press.ErrConflict.
type BarredError struct{ WithdrawnMedia }

func (e *BarredError) Error() string {
	return fmt.Sprintf("the %s %s was withdrawn on %s, and is barred from use: take it out", e.Kind, e.Hash, e.At.UTC().Format(time.DateOnly))
}

// Is tells that it is press.ErrConflict.
func (e *BarredError) Is(target error) bool { return target == press.ErrConflict }

// MediaUse is an article that shows or has shown a picture, or links to a file.
type MediaUse struct {
	Article press.Article
	Now     bool // its newest revision does
}

// MediaUses are the articles that show or have shown a picture or file, whatever their state.
// The hash may be that of a size. It returns press.ErrNotFound if there is no such picture or
// file, and a [*BarredError] if it was withdrawn.
func (tx *Tx) MediaUses(hash string) ([]MediaUse, error) {
	m, err := tx.findMedia(hash)
	if err != nil {
		return nil, err
	}
	ids, err := tx.showing(m)
	var all []MediaUse
	for _, id := range ids {
		a, err := tx.Article(id)
		if err != nil {
			return nil, err
		}
		all = append(all, MediaUse{a, m.in(a)})
	}
	return all, err
}

// foundMedia is a picture or file with all contents by which it is served.
type foundMedia struct {
	WithdrawnMedia
	hashes []string // its own first, then those of its sizes that are no other picture's
}

// in tells whether an article shows it.
func (m foundMedia) in(a press.Article) bool {
	return slices.ContainsFunc(m.hashes, func(hash string) bool {
		return strings.Contains(string(a.Body), hash) || slices.ContainsFunc(a.Images, func(i press.Image) bool { return strings.Contains(i.Src, hash) })
	})
}

// at tells whether an address is one of its.
func (m foundMedia) at(address string) bool {
	hash := MediaHash(address)
	if found := fileAddress.FindStringSubmatch(address); found != nil {
		hash = found[1]
	}
	return slices.Contains(m.hashes, hash)
}

// findMedia finds a picture, also by one of its sizes, or a file.
func (tx *Tx) findMedia(hash string) (m foundMedia, err error) {
	if err := tx.checkBarred(hash); err != nil {
		return m, err
	}
	m.Hash, m.Kind = hash, IsPicture
	err = tx.db.Row(`SELECT COALESCE((SELECT MIN(parent) FROM media_sizes WHERE hash = $1), hash) FROM media WHERE hash = $1`, hash).Scan(&m.Hash)
	switch err := kernel.NotFound(err, "%s", hash); {
	case err == nil:
		return m, tx.readSizes(&m)
	case !errors.Is(err, press.ErrNotFound):
		return m, fmt.Errorf("read picture: %w", err)
	}
	m.Kind, m.hashes = IsFile, []string{hash}
	known, err := tx.db.Any(`SELECT 1 FROM files WHERE hash = $1`, hash)
	if err == nil && !known {
		err = fmt.Errorf("%w: there is no picture or file %s", press.ErrNotFound, hash)
	}
	return m, err
}

func (tx *Tx) readSizes(m *foundMedia) error {
	own := Media{Hash: m.Hash}
	if err := tx.db.Row(`SELECT type FROM media WHERE hash = $1`, m.Hash).Scan(&own.Type); err != nil {
		return fmt.Errorf("read picture %s: %w", m.Hash, err)
	}
	sizes, err := tx.Sizes(m.Hash)
	if err != nil {
		return err
	}
	m.hashes, m.Names = []string{m.Hash}, []string{own.Name()}
	for _, size := range sizes {
		others, err := tx.db.Any(`SELECT 1 FROM media_sizes WHERE hash = $1 AND parent <> $2
			UNION ALL SELECT 1 FROM media_articles WHERE hash = $1`, size.Hash, m.Hash)
		if err != nil {
			return fmt.Errorf("read the sizes of picture %s: %w", m.Hash, err)
		}
		if m.Names = append(m.Names, size.Name()); !others {
			m.hashes = append(m.hashes, size.Hash)
		}
	}
	return nil
}

// showing are the articles of which any revision names it.
func (tx *Tx) showing(m foundMedia) (ids []press.ArticleID, err error) {
	seen := map[press.ArticleID]bool{}
	for _, hash := range m.hashes {
		err = tx.db.Each(func(scan func(...any) error) error {
			var id press.ArticleID
			err := scan(&id)
			if !seen[id] {
				seen[id] = true
				ids = append(ids, id)
			}
			return err
		}, `SELECT DISTINCT article FROM revisions WHERE images LIKE '%' || CAST($1 AS TEXT) || '%' OR body LIKE '%' || CAST($1 AS TEXT) || '%'`, hash)
		if err != nil {
			return nil, fmt.Errorf("look for who shows %s: %w", hash, err)
		}
	}
	slices.Sort(ids)
	return ids, nil
}

// WithdrawMedia takes a picture with all its sizes, or a file, out of every article and all
// their revisions, forgets its content and bars it from use. Public articles that show it or
// have shown it, in a wording that readers can look up, get a new revision and its entry;
// where it was stands the note, if there is one. Drafts under embargo are changed
// without a word. It returns press.ErrNotFound if there is no such picture or file, and a
// [*BarredError] if it was withdrawn before.
func (tx *Tx) WithdrawMedia(hash, note string) (WithdrawnMedia, error) {
	if err := press.CheckText("note", note, press.MaxNote); err != nil {
		return WithdrawnMedia{}, err
	}
	if err := tx.log.Lock(); err != nil {
		return WithdrawnMedia{}, err
	}
	m, err := tx.findMedia(hash)
	if err != nil {
		return m.WithdrawnMedia, err
	}
	m.At, m.Note = tx.db.Now(), note
	ids, err := tx.showing(m)
	for _, id := range ids {
		if err == nil {
			err = tx.takeOut(&m, id)
		}
	}
	if err == nil {
		err = tx.forgetMedia(m)
	}
	if err == nil {
		err = tx.bar(m)
	}
	return m.WithdrawnMedia, err
}

// BarMedia bars a picture or file that is not here from use, as after a restore from before
// it was. It does nothing if it is barred already.
func (tx *Tx) BarMedia(w WithdrawnMedia) error {
	if err := tx.checkBarred(w.Hash); err != nil {
		if errors.Is(err, press.ErrConflict) {
			return nil
		}
		return err
	}
	w.At = tx.db.Now()
	return tx.bar(foundMedia{w, []string{w.Hash}})
}

// takeOut takes it out of all that an article says and has said.
func (tx *Tx) takeOut(m *foundMedia, id press.ArticleID) error {
	a, err := tx.Article(id)
	if err != nil {
		return err
	}
	readable := m.in(a)
	for number := 1; number <= a.Revision; number++ {
		said, err := tx.WordingAt(id, number)
		if errors.Is(err, press.ErrNotFound) || err == nil && !m.in(said) {
			continue
		}
		if err != nil {
			return err
		}
		tx.noteNames(m, said)
		hidden, err := tx.db.Any(`SELECT 1 FROM revisions WHERE article = $1 AND number = $2 AND hidden = 1`, id, number)
		if err != nil {
			return fmt.Errorf("read revision %d of article %s: %w", number, id, err)
		}
		readable = readable || !hidden
		if err := tx.rewrite(m.without(said, "")); err != nil {
			return err
		}
	}
	switch a.State {
	case press.Embargoed:
		err := tx.db.Exec(`UPDATE filed SET draft = draft + 1, document = $1 WHERE article = $2`, []byte{}, id)
		if err != nil {
			return fmt.Errorf("forget the document of article %s: %w", id, err)
		}
	case press.Withdrawn:
		m.Shown = true
	case press.Published:
		m.Shown = true
		if readable {
			return tx.correctWithout(m, a)
		}
	}
	return nil
}

// noteNames keeps the names by which a text links to a file.
func (tx *Tx) noteNames(m *foundMedia, said press.Article) {
	for _, l := range linkedFiles(said.Body) {
		if name := l.hash + "/" + l.name; l.hash == m.Hash && !slices.Contains(m.Names, name) {
			m.Names = append(m.Names, name)
		}
	}
}

// without is an article without it, and with a note in its place.
func (m foundMedia) without(a press.Article, note string) press.Article {
	kept := slices.DeleteFunc(slices.Clone(a.Images), func(i press.Image) bool { return m.at(i.Src) })
	a.Body = richtext.Without(a.Body, m.at, note)
	if len(kept) < len(a.Images) {
		a.Body = richtext.Noted(a.Body, note)
	}
	a.Images = kept
	return a
}

// rewrite changes what a revision shows.
func (tx *Tx) rewrite(a press.Article) error {
	err := tx.db.Exec(`UPDATE revisions SET body = $1, images = $2 WHERE article = $3 AND number = $4`, a.Body, kernel.List(a.Images), a.ID, a.Revision)
	if err != nil {
		return fmt.Errorf("take a picture or file out of revision %d of article %s: %w", a.Revision, a.ID, err)
	}
	return nil
}

// correctWithout gives a public article a revision without it, and its entry, which all feeds
// that carry the article tell.
func (tx *Tx) correctWithout(m *foundMedia, before press.Article) error {
	after := m.without(before, m.Note)
	_, e, err := tx.revise(before, after, Correction{Note: m.Note, Minor: m.Note == ""})
	if err != nil {
		return err
	}
	m.Entries = append(m.Entries, e.Seq)
	return tx.tellEverywhere(e, before.ID)
}

// forgetMedia forgets its content.
func (tx *Tx) forgetMedia(m foundMedia) error {
	statements := []string{
		`DELETE FROM file_articles WHERE hash = $1`, `DELETE FROM file_chunks WHERE hash = $1`, `DELETE FROM files WHERE hash = $1`,
		`DELETE FROM media_articles WHERE hash = $1`, `DELETE FROM media_sizes WHERE parent = $1 OR hash = $1`,
		`DELETE FROM media_chunks WHERE hash = $1`, `DELETE FROM media WHERE hash = $1`,
	}
	for _, statement := range statements {
		for _, hash := range m.hashes {
			if err := tx.db.Exec(statement, hash); err != nil {
				return fmt.Errorf("forget %s %s: %w", m.Kind, hash, err)
			}
		}
	}
	return nil
}

func (tx *Tx) bar(m foundMedia) error {
	err := tx.db.Exec(`INSERT INTO withdrawn_media (hash, kind, at, note, shown, names) VALUES ($1, $2, $3, $4, $5, $6)`,
		m.Hash, m.Kind, kernel.Micros(m.At), m.Note, kernel.Number(m.Shown), kernel.List(m.Names))
	for _, hash := range m.hashes {
		if err == nil {
			err = tx.db.Exec(`INSERT INTO withdrawn_contents (hash, parent) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING`, hash, m.Hash)
		}
	}
	for _, seq := range m.Entries {
		if err == nil {
			err = tx.db.Exec(`INSERT INTO withdrawn_media_entries (seq, hash) VALUES ($1, $2)`, seq, m.Hash)
		}
	}
	if err != nil {
		return fmt.Errorf("bar %s %s: %w", m.Kind, m.Hash, err)
	}
	return nil
}

const withdrawnColumns = `w.hash, w.kind, w.at, w.note, w.shown, w.names`

func scanWithdrawn(scan func(...any) error) (w WithdrawnMedia, err error) {
	var at, shown int64
	var names string
	if err := scan(&w.Hash, &w.Kind, &at, &w.Note, &shown, &names); err != nil {
		return w, err
	}
	w.At, w.Shown = kernel.Instant(at), shown != 0
	return w, kernel.Unlist(names, &w.Names)
}

// checkBarred is a [*BarredError] if the content of that hash was withdrawn.
func (tx *Tx) checkBarred(hash string) error {
	w, err := scanWithdrawn(tx.db.Row(`SELECT `+withdrawnColumns+` FROM withdrawn_contents c JOIN withdrawn_media w ON w.hash = c.parent WHERE c.hash = $1`, hash).Scan)
	switch err := kernel.NotFound(err, "%s", hash); {
	case err == nil:
		return &BarredError{w}
	case errors.Is(err, press.ErrNotFound):
		return nil
	}
	return fmt.Errorf("look whether %s was withdrawn: %w", hash, err)
}

// CheckContent is a [*BarredError] if a picture or file of that hash was withdrawn.
func (tx *Tx) CheckContent(hash string) error { return tx.checkBarred(hash) }

// checkMedia refuses a text that shows or links to what was withdrawn.
func (tx *Tx) checkMedia(a press.Article) error {
	for _, p := range ownPictures(a) {
		if err := tx.checkBarred(p.hash); err != nil {
			return err
		}
	}
	for _, l := range linkedFiles(a.Body) {
		if err := tx.checkBarred(l.hash); err != nil {
			return err
		}
	}
	return nil
}

// goneMedia is press.ErrGone if the content of that hash was public and was withdrawn, and
// press.ErrNotFound otherwise.
func (tx *Tx) goneMedia(hash string) error {
	err := tx.checkBarred(hash)
	if barred, is := errors.AsType[*BarredError](err); is {
		if err = nil; barred.Shown {
			return fmt.Errorf("%w: the %s %s was withdrawn", press.ErrGone, barred.Kind, hash)
		}
	}
	if err != nil {
		return err
	}
	return fmt.Errorf("%w: %s", press.ErrNotFound, hash)
}

// WithdrawnMediaBy are the pictures and files whose withdrawal an entry tells.
func (tx *Tx) WithdrawnMediaBy(seq press.Seq) ([]WithdrawnMedia, error) {
	return tx.withdrawn(`SELECT `+withdrawnColumns+` FROM withdrawn_media_entries e JOIN withdrawn_media w ON w.hash = e.hash WHERE e.seq = $1 ORDER BY w.hash`, seq)
}

// WithdrawnMediaList reads up to limit pictures and files that were withdrawn before an
// instant, the newest first, with their entries.
func (tx *Tx) WithdrawnMediaList(before time.Time, limit int) ([]WithdrawnMedia, error) {
	all, err := tx.withdrawn(`SELECT `+withdrawnColumns+` FROM withdrawn_media w WHERE w.at < $1 ORDER BY w.at DESC, w.hash LIMIT $2`, kernel.Micros(before), limit)
	for i := range all {
		if err == nil {
			all[i].Entries, err = tx.entriesWithdrawing(all[i].Hash)
		}
	}
	return all, err
}

// WithdrawnMedia reads a picture or file that was withdrawn, with its entries;
// press.ErrNotFound if it was not.
func (tx *Tx) WithdrawnMedia(hash string) (w WithdrawnMedia, err error) {
	err = tx.checkBarred(hash)
	barred, is := errors.AsType[*BarredError](err)
	switch {
	case is:
		w = barred.WithdrawnMedia
		w.Entries, err = tx.entriesWithdrawing(w.Hash)
	case err == nil:
		err = fmt.Errorf("%w: %s was not withdrawn", press.ErrNotFound, hash)
	}
	return w, err
}

func (tx *Tx) entriesWithdrawing(hash string) (all []press.Seq, err error) {
	err = tx.db.Each(func(scan func(...any) error) error {
		var seq press.Seq
		err := scan(&seq)
		all = append(all, seq)
		return err
	}, `SELECT seq FROM withdrawn_media_entries WHERE hash = $1 ORDER BY seq`, hash)
	if err != nil {
		return nil, fmt.Errorf("read how %s was withdrawn: %w", hash, err)
	}
	return all, nil
}

func (tx *Tx) withdrawn(query string, args ...any) (all []WithdrawnMedia, err error) {
	err = tx.db.Each(func(scan func(...any) error) error {
		w, err := scanWithdrawn(scan)
		all = append(all, w)
		return err
	}, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read what was withdrawn: %w", err)
	}
	return all, nil
}
