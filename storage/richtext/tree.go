package richtext

import (
	"cmp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"communique/storage/lazyregexp"
	"communique/storage/press"
)

// Tree reads a cleaned text as the children of a body, as every plain form of it
// is made: raised and lowered text is said in characters, and what belongs to
// footnotes is known ([IsNoteMark], [IsBackLink]).
//
// The elements sup and sub are still there, around those characters.
func Tree(h press.HTML) *html.Node {
	body := read(string(h))
	ready(body)
	return body
}

// ready says raised and lowered text in characters. What stands before it
// decides whether a sign is needed, but not across blocks.
func ready(n *html.Node) {
	last := ' '
	var open *placed
	behind := "" // the text that ends in it
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			if n.Data == "" {
				return
			}
			if first, _ := utf8.DecodeRuneInString(n.Data); open != nil && wordy(first) && wordy(last) {
				open.close()
			}
			open, behind = nil, n.Data
			last, _ = utf8.DecodeLastRuneInString(n.Data)
			return
		}
		before := last
		if IsNoteMark(n) {
			last, open = noteSign(n, before, measured(behind) || unicode.IsNumber(before)), nil
			return
		}
		if n.Type == html.ElementNode && (elements[n.Data].kind.block() || n.Data == "br" || n.Data == "img") {
			last, open, behind = ' ', nil, ""
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
		if n.Data == "sup" || n.Data == "sub" {
			open = script(n, before)
			if texts := textsIn(n); len(texts) > 0 {
				last, _ = utf8.DecodeLastRuneInString(texts[len(texts)-1].Data)
			}
		}
	}
	walk(n)
}

// read makes the tree of a cleaned text, which is well-formed: work linear in
// the text, whatever it says.
func read(text string) *html.Node {
	body := &html.Node{Type: html.ElementNode, Data: "body"}
	at, depth := body, 0
	z := html.NewTokenizer(strings.NewReader(text))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return body
		case html.TextToken:
			at.AppendChild(&html.Node{Type: html.TextNode, Data: string(z.Text())})
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			n := &html.Node{Type: html.ElementNode, Data: t.Data, Attr: t.Attr}
			at.AppendChild(n)
			if !childless[t.Data] && depth < 4*maxOpen {
				at = n
				depth++
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			for n := at; n != body; n = n.Parent {
				if n.Data == string(name) {
					for ; at != n.Parent; depth-- {
						at = at.Parent
					}
					break
				}
			}
		}
	}
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// within is the id in a text that a link leads to, also when [At] has made it
// lead to a page.
func within(n *html.Node) string {
	if n.Data != "a" {
		return ""
	}
	href := attribute(n, "href")
	if at := strings.IndexByte(href, '#'); at == 0 || at > 0 && strings.HasPrefix(href[at+1:], idPrefix) {
		return fragment(href[at:])
	}
	return ""
}

// IsNoteMark tells whether an element is the mark of a footnote: a raised link
// to a place in the text and nothing else, or a number in brackets that is one. What
// marks of emphasis are around and in it says nothing.
func IsNoteMark(n *html.Node) bool {
	switch {
	case n.Type != html.ElementNode:
		return false
	case n.Data == "sup":
		linked, other := among(n, func(c *html.Node) bool { return within(c) != "" })
		return linked && !other
	case within(n) != "":
		if raised, other := among(n, func(c *html.Node) bool { return c.Data == "sup" }); raised && !other {
			return true
		}
		text := strings.TrimSpace(textOf(n))
		inner := strings.Trim(text, "[]*†‡§()")
		if text == "" || inner != "" && (utf8.RuneCountInString(inner) > 4 || strings.ContainsFunc(inner, func(r rune) bool { return !unicode.IsNumber(r) })) {
			return false
		}
		return inner == "" || strings.HasPrefix(text, "[") || noteID.MatchString(within(n)) && attached(n)
	}
	return false
}

// noteID is how ids of footnotes begin. A style that is lost may have raised the link.
var noteID = lazyregexp.New(`^(?i)(?:text-)?_?(?:fn|ftn|edn|foot-?note|end-?note|note|cite)`)

// attached tells whether an element follows a word or a number without a blank.
func attached(n *html.Node) bool {
	if n.PrevSibling == nil {
		return false
	}
	texts := textsIn(n.PrevSibling)
	if len(texts) == 0 {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(texts[len(texts)-1].Data)
	return wordyAlone(last)
}

// unit is one of measurement behind a number.
var unit = lazyregexp.New(`\p{N}[\s\x{a0}\x{202f}]?\p{L}{1,3}$`)

// measured tells whether a text ends in a unit, which may be squared or cubed.
func measured(text string) bool { return unit.MatchString(text[max(0, len(text)-24):]) }

// noteSign writes the mark of a footnote so that it is none of a power, and returns what it
// ends in: raised, but in brackets where it could be a power.
func noteSign(n *html.Node, before rune, power bool) (last rune) {
	texts := textsIn(n)
	if len(texts) == 0 {
		return before
	}
	var whole strings.Builder
	for _, t := range texts {
		whole.WriteString(t.Data)
	}
	first, end := texts[0], texts[len(texts)-1]
	said := strings.TrimSpace(whole.String())
	simple := !strings.ContainsFunc(said, func(r rune) bool { return raisedForms[r] == 0 })
	switch {
	case !strings.ContainsFunc(said, wordyAlone), strings.IndexAny(said, "[(") == 0:
	case simple && !power:
		for _, t := range texts {
			t.Data = strings.Map(func(r rune) rune { return cmp.Or(raisedForms[r], r) }, t.Data)
		}
	default:
		first.Data = "[" + first.Data
		end.Data += "]"
	}
	last, _ = utf8.DecodeLastRuneInString(end.Data)
	return last
}

// among tells whether something in an element is of a kind, and whether something that
// can be read is not.
func among(n *html.Node, is func(*html.Node) bool) (found, other bool) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			other = other || strings.ContainsFunc(c.Data, wordyAlone)
		case is(c):
			found = true
		case c.Data == "img", c.Data == "a" && attribute(c, "href") != "":
			other = true
		default:
			f, o := among(c, is)
			found, other = found || f, other || o
		}
	}
	return found, other
}

func wordyAlone(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// endsWord tells whether a word may end in a character: in many scripts of Asia, and with
// the points of Arabic and Hebrew, it is a sign on the last letter.
func endsWord(r rune) bool { return wordyAlone(r) || unicode.IsMark(r) }

// IsBackLink tells whether an element leads from a footnote back to its mark: a
// link to a place in the text that says nothing.
func IsBackLink(n *html.Node) bool {
	return n.Type == html.ElementNode && within(n) != "" && !strings.ContainsFunc(textOf(n), wordyAlone) && !IsNoteMark(n)
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for _, t := range textsIn(n) {
		b.WriteString(t.Data)
	}
	return b.String()
}

// noteIDs gathers the ids that marks of footnotes lead to. A mark that leads to
// what was there before it is the way back.
func noteIDs(n *html.Node, before, ids map[string]bool) {
	if id := attribute(n, "id"); id != "" {
		before[id] = true
	}
	mark := IsNoteMark(n)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		noteIDs(c, before, ids)
	}
	if !mark {
		return
	}
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if id := within(n); id != "" && !before[id] {
			ids[id] = true
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(n)
}

// At makes the links within a text lead to the page that shows it, as a feed or
// a post has to say them.
func At(h press.HTML, page string) press.HTML {
	return press.HTML(strings.ReplaceAll(string(h), `href="#`+idPrefix, `href="`+valueEscaper.Replace(page)+"#"+idPrefix))
}
