package fingerprint

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"communique/storage/press"
	"communique/storage/wording"
)

// words are the words of a text as they look: in letters of another script that look the
// same it says the same.
func words(text string) []string {
	var all []string
	for _, w := range wording.Words(wording.Skeleton(text)) {
		if r, _ := utf8.DecodeRuneInString(w); unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			all = append(all, w)
		}
	}
	return all
}

// within are the elements in which a word may begin and end.
var within = map[atom.Atom]bool{
	atom.A: true, atom.Abbr: true, atom.B: true, atom.Bdi: true, atom.Bdo: true, atom.Cite: true, atom.Code: true,
	atom.Dfn: true, atom.Em: true, atom.I: true, atom.Ins: true, atom.Kbd: true, atom.Mark: true, atom.Q: true,
	atom.Samp: true, atom.Small: true, atom.Span: true, atom.Strong: true, atom.Sub: true, atom.Sup: true,
	atom.Time: true, atom.U: true, atom.Var: true, atom.Wbr: true,
}

// bodyWords are the words of a cleaned text. What is struck through is not said.
func bodyWords(body press.HTML) []string {
	var text strings.Builder
	struck := 0
	for z := html.NewTokenizer(strings.NewReader(string(body))); ; {
		kind := z.Next()
		if kind == html.ErrorToken {
			return words(text.String())
		}
		token := z.Token()
		switch {
		case kind == html.TextToken && struck == 0:
			text.WriteString(token.Data)
		case token.DataAtom == atom.S || token.DataAtom == atom.Del || token.DataAtom == atom.Strike:
			if kind == html.StartTagToken {
				struck++
			} else {
				struck--
			}
		case kind != html.TextToken && !within[token.DataAtom]:
			text.WriteByte(' ')
		}
	}
}

// ofPictures are the words that are said of pictures.
func (w Wording) ofPictures() (all []string) {
	for z := html.NewTokenizer(strings.NewReader(string(w.Body))); ; {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		for _, a := range z.Token().Attr {
			if a.Key == "alt" || a.Key == "title" {
				all = append(all, words(a.Val)...)
			}
		}
	}
	for _, i := range w.Images {
		for _, text := range []string{i.Alt, i.Caption, i.Credit, i.Terms} {
			all = append(all, words(text)...)
		}
	}
	return all
}
