package importer

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"communique/storage/press"
	"communique/storage/richtext"
)

// Document is a Markdown file with its front matter.
type Document struct {
	File     string
	Title    string
	Section  string // a path of names or of slugs, as it was written
	Language press.Language
	// Published is zero if the file gives no date; Precision is empty then.
	Published time.Time
	Precision press.Precision
	Lead      string
	Tags      []string
	Images    []press.Image
	// TranslationOf names the article that this one translates, as written.
	TranslationOf string
	Body          press.HTML
	// Notes tell what was lost in cleaning the text: links, frames, images.
	Notes []string

	lines map[string]int
}

// Problem is an error about a field that only the caller can judge, such as a
// section that does not exist, at the field's line.
func (d Document) Problem(field, text string) *Problem {
	return &Problem{File: d.File, Line: d.lines[field], Field: field, Text: text}
}

// ReadMarkdown reads an article written for communique: YAML front matter
// between two lines "---", then Markdown. The fields are title and section,
// which must be there, and language, published, lead, tags, images and
// translation_of; any other is an error. Every error is a [*Problem].
//
// published is RFC 3339, or "2026-03-01 14:30", or "2026-03-01", in the zone of
// the options. An image is an address with an alternative text, src and alt.
func ReadMarkdown(name string, r io.Reader, o Options) (Document, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	switch {
	case err != nil:
		return Document{}, &Problem{File: name, Text: fmt.Sprintf("it cannot be read: %v", err)}
	case len(raw) > maxFile:
		return Document{}, overLong(name)
	case len(bytes.TrimSpace(raw)) == 0:
		return Document{}, empty(name)
	}
	if i := firstInvalid(raw); i >= 0 {
		return Document{}, &Problem{File: name, Line: 1 + bytes.Count(raw[:i], []byte("\n")), Text: "the text is not UTF-8: save the file as UTF-8"}
	}
	text := strings.ReplaceAll(strings.TrimPrefix(string(raw), "\ufeff"), "\r\n", "\n")
	matter, body, start, ok := splitFrontMatter(text)
	if !ok {
		return Document{}, &Problem{File: name, Line: 1, Text: `the front matter is missing: begin the file with a line "---", the fields title and section, and another line "---"`}
	}
	d := Document{File: name, Language: o.Language, lines: map[string]int{}}
	if err := d.readFrontMatter(matter, o); err != nil {
		return Document{}, err
	}
	var renderErr error
	d.Body, d.Notes, renderErr = richtext.Markdown([]byte(body), o.SourceURL)
	if renderErr != nil {
		return Document{}, &Problem{File: name, Line: start, Text: renderErr.Error()}
	}
	if d.Body == "" {
		return Document{}, &Problem{File: name, Line: start, Text: "there is no text after the front matter: write the article there"}
	}
	return d, nil
}

func firstInvalid(raw []byte) int {
	for i := 0; i < len(raw); {
		r, size := utf8.DecodeRune(raw[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// splitFrontMatter returns what stands between the first two lines "---", what
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
