package importer

import (
	"fmt"
	"math"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"communique/storage/press"
)

// declaredLanguage is the language that the page declares, with its region.
func (d *document) declaredLanguage() press.Language {
	for _, s := range []string{
		d.linked.language, d.tree.Find("html").AttrOr("lang", ""), d.tree.Find("html").AttrOr("xml:lang", ""),
		d.first("og:locale"), d.first("content-language"), d.first("dc.language", "dcterms.language", "language", "inlanguage"),
		d.tree.Find("body").AttrOr("lang", ""), d.tree.Find("article[lang], main[lang]").First().AttrOr("lang", ""),
	} {
		s, _, _ = strings.Cut(strings.ReplaceAll(strings.TrimSpace(s), "_", "-"), ",")
		if tag, err := press.ParseLanguage(s); err == nil && !strings.HasPrefix(string(tag), "und") {
			return tag
		}
	}
	return ""
}

// plainLanguage drops the region, which says where a page was made, not how it reads;
// the script stays.
func plainLanguage(tag press.Language) press.Language {
	parts := strings.Split(string(tag), "-")
	var plain strings.Builder
	plain.WriteString(parts[0])
	for _, p := range parts[1:] {
		if len(p) == 4 {
			plain.WriteString("-" + p)
		}
	}
	return press.Language(plain.String())
}

// pickLanguage weighs what the page declares, what its text looks like and what is
// configured. Templates declare wrong languages, so a text that is clearly in another
// one wins; the contradiction becomes a problem.
func (p *Page) pickLanguage(declared press.Language, text string, o Options) press.Language {
	if o.LanguageForced || text == "" {
		if o.LanguageForced || declared == "" {
			return o.Language
		}
		return plainLanguage(declared)
	}
	seen := detectLanguage(text)
	if declared == "" {
		switch {
		case seen == "" && o.Language == "":
			p.problem("the page does not say its language, and its text does not show it: say it with --language")
		case seen == "" && o.languageSaid:
		case seen == "":
			p.problem(fmt.Sprintf("the page does not say its language, and its text does not show it: it was taken for %s", o.Language))
		case o.Language == "" || !akin(o.Language, seen):
			if twins[family(seen)] {
				p.problem(fmt.Sprintf("the page does not say its language, and others are written like it: it was taken for %s", seen))
			}
			return seen
		}
		return o.Language
	}
	if seen != "" && !akin(declared, seen) {
		p.problem(fmt.Sprintf("the page says that its language is %s, but the text is %s", declared, seen))
		return seen
	}
	if o.Language != "" && base(o.Language) == base(declared) && len(plainLanguage(declared)) <= len(o.Language) {
		return o.Language // en-GB on a site that calls it en, and the reverse
	}
	return plainLanguage(declared)
}

func base(tag press.Language) string {
	b, _, _ := strings.Cut(string(tag), "-")
	return b
}

// families are languages whose texts are so much alike that what a page declares, or the
// site speaks, decides among them.
var families = map[string]string{
	"no": "nb", "sr": "hr", "bs": "hr", "me": "hr", "sh": "hr", "cnr": "hr", "ms": "id", "prs": "fa", "yue": "zh", "mo": "ro", "ast": "es", "fil": "tl", "kmr": "ku", "ti": "am",
}

// twins are the families whose languages are not told apart by a text.
var twins = map[string]bool{"hr": true, "id": true}

func family(t press.Language) string {
	if f := families[base(t)]; f != "" {
		return f
	}
	return base(t)
}

// akin reports whether two tags may describe the same text.
func akin(a, b press.Language) bool { return family(a) == family(b) }

// detectLanguage returns the language of a text if its script, or its letters and its
// commonest words, leave no doubt, else "".
func detectLanguage(text string) press.Language {
	const enough = 20_000 // bytes
	if len(text) > enough {
		text = strings.ToValidUTF8(text[:enough], "")
	}
	text = unpointed(norm.NFC.String(text))
	letters := 0
	scripts := make([]int, len(writings))
	for _, r := range text {
		if !unicode.IsLetter(r) {
			continue
		}
		letters++
		for i := range writings {
			if unicode.Is(writings[i].table, r) {
				scripts[i]++
				break
			}
		}
	}
	if letters < 20 {
		return ""
	}
	if han, kana := scripts[writtenHan], scripts[writtenKana]; (han+kana)*3 > letters {
		// Kana means Japanese: Chinese has none, except in a name or two.
		if kana*10 > han+kana {
			return "ja"
		}
		return "zh"
	}
	for i, w := range writings {
		switch {
		case scripts[i]*2 <= letters:
		case w.tongues == nil:
			return w.language
		default:
			return w.tongues().detect(text)
		}
	}
	return ""
}

// unpointed drops the vowels of Hebrew and Arabic, which most texts do without.
func unpointed(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) && unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Inherited) {
			return -1
		}
		return r
	}, text)
}

// writing is a script, and the language that uses it alone among those of press sites,
// or those that do.
type writing struct {
	table    *unicode.RangeTable
	language press.Language
	tongues  func() *lexicon // nil of a script of one language
}

const writtenHan, writtenKana = 0, 1 // among the writings

var writings = []writing{
	{unicode.Han, "zh", nil}, {&unicode.RangeTable{R16: []unicode.Range16{{Lo: 0x3040, Hi: 0x30ff, Stride: 1}}}, "ja", nil},
	{unicode.Latin, "", newLexicon(latin)}, {unicode.Cyrillic, "", newLexicon(cyrillic)}, {unicode.Arabic, "", newLexicon(arabic)},
	{unicode.Devanagari, "", newLexicon(devanagari)}, {unicode.Hebrew, "", newLexicon(hebrew)},
	{unicode.Hangul, "ko", nil}, {unicode.Greek, "el", nil}, {unicode.Thai, "th", nil}, {unicode.Bengali, "bn", nil}, {unicode.Armenian, "hy", nil},
	{unicode.Georgian, "ka", nil}, {unicode.Khmer, "km", nil}, {unicode.Lao, "lo", nil}, {unicode.Myanmar, "my", nil}, {unicode.Ethiopic, "am", nil},
	{unicode.Tamil, "ta", nil}, {unicode.Sinhala, "si", nil}, {unicode.Telugu, "te", nil}, {unicode.Kannada, "kn", nil}, {unicode.Malayalam, "ml", nil},
	{unicode.Gurmukhi, "pa", nil}, {unicode.Gujarati, "gu", nil}, {unicode.Oriya, "or", nil}, {unicode.Thaana, "dv", nil},
}

// lexicon is the words and letters of languages of one script.
type lexicon struct {
	languages []press.Language
	words     map[string][]int // the languages that a word is common in
	endings   map[string][]int // the same of how longer words end
	letters   map[rune][]bool  // whether a language writes a letter
	writers   map[rune]int     // how many do
}

// newLexicon is made when it is first asked for: most programs import nothing.
func newLexicon(tongues []tongue) func() *lexicon {
	return sync.OnceValue(func() *lexicon { return lexiconOf(tongues) })
}

func lexiconOf(tongues []tongue) *lexicon {
	l := &lexicon{words: map[string][]int{}, endings: map[string][]int{}, letters: map[rune][]bool{}, writers: map[rune]int{}}
	for i, t := range tongues {
		l.languages = append(l.languages, t.language)
		for w := range set(t.words) {
			if ending, ok := strings.CutPrefix(w, "-"); ok {
				l.endings[ending] = append(l.endings[ending], i)
				continue
			}
			l.words[w] = append(l.words[w], i)
		}
		for _, r := range t.letters {
			if l.letters[r] == nil {
				l.letters[r] = make([]bool, len(tongues))
			}
			l.letters[r][i] = true
			l.writers[r]++
		}
	}
	return l
}

// tongueEvidence of a language in a text is what its words and letters score, how many words
// show it, and how many different ones.
type tongueEvidence struct {
	score         float64
	shown, differ int
}

// detect weighs the words of a text: a common one speaks for the languages that it is
// common in, the more the fewer they are; so does a letter that few languages write, and
// one that a language does not write speaks against it.
func (l *lexicon) detect(text string) press.Language {
	found := make([]tongueEvidence, len(l.languages))
	seen := map[string]bool{}
	words := 0
	for w := range strings.FieldsFuncSeq(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.Is(unicode.M, r) && r != '·' }) {
		words++
		for i, shows := range l.weigh(w, found) {
			if !shows {
				continue
			}
			found[i].shown++
			if !seen[w] {
				found[i].differ++
			}
		}
		seen[w] = true
	}
	best, second := 0, 0.0
	for i, e := range found {
		if e.score > found[best].score {
			best = i
		}
	}
	for i, e := range found {
		if !akin(l.languages[i], l.languages[best]) {
			second = max(second, e.score)
		}
	}
	e := found[best]
	// Of a text of any length a sixth are common words, but for scripts in which they
	// are joined to others; a lead must grow with the text.
	rare := e.shown*6 < words && len(l.languages) > 2
	if words < fewestWords || e.differ < fewestShown || rare || e.score-second < 3+e.score/20 {
		return ""
	}
	return l.languages[best]
}

const (
	// fewestWords are so many that their language can be told, fewestShown of them
	// different ones that show it.
	fewestWords, fewestShown = 10, 4
	// foreign is what a letter that a language does not write counts against it: names
	// have such letters in any text.
	foreign = 1.5
	// ofEnding is what the ending of a word counts for, of what the word would: languages
	// that join their little words to others have few that are common.
	ofEnding = 0.5
	// few languages share a letter that shows more than that they are of one script.
	few = 3
)

// ending are the languages that know how a word ends, by the most of it.
func (l *lexicon) ending(word string) []int {
	const stem = 3 // letters at least
	at := 0
	for range stem {
		_, size := utf8.DecodeRuneInString(word[at:])
		at += size
	}
	for ; at < len(word); at++ {
		if in := l.endings[word[at:]]; in != nil {
			return in
		}
	}
	return nil
}

// weigh adds what a word scores for each language, and says which ones it shows.
func (l *lexicon) weigh(word string, found []tongueEvidence) []bool {
	shows := make([]bool, len(found))
	all := float64(1 + len(l.languages))
	weight := 1.0
	in := l.words[word]
	if in == nil {
		in, weight = l.ending(word), ofEnding
	}
	for _, i := range in {
		found[i].score += weight * math.Log2(all/float64(len(in)))
		shows[i] = true
	}
	for _, r := range word {
		writes := l.letters[r]
		if writes == nil {
			continue
		}
		for i := range found {
			switch {
			case !writes[i]:
				found[i].score -= foreign
			case l.writers[r] <= few:
				found[i].score += math.Log2(all/float64(l.writers[r])) / 2
				shows[i] = true
			}
		}
	}
	return shows
}
