package richtext

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// valued are attributes that say nothing without a value, but are none that an author
// would type as a word.
var valued = strings.Fields(`abbr accept accesskey action align alt axis bgcolor border cite class clear color cols
	colspan content coords data datetime dir enctype face for headers height href hreflang id lang language longdesc max media
	method min name pattern ping placeholder poster rel role rows rowspan rules scope shape size sizes span src srcdoc srclang
	srcset start step style summary tabindex target title type usemap valign value width wrap xmlns autocapitalize autocorrect decoding draggable
	enterkeyhint fetchpriority inputmode integrity is itemid itemprop itemref itemtype crossorigin loading nonce part
	popovertarget referrerpolicy sandbox slot spellcheck translate`)

// ReadAsTag is what an editor is told of a [WordTag] in a page.
const ReadAsTag = "what stands between angle brackets was read as a tag and left out"

// WordTag is a tag as it was written, if that was to be read: no element of HTML is
// called so, or its words are no attributes, as in <two per cent> or <I mean it>. It is
// empty for any other tag, also for those that programs put in, such as <o:p>.
func WordTag(name string, attrs []html.Attribute) string {
	words := []string{name}
	for _, a := range attrs {
		switch {
		case strings.HasPrefix(a.Key, "data-"):
		case a.Val != "":
			words = nil
		case words != nil:
			words = append(words, a.Key)
		}
	}
	_, known := elements[name]
	program := strings.ContainsAny(name, ":-_.")
	switch {
	case program, known && words == nil:
		return ""
	case !known && words == nil:
		return "<" + name + " …>"
	case known && !slices.ContainsFunc(words[1:], isWord):
		return ""
	}
	return "<" + strings.Join(words, " ") + ">"
}

// isWord tells whether an attribute without a value is none.
func isWord(key string) bool {
	return !slices.Contains(booleans, key) && !slices.Contains(valued, key) && !strings.ContainsAny(key, `:-_.@*#[](){}"'=`)
}

// tellWords notes a tag that was to be read. In a typed text it is text.
func (b *builder) tellWords(t html.Token) {
	if b.typed || b.foreign {
		return
	}
	if tag := WordTag(t.Data, t.Attr); tag != "" {
		b.notes.at(b.at, ReadAsTag, tag)
	}
}
