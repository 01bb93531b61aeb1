package newsroom

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/importer"
	"communique/storage/press"
)

// TestFiledBytes: what was filed comes back byte for byte, with what it is in two
// lines of the front matter, also after it was corrected from what came back.
func TestFiledBytes(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"plain":           "---\ntitle: Treaty signed\nsection: the-ministry/statements\n---\n\nIt was *signed*.\n",
		"windows":         "\ufeff---\r\ntitle: Treaty signed\r\nsection: the-ministry/statements\r\n---\r\n\r\nIt was signed.\r\n\r\narticle: three\r\n",
		"no end":          "---\ntitle: Treaty signed\nsection: the-ministry/statements\n---\nIt was signed.",
		"fields below":    "---\nlead: |\n  article: one\n  revision: two\nsection: the-ministry/statements\ntitle: Treaty signed # today\n...\n\nIt was signed.\n\nrevision: 12\n",
		"of another life": "---\ntitle: Treaty signed\nsection: the-ministry/statements\n---\n\n---\n\nIt was signed.\n",
	} {
		r := newRoom(t)
		doc, err := r.Read("a.md", []byte(text), nil)
		if err != nil {
			t.Fatal(name, err)
		}
		filed, err := r.File(t.Context(), doc, Filing{})
		if err != nil {
			t.Fatal(name, err)
		}
		end := "\n"
		if strings.Contains(text, "\r\n") {
			end = "\r\n"
		}
		want := func(revision int) string {
			marks := fmt.Sprintf("article: %q%srevision: \"%d\"%s", filed.Article.ID, end, revision, end)
			return strings.Replace(text, "---"+end, "---"+end+marks, 1)
		}
		got, err := r.Markdown(t.Context(), filed.Article.ID)
		if err != nil || string(got) != want(1) {
			t.Errorf("%s: %v\n%q, want\n%q", name, err, got, want(1))
		}
		again, err := r.Read("b.md", []byte(strings.Replace(string(got), "signed", "concluded", 1)), nil)
		if err != nil || again.Article != filed.Article.ID || again.Edition.Revision != 1 {
			t.Fatalf("%s: what came back is of %s %v, %v", name, again.Article, again.Edition, err)
		}
		if _, err := r.Correct(t.Context(), filed.Article.ID, again, Correction{Minor: true}); err != nil {
			t.Fatal(name, err)
		}
		got, err = r.Markdown(t.Context(), filed.Article.ID)
		if err != nil || string(got) != strings.Replace(want(2), "signed", "concluded", 1) {
			t.Errorf("%s, corrected: %v\n%q", name, err, got)
		}
	}
}

// TestMarkdownOfPages: what was imported is written down so that it reads as it stands.
func TestMarkdownOfPages(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	imported, err := r.Import(t.Context(), page(func(p *importer.Page) {
		p.Title, p.Body = "The: old #1 statement", "<p>It was <em>signed</em> &amp; sealed.</p><p>Twice.</p><ul><li>one</li></ul>"
	}), "")
	if err != nil {
		t.Fatal(err)
	}
	a := imported.Article
	text, err := r.Markdown(t.Context(), a.ID)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := r.Read("a.md", text, nil)
	if err != nil || blocks(doc.Body) != blocks(a.Body) || doc.Title != a.Title || doc.Article != a.ID {
		t.Errorf("%+v, %v, of\n%s", doc, err, text)
	}
	if _, err := r.Markdown(t.Context(), "aaaaaaaaaaaaaaaa"); !errors.Is(err, press.ErrNotFound) {
		t.Errorf("of an unknown article: %v", err)
	}
}

// TestMarkdownOfDrafts: a draft that was replaced is another edition.
func TestMarkdownOfDrafts(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	draft := r.file("Treaty signed", "published: 2026-11-27 12:00")
	for n, want := range []string{`revision: "1"`, `revision: "1 (draft 2)"`, `revision: "1 (draft 3)"`} {
		text, err := r.Markdown(t.Context(), draft.ID)
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%d: %v\n%s", n, err, text)
		}
		if _, err := r.Correct(t.Context(), draft.ID, r.document(fmt.Sprint("Treaty ", n)), Correction{}); err != nil {
			t.Fatal(err)
		}
		r.clock.Pass(time.Minute)
	}
}

// TestStaleDocuments: a document of an older edition, or of another article, corrects
// nothing, and is not filed as a new article.
func TestStaleDocuments(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	public, other := r.file("Treaty signed"), r.file("Budget passed")
	draft := r.file("A secret", "published: 2026-11-27 12:00")
	of := func(a press.Article) Document {
		text, err := r.Markdown(t.Context(), a.ID)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := r.Read("a.md", []byte(strings.Replace(string(text), "Text of", "The text of", 1)), nil)
		if err != nil {
			t.Fatal(err)
		}
		return doc
	}
	for _, a := range []press.Article{public, draft} {
		old := of(a)
		if _, err := r.File(t.Context(), old, Filing{}); !errors.Is(err, press.ErrConflict) {
			t.Errorf("filed anew: %v", err)
		}
		if _, err := r.Correct(t.Context(), other.ID, old, Correction{Minor: true}); !errors.Is(err, press.ErrConflict) || errors.Is(err, ErrStale) {
			t.Errorf("correcting another: %v", err)
		}
		if _, err := r.Correct(t.Context(), a.ID, of(a), Correction{Minor: true}); err != nil {
			t.Errorf("the newest: %v", err)
		}
		var problem *Problem
		if _, err := r.Correct(t.Context(), a.ID, old, Correction{Minor: true}); !errors.Is(err, ErrStale) || !errors.As(err, &problem) || problem.Line != 3 {
			t.Errorf("an older one: %v", err)
		}
	}
}
