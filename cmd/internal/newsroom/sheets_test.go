package newsroom

import (
	"net/url"
	"testing"
	"testing/fstest"
)

// TestSheetsBeside: a style sheet is found where a page leads to it, under the names that
// mirrors give, with what it takes in; none is looked for elsewhere.
func TestSheetsBeside(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{}
	for name, css := range map[string]string{
		"css/site.css": `@import url("base.css"); @import 'print.css' print;`, "css/base.css": `@import "site.css";.x{display:none}`, "news/own.css": ".x{}", "v.css?v=2": ".x{}", "w.css@v=2.css": ".x{}",
		"mfa.example/host.css": ".x{}", "a/b/deep.css": ".x{}",
	} {
		files[name] = &fstest.MapFile{Data: []byte(css)}
	}
	root, err := url.Parse("https://mfa.example/")
	if err != nil {
		t.Fatal(err)
	}
	folder, mirror := NewSheets(files, nil), NewSheets(files, NewMirror(root, files))
	for _, tt := range []struct{ page, href, inFolder, inMirror string }{
		{"news/1.html", "../css/site.css", "css/site.css", "css/site.css"},
		{"news/1.html", "/css/site.css", "css/site.css", "css/site.css"},
		{"news/1.html", "own.css#a", "news/own.css", "news/own.css"},
		{"1.html", "v.css?v=2", "v.css?v=2", "v.css?v=2"},
		{"1.html", "w.css?v=2", "w.css@v=2.css", "w.css@v=2.css"},
		{"news/1.html", "own.css?v=3", "news/own.css", "news/own.css"},
		{"mfa.example/1.html", "/host.css", "mfa.example/host.css", "mfa.example/host.css"},
		{"a/b/c/1.html", "/deep.css", "a/b/deep.css", ""},
		{"1.html", "https://mfa.example/css/site.css", "", "css/site.css"},
		{"1.html", "//mfa.example/css/site.css", "", "css/site.css"},
		{"1.html", "https://cdn.example/css/site.css", "", ""},
		{"1.html", "../css/site.css", "", ""},
		{"1.html", "/../../etc/passwd", "", ""},
		{"1.html", "data:text/css,.x{display:none}", "", ""},
		{"1.html", "css", "", ""},
		{"1.html", "", "", ""},
	} {
		if got := folder.find(tt.page, tt.href); got != tt.inFolder {
			t.Errorf("%s on %s: %q, want %q", tt.href, tt.page, got, tt.inFolder)
		}
		if got := mirror.find(tt.page, tt.href); got != tt.inMirror {
			t.Errorf("%s on %s of a mirror: %q, want %q", tt.href, tt.page, got, tt.inMirror)
		}
	}
	left := maxImported
	if css := folder.text("css/site.css", &left); css == "" || left != 0 {
		t.Errorf("style sheets that take in each other: %q, %d left", css, left)
	}
	if a, b := folder.Linked("1.html", "css/site.css"), folder.Linked("news/2.html", "../css/site.css"); a == nil || a != b {
		t.Errorf("the same style sheet is read twice: %p %p", a, b)
	}
}
