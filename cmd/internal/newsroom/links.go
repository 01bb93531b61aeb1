package newsroom

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"communique/storage"
	"communique/storage/lazyregexp"
	"communique/storage/press"
	"communique/storage/richtext"
)

// link is a link in a text to a place on the site, or to a file beside the document:
// nobody can tell them apart who does not know what is on the site.
type link struct {
	line    int
	path    string
	written string
}

// above tells whether an address, as it is written, leads out of the document's folder:
// resolved it would name another file in there.
func above(written string) bool {
	return slices.Contains(strings.Split(strings.ReplaceAll(written, "%2e", "."), "/"), "..")
}

// readLinks keeps the links that may lead to nothing. A picture that is beside the
// document is published with it, so a link may lead to it.
func (d *Document) readLinks(references []richtext.Reference, start int) {
	shown := map[string]bool{}
	for _, image := range d.Images {
		shown[image.Src] = true
	}
	d.shownAt = map[string]int{}
	for _, r := range references {
		line := start + r.Line - 1
		if why := unclear(r); why != "" && d.refused == nil {
			d.refused = &Problem{File: d.File, Line: line, Text: why}
		}
		name, beside := strings.CutPrefix(r.Address, besideURL.String())
		if shown[r.Address] = shown[r.Address] || r.Picture; r.Picture && beside && d.shownAt[name] == 0 {
			d.shownAt[name] = line
		}
	}
	for _, r := range references {
		if path, ok := strings.CutPrefix(r.Address, besideURL.String()); ok && !shown[r.Address] {
			d.links = append(d.links, link{start + r.Line - 1, path, r.Written})
		}
	}
}

// unclear is why an address cannot be taken whatever there is on the site or beside the
// document. A browser would understand it by the page on which it stands.
func unclear(r richtext.Reference) string {
	beside := strings.HasPrefix(r.Address, besideURL.String())
	switch {
	case !beside && otherHost.MatchString(r.Written):
		return fmt.Sprintf("the address %q begins with two slashes: write one that begins with https://", r.Written)
	case beside && r.Picture && above(r.Written):
		return fmt.Sprintf("the picture %q: %v", r.Written, errAbove)
	case beside && ownPage.MatchString(r.Written):
		return fmt.Sprintf("the address %q leads to the page on which it stands, and a text stands on several: write one that begins with https://", r.Written)
	}
	return ""
}

var (
	// otherHost is an address without a scheme, as the URL Standard reads it.
	otherHost = lazyregexp.New(`^[/\\]{2}`)
	// ownPage is one without a path, or with one that leads to the folder.
	ownPage = lazyregexp.New(`^(?:\./?)*(?:[?#].*)?$`)
)

// refusal is why a document's text cannot be filed.
func (d Desk) refusal(tx *storage.Tx, doc Document) error {
	if doc.refused != nil {
		return doc.refused
	}
	if len(doc.links) == 0 {
		return nil
	}
	tree, err := tx.Tree()
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, l := range doc.links {
		leads, ok := known[l.path]
		if !ok {
			if leads, err = d.leads(tx, tree, l.path); err != nil {
				return err
			}
			known[l.path] = leads
		}
		if !leads {
			return &Problem{File: doc.File, Line: l.line, Text: fmt.Sprintf(
				"the link to %q leads to nothing: it is neither a page of this site, nor a file beside the document, nor a whole address; write one that begins with https://%s", l.written, l.unlessText())}
		}
	}
	return nil
}

// unlessText is what else the author is told of a link to a word, which may be none.
func (l link) unlessText() string {
	if strings.ContainsAny(l.written, "./#?:%") {
		return ""
	}
	return `, or \[ if the brackets are to be read`
}

// siteFolders are the first parts of the site's addresses that are not a language.
var siteFolders = []string{"", "actors", "ap", "websub", "sitemap.xml", "robots.txt", ".well-known", "nodeinfo"}

// leads tells whether a path is that of something on the site.
func (d Desk) leads(tx *storage.Tx, tree press.Tree, path string) (bool, error) {
	path, _, _ = strings.Cut(path, "#")
	path, _, _ = strings.Cut(path, "?")
	parts := strings.Split(path, "/")
	if slices.Contains(siteFolders, parts[0]) || mediaName.MatchString(path) {
		return true, nil
	}
	if !slices.Contains(d.Languages, press.Language(parts[0])) {
		return false, nil
	}
	parts = slices.DeleteFunc(parts[1:], func(part string) bool { return part == "" })
	if len(parts) > 0 && feedName.MatchString(parts[len(parts)-1]) {
		parts = parts[:len(parts)-1]
	}
	if len(parts) == 0 {
		return true, nil
	}
	switch parts[0] {
	case "search", "tags", "archive":
		return !strings.Contains(parts[len(parts)-1], ".") || parts[0] == "tags", nil
	case "articles":
		return d.leadsToArticle(tx, parts[1:])
	}
	// What follows is the archive of the section by date.
	if i := slices.Index(parts, "archive"); i > 0 {
		parts = parts[:i]
	}
	section := press.Path(strings.Join(parts, "/"))
	_, is := tree.ByPath(section)
	_, was := tree.Former(section)
	return is || was, nil
}

func (d Desk) leadsToArticle(tx *storage.Tx, parts []string) (bool, error) {
	if len(parts) == 0 {
		return false, nil
	}
	_, err := tx.Article(press.ArticleID(parts[0]))
	if errors.Is(err, press.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// mediaName is the address of a picture that is served already.
var mediaName = lazyregexp.New(`^media/[0-9a-f]{32,}[-.]`)

// feedName is the last part of a feed's address, of a list of feeds' or of the
// description of the search.
var feedName = lazyregexp.New(`^(feed(\.[0-9]+)?\.(rss|atom|json)|feeds\.(rss|atom)\.opml|opensearch\.xml)$`)
