package newsroom

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"communique/cmd/internal/importer"
	"communique/storage/lazyregexp"
	"communique/storage/press"
	"communique/storage/richtext"
	"communique/storage/wording"
)

// said is what a version of an article says, wherever in it: its sentences, without
// marks and without what is struck through.
type said struct {
	language  press.Language
	sentences []sentence
	words     map[string]bool         // by key
	figures   map[string]bool         // all values that they may have
	rows      map[int]map[string]bool // terms in a row, by their number
	likes     map[string]string       // what each word is like, by key
}

// sentence is one of a field of the front matter, or of the text, which has no name.
type sentence struct {
	field   string
	written string // as it is written; empty if that is not known
	terms   []term
	spelled []spelled // numbers in words
	also    []alsoSaid
	vague   []vague
}

// term is a word or a figure.
type term struct {
	text, key string
	// values are what a figure may count, the likeliest first: in 1.000 a dot sets
	// thousands apart, or decimals. A word has none.
	values  []string
	capital bool // written as a name
	single  bool // a character of a script that does not separate words
	apart   bool // a mark such as a comma stands before it
}

func newSaid(language press.Language) said {
	return said{language: language, words: map[string]bool{}, figures: map[string]bool{}, rows: map[int]map[string]bool{}, likes: map[string]string{}}
}

// saidBy reads a version of an article.
func saidBy(language press.Language, title, lead string, tags []string, images []press.Image, body press.HTML, beside press.Particulars) said {
	s := newSaid(language)
	s.add("title", title)
	s.add("lead", lead)
	for _, tag := range tags {
		s.add("tags", tag)
	}
	for _, l := range beside.Lines() {
		s.add(l.Field, l.Text)
	}
	for _, i := range images {
		for _, text := range []string{i.Alt, i.Caption, i.Credit, i.Terms} {
			s.add("images", text)
		}
	}
	for _, b := range richtext.Blocks(body) {
		var text strings.Builder
		for _, r := range b.Runs {
			if !r.Style.Struck && !r.Style.Note {
				text.WriteString(r.Text)
			}
		}
		s.add("", text.String())
	}
	for _, mark := range tagOrText.FindAllString(string(body), -1) {
		for _, d := range describes.FindAllStringSubmatch(mark, -1) {
			if strings.HasPrefix(mark, "<") {
				s.add("", html.UnescapeString(d[1])) // readers see it, if not at once
			}
		}
	}
	return s
}

var (
	sentenceEnd = lazyregexp.New(`[.!?…؟።]["'”’»)\]]*(?:\s+|$)|[。！？।]|\n`)
	// aFigure is one with its separators; a blank sets apart groups of three alone.
	aFigure = lazyregexp.New(`[0-9]{1,3}(?:[ ][0-9]{3})+\b(?:[.,٫][0-9]+)?|[0-9]+(?:[.,٫٬'’][0-9]+)*`)
	// vulgarShare is one behind a figure.
	vulgarShare = lazyregexp.New(`[0-9][\s\p{Z}]?[½¼¾]`)
	onDigit     = lazyregexp.New(`([0-9])\p{Mn}+`) // a stroke under a figure
	// dotBeforeName is one behind the day of a month, which ends no sentence.
	dotBeforeName = lazyregexp.New(`\b([0-9]{1,2})\.([ \x{a0}]\pL{3,})`)
	setApart      = lazyregexp.New(`[,;:()\[\]،؛、，；：–—]`)
	grouped       = lazyregexp.New(`^[0-9]{1,3}(?:([.,٬'’ ])[0-9]{3})(?:([.,٬'’ ])[0-9]{3})*$`)
)

// add adds the sentences of a text.
func (s *said) add(field, source string) {
	text := source
	text = vulgarShare.ReplaceAllStringFunc(text, func(n string) string {
		whole, share := utf8.RuneCountInString(n)-1, n[len(n)-len("½"):]
		return strings.TrimRight(string([]rune(n)[:whole]), " \u00a0\u202f\u2009") + map[string]string{"½": ".5", "¼": ".25", "¾": ".75"}[share]
	})
	text = raised.ReplaceAllStringFunc(text, func(r string) string { return "^" + norm.NFKC.String(r) })
	text = strings.Map(richtext.ASCIIDigit, norm.NFKC.String(wording.Visible(text)))
	text = inFigures(onDigit.ReplaceAllString(text, "$1"))
	text = spacedOut.ReplaceAllStringFunc(text, func(n string) string { return strings.ReplaceAll(n, " ", "") })
	text = lettersTogether(dotBeforeName.ReplaceAllStringFunc(text, func(n string) string {
		part := dotBeforeName.FindStringSubmatch(n)
		if importer.Month(strings.TrimSpace(part[2]), s.language) == 0 || unmarkedDays[languageOf(s.language)] {
			return n
		}
		return part[1] + part[2]
	}))
	parts := sentenceEnd.Split(text, -1)
	written := writtenAs(source, len(parts))
	for at, part := range parts {
		terms := termsOf(part)
		if len(terms) == 0 {
			continue
		}
		for _, t := range terms {
			if t.values == nil {
				s.words[t.key] = true
			}
			for _, v := range t.values {
				s.figures[v] = true
			}
		}
		numbers := spelledIn(terms, s.language)
		for _, n := range numbers {
			if !n.initial {
				s.figures[n.value] = true
			}
		}
		also := alsoSaidIn(part, s.language)
		for _, a := range also {
			s.figures[a.value] = true
		}
		read := sentence{field: field, terms: terms, spelled: numbers, also: also, vague: vagueIn(terms, s.language)}
		if written != nil {
			read.written = strings.TrimSpace(written[at])
		}
		s.sentences = append(s.sentences, read)
	}
}

// unmarkedDays are the languages that write no dot behind the day of a month.
var unmarkedDays = map[string]bool{"en": true, "fr": true, "es": true, "it": true, "pt": true, "ru": true}

func languageOf(language press.Language) string {
	lang, _, _ := strings.Cut(string(language), "-")
	return lang
}

// lettersTogether joins letters of which each stands alone: "P e t r o v".
func lettersTogether(text string) string {
	const least = 4
	words := strings.Split(text, " ")
	var b strings.Builder
	for i := 0; i < len(words); {
		end := i
		for end < len(words) && utf8.RuneCountInString(words[end]) == 1 && isWord(words[end]) && !unspaced([]rune(words[end])[0]) {
			end++
		}
		if i > 0 {
			b.WriteByte(' ')
		}
		if end-i < least {
			end = i + 1
		}
		b.WriteString(strings.Join(words[i:end], ""))
		i = end
	}
	return b.String()
}

// termsOf are the words and figures of a sentence.
func termsOf(text string) []term {
	var all []term
	at, apart := 0, false
	for _, found := range aFigure.FindAllStringIndex(text, -1) {
		var words []term
		words, apart = wordsOf(text[at:found[0]], apart)
		figures := figuresOf(text[found[0]:found[1]])
		figures[0].apart, apart = apart, false
		all = append(append(all, words...), figures...)
		at = found[1]
	}
	words, _ := wordsOf(text[at:], apart)
	return append(all, words...)
}

// wordsOf are the words of a text, of which the first may be set apart from what is
// before, and whether what follows is.
func wordsOf(text string, apart bool) (all []term, after bool) {
	for _, w := range wording.Words(text) {
		if !isWord(w) {
			apart = apart || setApart.MatchString(w)
			continue
		}
		first, size := utf8.DecodeRuneInString(w)
		all = append(all, term{text: w, key: wording.Alike(w), capital: unicode.IsUpper(first) || unicode.IsTitle(first), single: size == len(w) && unspaced(first), apart: apart})
		apart = false
	}
	return all, apart
}

func unspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// figuresOf reads a figure with its separators, or the several of a date.
func figuresOf(text string) []term {
	parts := strings.FieldsFunc(text, func(r rune) bool { return r < '0' || r > '9' })
	whole, last := strings.Join(parts, ""), parts[len(parts)-1]
	one := func(values ...string) []term {
		return []term{{text: text, key: values[0], values: values}}
	}
	switch groups := grouped.FindStringSubmatch(text); {
	case len(parts) == 1:
		return one(plainValue(text, ""))
	case groups != nil && len(parts) == 2 && groups[1] != " ":
		return one(plainValue(whole, ""), plainValue(parts[0], last))
	case groups != nil:
		return one(plainValue(whole, ""))
	case len(parts) == 2 || grouped.MatchString(strings.TrimRight(text[:len(text)-len(last)], ".,٫٬'’ ")):
		return one(plainValue(whole[:len(whole)-len(last)], last))
	}
	var all []term // a date, a number of a document
	for _, p := range parts {
		all = append(all, term{text: p, key: plainValue(p, ""), values: []string{plainValue(p, "")}})
	}
	return all
}

// plainValue writes a figure without zeros that count nothing.
func plainValue(whole, decimals string) string {
	whole, decimals = strings.TrimLeft(whole, "0"), strings.TrimRight(decimals, "0")
	if whole == "" {
		whole = "0"
	}
	if decimals != "" {
		whole += "." + decimals
	}
	return whole
}

// has reports whether a figure, or a word, is said.
func (s said) has(t term) bool {
	if t.values != nil {
		return s.figures[t.values[0]]
	}
	return s.words[t.key]
}

// row reports whether a version has terms in a row, within a sentence.
func (s said) row(terms []term) bool {
	n := len(terms)
	if s.rows[n] == nil {
		s.rows[n] = map[string]bool{}
		for _, sentence := range s.sentences {
			for i := 0; i+n <= len(sentence.terms); i++ {
				s.rows[n][keys(sentence.terms[i:i+n])] = true
			}
		}
	}
	return s.rows[n][keys(terms)]
}

func keys(terms []term) string {
	var b strings.Builder
	for _, t := range terms {
		b.WriteString(t.key)
		b.WriteByte(' ')
	}
	return b.String()
}

// lacks are the terms that one version says and another does not, each once.
func (s said) lacks(other said, takes func(term) bool) []term {
	var all []term
	known := map[string]bool{}
	for _, sentence := range s.sentences {
		for _, t := range sentence.terms {
			if takes(t) && !known[t.key] && !other.has(t) {
				known[t.key] = true
				all = append(all, t)
			}
		}
	}
	return all
}

func (t term) figure() bool { return t.values != nil }

func (t term) word() bool { return t.values == nil }

// letters is how long a word is.
func (t term) letters() int { return utf8.RuneCountInString(t.key) }

// cased reports whether a word is of a script that writes names with capital letters.
func (t term) cased() bool {
	first, _ := utf8.DecodeRuneInString(t.text)
	return unicode.In(first, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Armenian)
}
