package newsroom

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"
)

// archive is a ZIP file with files of these names and contents.
func archive(t *testing.T, files ...string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		f, err := w.CreateHeader(&zip.FileHeader{Name: files[i], Method: zip.Store})
		if err == nil {
			_, err = f.Write([]byte(files[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func inUTF16(text string, order binary.AppendByteOrder) string {
	var b []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		b = order.AppendUint16(b, unit)
	}
	return string(b)
}

// TestForeignFiles: what an editor takes for a text is called by its name, also if it
// is larger than any article or cut off.
func TestForeignFiles(t *testing.T) {
	t.Parallel()
	const article = "---\ntitle: A\nsection: b\n---\nText.\n"
	word := archive(t, "[Content_Types].xml", "<Types/>", "_rels/.rels", "", "word/document.xml", strings.Repeat("x", MaxDocument))
	for _, tt := range []struct{ name, raw, want string }{
		{"docx", word, "it is a Word document (.docx)"},
		{"a docx that is cut off", word[:MaxDocument+1], "it is a Word document (.docx)"},
		{"odt", archive(t, "mimetype", "application/vnd.oasis.opendocument.text", "content.xml", ""), "it is an OpenDocument text (.odt)"},
		{"pages", archive(t, "Index/Document.iwa", "x"), "it is a Pages document (.pages)"},
		{"xlsx", archive(t, "[Content_Types].xml", "", "xl/workbook.xml", ""), "it is a spreadsheet (.xlsx)"},
		{"epub", archive(t, "mimetype", "application/epub+zip"), "it is a book (.epub)"},
		{"zip", archive(t, "a.md", article), "it is a ZIP archive"},
		{"pdf", "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "it is a PDF file"},
		{"pdf behind a line", "\r\n%PDF-1.4\n", "it is a PDF file"},
		{"rtf", `{\rtf1\ansi Text.}`, "it is a text with formatting (.rtf)"},
		{"doc", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00", "it is an old Word document (.doc)"},
		{"gzip", "\x1f\x8b\x08\x00", "it is a compressed file"},
		{"png", "\x89PNG\r\n\x1a\n", "it is a picture"},
		{"html", "\n<!DOCTYPE html><title>A</title>", "it is a web page (HTML)"},
		{"UTF-16 with its mark", "\xff\xfe" + inUTF16(article, binary.LittleEndian), "it is in UTF-16"},
		{"UTF-16 of the other order", "\xfe\xff" + inUTF16(article, binary.BigEndian), "it is in UTF-16"},
		{"UTF-16 without a mark", inUTF16(article, binary.LittleEndian), "it is in UTF-16"},
		{"UTF-16 of the other order without a mark", inUTF16(article, binary.BigEndian), "it is in UTF-16"},
		{"UTF-16 with a title of another script", inUTF16("---\ntitle: 公告\n---\n公告公告\n", binary.LittleEndian), "it is in UTF-16"},
		{"UTF-32", "\xff\xfe\x00\x00-\x00\x00\x00", "it is in UTF-32"},
	} {
		_, err := reader(t).Read("a.md", []byte(tt.raw), nil)
		if err == nil || !strings.HasPrefix(err.Error(), "a.md: "+tt.want+", and articles are text: ") {
			t.Errorf("%s: %.200v, want %s…", tt.name, err, tt.want)
		}
	}
	for _, text := range []string{article, "\ufeff" + article, "---\ntitle: 公告\nsection: b\n---\n%PDF- is how a PDF file begins.\n"} {
		if _, err := reader(t).Read("a.md", []byte(text), nil); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}
