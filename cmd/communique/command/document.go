package command

import (
	"context"
	"errors"
	"fmt"
	"html"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"communique/cmd/internal/importer"
	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// document is a Markdown file that has been read, with the pictures beside it.
type document struct {
	importer.Document
	pictures []newsdesk.Media
}

// beside stands for the document's folder where an address is expected: what
// is resolved against it names a file. The domain is reserved for never being
// one (RFC 6761 §6.4).
const beside = "https://beside.invalid/"

// readDocument reads a Markdown file, "-" for standard input.
func (a *app) readDocument(in *installation, name string) (document, error) {
	base, err := url.Parse(beside)
	if err != nil {
		return document{}, err
	}
	o := importer.Options{Zone: in.config.Zone, Language: in.language(), SourceURL: base}
	file := a.Stdin
	folder := "."
	if name != "-" {
		f, err := os.Open(name) //nolint:gosec // the user names it
		if err != nil {
			return document{}, fmt.Errorf("%s: it cannot be read: %w", name, unwrapPath(err))
		}
		defer f.Close()
		file, folder = f, filepath.Dir(name)
	}
	read, err := importer.ReadMarkdown(name, file, o)
	if err != nil {
		return document{}, err
	}
	d := document{Document: read}
	return d, d.takePictures(in, folder)
}

// unwrapPath drops the operation and name that the caller says himself.
func unwrapPath(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// takePictures reads the pictures that are files, those that the front matter
// names and those in the text alike, and gives them the addresses at which they
// will be served.
func (d *document) takePictures(in *installation, folder string) error {
	taken := map[string]string{} // where each file is served
	for i, image := range d.Images {
		name, ok := strings.CutPrefix(image.Src, beside)
		if !ok {
			continue
		}
		src, err := d.takePicture(in, folder, name, taken)
		if err != nil {
			return d.Problem("images", fmt.Sprintf("image %d: %v", i+1, err))
		}
		d.Images[i].Src = src
	}
	var failed error
	d.Body = press.HTML(toFile.ReplaceAllStringFunc(string(d.Body), func(found string) string {
		m := toFile.FindStringSubmatch(found)
		name := html.UnescapeString(m[2])
		to, known := taken[name]
		switch {
		case known:
		case m[1] == "a href": // what is no picture is a page of the site
			to = in.site.Base + "/" + name
		default:
			var err error
			if to, err = d.takePicture(in, folder, name, taken); err != nil && failed == nil {
				failed = &importer.Problem{File: d.File, Text: fmt.Sprintf("a picture in the text: %v", err)}
			}
		}
		return "<" + m[1] + `="` + html.EscapeString(to) + `"`
	}))
	return failed
}

// toFile finds, in a cleaned text, what shows or leads to a file beside the
// document. The whole of the address is taken: the name of a file may be the
// beginning of another's.
var toFile = regexp.MustCompile(`<(img src|a href)="` + regexp.QuoteMeta(beside) + `([^"]*)"`)

// takePicture reads a picture, once, and returns where it will be served.
func (d *document) takePicture(in *installation, folder, name string, taken map[string]string) (string, error) {
	if src, ok := taken[name]; ok {
		return src, nil
	}
	m, err := readPicture(folder, name)
	if err != nil {
		return "", err
	}
	d.pictures = append(d.pictures, m)
	taken[name] = in.site.Media(m.Name())
	return taken[name], nil
}

func readPicture(folder, escaped string) (newsdesk.Media, error) {
	name, err := url.PathUnescape(escaped)
	if err != nil {
		return newsdesk.Media{}, fmt.Errorf("src %q is no file name", escaped)
	}
	root, err := os.OpenRoot(folder) // a document must not reach above its folder
	if err != nil {
		return newsdesk.Media{}, unwrapPath(err)
	}
	defer root.Close()
	content, err := root.ReadFile(name)
	if err != nil {
		return newsdesk.Media{}, fmt.Errorf("%s beside the document: %w", name, unwrapPath(err))
	}
	m, err := newsdesk.NewMedia(content)
	if err != nil {
		return newsdesk.Media{}, fmt.Errorf("%s: %w", name, err)
	}
	return m, nil
}

// draft turns the document into what storage takes; the section and the
// original must be there.
func (d document) draft(tx *storage.Tx, in *installation, silent bool) (press.Draft, error) {
	section, err := resolve(tx, d.Section)
	if err != nil {
		return press.Draft{}, d.Problem("section", strings.TrimPrefix(err.Error(), press.ErrNotFound.Error()+": "))
	}
	draft := press.Draft{
		Section: section.ID, Language: d.Language, Title: d.Title, Lead: d.Lead, Body: d.Body,
		Images: d.Images, Tags: d.Tags, Published: d.Published, Precision: d.Precision, Silent: silent,
	}
	if d.TranslationOf != "" {
		if draft.TranslationOf, err = in.site.ArticleRef(d.TranslationOf); err != nil {
			return draft, d.Problem("translation_of", err.Error())
		}
		if _, err := tx.Article(draft.TranslationOf); err != nil {
			return draft, d.Problem("translation_of", err.Error())
		}
	}
	return draft, nil
}

// storePictures stores the document's pictures, before the article that shows
// them, so that the article knows their dimensions and makes them as public as
// itself.
func (d document) storePictures(tx *storage.Tx) error {
	for _, m := range d.pictures {
		if err := tx.AddMedia(m); err != nil {
			return err
		}
	}
	return nil
}

// newsFor is how old a statement may be that is pushed to followers: on their
// timelines it stands on top, whatever its date.
const newsFor = 48 * time.Hour

func (d document) checkAge(silent bool, now time.Time) error {
	if silent || d.Published.IsZero() || now.Sub(d.Published) <= newsFor {
		return nil
	}
	return d.Problem("published", "it is more than 48 hours ago: with --silent the article appears in feeds and pages and is not pushed to followers, or leave the field out to publish it now")
}

// publish files a document as a new article, under a key once only.
func (in *installation) publish(ctx context.Context, d document, key string, silent bool) (article press.Article, e press.Entry, err error) {
	err = in.store.Update(ctx, func(tx *storage.Tx) error {
		article, e, err = d.fileOnce(tx, in, key, silent)
		return err
	})
	return article, e, err
}

// file files the document as a new article.
func (d document) file(tx *storage.Tx, in *installation, silent bool) (press.Article, press.Entry, error) {
	return d.fileOnce(tx, in, "", silent)
}

func (d document) fileOnce(tx *storage.Tx, in *installation, key string, silent bool) (article press.Article, e press.Entry, err error) {
	draft, err := d.draft(tx, in, silent)
	if err != nil {
		return article, e, err
	}
	if err := d.storePictures(tx); err != nil {
		return article, e, err
	}
	if key == "" {
		article, e, err = tx.Publish(draft)
	} else {
		article, e, err = tx.PublishOnce(key, draft)
	}
	if err != nil {
		return article, e, fmt.Errorf("%s: %w", d.File, err)
	}
	return article, e, nil
}

// correct gives an article what a document says.
func (in *installation) correct(ctx context.Context, id press.ArticleID, d document, note string, minor bool) (article press.Article, e press.Entry, err error) {
	err = in.store.Update(ctx, func(tx *storage.Tx) error {
		article, e, err = d.amend(tx, in, id, note, minor)
		return err
	})
	return article, e, err
}

// amend corrects an article to what the document says. Whether it is silent
// was settled when it was published.
func (d document) amend(tx *storage.Tx, in *installation, id press.ArticleID, note string, minor bool) (press.Article, press.Entry, error) {
	before, err := tx.Article(id)
	if err != nil {
		return before, press.Entry{}, err
	}
	draft, err := d.draft(tx, in, before.Silent)
	if err != nil {
		return before, press.Entry{}, err
	}
	if err := d.storePictures(tx); err != nil {
		return before, press.Entry{}, err
	}
	article, e, err := tx.Correct(id, newsdesk.Correction{Draft: draft, Note: note, Minor: minor})
	if err != nil {
		return article, e, fmt.Errorf("%s: %w", d.File, err)
	}
	return article, e, nil
}
