package importer

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"communique/storage/richtext"
)

// TestWhatFramesLeadTo: a picture keeps what it leads to and its caption what stands in
// it, and what cannot be kept is told.
func TestWhatFramesLeadTo(t *testing.T) {
	t.Parallel()
	at, err := url.Parse("https://mfa.example/news/1.html")
	if err != nil {
		t.Fatal(err)
	}
	const picture = `<img src="https://mfa.example/p/cover.jpg" alt="Cover"/>`
	for _, tt := range []struct{ name, in, want, note string }{
		{"in a paragraph", `<p><a href="/t.pdf"><img src="/p/cover.jpg" alt="Cover"></a></p>`, `<figure><a href="https://mfa.example/t.pdf">` + picture + `</a></figure>`, ""},
		{"in a figure", `<figure><a href="/t.pdf"><span><img src="/p/cover.jpg" alt="Cover"></span></a><figcaption>The treaty</figcaption></figure>`,
			`<figure><a href="https://mfa.example/t.pdf">` + picture + `</a><figcaption>The treaty</figcaption></figure>`, ""},
		{"a caption", `<figure><img src="/p/cover.jpg" alt="Cover"><figcaption>The <b>treaty</b>: <a href="/t.pdf">text</a></figcaption></figure>`,
			`<figcaption>The <b>treaty</b>: <a href="https://mfa.example/t.pdf">text</a></figcaption>`, ""},
		{"a caption of a template", `<div class="wp-caption"><a href="/big.jpg"><img src="/p/cover.jpg" alt="Cover"></a><p class="wp-caption-text">Signed at <a href="/port">Port Almira</a></p></div>`,
			`<figcaption>Signed at <a href="https://mfa.example/port">Port Almira</a></figcaption>`, ""},
		{"a credit", `<figure><img src="/p/cover.jpg" alt="Cover"><figcaption>Signed<br>© <a href="https://afp.example/">AFP</a></figcaption></figure>`, `<figcaption>Signed</figcaption>`, "a link was left out: https://afp.example/"},
		{"what opens a script", `<p><a href="#"><img src="/p/cover.jpg" alt="Cover"></a></p>`, `<figure>` + picture + `</figure>`, ""},
		{"without words", `<p>Here <a href="/t.pdf"></a> it is.</p>`, `<p>Here it is.</p>`, "a link was left out: /t.pdf"},
		{"beside the word of a control", `<p><img src="/p/cover.jpg" alt="Cover"> <a href="/t.pdf">back</a></p>`, picture + ` <a href="https://mfa.example/t.pdf">back</a>`, ""},
		{"beside such a word that leads into the text", `<p><img src="/p/cover.jpg" alt="Cover"> <a href="/">zurück</a></p>`, picture, ""},
		{"a file called like a control", `<p><a href="/t.pdf">PDF</a></p>`, `<a href="https://mfa.example/t.pdf">PDF</a>`, ""},
	} {
		p, err := ReadPage("a.html", []byte(`<!DOCTYPE html><html lang="en"><head><title>The treaty</title></head><body><main><article><h1>The treaty</h1><time datetime="2026-03-05">5 March 2026</time><p>`+
			sentence+`</p><p>`+sentence+`</p>`+tt.in+`<p>`+sentence+`</p><p>`+sentence+`</p><p>`+sentence+`</p></article></main></body></html>`), Options{Zone: time.UTC, SourceURL: at})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(p.Body), tt.want) {
			t.Errorf("%s: %s", tt.name, p.Body)
		}
		if strings.Contains(string(p.former.body), "<a ") && strings.Contains(tt.want, "<figure>") {
			t.Errorf("%s: formerly %s", tt.name, p.former.body)
		}
		var notes []string
		for _, n := range p.Notes {
			notes = append(notes, n.What)
		}
		if strings.Join(notes, "; ") != tt.note {
			t.Errorf("%s: notes %q", tt.name, notes)
		}
	}
}

// TestLinksByAnotherSpelling: a link is there, however the page spells its address.
func TestLinksByAnotherSpelling(t *testing.T) {
	t.Parallel()
	base, err := url.Parse("https://mfa.example/news/1.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ href, want string }{
		{"https://mfa.example/公告/1", "https://mfa.example/%E5%85%AC%E5%91%8A/1"},
		{"/公告/1", "https://mfa.example/%E5%85%AC%E5%91%8A/1"},
		{"https://bücher.example:8443/a", "https://xn--bcher-kva.example:8443/a"},
		{"https://MFA.example/A", "https://mfa.example/A"},
		{"HTTPS://mfa.example:443/a", "https://mfa.example/a"},
		{"https://mfa.example/a/../b", "https://mfa.example/b"},
		{"https://mfa.example/a b", "https://mfa.example/a%20b"},
		{"https://mfa.example/a\nb", "https://mfa.example/ab"},
		{"https:\\\\mfa.example\\a", "https://mfa.example/a"},
		{"https://mfa.example", "https://mfa.example/"},
		{"https://mfa.example/100%-club?a|b", "https://mfa.example/100%-club?a%7Cb"},
		{"https://mfa.example/a#", "https://mfa.example/a"},
		{"mailto:presse@mfa.example?subject=a b", "mailto:presse@mfa.example?subject=a%20b"},
	} {
		for _, o := range []Options{{Zone: time.UTC}, {Zone: time.UTC, SourceURL: base}} {
			if o.SourceURL == nil && strings.HasPrefix(tt.href, "/") {
				continue
			}
			p, err := ReadPage("a.html", []byte(`<!DOCTYPE html><html lang="en"><head><title>The treaty</title></head><body><main><article><h1>The treaty</h1><time datetime="2026-03-05">5 March 2026</time><p>`+
				sentence+`</p><p>See <a href="`+tt.href+`">the path</a>.</p><p>`+sentence+`</p><p>`+sentence+`</p></article></main></body></html>`), o)
			if err != nil {
				t.Fatal(err)
			}
			if want := `See <a href="` + tt.want + `">the path</a>.`; !strings.Contains(string(p.Body), want) || len(p.Notes) > 0 {
				t.Errorf("%s: %s, notes %v", tt.href, p.Body, p.Notes)
			}
		}
	}
}

// TestCreditsInCaptions: a credit at the end of a caption is the picture's, also where the
// caption is a link.
func TestCreditsInCaptions(t *testing.T) {
	t.Parallel()
	for caption, want := range map[string][2]string{
		`<a href="https://mfa.example/p">Ilva Moor in Sund</a> <span>© Oro Oss</span>`:   {"Ilva Moor in Sund", "© Oro Oss"},
		`Ilva Moor in Sund <span class="credit">Oro Oss/MFA</span>`:                      {"Ilva Moor in Sund", "Oro Oss/MFA"},
		`Ilva Moor in Sund <small class="copyright">Photo: Oro Oss</small>`:              {"Ilva Moor in Sund", "Photo: Oro Oss"},
		`Ilva Moor in Sund <span class="credit">Oro Oss</span> before the treaty's vote`: {"Ilva Moor in Sund Oro Oss before the treaty's vote", ""},
		`Ilva Moor <span class="place">in Sund</span>`:                                   {"Ilva Moor in Sund", ""},
		`<span class="credit">© Oro Oss</span>`:                                          {"A", "© Oro Oss"},
	} {
		p, err := ReadPage("a.html", []byte(`<!DOCTYPE html><html lang="en"><head><title>The treaty</title></head><body><main><h1>The treaty of the strait</h1><p class="date">5 March 2024</p><p>`+sentence+`</p><figure><img src="https://mfa.example/a.jpg" alt="A"><figcaption>`+caption+`</figcaption></figure><p>`+sentence+`</p></main></body></html>`), Options{Zone: time.UTC})
		if err != nil || len(p.Images) != 1 {
			t.Fatalf("%s: %v %v", caption, p.Images, err)
		}
		said := want[0] == "A" || strings.Contains(richtext.Text(p.Body), want[0])
		if i := p.Images[0]; i.Credit != want[1] || !said {
			t.Errorf("%s: credit %q, not %q: %s", caption, i.Credit, want[1], p.Body)
		}
	}
}
