package importer

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/text/unicode/norm"

	"communique/storage/press"
)

// said is the text that a page has become, to find pieces in.
type said struct {
	text, head string
	at         int
	lines      map[string]bool
	left       int // characters that may still be searched, for a page made to cost time
}

func newSaid(p *Page) *said {
	s := &said{lines: map[string]bool{}, left: 64 << 20}
	var head strings.Builder
	head.WriteString(p.Title + "\n" + p.Lead + "\n")
	for _, i := range p.Images {
		head.WriteString(i.Alt + "\n" + i.Credit + "\n")
	}
	text := words(p.Body)
	s.text, s.head = saidKey(text), saidKey(head.String())
	for line := range strings.SplitSeq(head.String()+text, "\n") {
		s.lines[saidKey(line)] = true
	}
	return s
}

// words are the words of a text as they are written, without what a plain text shows
// raised, struck or left out; a line for each run of them.
func words(h press.HTML) string {
	var b strings.Builder
	for z := html.NewTokenizer(strings.NewReader(string(h))); ; {
		switch z.Next() {
		case html.ErrorToken:
			return b.String()
		case html.TextToken:
			b.WriteString(z.Token().Data)
			b.WriteByte('\n')
		}
	}
}

// saidKey is a text as pieces are compared, whether its figures are raised or
// its letters struck or not.
func saidKey(s string) string {
	return key(strings.ReplaceAll(norm.NFKC.String(s), "\u0336", ""))
}

// next finds a piece behind the one before it, or else anywhere.
func (s *said) next(k string) bool {
	if i := strings.Index(s.text[s.at:min(len(s.text), s.at+20_000+len(k))], k); i >= 0 {
		s.at += i + len(k)
		return true
	}
	return s.anywhere(k)
}

func (s *said) anywhere(k string) bool {
	s.left -= len(s.head) + len(s.text)
	return s.left > 0 && (strings.Contains(s.head, k) || strings.Contains(s.text, k))
}

// again reports whether a dropped piece stands in the text elsewhere.
func (s *said) again(text string) bool {
	k := saidKey(text)
	return k == "" || s.lines[k] || utf8.RuneCountInString(k) >= 25 && s.anywhere(k)
}
