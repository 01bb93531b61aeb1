package newsroom

import (
	"slices"
	"strings"

	"communique/storage/lazyregexp"
)

// flow reads a list or a map in brackets, which may go on over several lines.
func (m *mender) flow(v value) error {
	f := flow{text: v.text}
	start := len(strings.TrimRight(m.lines[v.line], " \t")) - len(v.text)
	for line := v.line; ; {
		cut, ended := f.read()
		switch {
		case f.stray:
			return m.refuse(line, "the brackets do not close as they were opened", m.lines[line][:start]+f.text[:cut]+f.closers())
		case cut >= 0 && f.text[cut] == ':':
			return m.refuse(line, "a text with a colon stands in quotation marks", m.lines[line][:start]+quoteItem(f.text, cut, f.open[len(f.open)-1] == '{'))
		case cut >= 0:
			return m.refuse(line, "a text with # stands in quotation marks", m.lines[line][:start]+quoteItem(f.text, cut, true))
		case ended < 0 && f.mark != 0:
			m.at = line + 1
			return m.refuse(line, "the closing quotation mark is missing", m.lines[line][:start]+f.text+string(f.mark)+f.closers())
		case ended >= 0:
			follows := strings.TrimSpace(f.text[ended:])
			if v.key == "tags" && line == v.line && (!tagsStand(f.text[:ended]) || strings.HasPrefix(follows, ",")) {
				return m.refuse(line, "every tag must be a text", "tags: "+tagList(f.text))
			}
			if follows != "" {
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
			open := strings.TrimRight(m.lines[line], " \t,") + f.closers()
			if v.key == "tags" && line == v.line && next < len(m.lines) && !m.namesField(next) && strings.HasSuffix(strings.TrimSpace(m.lines[next]), "]") {
				open = "tags: " + tagList(f.text+" "+m.lines[next]) // the rest of it is not indented
			}
			return m.refuse(line, "the closing bracket is missing", open)
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
	keys int    // colons in the item that is read
	// stray is set where a bracket closes one of the other kind.
	stray bool
}

// read reads a line, in which it makes tabs spaces. cut is where a # would take the
// rest of the line, or a colon makes a map of a text, ended is behind the last bracket; -1
// if there is none.
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
			f.keys = 0
		case c == ',':
			f.keys = 0
		case c == ':' && len(f.open) > 0 && i+1 < len(text) && (text[i+1] == ' ' || text[i+1] == '\t'):
			if f.keys++; f.keys > 1 || f.open[len(f.open)-1] == '[' {
				return i, -1
			}
		case c == ']' || c == '}':
			if n := len(f.open); n > 0 && f.open[n-1]+2 != c {
				f.stray = true
				return i, -1
			}
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

var itemKey = lazyregexp.New(`^\s*[\pL_]+:\s+`)

// quoteItem puts the item of a list in quotation marks that has something at an index; keyed
// is whether it may have a key, which stays before them.
func quoteItem(text string, at int, keyed bool) string {
	from := strings.LastIndexAny(text[:at], "[{,") + 1
	to := len(text)
	if end := strings.IndexAny(text[at:], ",]}"); end >= 0 {
		to = at + end
	}
	if key := itemKey.FindString(text[from:to]); keyed && key != "" {
		from += len(key)
	}
	item := strings.TrimSpace(text[from:to])
	lead := text[from : from+strings.Index(text[from:], item)]
	if item == "" {
		return text
	}
	return text[:from] + lead + quoted(item) + text[to:]
}

// anEscape is a backslash in a text in quotation marks that YAML knows (YAML 1.2 §5.7).
var anEscape = lazyregexp.New(`\\(?:[0abtnvfre "/\\N_LP]|x[0-9A-Fa-f]{2}|u(?:[0-9A-Ca-cE-Fe-f][0-9A-Fa-f]{3}|[Dd][0-7][0-9A-Fa-f]{2})|U000[0-9A-Fa-f]{5}|U0010[0-9A-Fa-f]{4})`)

// tagsStand reports whether the tags in brackets are read as they are written.
func tagsStand(text string) bool {
	items := splitItems(strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(text), "["), "]"))
	for i, item := range items {
		switch {
		case item == "":
			if i < len(items)-1 || len(items) == 1 && text != "[]" && strings.Trim(text, "[] ") != "" {
				return false
			}
		case item[0] == '"' || item[0] == '\'':
			if closing(item[1:], item[0]) != len(item)-2 || item[0] == '"' && strings.Contains(anEscape.ReplaceAllString(item, ""), `\`) {
				return false
			}
		case strings.IndexByte("[{&*!@%`|>?~", item[0]) >= 0, strings.HasPrefix(item, "- "), strings.EqualFold(item, "null"):
			return false
		}
	}
	return true
}

// splitItems splits a list at its commas, but for those between quotation marks.
func splitItems(text string) []string {
	var all []string
	start := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case (c == '"' || c == '\'') && strings.TrimSpace(text[start:i]) == "":
			if end := closing(text[i+1:], c); end >= 0 {
				i += 1 + end
			}
		case c == ',' || c == '\n':
			all = append(all, strings.TrimSpace(text[start:i]))
			start = i + 1
		}
	}
	return append(all, strings.TrimSpace(text[start:]))
}

// tagSigns are those around tags that are none of them: brackets of all kinds, bullets.
const tagSigns = "[]{}()<>［］【】（）•· \t"

// tagList writes tags as they should stand in a line, of what somebody wrote.
func tagList(text string) string {
	var all []string
	for _, item := range splitItems(text) {
		item = strings.TrimPrefix(strings.Trim(item, tagSigns), "- ")
		switch {
		case item == "" || item == "~" || strings.EqualFold(item, "null"):
			continue
		case strings.ContainsAny(item, "\"'") && tagsStand("["+item+"]"):
		case strings.ContainsAny(item, "\"'#:&*!@%`|>?\\"):
			item = quoted(item)
		}
		all = append(all, item)
	}
	if len(all) == 0 {
		all = []string{"visit", "trade"}
	}
	return "[" + strings.Join(all, ", ") + "]"
}
