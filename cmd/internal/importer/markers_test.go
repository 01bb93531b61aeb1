package importer

import (
	"slices"
	"strings"
	"testing"
	"time"

	"communique/storage/richtext"
)

// A marker is put where MARK stands. What a template calls its furniture by is what
// texts are made of, too: each of these is a place in which words of a text were lost.
var markers = []struct{ name, html string }{
	{"paragraph", `<p>MARK was said in the morning and repeated at noon.</p>`},
	{"name", `<p>MARK</p>`},
	{"answer", `<p>OK</p><p>MARK</p>`},
	{"cell", `<table><tr><th>Name</th><th>Level</th></tr><tr><td>Port</td><td>MARK</td></tr><tr><td>Sea</td><td>Medium</td></tr></table>`},
	{"marked cell", `<table><tr><td class="meta">MARK</td><td class="share">A</td></tr><tr><td>Port</td><td>–</td></tr></table>`},
	{"foot of a table", `<table><tfoot><tr><td>MARK</td><td>2</td></tr></tfoot><tr><td>Port</td><td>1</td></tr></table>`},
	{"item", `<ul><li>MARK</li><li>Print</li></ul>`},
	{"linked names", `<p>The delegation:</p><ul><li><a href="/a">Ilva MARK</a></li><li><a href="/b">Oro Oss</a></li></ul>`},
	{"linked names of sponsors", `<p>We thank:</p><ul class="sponsors"><li>MARK</li><li>The Harbour</li></ul>`},
	{"author of a quotation", `<blockquote><p>We shall go.</p><footer><cite>MARK</cite></footer></blockquote>`},
	{"long quotation", `<blockquote class="promo"><p>MARK is what the treaty is about, said the Minister, and went on to say why.</p></blockquote>`},
	{"linked caption", `<figure><img src="https://mfa.example/a.jpg" alt="A"><figcaption><a href="/p/1">MARK at the harbour of Port Almira</a></figcaption></figure>`},
	{"caption with a credit", `<figure><img src="https://mfa.example/b.jpg" alt="A"><figcaption>MARK <small>© Ministry</small></figcaption></figure>`},
	{"aside", `<aside><p>MARK is a port of forty thousand people.</p></aside>`},
	{"short aside", `<aside>MARK</aside>`},
	{"closed accordion", `<button aria-expanded="false" aria-controls="f1">Article 1</button><div id="f1" hidden><p>MARK shall enter into force.</p></div>`},
	{"head of an accordion", `<button aria-expanded="false" aria-controls="f2">MARK</button><div id="f2" class="collapse" aria-hidden="true"><p>The Parties agree.</p></div>`},
	{"heading with an id", `<h2 id="actions">MARK</h2><p>The Parties shall act.</p>`},
	{"heading of related acts", `<h3 class="related">MARK</h3><p>The Parties shall act.</p>`},
	{"class of a policy", `<div class="social-policy"><p>MARK is what we care for.</p></div>`},
	{"byline of a speaker", `<p class="byline">MARK</p><p>Thank you, Mr President.</p>`},
	{"another language", `<p class="lang_fr">MARK est arrivé.</p>`},
	{"shareholders", `<div class="shareholders">MARK</div>`},
	{"label", `<p><label>MARK</label> is the keyword.</p>`},
	{"definition", `<dl><dt>Print</dt><dd>MARK</dd></dl>`},
	{"section with a footer", `<section><p>The first part.</p><footer>MARK</footer></section>`},
	{"text in a span", `<span>MARK stands between paragraphs.</span>`},
	{"bare text", `MARK stands bare.`},
	{"signature", `<p class="signature">Done at Port Almira on 5 March 2024, MARK</p>`},
	{"preformatted", `<pre>MARK
1 2 3</pre>`},
	{"further information", `<h2>Further information</h2><p>MARK can be asked at the ministry at any time.</p>`},
	{"tools of a trade", `<div class="tools"><p>MARK, hammers and saws were given to the school.</p></div>`},
	{"banner", `<p id="banner">MARK</p>`},
	{"disclaimer", `<div class="disclaimer">MARK is not an official translation.</div>`},
	{"hidden", `<p style="display:none">MARK</p>`},
	{"frame", `<div class="video"><iframe src="https://video.example/1"></iframe><p>MARK speaks to the press.</p></div>`},
	{"image map", `<p><img src="https://mfa.example/m.png" alt="Map" usemap="#m"><map name="m"><area href="https://mfa.example/x" alt="MARK"></map></p>`},
	{"formula", `<math><mi>MARK</mi></math>`},
	{"title of a frame", `<iframe src="https://video.example/2" title="MARK"></iframe>`},
	{"details", `<details><summary>MARK</summary><p>Folded.</p></details>`},
	{"list of files", `<ul><li><a href="a.pdf">MARK (PDF)</a></li><li><a href="b.pdf">Annex 2</a></li></ul>`},
}

// markedPages are shapes of pages, in which TITLE-SIDE and TEXT stand for what is
// put there.
var markedPages = []struct{ name, html string }{
	{"article", `<main><article><h1>The treaty of Port Almira</h1><time datetime="2026-03-05">5 March 2026</time>BEFORE<div class="content">FIRST<p>` + sentence + `</p>MIDDLE<p>` + sentence + `</p>LAST</div>AFTER</article></main>`},
	{"two containers", `<div id="page"><div class="head"><h1>The treaty of Port Almira</h1><p class="date">5 March 2026</p></div>BEFORE<div class="rich-text">FIRST<p>` + sentence + `</p><p>` + sentence + `</p></div><div class="box">MIDDLE</div><div class="rich-text"><p>` + sentence + `</p>LAST</div>AFTER</div>`},
	{"title beside the article", `<h1>The treaty of Port Almira</h1><article><div class="node"><div class="day"><time datetime="2026-03-05">5 March 2026</time></div>BEFORE<div class="field-body">FIRST<p>` + sentence + `</p>MIDDLE<p>` + sentence + `</p>LAST</div>AFTER</div></article>`},
	{"numbered parts", `<div class="Section1"><h1>The treaty of Port Almira</h1><p>5 March 2026</p>BEFORE FIRST<p>` + sentence + `</p><p>` + sentence + `</p></div><div class="Section2">MIDDLE<p>` + sentence + `</p>LAST</div>`},
	{"in one line", `<table><tr><td><a href="/">Home</a></td><td><font face="Arial"><b><font size="5">The treaty of Port Almira</font></b><br><br>5 March 2026<br><br>BEFORE FIRST` + sentence + `<br><br>MIDDLE` + sentence + `<br><br>LAST</font>AFTER</td></tr></table>`},
	{"old", `<table><tr><td><a href="/">Home</a></td></tr><tr><td><h1>The treaty of Port Almira</h1><p>5 March 2026</p>BEFORE FIRST<p>` + sentence + `</p>MIDDLE<p>` + sentence + `</p>LAST</td></tr></table>`},
}

const sentence = `The Ministry of Foreign Affairs of Valora has agreed with its neighbours that the harbour shall be open to all ships, as the Minister said today in the capital. The treaty will be laid before Parliament in the spring.`

// TestMarkers: of the words in a text hardly any vanish without a word, and few are
// named instead of kept.
func TestMarkers(t *testing.T) {
	t.Parallel()
	const mark = "Zorvalen Quistberg"
	all, silent, named := 0, []string{}, []string{}
	for _, shape := range markedPages {
		for _, place := range []string{"BEFORE", "FIRST", "MIDDLE", "LAST", "AFTER"} {
			if !strings.Contains(shape.html, place) {
				continue
			}
			for _, m := range markers {
				all++
				text := strings.Replace(shape.html, place, strings.ReplaceAll(m.html, "MARK", mark), 1)
				for _, other := range []string{"BEFORE", "FIRST", "MIDDLE", "LAST", "AFTER"} {
					text = strings.Replace(text, other, "", 1)
				}
				p, err := ReadPage("a.html", []byte(`<!DOCTYPE html><html lang="en"><head><title>The treaty of Port Almira</title></head><body><nav><a href="/">Home</a> <a href="/news">News</a></nav>`+text+`<footer><p>© Ministry of Foreign Affairs</p></footer></body></html>`), Options{Zone: time.UTC})
				if err != nil {
					t.Fatal(err)
				}
				name := shape.name + ", " + place + ": " + m.name
				if p.Title != "The treaty of Port Almira" {
					t.Errorf("%s: title %q", name, p.Title)
				}
				if body := richtext.Text(p.Body); strings.Count(body, "shall be open to all ships") != strings.Count(text, "shall be open to all ships") {
					t.Errorf("%s: other text is lost: %s", name, body)
				}
				quoted := slices.ContainsFunc(p.Problems, func(s string) bool { return strings.Contains(s, mark) })
				switch {
				case strings.Contains(richtext.Text(p.Body)+p.Lead, mark):
				case quoted:
					named = append(named, name)
				default:
					silent = append(silent, name)
				}
			}
		}
	}
	t.Logf("%d markers, %d silent, %d named", all, len(silent), len(named))
	if len(silent)*50 > all {
		t.Errorf("%d of %d vanish silently:\n%s", len(silent), all, strings.Join(silent, "\n"))
	}
	if len(named)*100 > all*15 {
		t.Errorf("%d of %d are named, not kept:\n%s", len(named), all, strings.Join(named, "\n"))
	}
}
