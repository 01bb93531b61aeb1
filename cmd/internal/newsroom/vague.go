package newsroom

import (
	"strconv"
	"strings"

	"communique/storage/press"
)

// vague is a number in words that says no more than how many digits it has: hundreds,
// tens of thousands.
type vague struct {
	text        string
	least, most float64
}

// about are the words for vague numbers by language, with the least and the most of what
// they may be. Words are without accents.
var about = func() map[string]map[string][2]float64 {
	all := map[string]map[string][2]float64{}
	for language, words := range map[string][7]string{ // by aboutRanges
		"en": {"tens", "dozens", "hundreds", "thousands", "", "", "millions"},
		"fr": {"dizaines", "douzaines", "centaines", "milliers", "", "", ""},
		"de": {"", "dutzende", "hunderte", "tausende", "zehntausende", "hunderttausende", ""},
		"es": {"decenas", "docenas", "cientos centenares", "miles millares", "", "", ""},
		"pt": {"dezenas", "duzias", "centenas", "milhares", "", "", ""},
		"it": {"decine", "dozzine", "centinaia", "migliaia", "", "", ""},
		"ru": {"десятки десятков", "дюжины", "сотни сотен", "тысячи", "", "", "миллионы"},
		"ar": {"عشرات", "", "مئات", "الاف آلاف", "", "", "ملايين"},
	} {
		all[language] = map[string][2]float64{}
		for at, list := range words {
			for word := range strings.FieldsSeq(list) {
				all[language][bareLetters(word)] = aboutRanges[at]
			}
		}
	}
	return all
}()

// several are the words before a scale, by language, that say no more than that it is more
// than one of them: several hundred, a few thousand. Words are without accents.
var several = func() map[string]map[string]bool {
	all := map[string]map[string]bool{}
	for language, words := range map[string]string{
		"en": "several few many some couple", "fr": "plusieurs quelques", "de": "mehrere einige wenige viele", "es": "varios varias algunos algunas unos unas", "pt": "varios varias alguns algumas",
		"it": "alcuni alcune diversi diverse qualche", "ru": "несколько нескольких пару", "ar": "بضع بضعة عدة",
	} {
		all[language] = map[string]bool{}
		for word := range strings.FieldsSeq(words) {
			all[language][bareLetters(word)] = true
		}
	}
	return all
}()

// severalOf is how many of a scale several of it are, from a term on, and where that ends.
func (n numerals) severalOf(terms []term, from int) (v vague, end int) {
	end = from + 1
	for end < len(terms) && !terms[end].apart && vagueFillers[terms[end].key] {
		end++
	}
	scale := 1.0
	for ; end < len(terms) && !terms[end].apart && n.scales[n.bare(terms[end].key)] > 0; end++ {
		scale *= float64(n.scales[n.bare(terms[end].key)])
	}
	if scale == 1 {
		return vague{}, from
	}
	return vague{shownTerms(terms[from:end]), scale, 10*scale - 1}, end
}

// aboutRanges are those of tens, dozens, hundreds and so on.
var aboutRanges = [7][2]float64{{10, 99}, {24, 99}, {100, 999}, {1000, 99_999}, {10_000, 99_999}, {100_000, 999_999}, {1_000_000, 999_999_999}}

// vagueIn finds the vague numbers of a sentence.
func vagueIn(terms []term, language press.Language) (all []vague) {
	lang, _, _ := strings.Cut(string(language), "-")
	n, words := numeralsOf(language), about[lang]
	if lang == "zh" || lang == "ja" {
		return vagueHan(terms, n)
	}
	for i := 0; i < len(terms); i++ {
		key := n.bare(terms[i].key)
		if several[lang][key] {
			if v, end := n.severalOf(terms, i); end > i {
				all = append(all, v)
				i = end - 1
				continue
			}
		}
		bounds, ok := words[key]
		if !ok || i > 0 && !terms[i].apart && (terms[i-1].figure() || n.split(terms[i-1].key) != nil) {
			continue // it is how many of them
		}
		v := vague{terms[i].text, bounds[0], bounds[1]}
		next := i + 1
		for next < len(terms) && vagueFillers[terms[next].key] {
			next++
		}
		if next < len(terms) && !terms[next].apart {
			then := n.bare(terms[next].key)
			scale := float64(n.scales[then])
			if more, ok := words[then]; ok && scale == 0 {
				scale = more[0]
			}
			if scale >= 1000 { // hundreds of thousands
				v = vague{shownTerms(terms[i : next+1]), bounds[0] * scale, (bounds[1]+1)*scale - 1}
				i = next
			}
		}
		all = append(all, v)
	}
	return all
}

// vagueFillers stand between tens and thousands.
var vagueFillers = map[string]bool{"of": true, "de": true, "d": true, "von": true, "di": true}

// bare is a word without accents and without what is written together with it.
func (n numerals) bare(word string) string {
	word = bareLetters(word)
	for _, joined := range n.joined {
		if rest, ok := strings.CutPrefix(word, joined); ok && len([]rune(rest)) > 2 && !n.has(word) {
			word = rest
		}
	}
	return word
}

// vagueHan finds "some hundreds" in scripts of single characters.
func vagueHan(terms []term, n numerals) (all []vague) {
	for i := 0; i+1 < len(terms); i++ {
		if !strings.Contains("数數几幾上", terms[i].key) || terms[i].key == "" || terms[i+1].apart {
			continue
		}
		scale, end := 1.0, i+1
		for end < len(terms) && !terms[end].apart && n.scales[terms[end].key] > 0 {
			scale *= float64(n.scales[terms[end].key])
			end++
		}
		if end > i+1 {
			all = append(all, vague{shownTerms(terms[i:end]), scale, 10*scale - 1})
			i = end - 1
		}
	}
	return all
}

// covers reports whether a version has a figure that a vague number may stand for.
func (s said) covers(v vague) bool {
	for value := range s.figures {
		if f, err := strconv.ParseFloat(value, 64); err == nil && f >= v.least && f <= v.most {
			return true
		}
	}
	return false
}

// vagueReturns reports whether a figure that was taken out comes back as a vague number:
// nothing of what stands now is of that order.
func (r returned) vagueReturns(v vague) bool {
	return r.before.covers(v) && !r.now.covers(v) && !r.now.says(v)
}

func (s said) says(v vague) bool {
	for _, sentence := range s.sentences {
		for _, o := range sentence.vague {
			if o.least == v.least && o.most == v.most {
				return true
			}
		}
	}
	return false
}
