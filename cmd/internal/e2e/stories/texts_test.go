package stories

import (
	"html"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
)

// forms are all forms in which a site that serves gives an article.
type forms struct {
	page, description    string         // of HTML
	rss, atom, json      string         // what the feeds show whole
	summary, note, whole string         // what they show of it in short; the two forms of a post
	object               map[string]any // the post that has it whole
}

// formsOf reads every form of an article; it stands on two sites, the second of which
// sends articles whole.
func formsOf(t *testing.T, s, whole *e2etest.Site, title, body string, fields ...string) (forms, e2etest.Filed) {
	t.Helper()
	var f forms
	file := func(on *e2etest.Site) e2etest.Filed { // beside its pictures
		text, err := os.ReadFile(on.Markdown(title, body, fields...))
		document := filepath.Join(on.Data, "article.md")
		if err == nil {
			err = os.WriteFile(document, text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		return on.File("publish", document)
	}
	a, b := file(s), file(whole)
	main := func(page string) string {
		_, page, _ = strings.Cut(page, "<article")
		page, _, _ = strings.Cut(page, "</article>")
		return page
	}
	page := string(s.Page(a).Body)
	f.page, f.description = main(page), between(page, `property="og:description" content="`, `"`)
	of := func(feed, each string) string { // the newest are of the same second
		for item := range strings.SplitSeq(string(e2etest.Get(t, s.Base+"/en/feed."+feed).Body), each) {
			if strings.Contains(item, a.ID) {
				return item
			}
		}
		t.Fatalf("the article is not in the feed %s", feed)
		return ""
	}
	item := of("rss", "<item>")
	f.rss, f.summary = between(item, "<content:encoded><![CDATA[", "]]></content:encoded>"), between(item, "<description>", "</description>")
	f.atom = between(of("atom", "<entry>"), `<content type="html">`, "</content>")
	items, _ := e2etest.Get(t, s.Base+"/en/feed.json").Fields(t)["items"].([]any)
	for _, item := range items {
		if e2etest.Text(item, "url") == a.URL {
			f.json = e2etest.Text(item, "content_html")
		}
	}
	f.note = e2etest.Text(e2etest.Object(t, s.ObjectID(a)), "content")
	f.object = e2etest.Object(t, whole.ObjectID(b))
	f.whole = e2etest.Text(f.object, "content")
	for _, form := range []*string{&f.summary, &f.atom, &f.description} {
		*form = html.UnescapeString(*form) // in XML the markup of a text is escaped once more
	}
	return f, a
}

func between(text, before, after string) string {
	_, text, _ = strings.Cut(text, before)
	text, _, _ = strings.Cut(text, after)
	return text
}

// twoSites are one that sends notes, and one that sends articles whole.
func twoSites(t *testing.T) (s, whole *e2etest.Site) {
	t.Helper()
	s, whole = e2etest.NewSite(t), e2etest.NewSite(t)
	whole.Configure("rendition: note", "rendition: article")
	s.Serve()
	whole.Serve()
	return s, whole
}

// TestTextsSayWhatTheySay: what a text says is what the page, its description, the
// feeds, the posts and the search say; "never" is what none of them may say.
func TestTextsSayWhatTheySay(t *testing.T) {
	t.Parallel()
	s, whole := twoSites(t)
	for _, tt := range []struct {
		name, body string
		page       string // in the page and the feeds
		post       string // in a post that has it whole
		plain      string // in what is short
		never      string
		find, not  string // what finds it, and what does not
	}{
		{"one tilde", "会议于3~5日举行，论坛于7~9日举行。", "3~5日举行，论坛于7~9日", "3~5日举行，论坛于7~9日", "3~5日举行，论坛于7~9日", "35日", "论坛", ""},
		{"raised", "Aid for 10<sup>6</sup> people by 10<sup>6.5</sup>.", "10<sup>6</sup>", "10⁶ people by 10^6.5.", "10⁶ people by 10^6.5.", "106 people", "10^6", "106"},
		{"lowered", "H<sub>2</sub>O is scarce.", "H<sub>2</sub>O", "H₂O is scarce", "H₂O is scarce", "H2O", "H2O", "HO"},
		{"struck", "We ~~do not~~ accept <del>war</del> <ins>peace</ins>.", "<s>do not</s>", "", "We accept peace.", "accept war", "peace", "war"},
		{"hidden", "One. <span style=\"display:none\">Internal remark.</span>", "One.", "One.", "One.", "Internal remark", "one", "remark"},
		{"no element", "It fell to <two per cent> of GDP, said <NAME OF MINISTER>.", "&lt;two per cent&gt; of", "&lt;two per cent&gt; of", "&lt;two per cent&gt; of GDP", "fell to of", "\"two per cent\"", ""},
		{"items", "- first item\n- second item", "<li>first item</li>", "<li>first item</li>", "first item", "itemsecond", "second", ""},
		{"counted", "<ol type=\"a\" start=\"3\"><li>Ports</li><li>Piers</li></ol>", `<ol type="a" start="3">`, "c. Ports", "Ports", "3. Ports", "piers", ""},
		{"footnote", "Signed[^1].\n\n[^1]: Not yet ratified.", "Not yet ratified", "Not yet ratified", "Signed", "[^1]", "ratified", ""},
		{"east Asian emphasis", "**协议（部长级）**签署。", "协议（部长级）</strong>签署", "协议（部长级）</strong>签署", "协议（部长级）签署", "**", "部长级", ""},
		{"address", "See https://mfa.example/公告/2026/1.html", "2026/1.html</a>", "2026/1.html</a>", "公告/2026/1.html", "公告</a>/2026", "公告", ""},
	} {
		f, a := formsOf(t, s, whole, "On "+tt.name, tt.body)
		for place, text := range map[string]string{"page": f.page, "content in RSS": f.rss, "content in Atom": f.atom, "content in JSON Feed": f.json} {
			if !strings.Contains(text, tt.page) || tt.never != "" && strings.Contains(text, tt.never) {
				t.Errorf("%s: the %s lacks %q or says %q: %s", tt.name, place, tt.page, tt.never, text)
			}
		}
		for place, text := range map[string]string{"description of the page": f.description, "description in RSS": f.summary, "note": f.note} {
			// An attribute holds what markup says with references.
			if !strings.Contains(text, tt.plain) && !strings.Contains(text, html.UnescapeString(tt.plain)) || strings.Contains(text, tt.never) {
				t.Errorf("%s: the %s lacks %q or says %q: %s", tt.name, place, tt.plain, tt.never, text)
			}
		}
		if !strings.Contains(f.whole, tt.post) || strings.Contains(f.whole, tt.never) {
			t.Errorf("%s: the post lacks %q or says %q: %s", tt.name, tt.post, tt.never, f.whole)
		}
		finds := func(query string) bool {
			found := e2etest.Get(t, s.Base+"/en/search?q="+url.QueryEscape(query), "Accept", "text/html")
			return strings.Contains(string(found.Body), `<a href="`+a.URL+`"`)
		}
		if !finds(tt.find) || tt.not != "" && finds(tt.not) {
			t.Errorf("%s: not found by %q, or found by %q", tt.name, tt.find, tt.not)
		}
	}
}

// TestPicturesOfTexts: a picture that only the text shows stands for the article
// wherever one does.
func TestPicturesOfTexts(t *testing.T) {
	t.Parallel()
	s, whole := twoSites(t)
	for _, site := range []*e2etest.Site{s, whole} {
		site.Picture("quay.png", 32)
	}
	for src, alt := range map[string]string{"https://pictures.example/quay.jpg": "The quay at 10\u00a0km", "quay.png": "外務大臣\u3000会見"} {
		body := "One.\n\n<figure><img src=\"" + src + "\" alt=\"" + alt + "\"><figcaption>The quay © A. Photographer</figcaption></figure>\n\n~~![Old](https://pictures.example/old.jpg)~~"
		f, a := formsOf(t, s, whole, "The quay at "+src, body)
		page := string(s.Page(a).Body)
		shown := between(page, `property="og:image" content="`, `"`)
		if !strings.HasSuffix(shown, src[strings.LastIndexByte(src, '.'):]) || !strings.Contains(page, alt) {
			t.Errorf("%s: the picture of the page is %q", src, shown)
		}
		attached, _ := f.object["attachment"].([]any)
		if len(attached) != 1 || e2etest.Text(attached[0], "name") != alt || strings.HasPrefix(src, "https:") && e2etest.Text(attached[0], "url") != src {
			t.Errorf("%s: attached are %v", src, attached)
		}
		rss := string(e2etest.Get(t, s.Base+"/en/feed.rss").Body)
		if !strings.Contains(rss, `<media:content url="`+shown+`"`) || strings.HasPrefix(shown, s.Base) && !strings.Contains(rss, `<enclosure url="`+shown+`"`) {
			t.Errorf("%s: the feed has no enclosure: %s", src, rss)
		}
		if feed := string(e2etest.Get(t, s.Base+"/en/feed.json").Body); !strings.Contains(feed, `"image": "`+shown+`"`) {
			t.Errorf("%s: the feed has no image: %s", src, feed)
		}
		for place, text := range map[string]string{"page": f.page, "content in RSS": f.rss, "content in Atom": f.atom, "content in JSON Feed": f.json, "post": f.whole} {
			if !strings.Contains(text, "The quay © A. Photographer") {
				t.Errorf("%s: the %s lacks the caption: %s", src, place, text)
			}
		}
	}
}
