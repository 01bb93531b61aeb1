package newsroom

import (
	"errors"
	"fmt"
	"html"
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"strings"

	"communique/cmd/internal/importer"
	"communique/storage"
	"communique/storage/attachment"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// Mirror is a tree of files that was made of a web site (by wget, HTTrack or a browser):
// its files have the addresses that they had there.
type Mirror struct {
	root  *url.URL
	files fs.FS
	// names are the files of pictures and attachments, by their addresses.
	names map[string]string
}

// NewMirror looks through a tree that was made of the site below root.
func NewMirror(root *url.URL, files fs.FS) (*Mirror, error) {
	m := &Mirror{root: root, files: files, names: map[string]string{}}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.Type().IsRegular() && (attachment.Known(plainName(name)) || isPicture(plainName(name))) {
			m.names[m.Address(name, nil).String()] = name
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look through the mirrored tree: %w", err)
	}
	return m, nil
}

// plainName is the name of a file without the query that a mirror writes behind it.
func plainName(name string) string {
	plain, _, _ := strings.Cut(path.Base(name), "?")
	return plain
}

var (
	// mirrored is what HTTrack and browsers write into a page that they save.
	mirrored = regexp.MustCompile(`<!-- (?:Mirrored from ([^\s>]+) by HTTrack|saved from url=\([0-9]+\)(https?://[^\s>]+))`)
	// queried is a page whose query is in the name of its file, to which wget adds an
	// ending. Where names cannot have a question mark, it writes @.
	queried = regexp.MustCompile(`^(.*)[?@]([^/?@]*=[^/?@]*?)(?:\.html?)?$`)
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

// carried is what a page takes along of the tree.
type carried struct {
	desk     Desk
	mirror   *Mirror
	to       map[string]string // where each is served, by its address on the old site
	named    map[string]string
	pictures []newsdesk.Media
	files    []newsdesk.File
	size     int64
	failed   error
}

var toAddress = regexp.MustCompile(`<(img src|a href)="([^"]*)"`)

// carry leads pictures and links of a draft to the files of the tree. What is not there
// stays where it was: on the old site.
func (d Desk) carry(draft *press.Draft) (carried, error) {
	c := carried{desk: d, mirror: d.Mirror, to: map[string]string{}, named: map[string]string{}}
	if d.Mirror == nil {
		return c, nil
	}
	images := make([]press.Image, len(draft.Images))
	for i, image := range draft.Images {
		image.Src = c.lead(image.Src, true)
		images[i] = image
	}
	draft.Images = images
	draft.Body = press.HTML(toAddress.ReplaceAllStringFunc(string(draft.Body), func(found string) string {
		m := toAddress.FindStringSubmatch(found)
		return "<" + m[1] + `="` + html.EscapeString(c.lead(html.UnescapeString(m[2]), m[1] == "img src")) + `"`
	}))
	return c, c.failed
}

// lead returns where a file of the tree will be served, or the address itself.
func (c *carried) lead(address string, shown bool) string {
	plain, fragment, within := strings.Cut(address, "#")
	to, known := c.to[plain]
	if !known {
		u, err := url.Parse(plain)
		if err != nil {
			return address
		}
		u.RawPath = ""
		name, ok := c.mirror.names[u.String()]
		if !ok && u.RawQuery != "" {
			u.RawQuery = "" // pictures of a size are saved without it
			name, ok = c.mirror.names[u.String()]
		}
		if !ok {
			return address
		}
		if to, err = c.take(name); err != nil {
			if c.failed == nil {
				c.failed = &IncompleteError{Reason: fmt.Sprintf("the file %s that it shows or links to: %v", name, err)}
			}
			return address
		}
		c.to[plain] = to
	}
	if within && !shown {
		to += "#" + fragment
	}
	return to
}

func (c *carried) take(name string) (string, error) {
	if isPicture(plainName(name)) {
		content, err := readBounded(c.mirror.files, name, newsdesk.MaxMedia)
		if err != nil {
			return "", err
		}
		m, err := newsdesk.NewMedia(content)
		if err != nil {
			return "", err
		}
		c.pictures = append(c.pictures, m)
		return c.desk.Site.Media(m.Name()), nil
	}
	content, err := readBounded(c.mirror.files, name, c.desk.MaxFile)
	switch {
	case err != nil:
		return "", err
	case int64(len(content)) > c.desk.MaxFile:
		return "", fmt.Errorf("it is larger than %s (max_file_size in the configuration)", mebibytes(c.desk.MaxFile))
	case len(c.files) == maxFiles:
		return "", fmt.Errorf("an article has %d files at most", maxFiles)
	}
	if c.size += int64(len(content)); c.size > max(maxTogether, c.desk.MaxFile) {
		return "", fmt.Errorf("the files of the article have more than %s together", mebibytes(max(maxTogether, c.desk.MaxFile)))
	}
	file, err := newsdesk.NewFile(plainName(name), content)
	if err != nil {
		return "", err
	}
	if other, ok := c.named[file.Name]; ok && other != file.Hash {
		return "", errors.New("another file of the article has the same name: readers could not tell them apart")
	}
	c.named[file.Name] = file.Hash
	c.files = append(c.files, file)
	return c.desk.Site.File(file.Hash, file.Name), nil
}

// store stores what the page takes along, before its article.
func (c carried) store(tx *storage.Tx) error {
	return Document{Pictures: c.pictures, Files: c.files}.storeFiles(tx)
}

// Redirect is where a page was, as path and query, and where its article is.
type Redirect struct{ From, To string }

// Redirects are those of a page that was imported: its address in the tree, that of the
// file, and what it calls itself.
func (m *Mirror) Redirects(name string, p importer.Page, to string) []Redirect {
	var all []Redirect
	seen := map[string]bool{}
	add := func(u *url.URL) {
		if from := u.RequestURI(); !seen[from] && from != "/" && u.Host == m.root.Host {
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
