package microhtml

import (
	"strings"

	"golang.org/x/net/html"

	"communique/storage/press"
	"communique/storage/richtext"
)

// Cut rewrites an article's text in a language with the elements p, br, span,
// a, s, pre, blockquote, code, b, strong, u, i, em, ul, ol, li, ruby, rt and rp,
// and of their attributes lang and href (INTEROP O12).
//
// Links within the text have nowhere to lead in a post: [richtext.At] makes them
// lead to the article's page before.
//
// The result has at most limit bytes, counted as in a JSON string; a longer text
// ends before the first block that has no room, and whole is false.
func Cut(text press.HTML, lang press.Language, limit int) (cut string, whole bool) {
	c := &cutter{words: wordsOf(lang), repeats: maxRepeats, explained: map[string]bool{}}
	body := richtext.Tree(text)
	var b strings.Builder
	room := limit
	for _, run := range runs(body) {
		block := c.block(run)
		room -= inJSON(block)
		if room < 0 {
			return b.String(), false
		}
		b.WriteString(block)
	}
	return b.String(), true
}

// inJSON is the length of a text in a JSON string that doesn't escape HTML, in
// bytes.
func inJSON(text string) int {
	return len(text) + strings.Count(text, `"`) + strings.Count(text, `\`) + strings.Count(text, "\n") + strings.Count(text, "\t")
}

// cutter is the state of one call of [Cut].
type cutter struct {
	words words
	// lang is the language of an element that was not kept: the next one that is
	// kept states it.
	lang string
	// inLink is set inside a link, where there can be no other.
	inLink bool
	// repeats is how many bytes may still be spent on repetitions, such as the names
	// of columns.
	repeats int
	// explained are the abbreviations whose long form has been given.
	explained map[string]bool
}

// maxRepeats bounds what is added by repetition: a table of a thousand rows must not
// grow with the length of its headings.
const maxRepeats = 64 << 10

// open writes a start tag with its language.
func (c *cutter) open(name string, n *html.Node) string {
	var b strings.Builder
	b.WriteString("<" + name)
	if lang := c.languageOf(n); lang != "" {
		b.WriteString(` lang="` + html.EscapeString(lang) + `"`)
	}
	b.WriteByte('>')
	return b.String()
}

// languageOf is the language that a kept element has to state.
func (c *cutter) languageOf(n *html.Node) string {
	lang, _ := attribute(n, "lang")
	if lang == "" {
		lang = c.lang
	}
	return lang
}

// within makes the content of an element that is kept.
func (c *cutter) within(content func() string) string {
	outer := c.lang
	c.lang = ""
	inner := content()
	c.lang = outer
	return inner
}

// without makes the content of an element that is not kept itself.
func (c *cutter) without(n *html.Node, content func() string) string {
	outer := c.lang
	c.lang = c.languageOf(n)
	inner := content()
	c.lang = outer
	return inner
}

func attribute(n *html.Node, key string) (string, bool) {
	if n == nil {
		return "", false
	}
	for _, a := range n.Attr {
		if a.Key == key && a.Namespace == "" {
			return a.Val, true
		}
	}
	return "", false
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

func escape(text string) string { return escaper.Replace(text) }

// plain is the text of HTML that was made here.
func plain(fragment string) string {
	text, _ := reduced(fragment)
	return text
}

// reduced is the text of HTML that was made here, and that text as HTML in which
// what is struck through still is. A reading beside its characters stands in brackets.
func reduced(fragment string) (text, marked string) {
	var b, m strings.Builder
	say := func(text string) {
		b.WriteString(text)
		m.WriteString(escape(text))
	}
	bracketed := false // by the author
	z := html.NewTokenizer(strings.NewReader(fragment))
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return strings.TrimSpace(b.String()), strings.TrimSpace(m.String())
		case html.TextToken:
			say(string(z.Text()))
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			switch name, _ := z.TagName(); string(name) {
			case "br":
				say(" ")
			case "ruby":
				bracketed = false
			case "rp":
				bracketed = true
			case "rt":
				switch {
				case bracketed:
				case kind == html.EndTagToken:
					say(")")
				default:
					say(" (")
				}
			case "s":
				if kind == html.EndTagToken {
					m.WriteString("</s>")
				} else {
					m.WriteString("<s>")
				}
			}
		}
	}
}
