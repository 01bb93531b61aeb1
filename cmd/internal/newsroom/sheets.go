package newsroom

import (
	"io"
	"io/fs"
	"net/url"
	"path"
	"strings"
	"sync"

	"communique/cmd/internal/importer"
	"communique/storage/lazyregexp"
)

// Sheets are the style sheets that stand beside pages, in a folder or a mirrored tree. None
// is fetched. They may be asked by many at once.
type Sheets struct {
	files  fs.FS
	mirror *Mirror // nil for a folder

	mu   sync.Mutex
	read map[string]*importer.LinkedSheet // by their names
}

// NewSheets are the style sheets of a folder, or of the tree that was made of a site.
func NewSheets(files fs.FS, mirror *Mirror) *Sheets {
	return &Sheets{files: files, mirror: mirror, read: map[string]*importer.LinkedSheet{}}
}

const (
	// maxSheet bounds a style sheet in bytes, maxImported how many it is made of, and
	// maxSheets those that are kept at hand.
	maxSheet    = 1 << 20
	maxImported = 10
	maxSheets   = 50
)

// Linked is the style sheet to which a page links, or nil.
func (s *Sheets) Linked(page, href string) *importer.LinkedSheet {
	name := s.find(page, href)
	if name == "" {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if sheet, known := s.read[name]; known {
		return sheet
	}
	if len(s.read) >= maxSheets {
		clear(s.read)
	}
	left := maxImported
	s.read[name] = importer.ReadLinkedSheet(s.text(name, &left))
	return s.read[name]
}

// find is the file of the folder to which another one leads, or empty.
func (s *Sheets) find(from, href string) string {
	for _, name := range s.names(from, href) {
		if info, err := fs.Stat(s.files, name); err == nil && info.Mode().IsRegular() {
			return name
		}
	}
	return ""
}

// names are those that the file may have to which a file of the folder leads.
func (s *Sheets) names(from, href string) []string {
	u, err := url.Parse(href)
	if err != nil || u.Path == "" {
		return nil
	}
	var bases []string
	switch root := u.Host != "" || strings.HasPrefix(u.Path, "/"); {
	case root && s.mirror != nil:
		below, ok := strings.CutPrefix(u.Path, strings.TrimSuffix(s.mirror.root.Path, "/")+"/")
		if !ok || u.Host != "" && u.Host != s.mirror.root.Host {
			return nil
		}
		bases = []string{below, s.mirror.root.Host + "/" + below}
	case u.Scheme != "" || u.Host != "":
		return nil
	case root: // of a site whose root is one of the folders around the page
		for at := path.Dir(from); ; at = path.Dir(at) {
			bases = append(bases, path.Join(at, u.Path))
			if at == "." {
				break
			}
		}
	default:
		bases = []string{path.Join(path.Dir(from), u.Path)}
	}
	var names []string
	for _, base := range bases {
		base = path.Clean(base)
		for _, name := range []string{base + "?" + u.RawQuery, base + "?" + u.RawQuery + ".css", base + "@" + u.RawQuery, base + "@" + u.RawQuery + ".css", base} {
			if fs.ValidPath(name) && (u.RawQuery != "" || name == base) {
				names = append(names, name)
			}
		}
	}
	return names
}

// text is what a style sheet says, with what it takes in before it.
func (s *Sheets) text(name string, left *int) string {
	if name == "" || *left == 0 {
		return ""
	}
	*left--
	f, err := s.files.Open(name)
	if err != nil {
		return ""
	}
	defer f.Close()
	css, err := io.ReadAll(io.LimitReader(f, maxSheet))
	if err != nil {
		return ""
	}
	var taken strings.Builder
	for _, m := range importedSheet.FindAllSubmatch(css, maxImported) {
		taken.WriteString(s.text(s.find(name, string(m[1])), left) + "\n")
	}
	return taken.String() + string(css)
}

// importedSheet is a style sheet that another one takes in on every screen.
var importedSheet = lazyregexp.New(`(?i)@import\s+(?:url\(\s*)?["']?([^"')\s;]+)["']?\s*\)?\s*(?:(?:all|screen)\s*)?;`)
