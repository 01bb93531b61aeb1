package importer

import (
	"fmt"
	"strings"
	"unicode"

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
		if seen == "" || o.Language != "" && akin(o.Language, seen) {
			return o.Language
		}
		return seen
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

// families are languages that counting words cannot tell apart for sure.
var families = map[string]string{
	"da": "nb", "no": "nb", "nn": "nb", "sr": "hr", "bs": "hr", "me": "hr", "sh": "hr", "sl": "hr", "sk": "cs", "ms": "id",
	"gl": "pt", "ca": "es", "ast": "es", "be": "ru", "mk": "bg", "prs": "fa", "ps": "fa", "ku": "fa", "yue": "zh", "af": "nl", "lb": "de", "ne": "hi", "mr": "hi",
	"oc": "fr", "mo": "ro", "fil": "tl",
}

// akin reports whether two tags may describe the same text.
func akin(a, b press.Language) bool {
	family := func(t press.Language) string {
		if f := families[base(t)]; f != "" {
			return f
		}
		return base(t)
	}
	return family(a) == family(b)
}

// commonWords are the words that a text in a language cannot do without.
var commonWords = map[press.Language]map[string]bool{
	"en": set("the of and to in that with for was is on by his has have from at as are be this which"),
	"de": set("der die und den des mit von zu ist im für auf das dem ein eine nicht sich auch werden wird bei"),
	"fr": set("le la les de des du et en à que qui dans pour une est sur au par avec aux ce il l d"),
	"es": set("el la los las de del y en que por con para una se su al es un como"),
	"pt": set("o a os as de do da dos das e em que para com uma no na ao pela pelo não é um"),
	"it": set("il la di del della dei delle e che in per con una è nel alla da gli le al un sono"),
	"nl": set("de het een van en in is op te dat voor met zijn aan die door bij niet naar"),
	"sv": set("och att i det som en på är av för med till den har de ett om"),
	"nb": set("og i det som en på er av for med til den har de et om at ikke"),
	"pl": set("w i z na do się że o oraz jest nie po przez dla od za ze są roku"),
	"cs": set("a v na se že s z o je do k pro ve by za po jsou které který roku"),
	"hr": set("i u na je se za da od su s koji će o iz koja kao"),
	"hu": set("a az és hogy is nem egy meg volt ez el már csak"),
	"ro": set("și de la în a cu care pe din pentru o un al este au prin"),
	"tr": set("ve bir bu ile için da de olarak olan çok ise tarafından daha en"),
	"fi": set("ja on ei että se oli hän mutta kun myös ovat joka sekä"),
	"et": set("ja on ei et see oli ta ka kui mis oma"),
	"lv": set("un ir ar par no kas uz ka arī gada"),
	"lt": set("ir kad su į iš tai yra jis buvo apie"),
	"sq": set("e të në dhe për me nga një që i së është"),
	"id": set("yang dan di untuk dengan dari ini dalam pada adalah akan juga oleh"),
	"vi": set("và của các có cho là được trong với một những"),
	"sw": set("ya na wa kwa ni katika za la cha kuwa"),
	"ru": set("и в на с что по не к из о для от а его как"),
	"uk": set("і в на з що до та у не про за для від як його"),
	"bg": set("и на за в от се да е с по че са не"),
	"sr": set("и у на је се за да од су са који ће"),
	"ar": set("في من على إلى أن التي عن مع هذا الذي ما هذه بين"),
	"fa": set("و در به از که این را با است برای آن"),
	"ur": set("کے کی میں اور ہے کا سے کو نے پر"),
}

// detectLanguage returns the language of a text if its script or its commonest words
// leave no doubt, else "".
func detectLanguage(text string) press.Language {
	if len(text) > 20000 {
		text = strings.ToValidUTF8(text[:20000], "")
	}
	scripts := map[press.Language]int{}
	letters := 0
	for _, r := range text {
		if !unicode.IsLetter(r) {
			continue
		}
		letters++
		for _, s := range ownScripts {
			if unicode.Is(s.table, r) {
				scripts[s.language]++
			}
		}
	}
	if letters < 20 {
		return ""
	}
	if n := scripts["zh"] + scripts["ja"]; n*3 > letters {
		// Kana means Japanese: Chinese has none, except in a name or two.
		if scripts["ja"]*10 > n {
			return "ja"
		}
		return "zh"
	}
	for _, s := range ownScripts {
		if scripts[s.language]*2 > letters {
			return s.language
		}
	}
	return detectByWords(text)
}

// ownScripts are the scripts that one language among those of press sites uses.
var ownScripts = []struct {
	language press.Language
	table    *unicode.RangeTable
}{
	{"zh", unicode.Han}, {"ja", unicode.Hiragana}, {"ja", unicode.Katakana}, {"ko", unicode.Hangul}, {"el", unicode.Greek},
	{"he", unicode.Hebrew}, {"th", unicode.Thai}, {"hi", unicode.Devanagari}, {"bn", unicode.Bengali}, {"hy", unicode.Armenian},
	{"ka", unicode.Georgian}, {"km", unicode.Khmer}, {"lo", unicode.Lao}, {"my", unicode.Myanmar}, {"am", unicode.Ethiopic},
	{"ta", unicode.Tamil}, {"si", unicode.Sinhala},
}

func detectByWords(text string) press.Language {
	counts := map[press.Language]int{}
	words := 0
	for w := range strings.FieldsFuncSeq(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.Is(unicode.M, r) }) {
		words++
		for language, common := range commonWords {
			if common[w] {
				counts[language]++
			}
		}
	}
	var best press.Language
	most, second := 0, 0
	for language, n := range counts {
		switch {
		case n > most || n == most && language < best:
			if !akin(language, best) {
				second = most
			}
			best, most = language, n
		case n > second && !akin(language, best):
			second = n
		}
	}
	// A fifth of a text are common words; a third more of them than in the next
	// language is not an accident.
	if words < 15 || most*10 < words || most*3 < second*4 {
		return detectByLetters(text)
	}
	return best
}

// ownLetters are letters that only one language among its neighbours uses; the first
// match wins.
var ownLetters = []struct {
	language press.Language
	letters  string
}{
	{"kk", "әғқңұһ"}, {"be", "ў"}, {"uk", "їєґ"}, {"sr", "ђћџљњ"}, {"mk", "ѓќѕ"}, {"ru", "ыэё"}, {"bg", "ъ"},
	{"ur", "ٹڈںے"}, {"fa", "پچگژ"}, {"ar", "ةىأإ"},
	{"az", "ə"}, {"tr", "ğış"}, {"vi", "ơưạếệ"}, {"hu", "őű"}, {"cs", "řěů"}, {"sk", "ľĺŕ"}, {"pl", "łąęż"}, {"ro", "șțăţ"}, {"is", "þð"}, {"mt", "ħġ"},
	{"lv", "ņļķģ"}, {"lt", "ėųį"}, {"et", "õ"}, {"de", "ß"}, {"es", "ñ¿"}, {"pt", "ãõ"},
}

// detectByLetters returns the language of a text too short to count its words, by at
// least three letters of its own.
func detectByLetters(text string) press.Language {
	text = strings.ToLower(text)
	for _, own := range ownLetters {
		n := 0
		for _, r := range text {
			if strings.ContainsRune(own.letters, r) {
				n++
			}
		}
		if n >= 3 {
			return own.language
		}
	}
	return ""
}
