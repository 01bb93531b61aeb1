package manuscripts

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// File is a picture or a file beside a manuscript.
type File struct {
	Name string // as the document calls it
	Hash string // SHA-256 of its content, in hex
	Size int64  // bytes
}

// Limits of what is beside a manuscript.
const (
	MaxFiles     = press.MaxImages + 50
	MaxFileBytes = 64 << 20 // of one; what may go out is bounded by the newsroom
	chunk        = 256 << 10
)

// PutFile puts a file beside a manuscript that is open, in place of one of the same name.
func (tx *Tx) PutFile(id, name string, content []byte) error {
	if len(content) > MaxFileBytes {
		return fmt.Errorf("%w file %s: larger than %d MiB", press.ErrInvalid, name, MaxFileBytes>>20)
	}
	if err := press.CheckText("file", name, press.MaxShort); err != nil {
		return err
	}
	if err := tx.DropFile(id, name); err != nil {
		return err
	}
	files, err := tx.FilesOf(id)
	if err != nil {
		return err
	}
	if len(files) >= MaxFiles {
		return fmt.Errorf("%w files: more than %d", press.ErrInvalid, MaxFiles)
	}
	sum := sha256.Sum256(content)
	err = tx.db.Exec(`INSERT INTO manuscript_files (manuscript, name, hash, size) VALUES ($1, $2, $3, $4)`, id, name, hex.EncodeToString(sum[:]), len(content))
	for number := 0; err == nil && len(content) > 0; number++ {
		n := min(chunk, len(content))
		err = tx.db.Exec(`INSERT INTO manuscript_chunks (manuscript, name, number, content) VALUES ($1, $2, $3, $4)`, id, name, number, content[:n])
		content = content[n:]
	}
	if err != nil {
		return fmt.Errorf("put %s beside manuscript %s: %w", name, id, err)
	}
	return nil
}

// DropFile takes a file away from a manuscript that is open, if it is there.
func (tx *Tx) DropFile(id, name string) error {
	if err := tx.change(id, `state = state`, ``); err != nil {
		return err
	}
	for _, table := range []string{"manuscript_chunks", "manuscript_files"} {
		if err := tx.db.Exec(`DELETE FROM `+table+` WHERE manuscript = $1 AND name = $2`, id, name); err != nil {
			return fmt.Errorf("take %s from manuscript %s: %w", name, id, err)
		}
	}
	return nil
}

// FilesOf are the files beside a manuscript, by name.
func (tx *Tx) FilesOf(id string) (all []File, err error) {
	err = tx.db.Each(func(scan func(...any) error) error {
		var f File
		err := scan(&f.Name, &f.Hash, &f.Size)
		all = append(all, f)
		return err
	}, `SELECT name, hash, size FROM manuscript_files WHERE manuscript = $1 ORDER BY name`, id)
	if err != nil {
		return nil, fmt.Errorf("read the files of manuscript %s: %w", id, err)
	}
	return all, nil
}

// FileOf reads the content of a file; press.ErrNotFound if it is not there.
func (tx *Tx) FileOf(id, name string) ([]byte, error) {
	var size int64
	err := tx.db.Row(`SELECT size FROM manuscript_files WHERE manuscript = $1 AND name = $2`, id, name).Scan(&size)
	if err != nil {
		return nil, fmt.Errorf("read a file: %w", kernel.NotFound(err, "there is no %s beside manuscript %s", name, id))
	}
	content := make([]byte, 0, size)
	err = tx.db.Each(func(scan func(...any) error) error {
		var part []byte
		err := scan(&part)
		content = append(content, part...)
		return err
	}, `SELECT content FROM manuscript_chunks WHERE manuscript = $1 AND name = $2 ORDER BY number`, id, name)
	if err != nil {
		return nil, fmt.Errorf("read file %s of manuscript %s: %w", name, id, err)
	}
	return content, nil
}

// Beside is a file with the manuscript that it is beside.
type Beside struct {
	File
	Manuscript string
}

// FilesAround are the files beside the manuscripts of an article and beside all that are pending,
// each content once.
func (tx *Tx) FilesAround(article press.ArticleID) (all []Beside, err error) {
	seen := map[string]bool{}
	err = tx.db.Each(func(scan func(...any) error) error {
		var b Beside
		err := scan(&b.Manuscript, &b.Name, &b.Hash, &b.Size)
		if !seen[b.Hash] {
			seen[b.Hash] = true
			all = append(all, b)
		}
		return err
	}, `SELECT f.manuscript, f.name, f.hash, f.size FROM manuscript_files f JOIN manuscripts m ON m.id = f.manuscript
		WHERE m.article = $1 OR m.state IN `+inPending+` ORDER BY f.manuscript, f.name`, article)
	if err != nil {
		return nil, fmt.Errorf("read the files beside manuscripts: %w", err)
	}
	return all, nil
}

// DropContent takes a content away from all manuscripts, whatever they call it and whether or
// not they are open.
func (tx *Tx) DropContent(hash string) error {
	for _, statement := range []string{
		`DELETE FROM manuscript_chunks WHERE EXISTS (SELECT 1 FROM manuscript_files f
			WHERE f.hash = $1 AND f.manuscript = manuscript_chunks.manuscript AND f.name = manuscript_chunks.name)`,
		`DELETE FROM manuscript_files WHERE hash = $1`,
	} {
		if err := tx.db.Exec(statement, hash); err != nil {
			return fmt.Errorf("take %s from all manuscripts: %w", hash, err)
		}
	}
	return nil
}
