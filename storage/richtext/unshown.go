package richtext

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/text/unicode/norm"

	"communique/storage/lazyregexp"
)

// Unshown finds the first character of a text that cannot be shown and is left out of
// every text: controls, and what is no character. Old files have the dashes and quotation
// marks of Windows-1252 in place of some, and what they stood between would become one
// word, or one number. What says why is for the author; it is empty without one.
func Unshown(text string) (at int, why string) {
	at = strings.IndexFunc(text, unshown)
	if at < 0 {
		return -1, ""
	}
	r, _ := utf8.DecodeRuneInString(text[at:])
	return at, notShown(r)
}

func unshown(r rune) bool {
	switch r {
	case '\t', '\n', '\f', '\r':
		return false
	}
	return r < ' ' || r >= 0x7f && r < 0xa0 || r&0xfffe == 0xfffe || r >= 0xfdd0 && r <= 0xfdef
}

// notShown is what an author is told of a character.
func notShown(r rune) string {
	why := fmt.Sprintf("the character U+%04X cannot be shown", r)
	if meant := html.UnescapeString(fmt.Sprintf("&#%d;", r)); r >= 0x80 && r < 0xa0 && meant != string(r) {
		return why + ": write " + meant + " if that was meant, or leave it out"
	}
	return why + ": leave it out"
}

// numbered is a reference to a character by its number, or an ampersand that is escaped.
var numbered = lazyregexp.New(`\\?&#(?:([0-9]+)|[xX]([0-9a-fA-F]+));`)

// noCharacter finds a reference by a number that no character has (HTML Standard, numeric
// character reference end state). Readers would see a question mark in its place.
func noCharacter(text string) string {
	if !strings.Contains(text, "&#") {
		return ""
	}
	for _, m := range numbered.FindAllStringSubmatch(text, -1) {
		n, err := strconv.ParseUint(m[1], 10, 32)
		if m[1] == "" {
			n, err = strconv.ParseUint(m[2], 16, 32)
		}
		if m[0][0] == '&' && (err != nil || n == 0 || n > unicode.MaxRune || n >= 0xd800 && n < 0xe000) {
			return m[0]
		}
	}
	return ""
}

// text takes a text as it was read. What is left out of it leaves a gap, where it may have
// been a dash and beside numbers; in words there are marks of hyphens.
func (b *builder) text(said, raw string) {
	if strings.TrimSpace(said) != "" {
		b.leaveHead()
	}
	if none := noCharacter(raw); none != "" && strings.ContainsRune(said, unicode.ReplacementChar) && !b.hidden() {
		b.numberless(none, b.at+strings.Index(raw, none))
	}
	if at := strings.IndexFunc(said, private); at >= 0 && !b.foreign && !b.hidden() {
		r, _ := utf8.DecodeRuneInString(said[at:])
		b.notes.at(b.at, "a character looks like something in some fonts alone, and readers may see an empty box", fmt.Sprintf("U+%04X", r))
	}
	if strings.ContainsRune(said, '\u0338') {
		said = norm.NFC.String(said)
	}
	lines := 0
	for said != "" {
		end := strings.IndexFunc(said, func(r rune) bool { return unshown(r) || r == '\u0338' })
		piece := said
		if end >= 0 {
			piece = said[:end]
		}
		lines += strings.Count(piece, "\n")
		b.characters(permitted(piece))
		if end < 0 {
			return
		}
		r, size := utf8.DecodeRuneInString(said[end:])
		if !b.hidden() {
			b.untold(r, b.at+afterLines(raw, lines))
			before, _ := utf8.DecodeLastRuneInString(piece)
			after, _ := utf8.DecodeRuneInString(said[end+size:])
			if r >= 0x80 && r < 0xa0 || unicode.IsNumber(before) || unicode.IsNumber(after) {
				b.append(gap(b.at))
			}
		}
		said = said[end+size:]
	}
}

// private characters have no meaning but what a font gives them (UAX #44, Private_Use):
// the points before the items of old texts.
func private(r rune) bool { return r >= 0xe000 && unicode.Is(unicode.Co, r) }

// afterLines is where in a text a line begins.
func afterLines(text string, lines int) int {
	at := 0
	for ; lines > 0; lines-- {
		next := strings.IndexByte(text[at:], '\n')
		if next < 0 {
			break
		}
		at += next + 1
	}
	return at
}

func (b *builder) characters(text string) {
	seen := strings.TrimSpace(text) != ""
	if seen {
		b.resume()
	}
	b.append(&node{kind: characters, text: text, at: b.at, concealed: seen && b.top().look.hides()})
}

// untold tells of a character that is left out, and refuses it in what was typed.
func (b *builder) untold(r rune, at int) {
	if !b.typed {
		b.notes.at(at, fmt.Sprintf("a character was left out that cannot be shown: U+%04X", r), "")
		return
	}
	if b.problem == nil {
		b.problem = &LineError{Line: b.notes.lineOf(at), Text: notShown(r)}
	}
}

// numberless tells of a reference to no character, and refuses it in what was typed.
func (b *builder) numberless(reference string, at int) {
	if !b.typed {
		b.notes.at(at, "no character has the number of a reference, and a sign stands for it", reference)
	} else if b.problem == nil {
		b.problem = &LineError{Line: b.notes.lineOf(at), Text: noSuchNumber + reference}
	}
}

const noSuchNumber = "no character has the number of this reference: "

// attributeTexts looks for such characters in what attributes say.
func (b *builder) attributeTexts(t html.Token) {
	for _, key := range []string{"alt", "title", "href", "src", "label", "alttext"} {
		if v, ok := value(t, key); ok {
			if at := strings.IndexFunc(v, unshown); at >= 0 {
				r, _ := utf8.DecodeRuneInString(v[at:])
				b.untold(r, b.at)
			}
		}
	}
}
