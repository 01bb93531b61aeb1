package importer

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestPictureSources: a picture is known by where it stands and how large it is, its address
// by what is one; what files are called says little.
func TestPictureSources(t *testing.T) {
	t.Parallel()
	at, err := url.Parse("https://mfa.example/news/1.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, html, src, alt, credit string }{
		{"letters of an advert in a name", `<img src="/p/transatlantic-ads-bullet-train.jpg" alt="A train">`, "https://mfa.example/p/transatlantic-ads-bullet-train.jpg", "A train", ""},
		{"a fair share", `<img src="/p/fair-share.jpg" alt="A fair">`, "https://mfa.example/p/fair-share.jpg", "A fair", ""},
		{"a flag, large", `<img src="/p/flag.png" width="800" height="600" alt="The flag">`, "https://mfa.example/p/flag.png", "The flag", ""},
		{"a logo that is presented", `<figure><img src="/p/new-logo.png" alt="The logo"><figcaption>The new logo of the harbour</figcaption></figure>`, "https://mfa.example/p/new-logo.png", "The logo", ""},
		{"a logo", `<a href="/"><img src="/p/logo.png" alt="Ministry"></a>`, "", "", ""},
		{"an icon", `<img class="icon" src="/p/a.png" alt="">`, "", "", ""},
		{"a photograph called like a placeholder", `<img src="/p/space.jpg" alt="Space">`, "https://mfa.example/p/space.jpg", "Space", ""},
		{"a placeholder", `<img src="/p/space.gif" alt="">`, "", "", ""},
		{"a placeholder before a picture", `<img src="/p/loading.jpg" data-src="/p/ship.jpg" alt="A ship">`, "https://mfa.example/p/ship.jpg", "A ship", ""},
		{"loaded late", `<img data-lazy="true" data-image="117" data-url="/news/2" src="/p/quay.jpg" alt="The quay">`, "https://mfa.example/p/quay.jpg", "The quay", ""},
		{"a page beside a picture", `<img data-url="https://mfa.example/news/2.html" src="/p/quay.jpg" alt="The quay">`, "https://mfa.example/p/quay.jpg", "The quay", ""},
		{"several sizes", `<img srcset="/p/s.jpg 300w, /p/l.jpg 1200w" alt="The quay">`, "https://mfa.example/p/l.jpg", "The quay", ""},
		{"sizes loaded late", `<picture><source data-srcset="/p/q.webp 1x"><img src="data:image/gif;base64,AA" alt="The quay"></picture>`, "https://mfa.example/p/q.webp", "The quay", ""},
		{"of AMP", `<amp-img src="/p/amp.jpg" alt="The quay" width="600" height="400"></amp-img>`, "https://mfa.example/p/amp.jpg", "The quay", ""},
		{"a counter", `<img src="/p/c.png" width="0" height="1">`, "", "", ""},
		{"an advert by size and place", `<a href="https://shop.example/offer"><img src="/p/summer.jpg" width="728" height="90" alt="Offer"></a>`, "", "", ""},
		{"of that size, leading to no other site", `<a href="/p/summer-large.jpg"><img src="/p/summer.jpg" width="300" height="250" alt="Summer"></a>`, "https://mfa.example/p/summer.jpg", "Summer", ""},
		{"of that size, with a caption", `<figure><a href="https://museum.example/"><img src="/p/boat.jpg" width="300" height="250" alt="Boat"></a><figcaption>The boat in the museum</figcaption></figure>`, "https://mfa.example/p/boat.jpg", "Boat", ""},
		{"a short caption that is a link", `<figure><img src="/p/a.jpg"><figcaption><a href="/port">Port Almira</a></figcaption></figure>`, "https://mfa.example/p/a.jpg", "Port Almira", ""},
		{"a credit that is a link", `<figure><img src="/p/a.jpg"><figcaption><p><a href="/port">Port Almira</a></p><p class="credit"><a href="/tarn">Ilva Tarn</a></p></figcaption></figure>`, "https://mfa.example/p/a.jpg", "Port Almira", "Ilva Tarn"},
	} {
		p, err := ReadPage("a.html", []byte(`<!DOCTYPE html><html lang="en"><head><title>The treaty</title></head><body><main><article><h1>The treaty</h1><time datetime="2026-03-05">5 March 2026</time><p>`+
			sentence+`</p>`+tt.html+`<p>`+sentence+`</p></article></main></body></html>`), Options{Zone: time.UTC, SourceURL: at})
		if err != nil {
			t.Fatal(err)
		}
		var src, alt, credit string
		for _, i := range p.Images {
			src, alt, credit = src+i.Src, i.Alt, i.Credit
		}
		if src != tt.src || alt != tt.alt || credit != tt.credit {
			t.Errorf("%s: %q, %q, %q\n%s\n%s", tt.name, src, alt, credit, p.Body, strings.Join(p.Problems, "\n"))
		}
	}
}
