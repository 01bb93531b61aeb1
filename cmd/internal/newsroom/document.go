package newsroom

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"
	"unicode/utf8"

	"communique/storage/manuscripts"
	"communique/storage/newsdesk"
	"communique/storage/press"
	"communique/storage/richtext"
	"communique/storage/richtext/former"
)

// Document is an article as it is handed in, before it is filed: what a Markdown
// file with front matter says.
type Document struct {
	File    string // by which problems call it
	Title   string
	Section string // a path of names or of slugs, as it was written
	// Language is empty if the document does not tell: an article is filed in that of
	// the desk, and corrected in that which it has.
	Language press.Language
	// Published is zero if the document gives no date; Precision is empty then.
	Published time.Time
	Precision press.Precision
	Local     press.Local // the date as it was written, if no zone was
	Lead      string
	Tags      []string
	Images    []press.Image
	press.Particulars
	// TranslationOf names the article that this one translates, as written.
	TranslationOf string
	// Article and Edition are those of which the document says that it was made, by
	// [Desk.Markdown]; empty and zero if it does not say.
	Article press.ArticleID
	Edition press.Edition
	Body    press.HTML
	// Pictures are those that came with the document, and are stored with it.
	Pictures []newsdesk.Media
	// Files are those that it links to and that came with it.
	Files []newsdesk.File
	// Notes tell what was lost in cleaning the text: words, links, frames, images.
	Notes []Note

	// refused is why the text cannot be filed. What is there already is known all the
	// same, so it is kept until it is known that nothing is: see [Desk.refusal].
	refused  *Problem
	draftly  *Problem // that it calls itself a draft
	promises []promise
	links    []link            // to places on the site, with those that may be none
	shownAt  map[string]int    // the lines of the pictures in the text that are beside it
	sources  map[string]string // the file of each picture, as it is written, by the name that the picture will have
	// former is the text as a program up to version 0.4 would have cleaned it, by
	// which what that one filed under a key is known again; nil if that one could not.
	former   func() press.HTML
	ofSet    bool              // its date is that of the set that it is filed in
	compared compared          // with what was found to be another
	text     []byte            // the document as it was handed in
	keeps    press.SectionID   // in which it stays, however it calls it; zero if it says where
	page     *manuscripts.Page // of another site, that it is made of; nil if it is of none
	bare     bool              // its pictures may have no description, as those of pages of others
	zone     *time.Location    // in which dates are told; nil is UTC
	lines    map[string]int    // of the fields
}

// Note tells an editor what a document lost on its way in, or what was made of it
// instead.
type Note struct {
	Line int    `json:"line"` // of the file, from 1
	What string `json:"what"`
}

// Problem is an error about a field, at its line.
func (d Document) Problem(field, text string) *Problem {
	return &Problem{File: d.File, Line: d.lines[field], Field: field, Text: text}
}

// because is [Document.Problem] with what is at the root of it.
func (d Document) because(field string, cause error) *Problem {
	p := d.Problem(field, cause.Error())
	p.Text = strings.TrimPrefix(p.Text, press.ErrNotFound.Error()+": ")
	p.Cause = cause
	return p
}

// when is an article's date for people, in the zone of the site.
func (d Document) when(a press.Article) string {
	if a.Precision == press.ToTheDay {
		return a.DateIn(d.place()).Format(time.DateOnly)
	}
	return a.DateIn(d.place()).Format("2006-01-02 15:04:05 MST")
}

func (d Document) place() *time.Location {
	if d.zone == nil {
		return time.UTC
	}
	return d.zone
}

// gone is what became of an article that is public no more, or never was, and when.
func (d Document) gone(a press.Article) string {
	on := a.WithdrawnAt.In(d.place()).Format(time.DateOnly)
	if a.State == press.Cancelled {
		return "cancelled on " + on + " before it was public"
	}
	return "withdrawn on " + on
}

const noText = "there is no text after the front matter: write the article there"

// MaxDocument bounds a document without its pictures, in bytes.
const MaxDocument = 4 << 20

// Read reads an article as editors write it: YAML front matter between two lines
// "---", then Markdown. The fields are title and section, which must be there, and
// language, published, lead, kind, place, tags, images, contacts, notes_to_editors and translation_of, article and revision as
// [Desk.Markdown] writes them; any other is an error.
// Every error is a [*Problem], which calls the document by its name. A text that
// cannot be filed as it is, for what its Markdown says or where its links lead, is an
// error of [Desk.File] and [Desk.Correct]: older rules may have let it pass, and then
// its key is known.
//
// published is RFC 3339, or "2026-03-01 14:30", or "2026-03-01", in the zone of the
// desk. A picture, in the front matter or in the text, is an address, or the name of
// a file in beside, which is read, as is a file that the text links to; beside may be nil
// if nothing came with the document.
func (d Desk) Read(name string, text []byte, beside fs.FS) (Document, error) {
	doc, err := d.parse(name, text)
	if err != nil {
		return Document{}, err
	}
	d.takeFiles(&doc, beside)
	switch err := doc.takePictures(d.Site, beside); {
	case err != nil && doc.refused != nil:
		return Document{}, doc.refused // it knows better what was written
	case err != nil:
		return Document{}, err
	}
	return doc, nil
}

// parse reads a document without what is beside it, which stands behind [besideURL].
func (d Desk) parse(name string, text []byte) (Document, error) {
	doc, below, err := d.parseFront(name, text)
	if err == nil {
		doc.readText(below.text, below.line)
	}
	return doc, err
}

// belowFront is the text of a document, with the line on which it begins.
type belowFront struct {
	text string
	line int
}

// parseFront reads what stands before the text of a document, and finds that text. It is a small
// part of what it takes to read it all.
func (d Desk) parseFront(name string, text []byte) (doc Document, below belowFront, err error) {
	if what := foreign(text); what != "" {
		return Document{}, below, &Problem{File: name, Text: what}
	}
	switch {
	case len(text) > MaxDocument:
		return Document{}, below, &Problem{File: name, Text: fmt.Sprintf("the file is larger than %d MiB: no article is; split it or leave it out", MaxDocument>>20)}
	case len(bytes.TrimSpace(text)) == 0:
		return Document{}, below, &Problem{File: name, Text: "the file is empty: write the article into it"}
	}
	if i := firstInvalid(text); i >= 0 {
		return Document{}, below, &Problem{File: name, Line: 1 + bytes.Count(text[:i], []byte("\n")), Text: "the text is not UTF-8: save the file as UTF-8"}
	}
	plain := strings.ReplaceAll(strings.TrimPrefix(string(text), "\ufeff"), "\r\n", "\n")
	if i, why := richtext.Unshown(plain); why != "" {
		return Document{}, below, &Problem{File: name, Line: 1 + strings.Count(plain[:i], "\n"), Text: why}
	}
	matter, body, start, ok := splitFrontMatter(plain)
	if !ok {
		return Document{}, below, &Problem{File: name, Line: 1, Text: `the front matter is missing: begin the file with a line "---", the fields title and section, and another line "---"`}
	}
	doc = Document{File: name, text: text, zone: d.Zone, lines: map[string]int{}, bare: d.bare}
	if err := doc.readFrontMatter(matter, d.Zone); err != nil {
		return Document{}, below, err
	}
	if err := doc.promisedAbove(matter); err != nil {
		return Document{}, below, err
	}
	doc.draftly = doc.draftAbove()
	if strings.TrimSpace(body) == "" {
		return Document{}, below, &Problem{File: name, Line: start, Text: noText}
	}
	return doc, belowFront{body, start}, nil
}

// readText cleans the Markdown that begins at a line of the file.
func (d *Document) readText(markdown string, start int) {
	read, err := richtext.ReadMarkdown([]byte(markdown), besideURL)
	at, ok := errors.AsType[*richtext.LineError](err)
	switch {
	case ok:
		d.refused = &Problem{File: d.File, Line: start + at.Line - 1, Text: at.Text}
	case err != nil:
		d.refused = &Problem{File: d.File, Line: start, Text: err.Error()}
	case read.Body == "":
		d.refused = d.nothingLeft(read.Notes, start)
	case len(read.Body) > press.MaxBody:
		d.refused = &Problem{File: d.File, Line: start, Text: fmt.Sprintf("the text becomes %d KiB of HTML, and an article has %d at most: publish it in parts", len(read.Body)>>10, press.MaxBody>>10)}
	}
	for _, n := range read.Notes {
		d.Notes = append(d.Notes, Note{Line: start + n.Line - 1, What: n.What})
	}
	d.Body = read.Body
	if d.refused == nil {
		asWritten, asRead := written(markdown), shown(richtext.Blocks(d.Body))
		d.refused = d.fieldsBelow(markdown, asWritten, asRead, start)
		d.readPromises(markdown, asWritten, asRead, start)
	}
	d.readLinks(read.References, start)
	if !ok || !at.Costly {
		d.former = func() press.HTML { return former.Markdown([]byte(markdown), besideURL) }
	}
}

// nothingLeft is why there is no article although something was written.
func (d *Document) nothingLeft(lost []richtext.Note, start int) *Problem {
	if len(lost) == 0 {
		return &Problem{File: d.File, Line: start, Text: "no reader would see anything of the text after the front matter: write the article there"}
	}
	return &Problem{File: d.File, Line: start + lost[0].Line - 1, Text: "nothing is left of the text that a reader would see: " + lost[0].What}
}

// firstInvalid is where a text stops being UTF-8, or -1.
func firstInvalid(text []byte) int {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// splitFrontMatter returns what is between the first two lines "---", what
// follows, and the number of the line on which that begins.
func splitFrontMatter(text string) (matter, body string, start int, ok bool) {
	rest, found := strings.CutPrefix(text, "---\n")
	if !found {
		return "", "", 0, false
	}
	line := 2
	for at := 0; at < len(rest); line++ {
		end := strings.IndexByte(rest[at:], '\n')
		if end < 0 {
			end = len(rest) - at
		}
		if l := strings.TrimRight(rest[at:at+end], " \t"); l == "---" || l == "..." {
			return rest[:at], rest[min(at+end+1, len(rest)):], line + 1, true
		}
		at += end + 1
	}
	return "", "", 0, false
}
