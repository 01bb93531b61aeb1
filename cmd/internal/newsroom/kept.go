package newsroom

import (
	"bytes"
	"cmp"
	"context"
	"html"
	"io/fs"
	"net/url"
	"path"
	"strings"
	"time"

	"communique/storage"
	"communique/storage/lazyregexp"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// madeOf finds the article that a document says it was made of.
var madeOf = lazyregexp.New(`(?m)^article:[ \t]*["']?([a-z2-7]{16})\b`)

// MadeOf is the article of which a document says that it was made, by [Desk.Markdown];
// empty if it does not say.
func MadeOf(text []byte) press.ArticleID {
	if len(text) > maxFrontMatter {
		text = text[:maxFrontMatter]
	}
	if found := madeOf.FindSubmatch(text); found != nil {
		return press.ArticleID(found[1])
	}
	return ""
}

// Kept are the pictures and files that were beside the newest document of an article
// when it was filed, by the names that it gives them. Whoever corrects the article need
// not have them.
func (d Desk) Kept(ctx context.Context, id press.ArticleID) (fs.FS, error) {
	k := kept{}
	d.bare = true // whether pictures lack something is not asked here
	err := d.view(ctx, func(tx *storage.Tx) error {
		_, document, err := tx.Filed(id)
		if err != nil || len(document) == 0 {
			return err
		}
		a, err := tx.Article(id)
		if err != nil {
			return err
		}
		doc, err := d.parse(string(id), document)
		if err != nil {
			return nil //nolint:nilerr // it was filed by rules that were others: its names cannot be told
		}
		for name, address := range besideOf(doc, a) {
			content, err := d.contentAt(tx, a, address)
			if err != nil {
				return err
			}
			if content != nil {
				k[name] = content
			}
		}
		return nil
	})
	return k, err
}

// besideOf tells, of each name in a document, at which address it is served in the
// article that was made of it. Both have the same pictures and links in the same order.
func besideOf(doc Document, a press.Article) map[string]string {
	all := map[string]string{}
	add := func(written, address string) {
		escaped, beside := strings.CutPrefix(written, besideURL.String())
		escaped, _, _ = strings.Cut(escaped, "#")
		if name, err := url.PathUnescape(escaped); beside && err == nil {
			all[name], _, _ = strings.Cut(address, "#")
		}
	}
	if len(doc.Images) == len(a.Images) {
		for i, image := range doc.Images {
			add(image.Src, a.Images[i].Src)
		}
	}
	written, served := anyAddress.FindAllStringSubmatch(string(doc.Body), -1), anyAddress.FindAllStringSubmatch(string(a.Body), -1)
	if len(written) == len(served) {
		for i := range written {
			add(html.UnescapeString(written[i][1]), html.UnescapeString(served[i][1]))
		}
	}
	return all
}

// anyAddress finds what a cleaned text shows and leads to.
var anyAddress = lazyregexp.New(`<(?:img src|a href)="([^"]*)"`)

// contentAt is what is served at an address, or will be; nil if it is not ours.
func (d Desk) contentAt(tx *storage.Tx, a press.Article, address string) ([]byte, error) {
	if hash := newsdesk.MediaHash(address); hash != "" && strings.HasPrefix(address, d.Site.Media("")) {
		return tx.MediaContent(hash)
	}
	files, err := tx.Files(a)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		if f.URL == address {
			return tx.FileContent(f)
		}
	}
	return nil, nil
}

// Beside are the files of several folders, of which the first that has one counts;
// nil folders have none.
func Beside(folders ...fs.FS) fs.FS { return layers(folders) }

type layers []fs.FS

// Open opens a file of the first folder that has it.
func (l layers) Open(name string) (f fs.File, err error) {
	var missing error
	for _, folder := range l {
		if folder == nil {
			continue
		}
		if f, err = folder.Open(name); err == nil {
			return f, nil
		}
		missing = cmp.Or(missing, err)
	}
	return nil, cmp.Or(missing, error(&fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}))
}

// kept are files by their names.
type kept map[string][]byte

// Open opens a file.
func (k kept) Open(name string) (fs.File, error) {
	content, ok := k[name]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &keptFile{Reader: bytes.NewReader(content), name: path.Base(name)}, nil
}

type keptFile struct {
	*bytes.Reader
	name string
}

// Close has nothing to close.
func (*keptFile) Close() error { return nil }

// Stat describes the file.
func (f *keptFile) Stat() (fs.FileInfo, error) { return f, nil }

// Name is the last part of its path.
func (f *keptFile) Name() string { return f.name }

// Mode is that of a file.
func (*keptFile) Mode() fs.FileMode { return 0o400 }

// ModTime is not known.
func (*keptFile) ModTime() time.Time { return time.Time{} }

// IsDir is false.
func (*keptFile) IsDir() bool { return false }

// Sys is nothing.
func (*keptFile) Sys() any { return nil }
