package newsroom

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"communique/cmd/internal/importer"
	"communique/storage/newsdesk"
)

// TestImportSaved: what was saved beside a page goes along, wherever the page says that
// it is from; what is not there stays with the site.
func TestImportSaved(t *testing.T) {
	t.Parallel()
	const text = `<html lang="en"><head><title>Fees of the harbour</title>%s</head><body><main><article><h1>Fees of the harbour</h1><time datetime="2019-05-06">6 May 2019</time>
<p>The fees were lowered this morning: <a href="../files/the%%20fees.csv?v=2#row=2">the fees</a>, <a href="gone.pdf">the law</a>, <a href="%s">more</a>.</p>
<p><img data-src="1_files/quay.png?w=90" src="spacer.gif" alt="The quay"></p><p><a href="../files/the%%20fees.csv"><img src="1_files/mole.png" width="300" height="250" alt="The mole"></a></p></article></main></body></html>`
	file, err := newsdesk.NewFile("the fees.csv", []byte("ship,fee\nsmall,1\n"))
	if err != nil {
		t.Fatal(err)
	}
	tree := fstest.MapFS{}
	for name, content := range map[string]string{"files/the fees.csv": "ship,fee\nsmall,1\n", "news/1_files/quay.png?w=90": pngOf(t), "news/1_files/mole.png": pngOf(t), "files/bad.pdf": "<html>none</html>", "secret.pdf": "%PDF-1.4"} {
		tree[name] = &fstest.MapFile{Data: []byte(content)}
	}
	for _, head := range []string{"", `<link rel="canonical" href="https://old.mfa.example/news/1">`} {
		r := newRoom(t)
		r.MaxFile = 1 << 20
		r.Saved = NewSaved(tree)
		read := func(link string) importer.Page {
			p, err := importer.ReadPage("news/1.html", fmt.Appendf(nil, text, head, link), importer.Options{Zone: time.UTC, Beside: func(reference string) string { return r.Saved.Address("news/1.html", reference) }})
			if err != nil {
				t.Fatal(err)
			}
			p.Section = []string{"The Ministry", "Statements"}
			if misses := len(p.Doubts) == 1 && p.Doubts[0].Text == "gone.pdf"; misses != (head == "") {
				t.Errorf("%q: doubts %v", head, p.Doubts)
			}
			p.Accept(importer.MissingFile)
			return p
		}
		stored, err := r.Import(t.Context(), read("https://old.mfa.example/other"), anywhere)
		if err != nil {
			t.Fatal(err)
		}
		a := r.stored(stored.Article.ID)
		for _, want := range []string{r.Site.File(file.Hash, "the fees.csv") + "#row=2", `<img src="` + r.Site.Base + "/media/"} {
			if !strings.Contains(string(a.Body), want) {
				t.Errorf("%q: the text lacks %s: %s", head, want, a.Body)
			}
		}
		if len(a.Images) != 2 || a.Images[0].Width != 90 || strings.Contains(string(a.Body), importer.BesideHost) || strings.Count(string(a.Body), "<img") != 2 {
			t.Errorf("%q: pictures %+v of %s", head, a.Images, a.Body)
		}
		if again, err := r.Import(t.Context(), read("https://old.mfa.example/other"), anywhere); err != nil || !again.Known {
			t.Errorf("%q: again: %+v %v", head, again, err)
		}
		if _, err := r.Import(t.Context(), read("../files/bad.pdf"), anywhere); err == nil || !strings.Contains(err.Error(), "files/bad.pdf") {
			t.Errorf("%q: a file that is not what it says: %v", head, err)
		}
	}
}

// TestSavedAddress: nothing but a picture or file in the folder has an address.
func TestSavedAddress(t *testing.T) {
	t.Parallel()
	s := NewSaved(fstest.MapFS{"news/a.pdf": {}, "news/b.html": {}, "c.pdf": {}, "news/d.pdf/e.pdf": {}})
	for reference, want := range map[string]string{
		"a.pdf": "https://beside.invalid/news/a.pdf", "./a.pdf": "https://beside.invalid/news/a.pdf", "../c.pdf": "https://beside.invalid/c.pdf",
		"a.pdf?x=1#page=2": "https://beside.invalid/news/a.pdf#page=2", "": "", "#top": "", "?x=1": "", "b.html": "", "gone.pdf": "", "d.pdf": "",
		"../../c.pdf": "", "/c.pdf": "", "//host/c.pdf": "", "https://mfa.example/a.pdf": "", "file:a.pdf": "", "%2e%2e/%2e%2e/c.pdf": "", "a.pdf\x00": "", "..": "",
	} {
		if got := s.Address("news/1.html", reference); got != want {
			t.Errorf("%q: %q, want %q", reference, got, want)
		}
	}
}

// TestImportMissesFiles: a page that leads to a file which readers would look for on this
// site, and not find, is put aside until somebody has said that it is meant; so is one with
// two files whose names differ in capital letters alone.
func TestImportMissesFiles(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.MaxFile = 1 << 20
	r.Saved = NewSaved(fstest.MapFS{"annex.csv": {Data: []byte("a,b\n")}, "Annex.CSV": {Data: []byte("c,d\n")}})
	const text = `<html lang="en"><head><title>Fees of the harbour, %[1]s</title>%[2]s</head><body><main><article><h1>Fees of the harbour, %[1]s</h1><time datetime="2019-05-06">6 May 2019</time>
<p>The fees were lowered this morning, as the council had asked for: %[3]s</p></article></main></body></html>`
	for _, test := range []struct{ name, head, links, aside, accept string }{
		{"beside", "", `<a href="annex.csv">the fees</a>`, "", ""},
		{"not beside", "", `<a href="law.pdf">the law</a>`, "missing file: law.pdf", importer.MissingFile},
		{"of an old program", "", `<a href="law.doc">the law</a>`, "missing file: law.doc", importer.MissingFile},
		{"of this site", `<link rel="canonical" href="` + r.Site.Base + `/news/2">`, `<a href="law.pdf">the law</a>`, "this site would have and has not (" + r.Site.Base + "/news/law.pdf)", importer.MissingFile},
		{"served already", "", `<a href="` + r.Site.File("0123456789abcdef0123456789abcdef", "law.pdf") + `">the law</a>`, "", ""},
		{"of another site", `<link rel="canonical" href="https://old.mfa.example/news/3">`, `<a href="law.pdf">the law</a>`, "", ""},
		{"two of one name", "", `<a href="annex.csv">the fees</a>, <a href="Annex.CSV">more</a>`, "the file Annex.CSV that it shows or links to: another file of the article is called annex.csv, too", ""},
	} {
		p, err := importer.ReadPage("1.html", fmt.Appendf(nil, text, test.name, test.head, test.links), importer.Options{Zone: time.UTC, Beside: func(reference string) string { return r.Saved.Address("1.html", reference) }})
		if err != nil {
			t.Fatal(err)
		}
		p.Section = []string{"The Ministry", "Statements"}
		_, err = r.Import(t.Context(), p, Importing{NewSections: true, Again: true})
		if test.aside == "" && err != nil || test.aside != "" && (err == nil || !strings.Contains(err.Error(), test.aside)) {
			t.Errorf("%s: %v, want %q", test.name, err, test.aside)
		}
		if test.accept != "" {
			p.Accept(test.accept)
			if _, err = r.Import(t.Context(), p, Importing{NewSections: true, Again: true, Accept: []string{test.accept}}); err != nil {
				t.Errorf("%s, accepted: %v", test.name, err)
			}
		}
	}
}
