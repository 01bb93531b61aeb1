package importer

import (
	"slices"
	"strings"

	"golang.org/x/net/html"

	"communique/storage/lazyregexp"
	"communique/storage/press"
	"communique/storage/richtext"
)

// anyWords stands in a profile behind a label for the few words that follow it.
const anyWords = "…"

// labelled is a short line with a label and what is said behind it.
var labelled = lazyregexp.New(`^([^:：]{2,40}[:：])\s*([^:：]{1,40})$`)

// openLabel is the label of a line, with a sign for what is said behind it; or nothing. That of a
// source is none: only readers know whether it matters.
func openLabel(text string) string {
	m := labelled.FindStringSubmatch(text)
	if m == nil || namesSource.MatchString(text) || !saying(m[2]) {
		return ""
	}
	return m[1] + anyWords
}

// undated is a line with numbers for its dates: the day on which a page was changed last is
// another one on each.
func undated(text string) string {
	const longest = 160
	if len(text) > longest || !figures.MatchString(plainDigits(text)) {
		return text
	}
	found := findDates(text, "", dayFirst)
	rest := plainDigits(text)
	for _, r := range slices.Backward(found) {
		if r.start <= r.end && r.end <= len(rest) {
			rest = rest[:r.start] + "0" + rest[r.end:]
		}
	}
	if len(found) == 0 || lettersOf(rest) < 2 {
		return text
	}
	return rest
}

// dayLabelled reports whether a line is a date with a label: "Last updated: 5 March 2024". A place
// and a day are the end of a text.
func dayLabelled(text string) bool {
	rest := undated(text)
	return rest != text && (labelledZero.MatchString(rest) || updatedLabel.MatchString(text) || publishedLabel.MatchString(text))
}

var labelledZero = lazyregexp.New(`^[^:：(（]{2,40}\s*[:：(（]\s*0\s*[)）]?\s*$`)

// forms are the lines of a page, as those of most pages are compared whose dates or whose words
// behind a label are others.
func formsOf(lines []line) (forms []string) {
	const longest = 100
	for _, l := range lines {
		if l.length() > longest {
			continue
		}
		if rest := undated(l.text); rest != l.text {
			forms = append(forms, rest)
		}
		if label := openLabel(l.text); label != "" {
			forms = append(forms, label)
		}
	}
	return forms
}

// countForms counts on how many pages of the template each form stands.
func (t *pageTemplate) countForms(language press.Language, lines []line) {
	on := map[uint64]bool{}
	for _, form := range formsOf(lines) {
		if k := exactKey(language, anyNumber+form); !on[k] {
			on[k] = true
			t.formed[k]++
		}
	}
}

// formOnMost reports whether a form stands on most pages of the template.
func (t *pageTemplate) formOnMost(language press.Language, form string) bool {
	return form != "" && t.most(t.formed[exactKey(language, anyNumber+form)])
}

// ofTemplate reports whether a line outside of the words of one page alone is one that most pages
// have there: in the same words, as a label with a number or a date, or as links. form is how a
// profile says it.
func (t *pageTemplate) ofTemplate(language press.Language, row []*html.Node) (form string, ok bool) {
	text := textOfNodes(row)
	switch {
	case !saying(text):
		return "", false
	case t.onMost(language, text, true), labelledNumber.MatchString(text) && t.onMost(language, text, false):
		return text, true
	case dayLabelled(text) && t.formOnMost(language, undated(text)):
		return text, true
	case t.leadsOnMost(language, row):
		return text, true
	}
	if label := openLabel(text); t.formOnMost(language, label) {
		return label, true
	}
	return "", false
}

// leadsOnMost reports whether a line is links that most pages have, and nothing else.
func (t *pageTemplate) leadsOnMost(language press.Language, row []*html.Node) bool {
	links := 0
	for _, n := range row {
		text := richtext.CleanText(n.Data)
		switch {
		case n.Type != html.TextNode || !saying(text):
		case ancestor(n, operable) == nil || !t.onMost(language, text, false):
			return false
		default:
			links++
		}
	}
	return links > 0
}

// leadsToLists reports whether an element behind the text has links, to where several pages lead,
// and nothing else but words of the template: what a page is filed under.
func (t *pageTemplate) leadsToLists(d *document, n *html.Node) bool {
	links := linksIn(n)
	for _, a := range links {
		if leadsToFile(a) || !t.several(t.targets[attr(a, "href")]) {
			return false
		}
	}
	for _, piece := range wordsIn(n) {
		if ancestor(piece, leads) == nil && !t.onMost(d.language, piece.Data, true) {
			return false
		}
	}
	return len(links) > 0
}

func textOfNodes(nodes []*html.Node) string {
	var b strings.Builder
	for _, n := range nodes {
		if n.Type == html.TextNode {
			b.WriteString(n.Data + " ")
		}
	}
	return richtext.CleanText(b.String())
}

// rowBefore are the pieces of the line that ends in front of one, from another one on.
func (l *ledger) rowBefore(end, from int) []*html.Node {
	at := end - 1
	for at > from && l.rows[at-1] == l.rows[end-1] {
		at--
	}
	return l.pieces[at:end]
}

// rowFrom are the pieces of the line that begins with one, up to another one.
func (l *ledger) rowFrom(from, to int) []*html.Node {
	end := from
	for end < to && l.rows[end] == l.rows[from] {
		end++
	}
	return l.pieces[from:end]
}

// lookAtEnds notes the lines that most pages have in front of the words of this page only, and
// behind them.
func (t *pageTemplate) lookAtEnds(s *survey, page int, d *document, body []*html.Node, from int, edge [2]int) {
	if edge[0] < 0 {
		return
	}
	for _, b := range body {
		span := d.ledger.spans[b]
		for i := max(span[0], from); i < span[1]; {
			row := d.ledger.rowFrom(i, span[1])
			if (i+len(row) <= edge[0] || i > edge[1]) && !inPart(row[0], b) {
				s.noteEnd(t, page, d, row)
			}
			i += len(row)
		}
	}
}

// inPart reports whether a piece of a text stands in a cell, a list or a caption, which are known
// by their elements only.
func inPart(n, body *html.Node) bool {
	for n = n.Parent; n != nil && n != body; n = n.Parent {
		if blockTags[n.Data] && parts[n.Data] {
			return true
		}
	}
	return false
}

// noteEnd notes such a line.
func (s *survey) noteEnd(t *pageTemplate, page int, d *document, row []*html.Node) {
	form, ok := t.ofTemplate(d.language, row)
	if !ok {
		return
	}
	if value, open := strings.CutSuffix(form, anyWords); open {
		if s.values[form] == nil {
			s.values[form] = votes{}
		}
		s.values[form].add(strings.TrimPrefix(textOfNodes(row), value))
	}
	s.lines.add(page, form, true)
	s.lines.lead(form, slices.ContainsFunc(row, func(n *html.Node) bool { return ancestor(n, operable) != nil }))
}

// writesData reports whether a system has written an element of the text in front of the words of
// this page only, or behind them: each of its lines is one that most pages have there, but for
// some in a list of data, which are one of a few. It may have the page's date and section.
func (t *pageTemplate) writesData(d *document, n *html.Node, edge [2]int) bool {
	span := d.ledger.spans[n]
	if len(ownNames(n)) == 0 || edge[0] < 0 || span[1] > edge[0] && span[0] <= edge[1] {
		return false
	}
	known, all := 0, 0
	for i := span[0]; i < span[1]; {
		row := d.ledger.rowFrom(i, span[1])
		i += len(row)
		text := textOfNodes(row)
		if !saying(text) {
			continue
		}
		all++
		switch form, ok := t.ofTemplate(d.language, row); {
		case ok && !strings.HasSuffix(form, anyWords):
			known++
		case ok, d.onlyDated(text):
		case dataLists[n.Data] && filesPages(line{text: text}) && t.sharedInText(d.language, text):
		default:
			return false
		}
	}
	return known > 0 && (known == all || dataLists[n.Data] && all > 2)
}

// kindOrData is kind for an element that may be data which a system has written: what is in a list
// of them may be anything, and other words are told.
func (t *pageTemplate) kindOrData(d *document, n *html.Node, weight map[*html.Node]int, inBody bool, edge [2]int, data bool) (seenElement, bool) {
	e, ok := t.kind(d, n, weight, inBody, edge)
	switch {
	case ok || !data:
		return e, ok
	case dataLists[n.Data]:
		e.kind = varies
	default:
		e.kind = repeats
	}
	return e, true
}

// dataLists are elements in which systems list what they know of a page.
var dataLists = set("dl ul table tbody")

// opensFew reports whether what is said behind a label is one of a few; what has none is known
// by its words.
func (s *survey) opensFew(form string) bool {
	values, open := s.values[form]
	return !open || fewFor(len(values), values.total())
}

// openOf reports whether a line is a label of a profile with whatever is said behind it.
func (p phrases) openOf(text string) bool {
	m := labelled.FindStringSubmatch(text)
	return m != nil && p.open[exactKey("", m[1])]
}
