package attachment

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

// File is a file that may go out.
type File struct {
	Name    string // base name, such as "annex.pdf"
	Type    string // media type, without parameters
	Content []byte
}

// maxName bounds a name, in bytes: it stands in addresses and on readers' disks.
const maxName = 150

// kind is what a file can be.
type kind struct {
	mediaType string
	check     func(content []byte) error
}

// kinds are the files that may go out, by extension.
var kinds = map[string]kind{
	".pdf":  {"application/pdf", checkPDF},
	".odt":  {openDocument + "text", checkOpenDocument(openDocument + "text")},
	".ods":  {openDocument + "spreadsheet", checkOpenDocument(openDocument + "spreadsheet")},
	".odp":  {openDocument + "presentation", checkOpenDocument(openDocument + "presentation")},
	".docx": {officeXML + "wordprocessingml.document", checkOfficeXML(officeXML + "wordprocessingml.document.main+xml")},
	".xlsx": {officeXML + "spreadsheetml.sheet", checkOfficeXML(officeXML + "spreadsheetml.sheet.main+xml")},
	".pptx": {officeXML + "presentationml.presentation", checkOfficeXML(officeXML + "presentationml.presentation.main+xml")},
	".txt":  {"text/plain", checkText},
	".csv":  {"text/csv", checkCSV},
	".ics":  {"text/calendar", checkCalendar},
}

// Readable lists what [Read] takes, for people.
const Readable = "PDF, OpenDocument (.odt, .ods, .odp), Office Open XML (.docx, .xlsx, .pptx), .txt, .csv and .ics"

// instead says what to do about files of a kind that many have and none may go out.
var instead = map[string]string{
	".doc": "save it as .docx or .pdf", ".xls": "save it as .xlsx", ".ppt": "save it as .pptx or .pdf", ".rtf": "save it as .docx or .pdf",
	".docm": "it may carry macros: save it as .docx", ".xlsm": "it may carry macros: save it as .xlsx", ".pptm": "it may carry macros: save it as .pptx",
	".zip": "link to the files in it one by one",
}

// Known tells whether a name is that of a file that [Read] takes, by its extension.
func Known(name string) bool {
	_, ok := kinds[extension(name)]
	return ok
}

// TypeOf is the media type that a name promises, or nothing.
func TypeOf(name string) string { return kinds[extension(name)].mediaType }

func extension(name string) string { return strings.ToLower(path.Ext(name)) }

// errEmpty is why an empty file is refused.
var errEmpty = errors.New("the file is empty")

// Read checks a file by its name, of which the last part counts, and its content.
func Read(name string, content []byte) (File, error) {
	name = path.Base(name)
	if err := checkName(name); err != nil {
		return File{}, err
	}
	k, ok := kinds[extension(name)]
	if !ok {
		if advice, known := instead[extension(name)]; known {
			return File{}, fmt.Errorf("a file of this kind does not go out: %s", advice)
		}
		return File{}, fmt.Errorf("a file of this kind does not go out; what does is %s", Readable)
	}
	if len(content) == 0 {
		return File{}, errEmpty
	}
	if err := k.check(content); err != nil {
		return File{}, err
	}
	return File{Name: name, Type: k.mediaType, Content: content}, nil
}

// checkName refuses names that mean something else on somebody's disk or screen: a
// mark that turns the direction of writing makes "exe.fdp" of "pdf.exe".
func checkName(name string) error {
	switch {
	case len(name) > maxName:
		return fmt.Errorf("its name is longer than %d bytes: give the file a shorter one", maxName)
	case strings.HasPrefix(name, "."):
		return errors.New("its name begins with a dot, and many machines hide such files: rename it")
	case !utf8.ValidString(name), strings.ContainsAny(name, `\:*?"<>|`),
		strings.ContainsFunc(name, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }):
		return errors.New(`its name has a character that file names must not have on other machines: rename it, without \ : * ? " < > | and invisible characters`)
	}
	return nil
}

// looksLike names what content is by its first bytes, or returns nothing.
func looksLike(content []byte) string {
	for _, known := range []struct{ begins, is string }{
		{"%PDF-", "a PDF"},
		{"PK\x03\x04", "a ZIP archive or an office document"},
		{"\xd0\xcf\x11\xe0", "a document of an old office program"},
		{"{\\rtf", "an RTF document"},
		{"MZ", "a program"},
		{"\x7fELF", "a program"},
		{"\x89PNG", "a PNG picture"},
		{"\xff\xd8\xff", "a JPEG picture"},
		{"GIF8", "a GIF picture"},
		{"\xff\xfe", "a text in UTF-16"},
		{"\xfe\xff", "a text in UTF-16"},
	} {
		if bytes.HasPrefix(content, []byte(known.begins)) {
			return known.is
		}
	}
	head := strings.ToLower(string(bytes.TrimSpace(content[:min(len(content), 512)])))
	if strings.HasPrefix(head, "<!doctype html") || strings.HasPrefix(head, "<html") {
		return "a page in HTML"
	}
	return ""
}

// notA is the error of a file that is not what its name says.
func notA(what string, content []byte) error {
	if is := looksLike(content); is != "" {
		return fmt.Errorf("it is not %s, as its name says: it looks like %s", what, is)
	}
	return fmt.Errorf("it is not %s, as its name says, or it is damaged", what)
}
