package richtext

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"communique/storage/lazyregexp"
)

// emphasis reads * and _, and ~~ for what is struck through. One tilde is a
// tilde: in Chinese and Japanese it is the sign of a range. One asterisk inside of a word
// is an asterisk, unless it ends what began with the word: it multiplies, and in German
// it is the sign of all genders.
type emphasis struct{}

func (emphasis) Trigger() []byte { return []byte{'*', '_', '~'} }

func (emphasis) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	before := block.PrecendingCharacter()
	line, segment := block.PeekLine()
	length := 1
	for length < len(line) && line[length] == line[0] {
		length++
	}
	after := rune(' ')
	if length < len(line) {
		after, _ = utf8.DecodeRune(line[length:])
	}
	segment = segment.WithStop(segment.Start + length)
	block.Advance(length)
	ended := pc.Get(stressKey) == segment.Start
	inside := !ended && line[0] == '*' && length == 1 && inWord(before) && inWord(after)
	if line[0] == '~' && (length != 2 || before == '~') || inside && !endsPart(block.Source(), segment, pc) {
		return ast.NewTextSegment(segment)
	}
	var opens, closes bool
	switch {
	case inside:
		closes = true
	case line[0] == '~':
		opens, closes = strikes(parent, block.Source(), segment.Start, before, after, pc)
	case ended:
		closes = true
		boldOf(parent, line[0], length, pc).turn(opens, closes)
	default:
		opens, closes = stresses(line[0], before, after)
		bold := boldOf(parent, line[0], length, pc)
		// Bold is closed as well by what CommonMark leaves as it was typed, as in "**Words:**and".
		if length > 1 && opens && !closes && (bold.open > 0 || unstressed(pc, line[0], length)) && !begun(parent, block.Source(), segment.Start, before, pc) {
			opens, closes = false, true
		}
		// What could only close, and nothing is open, opens before "(…)**" and its like.
		if bold.open == 0 && !opens && closes && !unicode.IsSpace(after) && endsBold(block.Source()[segment.Stop:], line[:length]) {
			opens, closes = true, false
		}
		bold.turn(opens, closes)
	}
	d := parser.NewDelimiter(opens, closes, length, line[0], delimiters{})
	d.Segment = segment
	pc.PushDelimiter(d)
	return d
}

const longestWord = 200 // in bytes

// endsPart tells whether an asterisk inside of a word ends the emphasis of its first
// part, as in "*Mini*ster". In "*all*e*" it does not. No word is longer than longestWord.
func endsPart(source []byte, at text.Segment, pc parser.Context) bool {
	d := pc.LastDelimiter()
	if d == nil || d.Char != '*' || d.OriginalLength != 1 || !d.CanOpen || d.CanClose || at.Start-d.Segment.Stop > longestWord {
		return false
	}
	outside := func(r rune) bool { return !inWord(r) && !unicode.IsMark(r) && r != '-' && r != '\u2019' && r != '\'' }
	if bytes.ContainsFunc(source[d.Segment.Stop:at.Start], outside) {
		return false
	}
	rest := source[at.Stop:min(len(source), at.Stop+longestWord)]
	end := bytes.IndexFunc(rest, outside)
	if end < 0 {
		return true
	}
	marks := len(rest[end:]) - len(bytes.TrimLeft(rest[end:], "*"))
	return marks%2 == 0 // two close what is bold
}

// stresses tells whether asterisks or underscores between two characters open and close.
func stresses(sign byte, before, after rune) (opens, closes bool) {
	opens, closes = flanks(before, after)
	if sign == '_' {
		// Inside of words it is a sign of a name. Beside punctuation no word goes on, and
		// Chinese, Japanese and Korean set no blank there.
		inside := opens && closes
		opens = opens && (!inside || punctuation(before) || breaks(after, before))
		closes = closes && (!inside || punctuation(after) || breaks(before, after))
	}
	// The asterisks of a footnote in brackets, (*) or *), are none of emphasis.
	opens = opens && !unicode.Is(unicode.Pe, after) && !strings.ContainsRune(",;，、；。", after)
	closes = closes && !unicode.Is(unicode.Ps, before)
	return opens, closes
}

// stressKey is where the last address ends that marks set off.
var stressKey = parser.NewContextKey()

var (
	marksInAddress = lazyregexp.New(`[*_~]+`)
	sameMarks      = lazyregexp.New(`^(?:\*+|_+|~+)`)
)

// stressEnds is where a bare address ends because marks that are open are closed in it and
// the sentence goes on without a blank, as in "**https://mfa.example/a**后"; 0 for none.
func stressEnds(address []byte, pc parser.Context) int {
	if pc.LastDelimiter() == nil {
		return 0
	}
	for _, found := range marksInAddress.FindAllIndex(address, mostStress) {
		next, _ := utf8.DecodeRune(address[found[1]:])
		run := sameMarks.Find(address[found[0]:])
		if found[1] < len(address) && (eastern(next) || spaceless(next)) && stressed(pc, run[0], len(run)) {
			return found[0]
		}
	}
	return 0
}

// opensBefore tells whether underscores that open emphasis end where an address begins.
func opensBefore(at int, pc parser.Context) bool {
	d := pc.LastDelimiter()
	return d != nil && d.Char == '_' && d.CanOpen && d.Segment.Stop == at
}

// closedOnce tells whether a word that begins with an address has one run alone of as many
// underscores as stand before it: then no other can close them.
func closedOnce(word []byte, pc parser.Context) bool {
	count := 0
	for _, run := range underscores.FindAll(word, mostStress) {
		if len(run) == pc.LastDelimiter().OriginalLength {
			count++
		}
	}
	return count == 1
}

var underscores = lazyregexp.New(`_+`)

// mostStress bounds the marks that are looked at for one address.
const mostStress = 50

// stressed tells whether marks of that kind are open.
func stressed(pc parser.Context, sign byte, length int) bool {
	var same []*parser.Delimiter
	for d, n := pc.LastDelimiter(), 0; d != nil && n < mostStress; d, n = d.PreviousDelimiter, n+1 {
		if d.Char == sign && d.OriginalLength == length {
			same = append(same, d)
		}
	}
	open := bold{}
	for _, d := range slices.Backward(same) {
		open.turn(d.CanOpen, d.CanClose)
	}
	return open.open > 0
}

// unstressed tells whether a run of marks of that length is open.
func unstressed(pc parser.Context, sign byte, length int) bool {
	for d := pc.LastDelimiter(); d != nil; d = d.PreviousDelimiter {
		if d.Char == sign && d.OriginalLength == length {
			return d.CanOpen && !d.CanClose
		}
	}
	return false
}

var boldKey = parser.NewContextKey()

// bold is what the ** of a block have opened so far.
type bold struct {
	parent ast.Node
	open   int
}

// boldOf is that of a block for two asterisks, and one of its own for other marks.
func boldOf(parent ast.Node, sign byte, length int, pc parser.Context) *bold {
	if sign != '*' || length != 2 {
		return &bold{open: -1}
	}
	b, _ := pc.Get(boldKey).(*bold)
	if b == nil || b.parent != parent {
		b = &bold{parent: parent}
		pc.Set(boldKey, b)
	}
	return b
}

// turn counts a run of marks. One that could do both closes what is open.
func (b *bold) turn(opens, closes bool) {
	switch {
	case closes && b.open > 0:
		b.open--
	case opens:
		b.open++
	}
}

// endsBold tells whether what begins with punctuation right behind a word, where
// CommonMark opens nothing, goes up to marks that can only be the end of it: in scripts
// without blanks between words, and in those that set bold what is part of a word.
func endsBold(rest, marks []byte) bool {
	rest = rest[:min(len(rest), longestBold)]
	first, _ := utf8.DecodeRune(rest)
	end := bytes.Index(rest, marks)
	if end <= 0 || !punctuation(first) || unicode.Is(unicode.Pe, first) || bytes.Contains(rest[:end], []byte("\n\n")) {
		return false
	}
	last, _ := utf8.DecodeLastRune(rest[:end])
	next, _ := utf8.DecodeRune(rest[end+len(marks):])
	behind := end+len(marks) == len(rest) || unicode.IsSpace(next) || punctuation(next) && !unicode.In(next, unicode.Ps, unicode.Pi)
	return !unicode.IsSpace(last) && last != '*' && next != '*' && (behind || punctuation(last) && !unicode.Is(unicode.Ps, last))
}

// longestBold is in bytes: no work is done for marks that end further on.
const longestBold = 500

var deletionKey = parser.NewContextKey()

// deletion is what the ~~ of a block have opened so far.
type deletion struct {
	parent ast.Node
	open   int
}

// strikes tells whether two tildes open or close. They go by blanks alone: "~~5%~~6%"
// must not show the old figure as a valid one because there is a sign beside the marks.
// What could do both closes what is open, unless something in it has only just begun.
func strikes(parent ast.Node, source []byte, at int, before, after rune, pc parser.Context) (opens, closes bool) {
	d, _ := pc.Get(deletionKey).(*deletion)
	if d == nil || d.parent != parent {
		d = &deletion{parent: parent}
		pc.Set(deletionKey, d)
	}
	closes = d.open > 0 && !unicode.IsSpace(before) && (unicode.IsSpace(after) || !begun(parent, source, at, before, pc))
	opens = !closes && !unicode.IsSpace(after)
	switch {
	case closes:
		d.open--
	case opens:
		d.open++
	}
	return opens, closes
}

// begun tells whether what stands right before a place opens something.
func begun(parent ast.Node, source []byte, at int, before rune, pc parser.Context) bool {
	if d := pc.LastDelimiter(); d != nil && d.Segment.Stop == at {
		return d.CanOpen && !d.CanClose
	}
	if tag, ok := parent.LastChild().(*ast.RawHTML); ok && tag.Segments.At(tag.Segments.Len()-1).Stop == at {
		name := nameOf(source[tag.Segments.At(0).Start:at])
		_, known := elements[name]
		return known && !childless[name] && source[tag.Segments.At(0).Start+1] != '/'
	}
	if unicode.Is(unicode.Ps, before) {
		return true
	}
	further, _ := utf8.DecodeLastRune(source[:at-utf8.RuneLen(before)])
	return unicode.IsSpace(further) && (before == '"' || before == '\'' || unicode.In(before, unicode.Pi, unicode.Pf))
}

// flanks tells whether a run of delimiters between two characters may open and
// close (CommonMark §6.2). Beside Chinese, Japanese or Korean no punctuation
// keeps it from that: these set no blanks where the rule expects them.
func flanks(before, after rune) (left, right bool) {
	left = !unicode.IsSpace(after) && (!western(after) || unicode.IsSpace(before) || punctuation(before) || eastern(before))
	right = !unicode.IsSpace(before) && (!western(before) || unicode.IsSpace(after) || punctuation(after) || eastern(after))
	return left, right
}

// inWord tells of the characters of words that blanks set apart.
func inWord(r rune) bool { return (unicode.IsLetter(r) || unicode.IsNumber(r)) && !eastern(r) }

func punctuation(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) }

// western punctuation is that of which the rule was made.
func western(r rune) bool { return punctuation(r) && !eastern(r) }

// breaks tells whether a character within marks is punctuation that ends a word of what
// stands outside.
func breaks(within, outside rune) bool {
	return punctuation(within) && (eastern(within) || eastern(outside))
}

func eastern(r rune) bool {
	return wide(r) || unicode.Is(unicode.Hangul, r)
}

type delimiters struct{}

func (delimiters) IsDelimiter(b byte) bool { return b == '*' || b == '_' || b == '~' }

func (delimiters) CanOpenCloser(opener, closer *parser.Delimiter) bool {
	return opener.Char == closer.Char
}

func (delimiters) OnMatch(consumes int) ast.Node { return ast.NewEmphasis(consumes) }
