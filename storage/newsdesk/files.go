package newsdesk

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"communique/storage/attachment"
	"communique/storage/internal/kernel"
	"communique/storage/press"
	"communique/storage/richtext"
)

// File is a file that goes out beside an article.
type File struct {
	attachment.File
	Hash string // of the content, names it in URLs
}

// NewFile checks a file by its name and content ([attachment.Read]), and names it by
// its content. It belongs before the transaction.
func NewFile(name string, content []byte) (File, error) {
	f, err := attachment.Read(name, content)
	if err != nil {
		return File{}, err
	}
	return File{File: f, Hash: HashOf(content)}, nil
}

// AddFile stores a file; the same content is stored once. One that was withdrawn is a
// [*BarredError].
func (tx *Tx) AddFile(f File) error {
	if err := tx.checkBarred(f.Hash); err != nil {
		return err
	}
	err := tx.db.Exec(`INSERT INTO files (hash, type, size) VALUES ($1, $2, $3) ON CONFLICT (hash) DO NOTHING`,
		f.Hash, f.Type, len(f.Content))
	if err == nil {
		err = fileChunks.add(tx, f.Hash, f.Content)
	}
	if err != nil {
		return fmt.Errorf("store file %s: %w", f.Name, err)
	}
	return nil
}

// fileAddress is how [press.Site.File] writes the address of a file.
var fileAddress = regexp.MustCompile(`^https?://[^/]+/files/([0-9a-f]{32})/([^/?#]+)$`)

// linkedFile is a file of ours as an article names it.
type linkedFile struct{ hash, name, address, title string }

// linkedFiles are the files that a text links to by their addresses, each once.
func linkedFiles(body press.HTML) []linkedFile {
	if !strings.Contains(string(body), "/files/") {
		return nil // as most texts, which need not be read to know it
	}
	var all []linkedFile
	seen := map[string]bool{}
	for _, link := range richtext.Links(body) {
		found := fileAddress.FindStringSubmatch(link.Address)
		if found == nil || seen[link.Address] {
			continue
		}
		name, err := url.PathUnescape(found[2])
		if err != nil {
			continue
		}
		seen[link.Address] = true
		all = append(all, linkedFile{hash: found[1], name: name, address: link.Address, title: link.Text})
	}
	return all
}

// Files are the files of ours that an article links to, in their order.
func (tx *Tx) Files(a press.Article) ([]press.File, error) {
	var all []press.File
	for _, l := range linkedFiles(a.Body) {
		f := press.File{Name: l.name, Title: l.title, URL: l.address, Hash: l.hash}
		err := tx.db.Row(`SELECT type, size FROM files WHERE hash = $1`, l.hash).Scan(&f.Type, &f.Size)
		switch err := kernel.NotFound(err, "%s", l.name); {
		case errors.Is(err, press.ErrNotFound): // somebody else's
		case err != nil:
			return nil, fmt.Errorf("read the files of article %s: %w", a.ID, err)
		default:
			all = append(all, f)
		}
	}
	return all, nil
}

// PublicFile tells of a file, by its hash and name, while a published article links to
// it. Before (an embargo covers the files too) and after, it is press.ErrNotFound,
// and press.ErrGone if the file was withdrawn.
func (tx *Tx) PublicFile(hash, name string) (press.File, error) {
	f := press.File{Name: name, Hash: hash}
	err := tx.db.Row(`SELECT type, size FROM files WHERE hash = $1 AND EXISTS (
			SELECT 1 FROM file_articles f JOIN articles a ON a.id = f.article
			WHERE f.hash = $1 AND f.name = $2 AND a.state = $3)`, hash, name, press.Published).Scan(&f.Type, &f.Size)
	if err = kernel.NotFound(err, "%s", name); errors.Is(err, press.ErrNotFound) {
		err = tx.goneMedia(hash)
	}
	if err != nil {
		return f, fmt.Errorf("read file: %w", err)
	}
	return f, nil
}

// FileChunk reads a part of a file that [Tx.PublicFile] has told of in the same
// transaction: one [Chunk] of it.
func (tx *Tx) FileChunk(hash string, number int64) ([]byte, error) {
	chunk, err := fileChunks.read(tx, hash, number)
	if err != nil {
		return nil, fmt.Errorf("read file: %w", err)
	}
	return chunk, nil
}

// FileContent reads a whole file whether or not it is public, for those who write what
// links to it.
func (tx *Tx) FileContent(f press.File) ([]byte, error) {
	content, err := fileChunks.whole(tx, f.Hash, f.Size)
	if err != nil {
		return nil, fmt.Errorf("read file: %w", err)
	}
	return content, nil
}

// updateFiles serves the files that an article links to, by the names that it gives
// them, and no longer those that it linked to before.
func (tx *Tx) updateFiles(_ press.Entry, _, after press.Article) error {
	if !public(after) {
		return nil // what only a withdrawn article names is not served
	}
	err := tx.db.Exec(`DELETE FROM file_articles WHERE article = $1`, after.ID)
	for _, l := range linkedFiles(after.Body) {
		if err != nil {
			break
		}
		err = tx.db.Exec(`INSERT INTO file_articles (hash, article, name) SELECT hash, $1, CAST($2 AS TEXT) FROM files WHERE hash = $3
			ON CONFLICT (hash, article, name) DO NOTHING`, after.ID, l.name, l.hash)
	}
	if err != nil {
		return fmt.Errorf("note the files of article %s: %w", after.ID, err)
	}
	return nil
}

// dropFiles forgets files that a draft linked to and no text links to any more.
func (tx *Tx) dropFiles(linked []linkedFile) error {
	for _, l := range linked {
		named, err := tx.db.Any(`SELECT 1 FROM revisions WHERE body LIKE '%' || CAST($1 AS TEXT) || '%'`, l.hash)
		for _, table := range []string{string(fileChunks), "files"} {
			if err == nil && !named {
				err = tx.db.Exec(`DELETE FROM `+table+` WHERE hash = $1`, l.hash)
			}
		}
		if err != nil {
			return fmt.Errorf("forget file %s: %w", l.name, err)
		}
	}
	return nil
}
