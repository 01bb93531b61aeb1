package command

import (
	"strings"
	"unicode"
)

// plain makes a stranger's text fit for a terminal: no control character, no
// escape sequence and nothing that turns the direction of what stands beside it
// reaches the screen. Line ends stay where lines are asked for.
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

// plainLines is [plain] of a text of several lines, which keeps their ends.
func plainLines(text string) []string {
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		lines = append(lines, plain(line))
	}
	return lines
}
