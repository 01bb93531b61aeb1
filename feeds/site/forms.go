package site

import (
	"slices"
	"strconv"
	"strings"
)

// named are the words of one language for values of HTML, by their names; "none" is for
// what is not said.
type named map[string]string

func (n named) name(value string) string {
	if value == "" {
		value = "none"
	}
	return n[value]
}

// blanks are the words for what stands between two words.
type blanks struct {
	LineEnd string `json:"lineEnd"`
	Plain   string `json:"plain"`
	Firm    string `json:"firm"` // no line ends there
	Other   string `json:"other"`
	// Paragraph is the end of one, None nothing at all.
	Paragraph string `json:"paragraph"`
	None      string `json:"none"`
}

func (b blanks) name(text string) string {
	switch {
	case text == "":
		return b.None
	case text == paragraphEnd:
		return b.Paragraph
	case strings.Contains(text, "\n"):
		return b.LineEnd
	case strings.Trim(text, " ") == "":
		return b.Plain
	case strings.Trim(text, "\u00a0\u202f") == "":
		return b.Firm
	}
	return b.Other
}

// letteringNames are the elements that set words off, by which of them a reader cannot
// tell apart.
var letteringNames = map[string]string{
	"strong": "bold", "b": "bold", "em": "emphasis", "i": "emphasis", "u": "underlined", "sup": "raised", "sub": "lowered",
	"code": "code", "q": "quoted", "cite": "work", "rt": "reading",
}

// lettering says how words are set off.
func (w *Words) lettering(marks string) string {
	var said []string
	for mark := range strings.FieldsSeq(marks) {
		if name := w.Letterings[letteringNames[mark]]; name != "" && !slices.Contains(said, name) {
			said = append(said, name)
		}
	}
	if len(said) == 0 {
		return w.Letterings.name("")
	}
	return strings.Join(said, w.Comma)
}

// form says what a passage is, by the elements around its text, from the outside.
func (w *Words) form(kind string) string {
	elements := strings.Fields(kind)
	depth, head := 0, slices.Contains(elements, "thead")
	var said []string
	for i, name := range elements {
		levelled := 0
		switch {
		case name == "li":
			depth++
			if i+2 < len(elements) && elements[i+2] == "li" {
				continue // what stands within says how deep
			}
			levelled = depth
		case headingKind.MatchString(name):
			levelled, name = int(name[1]-'1'), "heading"
		case name == "tr" && head:
			name = "headRow"
		}
		text := w.Forms[name]
		if levelled > 0 {
			text = strings.ReplaceAll(text, "{level}", strconv.Itoa(levelled))
		}
		if text != "" {
			said = append(said, text)
		}
	}
	return strings.Join(said, w.Comma)
}
