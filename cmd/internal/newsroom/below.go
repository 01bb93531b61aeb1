package newsroom

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"communique/storage/lazyregexp"
	"communique/storage/richtext"
	"communique/storage/wording"
)

var (
	// fieldBelow is a line of the text that looks like one of the front matter, behind
	// whatever marks of Markdown. A backslash before the colon says that it is text.
	fieldBelow = lazyregexp.New("^(?:[\\s\\p{Z}>*_~`+\"'|#•·–—-]|[0-9]{1,9}[.)](?:[\\s\\p{Z}]|$)|\\[[ xX]?\\])*" +
		"([\\pL][\\pL_ -]{0,30}?)[\\s\\p{Z}*_~`\"']*([:=∶꞉ː|])(.*)$")
	// ruleBelow is a line of signs alone, such as the one that ends front matter.
	ruleBelow = lazyregexp.New("^[\\s\\p{Z}>]*(-{3,}|\\.{3,}|={3,}|_{3,}|\\*{3,}|\\+{3,}|```\\s*\\w*|~~~\\s*\\w*|<!--|-->)[\\s\\p{Z}]*$")
	// matterRule is one that may begin or end a second front matter, and codeFence one
	// within which nothing is.
	matterRule = lazyregexp.New(`(?i)^[\s\p{Z}>]*(?:-{3,}|\.{3,}|={3,}|_{3,}|\*{3,}|\+{3,}|<hr\s*/?>)[\s\p{Z}]*$`)
	codeFence  = lazyregexp.New("^[\\s>]*(?:```|~~~)")
	linkTarget = lazyregexp.New(`^[\s>]*\[[^\]]+\]:\s`)
	isoDate    = lazyregexp.New(`^[\s\p{Z}*_"']*[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}`)
	pipes      = lazyregexp.New(`^[|\s:-]*$`)
)

const (
	belowAs = `it is below the front matter, where it would be published as text: move it above the line "---" that ends the front matter`
	meantAs = ` (if it is to be read as it stands, write \ before the colon)`
)

// dateNames are what others call the date of publication, without what joins words.
var dateNames = []string{
	"date", "publish", "publishat", "publishon", "publishedat", "publishedon", "publishdate", "publisheddate", "publicationdate",
	"pubdate", "datepublished", "dateissued", "release", "releasedate", "releaseat", "golive",
}

// belowLine is a line of the text, bare of what readers don't see.
type belowLine struct {
	number  int // of the text, from 0; -1 if it is not known
	text    string
	heading bool
	rule    bool
	table   bool
}

// fieldsBelow is why a text is refused that begins with fields, or has a second front
// matter in it: what was to be a date is not published as text, at once. start is the
// line of the file on which the text begins. What the text says is looked at as it is
// written, which gives the line, and as it is read: there are many ways to write
// something before it that nobody sees.
func (d *Document) fieldsBelow(text string, lines, asRead []belowLine, start int) *Problem {
	p := d.firstField(lines, start)
	if p == nil {
		p = d.secondMatter(text, start)
	}
	if p == nil {
		p = d.firstField(asRead, start)
		if p == nil || meant(text, p.Field) {
			return nil
		}
		if at := slices.IndexFunc(lines, func(l belowLine) bool { return strings.Contains(strings.ToLower(l.text), p.Field) }); at >= 0 {
			p.Line = start + lines[at].number
		}
	}
	return p
}

// firstField looks at the lines with which a text begins, as long as they are fields.
func (d *Document) firstField(lines []belowLine, start int) *Problem {
	ruled, strict := false, false
	decided := 0 // the line up to which no rule ends a block
	for at, line := range lines {
		if line.rule {
			ruled = true
			continue
		}
		part := fieldBelow.FindStringSubmatch(line.text)
		if part == nil && line.heading {
			strict = true
			continue
		}
		if part == nil {
			return nil
		}
		f := field{written: strings.TrimSpace(part[1]), value: part[3]}
		f.name = fieldName(f.written)
		// Headings and tables name things, too, and so does what is below them or below
		// other lines with a colon.
		f.strict = strict || line.heading || line.table
		strict = true
		why := f.refused()
		if why != "" && f.known() {
			return &Problem{File: d.File, Line: start + max(line.number, 0), Field: f.name, Text: why}
		}
		ends := false
		if ruled && at >= decided {
			ends, decided = endsWithRule(lines, at)
		}
		if ends {
			return &Problem{File: d.File, Line: start + max(line.number, 0), Text: "the text begins with a second front matter, which would be published as text: the fields are " +
				strings.Join(fields, ", ") + `, above the line "---"`}
		}
		if why != "" {
			return &Problem{File: d.File, Line: start + max(line.number, 0), Field: f.name, Text: why}
		}
	}
	return nil
}

// endsWithRule reports whether a block of fields that a line is in, without an empty
// line, ends with a line of signs, and which line ends it.
func endsWithRule(lines []belowLine, at int) (ends bool, last int) {
	for i := at; i < len(lines); i++ {
		switch l := lines[i]; {
		case i > at && l.number != lines[i-1].number+1:
			return false, i
		case l.rule:
			return true, i
		case !fieldBelow.MatchString(l.text):
			return false, i
		}
	}
	return false, len(lines)
}

// field is what may be one of the front matter.
type field struct {
	written, name, value string
	strict               bool // it may as well be a word of the text
}

func fieldName(written string) string {
	return strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(written))
}

// asIs reports whether a name is written as in front matter, where no word of a text is.
func (f field) asIs() bool { return f.written == f.name && f.known() }

func (f field) known() bool { return slices.Contains(fields, f.name) }

func (f field) dated() bool {
	return f.name == "published" && strings.ContainsFunc(f.value, unicode.IsDigit)
}

// refused is why a field cannot stand in the text; empty if it can.
func (f field) refused() string {
	switch {
	case f.known() && (!f.strict || f.asIs() || f.dated()):
		return belowAs + meantAs
	case strings.HasPrefix(f.name, "embargo") && strings.ContainsFunc(f.value, unicode.IsDigit),
		dateField(f.written) && isoDate.MatchString(f.value):
		return "it is in the text, which would be published at once: the field for the date is published, above the line \"---\" that ends the front matter" + meantAs
	}
	return ""
}

// secondMatter finds a block of fields below a rule, wherever it is in the text.
func (d *Document) secondMatter(text string, start int) *Problem {
	lines := strings.Split(text, "\n")
	fenced := false
	for at, line := range lines {
		switch {
		case codeFence.MatchString(line):
			fenced = !fenced
		case !fenced && matterRule.MatchString(wording.Visible(line)):
			if number, name := matterBelow(lines[at+1:]); name != "" {
				return &Problem{File: d.File, Line: start + at + 1 + number, Field: name, Text: belowAs + meantAs}
			}
		}
	}
	return nil
}

// matterBelow finds the first field of a front matter: of a block of lines of the form
// "name: value" up to a rule, one at least is written as in front matter, or all have
// the names of fields; without such an end the first line is one.
func matterBelow(lines []string) (number int, name string) {
	ends := sync.OnceValue(func() bool { return endsLikeMatter(lines) }) // of the whole block
	known, all := -1, 0
	first, strangers := "", 0
	for at, line := range lines {
		if matterRule.MatchString(wording.Visible(line)) {
			if all > 0 && strangers == 0 {
				return known, first
			}
			return 0, ""
		}
		bare := bareLine(line)
		if bare == "" {
			continue
		}
		part := fieldBelow.FindStringSubmatch(bare)
		if part == nil {
			return 0, ""
		}
		f := field{written: strings.TrimSpace(part[1]), value: part[3], strict: true}
		f.name = fieldName(f.written)
		all++
		switch {
		case f.refused() != "":
			if f.known() && (all == 1 || ends()) {
				return at, f.name
			}
		case f.known():
			if known < 0 {
				known, first = at, f.name
			}
		default:
			strangers++
		}
	}
	return 0, ""
}

// endsLikeMatter reports whether lines of fields are followed by a rule.
func endsLikeMatter(lines []string) bool {
	for _, line := range lines {
		if matterRule.MatchString(wording.Visible(line)) {
			return true
		}
		if bare := bareLine(line); bare != "" && !fieldBelow.MatchString(bare) {
			return false
		}
	}
	return false
}

var (
	lineEnds = lazyregexp.New("(?i)[\r\u0085\u2028\u2029\v\f]|<br\\s*/?>")
	aComment = lazyregexp.New(`<!--.*?-->`)
	comments = lazyregexp.New(`<!--|-->`)
	tags     = lazyregexp.New(`</?[a-zA-Z][^<>]*>`)
)

// written are the lines of a text in Markdown that say something.
func written(text string) []belowLine {
	var all []belowLine
	for number, whole := range strings.Split(text, "\n") {
		if linkTarget.MatchString(whole) && !strings.HasPrefix(strings.TrimSpace(whole), "[^") {
			continue
		}
		for _, line := range lineEnds.Split(whole, -1) {
			l := belowLine{number: number, rule: ruleBelow.MatchString(wording.Visible(line))}
			if l.text = bareLine(line); l.text == "" && !l.rule {
				continue
			}
			unquoted := strings.TrimLeft(l.text, "> \t*+-")
			l.heading, l.table = strings.HasPrefix(unquoted, "#"), strings.HasPrefix(unquoted, "|")
			if !l.rule && strings.Trim(l.text, "> \t*+-#|") == "" || l.table && pipes.MatchString(l.text) {
				continue // marks of nothing
			}
			all = append(all, l)
		}
	}
	return all
}

// bareLine is a line of Markdown without elements of HTML, comments and what nobody
// sees, and with the letters of wide forms as those of narrow ones.
func bareLine(line string) string {
	if without := aComment.ReplaceAllString(line, ""); strings.TrimSpace(without) != "" {
		line = without
	}
	line = tags.ReplaceAllString(comments.ReplaceAllString(line, ""), "")
	line = norm.NFKC.String(wording.Visible(html.UnescapeString(line)))
	return strings.TrimSpace(line)
}

// shown are the lines of a text as its readers see them.
func shown(blocks []richtext.Block) []belowLine {
	var all []belowLine
	for _, b := range blocks {
		var text strings.Builder
		for _, r := range b.Runs {
			if r.Style.Picture == "" {
				text.WriteString(r.Text)
			}
		}
		kind := " " + b.Kind + " "
		heading := strings.Contains(kind, " h2 ") || strings.Contains(kind, " h3 ") || strings.Contains(kind, " h4 ") || strings.Contains(kind, " h5 ") || strings.Contains(kind, " h6 ")
		for line := range strings.SplitSeq(text.String(), "\n") {
			table := strings.Contains(line, "\t")
			bare := norm.NFKC.String(wording.Visible(strings.ReplaceAll(line, "\t", "|")))
			if bare = strings.TrimSpace(bare); bare != "" && !pipes.MatchString(bare) {
				all = append(all, belowLine{number: -1, text: bare, heading: heading, table: table})
			}
		}
	}
	return all
}

// meant reports whether a text says of a field, by a backslash before the colon, that it
// is text.
func meant(text, name string) bool {
	pattern := strings.ReplaceAll(regexp.QuoteMeta(name), "_", "[ _-]")
	return regexp.MustCompile(`(?i)` + pattern + "[\\s*_`\"']*\\\\[:=]").MatchString(text)
}
