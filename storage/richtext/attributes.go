package richtext

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"communique/storage/lazyregexp"
	"communique/storage/press"
)

// maxAddress bounds a link; longer ones are tracking or worse.
const maxAddress = 4096

// datetime is the shape of a machine-readable date; what it says is not judged.
var datetime = lazyregexp.New(`^[0-9A-Za-z:+., -]{1,40}$`)

// attributes returns what an element keeps of its attributes, in a fixed order.
func (b *builder) attributes(e element, n *node, t html.Token, style map[string]string) []html.Attribute {
	var kept []html.Attribute
	keep := func(key, value string) {
		if value != "" || key == "alt" || key == "reversed" {
			kept = append(kept, html.Attribute{Key: key, Val: value})
		}
	}
	for _, key := range slices.Concat([]string{"lang", "dir"}, e.attrs) {
		raw, ok := value(t, key)
		if !ok && key == "lang" {
			raw, ok = value(t, "xml:lang")
		}
		switch {
		case b.bare && (key == "align" || key == "title" && e.as == "a"):
		case key == "align":
			keep(key, alignment(cmp.Or(style["text-align"], raw)))
		case key == "alt" && e.as == "img":
			// An image without alternative text says that it is decoration.
			keep(key, Line(raw))
		case key == "dir" && !ok && t.Data == "bdi":
			keep(key, "auto")
		case key == "dir" && !ok:
			keep(key, oneOf(style["direction"], "ltr", "rtl"))
		case key == "src" && e.as == "img":
			keep(key, b.resolve(n.address, "http", "https"))
		case key == "type":
			keep(key, listType(t, style, b.top()))
		case ok:
			keep(key, b.attribute(key, raw))
		}
	}
	return kept
}

// alignment is on which side of its cell a text stands. The sides are those of the paper,
// whatever the direction of the text, as in an account.
func alignment(raw string) string {
	return oneOf(strings.ToLower(strings.TrimSpace(raw)), "left", "center", "right")
}

func value(t html.Token, key string) (string, bool) {
	for _, a := range t.Attr {
		if a.Key == key && a.Namespace == "" {
			return a.Val, true
		}
	}
	return "", false
}

// attribute checks one value; the empty string drops the attribute.
func (b *builder) attribute(key, raw string) string {
	raw = strings.TrimSpace(raw)
	switch key {
	case "href":
		return b.link(raw)
	case "src":
		return b.resolve(raw, "http", "https")
	case "cite":
		if b.beside(raw) {
			return "" // nobody can follow it, so no file is taken along for it
		}
		return b.resolve(raw, "http", "https")
	case "lang":
		if tag, err := press.ParseLanguage(raw); err == nil {
			return string(tag)
		}
		return ""
	case "dir":
		return oneOf(strings.ToLower(raw), "ltr", "rtl", "auto")
	case "scope":
		return oneOf(strings.ToLower(raw), "row", "col", "rowgroup", "colgroup")
	case "title":
		return CleanText(raw)
	case "datetime":
		return datetime.FindString(raw)
	case "colspan", "rowspan":
		return number(raw, 2, 1000)
	case "width", "height":
		return number(strings.TrimSuffix(raw, "px"), 0, 10000)
	case "start", "value":
		return number(raw, -999_999_999, 999_999_999)
	}
	return ""
}

// inBackground finds a picture that a style puts behind a text.
var inBackground = lazyregexp.New(`(?i)\bbackground(?:-image)?\s*:[^;]*\burl\(\s*["']?\s*([^"')\s]+)`)

// tellAddresses tells of what an element leads to or shows by an attribute that is not kept.
func (b *builder) tellAddresses(t html.Token) {
	for _, lost := range []struct{ key, what string }{
		{"longdesc", "the address of the description of a picture was left out"},
		{"cite", "the address of why a text was changed was left out"},
		{"background", "a picture behind the text was left out"},
	} {
		address, ok := value(t, lost.key)
		if changes := t.Data == "ins" || t.Data == "del"; ok && strings.TrimSpace(address) != "" && (lost.key != "cite" || changes) {
			b.notes.at(b.at, lost.what, address)
		}
	}
	if own, _ := value(t, "style"); strings.Contains(own, "(") {
		if m := inBackground.FindStringSubmatch(own); m != nil && !strings.HasPrefix(strings.ToLower(m[1]), "data:") {
			b.notes.at(b.at, "a picture behind the text was left out", m[1])
		}
	}
}

// lazyAddresses are where pages keep the address of a picture that a script loads when
// it is looked at.
var lazyAddresses = []string{"data-src", "data-original", "data-lazy-src", "data-lazy", "srcset", "data-srcset"}

// pictureAddress is the address of a picture as it is written: the one that a browser
// loads at once, or else that of which the page says that it comes later.
func (b *builder) pictureAddress(t html.Token) string {
	usable := func(raw string) bool { return b.resolve(raw, "http", "https") != "" }
	raw, _ := value(t, "src")
	if usable(raw) {
		return raw
	}
	for _, key := range lazyAddresses {
		if later, _ := value(t, key); usable(firstAddress(later)) {
			return firstAddress(later)
		}
	}
	for _, n := range slices.Backward(b.open) {
		if n.source == "picture" && usable(n.address) {
			return n.address
		}
	}
	return raw
}

// firstAddress is the first one of a list of pictures of several sizes.
func firstAddress(set string) string {
	address, _, _ := strings.Cut(strings.TrimSpace(set), " ")
	return strings.TrimRight(address, ",")
}

// point tells whether a picture is said to be so small that nobody sees it: it counts
// readers, or makes room.
func point(n *node, style map[string]string) bool {
	for _, side := range []string{"width", "height"} {
		if size, ok := n.attr(side); ok && len(size) == 1 && size <= "2" {
			return true
		}
		if size, ok := length(style[side]); ok && size <= 2 {
			return true
		}
	}
	return false
}

func oneOf(s string, allowed ...string) string {
	if slices.Contains(allowed, s) {
		return s
	}
	return ""
}

func number(s string, least, most int) string {
	n, err := strconv.Atoi(s)
	if err != nil || n < least || n > most {
		return ""
	}
	return strconv.Itoa(n)
}

// link is the absolute address that a link leads to; "#" and an id for one that
// leads to a place in the same text.
func (b *builder) link(raw string) string {
	if strings.HasPrefix(raw, "#") {
		return "#" + fragment(raw)
	}
	address := b.resolve(raw, linkSchemes...)
	switch {
	case raw == "":
		b.notes.at(b.at, "a link has no address, and only its words were kept", "")
	case address == "":
		b.notes.at(b.at, "a link lost its address", raw)
	}
	if page, id, ok := strings.Cut(address, "#"); ok && id != "" && page == b.page {
		return "#" + fragment(id)
	}
	return address
}
