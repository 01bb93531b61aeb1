package importer

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"communique/storage/press"
	"communique/storage/richtext"
)

// maxFrontMatter bounds the front matter in bytes.
const maxFrontMatter = 64 << 10

// fields are the fields of the front matter.
var fields = []string{"title", "section", "language", "published", "lead", "tags", "images", "translation_of"}

// readFrontMatter reads the fields out of the syntax tree, not into a struct:
// so every error knows its line, and no value changes its type on the way (a
// title may be 2026, a lead may be no).
func (d *Document) readFrontMatter(matter string, o Options) error {
	if len(matter) > maxFrontMatter {
		return &Problem{File: d.File, Line: 1, Text: fmt.Sprintf("the front matter is larger than %d KiB: put the text after the second line \"---\"", maxFrontMatter>>10)}
	}
	file, err := parser.ParseBytes([]byte(matter), 0)
	if err != nil {
		return d.syntaxProblem(err)
	}
	if len(file.Docs) > 1 {
		// What stands behind a line "--- # note" must not be passed over: it may be
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
			return &Problem{File: d.File, Line: 2, Text: `the front matter is no list of fields: write lines like "title: Joint statement"`}
		}
		for _, e := range entries {
			if err := d.readField(e, o); err != nil {
				return err
			}
		}
	}
	for _, field := range fields[:2] {
		if d.lines[field] == 0 {
			return &Problem{File: d.File, Line: 1, Field: field, Text: "it is missing: every article needs one"}
		}
	}
	if o.LanguageForced {
		d.Language = o.Language
	}
	if d.Language == "" {
		return &Problem{File: d.File, Line: 1, Field: "language", Text: "it is missing and none is configured: write one like en"}
	}
	return nil
}

func (d *Document) syntaxProblem(err error) *Problem {
	p := &Problem{File: d.File, Line: 2, Text: "the front matter is no YAML"}
	var syntax *yaml.SyntaxError
	if errors.As(err, &syntax) {
		p.Text += ": " + syntax.Message
		if syntax.Token != nil && syntax.Token.Position != nil {
			p.Line = syntax.Token.Position.Line + 1
		}
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

func (d *Document) readField(e *ast.MappingValueNode, o Options) error {
	name := e.Key.GetToken().Value
	// The first line of the file is the line before the front matter.
	line := e.Key.GetToken().Position.Line + 1
	fail := func(format string, args ...any) error {
		return &Problem{File: d.File, Line: line, Field: name, Text: fmt.Sprintf(format, args...)}
	}
	if !slices.Contains(fields, name) {
		return fail("there is no such field: the fields are %s", strings.Join(fields, ", "))
	}
	if d.lines[name] != 0 {
		return fail("it stands here a second time: keep one")
	}
	d.lines[name] = line
	switch name {
	case "tags":
		return d.readTags(e.Value, fail)
	case "images":
		return d.readImages(e.Value, o, fail)
	}
	text, ok := scalar(e.Value)
	if !ok {
		return fail("it must be a text")
	}
	switch name {
	case "title", "section":
		if text = richtext.CleanText(text); text == "" {
			return fail("it is empty: every article needs one")
		}
		if name == "section" {
			d.Section = text
			return nil
		}
		d.Title = text
	case "lead":
		d.Lead = richtext.CleanText(text)
	case "translation_of":
		d.TranslationOf = richtext.CleanText(text)
	case "language":
		language, err := press.ParseLanguage(text)
		if err != nil {
			return fail("%v", err)
		}
		d.Language = language
	case "published":
		var err error
		if d.Published, d.Precision, err = readMoment(text, o.Zone); err != nil {
			return fail("%v", err)
		}
	}
	return nil
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
		return fail("it must be a list: write [visit, trade]")
	}
	for _, item := range items.Values {
		text, ok := scalar(item)
		if text = richtext.CleanText(text); !ok || text == "" {
			return fail("every tag must be a text")
		}
		if !slices.Contains(d.Tags, text) {
			d.Tags = append(d.Tags, text)
		}
	}
	return nil
}

var moment = regexp.MustCompile(`^([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[Tt ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?\s?([Zz]|[+-][0-9]{2}:[0-9]{2})?)?$`)

// readMoment reads a date of publication (RFC 3339 §5.6, or without the zone,
// the seconds or the time of day).
func readMoment(text string, zone *time.Location) (time.Time, press.Precision, error) {
	m := moment.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return time.Time{}, "", fmt.Errorf("%q is no date: write 2026-03-01, 2026-03-01 14:30 or 2026-03-01T14:30:00+01:00", text)
	}
	number := func(s string) int {
		n, _ := strconv.Atoi(s) // digits only, or empty for 0
		return n
	}
	r := reading{year: number(m[1]), month: number(m[2]), day: number(m[3]), hour: number(m[4]), minute: number(m[5]), second: number(m[6]), precision: press.ToTheDay}
	switch {
	case m[6] != "":
		r.precision = press.ToTheSecond
	case m[4] != "":
		r.precision = press.ToTheMinute
	}
	if r.year == 1 {
		// As programs write it that know no date; it would count as none.
		return time.Time{}, "", fmt.Errorf("%s is no date of a statement: leave the field out to publish it now", text)
	}
	if !r.exists() {
		return time.Time{}, "", fmt.Errorf("%s does not exist in the calendar or on the clock", text)
	}
	if m[7] != "" {
		if r.offset = zoneOffset(m[7]); r.offset == nil {
			return time.Time{}, "", fmt.Errorf("%s is no offset of a zone", m[7])
		}
	}
	t, err := r.in(zone)
	if err != nil {
		return time.Time{}, "", err
	}
	return t, r.precision, nil
}
