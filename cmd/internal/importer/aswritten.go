package importer

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"communique/storage/lazyregexp"
	"communique/storage/richtext"
)

// asWritten has notes quote as the page spells it what was read as a tag: a parser knows
// tags in small letters only.
func (p *Page) asWritten(text string) {
	for i, n := range p.Notes {
		tag, ok := strings.CutPrefix(n.What, richtext.ReadAsTag+": ")
		if !ok {
			continue
		}
		var words []string
		for word := range strings.FieldsSeq(tag) {
			words = append(words, regexp.QuoteMeta(word))
		}
		spelling, err := regexp.Compile(`(?i)` + strings.Join(words, `\s+`))
		if err != nil {
			continue
		}
		written := spelling.FindString(fromLine(text, n.Line))
		if written == "" {
			continue
		}
		what := richtext.ReadAsTag + ": " + richtext.CleanText(written)
		if at := slices.Index(p.Problems, n.What); at >= 0 {
			p.Problems[at] = what
		}
		p.Notes[i].What = what
	}
}

// fromLine is a text from one of its lines on.
func fromLine(text string, line int) string {
	for ; line > 1; line-- {
		_, rest, found := strings.Cut(text, "\n")
		if !found {
			break
		}
		text = rest
	}
	return text
}

// tellNumbered notes lines with numbers that were typed under each other and are one
// paragraph to every reader.
func (p *Page) tellNumbered(s Segment, n *html.Node) {
	pre := func(n *html.Node) bool { return n.Data == "pre" || n.Data == "textarea" }
	if typed := numbered.FindString(n.Data); typed != "" && ancestor(n.Parent, pre) == nil {
		p.note(s.Line, "lines with numbers are one paragraph, as browsers show them: "+richtext.Shorten(richtext.CleanText(n.Data), 80))
	}
}

var numbered = lazyregexp.New(`(?m)^[ \t]*(\d{1,3}|[a-z])[.)][ \t]\S.*\n[ \t]*(\d{1,3}|[a-z])[.)][ \t]\S`)
