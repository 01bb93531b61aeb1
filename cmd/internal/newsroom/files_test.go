package newsroom

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"strings"
	"testing"
	"testing/fstest"

	"communique/storage"
)

const smallPDF = "%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"

// beside is what lies beside the documents of these tests.
var beside = fstest.MapFS{
	"annex.pdf":             {Data: []byte(smallPDF)},
	"Überblick 2027.csv":    {Data: []byte("year,aid\n2027,5\n")},
	"Annex.PDF":             {Data: []byte(smallPDF)},
	"annexes/annex.pdf":     {Data: []byte(smallPDF + "\n")},
	"copies/annex.pdf":      {Data: []byte(smallPDF)},
	"script.pdf":            {Data: []byte(smallPDF[:9] + "1 0 obj << /S /JavaScript >> endobj\n%%EOF")},
	"page.pdf":              {Data: []byte("<!DOCTYPE html>")},
	"large.txt":             {Data: []byte(strings.Repeat("words ", 1<<18))},
	"notes.doc":             {Data: []byte("\xd0\xcf\x11\xe0")},
	"en/the-ministry/a.pdf": {Data: []byte(smallPDF)},
	"empty.txt":             {Data: nil},
	"annex.png":             {Data: onePixel()},
}

// TestFilesBeside: a link to a file beside the document takes the file along.
func TestFilesBeside(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.MaxFile = 1 << 20
	const served = `<a href="https://press.mfa.example/files/`
	for name, tt := range map[string]struct {
		body string
		want string   // a part of the stored text, after the hash of the first file
		file []string // by name
	}{
		"a treaty":          {"See the [treaty](annex.pdf).", `/annex.pdf">treaty</a>`, []string{"annex.pdf"}},
		"a page of it":      {"[Article 5](annex.pdf#page=3) of the [treaty](annex.pdf)", `/annex.pdf#page=3">Article 5</a>`, []string{"annex.pdf"}},
		"with ./":           {"[treaty](./annex.pdf)", `/annex.pdf">treaty</a>`, []string{"annex.pdf"}},
		"in a folder":       {"[annex](annexes/annex.pdf)", `/annex.pdf">annex</a>`, []string{"annex.pdf"}},
		"a name with marks": {"[table](<Überblick 2027.csv>)", `/%C3%9Cberblick%202027.csv">table</a>`, []string{"Überblick 2027.csv"}},
		"a name in codes":   {"[table](%C3%9Cberblick%202027.csv)", `/%C3%9Cberblick%202027.csv">table</a>`, []string{"Überblick 2027.csv"}},
		"in HTML":           {`<p><a href="annex.pdf">treaty</a></p>`, `/annex.pdf">treaty</a>`, []string{"annex.pdf"}},
		"twice the same":    {"[one](annex.pdf) and [its copy](copies/annex.pdf)", `/annex.pdf">one</a>`, []string{"annex.pdf", "annex.pdf"}},
		"two":               {"[a](annex.pdf), [b](<Überblick 2027.csv>)", `/annex.pdf">a</a>`, []string{"annex.pdf", "Überblick 2027.csv"}},
		"like a section":    {"[a](en/the-ministry/a.pdf)", `/a.pdf">a</a>`, []string{"a.pdf"}},
	} {
		doc, err := r.Read("statement.md", []byte(source("On "+name)+"\n\n"+tt.body+"\n"), beside)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		filed, err := r.File(t.Context(), doc, Filing{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if body := string(filed.Article.Body); !strings.Contains(body, served+doc.Files[0].Hash+tt.want) || strings.Contains(body, "beside.invalid") {
			t.Errorf("%s: the text is %s", name, body)
		}
		var names []string
		for _, f := range doc.Files {
			names = append(names, f.Name)
			err := r.Store.View(t.Context(), func(tx *storage.Tx) error {
				_, err := tx.PublicFile(f.Hash, f.Name)
				return err
			})
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if fmt.Sprint(names) != fmt.Sprint(tt.file) {
			t.Errorf("%s: files %q, want %q", name, names, tt.file)
		}
	}
}

// TestFilesThatDoNotGoOut: each is refused with its line, and nothing is filed.
func TestFilesThatDoNotGoOut(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.MaxFile = 1 << 20
	for body, want := range map[string]string{
		"[a](missing.pdf)": `statement.md:9: the link to "missing.pdf" leads to nothing: there is no such file`,
		"[a](script.pdf)":  `statement.md:9: the file "script.pdf": it has scripts`,
		"[a](page.pdf)":    `statement.md:9: the file "page.pdf": it is not a PDF, as its name says: it looks like a page in HTML`,
		"[a](large.txt)":   `statement.md:9: the file "large.txt": the file is larger than 1 MiB (max_file_size in the configuration)`,
		"[a](notes.doc)":   `statement.md:9: the file "notes.doc": a file of this kind does not go out: save it as .docx or .pdf`,
		"[a](empty.txt)":   `statement.md:9: the file "empty.txt": the file is empty`,
		"[a](annex.pdf)\n\n[b](annexes/annex.pdf)": `statement.md:11: the file "annexes/annex.pdf": another file of the article is called annex.pdf`,
		"[a](annex.pdf)\n\n[b](Annex.PDF)":         `statement.md:11: the file "Annex.PDF": another file of the article is called annex.pdf`,
		"[a](../annex.pdf)":                        `statement.md:9: the file "annex.pdf": a document takes along what is in its folder and below`,
		"![a](../annex.png)":                       `statement.md:9: the picture "../annex.png": a document takes along`,
		"[a](/annex.pdf)":                          `statement.md:9: the link to "/annex.pdf" leads to nothing`,
		"[a](annexes)":                             `statement.md:9: the link to "annexes" leads to nothing`,
	} {
		doc, err := r.Read("statement.md", []byte(source("A title")+"\n"+body+"\n"), beside)
		if err == nil {
			_, err = r.File(t.Context(), doc, Filing{})
		}
		if _, ok := errors.AsType[*Problem](err); !ok || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", body, err, want)
		}
	}
}

func onePixel() []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		panic(err)
	}
	return b.Bytes()
}
