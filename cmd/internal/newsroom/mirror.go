package newsroom

import (
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"strings"

	"communique/cmd/internal/importer"
	"communique/storage/attachment"
	"communique/storage/lazyregexp"
)

// Mirror is a tree of files that was made of a web site (by wget, HTTrack or a browser):
// its files have the addresses that they had there.
type Mirror struct {
	root  *url.URL
	files fs.FS
}

// NewMirror is a tree that was made of the site below root.
func NewMirror(root *url.URL, files fs.FS) *Mirror { return &Mirror{root: root, files: files} }

// plainName is the name of a file without the query that a mirror writes behind it.
func plainName(name string) string {
	name = path.Base(name)
	if found := queried.FindStringSubmatch(name); found != nil {
		return found[1]
	}
	plain, _, _ := strings.Cut(name, "?")
	return plain
}

var (
	// mirrored is what HTTrack and browsers write into a page that they save.
	mirrored = lazyregexp.New(`<!-- (?:Mirrored from ([^\s>]+) by HTTrack|saved from url=\([0-9]+\)(https?://[^\s>]+))`)
	// queried is a page whose query is in the name of its file, to which wget adds an
	// ending. Where names cannot have a question mark, it writes @.
	queried = lazyregexp.New(`^(.*)[?@]([^/?@]*=[^/?@]*?)(?:\.html?)?$`)
)

// Address is where a file of the tree was on the site: as the page itself says if it was
// saved by HTTrack or a browser, else by its name. The page is nil if it is none.
func (m *Mirror) Address(name string, page []byte) *url.URL {
	if found := mirrored.FindSubmatch(page[:min(len(page), 16<<10)]); found != nil {
		text := string(found[2])
		if text == "" {
			text = m.root.Scheme + "://" + string(found[1])
		}
		if u, err := url.Parse(text); err == nil && u.Host == m.root.Host {
			return u
		}
	}
	// wget puts a folder named after the host around the tree.
	name = strings.TrimPrefix(name, m.root.Host+"/")
	u := *m.root
	u.RawQuery, u.Fragment, u.RawPath = "", "", ""
	if found := queried.FindStringSubmatch(name); found != nil {
		name, u.RawQuery = found[1], found[2]
	}
	if base := path.Base(name); base == "index.html" || base == "index.htm" {
		name = strings.TrimSuffix(name, base)
	}
	u.Path = strings.TrimSuffix(m.root.Path, "/") + "/" + name
	return &u
}

// find returns the file of a picture or an attachment that the site had at an address. It
// looks for the names that mirrors give: a list of all of them may be longer than the
// pages are many.
func (m *Mirror) find(u *url.URL) (string, bool) {
	name, below := strings.CutPrefix(u.Path, strings.TrimSuffix(m.root.Path, "/")+"/")
	if !below || u.Host != m.root.Host || !attachment.Known(name) && !isPicture(name) {
		return "", false
	}
	names := []string{name}
	if u.RawQuery != "" { // pictures of a size are saved with it or without
		names = []string{name + "?" + u.RawQuery, name + "@" + u.RawQuery, name}
	}
	for _, name := range names {
		for _, name := range []string{name, m.root.Host + "/" + name} {
			if info, err := fs.Stat(m.files, name); err == nil && info.Mode().IsRegular() {
				return name, true
			}
		}
	}
	return "", false
}

// Redirect is where a page was, as path and query, and where its article is.
type Redirect struct{ From, To string }

// Redirects are those of a page that was imported: its address in the tree, that of the
// file, and what it calls itself.
func (m *Mirror) Redirects(name string, p importer.Page, to string) []Redirect {
	var all []Redirect
	seen := map[string]bool{}
	add := func(u *url.URL) {
		if from := asked(u); !seen[from] && from != "/" && u.Host == m.root.Host {
			seen[from] = true
			all = append(all, Redirect{from, to})
		}
	}
	for _, text := range []string{p.SourceURL, p.Canonical} {
		if u, err := url.Parse(text); err == nil && text != "" {
			add(u)
		}
	}
	if base := path.Base(name); base == "index.html" || base == "index.htm" {
		u := *m.root
		u.RawPath, u.Path = "", strings.TrimSuffix(m.root.Path, "/")+"/"+strings.TrimPrefix(name, m.root.Host+"/")
		add(&u)
	}
	return all
}

// asked is the path and query for which a browser asks, as servers see it: what a query
// must not have is escaped (URL Standard §1.3, the query percent-encode set).
func asked(u *url.URL) string {
	var b strings.Builder
	for _, c := range []byte(u.RequestURI()) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte(`"#<>`, c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
