package newsroom

import (
	"regexp"
	"slices"
	"strings"
)

// flow reads a list or a map in brackets, which may go on over several lines.
func (m *mender) flow(v value) error {
	f := flow{text: v.text}
	start := len(strings.TrimRight(m.lines[v.line], " \t")) - len(v.text)
	for line := v.line; ; {
		cut, ended := f.read()
		switch {
		case cut >= 0:
			return m.refuse(line, "a text with # stands in quotation marks", m.lines[line][:start]+quoteItem(f.text, cut))
		case ended < 0 && f.mark != 0:
			m.at = line + 1
			return m.refuse(line, "the closing quotation mark is missing", m.lines[line][:start]+f.text+string(f.mark)+f.closers())
		case ended >= 0:
			if strings.TrimSpace(f.text[ended:]) != "" {
				return m.refuse(line, "what follows the last bracket would be lost", m.lines[line][:start]+f.text[:ended])
			}
			m.lines[line] = m.lines[line][:start] + f.text
			m.at = line + 1
			return nil
		}
		m.lines[line] = m.lines[line][:start] + f.text
		next := line + 1
		for next < len(m.lines) && strings.TrimSpace(m.lines[next]) == "" {
			next++
		}
		closes := next < len(m.lines) && strings.HasPrefix(m.lines[next], strings.Repeat(" ", v.base)) &&
			strings.ContainsAny(strings.TrimLeft(m.lines[next]+"x", " ")[:1], "]}")
		if !closes && !m.continues(v, next) {
			return m.refuse(line, "the closing bracket is missing", strings.TrimRight(m.lines[line], " \t,")+f.closers())
		}
		line, start = next, 0
		f.text = m.lines[line]
	}
}

// flow is how far a list in brackets has been read.
type flow struct {
	text string // of the line that is read
	open []byte // the brackets that are open
	mark byte   // of the text in quotation marks that is open, or 0
}

// read reads a line, in which it makes tabs spaces. cut is where a # would take the
// rest of the line, ended is behind the last bracket; -1 if there is none.
func (f *flow) read() (cut, ended int) {
	text := []byte(f.text)
	defer func() { f.text = string(text) }()
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case f.mark != 0:
			if end := closing(string(text[i:]), f.mark); end >= 0 {
				i, f.mark = i+end, 0
				continue
			}
			return -1, -1
		case c == '\t':
			text[i] = ' '
		case (c == '"' || c == '\'') && beginsItem(text[:i]):
			f.mark = c
		case c == '#' && i > 0 && strings.IndexByte(" [{,", text[i-1]) >= 0:
			return i, -1
		case c == '[' || c == '{':
			f.open = append(f.open, c)
		case c == ']' || c == '}':
			if len(f.open) > 0 {
				f.open = f.open[:len(f.open)-1]
			}
			if len(f.open) == 0 {
				return -1, i + 1
			}
		}
	}
	return -1, -1
}

// beginsItem reports whether what follows is the beginning of an item or a value, where
// alone a quotation mark is more than a letter.
func beginsItem(before []byte) bool {
	text := strings.TrimRight(string(before), " ")
	return text == "" || strings.IndexByte("[{,:", text[len(text)-1]) >= 0
}

// closers are the brackets that are missing.
func (f *flow) closers() string {
	var all []byte
	for _, bracket := range slices.Backward(f.open) {
		all = append(all, bracket+2) // as ] is to [, and } to {
	}
	return string(all)
}

var itemKey = regexp.MustCompile(`^\s*[\pL_]+:\s+`)

// quoteItem puts the item of a list in quotation marks that has something at an index.
func quoteItem(text string, at int) string {
	from := strings.LastIndexAny(text[:at], "[{,") + 1
	to := len(text)
	if end := strings.IndexAny(text[at:], ",]}"); end >= 0 {
		to = at + end
	}
	if key := itemKey.FindString(text[from:to]); key != "" {
		from += len(key)
	}
	item := strings.TrimSpace(text[from:to])
	lead := text[from : from+strings.Index(text[from:], item)]
	if item == "" {
		return text
	}
	return text[:from] + lead + quoted(item) + text[to:]
}
