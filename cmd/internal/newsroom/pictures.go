package newsroom

import (
	"errors"
	"fmt"
	"html"
	"io"
	"io/fs"
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"

	"communique/cmd/internal/importer"
	"communique/storage/lazyregexp"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// besideURL stands for the document's folder where an address is expected: what
// is resolved against it names a file. The domain is reserved for never being
// one (RFC 6761 §6.4).
var besideURL = &url.URL{Scheme: "https", Host: importer.BesideHost, Path: "/"}

// takePictures reads the pictures that are files beside the document, those that
// the front matter names and those in the text alike, and gives them the addresses at
// which they will be served.
func (d *Document) takePictures(site press.Site, beside fs.FS) error {
	taken := map[string]string{} // where each file is served
	for i, image := range d.Images {
		name, ok := strings.CutPrefix(image.Src, besideURL.String())
		if !ok {
			continue
		}
		src, err := d.takePicture(site, beside, name, taken)
		if err != nil {
			return d.Problem("images", fmt.Sprintf("image %d: %v", i+1, err))
		}
		d.Images[i].Src = src
	}
	var failed error
	serve := func(found string) string {
		m := toFile.FindStringSubmatch(found)
		name := html.UnescapeString(m[2])
		to, known := taken[name]
		switch {
		case known:
		case m[1] == "a href": // anything but a picture is a page of the site
			to = site.Base + "/" + name
		default:
			var err error
			if to, err = d.takePicture(site, beside, name, taken); err != nil && failed == nil {
				failed = &Problem{File: d.File, Line: d.shownAt[name], Text: fmt.Sprintf("a picture in the text: %v", err)}
			}
		}
		return "<" + m[1] + `="` + html.EscapeString(to) + `"`
	}
	d.Body = press.HTML(toFile.ReplaceAllStringFunc(string(d.Body), serve))
	if text := d.former; text != nil {
		// What only the former text shows is neither stored nor missed.
		d.former = func() press.HTML { return press.HTML(toFile.ReplaceAllStringFunc(string(text()), serve)) }
	}
	return failed
}

// toFile finds, in a cleaned text, what shows or leads to a file beside the
// document. The whole of the address is taken: the name of a file may be the
// beginning of another's.
var toFile = lazyregexp.New(`<(img src|a href)="` + regexp.QuoteMeta(besideURL.String()) + `([^"]*)"`)

// takePicture reads a picture, once, and returns where it will be served.
func (d *Document) takePicture(site press.Site, beside fs.FS, escaped string, taken map[string]string) (string, error) {
	if src, ok := taken[escaped]; ok {
		return src, nil
	}
	m, err := readPicture(beside, escaped)
	if err != nil {
		return "", err
	}
	d.Pictures = append(d.Pictures, m)
	if d.sources == nil {
		d.sources = map[string]string{}
	}
	d.sources[m.Name()] = escaped
	taken[escaped] = site.Media(m.Name())
	return taken[escaped], nil
}

func readPicture(beside fs.FS, escaped string) (newsdesk.Media, error) {
	name, err := url.PathUnescape(escaped)
	// A document must not reach above its folder.
	if err != nil || !fs.ValidPath(name) {
		return newsdesk.Media{}, fmt.Errorf("src %q is not the name of a file beside the document", escaped)
	}
	if beside == nil {
		return newsdesk.Media{}, fmt.Errorf("%s should be beside the document, and nothing came with it: hand the picture in too, or write its whole address", name)
	}
	content, err := readBounded(beside, name, newsdesk.MaxMedia)
	if err != nil {
		return newsdesk.Media{}, fmt.Errorf("%s beside the document: %w", name, err)
	}
	m, err := newsdesk.NewMedia(content)
	if err != nil {
		return newsdesk.Media{}, fmt.Errorf("%s: %w", name, err)
	}
	return m, nil
}

// readBounded reads a file, up to one byte more than it may have.
func readBounded(beside fs.FS, name string, most int64) ([]byte, error) {
	f, err := beside.Open(name)
	for _, spelling := range []norm.Form{norm.NFC, norm.NFD} {
		// A Mac may have written é as two characters, and a text has it as one.
		if errors.Is(err, fs.ErrNotExist) {
			f, err = beside.Open(spelling.String(name))
		}
	}
	if err != nil {
		return nil, withoutPath(err)
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, most+1))
	return content, withoutPath(err)
}

// withoutPath drops the operation and the name, which the caller says in other words.
func withoutPath(err error) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err
	}
	return err
}
