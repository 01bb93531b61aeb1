package richtext

import (
	"bytes"
	"slices"
	"strings"

	"communique/storage/lazyregexp"
)

var (
	tagName     = lazyregexp.New(`^</?([A-Za-z][A-Za-z0-9-]*)`)
	valuedAttrs = lazyregexp.New(`[^\s=/>"']+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"']+)`)
)

// booleans are the attributes that stand without a value.
var booleans = strings.Fields(`allowfullscreen async autofocus autoplay checked compact controls default defer disabled
	download formnovalidate hidden inert ismap itemscope loop multiple muted nomodule noresize noshade novalidate nowrap open
	playsinline popover disablepictureinpicture disableremoteplayback truespeed credentialless contenteditable readonly required reversed selected`)

// isTag tells whether what was typed in angle brackets is a tag of HTML: its
// element is known, and so is every attribute without a value. What people leave
// in a text to be filled in, such as <two per cent> or <I mean it>, is not.
func isTag(typed string) bool {
	m := tagName.FindStringSubmatch(typed)
	if m == nil {
		return false
	}
	if _, ok := elements[strings.ToLower(m[1])]; !ok {
		return false
	}
	rest := strings.TrimRight(typed[len(m[0]):], "/> \t\n")
	for _, word := range strings.FieldsFunc(valuedAttrs.ReplaceAllString(rest, " "), func(r rune) bool { return strings.ContainsRune(" \t\n/>", r) }) {
		word = strings.ToLower(word)
		if !slices.Contains(booleans, word) && !strings.HasPrefix(word, "data-") && word != "alt" {
			return false
		}
	}
	return true
}

// htmlText cuts a stretch of HTML that stands in Markdown into tags and text.
// do learns of each piece whether it is text that was typed.
func htmlText(raw []byte, do func(piece []byte, typed bool)) {
	t := &tagReader{raw: raw, lower: bytes.ToLower(raw), ends: map[string]int{}}
	for t.at < len(raw) {
		next := bytes.IndexByte(raw[t.at:], '<')
		if next < 0 {
			next = len(raw) - t.at
		}
		if next > 0 {
			do(raw[t.at:t.at+next], false)
			t.at += next
			continue
		}
		n, typed := t.tag()
		do(raw[t.at:t.at+n], typed)
		t.at += n
	}
}

var (
	wholeTag = lazyregexp.New(`^</?[A-Za-z](?:[^"'<>]|"[^"]*"|'[^']*')*>`)
	rawText  = lazyregexp.New(`^<(script|style|textarea|title|xmp|iframe)[\s>/]`)
)

// longestTag bounds a tag in bytes.
const longestTag = 8 << 10

// tagReader goes through HTML; ends is where each end that was looked for stands
// last, so that none is looked for again and again.
type tagReader struct {
	raw, lower []byte
	at         int
	ends       map[string]int
}

// until is how far it is to the end of the next such mark, or 0 without one.
func (t *tagReader) until(end string) int {
	last, known := t.ends[end]
	if !known {
		last = bytes.LastIndex(t.lower, []byte(end))
		t.ends[end] = last
	}
	if last < t.at {
		return 0
	}
	return bytes.Index(t.lower[t.at:], []byte(end)) + len(end)
}

// tag is how far what begins with "<" goes, and whether it is text: neither a
// tag of HTML nor a comment.
func (t *tagReader) tag() (n int, typed bool) {
	rest, lower := t.raw[t.at:], t.lower[t.at:]
	switch {
	case bytes.HasPrefix(rest, []byte("<!--")):
		n = t.until("-->")
		return max(n, 1), n == 0
	case bytes.HasPrefix(lower, []byte("<!doctype")):
		n = t.until(">")
		return max(n, 1), n == 0
	}
	if mark := officeMarkIn(rest); mark != nil {
		return len(mark), false
	}
	tag := wholeTag.Find(rest[:min(len(rest), longestTag)])
	if tag == nil || !isTag(string(tag)) {
		return 1, true
	}
	if m := rawText.FindSubmatch(lower[:min(len(lower), 20)]); m != nil {
		if n = t.until("</" + string(m[1])); n == 0 {
			return 1, true // without its end it would swallow all that follows
		}
		return n - len("</") - len(m[1]), false
	}
	return len(tag), false
}

// openTags are the start tags whose end has not come yet, by their names: where each
// stands, the last one last.
type openTags map[string][]int

func (o openTags) begin(name string, at int) { o[name] = append(o[name], at) }

// end is where the start tag stands that an end tag belongs to, if there is one.
func (o openTags) end(name string) (at int, begun bool) {
	last := len(o[name]) - 1
	if last < 0 {
		return 0, false
	}
	at = o[name][last]
	o[name] = o[name][:last]
	return at, true
}
