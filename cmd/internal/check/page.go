package check

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// PageFacts are what an article's page must name.
type PageFacts struct {
	Object  string // the article's id
	Handle  string // of its author, "@ministry@mfa.example"
	Profile string // the page of its author's profile
}

// Page judges an article's page as servers that show a preview of it read it:
// rules H1, H2, H3, A12 and A15.
func Page(d Document, want PageFacts) []Finding {
	what := "page " + d.URL
	head := readHead(d.Body)
	got := d.Err == nil && d.Status == 200 && strings.HasPrefix(d.Header.Get("Content-Type"), "text/html")
	all := []Finding{judge("H1", what, got && head.link("alternate", activityJSON) == want.Object, d.answer())}
	if !got {
		return all
	}
	var f faults
	for _, property := range []string{"og:title", "og:description", "og:url"} {
		f.unless(head.meta[property] != "", "no %s", property)
	}
	f.unless(sameHost(head.link("canonical", ""), d.URL), "canonical is %q", head.link("canonical", ""))
	f.unless(head.newsArticle, "no NewsArticle")
	cache := d.Header.Get("Cache-Control")
	return append(all,
		judge("H2", what, len(f) == 0, f.or("OpenGraph, canonical, NewsArticle")),
		judge("H3", what, strings.Contains(cache, "max-age=") && !strings.Contains(cache, "private"), cache),
		judge("A12", what, slices.Contains(head.me, want.Profile), strings.Join(head.me, " ")),
		judge("A15", what, head.meta["fediverse:creator"] == want.Handle, wanted(head.meta["fediverse:creator"], want.Handle)))
}

// Negotiation judges that one address answers browsers with the page and servers
// with the object, and tells caches so: rule I7. The object was asked for after
// the page, the page once more after the object.
func Negotiation(page, object, pageAgain Document) Finding {
	var f faults
	for _, d := range []Document{page, pageAgain} {
		f.unless(d.Status == 200 && strings.HasPrefix(d.Header.Get("Content-Type"), "text/html"), "a browser gets %s", d.answer())
	}
	f.unless(object.Status == 200 && isActivityJSON(object.Header.Get("Content-Type")), "a server gets %s", object.answer())
	for _, d := range []Document{page, object} {
		f.unless(d.varies("Accept"), "Vary is %q", strings.Join(d.Header.Values("Vary"), ", "))
	}
	return judge("I7", "page and object at "+page.URL, len(f) == 0, f.or("each gets its own, and caches are told"))
}

// head is what is read of a page's head.
type head struct {
	meta        map[string]string
	links       []map[string]string
	me          []string
	newsArticle bool
}

func (h head) link(rel, kind string) string {
	for _, l := range h.links {
		if l["rel"] == rel && (kind == "" || l["type"] == kind) {
			return l["href"]
		}
	}
	return ""
}

var spaces = regexp.MustCompile(`\s+`)

// readHead reads links, metadata and JSON-LD of a page, wherever they stand.
func readHead(page []byte) head {
	h := head{meta: map[string]string{}}
	z := html.NewTokenizer(strings.NewReader(string(page)))
	data := false
	for {
		switch z.Next() {
		case html.ErrorToken:
			return h
		case html.TextToken:
			var about map[string]any
			if data && json.Unmarshal(z.Text(), &about) == nil {
				h.newsArticle = h.newsArticle || about["@type"] == "NewsArticle"
			}
			data = false
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			attributes := map[string]string{}
			for _, a := range t.Attr {
				attributes[a.Key] = a.Val
			}
			data = t.Data == "script" && attributes["type"] == "application/ld+json"
			h.take(t.Data, attributes)
		}
	}
}

func (h *head) take(element string, attributes map[string]string) {
	switch element {
	case "meta":
		h.meta[attributes["property"]+attributes["name"]] = attributes["content"]
	case "link":
		h.links = append(h.links, attributes)
	}
	if (element == "link" || element == "a") && slices.Contains(spaces.Split(attributes["rel"], -1), "me") {
		h.me = append(h.me, attributes["href"])
	}
}
