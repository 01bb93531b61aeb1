package command

import (
	"strings"
	"unicode"
)

// plain makes a stranger's text safe for a terminal: no control character, no
// escape sequence and nothing that changes the direction of the text around it
// reaches the screen.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return r
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return -1
		}
		return r
	}, text)
}

// plainLines is [plain] of each line of a text.
func plainLines(text string) []string {
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		lines = append(lines, plain(line))
	}
	return lines
}
