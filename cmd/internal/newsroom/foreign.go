package newsroom

import (
	"bytes"
	"fmt"
)

// foreign says what a file is that is no text in UTF-8, and how it becomes one; empty
// if it may be one. A file is known by how it begins, whatever its name.
func foreign(raw []byte) string {
	for _, f := range foreignFormats {
		if f.is(raw) {
			return fmt.Sprintf("it is %s, and articles are text: %s", f.name, f.instead)
		}
	}
	return ""
}

const (
	saveAsText = `save it as plain text (.txt) in UTF-8, with the fields title and section between two lines "---" at its beginning`
	copyText   = `copy its words into a text file in UTF-8, with the fields title and section between two lines "---" at its beginning`
	saveAsUTF8 = "save the file as UTF-8"
)

// foreignFormats are looked for in this order.
var foreignFormats = []struct {
	name, instead string
	is            func([]byte) bool
}{
	{"in UTF-32", saveAsUTF8, begins("\xff\xfe\x00\x00", "\x00\x00\xfe\xff")},
	{"in UTF-16", saveAsUTF8, isUTF16},
	{"a Word document (.docx)", saveAsText, zipped("word/document", "word/_rels")},
	{"an OpenDocument text (.odt)", saveAsText, zipped("mimetypeapplication/vnd.oasis.opendocument.text")},
	{"an OpenDocument file", copyText, zipped("mimetypeapplication/vnd.oasis.opendocument")},
	{"a Pages document (.pages)", saveAsText, zipped("Index/Document.iwa", "index.apxl", "Index.zip")},
	{"a spreadsheet (.xlsx)", copyText, zipped("xl/workbook", "xl/_rels")},
	{"a presentation (.pptx)", copyText, zipped("ppt/presentation", "ppt/_rels")},
	{"a book (.epub)", copyText, zipped("mimetypeapplication/epub+zip")},
	{"an Office document (such as .docx)", saveAsText, zipped("[Content_Types].xml")},
	{"a ZIP archive", "unpack it first", begins("PK\x03\x04", "PK\x05\x06")},
	{"a PDF file", copyText, isPDF},
	{"a text with formatting (.rtf)", saveAsText, begins(`{\rtf`)},
	{"an old Word document (.doc)", saveAsText, begins("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "\xdb\xa5-\x00")},
	{"a compressed file", "unpack it first", begins("\x1f\x8b", "7z\xbc\xaf\x27\x1c", "Rar!\x1a\x07", "BZh", "\xfd7zXZ")},
	{"a picture", "name it under images in the front matter of an article", begins("\x89PNG\r\n", "\xff\xd8\xff", "GIF87a", "GIF89a", "II*\x00", "MM\x00*", "RIFF")},
	{"a web page (HTML)", copyText, isHTML},
}

func begins(marks ...string) func([]byte) bool {
	return func(raw []byte) bool {
		for _, mark := range marks {
			if bytes.HasPrefix(raw, []byte(mark)) {
				return true
			}
		}
		return false
	}
}

// zipped recognises archives by the names of their files, which stand in them as they
// are; the list of them at the end may have been cut off.
func zipped(names ...string) func([]byte) bool {
	return func(raw []byte) bool {
		if !bytes.HasPrefix(raw, []byte("PK\x03\x04")) {
			return false
		}
		for _, name := range names {
			if bytes.Contains(raw, []byte(name)) {
				return true
			}
		}
		return false
	}
}

// isPDF allows for what some programs write above the mark.
func isPDF(raw []byte) bool {
	return bytes.Contains(raw[:min(len(raw), 1024)], []byte("%PDF-")) && !begins("---")(raw)
}

func isHTML(raw []byte) bool {
	start := bytes.ToLower(bytes.TrimSpace(bytes.TrimPrefix(raw[:min(len(raw), 256)], []byte("\ufeff"))))
	return begins("<!doctype html", "<html", "<?xml")(start)
}

// isUTF16 recognises it by its mark, or by a zero beside every letter of its first
// words, which are Latin if they are those of front matter.
func isUTF16(raw []byte) bool {
	if begins("\xff\xfe", "\xfe\xff")(raw) {
		return true
	}
	start := raw[:min(len(raw), 64)&^1]
	for side := range 2 {
		zeros := 0
		for i := side; i < len(start); i += 2 {
			if start[i] == 0 && start[i^1] != 0 {
				zeros++
			}
		}
		if zeros > 2 && zeros >= len(start)/4 {
			return true
		}
	}
	return false
}
