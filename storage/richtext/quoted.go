package richtext

import (
	"strconv"
	"strings"
	"unicode"
)

// Quoted is a line in quotation marks as people read it: blanks of all kinds and what
// joins letters stand as they are. Escaped is only what could not be seen, or would turn
// what stands beside it.
func Quoted(line string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range line {
		const nonJoiner, joiner = '\u200c', '\u200d'
		if unicode.IsPrint(r) || unicode.Is(unicode.Zs, r) || r == nonJoiner || r == joiner {
			b.WriteRune(r)
			continue
		}
		b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
	}
	b.WriteByte('"')
	return b.String()
}
