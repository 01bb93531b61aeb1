package press

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const maxSlug = 64

// Slug returns the readable part of a URL for a title or a name: lower-case ASCII
// letters and digits joined by single hyphens, at most 64 characters, cut between
// words. Latin letters lose their diacritics; the slug of a text without Latin
// letters or digits is empty.
func Slug(s string) string {
	var b strings.Builder
	gap := false
	before := onLine
	for _, r := range s {
		t := fold(r)
		place, figure := placed(r)
		if figure != "" {
			t = figure
		}
		// 10⁶ must not become 106, nor quotas² quotas2; H₂O is h2o.
		if place != before && (place == raised || before == raised || b.Len() > 0 && b.String()[b.Len()-1] <= '9' && t != "" && t[0] <= '9') {
			gap = true
		}
		before = place
		if t == "" {
			gap = r != '\'' && r != '’' && !unicode.Is(unicode.Mn, r) || gap
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte('-')
		}
		gap = false
		b.WriteString(t)
	}
	return cut(b.String())
}

const (
	onLine = iota
	raised
	lowered
)

// placed is whether a character is a raised or a lowered figure, and which.
func placed(r rune) (place int, figure string) {
	switch i := strings.IndexRune("⁰¹²³⁴⁵⁶⁷⁸⁹", r); {
	case i >= 0:
		return raised, string(rune('0' + utf8.RuneCountInString("⁰¹²³⁴⁵⁶⁷⁸⁹"[:i])))
	case r >= '₀' && r <= '₉':
		return lowered, string('0' + r - '₀')
	}
	return onLine, ""
}

func cut(s string) string {
	if len(s) <= maxSlug {
		return s
	}
	s = s[:maxSlug+1]
	if i := strings.LastIndexByte(s, '-'); i > maxSlug/2 {
		return s[:i]
	}
	return strings.TrimSuffix(s[:maxSlug], "-")
}

// fold maps a rune to plain ASCII letters or digits, or to nothing.
func fold(r rune) string {
	r = unicode.ToLower(r)
	if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
		return string(r)
	}
	return latin[r]
}

// latin maps letters with diacritics to plain ones, for all languages in Latin
// script, including Vietnamese and transliterations.
var latin = func() map[rune]string {
	m := map[rune]string{'ß': "ss", 'æ': "ae", 'œ': "oe", 'þ': "th"}
	for plain, marked := range map[string]string{
		"a": "àáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặ",
		"b": "ḃḅḇɓƀ",
		"c": "çćĉċčḉ",
		"d": "ďđðḋḍḏḑḓɗ",
		"e": "èéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệə",
		"f": "ḟ",
		"g": "ĝğġģǧǵḡǥ",
		"h": "ĥħȟḣḥḧḩḫẖ",
		"i": "ìíîïĩīĭįıǐȉȋḭḯỉị",
		"j": "ĵǰ",
		"k": "ķǩḱḳḵƙ",
		"l": "ĺļľŀłḷḹḻḽ",
		"m": "ḿṁṃ",
		"n": "ñńņňŋǹṅṇṉṋɲ",
		"o": "òóôõöøōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ",
		"p": "ṕṗ",
		"r": "ŕŗřȑȓṙṛṝṟ",
		"s": "śŝşšșṡṣṥṧṩ",
		"t": "ţťŧțṫṭṯṱẗ",
		"u": "ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự",
		"v": "ṽṿ",
		"w": "ŵẁẃẅẇẉẘ",
		"x": "ẋẍ",
		"y": "ýÿŷȳẏẙỳỵỷỹƴ",
		"z": "źżžẑẓẕ",
	} {
		for _, r := range marked {
			m[r] = plain
		}
	}
	return m
}()
