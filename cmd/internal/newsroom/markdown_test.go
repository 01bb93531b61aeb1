package newsroom

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/importer"
	"communique/storage/press"
	"communique/storage/richtext"
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
	}), anywhere)
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
	for n, raw := range []string{
		"<p>a</p><pre>x\n\n  y\n\n\nz</pre><p>b</p>", "<pre><code>x\n\n- y\n</code></pre>", "plain text only", "<em>a</em> b<br><br>c",
		"<table><caption>C</caption><tr><th>a</th><td>b\n\nc</td></tr></table>", "<table><tr><td><p>a</p><ul><li>x</li></ul></td></tr></table>",
		"<ul><li><p>a</p><p>b</p><ul><li>c</li></ul></li></ul>", "<blockquote><p>a</p>\n\n<p>b</p></blockquote>", "<dl><dt>a</dt><dd>b</dd></dl>",
		"<h2 id=\"x\">H [^1] ~~a~~ {#y}</h2><p>[x](y) *a* _b_ `c` - [ ] t</p>", "<img src=\"https://o.example/a.png\" alt=\"A\"><p>x</p>",
		"<p>a <a href=\"https://o.example/x?y=1&amp;z=2\">l</a> <del>d</del><sup>2</sup></p>", "<p>&lt;script&gt; &amp;amp; &nbsp;x   y</p>",
		"<div><p>x</p>text<p>y</p></div>", "<ol start=3><li>a</li></ol>", "<p>title: X</p><p>---</p><p>published: 2026</p>",
		"<p>   spaces</p>\n\n\n    <p>indented</p>", "<a href=\"https://o.example/\">only a link</a>", "<blockquote><pre>x\n\ny</pre></blockquote>",
	} {
		body, _ := richtext.Clean(raw, nil)
		imported, err := r.Import(t.Context(), page(func(p *importer.Page) {
			p.Body, p.Canonical = body, fmt.Sprint("https://old.mfa.example/", n)
			p.Images = []press.Image{{Src: "https://old.mfa.example/117.jpg"}} // as many are, without a word
		}), anywhere)
		if err != nil {
			t.Fatal(err)
		}
		text, err := r.Markdown(t.Context(), imported.Article.ID)
		if err != nil {
			t.Errorf("%q: %v", raw, err)
			continue
		}
		if _, err := r.Read("a.md", text, nil); err == nil || !strings.Contains(err.Error(), "alt is missing") {
			t.Errorf("a picture that nobody has described: %v", err)
		}
		doc, err := r.Read("a.md", []byte(strings.Replace(string(text), `"alt":""`, `"alt":"It"`, 1)), nil)
		if err != nil || blocks(doc.Body) != blocks(body) {
			t.Errorf("%q came back as %q, %v", body, doc.Body, err)
		}
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

// TestMarkdownOfEarlierRevisions is what was filed, unless it is hidden.
func TestMarkdownOfEarlierRevisions(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	a := r.file("A treaty")
	if _, err := r.Correct(t.Context(), a.ID, r.document("A treaty signed"), Correction{Minor: true}); err != nil {
		t.Fatal(err)
	}
	first, err := r.MarkdownAt(t.Context(), a.ID, 1)
	if err != nil || !strings.Contains(string(first), "title: A treaty\n") || !strings.Contains(string(first), `revision: "1"`) {
		t.Errorf("the first: %q, %v", first, err)
	}
	if _, err := r.Correct(t.Context(), a.ID, r.document("A treaty was signed"), Correction{Minor: true, HideEarlier: true}); err != nil {
		t.Fatal(err)
	}
	for _, revision := range []int{1, 2, 4} {
		if text, err := r.MarkdownAt(t.Context(), a.ID, revision); !errors.Is(err, press.ErrNotFound) {
			t.Errorf("revision %d: %q, %v", revision, text, err)
		}
	}
}
