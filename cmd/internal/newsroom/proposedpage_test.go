package newsroom

import (
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"communique/cmd/internal/importer"
	"communique/storage"
	"communique/storage/manuscripts"
	"communique/storage/press"
)

// everything is a tree that has a picture or a document under each name of one.
type everything struct{ picture, document string }

// Open opens a file.
func (e everything) Open(name string) (fs.File, error) {
	tree := fstest.MapFS{}
	switch strings.ToLower(path.Ext(plainName(name))) {
	case ".png", ".jpg", ".jpeg", ".gif":
		tree[name] = &fstest.MapFile{Data: []byte(e.picture)}
	case ".pdf":
		tree[name] = &fstest.MapFile{Data: []byte(e.document + "% " + name + "\n")}
	}
	return tree.Open(name)
}

// pagesOf are the pages of the importer's tests, and some more of which a document says easily
// something else, by their names.
func pagesOf(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	names, err := filepath.Glob("../importer/testdata/pages/*.[ht]*")
	if err != nil || len(names) < 20 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all[path.Base(name)] = string(raw)
	}
	const text = "<p>The harbour was opened this morning by the Minister, after nine years of talks between both cities.</p>"
	for name, body := range map[string]string{
		"blank lines":          text + "<pre>one\n\n  two\n\n\n    three</pre>" + text,
		"marks of Markdown":    "<p># One</p><p>* two *three* _four_ ~~five~~ `six`</p><p>1. seven</p><p>[eight](nine) ![ten](eleven.png)</p><p>| a | b |</p>" + text,
		"what is refused":      "<p>The sum is $a_1 + b$ [^1], {{ name }} and :smile: there.</p>" + text,
		"what looks like HTML": "<p>He wrote &lt;b&gt;bold&lt;/b&gt; and &amp;amp; and &amp;lt;.</p>" + text,
		"a front matter":       "<p>---</p><p>title: Another</p><p>published: 2020-01-01</p><p>---</p>" + text,
		"a list in a list":     "<ol start=\"4\"><li>four<ul><li>a</li><li>b</li></ul></li><li><p>five</p><p>more</p></li></ol>" + text,
		"a table":              "<table><caption>Ships</caption><tr><th colspan=\"2\">Ship</th></tr><tr><td>a</td><td>b<br>c</td></tr></table>" + text,
		"directions":           "<p dir=\"rtl\">مرحبا <bdi>abc</bdi> <q cite=\"https://x.example/\">a</q><sub>2</sub></p>" + text,
		"pictures in it":       text + "<p><img src=\"/a/quay.png\" alt=\"\" width=\"400\" height=\"300\"><img src=\"/b/quay.png\" alt=\"The quay\" width=\"400\" height=\"300\"></p>" + text,
		"files":                "<p>See <a href=\"/a/the%20law.pdf#page=2\">the law</a>, <a href=\"/b/fees.pdf\">the fees</a> and <a href=\"/a/quay.png\">the quay</a>.</p>" + text,
		"no description":       "<figure><img src=\"/a/mole.jpg\" width=\"600\" height=\"400\"><figcaption>The mole (Photo: A. Oss)</figcaption></figure>" + text,
		"a draft":              "<p>DRAFT</p>" + text,
		"an embargo":           "<p>Embargoed until 1 May 2019, 10:00</p>" + text,
	} {
		all[name] = `<html lang="en"><head><title>` + name + `</title></head><body><main><article><h1>Of ` + name + `</h1><time datetime="2019-05-06T10:30:00+05:30">6 May 2019</time>` + body + `</article></main></body></html>`
	}
	return all
}

// readPage reads a page of a site, and takes what it shows from a tree.
func (o *office) readPage(t *testing.T, name, text string) (importer.Page, *Mirror) {
	t.Helper()
	from := &url.URL{Scheme: "https", Host: "www.mfa.example", Path: "/news/" + name}
	read := func() importer.Page {
		p, err := importer.ReadPage(name, []byte(text), importer.Options{Zone: o.Zone, SourceURL: from})
		if err != nil && p.Refused == "" {
			t.Fatal(err)
		}
		p.Accept()
		return p
	}
	p := read()
	for _, image := range p.Images {
		if u, err := url.Parse(image.Src); err == nil && u.Host != "" {
			from.Host = u.Host
		}
	}
	return read(), NewMirror(&url.URL{Scheme: "https", Host: from.Host, Path: "/"}, everything{pngOf(t), smallPDF})
}

// reviewed has pages handed in by Ines, and approved by Rui.
var reviewed = Importing{Section: "the-ministry", NewSections: true, Accept: []string{LabelledDraft, LabelledEmbargo}, Review: true}

// TestApprovalPublishesAsImport: what was handed in of a page goes out by an approval as the import would
// have published it, to the byte, with its pictures and files, and is known then as what was imported
// is. What a document cannot say is put aside.
func TestApprovalPublishesAsImport(t *testing.T) {
	t.Parallel()
	var rooms [2]*office
	for i := range rooms {
		r := newRoom(t)
		r.Languages = []press.Language{"en", "fr", "ar", "el", "es", "ru", "de", "it", "ja", "pl", "fa", "pt", "tr", "zh", "nl", "cs"}
		rooms[i] = newOfficeIn(r)
		rooms[i].MaxFile = 1 << 20
	}
	alone, review := rooms[0], rooms[1]
	same := 0
	pages := pagesOf(t)
	for _, name := range slices.Sorted(func(yield func(string) bool) {
		for name := range pages {
			if !yield(name) {
				return
			}
		}
	}) {
		p, mirror := review.readPage(t, name, pages[name])
		at := alone.ines
		at.Mirror, at.MaxFile = mirror, 1<<20
		at, err := at.ByAlone("It was public.")
		if err != nil {
			t.Fatal(err)
		}
		how := reviewed
		how.Review = false
		imported, refused := at.Import(t.Context(), p, how)
		writer := review.ines
		writer.Mirror, writer.MaxFile = mirror, 1<<20
		rehearsed, err := writer.RehearseImports(seenInMemory{}).Import(t.Context(), p, reviewed)
		handed, asIt := writer.Import(t.Context(), p, reviewed)
		if (err == nil) != (asIt == nil) || rehearsed.Manuscript.ID != "" {
			t.Errorf("%s: the dry run says %v, %+v, and the import %v", name, err, rehearsed.Manuscript, asIt)
		}
		if refused != nil || asIt != nil {
			if refused == nil || asIt == nil || refused.Error() != asIt.Error() {
				t.Errorf("%s: imported: %v; handed in: %v", name, refused, asIt)
			}
			continue
		}
		again, err := writer.Import(t.Context(), p, reviewed)
		if err != nil || !again.Known || again.Manuscript.ID != handed.Manuscript.ID || again.Manuscript.State != manuscripts.InReview {
			t.Errorf("%s: while it waits it is %+v, %v", name, again, err)
		}
		r, err := review.approve(review.rui, handed.Manuscript)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		want, got := alone.stored(imported.Article.ID), review.stored(r.Article.ID)
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(press.Article{}, "ID", "Group", "Changed", "Section")); diff != "" {
			t.Errorf("%s: approved it is another than imported (-imported +approved):\n%s", name, diff)
		}
		if want, got := alone.pathOf(want), review.pathOf(got); want != got {
			t.Errorf("%s: it is in %s, imported in %s", name, got, want)
		}
		if want, got := alone.filesOf(want), review.filesOf(got); !slices.Equal(want, got) {
			t.Errorf("%s: its files are %v, imported %v", name, got, want)
		}
		again, err = writer.Import(t.Context(), p, reviewed)
		if err != nil || !again.Known || again.Article.ID != r.Article.ID {
			t.Errorf("%s: afterwards it is %+v, %v", name, again, err)
		}
		same++
	}
	if same < 25 || review.articles() != same || alone.articles() != same {
		t.Errorf("%d pages are the same, of %d and %d articles", same, alone.articles(), review.articles())
	}
}

// seenInMemory are the pages of a dry run.
type seenInMemory map[uint64]string

// Find finds one.
func (s seenInMemory) Find(hash uint64) (uint64, string, bool, error) {
	name, found := s[hash]
	return 0, name, found, nil
}

// Put remembers one.
func (s seenInMemory) Put(hash, _ uint64, name string) error { s[hash] = name; return nil }

// pathOf is the section of an article.
func (o *office) pathOf(a press.Article) (path press.Path) {
	o.t.Helper()
	o.look(func(tx *storage.Tx) error {
		tree, err := tx.Tree()
		s, _ := tree.Section(a.Section)
		path = s.Path
		return err
	})
	return path
}

// filesOf are the files to which an article links.
func (o *office) filesOf(a press.Article) (files []press.File) {
	o.t.Helper()
	o.look(func(tx *storage.Tx) (err error) {
		files, err = tx.Files(a)
		return err
	})
	return files
}

// plainPage is a page without pictures.
func plainPage(change func(*importer.Page)) importer.Page {
	return page(func(p *importer.Page) {
		p.Images, p.Section = nil, []string{"The Ministry", "Statements"}
		p.Body = "<p>She came to the harbour in the morning and left it in the evening.</p>"
		if change != nil {
			change(p)
		}
	})
}

// handIn has somebody hand in a page.
func (o *office) handIn(by Desk, p importer.Page, how Importing) (Imported, error) {
	o.t.Helper()
	how.Review = true
	return by.Import(o.t.Context(), p, how)
}

// TestImportForReview: who imports hands in where they may write, approves nothing of it, and makes
// sections where they edit.
func TestImportForReview(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	unknown := func(p *importer.Page) { p.Section = []string{"The Ministry", "Travels"} }
	before := o.tree()
	for _, tt := range []struct {
		name string
		by   Desk
		page importer.Page
		how  Importing
		want string
	}{
		{"without a role there", o.leo, plainPage(nil), Importing{}, "not within your rights: it takes author or editor there"},
		{"who only approves", o.eva, plainPage(nil), Importing{}, "not within your rights: it takes"},
		{"an author in another section", o.ana, plainPage(func(p *importer.Page) { p.Section = []string{"Abroad"} }), anywhere, "not within your rights: it takes editor there above the section \"Abroad\", which would be new"},
		{"an author makes no section", o.ana, plainPage(unknown), anywhere, "not within your rights: it takes editor there above the section \"The Ministry > Travels\""},
		{"a section that nobody asked for", o.rui, plainPage(unknown), Importing{}, "its section \"The Ministry > Travels\" would be new"},
		{"a picture on another site", o.ana, page(func(p *importer.Page) { p.Section = []string{"The Ministry", "Statements"} }), Importing{}, "the picture https://old.mfa.example/117.jpg is on another site"},
		{"a picture in the text", o.ana, plainPage(func(p *importer.Page) { p.Body += `<p><img src="https://old.mfa.example/a.png" alt="A"></p>` }), Importing{}, "the picture https://old.mfa.example/a.png is on another site"},
		{"what no document says", o.ana, plainPage(func(p *importer.Page) { p.Title = "A  visit" }), Importing{}, "a document, by which it would be handed in for review, cannot say exactly what it says (it differs in: title): mend the page, or import it with --alone"},
		{"what no article is", o.ana, plainPage(func(p *importer.Page) { p.Title = strings.Repeat("A visit ", 80) }), Importing{}, "invalid title: longer than"},
	} {
		_, err := o.handIn(tt.by, tt.page, tt.how)
		if err == nil || !strings.Contains(err.Error(), tt.want) || !errors.Is(err, press.ErrInvalid) && !errors.Is(err, press.ErrConflict) {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
		}
	}
	if diff := cmp.Diff(before, o.tree()); diff != "" {
		t.Errorf("sections were made by pages that were put aside:\n%s", diff)
	}

	first, err := o.handIn(o.ana, plainPage(nil), Importing{})
	if err != nil || first.Known || first.Article.ID != "" || first.Manuscript.State != manuscripts.InReview || o.articles() != 0 {
		t.Fatalf("%+v, %v", first, err)
	}
	if got := o.did(first.Manuscript.ID); got != "ana manuscript submitted, ana manuscript begun" {
		t.Errorf("the audit says %s", got)
	}
	second, err := o.handIn(o.rui, plainPage(func(p *importer.Page) {
		unknown(p)
		p.Canonical, p.SourceURL = "https://old.mfa.example/118", "https://old.mfa.example/118"
		p.Body = "<p>He came to the harbour in the evening and left it in the morning.</p>"
	}), anywhere)
	if err != nil || len(second.Made) != 1 {
		t.Fatalf("%+v, %v", second, err)
	}
	for _, tt := range []struct {
		name string
		by   Desk
		m    manuscripts.Manuscript
	}{{"its author", o.ana, first.Manuscript}, {"an approver of what they handed in", o.rui, second.Manuscript}} {
		if _, err := o.approve(tt.by, tt.m); !errors.Is(err, ErrMayNot) {
			t.Errorf("%s approves: %v", tt.name, err)
		}
	}
	if _, err := o.approve(o.eva, first.Manuscript); err != nil {
		t.Error(err)
	}
	if _, err := o.approve(o.eva, first.Manuscript); err == nil || o.articles() != 1 {
		t.Errorf("approved twice: %v, of %d articles", err, o.articles())
	}
}

// TestImportKnowsWhatWaits: a page that was handed in is known while it waits, whoever imports it, and
// one that says the same is not handed in beside it; what was given up can be handed in again.
func TestImportKnowsWhatWaits(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	first, err := o.handIn(o.ana, plainPage(nil), Importing{})
	if err != nil {
		t.Fatal(err)
	}
	ines, err := o.ines.ByAlone("Tonight.")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := ines.Import(t.Context(), plainPage(nil), Importing{}); err != nil || !got.Known || got.Manuscript.ID != first.Manuscript.ID || o.articles() != 0 {
		t.Errorf("imported alone while it waits: %+v, %v", got, err)
	}
	other := func(p *importer.Page) { p.Canonical, p.SourceURL = "https://old.mfa.example/2", "" }
	for _, tt := range []struct {
		name   string
		change func(*importer.Page)
		cause  error
		want   string
	}{
		{"says something else now", func(p *importer.Page) { p.Body += "<p>And back.</p>" }, press.ErrConflict, "it waits to be approved as manuscript " + first.Manuscript.ID + " and has changed since"},
		{"under another address", other, ErrAgain, "it says what manuscript " + first.Manuscript.ID + " says, which waits to be approved"},
	} {
		if _, err := o.handIn(o.ana, plainPage(tt.change), Importing{}); !errors.Is(err, tt.cause) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
		}
	}
	twin, err := o.handIn(o.ana, plainPage(other), Importing{Again: true})
	if err != nil || twin.Known {
		t.Fatalf("%+v, %v", twin, err)
	}

	if err := o.ana.GiveUp(t.Context(), first.Manuscript.ID); err != nil {
		t.Fatal(err)
	}
	again, err := o.handIn(o.ana, plainPage(nil), Importing{Again: true})
	if err != nil || again.Known || again.Manuscript.ID == first.Manuscript.ID {
		t.Fatalf("given up, it is %+v, %v", again, err)
	}
}

// TestImportKnowsWhatWasMended: a page of which somebody has changed a word before it was approved is
// known all the same, as is its article, also after it was withdrawn.
func TestImportKnowsWhatWasMended(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	handed, err := o.handIn(o.ana, plainPage(nil), Importing{})
	if err != nil {
		t.Fatal(err)
	}
	m := handed.Manuscript
	look, err := o.rui.Look(t.Context(), m.ID)
	if err != nil || look.Lacks != nil {
		t.Fatal(err, look.Lacks)
	}
	mended := strings.Replace(string(look.Revision.Document), "harbour", "port", 1)
	if m, err = o.rui.Save(t.Context(), m.ID, m.Revision, []byte(mended), manuscripts.How{}); err == nil {
		m, err = o.rui.Submit(t.Context(), m.ID, m.Revision)
	}
	if err != nil {
		t.Fatal(err)
	}
	if got, err := o.handIn(o.ana, plainPage(nil), Importing{}); err != nil || !got.Known || got.Manuscript.ID != m.ID {
		t.Errorf("mended, it is %+v, %v", got, err)
	}
	r, err := o.approve(o.eva, m)
	if err != nil {
		t.Fatal(err)
	}
	if a := o.stored(r.Article.ID); !strings.Contains(string(a.Body), "to the port") || !a.Silent || a.SourceURL != "https://old.mfa.example/117" || a.Identity != "https://old.mfa.example/117" || a.Reader != importer.Generation {
		t.Errorf("mended, it went out as %+v", a)
	}
	if got, err := o.handIn(o.ana, plainPage(nil), Importing{}); err != nil || !got.Known || got.Article.ID != r.Article.ID {
		t.Errorf("approved, it is %+v, %v", got, err)
	}
	if _, err := o.leo.Withdraw(t.Context(), r.Article.ID, "Wrong."); err == nil {
		t.Error("an operator withdraws")
	}
	if _, err := o.rui.Withdraw(t.Context(), r.Article.ID, "Wrong."); err != nil {
		t.Fatal(err)
	}
	if got, err := o.handIn(o.ana, plainPage(nil), Importing{}); err != nil || !got.Known || got.Article.State != press.Withdrawn {
		t.Errorf("withdrawn, it is %+v, %v", got, err)
	}
	replay := func(p *importer.Page) { p.Canonical, p.Title = "https://old.mfa.example/3", "Her way" }
	if _, err := o.handIn(o.ana, plainPage(func(p *importer.Page) { replay(p); p.Body = r.Article.Body }), Importing{}); !errors.Is(err, ErrAgainWithdrawn) {
		t.Errorf("what was withdrawn is handed in under another title: %v", err)
	}
}

// TestPageIsOvertaken: what became public, or was kept back, while a page waited is not published again
// by its approval.
func TestPageIsOvertaken(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	waits, err := o.handIn(o.ana, plainPage(nil), Importing{})
	if err != nil {
		t.Fatal(err)
	}
	look, err := o.eva.Look(t.Context(), waits.Manuscript.ID)
	if err != nil || look.Lacks != nil {
		t.Fatal(err, look.Lacks)
	}
	text := "---\ntitle: Her visit\nsection: the-ministry/statements\npublished: " + now.Add(time.Hour).Format(time.RFC3339) + "\n---\n\nShe came to the harbour in the morning and left it in the evening.\n"
	m, err := o.ana.Propose(t.Context(), Proposal{Kind: manuscripts.NewArticle, Text: []byte(text)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.approve(o.eva, m); err != nil {
		t.Fatal(err)
	}
	if _, err := o.eva.Approve(t.Context(), waits.Manuscript.ID, Approving{Revision: 1, Digest: look.Digest}); !errors.Is(err, ErrAgain) || o.articles() != 1 {
		t.Errorf("what is under embargo goes out as an old page: %v", err)
	}
	if look, err := o.eva.Look(t.Context(), waits.Manuscript.ID); err != nil || !errors.Is(look.Lacks, ErrAgain) {
		t.Errorf("it lacks %v, %v", look.Lacks, err)
	}
}
