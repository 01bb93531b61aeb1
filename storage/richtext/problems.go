package richtext

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// maxProblems bounds the problems reported for one text.
const maxProblems = 20

// problems collects what an editor should know about the cleaning: lost links, images
// and embedded media. Scripts and styling are removed silently.
type problems struct{ texts []string }

func (p *problems) add(text string) {
	if len(p.texts) < maxProblems && !slices.Contains(p.texts, text) {
		p.texts = append(p.texts, text)
	}
}

func (p *problems) removed(what string, t html.Token) {
	article := "a "
	if strings.ContainsRune("aeiou", rune(what[0])) {
		article = "an "
	}
	text := article + what + " was removed"
	for _, key := range []string{"src", "data", "data-src"} {
		if v, ok := value(t, key); ok && v != "" {
			text += ": " + shorten(v)
			break
		}
	}
	p.add(text)
}

func (p *problems) image(t html.Token) {
	text := "an image without a usable address was removed"
	if v, ok := value(t, "src"); ok && v != "" {
		text += ": " + shorten(v)
	}
	p.add(text)
}

func (p *problems) link(address string) {
	p.add("a link lost its address: " + shorten(address))
}

// shorten keeps a hostile or very long address from filling the report.
func shorten(s string) string {
	const most = 80
	r := []rune(CleanText(s))
	if len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return string(r)
}
