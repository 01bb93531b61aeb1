package newsroom

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"communique/storage/lazyregexp"
	"communique/storage/press"
	"communique/storage/richtext"
	"communique/storage/wording"
)

// maxFrontMatter bounds the front matter in bytes.
const maxFrontMatter = 64 << 10

// fields are the fields of the front matter.
var fields = []string{"title", "section", "language", "published", "lead", "kind", "place", "tags", "images", "contacts", notesField, "translation_of", "article", "revision"}

// readFrontMatter reads the fields out of the syntax tree, not into a struct:
// so every error knows its line, and no value changes its type on the way (a
// title may be 2026, a lead may be no).
func (d *Document) readFrontMatter(matter string, zone *time.Location) error {
	if len(matter) > maxFrontMatter {
		return &Problem{File: d.File, Line: 1, Text: fmt.Sprintf("the front matter is larger than %d KiB: put the text after the second line \"---\"", maxFrontMatter>>10)}
	}
	matter, err := mend(d.File, matter)
	if err != nil {
		return err
	}
	file, err := parser.ParseBytes([]byte(matter), 0)
	if err != nil {
		return d.syntaxProblem(err, strings.Split(matter, "\n"))
	}
	if len(file.Docs) > 1 {
		// What follows a line "--- # note" must not be passed over: it may be
		// the end of an embargo.
		line := 2
		if start := file.Docs[1].Start; start != nil {
			line = start.Position.Line + 1
		}
		return &Problem{File: d.File, Line: line, Text: `the front matter has a second part: end it with a line that is "---" and nothing else`}
	}
	if len(file.Docs) > 0 && file.Docs[0].Body != nil {
		entries, ok := mapping(file.Docs[0].Body)
		if !ok {
			return &Problem{File: d.File, Line: 2, Text: `the front matter is not a list of fields: write lines like "title: Joint statement"`}
		}
		for _, e := range entries {
			if err := d.readField(e, zone); err != nil {
				return err
			}
		}
	}
	for _, field := range fields[:2] {
		if d.lines[field] == 0 {
			return &Problem{File: d.File, Line: 1, Field: field, Text: "it is missing: every article needs one"}
		}
	}
	d.tellMarks()
	return nil
}

// tellMarks notes what looks like Markdown in fields, where nothing is read as such.
func (d *Document) tellMarks() {
	tell := func(field, name, text string) {
		if marks := richtext.UnreadMarks(text); marks != "" {
			d.Notes = append(d.Notes, Note{Line: d.lines[field], What: fmt.Sprintf("marks stand in the %s as they were typed: %s", name, marks)})
		}
	}
	tell("title", "title", d.Title)
	tell("lead", "lead", d.Lead)
	for i, tag := range d.Tags {
		tell(tagAt(i+1), "tags", tag)
	}
	tell("place", "place", d.Place)
	for i, note := range d.NotesToEditors {
		tell(noteAt(i+1), "notes to editors", note)
	}
	for i, image := range d.Images {
		for _, said := range []struct{ field, text string }{{"alt", image.Alt}, {"caption", image.Caption}, {"credit", image.Credit}, {"terms", image.Terms}} {
			field := ofImage(said.field, i)
			tell(field, field, said.text)
		}
	}
	slices.SortStableFunc(d.Notes, func(a, b Note) int { return a.Line - b.Line })
}

var definedTwice = lazyregexp.New(`mapping key (".*?") already defined`)

// syntaxProblem says in our words what YAML cannot read: those of the parser help
// nobody who writes an article.
func (d *Document) syntaxProblem(err error, lines []string) *Problem {
	p := &Problem{File: d.File, Line: 2, Text: `the front matter cannot be read from here on: write lines like title: "Joint statement"`}
	syntax, ok := errors.AsType[*yaml.SyntaxError](err)
	if !ok {
		return p
	}
	at := 0
	if syntax.Token != nil && syntax.Token.Position != nil {
		at = min(max(syntax.Token.Position.Line-1, 0), len(lines)-1)
	}
	p.Line = at + 2
	if twice := definedTwice.FindStringSubmatch(syntax.Message); twice != nil {
		p.Text = twice[1] + " is here a second time: keep one of the two"
		return p
	}
	part := entryLine.FindStringSubmatch(strings.TrimSpace(lines[at]))
	if keyed := keyedLine.FindStringSubmatch(part[3]); keyed != nil && keyed[2] != "" {
		text := keyed[2]
		if mark := text[0]; (mark == '"' || mark == '\'') && closing(text[1:], mark) == len(text)-2 {
			text = withoutEscapes(mark, text[1:len(text)-1])
		} else {
			text = unquoted(text)
		}
		p.Text = "the line cannot be read: write " + part[2] + keyed[1] + ": " + quoted(text)
	}
	return p
}

// mapping returns the entries of a mapping node.
func mapping(n ast.Node) ([]*ast.MappingValueNode, bool) {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	}
	return nil, false
}

func (d *Document) readField(e *ast.MappingValueNode, zone *time.Location) error {
	name := e.Key.GetToken().Value
	// The first line of the file is the line before the front matter.
	at := e.Key.GetToken().Position.Line + 1
	fail := func(format string, args ...any) error {
		return &Problem{File: d.File, Line: at, Field: name, Text: fmt.Sprintf(format, args...)}
	}
	if !slices.Contains(fields, name) {
		return noField(name, fail)
	}
	if d.lines[name] != 0 {
		return fail("it is here a second time: keep one of the two")
	}
	d.lines[name] = at
	switch name {
	case "tags":
		return d.readTags(e.Value, fail)
	case "images":
		return d.readImages(e.Value, fail)
	case "contacts":
		return d.readContacts(e.Value, fail)
	case notesField:
		return d.readNotesToEditors(e.Value, fail)
	}
	text, ok := scalar(e.Value)
	if !ok {
		return fail("it must be a text: write it behind the colon, in quotation marks")
	}
	if _, why := richtext.Unshown(text); why != "" {
		return fail("%s", why)
	}
	switch name {
	case "title":
		if d.Title = line(e.Value); d.Title == "" {
			return fail("it is empty: every article needs one")
		}
	case "section":
		if d.Section = richtext.CleanText(text); d.Section == "" {
			return fail("it is empty: every article needs one")
		}
	case "lead":
		d.Lead = line(e.Value)
	case "kind":
		return d.readKind(text, fail)
	case "place":
		d.Place = line(e.Value)
	case "translation_of":
		d.TranslationOf = richtext.CleanText(text)
	case "article":
		id, err := press.ParseArticleID(text)
		if err != nil {
			return fail("%q is not the id of an article: leave the line as it was given, or out", text)
		}
		d.Article = id
	case "revision":
		edition, err := press.ParseEdition(text)
		if err != nil {
			return fail("%q is not the number of a revision: leave the line as it was given, or out", text)
		}
		d.Edition = edition
	case "language":
		language, err := press.ParseLanguage(text)
		if err != nil {
			return fail("%v", err)
		}
		d.Language = language
	case "published":
		when, err := readMoment(text, zone)
		if err != nil {
			return fail("%v", err)
		}
		d.Published, d.Precision, d.Local = when.at, when.precision, when.local
	}
	return nil
}

// noField says what to write in place of a name that is none of a field.
func noField(name string, fail func(string, ...any) error) error {
	if known := strings.ToLower(strings.TrimSpace(wording.Visible(name))); slices.Contains(fields, known) {
		return fail("the names of fields have small letters: write %s: …", known)
	}
	if near := slices.IndexFunc(fields, func(f string) bool { return oneSlip(strings.ToLower(name), f) }); near >= 0 {
		return fail("there is no such field: write %s: … if that is meant; the fields are %s", fields[near], strings.Join(fields, ", "))
	}
	return fail("there is no such field: the fields are %s", strings.Join(fields, ", "))
}

// scalar returns the text of a plain, quoted or block value as it was written.
func scalar(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.NullNode:
		return "", true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, true
	}
	return "", false
}

func (d *Document) readTags(n ast.Node, fail func(string, ...any) error) error {
	items, ok := n.(*ast.SequenceNode)
	if !ok {
		text, _ := scalar(n)
		return fail("it must be a list: write tags: %s", tagList(strings.TrimSpace(text)))
	}
	for _, item := range items.Values {
		text, ok := scalar(item)
		if err := d.checkShown(item, "tags", text); err != nil {
			return err
		}
		if text = richtext.CleanText(text); !ok || text == "" {
			return fail("every tag must be a text: write tags: [visit, trade]")
		}
		if !slices.Contains(d.Tags, text) {
			d.Tags = append(d.Tags, text)
			d.lines[tagAt(len(d.Tags))] = item.GetToken().Position.Line + 1
		}
	}
	return nil
}

// tagAt names a tag, which has a line of its own.
func tagAt(number int) string { return fmt.Sprintf("tag %d", number) }

// checkShown refuses a text in a list that has what cannot be shown, at its line.
func (d *Document) checkShown(n ast.Node, field, text string) error {
	if _, why := richtext.Unshown(text); why != "" {
		return &Problem{File: d.File, Line: n.GetToken().Position.Line + 1, Field: field, Text: why}
	}
	return nil
}
