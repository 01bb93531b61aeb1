package importer

import (
	"net/url"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"communique/storage/lazyregexp"
)

// leadBeside leads links and pictures of a page that was saved with its files to these,
// wherever the page says that it is from. What a base resolves is not beside the page.
func leadBeside(root *html.Node, beside func(string) string) {
	page := goquery.NewDocumentFromNode(root)
	if beside == nil || page.Find("base[href]").Length() > 0 {
		return
	}
	for _, n := range page.Find("a[href], img, source").Nodes {
		for i, a := range n.Attr {
			switch {
			case a.Key == "href" && n.Data == "a", a.Key == "src":
				if to := beside(strings.TrimSpace(a.Val)); to != "" {
					n.Attr[i].Val = to
				}
			case a.Key == "srcset", slices.Contains(lazySources, a.Key):
				n.Attr[i].Val = inSrcset.ReplaceAllStringFunc(a.Val, func(reference string) string {
					if to := beside(reference); to != "" {
						return to
					}
					return reference
				})
			}
		}
	}
}

// inSrcset is an address in a list of pictures of several sizes, or the size of one.
var inSrcset = lazyregexp.New(`[^\s,]+`)

// beside reports whether a reference leads to something beside the page, wherever that is.
func beside(reference string) bool {
	u, err := url.Parse(reference)
	return err == nil && u.Scheme == "" && u.Host == ""
}
