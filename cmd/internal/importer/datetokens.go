package importer

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"communique/storage/lazyregexp"
	"communique/storage/press"
	"communique/storage/richtext"
)

// token is a number, a folded word or a single sign of a text.
type token struct {
	text       string
	n, digits  int
	start, end int
	spaced     bool // white space precedes it
}

func (t token) number() bool { return t.digits > 0 }

func (t token) separator() bool { return t.text == "." || t.text == "/" || t.text == "-" }

// tokenize splits a text whose digits are plain. Words joined to numbers are split
// off, and so are words joined to words by a capital ("PostedOctober").
func tokenize(text string) []token {
	var tokens []token
	spaced := false
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if unicode.IsSpace(r) {
			spaced = true
			i += size
			continue
		}
		t := token{start: i, spaced: spaced}
		spaced = false
		switch {
		case r >= '0' && r <= '9':
			for i < len(text) && text[i] >= '0' && text[i] <= '9' {
				i++
			}
			t.digits = i - t.start
			t.n, _ = strconv.Atoi(text[t.start:min(i, t.start+9)])
		case unicode.Is(unicode.Han, r) || unicode.Is(unicode.Hangul, r):
			i += size
		case unicode.IsLetter(r):
			i = endOfWord(text, i)
		default:
			i += size
		}
		t.end = i
		if t.digits == 0 {
			t.text = fold(text[t.start:i])
			switch t.text {
			case "–", "‐", "‑", "−":
				t.text = "-"
			case "⁄", "／":
				t.text = "/"
			}
		}
		tokens = append(tokens, t)
	}
	return tokens
}

func endOfWord(text string, i int) int {
	lower := false
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		if !unicode.IsLetter(r) && !unicode.Is(unicode.M, r) && !joins(r) || unicode.Is(unicode.Han, r) || lower && unicode.IsUpper(r) {
			break
		}
		lower = unicode.IsLower(r)
		i += size
	}
	return i
}

var (
	chineseYear = lazyregexp.New(`([〇零○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日`)
	eraYear     = lazyregexp.New(`(令和|平成|昭和|民國|民国|中華民國)\s*([0-9]{1,3}|元)\s*年`)
)

// plainDigits writes the digits of all scripts as ASCII, the numerals and eras
// of East Asia as years of the common era, and full-width signs as narrow ones.
func plainDigits(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r < 0x80:
			return r
		case r == '：':
			return ':'
		case r == '／':
			return '/'
		case r == '．':
			return '.'
		case r == '\u200e', r == '\u200f', r == '\u061c': // marks of direction between numbers
			return -1
		}
		return richtext.ASCIIDigit(r)
	}, s)
	if !strings.Contains(s, "年") {
		return s
	}
	s = chineseYear.ReplaceAllStringFunc(s, func(m string) string {
		p := chineseYear.FindStringSubmatch(m)
		var year strings.Builder
		for _, r := range p[1] {
			year.WriteString(strconv.Itoa(chineseDigit(r)))
		}
		return year.String() + "年" + strconv.Itoa(chineseNumber(p[2])) + "月" + strconv.Itoa(chineseNumber(p[3])) + "日"
	})
	return eraYear.ReplaceAllStringFunc(s, func(m string) string {
		p := eraYear.FindStringSubmatch(m)
		n, err := strconv.Atoi(p[2])
		if err != nil {
			n = 1 // 元: the first
		}
		first := map[string]int{"令和": 2018, "平成": 1988, "昭和": 1925}[p[1]]
		if first == 0 {
			first = 1911 // the Republic
		}
		return strconv.Itoa(first+n) + "年"
	})
}

func chineseDigit(r rune) int {
	if i := strings.IndexRune("一二三四五六七八九", r); i >= 0 {
		return i/3 + 1
	}
	return 0
}

func chineseNumber(s string) int {
	n := 0
	for _, r := range s {
		if r == '十' {
			n = max(n, 1) * 10
			continue
		}
		n += chineseDigit(r)
	}
	return n
}

const zonePattern = `(?:\s*\(?(Z\b|(?:UTC|GMT)(?:\s?[+-]\s?[0-9]{1,2}(?::?[0-9]{2})?)?|[+-][0-9]{2}:?[0-9]{2}\b|CEST|CET|MESZ|MEZ|BST|MSK|мск|(?-i:(?:IST|JST|KST|HKT|SGT)\b)|EST|EDT|PST|PDT)\)?)?`

var (
	// timeAfter is a time of day after a date, with a word or two between.
	timeAfter = lazyregexp.New(`(?i)^(?:T|[\s,،;|·•()\[\]/–—.-]*(?:日)?[\s,]*(?:[\p{L}]{1,12}[.:]?[\s,)]+){0,2}?(上午|下午|午前|午後|오전|오후|[AP]M)?\s*)([0-9]{1,2})\s?(?::|h|H|时|時|點|点|시|Uhr)\s?([0-9]{2})(?:\s?(?::|分|분|m)\s?([0-9]{2})(?:[.,][0-9]+)?)?[分분]?(?:\s*(am|pm|a\.\s?m\.|p\.\s?m\.|[πμ]\.\s?μ\.?|ص|م|صباحا|مساء)(?:$|[^\p{L}]))?` + zonePattern)
	// dottedTime is a time of day with a dot, recognisable only by a word beside it.
	dottedTime = lazyregexp.New(`(?i)^[\s,|–—-]*(?:(?:kl|klo|ore|alle|um|saat|godz|ob|o|เวลา)\.?\s+([0-9]{1,2})\.([0-9]{2})|([0-9]{1,2})\.([0-9]{2})\s*(?:Uhr|น\.))`)
	// timeBefore is a time of day in front of a date.
	timeBefore = lazyregexp.New(`(?i)(?:^|[^0-9:.])([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?` + zonePattern + `[\s,،|()–—-]*(?:[\p{L}]{1,12}[.,]?\s+){0,2}$`)
)

// readTime looks for a time of day beside a date.
func readTime(text string, r *reading) {
	rest := text[r.end:min(len(text), r.end+80)]
	if m := timeAfter.FindStringSubmatch(rest); m != nil {
		setTime(r, m[2], m[3], m[4])
		half(r, m[1]+m[5])
		r.offset = zoneOffset(m[6])
		r.end += len(m[0])
		return
	}
	if m := dottedTime.FindStringSubmatch(rest); m != nil {
		setTime(r, m[1]+m[3], m[2]+m[4], "")
		r.end += len(m[0])
		return
	}
	if m := timeBefore.FindStringSubmatch(text[max(0, r.start-60):r.start]); m != nil {
		setTime(r, m[1], m[2], m[3])
		r.offset = zoneOffset(m[4])
	}
}

func setTime(r *reading, hour, minute, second string) {
	r.hour, _ = strconv.Atoi(hour)
	r.minute, _ = strconv.Atoi(minute)
	r.precision = press.ToTheMinute
	if second != "" {
		r.second, _ = strconv.Atoi(second)
		r.precision = press.ToTheSecond
	}
}

// half applies a.m. or p.m.
func half(r *reading, name string) {
	name = strings.ToLower(strings.NewReplacer(".", "", " ", "").Replace(name))
	switch name {
	case "pm", "μμ", "下午", "午後", "오후", "م", "مساء":
		if r.hour < 12 {
			r.hour += 12
		}
	case "am", "πμ", "上午", "午前", "오전", "ص", "صباحا":
		if r.hour == 12 {
			r.hour = 0
		}
	}
}

// zoneNames are zones in minutes east of UTC; IST is that of India.
var zoneNames = map[string]int{
	"z": 0, "utc": 0, "gmt": 0, "bst": 60, "cet": 60, "mez": 60, "cest": 120, "mesz": 120, "msk": 180, "мск": 180,
	"est": -300, "edt": -240, "pst": -480, "pdt": -420, "ist": 330, "jst": 540, "kst": 540, "hkt": 480, "sgt": 480,
}

// zoneOffset reads what zonePattern found, in seconds east of UTC.
func zoneOffset(s string) *int {
	s = strings.ToLower(strings.ReplaceAll(s, " ", ""))
	if s == "" {
		return nil
	}
	if minutes, ok := zoneNames[s]; ok {
		seconds := minutes * 60
		return &seconds
	}
	s = strings.TrimPrefix(strings.TrimPrefix(s, "utc"), "gmt")
	sign := 1
	if s[0] == '-' {
		sign = -1
	}
	digits := strings.ReplaceAll(s[1:], ":", "")
	if len(digits) <= 2 {
		digits += "00"
	}
	n, err := strconv.Atoi(digits)
	if err != nil || n > 1400 {
		return nil
	}
	seconds := sign * (n/100*3600 + n%100*60)
	return &seconds
}
