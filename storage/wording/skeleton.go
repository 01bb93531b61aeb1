package wording

import (
	"cmp"
	_ "embed"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

//go:embed confusables.txt
var confusables string

// looks gives letters and figures, without case, the one that stands for all that look
// alike in either case: H is taken for the Greek Η, and n for η, so that n and h are one.
var looks = func() map[rune]rune {
	all := map[rune]rune{}
	root := func(r rune) rune {
		for all[r] != 0 && all[r] != r {
			r = all[r]
		}
		return r
	}
	folded := func(letter string) rune {
		r, _ := utf8.DecodeRuneInString(Alike(letter))
		return r
	}
	for line := range strings.Lines(confusables) {
		letters := strings.Fields(line)
		if letters[0] == "#" {
			continue
		}
		for _, other := range letters[1:] {
			one, other := root(folded(letters[0])), root(folded(other))
			if cmp.Or(cmp.Compare(rank(other), rank(one)), cmp.Compare(other, one)) < 0 {
				one, other = other, one
			}
			all[one], all[other] = one, one
		}
	}
	for r := range all {
		all[r] = root(r)
	}
	return all
}()

// rank has letters of ASCII stand for a class, and then its figures.
func rank(r rune) int {
	switch {
	case r >= utf8.RuneSelf:
		return 2
	case unicode.IsDigit(r):
		return 1
	}
	return 0
}

// Skeleton is a text as it looks at a glance: [Alike], without accents, and with one letter
// for all that look like it (UTS #39, 4; with cases folded). Texts of other letters that
// look the same have one skeleton, and so have a few words that are others, such as "hay"
// and "nay". A figure of a number is only like a figure.
func Skeleton(text string) string {
	if plain(text) && !strings.ContainsFunc(text, unicode.IsSpace) {
		return skeletonOfASCII(strings.ToLower(text))
	}
	text = Alike(lunate.Replace(text))
	if strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) {
		text = norm.NFC.String(strings.Map(func(r rune) rune {
			if accent(r) {
				return -1
			}
			return r
		}, norm.NFD.String(text)))
	}
	words := Words(text)
	for i, word := range words {
		if strings.ContainsFunc(word, unicode.IsLetter) {
			words[i] = strings.Map(look, strings.ReplaceAll(word, "rn", "m"))
		}
	}
	return strings.Join(words, "")
}

// skeletonOfASCII is that of a text in small letters of ASCII, as most words are.
func skeletonOfASCII(text string) string {
	all := make([]byte, 0, len(text))
	for at := 0; at < len(text); {
		end, letters := at, false
		for end < len(text) && kindOf(rune(text[end])) == word {
			letters = letters || text[end] > '9'
			end++
		}
		if end == at { // a mark
			end++
		}
		for ; at < end; at++ {
			switch {
			case letters && text[at] == 'r' && at+1 < end && text[at+1] == 'n':
				all = append(all, 'm')
				at++
			case letters:
				all = append(all, byte(looksOfASCII[text[at]]))
			default:
				all = append(all, text[at])
			}
		}
	}
	return string(all)
}

// lunate are the sigmas that look like c, which NFKC makes others of.
var lunate = strings.NewReplacer("ϲ", "c", "Ϲ", "C")

// looksOfASCII are [looks] of what most texts are made of, and of ASCII themselves: see [rank].
var looksOfASCII = func() (all [utf8.RuneSelf]rune) {
	for i := range all {
		all[i] = cmp.Or(looks[rune(i)], rune(i))
	}
	return all
}()

func look(r rune) rune {
	if r < utf8.RuneSelf {
		return looksOfASCII[r]
	}
	return cmp.Or(looks[r], r)
}

// accent tells marks that a word is also written without: accents and strokes, points of
// Hebrew, vowels of Arabic. In Kana and in the scripts of India a mark makes another letter.
func accent(r rune) bool {
	const voiced, halfVoiced = '\u3099', '\u309a'
	return unicode.Is(unicode.Mn, r) && r != voiced && r != halfVoiced &&
		unicode.In(r, unicode.Inherited, unicode.Hebrew, unicode.Arabic)
}
