package newsroom

import (
	"cmp"
	"math/big"
	"slices"
	"strings"
	"unicode/utf8"

	"communique/storage/lazyregexp"
	"communique/storage/press"
)

// numerals are the numbers of a language in words, and in Roman ones.
type numerals struct {
	words   map[string]*big.Rat
	scales  map[string]int64    // that multiply what stands before them
	shares  map[string]*big.Rat // of a scale: half a million, two and a half
	big     int64               // the least scale that multiplies all that stands before it
	first   map[rune]bool       // with which any of them begins
	longest int                 // in bytes
	joined  []string            // what is written together with the word behind it
}

// counted are the words for numbers by language: "word=value", those that multiply with a
// star, shares as "half/2", and what is more than one by a share as "anderthalb+3/2".
// Words are without accents.
var counted = func() map[string]numerals {
	all := map[string]numerals{}
	for language, list := range map[string]string{
		"en": `zero=0 two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 ten=10 eleven=11 twelve=12 dozen=12 thirteen=13 fourteen=14 fifteen=15 sixteen=16 seventeen=17 eighteen=18 nineteen=19
			twenty=20 thirty=30 forty=40 fifty=50 sixty=60 seventy=70 eighty=80 ninety=90 one=1 hundred*100 thousand*1000 k*1000 million*1000000 mn*1000000 billion*1000000000 bn*1000000000 half/2 quarter/4`,
		"fr": `zero=0 deux=2 trois=3 quatre=4 cinq=5 six=6 sept=7 huit=8 neuf=9 dix=10 onze=11 douze=12 douzaine=12 treize=13 quatorze=14 quinze=15 seize=16 vingt=20 vingts=20 trente=30 quarante=40 cinquante=50
			soixante=60 septante=70 huitante=80 octante=80 nonante=90 un=1 une=1 centaine=100 cent*100 cents*100 mille*1000 million*1000000 millions*1000000 milliard*1000000000 milliards*1000000000 demi/2 demie/2 quart/4`,
		"de": `null=0 zwei=2 drei=3 vier=4 funf=5 sechs=6 sieben=7 acht=8 neun=9 zehn=10 elf=11 zwolf=12 dutzend=12 dreizehn=13 vierzehn=14 funfzehn=15 sechzehn=16 siebzehn=17 achtzehn=18 neunzehn=19 zwanzig=20
			dreissig=30 vierzig=40 funfzig=50 sechzig=60 siebzig=70 achtzig=80 neunzig=90 ein=1 eine=1 hundert*100 tausend*1000 million*1000000 millionen*1000000 mio*1000000 milliarde*1000000000 milliarden*1000000000 mrd*1000000000 tsd*1000 halb/2 halbe/2 halben/2 halbes/2 einhalb/2 viertel/4 anderthalb+3/2`,
		"es": `cero=0 dos=2 tres=3 cuatro=4 cinco=5 seis=6 siete=7 ocho=8 nueve=9 diez=10 once=11 doce=12 docena=12 trece=13 catorce=14 quince=15 dieciseis=16 diecisiete=17 dieciocho=18 diecinueve=19 veinte=20 veintiun=21 veintiuno=21 veintiuna=21 veintidos=22 veintitres=23 veinticuatro=24 veinticinco=25 veintiseis=26 veintisiete=27 veintiocho=28 veintinueve=29
			treinta=30 cuarenta=40 cincuenta=50 sesenta=60 setenta=70 ochenta=80 noventa=90 un=1 una=1 uno=1 cien=100 ciento=100 centenar=100 doscientos=200 doscientas=200 trescientos=300 trescientas=300 cuatrocientos=400
			quinientos=500 seiscientos=600 setecientos=700 ochocientos=800 novecientos=900 mil*1000 millon*1000000 millones*1000000 medio/2 media/2 cuarto/4`,
		"pt": `zero=0 dois=2 duas=2 tres=3 quatro=4 cinco=5 seis=6 sete=7 oito=8 nove=9 dez=10 onze=11 doze=12 duzia=12 treze=13 catorze=14 quinze=15 dezesseis=16 dezasseis=16 dezessete=17 dezoito=18 dezenove=19 vinte=20
			trinta=30 quarenta=40 cinquenta=50 sessenta=60 setenta=70 oitenta=80 noventa=90 um=1 uma=1 cem=100 cento=100 centena=100 duzentos=200 duzentas=200 trezentos=300 quatrocentos=400 quinhentos=500
			seiscentos=600 setecentos=700 oitocentos=800 novecentos=900 mil*1000 milhao*1000000 milhoes*1000000 meio/2 meia/2 quarto/4`,
		"it": `zero=0 due=2 tre=3 quattro=4 cinque=5 sei=6 sette=7 otto=8 nove=9 dieci=10 undici=11 dodici=12 dozzina=12 tredici=13 quattordici=14 quindici=15 sedici=16 venti=20 trenta=30 quaranta=40 cinquanta=50
			sessanta=60 settanta=70 ottanta=80 novanta=90 ventuno=21 ventotto=28 trentuno=31 trentotto=38 quarantuno=41 quarantotto=48 cinquantuno=51 cinquantotto=58 sessantuno=61 sessantotto=68 settantuno=71 settantotto=78 ottantuno=81 ottantotto=88 novantuno=91 novantotto=98 un=1 uno=1 una=1 centinaio=100 cento*100 mille*1000 mila*1000 milione*1000000 milioni*1000000 mln*1000000 miliardo*1000000000 miliardi*1000000000 mld*1000000000 mezzo/2 mezza/2 quarto/4`,
		"ru": `ноль=0 два=2 две=2 двух=2 три=3 трех=3 четыре=4 четырех=4 пять=5 пяти=5 шесть=6 шести=6 семь=7 семи=7 восемь=8 восьми=8 девять=9 девяти=9 десять=10 десяти=10 одиннадцать=11 двенадцать=12 тринадцать=13 четырнадцать=14 пятнадцать=15 шестнадцать=16 семнадцать=17 восемнадцать=18 девятнадцать=19 двадцать=20 двадцати=20 тридцать=30
			тридцати=30 сорок=40 сорока=40 пятьдесят=50 шестьдесят=60 семьдесят=70 восемьдесят=80 девяносто=90 сто=100 ста=100 сотня=100 двести=200 двухсот=200 триста=300 трехсот=300 четыреста=400 пятьсот=500 пятисот=500
			шестьсот=600 семьсот=700 восемьсот=800 девятьсот=900 тысяча*1000 тысячи*1000 тысяч*1000 миллион*1000000 миллиона*1000000 миллионов*1000000 сотни=100 тыс*1000 млн*1000000 миллиард*1000000000 миллиарда*1000000000 миллиардов*1000000000 млрд*1000000000
			пол/2 половина/2 половину/2 половиной/2 четверть/4 полтора+3/2 полторы+3/2 полутора+3/2`,
		"ar": `واحد=1 احد=1 أحد=1 اثنان=2 اثنين=2 اثنا=2 اثني=2 ثلاثة=3 ثلاث=3 اربعة=4 أربعة=4 اربع=4 أربع=4 خمسة=5 خمس=5 ستة=6 ست=6 سبعة=7 سبع=7 ثمانية=8 ثماني=8 تسعة=9 تسع=9 عشرة=10 عشر=10
			مائة=100 مئة=100 مائتان=200 مائتين=200 مئتان=200 مئتين=200 ثلاثمائة=300 ثلاثمئة=300 اربعمائة=400 أربعمائة=400 خمسمائة=500 خمسمئة=500 ستمائة=600 سبعمائة=700 ثمانمائة=800 تسعمائة=900 عشرون=20 عشرين=20 ثلاثون=30
			ثلاثين=30 اربعون=40 أربعون=40 أربعين=40 خمسون=50 خمسين=50 ستون=60 ستين=60 سبعون=70 سبعين=70 ثمانون=80 ثمانين=80 تسعون=90 تسعين=90 الف*1000 ألف*1000 الاف*1000 آلاف*1000 مليون*1000000 ملايين*1000000 مليار*1000000000 مليارات*1000000000 الفان=2000 ألفان=2000 الفين=2000 ألفين=2000 مليونان=2000000 مليونين=2000000 ملياران=2000000000 مليارين=2000000000 نصف/2 ربع/4`,
		"zh": `〇=0 零=0 一=1 二=2 两=2 兩=2 三=3 四=4 五=5 六=6 七=7 八=8 九=9 壹=1 贰=2 貳=2 叁=3 參=3 肆=4 伍=5 陆=6 陸=6 柒=7 捌=8 玖=9 拾*10 佰*100 仟*1000 十*10 百*100 千*1000 万*10000 萬*10000 亿*100000000 億*100000000 半/2`,
	} {
		n := numerals{words: map[string]*big.Rat{}, scales: map[string]int64{}, shares: map[string]*big.Rat{}, first: map[rune]bool{}, big: 1000}
		switch language {
		case "zh":
			n.big = 10_000
		case "ar":
			n.joined = []string{"و", "ال", "ب", "ل"} // and, the, by, for
		}
		for each := range strings.FieldsSeq(list) {
			n.read(each)
		}
		for _, joined := range n.joined {
			first, _ := utf8.DecodeRuneInString(joined)
			n.first[first] = true
		}
		all[language] = n
	}
	all["ja"] = all["zh"]
	return all
}()

// read reads an item of a list of [counted].
func (n *numerals) read(each string) {
	at := strings.IndexAny(each, "=*/+")
	word := bareLetters(each[:at])
	value, _ := new(big.Rat).SetString(each[at+1:])
	switch each[at] {
	case '*':
		n.scales[word] = value.Num().Int64()
	case '/':
		n.shares[word] = value.Inv(value)
	default:
		n.words[word] = value
	}
	first, _ := utf8.DecodeRuneInString(each)
	bare, _ := utf8.DecodeRuneInString(word)
	n.first[first], n.first[bare] = true, true
	n.longest = max(n.longest, len(word))
}

// numeralsOf are none if those of a language are not known.
func numeralsOf(language press.Language) numerals {
	lang, _, _ := strings.Cut(string(language), "-")
	return counted[lang]
}

// numberFillers may stand between the words of a number, and within them in German.
var numberFillers = map[string]bool{"and": true, "et": true, "und": true, "y": true, "e": true, "a": true, "و": true, "с": true}

// shareFillers may stand between a share and what it is a share of.
var shareFillers = map[string]bool{"a": true, "an": true, "of": true, "one": true, "de": true, "d": true, "un": true, "une": true, "einer": true, "di": true}

// split cuts a word into those of numbers, as of "zweihundertfünfzig"; nil if there is
// anything else in it.
func (n numerals) split(word string) []string {
	if first, _ := utf8.DecodeRuneInString(word); !n.first[first] {
		return nil // as most
	}
	var parts []string
	word = bareLetters(word)
	for _, joined := range n.joined {
		if rest, ok := strings.CutPrefix(word, joined); ok && !n.has(word) {
			word = rest
		}
	}
	for word != "" {
		length := min(n.longest, len(word))
		for ; length > 0; length-- {
			if part := word[:length]; n.has(part) || len(parts) > 0 && part == "und" {
				break
			}
		}
		if length == 0 {
			return nil
		}
		parts, word = append(parts, word[:length]), word[length:]
	}
	return parts
}

func (n numerals) has(word string) bool {
	_, plain := n.words[word]
	_, scale := n.scales[word]
	_, share := n.shares[word]
	return plain || scale || share
}

// tally is a number in words that is read from left to right: what is counted in thousands
// and more, in hundreds, and what nothing has multiplied yet.
type tally struct {
	whole, group, units *big.Rat
	scale               int64 // the last one
}

func newTally() tally { return tally{whole: new(big.Rat), group: new(big.Rat), units: new(big.Rat)} }

// add reads one more word.
func (s *tally) add(n numerals, part string) {
	if !n.has(part) { // "und" within a word
		return
	}
	if v, ok := n.words[part]; ok {
		if v.Cmp(big.NewRat(20, 1)) == 0 && s.units.Cmp(big.NewRat(4, 1)) == 0 { // quatre-vingts
			v = big.NewRat(80-4, 1)
		}
		s.units.Add(s.units, v)
		return
	}
	if share, ok := n.shares[part]; ok {
		s.addShare(share)
		return
	}
	scale := n.scales[part]
	s.scale = scale
	if scale >= n.big {
		s.units.Add(s.units, s.group)
		s.group.SetInt64(0)
	}
	if s.units.Sign() == 0 {
		s.units.SetInt64(1)
	}
	s.units.Mul(s.units, big.NewRat(scale, 1))
	if scale >= n.big {
		s.whole.Add(s.whole, s.units)
	} else {
		s.group.Add(s.group, s.units)
	}
	s.units.SetInt64(0)
}

// addShare adds a share of one, or of the last scale: two and a half million, two million
// and a half.
func (s *tally) addShare(share *big.Rat) {
	if s.units.Sign() == 0 && s.scale > 0 {
		share = new(big.Rat).Mul(share, big.NewRat(s.scale, 1))
	}
	s.units.Add(s.units, share)
}

func (s *tally) value() string {
	return plainRat(new(big.Rat).Add(new(big.Rat).Add(s.whole, s.group), s.units))
}

func plainRat(total *big.Rat) string {
	whole, decimals, _ := strings.Cut(total.FloatString(6), ".")
	return plainValue(whole, decimals)
}

// spelled is a number in words, or in Roman numerals, among the terms of a sentence.
type spelled struct {
	from, to int
	value    string
	initial  bool // one Roman letter, which may be that of a name
}

// spelledIn finds the numbers in words of a sentence.
func spelledIn(terms []term, language press.Language) []spelled {
	n := numeralsOf(language)
	var all []spelled
	for i := 0; i < len(terms); {
		if s, ok := n.at(terms, i); ok {
			all = append(all, s)
			i = s.to
			continue
		}
		if value, ok := roman(terms[i].text); ok {
			all = append(all, spelled{i, i + 1, value, len(terms[i].text) == 1})
		}
		i++
	}
	return all
}

// at reads a number that begins with a term: words of numbers, or a figure that some of
// them multiply.
func (n numerals) at(terms []term, from int) (spelled, bool) {
	s, end, words, start := newTally(), from, 0, from
	if of, ok := n.shareOf(terms, from); ok {
		s.addShare(n.shares[bareLetters(terms[from].key)])
		start = of
		if v := n.words[bareLetters(terms[of].key)]; v != nil { // half a dozen
			return spelled{from: from, to: of + 1, value: plainRat(new(big.Rat).Mul(s.units, v))}, true
		}
	}
	filled := false
	for i := start; i < len(terms); i++ {
		t := terms[i]
		switch {
		case t.figure() && i == from:
			if _, ok := s.units.SetString(t.values[0]); !ok {
				return spelled{}, false
			}
			end = i + 1
			continue
		case i > from && !t.apart && numberFillers[t.key]:
			filled = true
			continue
		}
		parts := n.split(t.key)
		if t.figure() || parts == nil || i > from && t.apart || terms[from].figure() && n.scales[parts[0]] == 0 {
			break
		}
		if n.shares[parts[0]] != nil && !filled && (i > from || len(parts) == 1) && !n.joins(t.key) {
			break // a share of something else
		}
		filled = false
		for _, part := range parts {
			s.add(n, part)
		}
		words += len(parts)
		end = i + 1
	}
	value := s.value()
	return spelled{from: from, to: end, value: value}, words > 0 && value != "1" // which is an article as well
}

// joins reports whether a word has what stands before numbers written together with it.
func (n numerals) joins(word string) bool {
	return slices.ContainsFunc(n.joined, func(j string) bool { return strings.HasPrefix(word, j) && !n.has(bareLetters(word)) })
}

// shareOf is where the number stands of which a term says a share, as in half a million.
func (n numerals) shareOf(terms []term, from int) (of int, ok bool) {
	if n.shares[bareLetters(terms[from].key)] == nil {
		return 0, false
	}
	of = from + 1
	for of < len(terms) && shareFillers[terms[of].key] && !terms[of].apart {
		of++
	}
	if of == len(terms) || terms[of].apart {
		return 0, false
	}
	key := bareLetters(terms[of].key)
	v := n.words[key]
	return of, n.scales[key] > 0 || v != nil && v.IsInt() && (v.Num().Int64() == 12 || v.Num().Int64() == 100)
}

var romanNumeral = lazyregexp.New(`^M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})$`)

// roman reads a Roman numeral in capital letters, but not I, which is a word.
func roman(text string) (string, bool) {
	if text == "" || text == "I" || !romanNumeral.MatchString(text) {
		return "", false
	}
	values := map[rune]int64{'I': 1, 'V': 5, 'X': 10, 'L': 50, 'C': 100, 'D': 500, 'M': 1000}
	var total int64
	for i, r := range text {
		next, _ := utf8.DecodeRuneInString(text[i+1:])
		if values[next] > values[r] {
			total -= values[r]
			continue
		}
		total += values[r]
	}
	return big.NewInt(total).String(), true
}

var (
	raised     = lazyregexp.New(`[⁰¹²³⁴-⁹]+`)
	powerOfTen = lazyregexp.New(`\b(?:([0-9]+(?:\.[0-9]+)?)(?:[eE]\+?|\s?[×x·*]\s?10\^)|10\^)([0-9]{1,2})\b`)
	almostOnes = lazyregexp.New(`\b[0-9OoIl]*[0-9][0-9OoIl]*\b|\b[0-9Оо]*[0-9][Оо]+[0-9Оо]*`)
)

// inFigures writes numbers in figures that look like it: powers of ten, and letters that
// look like digits.
func inFigures(text string) string {
	text = almostOnes.ReplaceAllStringFunc(text, func(n string) string {
		return strings.NewReplacer("O", "0", "o", "0", "О", "0", "о", "0", "I", "1", "l", "1").Replace(n)
	})
	return powerOfTen.ReplaceAllStringFunc(text, func(n string) string {
		part := powerOfTen.FindStringSubmatch(n)
		value, ok := new(big.Rat).SetString(cmp.Or(part[1], "1") + "e" + part[2])
		if !ok {
			return n
		}
		return strings.TrimRight(strings.TrimRight(value.FloatString(6), "0"), ".")
	})
}
