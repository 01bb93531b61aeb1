package newsroom

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"communique/cmd/internal/importer"
	"communique/storage"
	"communique/storage/press"
	"communique/storage/richtext/former"
)

// TestFormerDocuments: what version 0.4 has published is not published once more from the
// same document, whatever that version took for its text, its links and its title.
func TestFormerDocuments(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	section := r.file("The first").Section
	r.clock.Pass(96 * time.Hour)
	for i, body := range []string{
		"The talks of 3~5 May and of 7~9 May were held.",
		"Fell to <two per cent> of GDP, said the minister.",
		"We ~~do not~~ accept <del>war</del> <ins>peace</ins>.",
		"See https://mfa.example/公告/2026/1.html for all of it.",
		"See [the page](https://bücher.example:8443/a) and <https://mfa.example/100%-club>.",
		"See [the annex](#annex).\n\n## Annex {#annex}\n\nIts text.",
		"The quotas[^1] rise again.\n\n[^1]: Of fish.",
		"# Visit\n\n## Talks\n\nThey were held.",
		"| A | B |\n|---|---|\n| x | Yes | extra |",
		"Minister\n: A. Silva\n\nDeputy\n: B. Costa",
		"- [x] signed\n- [ ] ratified",
		"The year was\n\n2026.\n\nThen came more.",
		"10^6^ people drink H~2~O.",
		": He said that it was late.",
		"外務大臣は\n会見した。",
		"**协议（部长级）**签署。",
		"Talks with *Bürger*innen* and **Note:**so.",
		"Mail press@mfa.example or www.mfa.example/a_b_c.",
		"<p hidden>Secret</p>\n\nThe open text of the day.",
		"<button>Share</button> what the ministry says.",
		"1. a\n3. c\n4. d",
		"Text\n-",
		"<object data=\"https://a.example/t.pdf\"><a href=\"https://a.example/t.pdf\">the treaty</a></object> was signed.",
		"A picture ![of *two* ships](https://a.example/s.png) of May.",
	} {
		doc, err := r.Read("a.md", fmt.Appendf(nil, "---\ntitle: \"Aide n° %d de 10\u202f000\u00a0€\"\nsection: the-ministry\n---\n\n%s\n", i, body), nil)
		if err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		var filed press.Article
		err = r.Store.Update(t.Context(), func(tx *storage.Tx) error {
			filed, _, err = tx.Publish(press.Draft{Section: section, Language: "en", Title: former.CleanText(doc.Title), Body: doc.former()})
			return err
		})
		if err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		r.clock.Pass(96 * time.Hour)
		if again, err := r.File(t.Context(), doc, Filing{}); !errors.Is(err, ErrAgain) {
			t.Errorf("%s: filed as %s beside %s, %v", body, again.Article.ID, filed.ID, err)
		}
	}
}

// TestFormerDocumentsWithoutAKey are those of the database that version 0.4 has made.
func TestFormerDocumentsWithoutAKey(t *testing.T) {
	t.Parallel()
	d := formerDesk(t)
	for _, file := range []string{"aid.md", "plain.md"} {
		doc, err := d.Read(file, formerFile(t, file), nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.File(t.Context(), doc, Filing{Silent: true}); !errors.Is(err, ErrAgain) {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// TestFormerAddresses: a page that version 0.4 has imported is not imported once more when its
// address has changed, whatever that program took for its text; one that says something else
// is another.
func TestFormerAddresses(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	const opening = "The Ministry has published this morning the rules for ships, as Minister Anna Berg said in Port Almira."
	read := func(i int, host, text string) importer.Page {
		t.Helper()
		p, err := importer.ReadPage("a.html", fmt.Appendf(nil, `<html lang="en"><head><title>Rules %d</title><link rel="canonical" href="https://%s.example/%[1]d"></head>`+
			`<body><article><h1>Rules %[1]d for ships</h1><p>3 May 2026</p><p>%[3]s</p>%[4]s</article></body></html>`, i, host, opening, text), importer.Options{Zone: r.Zone})
		if err != nil || p.Refused != "" {
			t.Fatal(err, p.Refused)
		}
		p.Accept()
		return p
	}
	for i, text := range []string{
		"<p>Of 10<sup>6</sup> people and H<sub>2</sub>O.</p>",
		"<p>We <s>do not</s> accept <del>war</del> <ins>peace</ins>.</p>",
		"<p hidden>Internal.</p><p>The rules hold.</p>",
		"<p>fell to <two per cent> of GDP</p>",
		`<p>See <a href="https://b&#252;cher.example/100%-club">the club</a>.</p>`,
		`<p>See <a href="#annex">the annex</a>.</p><h2 id="annex">Annex</h2><p>Its text.</p>`,
		"<p>They <button>Share</button> rise <label>soon</label>.</p>",
		`<ol type="a" start="3"><li>Food</li><li>Water</li></ol>`,
		`<ul style="list-style-type:decimal"><li>Food</li><li>Water</li></ul>`,
		`<p>See <object data="t.pdf"><a href="https://a.example/t.pdf">the treaty</a></object>.</p>`,
		"<table><tfoot><tr><td>Sum<td>3</tfoot><tr><td>A<td>3</table>",
		"<dl><dt>Minister<dd><dt>Deputy<dd>B. Costa</dl>",
		"<p>10&nbsp;000&nbsp;€ a day</p>",
	} {
		first := read(i, "old", text)
		draft := first.Former(pageDraft(first))
		draft.Reader = 0
		err := r.Store.Update(t.Context(), func(tx *storage.Tx) (err error) {
			tree, err := tx.Tree()
			if err != nil {
				return err
			}
			section, _ := tree.ByPath("the-ministry")
			draft.Section = section.ID
			_, _, err = tx.Publish(draft)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		how := Importing{Section: "the-ministry"}
		if again, err := r.Import(t.Context(), first, how); err != nil || !again.Known {
			t.Errorf("%s: known %v, %v", text, again.Known, err)
		}
		if again, err := r.Import(t.Context(), read(i, "new", text), how); !errors.Is(err, ErrAgain) {
			t.Errorf("%s from another address: %s, known %v, %v", text, again.Article.Identity, again.Known, err)
		}
		if other, err := r.Import(t.Context(), read(i, "new", "<p>Not for 5 ships.</p>"), how); err != nil || other.Known {
			t.Errorf("%s, of other ships: %v, %v", text, other.Known, err)
		}
	}
}
