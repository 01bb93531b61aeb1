package newsroom

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"communique/cmd/internal/importer"
	"communique/storage"
	"communique/storage/clocktest"
	"communique/storage/newsdesk"
	"communique/storage/press"
	"communique/storage/sqlite"
	"communique/storage/terms"
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
	if _, err := store.DateIn(t.Context(), zone); err != nil {
		t.Fatal(err)
	}
	return Desk{Store: store, Site: press.Site{Base: "http://127.0.0.1:8099", Tag: "127.0.0.1,2026"}, Zone: zone, Language: "en", Languages: []press.Language{"en"}, Actor: "ministry"}
}

// TestFormerKeys: a document that version 0.4 filed under a key is the same one
// today, though another text is made of it; one that was changed is not.
func TestFormerKeys(t *testing.T) {
	t.Parallel()
	d := formerDesk(t)
	for _, tt := range []struct{ file, key, old, replacement, want string }{
		{"aid.md", "aid-1", "", "", "u2kexbha2gkp5kyz"},
		{"plain.md", "visit-1", "", "", "3cof2galdzxohc4w"},
		// What is refused today was filed then.
		{"annex.md", "annex-1", "", "", "jtmdklqcxwnc4pqi"},
		{"footnote.md", "footnote-1", "", "", "5rt3chgz75s3p7lp"},
		{"hidden.md", "hidden-1", "", "", "3hwgtha6x5xy6wum"},
		{"annex.md", "annex-1", "annex.pdf", "annexes.pdf", ""},
		{"seats.md", "seats-1", "", "", "kq5txmbuqvf54mbd"},
		{"seats.md", "seats-1", "Final text", "Draft text", "kq5txmbuqvf54mbd"}, // of which that version knew nothing
		{"seats.md", "seats-1", "| 17 |", "| 18 |", ""},
		{"aid.md", "aid-1", "3~5 May and", "3~6 May and", ""},
		{"aid.md", "aid-1", "credit: \"A. Photographer\"", "credit: \"Another\"", ""},
	} {
		text := strings.Replace(string(formerFile(t, tt.file)), tt.old, tt.replacement, 1)
		doc, err := d.Read(tt.file, []byte(text), nil)
		if err != nil {
			t.Fatal(err)
		}
		r, err := d.File(t.Context(), doc, Filing{Key: tt.key, Silent: true})
		if tt.want == "" && !errors.Is(err, press.ErrConflict) {
			t.Errorf("%s with %q: %v, want a conflict", tt.file, tt.replacement, err)
		}
		if known := err == nil; known != (tt.want != "") || known && string(r.Article.ID) != tt.want {
			t.Errorf("%s with %q is %q (%v), want %q", tt.file, tt.replacement, r.Article.ID, err, tt.want)
		}
	}
}

// TestFormerSearch: what version 0.4 took into its index is found by the terms of today.
func TestFormerSearch(t *testing.T) {
	t.Parallel()
	d := formerDesk(t)
	if err := d.Store.RunIndex(t.Context(), slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]int{"H2O": 1, "H₂O": 1, "10^6": 2, "106": 4, "peace": 1, "war": 0, "treaty": 2} {
		query, err := terms.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		err = d.Store.View(t.Context(), func(tx *storage.Tx) error {
			hits, err := tx.Search(newsdesk.Search{Query: query}, newsdesk.Rank{}, 10)
			if len(hits) != want {
				t.Errorf("%s finds %d articles, want %d", text, len(hits), want)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// TestFormerPages: a page that version 0.4 imported is known, by its content alone,
// though title, text and credits are read in another way today and that one took the
// language for another. One that says something else is not.
func TestFormerPages(t *testing.T) {
	t.Parallel()
	d := formerDesk(t)
	for _, tt := range []struct{ file, old, replacement, want string }{
		{"aid.html", "", "", "ridl2phgyakxvidl"},
		{"treaty.html", "", "", "ryfysrgmps2xamym"},
		{"lead.html", "", "", "yil6lhtnj3pkjnc2"},
		{"seats.html", "", "", "p2arqdcpbdb4aegm"},
		{"seats.html", "Almira<td style", "Elmira<td style", ""},
		{"aid.html", "Food for the winter", "Food for the spring", ""},
		// Words of controls and of labels, and of what is hidden, are in it or not.
		{"controls.html", "", "", "ydggsfm75zavr4ap"},
		{"controls.html", `<html lang="en">`, `<html lang="pt">`, "ydggsfm75zavr4ap"},
		{"controls.html", "Share", "Print", "ydggsfm75zavr4ap"},
		{"controls.html", "35 ships", "36 ships", ""},
		{"controls.html", "1.5 million", "15 million", ""},
		{"controls.html", "Anna Berg", "Berg Anna", ""},
		{"controls.html", "pier: 12<li>Elmira: 17", "pier: 17<li>Elmira: 12", ""},
		{"controls.html", "are taken", "are not taken", ""},
		{"language.html", "", "", "f2tgsqw43a2eigo4"},
		{"language.html", "and 35", "and 36", ""},
	} {
		text := strings.Replace(string(formerFile(t, tt.file)), tt.old, tt.replacement, 1)
		page, err := importer.ReadPage(tt.file, []byte(text), importer.Options{Zone: d.Zone, Language: "en"})
		if err != nil {
			t.Fatal(err)
		}
		page.Accept()
		stored, err := d.Import(t.Context(), page, anywhere)
		if tt.want == "" && errors.Is(err, press.ErrConflict) {
			continue
		}
		if err != nil || stored.Known != (tt.want != "") || stored.Known && string(stored.Article.ID) != tt.want {
			t.Errorf("%s with %q: %s, known %v (%v), want %q", tt.file, tt.replacement, stored.Article.ID, stored.Known, err, tt.want)
		}
	}
}

// TestFormerCorrections: a page that version 0.4 imported is known though the article that
// it became was corrected since, and in its language, too.
func TestFormerCorrections(t *testing.T) {
	t.Parallel()
	d := formerDesk(t)
	for file, id := range map[string]press.ArticleID{"controls.html": "ydggsfm75zavr4ap", "language.html": "f2tgsqw43a2eigo4"} {
		doc, err := d.Read("a.md", []byte("---\ntitle: Dues\nsection: news\nlanguage: en\n---\n\nThe dues are 13 crowns.\n"), nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Correct(t.Context(), id, doc, Correction{Note: "The dues were wrong.", Back: true, Replace: true}); err != nil {
			t.Fatal(err)
		}
		page, err := importer.ReadPage(file, formerFile(t, file), importer.Options{Zone: d.Zone, Language: "en"})
		if err != nil {
			t.Fatal(err)
		}
		if stored, err := d.Import(t.Context(), page, anywhere); err != nil || stored.Article.ID != id {
			t.Errorf("%s: %s (%v), want %s", file, stored.Article.ID, err, id)
		}
	}
}

// TestRefusedTexts: what was filed under a key never is filed anew because a rule has
// changed; under another key, or without one, today's rules hold.
func TestRefusedTexts(t *testing.T) {
	t.Parallel()
	d := formerDesk(t)
	for file, want := range map[string]string{
		"annex.md":    `annex.md:7: the link to "annex.pdf" leads to nothing`,
		"footnote.md": "footnote.md:7: ",
		"hidden.md":   "hidden.md:7: nothing is left of the text",
	} {
		for _, key := range []string{"", "new"} {
			doc, err := d.Read(file, formerFile(t, file), nil)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := d.File(t.Context(), doc, Filing{Key: key, Silent: true}); err == nil || !strings.HasPrefix(err.Error(), want) {
				t.Errorf("%s with key %q: %v, want %s…", file, key, err, want)
			}
		}
	}
}

// TestKeysOutlastNews: a key is known however long ago its article was news.
func TestKeysOutlastNews(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	doc := r.document("Treaty signed", "published: 2026-11-26 08:00")
	first, err := r.File(t.Context(), doc, Filing{Key: "a"})
	if err != nil {
		t.Fatal(err)
	}
	r.clock.Pass(72 * time.Hour)
	again, err := r.File(t.Context(), doc, Filing{Key: "a"})
	if err != nil || again.Article.ID != first.Article.ID {
		t.Errorf("%s, then %s (%v)", first.Article.ID, again.Article.ID, err)
	}
	if _, err := r.File(t.Context(), doc, Filing{Key: "b"}); !errors.Is(err, ErrOld) {
		t.Errorf("under another key: %v, want that it is old", err)
	}
}

// TestLines: what is lost of a text, or cannot be published as it is, is told with
// its line in the file.
func TestLines(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	known := r.file("Treaty signed", "").ID
	with := func(body string) []byte {
		return []byte("---\ntitle: A\nsection: the-ministry\n---\n\nText.\n\n" + body + "\n")
	}
	for body, want := range map[string]string{
		"[the annex](annex.pdf)":                             `a.md:8: the link to "annex.pdf" leads to nothing`,
		"One.\n\n[earlier](../2025/x.md)":                    `a.md:10: the link to "../2025/x.md" leads to nothing`,
		"A note[^1].":                                        "a.md:8: ",
		"[x](doc/annex.pdf)":                                 `a.md:8: the link to "doc/annex.pdf" leads to nothing`,
		"as [he](sic) said":                                  `a.md:8: the link to "sic" leads to nothing: it is neither a page of this site, nor a file beside the document, nor a whole address; write one that begins with https://, or \[ if the brackets are to be read`,
		"[x](doc/annex)":                                     `a.md:8: the link to "doc/annex" leads to nothing`,
		"[x](doc/annex#part-2)":                              `a.md:8: the link to "doc/annex#part-2" leads to nothing`,
		"[x](/doc/annex/)":                                   `a.md:8: the link to "/doc/annex/" leads to nothing`,
		"[x](de/report/)":                                    `a.md:8: the link to "de/report/" leads to nothing`,
		"[x](/de/)":                                          `a.md:8: the link to "/de/" leads to nothing`,
		"[x](/en/the-ministri/)":                             `a.md:8: the link to "/en/the-ministri/" leads to nothing`,
		"[x](/en/articles/k3tq5m2zr7ab4cde/x)":               `a.md:8: the link to "/en/articles/k3tq5m2zr7ab4cde/x" leads to nothing`,
		"[x](en/feedback.pdf)":                               `a.md:8: the link to "en/feedback.pdf" leads to nothing`,
		"[x](en/search.pdf)":                                 `a.md:8: the link to "en/search.pdf" leads to nothing`,
		"[x](media/annex.pdf)":                               `a.md:8: the link to "media/annex.pdf" leads to nothing`,
		"[x](pdf)":                                           `a.md:8: the link to "pdf" leads to nothing`,
		"[x]\n\n[x]: annex.pdf":                              `a.md:8: the link to "annex.pdf" leads to nothing`,
		"<a href='annex.pdf'>x</a>":                          `a.md:8: the link to "annex.pdf" leads to nothing`,
		"| a |\n|---|\n| [x](annex.pdf) |":                   `a.md:10: the link to "annex.pdf" leads to nothing`,
		"[x](?a=b)":                                          `a.md:8: the address "?a=b" leads to the page on which it stands`,
		"[x](.)":                                             `a.md:8: the address "." leads to the page on which it stands`,
		"[x](//host.example/x)":                              `a.md:8: the address "//host.example/x" begins with two slashes`,
		"<a href='//host.example/x'>x</a>":                   `a.md:8: the address "//host.example/x" begins with two slashes`,
		"One.\n\n![x](//host.example/x.png)":                 `a.md:10: the address "//host.example/x.png" begins with two slashes`,
		"One.\n\n![x](../x.png)":                             `a.md:10: the picture "../x.png": a document takes along`,
		strings.Repeat("- a\n", 90_000):                      `a.md:43340: up to here the text has more paragraphs, items`,
		strings.Repeat("& ", 350_000):                        `a.md:5: the text becomes 2050 KiB of HTML`,
		"[a](/en/the-ministry/) [b](/) [c](#part)\n\n# Part": "",
		"[a](/en/the-ministry/statements) [b](/en)":          "",
		"[a](/en/feed.rss) [b](https://x.de)":                "",
		"[a](/en/the-ministry/feed.2.atom)":                  "",
		"[a](/en/search?q=x) [b](/en/tags/trade/)":           "",
		"[a](/en/the-ministry/archive/2026/05/)":             "",
		"[a](/en/articles/" + string(known) + ")":            "",
		"[a](/en/articles/" + string(known) + "/x#y)":        "",
		"[a](/actors/ministry) [b](mailto:a@b.example)":      "",
	} {
		doc, err := r.Read("a.md", with(body), nil)
		if err == nil {
			err = r.Rehearse(t.Context(), func(d Desk) error {
				_, err := d.File(t.Context(), doc, Filing{})
				return err
			})
		}
		if err == nil && want != "" || err != nil && (want == "" || !strings.HasPrefix(err.Error(), want)) {
			t.Errorf("%q: %v, want %s…", body, err, want)
		}
		if _, err := r.Correct(t.Context(), known, doc, Correction{Note: "x", Back: true, Replace: true}); err == nil != (want == "") {
			t.Errorf("correcting to %q: %v, want %s…", body, err, want)
		}
	}
	doc, err := r.Read("a.md", with("One <span hidden>two</span> three.\n\n[run](javascript:x)"), nil)
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

// TestBareKeys: a document that was filed under a key by a program that cleaned it in
// another way is the same one today, and none that has other words, titles of links or
// pictures.
func TestBareKeys(t *testing.T) {
	t.Parallel()
	const aligned = "See [the annex](https://a.example/1 \"Final\").\n\n| A | B |\n|:--|--:|\n| 1 | 2 |\n"
	bare := strings.NewReplacer(` "Final"`, "", ":--", "---", "--:", "---").Replace(aligned)
	text := func(body string) []byte {
		return []byte("---\ntitle: Seats\nsection: the-ministry/statements\n---\n\n" + body)
	}
	r := newRoom(t)
	read := func(body string) Document {
		doc, err := r.Read("statement.md", text(body), nil)
		if err != nil {
			t.Fatal(err)
		}
		return doc
	}
	filed := read(bare)
	filed.text = text(aligned) // by that program
	if _, err := r.File(t.Context(), filed, Filing{Key: "then"}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.File(t.Context(), read(bare), Filing{Key: "now", Again: true}); err != nil {
		t.Fatal(err)
	}
	const box = "[x] adopted by the congress.\n" // which is refused today
	filed = read("Another text.")
	filed.text, filed.Body = text(box), "<p>[x] adopted by the congress.</p>"
	if _, err := r.File(t.Context(), filed, Filing{Key: "box"}); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		key, body string
		known     bool
	}{
		{"then", aligned, true},
		{"then", strings.Replace(aligned, "Final", "Draft", 1), false},
		{"then", strings.Replace(aligned, "| 2 |", "| 3 |", 1), false},
		{"box", box, true},
		{"box", strings.Replace(box, "x", " ", 1), false},
		{"now", bare, true},
		{"now", aligned, false},
	} {
		again, err := r.File(t.Context(), read(tt.body), Filing{Key: tt.key})
		if known := err == nil && again.Repeated; known != tt.known || errors.Is(err, press.ErrConflict) == tt.known {
			t.Errorf("%s with %q: known %v (%v), want %v", tt.key, tt.body, again.Repeated, err, tt.known)
		}
	}
	shown := func(size int) Document {
		doc, err := r.Read("pier.md", text("See ![the pier](pier.png) of Almira.\n"), fstest.MapFS{"pier.png": picture(t, size)})
		if err != nil {
			t.Fatal(err)
		}
		return doc
	}
	if _, err := r.File(t.Context(), shown(8), Filing{Key: "pier"}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.File(t.Context(), shown(9), Filing{Key: "pier"}); !errors.Is(err, press.ErrConflict) {
		t.Errorf("with another picture: %v, want a conflict", err)
	}
}
