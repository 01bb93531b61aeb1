package richtext

import (
	"cmp"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"communique/storage/lazyregexp"
)

// listTypes are the types of a numbered list by the styles that ask for them.
var listTypes = map[string]string{
	"decimal": "1", "lower-alpha": "a", "lower-latin": "a", "upper-alpha": "A", "upper-latin": "A", "lower-roman": "i", "upper-roman": "I",
}

// bullets are the styles of lists without numbers, and plainLists what a style says
// besides. Of both little is lost where they belong.
var (
	bullets    = strings.Fields("disc circle square disclosure-open disclosure-closed")
	plainLists = strings.Fields("none inside outside inherit initial unset revert revert-layer auto")
)

// signOfList is what a style says of the signs before the items of a list.
func signOfList(style map[string]string) string {
	return cmp.Or(style["list-style-type"], style["list-style"])
}

// styledType is how a style has a list counted: "1", "a", "A", "i" or "I".
func styledType(style map[string]string) string {
	for _, property := range []string{"list-style-type", "list-style"} {
		for word := range strings.FieldsSeq(style[property]) {
			if kind, ok := listTypes[word]; ok {
				return kind
			}
		}
	}
	return ""
}

// listType is how a list counts: "a", "A", "i" or "I", and empty for figures. An item says
// "1" for them among letters, and among points.
func listType(t html.Token, style map[string]string, around *node) string {
	if kind := styledType(style); kind != "" {
		if _, lettered := around.attr("type"); kind == "1" && (t.Data != "li" || around.name == "ol" && !lettered) {
			return ""
		}
		return kind
	}
	raw, _ := value(t, "type")
	if raw = strings.TrimSpace(raw); t.Data == "li" && raw == "1" {
		return raw
	}
	return oneOf(raw, "a", "A", "i", "I")
}

// numberedPoints is the element of a list of points that its style numbers. What HTML has
// attributes for has no meaning there.
var numberedPoints = element{kind: list, as: "ol", attrs: []string{"type"}}

// numberedByStyle makes a numbered list of one of points that its style numbers.
func numberedByStyle(n *node, e element, style map[string]string) element {
	if n.name != "ul" || styledType(style) == "" {
		return e
	}
	n.name = numberedPoints.as
	return numberedPoints
}

// counts tells whether the style of a list asks for numbers of its own. What a
// sheet says besides is mostly how the menus of a site look.
func counts(said string) bool {
	return slices.ContainsFunc(strings.Fields(said), func(word string) bool { return listTypes[word] != "" || otherNumbers(word) })
}

// otherNumbers tells whether a word of a style asks for numbers, or signs, that no type of
// a list stands for.
func otherNumbers(word string) bool {
	return listTypes[word] == "" && !slices.Contains(bullets, word) && !slices.Contains(plainLists, word) && !strings.ContainsAny(word, `("'`)
}

// typedSign finds the words that a style sets before each item.
var typedSign = lazyregexp.New(`"([^"]*)"|'([^']*)'`)

// tellListStyle notes signs before items that become others, and figures where there was
// no sign.
func (b *builder) tellListStyle(n *node, style map[string]string) {
	of := ""
	switch n.kind {
	case list:
		of = n.name
	case item:
		of = b.top().name
	}
	said := signOfList(style)
	if b.foreign || said == "" || of != "ol" && of != "ul" {
		return
	}
	shown := map[string]string{"ol": "figures", "ul": "points"}[of]
	if lost := lostSign(said, of == "ol"); lost != "" {
		b.notes.at(b.at, "the items of a list are shown with "+shown, lost)
		return
	}
	if of == "ol" && slices.Contains(strings.Fields(said), "none") && !strings.Contains(said, "(") {
		b.notes.at(b.at, "the items of a list are shown with figures, and had no sign before them", "")
	}
}

// lostSign is the sign of items that a list does not show. Which point stands before those
// of a list without numbers is no matter, unless it says something.
func lostSign(said string, ordered bool) string {
	if m := typedSign.FindStringSubmatch(said); m != nil {
		if sign := m[1] + m[2]; ordered || strings.ContainsFunc(sign, wordyAlone) {
			return sign
		}
		return ""
	}
	for word := range strings.FieldsSeq(said) {
		if otherNumbers(word) || ordered && slices.Contains(bullets, word) {
			return word
		}
	}
	return ""
}
