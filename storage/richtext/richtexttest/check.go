package richtexttest

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"communique/storage/lazyregexp"
)

// Missing are the words that a text does not say, after NFKC.
func (s Sample) Missing(text string) []string {
	text = norm.NFKC.String(text)
	var gone []string
	for _, w := range s.Words {
		if !w.Alt && !w.Hidden && !strings.Contains(text, w.Text) {
			gone = append(gone, w.Text)
		}
	}
	return gone
}

// Struck are the struck words that a text says.
func (s Sample) Struck(text string) []string {
	text = norm.NFKC.String(text)
	var said []string
	for _, w := range s.Words {
		if w.Struck && strings.Contains(text, w.Text) {
			said = append(said, w.Text)
		}
	}
	return said
}

// Hidden are the hidden words that a text says.
func (s Sample) Hidden(text string) []string {
	text = norm.NFKC.String(text)
	var said []string
	for _, w := range s.Words {
		if w.Hidden && strings.Contains(text, w.Text) {
			said = append(said, w.Text)
		}
	}
	return said
}

var words = lazyregexp.New(`x[^xz9]+z|9[0-8]+9`)

// Together are words that are apart on the page and have nothing between them in
// a plain text.
func (s Sample) Together(text string) []string {
	place := map[string]int{}
	for i, w := range s.Words {
		place[w.Text] = i
	}
	var wrong []string
	for _, token := range strings.FieldsFunc(setApart(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) }) {
		found := words.FindAllString(token, -1)
		for i := 1; i < len(found); i++ {
			a, known := place[found[i-1]]
			b, too := place[found[i]]
			if known && too && (b != a+1 || !s.Words[b].Joined) {
				wrong = append(wrong, found[i-1]+found[i])
			}
		}
	}
	return wrong
}

// setApart puts a blank where raised or lowered characters begin and end, which
// say by themselves that they are apart.
func setApart(text string) string {
	var b strings.Builder
	before := 0
	for _, r := range norm.NFC.String(text) {
		if unicode.IsMark(r) {
			b.WriteRune(r)
			continue
		}
		place := 0
		switch {
		case strings.ContainsRune(raised, r):
			place = 1
		case strings.ContainsRune(lowered, r):
			place = 2
		}
		if place != before {
			b.WriteByte(' ')
		}
		before = place
		b.WriteRune(r)
	}
	return norm.NFKC.String(b.String())
}

const (
	raised  = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ"
	lowered = "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ"
)

// Around is the part of a text where it says a word, to be printed.
func Around(text, word string) string {
	const most = 120
	at := strings.Index(text, word)
	if at < 0 {
		return text[:min(len(text), 2*most)]
	}
	return "…" + strings.ToValidUTF8(text[max(0, at-most):min(len(text), at+most)], "") + "…"
}

// Whole is a word out of two that stand together.
func Whole(together string) string { return words.FindString(together) }
