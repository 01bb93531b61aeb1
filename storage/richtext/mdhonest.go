package richtext

import (
	"strings"

	"communique/storage/lazyregexp"
)

var (
	// leadingColon and leadingSemicolon begin a definition, and a term, in other programs;
	// wikiTerm is one that its definition or another one follows.
	leadingColon     = lazyregexp.New(`^: +[^\s]`)
	leadingSemicolon = lazyregexp.New(`^; +[^\s]`)
	wikiTerm         = lazyregexp.New(`^; +[^\n:]* : +[^\s]|^; +[^\n]*\n[;:] `)
)

// honest are marks of other programs that are more often text. Where they are what they
// look like, there is more to them.
var honest = []struct {
	mark *lazyregexp.Regexp
	what string
}{
	{leadingColon, "a line begins with a colon, as a definition does, and stands in the text as it was typed"},
	{leadingSemicolon, "a line begins with a semicolon, as terms do in other programs, and stands in the text as it was typed"},
	{lazyregexp.New(`\[\[[\p{Ll}\p{N}…!?.]+\]\]`), "double brackets, which are links in other programs, stand in the text as they were typed"},
	{lazyregexp.New(`(?:^|[\s(])\^[0-9]{1,4}\p{L}`), "a caret stands in the text as it was typed: if what is behind it is raised, write <sup> and </sup>"},
	{lazyregexp.New(`\[@[\p{L}_][\p{L}\p{N}_:./-]*(?:;[ \t]*-?@|,[ \t]*(?:pp?|S|ch|chap|vol|art|no)\.|,[ \t]*§)[^\]\n]*\]`), "what is a key of a bibliography in other programs stands in the text as it was typed"},
	{lazyregexp.New(`(?m)^\|[ \t][^|\n]*\n\|[ \t][^|\n]*$`), "lines that begin with a bar run together, and the bars stand in the text as they were typed: write \\ at the end of a line to break it there"},
	{lazyregexp.New(`＊＊[^＊\n]+＊＊`), "wide asterisks stand in the text as they were typed: bold text is written **text**"},
	{lazyregexp.New(`(?m)^＃+[ \t　]+[^\s＃]|^＃{2,}[^\s＃]`), "a wide number sign stands in the text as it was typed: a heading is written ## and a blank"},
	{headingWithoutBlank, "a line begins with a number sign, and stands in the text as it was typed: if it is a heading, write ## and a blank"},
}

// headingWithoutBlank is a first line of several words that ends as headings do. Names of
// topics have capitals or figures in them, as #ClimateAction and #COP30, or begin a sentence
// or others of their kind.
var headingWithoutBlank = lazyregexp.New(`^#\p{L}\p{Ll}*[ \t]+[^\n#\x00]{0,80}[\p{L}\p{N})][ \t]*(?:\n|$)`)

// tellHonest tells of such marks.
func (w *markdownWriter) tellHonest(t *typedText, written []byte) {
	for _, sign := range honest {
		if at := sign.mark.FindIndex(written); at != nil {
			w.note(t.source(at[0]), sign.what, strings.TrimSpace(beginningOf(written[at[0]:])))
		}
	}
}

// definesBadly is why a paragraph or a term is part of a list of terms that readers would
// not see as one.
func (t *typedText) definesBadly() string {
	text := t.text.Bytes()
	switch {
	case t.atTable && leadingColon.Match(text):
		return strayColon
	case wikiTerm.Match(text), t.term && leadingSemicolon.Match(text):
		return "terms have no sign before them, and what defines them stands on the next line behind a colon and a blank: leave the sign out"
	}
	return ""
}
