package richtext

import (
	"bytes"
	"sort"
	"strings"

	"github.com/yuin/goldmark/util"

	"communique/storage/lazyregexp"
)

// typedText is what was typed in a block, without code and tags, and where each
// piece stands in the source.
type typedText struct {
	text bytes.Buffer
	from []origin
	// broken are the line ends in it at which lines are broken to readers, too.
	broken []int
	// item is set for the text that begins an item of a list, term for that of a term, and
	// atTable for a paragraph beside a table.
	item, term, atTable bool
}

func (t *typedText) add(piece []byte, src int) {
	t.from = append(t.from, origin{t.text.Len(), src})
	for i := 0; i < len(piece); i++ {
		if piece[i] == '\\' && i+1 < len(piece) && util.IsPunct(piece[i+1]) {
			t.meant()
			i++
			continue
		}
		t.text.WriteByte(piece[i])
	}
}

// meant stands for a sign that was meant as it stands, or was read as a mark.
func (t *typedText) meant() { t.text.WriteString("\x01\x01") }

// gap stands for something that is not looked at, and begins at a place in the source; -1 if
// that goes on from what was before.
func (t *typedText) gap(src int) {
	if src >= 0 {
		t.from = append(t.from, origin{t.text.Len(), src})
	}
	t.text.WriteByte(0)
}

func (t *typedText) source(offset int) int { return sourceAt(t.from, offset) }

// sourceAt is where in the source a byte stands of what was put together from pieces.
func sourceAt(from []origin, offset int) int {
	i := sort.Search(len(from), func(i int) bool { return from[i].out > offset })
	if i == 0 {
		return 0
	}
	return from[i-1].src + offset - from[i-1].out
}

// leftover marks have found no partner. Asterisks before a bracket are those of a note.
var leftover = lazyregexp.New(`\*\*(?:[^)\]*]|$)|__|~~`)

// quoted marks stand around punctuation and beside a word, where CommonMark sees no end
// of emphasis.
var quoted = lazyregexp.New(`(?:^|[^\p{L}\p{M}\p{N}*])\*[^\s*\x00-\x02)\],;，、；。][^*\n]*[^\s*\p{L}\p{M}\p{N}\x00-\x02(\[]\*[\p{L}\p{N}]|(?:^|[^\p{L}\p{M}\p{N}_])_[^\s_\x00-\x02][^_\n]*[^\s_\x00-\x02]_[\p{L}\p{N}]|[\p{L}\p{N}]\*[\p{Ps}\p{Pi}"'][^*\n]*[\p{Pe}\p{Pf}"']\*(?:[^\p{L}\p{N}*)]|$)`)

// halved marks are asterisks of which one stands inside of a word, where it is read as
// it was typed. Elsewhere the two are emphasis. Behind "Bürger*innen" the second one is
// the mark of a note.
var halved = lazyregexp.New(`(?:^|[^\p{L}\p{M}\p{N}*])\*\p{L}[^*\n]*\*[\p{L}\p{N}]|[\p{L}\p{N}]\*(?:[^\P{L}iI]|[iI][^\P{L}nN])[\p{L}\p{M}-]*\*(?:[^\p{L}\p{N}*)]|$)`)

// otherTask is the box of a task that is neither open nor done.
var otherTask = lazyregexp.New(`^\[[-~/\\>!?*+<"]\](?:[ \t\n]|$)`)

// gluedTask is the box of a task without the blank behind it, or with nothing in it.
var gluedTask = lazyregexp.New(`^\[[ xX]\][^\s(\[:\x00.,;)]|^\[\][ \t]*\p{L}`)

// looseTask is the box of a task that begins a line of no list.
var looseTask = lazyregexp.New(`(?:^|\n) {0,3}\[[ xX]\][ \t]+[^\s\x00\x01]`)

// reference is a link by a name under which there is no address. Marks of notes, as
// [1][2], look alike.
var reference = lazyregexp.New(`\[[^\]\[\n]*\p{L}[^\]\[\n]*\]\[[^\]\[\n\x00]*\]`)

var schemeOrWWW = lazyregexp.New(`(?i)https?://|www\.`)

// maskAddresses takes the signs out of bare addresses that are marks elsewhere.
func maskAddresses(text []byte) []byte {
	masked := text
	for at := 0; ; {
		found := schemeOrWWW.FindIndex(text[at:])
		if found == nil {
			return masked
		}
		word := text[at+found[0] : min(len(text), at+found[0]+maxAddress)]
		if end := bytes.IndexAny(word, " \t\n\x00"); end >= 0 {
			word = word[:end]
		}
		length := max(webLength(string(word)), found[1]-found[0])
		if bytes.ContainsAny(word[:length], "~=*_+^") {
			if &masked[0] == &text[0] {
				masked = bytes.Clone(text)
			}
			for i := at + found[0]; i < at+found[0]+length; i++ {
				if strings.IndexByte("~=*_+^", masked[i]) >= 0 {
					masked[i] = '-'
				}
			}
		}
		at += found[0] + length
	}
}

// judge refuses what no reader should see, and notes marks that stayed.
func (w *markdownWriter) judge(t *typedText) {
	text := t.text.Bytes()
	if w.problem != nil || !bytes.ContainsAny(text, signals) && !bytes.Contains(text, []byte("＊＊")) && !bytes.Contains(text, []byte("＃")) {
		return
	}
	if box := looseTask.FindIndex(text); box != nil && !t.item {
		w.refuse(t.source(bytes.IndexByte(text[box[0]:], '[')+box[0]), "a task is an item of a list: write - before it, a word in place of the box, or \\[ if the bracket is to be read")
		return
	}
	if t.item && otherTask.Match(text) {
		w.refuse(t.source(0), "a task is open, [ ], or done, [x]: write what else it is in words")
		return
	}
	if t.item && gluedTask.Match(text) {
		w.refuse(t.source(0), "a task begins with [ ] or [x] and a blank: write the blank, or \\[ if the bracket is to be read")
		return
	}
	if why := t.definesBadly(); why != "" {
		w.refuse(t.source(0), why)
		return
	}
	written := text
	text = maskAddresses(text)
	first, why := len(text), ""
	for i := range dialects {
		if at, found := dialects[i].in(text, w.budget, t.source(0)); found && at < first {
			first, why = at, dialects[i].text
		}
	}
	if why != "" {
		for first < len(text) && (text[first] == '\n' || text[first] == ' ') {
			first++
		}
		w.refuse(t.source(first), why)
		return
	}
	w.tellHonest(t, written)
	if at := reference.FindIndex(text); at != nil {
		w.note(t.source(at[0]), "no address was given for a link, and it stands in the text as it was typed", string(written[at[0]:at[1]]))
	}
	plain := bytes.ReplaceAll(text, []byte("\x01"), []byte(" "))
	at := leftover.FindIndex(plain)
	if at == nil && bytes.Count(plain, []byte("*")) > 1 {
		at = halved.FindIndex(plain)
	}
	if at == nil && bytes.ContainsAny(plain, "*_") {
		at = quoted.FindIndex(plain)
	}
	if at != nil {
		w.note(t.source(at[0]), "marks stand in the text as they were typed", beginningOf(written[at[0]:]))
	}
}
