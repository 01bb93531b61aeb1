package importer

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/text/unicode/norm"

	"communique/storage/press"
)

// Generation counts the ways in which pages were read: it grows whenever the same page
// would become another article. What a former generation has read is known by [Page.Says].
const Generation = 10

// Tells reports whether an article was made of this page, or of what it was: title and date
// are the same, and every line of the article stands in the page.
func (p Page) Tells(a press.Article) bool {
	if len(p.Account) == 0 || !p.dates(a) || saidKey(a.Title) != saidKey(p.Title) {
		return false
	}
	var all strings.Builder
	for _, s := range p.Account {
		if !s.Link {
			all.WriteString(saidKey(s.Text))
		}
	}
	text := all.String()
	for line := range strings.SplitSeq(words(a.Body), "\n") {
		if !strings.Contains(text, saidKey(line)) {
			return false
		}
	}
	return true
}

// Says reports whether an article says what this page says, whichever words of controls,
// of labels and of what is hidden an earlier version of the program took for its text, and
// whatever language it guessed: title and date are the same, and the words of the article
// are those of the text, in their order, but for lines that it has not read.
func (p Page) Says(a press.Article) bool {
	if !p.dates(a) || !p.titles(folded(a.Title)) {
		return false
	}
	text := "\n" + a.Lead + "\n"
	led := folded(a.Lead) == folded(p.Lead) || folded(a.Lead) == folded(p.former.lead)
	if led {
		text = ""
	}
	if led && foldedBody(a.Body, true) == foldedBody(p.former.body, true) {
		return true // of some texts there is no account: those in the data of a page
	}
	for _, bare := range []bool{true, false} {
		said := folded(text) + foldedBody(a.Body, bare)
		if retells(p.Account, said, led) || len(p.written) > 0 && retells(p.written, said, led) {
			return true
		}
	}
	return false
}

// dates reports whether an article has the date of this page, of which an earlier version of
// the program may have read no hour.
func (p Page) dates(a press.Article) bool {
	day := len(a.Local) == len(time.DateOnly) && strings.HasPrefix(string(p.Local), string(a.Local))
	return day || a.Local != "" && a.Local == p.Local || a.Published.Equal(p.Published)
}

// titles reports whether a title, folded, is that of this page, whichever words of the
// line of it an earlier version of the program took for its title.
func (p Page) titles(title string) bool {
	if title == folded(p.Title) || title == folded(p.formerTitle()) {
		return true
	}
	for rest := p.Account; len(rest) > 0; {
		line := slices.Clone(rest[:lineEnd(rest)])
		rest = rest[len(line):]
		named := false
		for i, s := range line {
			if s.Kept && s.Reason == inTitle {
				line[i].Reason, named = inText, true
			}
		}
		if named && retells(line, title, true) {
			return true
		}
	}
	return false
}

// gap stands for the blanks and ends of lines between two words.
const gap = " "

// folded is a text as it is compared: blanks of all kinds are one, those at a letter of Han
// or kana and what is not seen are none.
func folded(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	open, last := false, rune(0)
	for _, r := range norm.NFKC.String(s) {
		switch {
		case unicode.IsSpace(r):
			open = true
			continue
		case unicode.In(r, unicode.Cf), r == '\u0336', r == utf8.RuneError:
			continue
		}
		if open && !unbroken(last) && !unbroken(r) {
			b.WriteString(gap)
		}
		open, last = false, r
		b.WriteRune(r)
	}
	if open && !unbroken(last) {
		b.WriteString(gap)
	}
	return b.String()
}

// unbroken letters are written without blanks.
func unbroken(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) || r >= '\u3000' && r <= '\u303f' || r >= '\uff00' && r <= '\uffef'
}

// foldedBody is the text of an article as it is compared, perhaps without bare addresses
// that are links: the program left them in place of frames.
func foldedBody(h press.HTML, bare bool) string {
	var b strings.Builder
	to := ""
	for z := html.NewTokenizer(strings.NewReader(string(h))); ; {
		kind := z.Next()
		switch t := z.Token(); kind {
		case html.ErrorToken:
			return strings.TrimPrefix(folded(b.String()), gap)
		case html.TextToken:
			if bare || t.Data != to {
				b.WriteString(t.Data)
			}
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			to = attr(&html.Node{Attr: t.Attr}, "href")
			if parting(t.Data) {
				b.WriteByte('\n')
			}
		}
	}
}

// parting elements set apart what stands before and behind them.
func parting(name string) bool { return blockTags[name] || name == "img" }

// retold is how far a text has been told by the pieces of a page.
type retold struct {
	at int
	// next is whether it was told by the piece before, so that nothing was left out there.
	next bool
}

// retells reports whether the pieces of a page in their order make a text. What was no part
// of the page's text to some version of the program may be in it, or not; so may a whole
// line, of which an earlier version has read less, but not a part of one.
func retells(account []Segment, text string, led bool) bool {
	ways := []retold{{}}
	for len(account) > 0 && len(ways) > 0 {
		end := lineEnd(account)
		ways = tellLine(account[:end], text, led, ways)
		account = account[end:]
	}
	return slices.ContainsFunc(ways, func(w retold) bool { return strings.Trim(text[w.at:], gap) == "" })
}

// lineEnd counts the pieces of the first line.
func lineEnd(account []Segment) int {
	for i, s := range account {
		if s.block != account[0].block {
			return i
		}
	}
	return len(account)
}

// tellLine goes on by the pieces of a line, or without them.
func tellLine(line []Segment, text string, led bool, ways []retold) []retold {
	const most = 64 // ways that are followed: whoever makes more wants to cost time
	without := ways
	for _, s := range line {
		k := strings.Trim(folded(s.Text), gap)
		if s.Link || s.Picture || k == "" {
			continue
		}
		var next []retold
		for _, w := range ways {
			if to, ok := w.tell(text, k, s.apart); ok && !slices.Contains(next, to) {
				next = append(next, to)
			}
			if left := (retold{at: w.at}); s.optional(led) && len(next) < most && !slices.Contains(next, left) {
				next = append(next, left)
			}
		}
		ways = next
	}
	for _, w := range without {
		if w.next = false; len(ways) < most && !slices.Contains(ways, w) {
			ways = append(ways, w)
		}
	}
	return ways
}

// tell goes on by a piece. Where something was left out, words may have grown together;
// elsewhere two figures are not one.
func (w retold) tell(text, piece string, apart bool) (to retold, ok bool) {
	from := w.at
	parted := strings.HasPrefix(text[from:], gap)
	if parted {
		from += len(gap)
	}
	if !strings.HasPrefix(text[from:], piece) {
		return w, false
	}
	before, _ := utf8.DecodeLastRuneInString(text[:w.at])
	first, _ := utf8.DecodeRuneInString(piece)
	if w.next && parted != apart && unicode.IsDigit(before) && unicode.IsDigit(first) {
		return w, false
	}
	return retold{from + len(piece), true}, true
}

// optional reports whether a piece may have been no part of the text to an earlier version
// of the program.
func (s Segment) optional(led bool) bool {
	switch {
	case !s.Kept, s.aside:
		return true
	case s.Reason == inLead:
		return led
	}
	return s.Reason != inText
}

// besideText are the elements that were none of a text, whatever stood in them.
var besideText = set("applet audio button canvas datalist dialog input label legend map math meter noembed noframes noscript object optgroup option output progress select svg textarea title video xmp")

// edges reports whether a node begins and ends with a blank or the end of a line.
func edges(n *html.Node) (begins, ends bool) {
	if n.Type == html.ElementNode {
		return parting(n.Data), parting(n.Data)
	}
	if n.Type != html.TextNode || n.Data == "" {
		return false, false
	}
	return strings.TrimLeftFunc(n.Data, unicode.IsSpace) != n.Data, strings.TrimRightFunc(n.Data, unicode.IsSpace) != n.Data
}

// setAside remembers that the pieces of an element were none of the text at first.
func (l *ledger) setAside(n *html.Node) {
	for _, piece := range l.pieces[l.spans[n][0]:l.spans[n][1]] {
		l.aside[piece] = true
	}
}

// foot is the pieces of a table's foot that was written above its rows, and where.
type foot struct{ at, from, to int }

// setFoot remembers where the foot of a table was written. Earlier versions of the program
// have left it there.
func (l *ledger) setFoot(n *html.Node) {
	f := foot{from: l.spans[n][0], to: l.spans[n][1]}
	for f.at = f.from; f.at > 0 && within(l.pieces[f.at-1], n.Parent) && position(l.pieces[f.at-1].Parent) > position(n); f.at-- {
	}
	if f.at < f.from {
		l.feet = append(l.feet, f)
	}
}

// asWritten is an account in the order in which the file has its pieces; nil if it is in
// that order.
func (l *ledger) asWritten(account []Segment) []Segment {
	if len(l.feet) == 0 {
		return nil
	}
	all := slices.Clone(account)
	for _, f := range l.feet {
		copy(all[f.at:], slices.Concat(all[f.from:f.to], all[f.at:f.from]))
	}
	return all
}
