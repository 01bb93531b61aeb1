package richtext

import (
	"bytes"
	"fmt"
	"net/url"
	"unicode/utf8"

	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"communique/storage/press"
)

// MaxMarkdown bounds a Markdown text in bytes; an article's body may have half
// as much again.
const MaxMarkdown = 1 << 20

// maxRendered bounds the HTML that is made of it before it is cleaned: a text of
// tables becomes ten times as long, and no article of that length is stored.
const maxRendered = 3 << 20

// LineError says why a Markdown text cannot be taken, and where.
type LineError struct {
	Line int // from 1
	Text string
	// Costly is whether reading the text would take time without bound.
	Costly bool
}

func (e *LineError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Text) }

// Markdown renders CommonMark 0.31 with tables, strikethrough by two tildes,
// footnotes, task lists, lists of terms, ids of headings and bare links, and
// cleans the result like any other text: HTML in it is as welcome as it is in
// [Clean], which also says what base and the problems are. A tag that HTML does not
// know is text, and so is a sign of a list, a heading or a quotation with nothing
// behind it. The error, a [*LineError] but for texts that are too long or not UTF-8,
// is for what would be published as it was typed: the marks of other dialects,
// footnotes without a text, texts that would take time without bound.
func Markdown(src []byte, base *url.URL) (press.HTML, []string, error) {
	r, err := ReadMarkdown(src, base)
	return r.Body, texts(r.Notes), err
}

// ReadMarkdown is [Markdown] with the notes at their lines, and with all that the
// text refers to.
func ReadMarkdown(src []byte, base *url.URL) (Reading, error) {
	if len(src) > MaxMarkdown {
		return Reading{}, fmt.Errorf("the text has %d bytes: at most %d are taken", len(src), MaxMarkdown)
	}
	if !utf8.Valid(src) {
		return Reading{}, fmt.Errorf("the text is not valid UTF-8: save it as UTF-8")
	}
	src = bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n"))
	if at, why := Unshown(string(src)); why != "" {
		return Reading{}, &LineError{1 + bytes.Count(src[:at], []byte("\n")), why, false}
	}
	r, err := readMarkdown(src)
	if err != nil {
		return Reading{}, err
	}
	if err := tooManyLinks(r.out.Bytes(), r.lineOf); err != nil {
		return Reading{}, err
	}
	read := cleaning{base: base, lineOf: r.lineOf, typed: true}.clean(r.out.String())
	if read.problem != nil {
		return Reading{}, read.problem
	}
	told := &notes{all: append(r.notes, read.Notes...)}
	read.Notes = told.sorted()
	return read, nil
}

// readMarkdown renders a text as HTML that is not clean yet.
func readMarkdown(src []byte) (r *markdownWriter, err error) {
	defer func() {
		// The parser has no other way out of the middle of a text.
		switch stop := recover().(type) {
		case nil:
		case *LineError:
			err = stop
		default:
			panic(stop)
		}
	}()
	if err := tooManyNotes(src); err != nil {
		return nil, err
	}
	pc := parser.NewContext()
	b := &budget{lineOf: lines(string(src))}
	pc.Set(budgetKey, b)
	document := markdownParser.Parse(text.NewReader(src), parser.WithContext(pc))
	r = newMarkdownWriter(src, b)
	r.document(document)
	if r.problem != nil {
		return nil, r.problem
	}
	return r, nil
}
