package newsroom

import (
	"context"
	"fmt"
	"path"
	"strings"
	"unicode"

	"communique/storage"
	"communique/storage/manuscripts"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// Enclosure is a picture or a file that comes with a manuscript.
type Enclosure struct {
	Name    string // see [FileName]
	Content []byte
}

// Enclosed is a change to what is beside a manuscript.
type Enclosed struct {
	Put  []Enclosure
	Drop []string // by name
}

// FileName makes the name of a file that a document can call it by, of one that somebody's
// machine gave it: without folders, and of letters, figures, dots, and hyphens.
func FileName(given string) string {
	given = given[strings.LastIndexAny(given, `/\`)+1:]
	var b strings.Builder
	for _, r := range given {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '.' || r == '_' || r == '-':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	name := strings.TrimLeft(b.String(), ".-")
	ext := path.Ext(name)
	stem := []rune(strings.TrimRight(strings.TrimSuffix(name, ext), "-"))
	if len(stem) > 100 {
		stem = stem[:100]
	}
	if len(stem) == 0 || len(ext) > 20 {
		return "file" + ext[:min(len(ext), 20)]
	}
	return string(stem) + ext
}

// CheckPicture is why a file cannot be a picture of an article; nil if it can.
func CheckPicture(e Enclosure) error {
	if _, err := newsdesk.NewMedia(e.Content); err != nil {
		return fmt.Errorf("the picture %s: %w", e.Name, err)
	}
	return nil
}

// BeginWith is [Desk.Begin] with files beside the text, in one transaction.
func (d Desk) BeginWith(ctx context.Context, p Proposal, files Enclosed) (m manuscripts.Manuscript, err error) {
	if err := d.refuseWithdrawn(ctx, files.Put); err != nil {
		return m, err
	}
	err = d.Together(ctx, func(d Desk) error {
		if m, err = d.Begin(ctx, p); err != nil {
			return err
		}
		return d.enclose(ctx, m, files)
	})
	return m, err
}

// SaveWith is [Desk.Save] with changes to what is beside the text, in one transaction.
func (d Desk) SaveWith(ctx context.Context, id string, on int, text []byte, how manuscripts.How, files Enclosed) (m manuscripts.Manuscript, err error) {
	if err := d.refuseWithdrawn(ctx, files.Put); err != nil {
		return m, err
	}
	err = d.Together(ctx, func(d Desk) error {
		if m, err = d.Save(ctx, id, on, text, how); err != nil {
			return err
		}
		return d.enclose(ctx, m, files)
	})
	return m, err
}

// enclose changes what is beside a manuscript that was saved in the same transaction.
func (d Desk) enclose(ctx context.Context, m manuscripts.Manuscript, files Enclosed) error {
	return d.update(ctx, func(tx *storage.Tx) error {
		for _, name := range files.Drop {
			if err := tx.DropFile(m.ID, name); err != nil {
				return err
			}
		}
		for _, f := range files.Put {
			if err := tx.PutFile(m.ID, f.Name, f.Content); err != nil {
				return err
			}
		}
		return nil
	})
}

// RevisionText reads the document of a revision of a manuscript that the desk's person may
// read.
func (d Desk) RevisionText(ctx context.Context, id string, number int) (r manuscripts.Revision, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		_, err := d.readable(tx, id)
		if err == nil {
			r, err = tx.RevisionOf(id, number)
		}
		return err
	})
	return r, err
}

// Picture is one that would go out by a manuscript, by the name that it would be served under and
// that of its file in [Looked]: no other one is made. It returns press.ErrNotFound if there is
// none, or the desk's person may not read it.
func (d Desk) Picture(ctx context.Context, id, name, file string) (newsdesk.Media, error) {
	var m manuscripts.Manuscript
	err := d.view(ctx, func(tx *storage.Tx) (err error) {
		m, err = d.readable(tx, id)
		return err
	})
	if err != nil {
		return newsdesk.Media{}, err
	}
	beside, err := d.beside(ctx, m)
	if err != nil {
		return newsdesk.Media{}, err
	}
	if p, err := readPicture(beside, file); err == nil && p.Name() == name {
		return p, nil
	}
	return newsdesk.Media{}, fmt.Errorf("%w: no picture of manuscript %s", press.ErrNotFound, id)
}

// Enclosure reads a file beside a manuscript that the desk's person may read.
func (d Desk) Enclosure(ctx context.Context, id, name string) (content []byte, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		_, err := d.readable(tx, id)
		if err == nil {
			content, err = tx.FileOf(id, name)
		}
		return err
	})
	return content, err
}

// Opened reads a manuscript as [Desk.Look] does, without rehearsing its release.
func (d Desk) Opened(ctx context.Context, id string) (Looked, error) { return d.read(ctx, id) }

// OpenOf is the manuscript that is open of an article, and that the desk's person may read;
// press.ErrNotFound if there is none.
func (d Desk) OpenOf(ctx context.Context, article press.ArticleID) (m manuscripts.Manuscript, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		if m, err = tx.ManuscriptOf(article); err != nil {
			return err
		}
		return d.mayRead(tx, m)
	})
	return m, err
}
