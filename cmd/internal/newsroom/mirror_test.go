package newsroom

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"communique/cmd/internal/importer"
	"communique/storage/newsdesk"
)

func mirrorOf(t *testing.T, files map[string]string) *Mirror {
	t.Helper()
	root, err := url.Parse("https://old.mfa.example/")
	if err != nil {
		t.Fatal(err)
	}
	tree := fstest.MapFS{}
	for name, content := range files {
		tree[name] = &fstest.MapFile{Data: []byte(content)}
	}
	return NewMirror(root, tree)
}

// TestMirrorAddress: files have the addresses of the site that the tree was made of.
func TestMirrorAddress(t *testing.T) {
	t.Parallel()
	m := mirrorOf(t, nil)
	for _, test := range []struct{ name, page, want string }{
		{"news/117.html", "", "https://old.mfa.example/news/117.html"},
		{"news/index.html", "", "https://old.mfa.example/news/"},
		{"index.htm", "", "https://old.mfa.example/"},
		{"old.mfa.example/news/117.html", "", "https://old.mfa.example/news/117.html"},
		{"page.php?id=3.html", "", "https://old.mfa.example/page.php?id=3"},
		{"page.php@id=3&l=en.html", "", "https://old.mfa.example/page.php?id=3&l=en"},
		{"team/a@b.html", "", "https://old.mfa.example/team/a@b.html"},
		{"news/Grüße 1.html", "", "https://old.mfa.example/news/Gr%C3%BC%C3%9Fe%201.html"},
		{"page2f3a.html", "<!-- Mirrored from old.mfa.example/page?id=9 by HTTrack Website Copier/3.x -->", "https://old.mfa.example/page?id=9"},
		{"x.html", "<!-- saved from url=(0031)https://old.mfa.example/deep/x -->", "https://old.mfa.example/deep/x"},
		{"x.html", "<!-- saved from url=(0031)https://another.example/deep/x -->", "https://old.mfa.example/x.html"},
	} {
		if got := m.Address(test.name, []byte("<html>"+test.page)).String(); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

func pngOf(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 90, 60))); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestImportFromMirror: pictures and files that a page shows and links to are taken out
// of the tree; what is not there stays on the old site; what cannot be kept puts the page
// aside; and a second run knows the page.
func TestImportFromMirror(t *testing.T) {
	t.Parallel()
	const text = `<html lang="en"><head><title>Fees of the harbour</title></head><body><main><article><h1>Fees of the harbour</h1><time datetime="2019-05-06">6 May 2019</time>
<p>The fees were lowered this morning: <a href="../files/fees.csv#row=2">the fees</a>, <a href="../files/gone.pdf">the law</a>, <a href="/files/%s">more</a>.</p>
<p><img src="/pictures/quay.png" alt="The quay"></p></article></main></body></html>`
	r := newRoom(t)
	r.MaxFile = 1 << 20
	r.Mirror = mirrorOf(t, map[string]string{"files/fees.csv": "ship,fee\nsmall,1\n", "pictures/quay.png": pngOf(t), "files/bad.pdf": "<html>none</html>", "files/odd.csv": "a,b\n"})
	read := func(link string) importer.Page {
		p, err := importer.ReadPage("news/1.html", fmt.Appendf(nil, text, link), importer.Options{Zone: time.UTC, SourceURL: r.Mirror.Address("news/1.html", nil)})
		if err != nil {
			t.Fatal(err)
		}
		p.Section = []string{"The Ministry", "Statements"}
		return p
	}
	stored, err := r.Import(t.Context(), read("odd.csv"), anywhere)
	if err != nil {
		t.Fatal(err)
	}
	body := string(r.stored(stored.Article.ID).Body)
	file, err := newsdesk.NewFile("fees.csv", []byte("ship,fee\nsmall,1\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{r.Site.File(file.Hash, "fees.csv") + "#row=2", `href="https://old.mfa.example/files/gone.pdf"`, `<img src="` + r.Site.Base + "/media/"} {
		if !strings.Contains(body, want) {
			t.Errorf("the text lacks %s: %s", want, body)
		}
	}
	if images := r.stored(stored.Article.ID).Images; len(images) != 1 || !strings.HasPrefix(images[0].Src, r.Site.Base+"/media/") || images[0].Width != 90 {
		t.Errorf("pictures %+v", images)
	}
	if again, err := r.Import(t.Context(), read("odd.csv"), anywhere); err != nil || !again.Known {
		t.Errorf("again: %+v %v", again, err)
	}
	if _, err := r.Import(t.Context(), read("bad.pdf"), anywhere); err == nil || !strings.Contains(err.Error(), "files/bad.pdf") {
		t.Errorf("a file that is not what it says: %v", err)
	}
	got := r.Mirror.Redirects("news/index.html", importer.Page{SourceURL: "https://old.mfa.example/news/", Canonical: "https://old.mfa.example/n/1?x=y"}, "T")
	if diff := cmp.Diff([]Redirect{{"/news/", "T"}, {"/n/1?x=y", "T"}, {"/news/index.html", "T"}}, got); diff != "" {
		t.Errorf("redirects (-want +got):\n%s", diff)
	}
}

// TestFindInMirror: a file is found by what the site called it, under the names that
// mirrors give, and nothing else is.
func TestFindInMirror(t *testing.T) {
	t.Parallel()
	m := mirrorOf(t, map[string]string{"a/fees 1.csv": "", "old.mfa.example/a/quay.png": "", "a/law.pdf?v=2": "", "a/map.pdf@v=3&l=en": "", "a/sea.jpg": "", "a/page.html": "", "a/b.csv/x": ""})
	for _, test := range []struct{ address, want string }{
		{"https://old.mfa.example/a/fees%201.csv", "a/fees 1.csv"},
		{"http://old.mfa.example/a/quay.png", "old.mfa.example/a/quay.png"},
		{"https://old.mfa.example/a/law.pdf?v=2", "a/law.pdf?v=2"},
		{"https://old.mfa.example/a/map.pdf?v=3&l=en", "a/map.pdf@v=3&l=en"},
		{"https://old.mfa.example/a/sea.jpg?width=200", "a/sea.jpg"},
		{"https://old.mfa.example/a/law.pdf", ""},
		{"https://old.mfa.example/a/b.csv", ""},
		{"https://old.mfa.example/a/page.html", ""},
		{"https://another.example/a/sea.jpg", ""},
		{"https://old.mfa.example/../a/sea.jpg", ""},
	} {
		u, err := url.Parse(test.address)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := m.find(u); got != test.want || ok != (test.want != "") {
			t.Errorf("%s: %q, want %q", test.address, got, test.want)
		}
	}
	for name, want := range map[string]string{"a/map.pdf@v=3": "map.pdf", "a/law.pdf?v=2": "law.pdf", "a/law.pdf?2": "law.pdf", "team@mfa.png": "team@mfa.png"} {
		if got := plainName(name); got != want {
			t.Errorf("%s is called %s, want %s", name, got, want)
		}
	}
	got := m.Redirects("t", importer.Page{SourceURL: `https://old.mfa.example/t?q="a b"&l=é`}, "T")
	if diff := cmp.Diff([]Redirect{{"/t?q=%22a%20b%22&l=%C3%A9", "T"}}, got); diff != "" {
		t.Errorf("redirects (-want +got):\n%s", diff)
	}
}
