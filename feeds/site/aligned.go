package site

import (
	"communique/storage/lazyregexp"
	"communique/storage/press"
)

// alignedCell is the tag of a cell whose text stands on one side of it.
var alignedCell = lazyregexp.New(`(<t[dh][^>]*) align="(left|center|right)"`)

// aligned is a text with classes of the style sheet for the attribute that feeds have:
// readers of those take no style, and HTML takes the attribute for obsolete.
func aligned(body press.HTML) string {
	return alignedCell.ReplaceAllString(string(body), `$1 class="to-$2"`)
}
