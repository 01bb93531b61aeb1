package newsroom

import (
	"cmp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"communique/storage/lazyregexp"
	"communique/storage/terms"
	"communique/storage/wording"
)

// lookalikes are letters that readers take for others: those of Cyrillic and Greek for
// Latin ones, and Latin ones that have no accent to be without.
var lookalikes = func() map[rune]string {
	all := map[rune]string{}
	for pair := range strings.FieldsSeq(`аa еe оo рp сc уy хx іi ѕs јj һh ԛq ԝw ԁd вb нh кk мm тt ԍg ӏl αa οo ρp τt κk εe χx βb ιi υy ıi łl øo đd ðd ßss æae œoe ɑa ɡg ᴀa ᴇe ᴏo`) {
		r := []rune(pair)
		all[r[0]] = string(r[1:])
	}
	return all
}()

// inOneScript is a text in which words that mix Latin with letters that look like it are of
// Latin ones.
func inOneScript(text string) string {
	words := wording.Words(text)
	for i, w := range words {
		latin := strings.ContainsFunc(w, func(r rune) bool { return unicode.Is(unicode.Latin, r) })
		if !latin || !strings.ContainsFunc(w, func(r rune) bool { return unicode.In(r, unicode.Greek, unicode.Cyrillic) }) {
			continue
		}
		var b strings.Builder
		for _, r := range w {
			b.WriteString(cmp.Or(lookalikes[r], string(r)))
		}
		words[i] = b.String()
	}
	return strings.Join(words, "")
}

// bareLetters is a word in small letters without accents.
func bareLetters(word string) string {
	return norm.NFC.String(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(strings.ReplaceAll(word, "ß", "ss"))))
}

// latin is how Cyrillic letters are written in Latin ones.
var latin = strings.NewReplacer("а", "a", "б", "b", "в", "v", "г", "g", "ґ", "g", "д", "d", "е", "e", "ж", "zh", "з", "z", "и", "i", "і", "i", "к", "k", "л", "l", "м", "m", "н", "n", "о", "o", "п", "p",
	"р", "r", "с", "s", "т", "t", "у", "u", "ф", "f", "х", "kh", "ц", "ts", "ч", "ch", "ш", "sh", "щ", "shch", "ъ", "", "ы", "y", "ь", "", "э", "e", "ю", "yu", "я", "ya")

var (
	// umlauts are letters that are written with an e behind them where they cannot be marked.
	umlauts = strings.NewReplacer("ae", "a", "oe", "o", "ue", "u")
	// familyNames are those of Russian with the endings of their cases.
	familyNames = lazyregexp.New(`^(.{2,}(?:ов|ев|ин|ын))(?:а|у|ым|ом|е|ои|ы|ых|ыми)$`)
)

// inLatin is the likeness of a word of Cyrillic that is written in Latin letters, and of
// a Russian name without the ending of its case; of other words it is their own.
func inLatin(key string) string {
	bare := bareLetters(key)
	for _, r := range bare {
		if !unicode.Is(unicode.Cyrillic, r) {
			return likeness(key)
		}
	}
	return likeness(latin.Replace(familyNames.ReplaceAllString(bare, "$1")))
}

// verbEndings are those of English, which the search keeps.
var verbEndings = []string{"ing", "ed"}

// likeness is what a word has in common with those that readers take for it, or for a
// form of it: no accents, endings or letters of other scripts that look like its own.
func likeness(key string) string {
	var b strings.Builder
	for _, r := range bareLetters(key) {
		if other, ok := lookalikes[r]; ok {
			b.WriteString(other)
			continue
		}
		b.WriteRune(r)
	}
	like := terms.Index(umlauts.Replace(b.String()))
	for _, ending := range verbEndings {
		if rest, ok := strings.CutSuffix(like, ending); ok && len(rest) >= longWord {
			return rest
		}
	}
	return like
}

// like is the likeness of a word, which is told once.
func (s said) like(key string) string {
	like, ok := s.likes[key]
	if !ok {
		like = likeness(key)
		s.likes[key] = like
	}
	return like
}

// asIn is what a version says in the words of an earlier one, where it has them in
// another form, or in letters that look like theirs, and the present one has neither.
func (s said) asIn(earlier, present said) said {
	there := map[string]bool{}
	for _, sentence := range present.sentences {
		for _, t := range sentence.terms {
			there[present.like(t.key)], there[inLatin(t.key)] = true, true
		}
	}
	keys := map[string]string{}
	for _, sentence := range earlier.sentences {
		for _, t := range sentence.terms {
			if like := earlier.like(t.key); t.word() && !t.single && t.letters() >= longWord && !there[like] {
				keys[like], keys[inLatin(t.key)] = t.key, t.key
			}
		}
	}
	if len(keys) == 0 {
		return s
	}
	as := said{words: map[string]bool{}, figures: s.figures, rows: map[int]map[string]bool{}, likes: s.likes}
	for _, sentence := range s.sentences {
		sentence.terms = append([]term(nil), sentence.terms...)
		for i, t := range sentence.terms {
			key, ok := keys[s.like(t.key)]
			if !ok {
				key, ok = keys[inLatin(t.key)]
			}
			if next := i + 1; !ok && next < len(sentence.terms) && t.word() && sentence.terms[next].word() && !sentence.terms[next].apart && !t.single {
				key, ok = keys[s.like(t.key+sentence.terms[next].key)] // "Pet-rov"
			}
			if ok && t.word() && !earlier.words[t.key] {
				sentence.terms[i].key = key
			}
			if t.word() {
				as.words[sentence.terms[i].key] = true
			}
		}
		as.sentences = append(as.sentences, sentence)
	}
	return as
}
