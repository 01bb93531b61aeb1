package richtext

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/text/unicode/norm"
)

// raisedForms and loweredForms are the characters of Unicode that say by
// themselves where they stand.
var (
	raisedForms  = forms("0⁰1¹2²3³4⁴5⁵6⁶7⁷8⁸9⁹+⁺-⁻−⁻=⁼(⁽)⁾aᵃbᵇcᶜdᵈeᵉfᶠgᵍhʰiⁱjʲkᵏlˡmᵐnⁿoᵒpᵖrʳsˢtᵗuᵘvᵛwʷxˣyʸzᶻAᴬBᴮDᴰEᴱGᴳHᴴIᴵJᴶKᴷLᴸMᴹNᴺOᴼPᴾRᴿTᵀUᵁVⱽWᵂβᵝγᵞδᵟθᶿφᵠχᵡ")
	loweredForms = forms("0₀1₁2₂3₃4₄5₅6₆7₇8₈9₉+₊-₋−₋=₌(₍)₎aₐeₑhₕiᵢjⱼkₖlₗmₘnₙoₒpₚrᵣsₛtₜuᵤvᵥxₓβᵦγᵧρᵨφᵩχᵪ")
)

func forms(pairs string) map[rune]rune {
	all := map[rune]rune{}
	runes := []rune(pairs)
	for i := 0; i < len(runes); i += 2 {
		all[runes[i]] = runes[i+1]
	}
	return all
}

// placed is a text in sup or sub that has no characters of its own: signs say
// where it stands.
type placed struct {
	texts  []*html.Node
	sign   string
	signed bool
}

// script says in characters what sup or sub says by its place, so that ten to
// the sixth is not a hundred and six: in Unicode's raised and lowered forms, or
// after "^" or "_" if one of its characters has none. before is what the text
// in front of it ends in. What is returned ends where a word could go on.
func script(n *html.Node, before rune) *placed {
	table, sign := raisedForms, "^"
	if n.Data == "sub" {
		table, sign = loweredForms, "_"
	}
	apart := bracketLinks(n)
	texts := slices.DeleteFunc(textsIn(n), func(t *html.Node) bool { return slices.Contains(apart, t) })
	if len(texts) == 0 {
		return nil
	}
	var whole strings.Builder
	for _, t := range texts {
		whole.WriteString(t.Data)
	}
	if n.Data == "sup" && whole.String() == "o" && followed(n, "CF") && (unicode.IsDigit(before) || unicode.IsSpace(before)) {
		texts[0].Data = "°"
		return nil
	}
	if n.Data == "sup" && shortened(before, whole.String()) {
		return nil
	}
	for _, r := range norm.NFD.String(whole.String()) {
		if _, ok := table[r]; ok || unicode.IsSpace(r) || unicode.Is(unicode.Mn, r) {
			continue
		}
		p := &placed{texts: texts, sign: sign}
		if goesOn(before, whole.String()) {
			p.texts[0].Data = sign + p.texts[0].Data
			p.signed = true
		}
		return p
	}
	for _, t := range texts {
		t.Data = strings.Map(func(r rune) rune {
			if to, ok := table[r]; ok {
				return to
			}
			return r
		}, norm.NFD.String(t.Data))
		t.Data = norm.NFC.String(t.Data)
	}
	return nil
}

// goesOn tells whether a text would be read on in what is raised or lowered behind it: a
// word in a letter, a number in a sign that may stand in numbers, as in 10 to the power
// of –6 or of .5.
func goesOn(before rune, text string) bool {
	first, size := utf8.DecodeRuneInString(text)
	if second, _ := utf8.DecodeRuneInString(text[size:]); unicode.IsNumber(before) && unicode.IsNumber(second) {
		return wordy(first) || strings.ContainsRune(".,·:/'’±~_‐‑‒–—…", first)
	}
	return wordy(before) && wordy(first)
}

// followed tells whether an element stands before a letter that is one of those given, and
// no word.
func followed(n *html.Node, letters string) bool {
	if n.NextSibling == nil || n.NextSibling.Type != html.TextNode {
		return false
	}
	first, size := utf8.DecodeRuneInString(n.NextSibling.Data)
	next, _ := utf8.DecodeRuneInString(n.NextSibling.Data[size:])
	return size > 0 && strings.ContainsRune(letters, first) && !unicode.IsLetter(next)
}

// endings are those of words and ordinal numbers that are raised by custom and read the
// same without, as in 1er, 5ème, no, Mme and 21st. A power may be called like another letter.
var endings = strings.Fields(`e er re ère ème eme ième ers res ères es èmes emes nd nde nds ndes de me mes lle lles gr te
	o os st rd th ro ra`)

// shortened tells whether raised text is the end of the word, or of the number, before it.
func shortened(before rune, text string) bool {
	text = strings.ToLower(norm.NFC.String(text))
	switch {
	case !slices.Contains(endings, text):
		return false
	case unicode.IsLetter(before):
		return text != "e" && text != "th" || unicode.IsUpper(before) // x to the e-th
	}
	return unicode.IsDigit(before) || before == '.'
}

// close sets it apart from what goes on without a blank, as in 10^(6.5)x.
func (p *placed) close() {
	first, last := p.texts[0], p.texts[len(p.texts)-1]
	if p.signed {
		first.Data = strings.TrimPrefix(first.Data, p.sign)
	}
	first.Data = p.sign + "(" + first.Data
	last.Data += ")"
}

// wordy characters stand for words and numbers, or end a formula.
func wordy(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.M, r) || r == ')' || r == ']'
}

func textsIn(n *html.Node) []*html.Node {
	if n.Type == html.TextNode {
		return []*html.Node{n}
	}
	var all []*html.Node
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		all = append(all, textsIn(c)...)
	}
	return all
}
