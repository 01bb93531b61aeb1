package newsroom

import (
	"fmt"
	"html"
	"io/fs"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"communique/cmd/internal/importer"
	"communique/storage"
	"communique/storage/lazyregexp"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// carried is what a page takes along of the files beside it.
type carried struct {
	desk     Desk
	from     fs.FS
	find     func(*url.URL) (string, bool) // the file that is at an address
	to       map[string]string             // where each is served, by its address
	named    fileNames
	missing  []string // files that readers would look for on this site, and not find
	pictures []newsdesk.Media
	files    []newsdesk.File
	beside   map[string]Enclosure // each as a file beside a document, by where it is served
	size     int64
	failed   error
}

var toAddress = lazyregexp.New(`<(img src|a href)="([^"]*)"`)

// carry leads pictures and links of a draft to the files of the mirrored tree, or beside
// the page. What is not there stays where it was: on the old site.
func (d Desk) carry(draft *press.Draft) (carried, error) {
	c := carried{desk: d, to: map[string]string{}, named: fileNames{}, beside: map[string]Enclosure{}}
	switch {
	case d.Mirror != nil:
		c.from, c.find = d.Mirror.files, d.Mirror.find
	case d.Saved != nil:
		c.from, c.find = d.Saved.files, d.Saved.find
	default:
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

// lead returns where a file will be served, or the address itself.
func (c *carried) lead(address string, shown bool) string {
	plain, fragment, within := strings.Cut(address, "#")
	to, known := c.to[plain]
	if !known {
		u, err := url.Parse(plain)
		if err != nil {
			return address
		}
		name, ok := c.find(u)
		if !ok {
			c.miss(u)
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

// miss notes a file of this very site that it does not have.
func (c *carried) miss(u *url.URL) {
	name := strings.TrimPrefix(u.Path, "/")
	site, err := url.Parse(c.desk.Site.Base)
	if err != nil || u.Host != site.Host || ownFile.MatchString(name) || mediaName.MatchString(name) || !importer.NamesFile(name) && !isPicture(name) {
		return
	}
	if !slices.Contains(c.missing, u.String()) {
		c.missing = append(c.missing, u.String())
	}
}

// misses is why a page is put aside that leads to what is not there, unless that is accepted.
func (c *carried) misses(accept []string) error {
	if len(c.missing) == 0 || slices.Contains(accept, importer.MissingFile) {
		return nil
	}
	return &IncompleteError{Reason: fmt.Sprintf("it leads to files that this site would have and has not (%s): put them beside the page, or accept that with --accept %q", strings.Join(c.missing[:min(len(c.missing), 3)], ", "), importer.MissingFile)}
}

func (c *carried) take(name string) (string, error) {
	if isPicture(plainName(name)) {
		content, err := readBounded(c.from, name, newsdesk.MaxMedia)
		if err != nil {
			return "", err
		}
		m, err := newsdesk.NewMedia(content)
		if err != nil {
			return "", err
		}
		c.pictures = append(c.pictures, m)
		to := c.desk.Site.Media(m.Name())
		c.beside[to] = Enclosure{c.free(FileName(plainName(name))), content}
		return to, nil
	}
	content, err := readBounded(c.from, name, c.desk.MaxFile)
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
	if err := c.named.add(file); err != nil {
		return "", err
	}
	c.files = append(c.files, file)
	to := c.desk.Site.File(file.Hash, file.Name)
	c.beside[to] = Enclosure{file.Name, content}
	return to, nil
}

// free is a name for a picture that none of what is taken along has: files keep theirs, by
// which readers know them.
func (c *carried) free(name string) string {
	free := name
	for n := 2; c.hasBeside(free); n++ {
		free = strconv.Itoa(n) + "-" + name
	}
	return free
}

func (c *carried) hasBeside(name string) bool {
	for _, e := range c.beside {
		if strings.EqualFold(e.Name, name) {
			return true
		}
	}
	return false
}

// store stores what the page takes along, before its article.
func (c carried) store(tx *storage.Tx) error {
	return Document{Pictures: c.pictures, Files: c.files}.storeFiles(tx)
}
