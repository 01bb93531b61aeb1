package site

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"strings"
	"sync"

	"communique/storage/press"
)

//go:embed templates/*.html style.css
var files embed.FS

// Site renders the pages of one institution. It is safe for concurrent use.
type Site struct {
	id          Identity
	words       map[press.Language]*Words
	pages       map[string]*template.Template
	style       []byte
	stylePath   string
	fingerprint string
}

// New returns a site for an identity, with a style sheet of its own. Templates and
// messages are the same in all sites of a program, which reads them once.
func New(id Identity) (*Site, error) {
	s := &Site{id: id}
	var err error
	if s.words, err = allWords(); err != nil {
		return nil, err
	}
	if s.pages, err = allPages(); err != nil {
		return nil, err
	}
	if err := s.prepareStyle(); err != nil {
		return nil, err
	}
	s.fingerprint, err = allFingerprint()
	return s, err
}

var (
	allWords       = sync.OnceValues(loadWords)
	allPages       = sync.OnceValues(parsePages)
	allFingerprint = sync.OnceValues(func() (string, error) { return fingerprint(files, messages) })
)

func parsePages() (map[string]*template.Template, error) {
	all := map[string]*template.Template{}
	for _, name := range []string{"article", "section", "search", "problem", "versions", "version", "compare", "archive", "tags", "input", "feed"} {
		t, err := template.New("page.html").Funcs(functions).ParseFS(files, "templates/page.html", "templates/reactions.html", "templates/"+name+".html")
		if err != nil {
			return nil, fmt.Errorf("parse template %s: %w", name, err)
		}
		all[name] = t
	}
	return all, nil
}

var functions = template.FuncMap{
	"pieces": labelPieces,
}

// prepareStyle completes the style sheet from the configuration and names it after
// its content, so that browsers may keep it for ever.
func (s *Site) prepareStyle() error {
	style, err := files.ReadFile("style.css")
	if err != nil {
		return fmt.Errorf("read the style: %w", err)
	}
	accent, _ := AccentFor(s.id.Accent)
	var b strings.Builder
	fmt.Fprintf(&b, ":root{--accent:%s;--band:%s}\n", accent, accent)
	fmt.Fprintf(&b, "@media (prefers-color-scheme:dark){:root{--accent:%s}}\n", darkAccent(accent))
	if s.id.SerifTitles {
		b.WriteString(":root{--titles:var(--serif)}\n")
	}
	s.style = append(style, b.String()...)
	sum := sha256.Sum256(s.style)
	s.stylePath = "/assets/style-" + hex.EncodeToString(sum[:6]) + ".css"
	return nil
}

// Style returns the style sheet and its path.
func (s *Site) Style() (path string, css []byte) { return s.stylePath, s.style }

// Fingerprint returns a hash of the templates and messages, to be part of every
// ETag.
func (s *Site) Fingerprint() string { return s.fingerprint }

func fingerprint(trees ...fs.FS) (string, error) {
	sum := sha256.New()
	for _, tree := range trees {
		err := fs.WalkDir(tree, ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			content, err := fs.ReadFile(tree, path)
			fmt.Fprintf(sum, "%s %d\n%s", path, len(content), content)
			return err
		})
		if err != nil {
			return "", fmt.Errorf("hash the templates: %w", err)
		}
	}
	return hex.EncodeToString(sum.Sum(nil)[:8]), nil
}

func (s *Site) execute(w io.Writer, page string, view any) error {
	if err := s.pages[page].Execute(w, view); err != nil {
		return fmt.Errorf("render %s page: %w", page, err)
	}
	return nil
}
