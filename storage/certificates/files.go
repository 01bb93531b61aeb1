package certificates

import (
	"fmt"
	"time"

	"communique/storage/internal/kernel"
)

// File is a file of the tree.
type File struct {
	Name     string // its path, with / between its parts
	Size     int64
	Modified time.Time
}

// PutCertificateFile writes a file, in the place of one that has its name.
func (tx *Tx) PutCertificateFile(name string, content []byte) error {
	if content == nil {
		content = []byte{} // which is not NULL
	}
	err := tx.db.Exec(`INSERT INTO certificate_files (name, content, modified) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE SET content = $2, modified = $3`, name, content, kernel.Micros(tx.db.Now()))
	if err != nil {
		return fmt.Errorf("store %s: %w", name, err)
	}
	return nil
}

// CertificateFile reads a file. It returns press.ErrNotFound if there is none of that name.
func (tx *Tx) CertificateFile(name string) (content []byte, err error) {
	err = tx.db.Row(`SELECT content FROM certificate_files WHERE name = $1`, name).Scan(&content)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, kernel.NotFound(err, "no file of the certificates is called %s", name))
	}
	return content, nil
}

// CertificateFiles lists the file of a name, or those below a folder of that name, in their
// order; all if it is empty.
func (tx *Tx) CertificateFiles(name string) ([]File, error) {
	var all []File
	err := tx.db.Each(func(scan func(...any) error) error {
		var f File
		var modified int64
		err := scan(&f.Name, &f.Size, &modified)
		f.Modified = kernel.Instant(modified)
		all = append(all, f)
		return err
	}, `SELECT name, LENGTH(content), modified FROM certificate_files WHERE `+under+` ORDER BY name`, name)
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", name, err)
	}
	return all, nil
}

// DropCertificateFiles removes the file of a name, or those below a folder of that name.
func (tx *Tx) DropCertificateFiles(name string) error {
	if err := tx.db.Exec(`DELETE FROM certificate_files WHERE `+under, name); err != nil {
		return fmt.Errorf("remove %s: %w", name, err)
	}
	return nil
}

// under is what is called $1, or lies in a folder that is. There are a dozen files in all.
const under = `($1 = '' OR name = $1 OR SUBSTR(name, 1, LENGTH($1) + 1) = $1 || '/')`
