// Package demo is a fictional ministry to look at: its sections, articles and
// pictures as files, and a small server that follows it.
package demo

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"communique/storage/press"
)

//go:embed articles images *.yaml fresh.md waiting.md
var files embed.FS

// Ministry is the institution that publishes.
type Ministry struct {
	Actor     string                    `yaml:"actor"`
	Name      map[press.Language]string `yaml:"name"`
	Summary   string                    `yaml:"summary"`
	Timezone  string                    `yaml:"timezone"`
	Languages []press.Language          `yaml:"languages"`
	Icon      string                    `yaml:"icon"`
	Header    string                    `yaml:"header"`
	Fields    []Field                   `yaml:"fields"`
}

// Field is a line of the actor's profile.
type Field struct {
	Name  string `yaml:"name"`
	Value string `yaml:"value"`
}

// Section is a section with its names by language.
type Section struct {
	Path  press.Path                `yaml:"path"`
	Names map[press.Language]string `yaml:"names"`
}

// Correction corrects the article of a name by replacing texts, each of which is in
// it once.
type Correction struct {
	Article string        `yaml:"article"`
	Note    string        `yaml:"note"`
	Minor   bool          `yaml:"minor"`
	Replace []Replacement `yaml:"replace"`
}

// Replacement is a text and the one that replaces it.
type Replacement struct {
	Old string `yaml:"old"`
	New string `yaml:"new"`
}

// Withdrawal withdraws the article of a name.
type Withdrawal struct {
	Article string `yaml:"article"`
	Reason  string `yaml:"reason"`
}

// Person is somebody who works at the desk, with roles as people write them.
type Person struct {
	Login string   `yaml:"login"`
	Name  string   `yaml:"name"`
	Roles []string `yaml:"roles"`
}

// Content is all that the demo publishes. Articles are named by their files,
// without the ending; Fresh is the name of the one that is published while one
// watches, and Second corrects it; Waiting is that of the one that waits for a second pair
// of eyes. The first of the people writes, and the second approves.
type Content struct {
	Ministry    Ministry
	Sections    []Section
	Articles    []string
	Corrections []Correction
	Withdrawals []Withdrawal
	Second      Correction
	People      []Person
	Answer      string // what the follower says to the fresh one
}

// Fresh is the name of the communiqué that is published while one watches, Waiting that of
// the one that waits for approval.
const (
	Fresh   = "fresh"
	Waiting = "waiting"
)

// Load reads the demo's content.
func Load() (Content, error) {
	var c Content
	for name, into := range map[string]any{
		"ministry.yaml": &c.Ministry, "sections.yaml": &c.Sections, "corrections.yaml": &c.Corrections,
		"withdrawals.yaml": &c.Withdrawals, "fresh-correction.yaml": &c.Second, "people.yaml": &c.People, "answer.yaml": &c.Answer,
	} {
		text, err := files.ReadFile(name)
		if err != nil {
			return c, fmt.Errorf("read the demo: %w", err)
		}
		if err := yaml.UnmarshalWithOptions(text, into, yaml.Strict()); err != nil {
			return c, fmt.Errorf("read the demo's %s: %w", name, err)
		}
	}
	names, err := fs.Glob(files, "articles/*.md")
	if err != nil {
		return c, fmt.Errorf("read the demo: %w", err)
	}
	for _, name := range names {
		c.Articles = append(c.Articles, strings.TrimSuffix(filepath.Base(name), ".md"))
	}
	slices.Sort(c.Articles)
	return c, nil
}

// Unpack writes the articles and pictures into a folder, side by side.
func Unpack(folder string) error {
	return fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(path, ".yaml") {
			return err
		}
		content, err := files.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(folder, filepath.Base(path)), content, 0o600)
	})
}
