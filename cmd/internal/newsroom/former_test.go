package newsroom

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/importer"
	"communique/storage/clocktest"
	"communique/storage/press"
	"communique/storage/sqlite"
)

// formerFile reads what version 0.4 was given, or the database that it made of it.
func formerFile(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", "former", name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// formerDesk works on the database that version 0.4 has made: the documents were
// filed under keys, the pages imported.
func formerDesk(t *testing.T) Desk {
	t.Helper()
	packed, err := gzip.NewReader(bytes.NewReader(formerFile(t, "communique.db.gz")))
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(packed)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "communique.db")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	store, err := sqlite.Open(t.Context(), file, clocktest.At(now))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	zone, err := time.LoadLocation("Europe/Lisbon")
	if err != nil {
		t.Fatal(err)
	}
	return Desk{Store: store, Site: press.Site{Base: "http://127.0.0.1:8099", Tag: "127.0.0.1,2026"}, Zone: zone, Language: "en", Actor: "ministry"}
}

// TestFormerKeys: a document that version 0.4 filed under a key is the same one
// today, though another text is made of it; one that was changed is not.
func TestFormerKeys(t *testing.T) {
	t.Parallel()
	d := formerDesk(t)
	for _, tt := range []struct{ file, key, old, replacement, want string }{
		{"aid.md", "aid-1", "", "", "u2kexbha2gkp5kyz"},
		{"plain.md", "visit-1", "", "", "3cof2galdzxohc4w"},
		{"aid.md", "aid-1", "3~5 May and", "3~6 May and", ""},
		{"aid.md", "aid-1", "credit: \"A. Photographer\"", "credit: \"Another\"", ""},
	} {
		text := strings.Replace(string(formerFile(t, tt.file)), tt.old, tt.replacement, 1)
		doc, err := d.Read(tt.file, []byte(text), nil)
		if err != nil {
			t.Fatal(err)
		}
		r, err := d.File(t.Context(), doc, Filing{Key: tt.key, Silent: true})
		if known := err == nil; known != (tt.want != "") || known && string(r.Article.ID) != tt.want {
			t.Errorf("%s with %q is %q (%v), want %q", tt.file, tt.replacement, r.Article.ID, err, tt.want)
		}
	}
}

// TestFormerPages: a page that version 0.4 imported is known, by its content alone,
// though title, text and credits are read in another way today.
func TestFormerPages(t *testing.T) {
	t.Parallel()
	d := formerDesk(t)
	for _, tt := range []struct{ file, old, replacement, want string }{
		{"aid.html", "", "", "ridl2phgyakxvidl"},
		{"treaty.html", "", "", "ryfysrgmps2xamym"},
		{"aid.html", "Food for the winter", "Food for the spring", ""},
	} {
		text := strings.Replace(string(formerFile(t, tt.file)), tt.old, tt.replacement, 1)
		page, err := importer.ReadPage(tt.file, []byte(text), importer.Options{Zone: d.Zone, Language: "en"})
		if err != nil {
			t.Fatal(err)
		}
		stored, err := d.Import(t.Context(), page, "")
		if err != nil || stored.Known != (tt.want != "") || stored.Known && string(stored.Article.ID) != tt.want {
			t.Errorf("%s with %q: %s, known %v (%v), want %q", tt.file, tt.replacement, stored.Article.ID, stored.Known, err, tt.want)
		}
	}
}

// TestLines: what is lost of a text, or cannot be published as it is, is told with
// its line in the file.
func TestLines(t *testing.T) {
	t.Parallel()
	with := func(body string) []byte { return []byte("---\ntitle: A\nsection: b\n---\n\nText.\n\n" + body + "\n") }
	for body, want := range map[string]string{
		"[the annex](annex.pdf)":              `a.md:8: the link to "annex.pdf" leads to nothing`,
		"One.\n\n[earlier](../2025/x.md)":     `a.md:10: the link to "2025/x.md" leads to nothing`,
		"A note[^1].":                         "a.md:8: ",
		"[x](doc/annex.pdf)":                  `a.md:8: the link to "doc/annex.pdf" leads to nothing`,
		"[x](en/feedback.pdf)":                `a.md:8: the link to "en/feedback.pdf" leads to nothing`,
		"[x](media/annex.pdf)":                `a.md:8: the link to "media/annex.pdf" leads to nothing`,
		"[x](pdf)":                            `a.md:8: the link to "pdf" leads to nothing`,
		"[a](/en/news/) [b](/) [c](#part)":    "",
		"[a](/en/feed.rss) [b](https://x.de)": "",
	} {
		_, err := reader(t).Read("a.md", with(body), nil)
		if err == nil && want != "" || err != nil && (want == "" || !strings.HasPrefix(err.Error(), want)) {
			t.Errorf("%q: %v, want %s…", body, err, want)
		}
	}
	doc, err := reader(t).Read("a.md", with("One <span hidden>two</span> three.\n\n[run](javascript:x)"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(doc.Notes) != 2 || doc.Notes[0].Line != 8 || doc.Notes[1].Line != 10 {
		t.Errorf("notes %+v, want one of line 8 and one of line 10", doc.Notes)
	}
}

// TestSpaces: the spaces that were chosen on purpose stay in what readers are shown.
func TestSpaces(t *testing.T) {
	t.Parallel()
	text := "---\ntitle: \"Aide de 10\u00a0000\u00a0€\u202f: «\u00a0accord\u00a0»\"\nsection: b\nlead: 外務大臣\u3000会見\nimages: [{src: 'https://a.example/x.png', alt: \"10\u00a0km\"}]\n---\nText.\n"
	doc, err := reader(t).Read("a.md", []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	if doc.Title != "Aide de 10\u00a0000\u00a0€\u202f: «\u00a0accord\u00a0»" || doc.Lead != "外務大臣\u3000会見" || doc.Images[0].Alt != "10\u00a0km" {
		t.Errorf("title %q, lead %q, alt %q", doc.Title, doc.Lead, doc.Images[0].Alt)
	}
}
