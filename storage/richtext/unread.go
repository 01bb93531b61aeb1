package richtext

import (
	"strings"

	"communique/storage/lazyregexp"
)

// blockMark begins a heading or a quotation.
var blockMark = lazyregexp.New(`^(?:#{1,6}|>)[ \t]`)

// UnreadMarks is where a line of text, such as a title or a lead, begins to hold marks of
// Markdown or HTML: nothing reads them there, and readers see them. It is empty for one
// that says the same as the beginning of a [Markdown] text. What such a text is refused
// for counts as a mark.
func UnreadMarks(line string) string {
	const most = 40
	if blockMark.MatchString(line) {
		return Shorten(line, most)
	}
	if !strings.ContainsAny(line, signals+"`<&\\") {
		return ""
	}
	const before = "x " // behind which a figure or a dash begins no list
	read, err := ReadMarkdown([]byte(before+line), nil)
	if err != nil || len(read.Notes) > 0 {
		return Shorten(line, most)
	}
	typed, said := []rune(Line(before+line)), []rune(Line(Text(read.Body)))
	same := 0
	for same < len(typed) && same < len(said) && typed[same] == said[same] {
		same++
	}
	if same < len(typed) && typed[same-1] == '&' {
		same-- // the reference has the sign in common with what it stands for
	}
	return Shorten(string(typed[same:]), most)
}
