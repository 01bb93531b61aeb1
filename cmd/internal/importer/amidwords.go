package importer

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"communique/storage/lazyregexp"
)

// worthAbove is the worth of a date above the text, so many lines below the title.
func worthAbove(l line, c candidate, below int) int {
	switch {
	case below < 0:
		return worthHead - 4
	case below > 0 && amidWords(l, c):
		return worthBeside
	}
	return worthHead
}

// worthAmong is the worth of a date in one of the first lines of the text.
func worthAmong(l line, c candidate) int {
	if ownLine(l, c) || publishedLabel.MatchString(l.text) || updatedLabel.MatchString(l.text) {
		return worthFirst
	}
	return worthBeside
}

// ownLine reports whether a line of the text is a date, perhaps with the place of a letter.
func ownLine(l line, c candidate) bool {
	return saysLittle(l.text, c.reading) || markedAsDate(l.node) || placeBefore.MatchString(firstBytes(l.text, c.start)) && endsWith(l.text, c.reading)
}

// amidWords reports whether a line between title and text says something of a day: "Minister
// since 1 May 2020". What is set apart from the day by signs, or is a label, or where it is
// said, says nothing of it.
func amidWords(l line, c candidate) bool {
	const place = 3 // words
	text := plainDigits(l.text)
	before, after := strings.TrimSpace(text[:min(c.start, len(text))]), strings.TrimSpace(text[min(c.end, len(text)):])
	words := strings.FieldsFunc(before+" "+after, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
	if len(words) <= place || ownLine(l, c) || publishedLabel.MatchString(l.text) || updatedLabel.MatchString(l.text) || data.MatchString(l.text) || pressLabel.MatchString(before) {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(before)
	first, _ := utf8.DecodeRuneInString(after)
	return before != "" && unicode.IsLetter(last) || after != "" && unicode.IsLetter(first)
}

// pressLabel begins the line that says what a page is, and of which day.
var pressLabel = textsLike(`^(press ?(release|statement)|pressemitteilung|medienmitteilung|communiqué|comunicado|nota (de prensa|à imprensa)|comunicato|persbericht|pressmeddelande|pressemelding|pressemeddelelse|komunikat|tisková zpráva|пресс-релиз|basın|نشرة|بيان صحفي)`)

// placeBefore is what stands before the date of a letter: "Port Almira, ".
var placeBefore = lazyregexp.New(`^\p{Lu}\p{L}*([ -]\p{L}+){0,2}, (den |the |le |el |il )?$`)
