package former

import (
	"regexp"

	"communique/storage/press"
)

// bareTag has what cleaned texts had no place for up to version 0.4, nor for a while
// after it: the title of a link, and the side on which a cell has its text.
var bareTag = regexp.MustCompile(`(<(?:a|td|th)(?: [^>]*?)?) (?:title|align)="[^"]*"`)

// Bare is a text of today as it was cleaned before it kept the titles of links and the
// alignment of tables.
func Bare(body press.HTML) press.HTML {
	return press.HTML(bareTag.ReplaceAllString(string(body), "$1"))
}
