package newsroom

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"communique/storage/press"
	"communique/storage/richtext"
)

// Composition is a document in the parts that a form has: what stands in each, as it was
// written, whether or not it can go out.
type Composition struct {
	Title, Section, Language string
	Published                string // as [Desk.Read] takes it; empty for as soon as it is approved
	Lead                     string
	Kind, Place              string
	Tags                     []string
	Images                   []ComposedImage
	Contacts                 []press.Contact
	NotesToEditors           []string
	TranslationOf            string
	Article, Revision        string // of which it was made; see [Desk.Markdown]
	Text                     string // Markdown
}

// ComposedImage is an image of a composition.
type ComposedImage struct {
	Src     string       `json:"src"` // the name of a file beside the document, or an address
	Alt     string       `json:"alt"`
	Caption string       `json:"caption,omitempty"`
	Credit  string       `json:"credit,omitempty"`
	Terms   string       `json:"terms,omitempty"`
	Focus   *press.Focus `json:"focus,omitempty"`
}

// Document writes a composition as [Desk.Read] and [ReadComposition] read it: each value as
// JSON, which is YAML, so that none is taken for something else.
func (c Composition) Document() []byte {
	var b bytes.Buffer
	field := func(name string, value any, there bool) {
		if there {
			fmt.Fprintf(&b, "%s: %s\n", name, inJSON(value))
		}
	}
	b.WriteString("---\n")
	field("article", c.Article, c.Article != "")
	field("revision", c.Revision, c.Revision != "")
	field("title", c.Title, true)
	field("section", c.Section, true)
	field("language", c.Language, c.Language != "")
	field("published", c.Published, c.Published != "")
	field("lead", c.Lead, c.Lead != "")
	field("kind", c.Kind, c.Kind != "")
	field("place", c.Place, c.Place != "")
	field("tags", c.Tags, len(c.Tags) > 0)
	field("images", c.Images, len(c.Images) > 0)
	field("contacts", c.Contacts, len(c.Contacts) > 0)
	field(notesField, c.NotesToEditors, len(c.NotesToEditors) > 0)
	field("translation_of", c.TranslationOf, c.TranslationOf != "")
	b.WriteString("---\n\n")
	b.WriteString(c.Text + "\n")
	return b.Bytes()
}

// inJSON writes strings and lists of them, which JSON always can, without the escapes that
// it has for HTML.
func inJSON(value any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(value) //nolint:errchkjson // strings and lists of them always are JSON
	return strings.TrimSuffix(b.String(), "\n")
}

// errNoForm is that a document says what a form has no place for.
var errNoForm = errors.New("the form has no place for it")

// ReadComposition takes a document apart, complete or not. An error says that a form would
// lose something of it: it is to be edited as text.
func ReadComposition(text []byte) (c Composition, err error) {
	plain := strings.ReplaceAll(strings.TrimPrefix(string(text), "\ufeff"), "\r\n", "\n")
	matter, body, _, ok := splitFrontMatter(plain)
	if !ok || len(matter) > maxFrontMatter {
		return c, fmt.Errorf("%w: the front matter", errNoForm)
	}
	c.Text = strings.TrimSuffix(strings.TrimPrefix(body, "\n"), "\n")
	if matter, err = mend("the text", matter); err != nil {
		return c, err
	}
	file, err := parser.ParseBytes([]byte(matter), 0)
	if err != nil || len(file.Docs) != 1 {
		return c, fmt.Errorf("%w: the front matter", errNoForm)
	}
	entries, ok := mapping(file.Docs[0].Body)
	if !ok {
		return c, fmt.Errorf("%w: the front matter", errNoForm)
	}
	seen := map[string]bool{}
	for _, e := range entries {
		name := e.Key.GetToken().Value
		if seen[name] || !c.take(name, e.Value) {
			return c, fmt.Errorf("%w: %s", errNoForm, name)
		}
		seen[name] = true
	}
	return c, nil
}

// take takes a field of the front matter.
func (c *Composition) take(name string, n ast.Node) (ok bool) {
	texts := map[string]*string{
		"title": &c.Title, "section": &c.Section, "language": &c.Language, "published": &c.Published, "lead": &c.Lead,
		"kind": &c.Kind, "place": &c.Place,
		"translation_of": &c.TranslationOf, "article": &c.Article, "revision": &c.Revision,
	}
	switch into, known := texts[name]; {
	case known:
		*into, ok = scalar(n)
		return ok
	case name == "tags":
		c.Tags, ok = textsOf(n)
		return ok
	case name == notesField:
		c.NotesToEditors, ok = textsOf(n)
		return ok
	case name == "images":
		return c.takeImages(n)
	case name == "contacts":
		return c.takeContacts(n)
	}
	return false
}

// textsOf are the texts of a list.
func textsOf(n ast.Node) (all []string, ok bool) {
	items, ok := n.(*ast.SequenceNode)
	if !ok {
		return nil, false
	}
	for _, item := range items.Values {
		text, ok := scalar(item)
		if !ok {
			return nil, false
		}
		all = append(all, text)
	}
	return all, true
}

func (c *Composition) takeContacts(n ast.Node) bool {
	items, ok := n.(*ast.SequenceNode)
	if !ok {
		return false
	}
	for _, item := range items.Values {
		entries, ok := mapping(item)
		if !ok {
			return false
		}
		var one press.Contact
		for _, e := range entries {
			into, known := map[string]*string{"name": &one.Name, "role": &one.Role, "telephone": &one.Telephone, "email": &one.Email}[e.Key.GetToken().Value]
			if !known {
				return false
			}
			if *into, ok = scalar(e.Value); !ok {
				return false
			}
		}
		c.Contacts = append(c.Contacts, one)
	}
	return true
}

func (c *Composition) takeImages(n ast.Node) bool {
	items, ok := n.(*ast.SequenceNode)
	if !ok {
		return false
	}
	for _, item := range items.Values {
		entries, ok := mapping(item)
		if !ok {
			return false
		}
		var image ComposedImage
		for _, e := range entries {
			if !image.take(e.Key.GetToken().Value, e.Value) {
				return false
			}
		}
		c.Images = append(c.Images, image)
	}
	return true
}

func (i *ComposedImage) take(name string, n ast.Node) (ok bool) {
	if name == "focus" {
		focus, ok := readFocus(n)
		i.Focus = &focus
		return ok
	}
	into, known := map[string]*string{"src": &i.Src, "alt": &i.Alt, "caption": &i.Caption, "credit": &i.Credit, "terms": &i.Terms}[name]
	if known {
		*into, ok = scalar(n)
	}
	return ok
}

// composed is a document taken apart, or why it can't be.
type composed struct {
	Composition
	err error
}

func readComposed(text []byte) (read composed) {
	read.Composition, read.err = ReadComposition(text)
	return read
}

// halfRead is what a document that is not complete yet says of where it is to be, and when.
func (d Desk) halfRead(c composed) (doc Document) {
	if c.err != nil {
		return doc
	}
	doc.Title, doc.Section, doc.TranslationOf = richtext.Line(c.Title), richtext.CleanText(c.Section), c.TranslationOf
	if press.CheckText("title", doc.Title, press.MaxTitle) != nil {
		doc.Title = ""
	}
	if language, err := press.ParseLanguage(c.Language); err == nil {
		doc.Language = language
	}
	if when, err := readMoment(c.Published, d.Zone); err == nil {
		doc.Published, doc.Precision, doc.Local = when.at, when.precision, when.local
	}
	return doc
}
