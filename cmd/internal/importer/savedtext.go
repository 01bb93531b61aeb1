package importer

import (
	"html"
	"slices"
	"strings"
	"unicode/utf8"

	"communique/storage/lazyregexp"
	"communique/storage/richtext"
)

// textLink is a Markdown link: in saved texts, menus look like that.
var textLink = lazyregexp.New(`\[([^\]\n]*)\]\(([^)\n]*)\)`)

var textHeading = lazyregexp.New(`^#{1,6}\s+(.*?)\s*#*$`)

// readText reads the saved text of a page: menus, breadcrumb, title, date and
// paragraphs, line by line.
func readText(p *Page, text string, o Options) {
	p.SourceURL = pageAddress(o)
	p.Canonical = p.SourceURL
	raw := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	lines := make([]line, len(raw))
	for i, r := range raw {
		lines[i] = textLine(r)
	}
	at, heading := textRegion(raw, lines, o)
	if at.title >= 0 {
		p.Title = heading
		p.former.title = heading
		p.Section = append(p.Section, textCrumbs(raw[:at.title+1], p.Title)...)
	}
	var paragraphs []string
	for i := at.body; i <= at.tail && i < len(lines); i++ {
		paragraphs = append(paragraphs, lines[i].text)
	}
	whole := strings.Join(paragraphs, "\n")
	p.Language = p.pickLanguage("", p.Title+"\n"+whole, o)
	p.pickDate(lines, at, nil, p.SourceURL, p.Language, dateOrder(p.Language, o.SourceURL), o.Zone)
	found := listInText(lines)
	if reason := found.refusal(p.Title, whole, ""); reason != "" {
		p.refuse(reason)
		p.quote(found.lines)
		p.finish()
		return
	}
	p.noteAbove(lines[:max(at.title, 0)])
	body, of := p.textBody(raw, lines, at)
	p.clean(body, o.SourceURL, of.lineOf)
	if at.title >= 0 {
		p.Title = richtext.Line(plainLine(raw[at.title]))
	}
	p.finish()
}

// noteAbove tells which lines above the title were left out, unless they are a menu's.
func (p *Page) noteAbove(lines []line) {
	for i, l := range lines {
		if l.text == "" || l.linked() || l.links > 0 || onlyControls(l.text) || looksLikeCrumbs(l.text) || len(strings.Fields(l.text)) < 3 || p.saysDate(l.text) {
			continue
		}
		p.note(i+1, "left out above the title: "+richtext.Shorten(l.text, maxQuote))
	}
}

func textLine(raw string) line {
	l := line{text: richtext.CleanText(plainLine(raw))}
	for _, m := range textLink.FindAllStringSubmatch(raw, -1) {
		l.links += utf8.RuneCountInString(m[1])
	}
	return l
}

// plainLine is a line without its Markdown syntax.
func plainLine(raw string) string {
	s := textLink.ReplaceAllString(raw, "$1 ")
	if m := textHeading.FindStringSubmatch(strings.TrimSpace(s)); m != nil {
		return m[1]
	}
	return s
}

// textRegion finds title and paragraphs. The title is the heading; without one
// the line above the date; without a date the last short line before the text.
func textRegion(raw []string, lines []line, o Options) (region, string) {
	at := region{title: -1, body: len(lines), tail: len(lines) - 1}
	at.title = titleByMark(raw, lines, o)
	if at.title < 0 {
		at.title = titleByDate(lines, o)
	}
	if at.title < 0 {
		at.title = titleByText(lines)
	}
	for i := at.title + 1; i < len(lines); i++ {
		l := lines[i]
		if l.text == "" || onlyControls(l.text) || isDateLine(l, o) || looksLikeCrumbs(l.text) {
			continue
		}
		at.body = i
		break
	}
	for i := len(lines) - 1; i >= at.body; i-- {
		l := lines[i]
		if l.text == "" || onlyControls(l.text) || tailLines.MatchString(l.text) || l.linked() && l.links < 60 && i > at.body {
			continue
		}
		at.tail = i
		break
	}
	if at.title < 0 {
		return at, ""
	}
	at.name = plainDigits(lines[at.title].text)
	return at, lines[at.title].text
}

// titleByMark finds the heading that stands above the text: one within it heads a part.
// One of a lower level is not the title if a line above the date is.
func titleByMark(raw []string, lines []line, o Options) int {
	for i, l := range lines {
		if textWeight(l) > 150 && !l.linked() {
			return -1
		}
		r := strings.TrimSpace(raw[i])
		if l.text == "" || l.linked() || !textHeading.MatchString(r) {
			continue
		}
		if strings.HasPrefix(r, "##") {
			if above := titleByDate(lines[:i], o); above >= 0 && !isDateLine(lines[above], o) {
				return above
			}
		}
		return i
	}
	return -1
}

func isDateLine(l line, o Options) bool {
	if l.length() > 90 {
		return false
	}
	r := findDates(l.text, o.Language, dayFirst)
	return len(r) > 0 && aloneness(line{text: l.text}, candidate{reading: r[0]})
}

// titleByDate finds the line above the first line that is a date.
func titleByDate(lines []line, o Options) int {
	for i, l := range lines {
		if l.text == "" || !isDateLine(l, o) {
			continue
		}
		for j := i - 1; j >= 0; j-- {
			if lines[j].text == "" || onlyControls(lines[j].text) {
				continue
			}
			if looksLikeCrumbs(lines[j].text) || lines[j].length() > 300 {
				break
			}
			first := firstOf(lines, j)
			if above := aboveOf(lines, first); above >= 0 && strings.HasSuffix(lines[first].text, ":") {
				return firstOf(lines, above) // a label is no title
			}
			return first
		}
		// The date is above the title.
		for j := i + 1; j < len(lines); j++ {
			if lines[j].text != "" && !onlyControls(lines[j].text) {
				return j
			}
		}
	}
	return -1
}

// firstOf is the first of the lines that stand together with one, if empty lines set them
// apart from others: the title, and what is below it.
func firstOf(lines []line, j int) int {
	const most = 5
	first := j
	for first > 0 && lines[first-1].text != "" && !lines[first-1].linked() && !onlyControls(lines[first-1].text) && !looksLikeCrumbs(lines[first-1].text) {
		first--
	}
	if j-first >= most || first == 0 && !slices.ContainsFunc(lines, func(l line) bool { return l.text == "" }) {
		return j
	}
	return first
}

// aboveOf is the last line with text above one, or -1 if that is none of a title.
func aboveOf(lines []line, first int) int {
	for j := first - 1; j >= 0; j-- {
		switch l := lines[j]; {
		case l.text == "":
		case l.linked() || onlyControls(l.text) || looksLikeCrumbs(l.text) || l.length() > 300:
			return -1
		default:
			return j
		}
	}
	return -1
}

// titleByText finds the last short line before the first paragraph.
func titleByText(lines []line) int {
	last := -1
	for i, l := range lines {
		switch {
		case l.text == "" || onlyControls(l.text) || looksLikeCrumbs(l.text) || l.linked():
		case textWeight(l) > 150:
			return last
		default:
			last = i
		}
	}
	return -1
}

// textCrumbs finds the breadcrumb above the title: the last line with separators, from
// the last link before the first separator on.
func textCrumbs(raw []string, title string) []string {
	for _, r := range slices.Backward(raw) {
		first := strings.IndexAny(r, ">»›")
		if first < 0 || len(r) > 4000 {
			continue
		}
		start := r[:first]
		if links := textLink.FindAllStringIndex(start, -1); len(links) > 0 {
			start = start[links[len(links)-1][0]:]
		}
		whole := textLink.ReplaceAllString(start+r[first:], "$1")
		var crumbs []crumb
		for _, part := range crumbSign.Split(whole, -1) {
			crumbs = append(crumbs, crumb{name: richtext.CleanText(part)})
		}
		if names := trimCrumbs(crumbs, title, &document{}); len(names) > 0 {
			return names
		}
	}
	return nil
}

// textBody returns the text as HTML, and of which line of the file each part is. Controls
// that are links and, above the first paragraph, the date of the page are none of it.
func (p *Page) textBody(raw []string, lines []line, at region) (string, *origin) {
	s := &savedText{raw: raw, of: &origin{}}
	last := min(at.tail, len(lines)-1)
	for i := at.body; i <= last; i++ {
		s.blanks = s.blanks || lines[i].text == ""
	}
	isHeading := func(i int) bool { return textHeading.MatchString(strings.TrimSpace(raw[i])) }
	above, stood := true, map[int]bool{}
	stands := func(i int) bool {
		l := lines[i]
		above = above && textWeight(l) <= 150
		stood[i] = l.text != "" && !(onlyControls(l.text) && l.links > 0) && !(above && p.saysDate(l.text))
		return stood[i]
	}
	for i := at.body; i <= last; {
		end := i
		for end <= last && stands(end) && !isHeading(end) {
			end++
		}
		switch {
		case end > i:
			s.block(i, end)
			i = end
			continue
		case stands(i):
			s.endList()
			s.begin(i)
			s.b.WriteString("<h2>" + html.EscapeString(lines[i].text) + "</h2>\n")
		}
		i++
	}
	s.endList()
	p.accountLines(lines, at, stood)
	return s.b.String(), s.of
}

// accountLines says of each line of a saved text what became of it, by the lines that
// stand in the article's text.
func (p *Page) accountLines(lines []line, at region, stood map[int]bool) {
	for i, l := range lines {
		if l.text == "" {
			continue
		}
		s := Segment{Line: i + 1, Text: l.text, Reason: outside, apart: true, block: i}
		switch {
		case i == at.title:
			s.Kept, s.Reason = true, inTitle
		case stood[i] && ornament(l.text):
			s.Reason = ornamental
		case stood[i]:
			s.Kept, s.Reason = true, inText
		case p.saysDate(l.text):
			s.Kept, s.Reason = true, inDate
		case i < at.title && len(p.Section) > 0 && looksLikeCrumbs(l.text) && strings.Contains(key(l.text), key(p.Section[len(p.Section)-1])):
			s.Kept, s.Reason = true, inSection
		case onlyControls(l.text):
			s.Reason = control
		case l.linked():
			s.Reason = menu
		}
		p.Account = append(p.Account, s)
	}
}

// textInline escapes a line and keeps its links.
func textInline(raw string) string {
	var b strings.Builder
	at := 0
	for _, m := range textLink.FindAllStringSubmatchIndex(raw, -1) {
		b.WriteString(html.EscapeString(raw[at:m[0]]))
		b.WriteString(`<a href="` + html.EscapeString(raw[m[4]:m[5]]) + `">` + html.EscapeString(raw[m[2]:m[3]]) + "</a>")
		at = m[1]
	}
	b.WriteString(html.EscapeString(raw[at:]))
	return b.String()
}
