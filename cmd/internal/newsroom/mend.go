package newsroom

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"communique/storage/lazyregexp"
	"communique/storage/wording"
)

// mender reads front matter before YAML does, as its authors mean it: what stands
// behind "title: " is the title. YAML would take the end of a line from a #, join words
// at a tab, and refuse a colon in words that help nobody. A line that can be meant in
// two ways is refused, and shown as it should be.
type mender struct {
	file  string
	lines []string
	at    int
	field string // at the top level, which the line belongs to
	list         // that the field has
}

// list is how the items of a list stand in lines of their own.
type list struct {
	item   int    // the column of their dashes, or -1 before the first
	inner  int    // the column of the fields of an item, or -1 if none is known yet
	inline string // the list in the line of its field
}

// mend returns the front matter, line by line, as YAML must have it to read it as it
// is meant. Its first line is the second of the file.
func mend(file, matter string) (string, error) {
	m := &mender{file: file, lines: strings.Split(matter, "\n")}
	for m.at < len(m.lines) {
		if err := m.entry(); err != nil {
			return "", err
		}
	}
	return strings.Join(m.lines, "\n"), nil
}

// refuse makes the problem of a line.
func (m *mender) refuse(line int, why, mended string) error {
	return &Problem{File: m.file, Line: line + 2, Field: m.field, Text: why + ": write " + mended}
}

// value is what a line gives to a field or to a list.
type value struct {
	before string // what stands in front of it, as in `  - alt: `
	key    string // empty in a list
	base   int    // a line that continues it begins behind this column
	line   int
	text   string
}

var (
	entryLine = lazyregexp.New(`^( *)((?:-[ \t]+)*)(.*)$`)
	keyedLine = lazyregexp.New(`^("[^"]*"|'[^']*'|[\pL_][\pL\pN_-]*) *:(?:[ \t]+(.*))?$`)
	// looseLine is what people write who don't know YAML: "title:A", "title = A", and
	// with the colon and the spaces of other scripts.
	looseLine = lazyregexp.New(`^([A-Za-z_]+)[\s\p{Z}]*[:：=][\s\p{Z}]*(.*)$`)
)

// textFields are the fields whose values are texts: those of the front matter, of an image
// and of a contact.
var textFields = []string{"title", "section", "language", "published", "lead", "kind", "place", "translation_of", "src", "alt", "caption", "credit", "terms", "name", "role", "telephone", "email"}

// entry reads the lines of one value, or one line that has none.
func (m *mender) entry() error {
	line := strings.TrimRightFunc(m.lines[m.at], unicode.IsSpace)
	if bare := strings.TrimLeftFunc(line, unicode.IsSpace); bare == "" || bare[0] == '#' {
		m.at++
		return nil
	}
	if err := m.checkIndent(m.at); err != nil {
		return err
	}
	part := entryLine.FindStringSubmatch(line)
	indent, dashes, rest := part[1], part[2], part[3]
	v := value{before: indent + dashes, line: m.at, base: len(indent), text: rest}
	keyed := keyedLine.FindStringSubmatch(rest)
	if keyed != nil {
		v.key, v.text = strings.Trim(keyed[1], `"'`), keyed[2]
		v.base = len(v.before)
		v.before += keyed[1] + ": "
	}
	if v.base == 0 && dashes == "" && keyed != nil {
		if err := m.itemField(v, rest); err != nil {
			return err
		}
		m.field, m.list = v.key, list{item: -1, inner: -1, inline: v.text}
	}
	m.at++
	if err := m.inColumn(v, dashes, rest, keyed != nil); err != nil {
		return err
	}
	switch {
	case keyed != nil && dashes != "" && listsTexts(m.field):
		return m.refuse(v.line, "a text with a colon stands in quotation marks", indent+dashes+quoted(rest))
	case keyed == nil && dashes == "":
		return m.loose(v)
	case v.text == "":
		return m.below(v)
	}
	return m.value(v)
}

// checkIndent refuses a line that begins with white space other than spaces.
func (m *mender) checkIndent(line int) error {
	text := m.lines[line]
	bare := strings.TrimLeftFunc(text, unicode.IsSpace)
	indent := text[:len(text)-len(bare)]
	if strings.Trim(indent, " ") == "" || bare == "" {
		return nil
	}
	if part := keyedLine.FindStringSubmatch(bare); part != nil && slices.Contains(fields, part[1]) {
		m.field = ""
		return m.refuse(line, "a field begins at the start of its line", bare)
	}
	spaces := strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, indent)
	return m.refuse(line, "lines are indented with spaces: two in place of each tab", strings.ReplaceAll(spaces, "\t", "  ")+bare)
}

// loose is about a line without a field, which is left to YAML unless it is clear what
// was meant.
func (m *mender) loose(v value) error {
	if part := looseLine.FindStringSubmatch(v.text); part != nil {
		name := strings.ToLower(part[1])
		if slices.Contains(fields, name) || slices.Contains(textFields, name) {
			return m.refuse(v.line, "after the name of a field come a colon and a space", v.before+name+": "+asNeeded(name, part[2]))
		}
	}
	seen := strings.TrimSpace(wording.Visible(v.text))
	if part := keyedLine.FindStringSubmatch(seen); part != nil && slices.Contains(fields, part[1]) {
		m.field = ""
		return m.refuse(v.line, "there is something in the line that nobody sees", seen)
	}
	if part := fieldBehind.FindStringSubmatch(seen); part != nil && slices.Contains(fields, strings.ToLower(part[1])) {
		m.field = ""
		return m.refuse(v.line, "a field begins at the start of its line", strings.ToLower(part[1])+": "+asNeeded(strings.ToLower(part[1]), strings.TrimRight(part[2], "}] ")))
	}
	if isList(m.field) {
		return m.looseItem(v)
	}
	if v.before == "" && slices.Contains(textFields, m.field) && !strings.HasPrefix(v.text, "---") {
		return m.refuse(v.line, "a line that goes on with the text above is indented with two spaces; take it out if it says nothing", "  "+v.text)
	}
	return nil
}

// below is about a field whose value begins on the next line.
func (m *mender) below(v value) error {
	if !slices.Contains(textFields, v.key) {
		return nil
	}
	next := m.at
	for next < len(m.lines) && strings.TrimSpace(m.lines[next]) == "" {
		next++
	}
	if next == len(m.lines) || indentOf(m.lines[next]) <= v.base || m.namesField(next) {
		return nil
	}
	if err := m.checkIndent(next); err != nil {
		return err
	}
	v.text, v.line, m.at = strings.TrimSpace(m.lines[next]), next, next+1
	return m.value(v)
}

// namesField reports whether a line begins with the name of a field.
func (m *mender) namesField(line int) bool {
	part := keyedLine.FindStringSubmatch(entryLine.FindStringSubmatch(strings.TrimRightFunc(m.lines[line], unicode.IsSpace))[3])
	return part != nil && (slices.Contains(fields, part[1]) || slices.Contains(textFields, part[1]))
}

// beginsField reports whether a line is one of a field that says where, when or in what
// form the article goes out: the article and the revision do not.
func (m *mender) beginsField(line int) bool {
	part := keyedLine.FindStringSubmatch(strings.TrimSpace(wording.Visible(m.lines[line])))
	return part != nil && slices.Contains(fields, part[1]) && part[1] != "article" && part[1] != "revision"
}

func indentOf(line string) int {
	return len(line) - len(strings.TrimLeftFunc(line, unicode.IsSpace))
}

// continues reports whether a line may belong to a value that began above it.
func (m *mender) continues(v value, line int) bool {
	return line < len(m.lines) && (indentOf(m.lines[line]) > v.base || strings.TrimSpace(m.lines[line]) == "")
}

var (
	blockHeader = lazyregexp.New(`^[|>][-+0-9]{0,2}$`)
	// signBefore is a sign that YAML takes for an item, a key or a value.
	signBefore = lazyregexp.New(`^[-?:][ \t]`)
)

// value reads a value, with the lines that continue it.
func (m *mender) value(v value) error {
	v.text = strings.TrimRightFunc(v.text, unicode.IsSpace)
	isText := slices.Contains(textFields, v.key)
	switch first := v.text[0]; {
	case blockHeader.MatchString(v.text):
		first := -1
		for ; m.continues(v, m.at); m.at++ {
			if err := m.inBlock(v, &first); err != nil {
				return err
			}
			if err := m.checkIndent(m.at); err != nil {
				return err
			}
			if text := strings.TrimSpace(m.lines[m.at]); m.beginsField(m.at) {
				m.field = ""
				return m.refuse(m.at, "the line would be part of the text above it, and a field begins at the start of its line", text)
			}
		}
		if first < 0 && v.base > 0 && m.at < len(m.lines) && indentOf(m.lines[m.at]) == v.base && !m.namesField(m.at) {
			return m.refuse(m.at, "the lines of the text are indented more than its field", strings.Repeat(" ", v.base+2)+strings.TrimSpace(m.lines[m.at]))
		}
		return nil
	case first == '"' || first == '\'':
		return m.quotedValue(v)
	case (first == '[' || first == '{') && !isText:
		return m.flow(v)
	case strings.IndexByte("[]{}|>&*!%@`,#", first) >= 0, signBefore.MatchString(v.text):
		if v.key == "tags" && m.field == "tags" {
			return m.refuse(v.line, "it must be a list", "tags: "+tagList(m.whole(v)))
		}
		if v.key == "" && first == '#' {
			return m.refuse(v.line, "a text that begins with # stands in quotation marks", v.before+quoted(v.text))
		}
		return m.refuse(v.line, fmt.Sprintf("a text that begins with %c stands in quotation marks", first), v.before+quoted(m.whole(v)))
	}
	return m.plain(v)
}

// whole is the text of a plain value in one line.
func (m *mender) whole(v value) string {
	text := []string{v.text}
	for line := v.line + 1; m.continues(v, line) && !m.namesField(line); line++ {
		text = append(text, m.lines[line])
	}
	return strings.Join(strings.Fields(strings.Join(text, " ")), " ")
}

// plain reads a text without quotation marks. Of its # and tabs nothing may be lost.
func (m *mender) plain(v value) error {
	last := v.line
	for ; m.continues(v, m.at); m.at++ {
		text := strings.TrimSpace(m.lines[m.at])
		if text == "" {
			continue
		}
		if err := m.checkIndent(m.at); err != nil {
			return err
		}
		switch {
		case bulleted.MatchString(text) && isList(m.field) && text[0] == '-':
			return m.refuse(m.at, "the items of a list stand one below the other", strings.Repeat(" ", max(m.item, 0))+text)
		case m.namesField(m.at) && m.field != v.key:
			return m.refuse(m.at, "the line is indented more than the one above it", strings.Repeat(" ", v.base)+text)
		case m.namesField(m.at):
			m.field = ""
			return m.refuse(m.at, "a field begins at the start of its line", text)
		case text[0] == '#':
			return m.refuse(m.at, "it cannot be told whether this line is part of the text above; take it out, or put all of the text in quotation marks", v.before+quoted(m.whole(v)))
		}
		last = m.at
	}
	m.at = max(m.at, last+1)
	lines := m.lines[v.line : last+1]
	hash := false
	for i := range lines {
		text := lines[i]
		if i == 0 {
			text = v.text
		}
		text = strings.TrimRightFunc(text, unicode.IsSpace)
		if strings.Contains(text, ": ") || strings.Contains(text, ":\t") || strings.HasSuffix(text, ":") {
			return m.refuse(v.line, "a text with a colon stands in quotation marks", v.before+quoted(m.whole(v)))
		}
		hash = hash || strings.Contains(text, " #") || strings.Contains(text, "\t#")
	}
	for i := range lines {
		lines[i] = strings.TrimRightFunc(strings.ReplaceAll(lines[i], "\t", " "), unicode.IsSpace)
	}
	if !hash {
		return nil
	}
	start := len(lines[0]) - len(v.text)
	for i := range lines {
		from := 0
		if i == 0 {
			from = start
		}
		lines[i] = lines[i][:from] + strings.ReplaceAll(lines[i][from:], "'", "''")
	}
	lines[0] = lines[0][:start] + "'" + lines[0][start:]
	lines[len(lines)-1] += "'"
	return nil
}

// quotedValue reads a text in quotation marks, which must end with them.
func (m *mender) quotedValue(v value) error {
	mark, text := v.text[0], v.text[1:]
	for line := v.line; ; {
		if end := closing(text, mark); end >= 0 {
			if strings.TrimSpace(text[end+1:]) == "" {
				m.at = line + 1
				return nil
			}
			return m.refuse(v.line, "something follows the closing quotation mark; leave it out, or put all of it in quotation marks", v.before+quoted(unquoted(m.whole(v))))
		}
		if line++; !m.continues(v, line) || m.namesField(line) {
			whole := strings.TrimSpace(m.whole(v)[1:])
			if path, ok := strings.CutSuffix(whole, `\"`); ok && mark == '"' {
				whole = path + `\\` // it took the mark for a letter
			}
			return m.refuse(v.line, "the closing quotation mark is missing", v.before+quoted(withoutEscapes(mark, whole)))
		}
		text = m.lines[line]
	}
}

// closing finds the quotation mark that ends a text, or -1.
func closing(text string, mark byte) int {
	for i := 0; i < len(text); i++ {
		switch {
		case mark == '"' && text[i] == '\\':
			i++
		case text[i] != mark:
		case mark == '\'' && i+1 < len(text) && text[i+1] == mark:
			i++
		default:
			return i
		}
	}
	return -1
}

// withoutEscapes is a text as it is meant that was written behind a quotation mark: in
// single ones it doubles them, in others it has a backslash before them.
func withoutEscapes(mark byte, text string) string {
	if mark == '\'' {
		return strings.ReplaceAll(text, "''", "'")
	}
	return strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(text)
}

// unquoted takes off the marks of a text that was to be between them: 'It's signed'
// loses them, "Yes" and "No" does not.
func unquoted(text string) string {
	last := len(text) - 1
	if last < 1 || text[0] != text[last] {
		return text
	}
	inner := text[1:last]
	at := strings.IndexByte(inner, text[0])
	if at < 0 {
		return text
	}
	before, _ := utf8.DecodeLastRuneInString(inner[:at])
	after, _ := utf8.DecodeRuneInString(inner[at+1:])
	if at == 0 || unicode.IsSpace(before) || unicode.IsLetter(after) {
		return inner
	}
	return text
}

// asNeeded quotes a text if YAML would not read it as one.
func asNeeded(name, text string) string {
	if text == "" || !slices.Contains(textFields, name) || !strings.ContainsAny(text, "#:\t\"'[]{}|>&*!%@`,") {
		return text
	}
	return quoted(unquoted(text))
}

// quoted writes a text in quotation marks, as it should stand in the line. Of a long
// one the middle is left out.
func quoted(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > 300 {
		text = string(r[:200]) + " … " + string(r[len(r)-60:])
	}
	switch {
	case !strings.ContainsAny(text, `"\`):
		return `"` + text + `"`
	case !strings.Contains(text, "'"):
		return "'" + text + "'"
	}
	return "'" + strings.ReplaceAll(text, "'", "''") + "'"
}
