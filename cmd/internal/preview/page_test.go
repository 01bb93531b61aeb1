package preview

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPageAlone: nothing in the file makes a browser ask anybody for anything.
func TestPageAlone(t *testing.T) {
	t.Parallel()
	alone := Alone{
		Style: []byte("p{color:red}"),
		Picture: func(address string) (Picture, bool, error) {
			return Picture{"image/png", []byte("png")}, strings.HasPrefix(address, "https://press.mfa.example/media/"), nil
		},
		Pages: map[string]string{"https://press.mfa.example/fr/articles/b": "preview.fr.html"},
	}
	for name, tt := range map[string]struct{ page, want string }{
		"the policy comes first": {
			`<html><head><meta charset="utf-8">`,
			`<html><head>` + "\n" + `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'">` +
				"\n" + `<meta http-equiv="x-dns-prefetch-control" content="off"><meta charset="utf-8">`,
		},
		"styles": {`<link rel="stylesheet" href="/assets/style-1.css"><link rel="canonical" href="https://x/">`, "<style>\np{color:red}\n</style>" + `<link rel="canonical" href="https://x/">`},
		"a picture without its sizes": {
			`<img src="https://press.mfa.example/media/1.png" alt="&lt;A &amp; b&gt;" srcset="https://press.mfa.example/media/2.png 480w" sizes="1px" width="3">`,
			`<img src="data:image/png;base64,cG5n" alt="&lt;A &amp; b&gt;" width="3">`,
		},
		"a picture of others":        {`<img src="https://other.example/a.png?b=1&amp;c" alt="">`, `<img src="data:," alt="">`},
		"an icon":                    {`<link rel="icon" href="https://press.mfa.example/media/1.png">`, `<link rel="icon" href="data:image/png;base64,cG5n">`},
		"no icon":                    {`<link rel="icon" href="data:,">`, `<link rel="icon" href="data:,">`},
		"another page of the set":    {`<a hreflang="fr" href="https://press.mfa.example/fr/articles/b">B</a>`, `<a hreflang="fr" href="preview.fr.html">B</a>`},
		"all else as it was":         {`<p class=a>A &amp; b</p><a href="#n">1</a><!-- c --><script type="application/ld+json">{"a":"<b>"}</script>`, ""},
		"another page with the icon": {`<a rel="icon" href="/x">X</a>`, ""},
	} {
		got, _, err := alone.Page([]byte(tt.page))
		if tt.want == "" {
			tt.want = tt.page
		}
		if diff := cmp.Diff(tt.want, string(got)); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
	}
	_, elsewhere, err := alone.Page([]byte(`<img src="https://o.example/a?b&amp;c"><img src="https://o.example/a?b&amp;c"><img src="https://press.mfa.example/media/1.png">`))
	if diff := cmp.Diff([]string{"https://o.example/a?b&c"}, elsewhere); err != nil || diff != "" {
		t.Errorf("what is elsewhere: %v\n%s", err, diff)
	}
}

// TestMastodon: of a Note the content and a card, of an Article name and summary.
func TestMastodon(t *testing.T) {
	t.Parallel()
	page := []byte(`<head><meta property="og:title" content="A &amp; b"><meta property="og:site_name" content="M"><meta property="og:description" content="D"><meta property="og:image" content="https://x/p.jpg"><meta property="og:image:alt" content="Alt"></head>`)
	card := &Card{Title: "A & b", Description: "D", Site: "M", Image: "https://x/p.jpg", ImageAlt: "Alt"}
	for name, tt := range map[string]struct {
		sent string
		want Post
	}{
		"a Note": {
			`{"type":"Note","content":"<p><strong>A &amp; b</strong></p><p>Lead…</p><p><a href=\"https://x/y\"><span class=\"invisible\">https://</span><span class=\"ellipsis\">x</span><span class=\"invisible\">/y</span></a></p><p><a href=\"https://x/t\">#<span>Sea</span></a></p>","contentMap":{"en":""},"tag":[{"name":"#Sea"}]}`,
			Post{Title: "A & b", Text: "Lead…\n\nx…", Tags: []string{"#Sea"}, Language: "en", Card: card},
		},
		"a Note without tags": {
			`{"type":"Note","content":"<p><strong>A</strong></p><p>Lead</p>","contentMap":{"ar":""}}`,
			Post{Title: "A", Text: "Lead", Language: "ar", Card: card},
		},
		"an Article with pictures": {
			`{"type":"Article","name":"A","summary":"<p>Lead</p>","url":"https://x","content":"<p>Whole</p>","contentMap":{"en":""},"tag":[{"name":"#Sea"}],"attachment":[{"url":"p"}]}`,
			Post{Title: "A", Text: "Lead\n\nhttps://x", Tags: []string{"#Sea"}, Language: "en", Pictures: 1},
		},
	} {
		got, err := Mastodon([]byte(tt.sent), page)
		if diff := cmp.Diff(tt.want, got); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
	}
	if _, err := Mastodon([]byte("{"), page); err == nil {
		t.Error("what cannot be read was read")
	}
}
