package federation

import (
	"html"

	"communique/storage/lazyregexp"
)

// shownOfLink is how many characters of an address Mastodon shows of its own links.
const shownOfLink = 30

// linkPrefix is what Mastodon leaves out in front (lib/text_formatter.rb,
// URL_PREFIX_REGEX).
var linkPrefix = lazyregexp.New(`^https?://(www\.)?`)

// shortLink is a link whose text is its address, as Mastodon writes its own
// (lib/text_formatter.rb#shortened_link): it hides the scheme and the tail and sets an
// ellipsis after what is left. Written plainly, a long address breaks in the middle of
// a word on a phone. The text is the whole address all the same, for everybody who
// knows none of these classes.
func shortLink(address string) string {
	prefix := linkPrefix.FindString(address)
	rest := []rune(address[len(prefix):])
	link := `<a href="` + html.EscapeString(address) + `" translate="no"><span class="invisible">` + html.EscapeString(prefix) + `</span>`
	if len(rest) <= shownOfLink {
		return link + `<span>` + html.EscapeString(string(rest)) + `</span></a>`
	}
	return link + `<span class="ellipsis">` + html.EscapeString(string(rest[:shownOfLink])) + `</span><span class="invisible">` +
		html.EscapeString(string(rest[shownOfLink:])) + `</span></a>`
}
