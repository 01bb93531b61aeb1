package importer

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"communique/storage/richtext"
)

// spanClosed makes elements without a meaning of those that no specification knows and that the
// page closes, such as the <noindex> of a search engine: of words in angle brackets, which are
// to be read, nobody writes an end tag.
func spanClosed(root *html.Node, text string) {
	closed := map[string]bool{}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode || n.Namespace != "" || n.DataAtom != 0 || richtext.WordTag(n.Data, n.Attr) == "" {
			continue
		}
		is, known := closed[n.Data]
		if !known {
			const most = 20 // names that are looked for
			is = len(closed) < most && strings.Contains(strings.ToLower(text), "</"+n.Data+">")
			closed[n.Data] = is
		}
		if is {
			n.Data, n.DataAtom = "span", atom.Span
		}
	}
}
