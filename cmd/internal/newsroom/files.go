package newsroom

import (
	"errors"
	"fmt"
	"html"
	"io/fs"
	"net/url"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"communique/storage/attachment"
	"communique/storage/lazyregexp"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

const (
	// maxFiles bounds the files of an article, maxTogether what they have together,
	// unless one alone may have more.
	maxFiles    = 50
	maxTogether = 100 << 20
)

// ownFile is the address of a file that is served already.
var ownFile = lazyregexp.New(`^files/[0-9a-f]{32}/`)

// pictureNames end the names of pictures.
var pictureNames = []string{".jpg", ".jpeg", ".png", ".gif"}

// filer takes the files beside a document along that its text links to.
type filer struct {
	desk   Desk
	doc    *Document
	beside fs.FS
	taken  map[string]string // where each is served, by its path in the document
	named  fileNames
	size   int64
}

// takeFiles reads the files beside the document that it links to, and leads the links
// to where they will be served. A link to anything else is left for [Desk.refusal].
func (d Desk) takeFiles(doc *Document, beside fs.FS) {
	f := filer{desk: d, doc: doc, beside: beside, taken: map[string]string{}, named: fileNames{}}
	doc.links = slices.DeleteFunc(doc.links, func(l link) bool {
		escaped, _, _ := strings.Cut(l.path, "#")
		if _, ok := f.taken[escaped]; ok {
			return true
		}
		name, err := url.PathUnescape(escaped)
		if err != nil || strings.HasPrefix(l.written, "/") || !f.isFile(name) {
			return false
		}
		to, err := f.take(name, above(l.written))
		if err != nil {
			if doc.refused == nil {
				doc.refused = &Problem{File: doc.File, Line: l.line, Text: whyNot(name, err)}
			}
			return true
		}
		f.taken[escaped] = to
		return true
	})
	if len(f.taken) > 0 {
		doc.Body = press.HTML(toFile.ReplaceAllStringFunc(string(doc.Body), f.lead))
	}
}

// errMissing is at the root of the error of a file that is not there.
var errMissing = errors.New("put the file beside the document, or write an address that begins with https://")

var errAbove = errors.New("a document takes along what is in its folder and below; put the file there")

func whyNot(name string, err error) string {
	if errors.Is(err, errMissing) {
		return fmt.Sprintf("the link to %q leads to nothing: %v", name, err)
	}
	return fmt.Sprintf("the file %q: %v", name, err)
}

// isFile tells the name of a file from a path on the site: by what it ends in or, where
// that says nothing, because there is such a file.
func (f *filer) isFile(name string) bool {
	if ownFile.MatchString(name) || mediaName.MatchString(name) || feedName.MatchString(path.Base(name)) {
		return false
	}
	if attachment.Known(name) || isPicture(name) {
		return true
	}
	if f.beside == nil || !fs.ValidPath(name) {
		return false
	}
	info, err := fs.Stat(f.beside, name)
	return err == nil && info.Mode().IsRegular()
}

func isPicture(name string) bool {
	return slices.Contains(pictureNames, strings.ToLower(path.Ext(name)))
}

// take reads a file and returns where it will be served.
func (f *filer) take(name string, above bool) (string, error) {
	if above || !fs.ValidPath(name) {
		return "", errAbove
	}
	if isPicture(name) {
		return f.doc.takePicture(f.desk.Site, f.beside, (&url.URL{Path: name}).EscapedPath(), f.taken)
	}
	if f.beside == nil {
		return "", fmt.Errorf("nothing came with the document; %w", errMissing)
	}
	content, err := readBounded(f.beside, name, f.desk.MaxFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", fmt.Errorf("there is no such file; %w", errMissing)
	case err != nil:
		return "", err
	case int64(len(content)) > f.desk.MaxFile:
		return "", fmt.Errorf("the file is larger than %s (max_file_size in the configuration): make it smaller, or link to where it is", mebibytes(f.desk.MaxFile))
	case len(f.doc.Files) == maxFiles:
		return "", fmt.Errorf("an article has %d files at most: leave some out, or link to where they are", maxFiles)
	}
	if f.size += int64(len(content)); f.size > max(maxTogether, f.desk.MaxFile) {
		return "", fmt.Errorf("the files of the article have more than %s together: leave some out, or link to where they are", mebibytes(max(maxTogether, f.desk.MaxFile)))
	}
	file, err := newsdesk.NewFile(name, content)
	if err != nil {
		return "", err
	}
	if err := f.named.add(file); err != nil {
		return "", err
	}
	f.doc.Files = append(f.doc.Files, file)
	return f.desk.Site.File(file.Hash, file.Name), nil
}

// fileNames are the files of an article by their names, as machines compare these that know
// no capital letters and write é as one character or as two.
type fileNames map[string]newsdesk.File

func (named fileNames) add(f newsdesk.File) error {
	k := strings.ToLower(norm.NFC.String(f.Name))
	if other, ok := named[k]; ok && (other.Hash != f.Hash || other.Name != f.Name) {
		return fmt.Errorf("another file of the article is called %s, too: readers could not tell them apart, rename one", other.Name)
	}
	named[k] = f
	return nil
}

func mebibytes(n int64) string { return fmt.Sprintf("%d MiB", n>>20) }

// lead leads what was found by toFile to a file that was taken.
func (f *filer) lead(found string) string {
	m := toFile.FindStringSubmatch(found)
	escaped, fragment, within := strings.Cut(html.UnescapeString(m[2]), "#")
	to, ok := f.taken[escaped]
	if !ok || m[1] != "a href" {
		return found
	}
	if within {
		to += "#" + fragment
	}
	return `<a href="` + html.EscapeString(to) + `"`
}
