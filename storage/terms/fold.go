package terms

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fold returns a character as it is compared: without case, width, and marks that
// people omit. The result may have several characters or none.
func fold(r rune) string {
	if r < unicode.MaxASCII || r >= 0x4e00 && r <= 0x9fff {
		return string(unicode.ToLower(r))
	}
	if s, ok := spellings[r]; ok {
		return s
	}
	if silent(r) {
		return ""
	}
	s := strings.ToLower(norm.NFKC.String(string(r)))
	if strings.ContainsFunc(s, marked) {
		s = strings.Map(plain, norm.NFD.String(s))
	}
	if s == string(r) {
		return s
	}
	// Compatibility forms (Arabic presentation forms, circled letters) become
	// characters that must be folded, too.
	var b strings.Builder
	for _, c := range s {
		if spelt, ok := spellings[c]; ok {
			b.WriteString(spelt)
		} else if letter(c) && !silent(c) { // some forms contain spaces and brackets
			b.WriteRune(c)
		}
	}
	return b.String()
}

// marked letters have marks that people omit when typing. In other scripts, such as
// those of India, marks are vowels.
func marked(r rune) bool { return unicode.In(r, unicode.Latin, unicode.Greek) }

func plain(r rune) rune {
	if unicode.Is(unicode.Mn, r) {
		return -1
	}
	return r
}

// silent characters are part of a word but not compared: combining accents, the vowel
// marks of Arabic and Hebrew, tatweel, joiners, zero-width spaces, which are common in
// Khmer and Thai, and direction marks.
func silent(r rune) bool {
	switch {
	case r >= 0x0300 && r <= 0x036f, // accents
		r >= 0x0591 && r <= 0x05bd || r == 0x05bf || r == 0x05c1 || r == 0x05c2 || r == 0x05c4 || r == 0x05c5 || r == 0x05c7,
		r >= 0x0610 && r <= 0x061a, r >= 0x064b && r <= 0x065f, r == 0x0670, r >= 0x06d6 && r <= 0x06ed && unicode.Is(unicode.Mn, r),
		r == 0x0640,                // tatweel
		r == 0x00ad,                // soft hyphen
		r >= 0x200b && r <= 0x200f, // zero-width space, joiners and marks
		r == 0x061c, r == 0x2060, r >= 0x2066 && r <= 0x2069, r == 0xfeff,
		r >= 0xfe00 && r <= 0xfe0f, r >= 0xe0100 && r <= 0xe01ef: // variation selectors
		return true
	}
	return false
}

// spellings maps letters that are used interchangeably, or that have no Unicode
// decomposition.
var spellings = map[rune]string{
	'ß': "ss", 'ẞ': "ss", 'æ': "ae", 'Æ': "ae", 'œ': "oe", 'Œ': "oe", 'ø': "o", 'Ø': "o",
	'đ': "d", 'Đ': "d", 'ð': "d", 'Ð': "d", 'þ': "th", 'Þ': "th", 'ł': "l", 'Ł': "l", 'ħ': "h", 'Ħ': "h", 'ı': "i", 'ŧ': "t", 'Ŧ': "t",
	'ς': "σ", 'ё': "е", 'Ё': "е",
	'أ': "ا", 'إ': "ا", 'آ': "ا", 'ٱ': "ا", 'ة': "ه", 'ى': "ي", 'ی': "ي", 'ک': "ك", 'ؤ': "و", 'ئ': "ي",
	'٠': "0", '١': "1", '٢': "2", '٣': "3", '٤': "4", '٥': "5", '٦': "6", '٧': "7", '٨': "8", '٩': "9",
	'۰': "0", '۱': "1", '۲': "2", '۳': "3", '۴': "4", '۵': "5", '۶': "6", '۷': "7", '۸': "8", '۹': "9",
}

// letter reports whether a character belongs to a word.
func letter(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r) || silent(r) || numeral(r)
}

// numeral reports whether a character stands for figures: raised, lowered, in a circle,
// a fraction.
func numeral(r rune) bool {
	return r > unicode.MaxASCII && unicode.Is(unicode.No, r) &&
		strings.Trim(norm.NFKC.String(string(r)), "0123456789⁄") == ""
}

// unspaced scripts don't separate words or, like Korean, attach particles to them.
func unspaced(r rune) bool {
	return r >= 0x0e00 && (r == 'ー' || unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana,
		unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar))
}
