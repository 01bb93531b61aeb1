package site

import (
	"path"
	"strings"
	"unicode/utf8"

	"communique/storage/press"
	"communique/storage/richtext"
	"communique/storage/wording"
)

// passage is a block of a text as it is compared: its words, and with each what
// a reader sees or follows besides the letters.
type passage struct {
	words []styledWord
	label int // how many words are the number of an item, or its bullet
	kind  string
	cells string // of a row
}

// styledWord is a word, a blank or a mark, in parts of one style each: mark-up may begin
// within a word.
type styledWord []styledPart

type styledPart struct {
	text  string
	style richtext.Style
}

// passages are the blocks of an article's text. Items of a list have their
// number, pictures stand in brackets with their alternative text.
func passages(h press.HTML, w *Words) []passage {
	var all []passage
	for _, b := range richtext.Blocks(h) {
		p := passage{kind: b.Kind, cells: b.Cells}
		if b.Label != "" {
			p.add(b.Label+" ", richtext.Style{})
			p.label = len(p.words)
		}
		if len(b.Runs) == 0 {
			p.add(drawn(b.Kind), richtext.Style{})
		}
		for _, r := range b.Runs {
			switch {
			case r.Style.Picture != "":
				said := "[" + w.Picture
				if r.Text != "" {
					said += w.Colon + r.Text
				}
				p.words = append(p.words, styledWord{{said + "]", r.Style}})
			case r.Style.Note && strings.TrimLeft(r.Text, "↩\ufe0e\ufe0f ") == "":
			default:
				p.add(r.Text, r.Style)
			}
		}
		all = append(all, p)
	}
	return all
}

// drawn stands for a block without words: a rule, or an empty term or definition.
func drawn(kind string) string {
	if strings.HasSuffix(kind, "hr") {
		return "———"
	}
	return richtext.Unsaid
}

func (p *passage) add(text string, style richtext.Style) {
	for i, token := range wording.Words(text) {
		part := styledPart{token, style}
		if last := len(p.words) - 1; i == 0 && last >= 0 && p.words[last].goesOn(part) {
			p.words[last] = append(p.words[last], part)
			continue
		}
		p.words = append(p.words, styledWord{part})
	}
}

// goesOn tells whether a part belongs to the same word. What is struck through does not,
// nor do pictures and the marks of footnotes.
func (w styledWord) goesOn(part styledPart) bool {
	last := w[len(w)-1]
	alike := last.style.Struck == part.style.Struck && last.style.Note == part.style.Note && last.style.Picture == ""
	return alike && len(wording.Words(last.text+part.text)) == 1
}

// key is the passage as a text. What is struck through is another text.
func (p passage) key() string {
	var b strings.Builder
	for _, w := range p.words {
		b.WriteString(w.key())
	}
	return b.String()
}

func (w styledWord) key() string {
	var b strings.Builder
	for _, part := range w {
		b.WriteString(part.text)
	}
	text := b.String()
	if isBlank(text) {
		text = " " // which blank it is, is told in words
	}
	if w[0].style.Struck {
		return "\x00" + text
	}
	return text
}

// isBlank tells whether a word is nothing but blanks, and ends neither a paragraph nor a
// cell.
func isBlank(text string) bool {
	return text != "" && text != paragraphEnd && strings.TrimSpace(text) == "" && !strings.Contains(text, "\t")
}

// comparedText is what differs between two texts.
type comparedText struct {
	paragraphs [][]piece
	// remarks say in words what differs and has no letters.
	remarks []string
}

// compareTexts compares two texts block by block, and word by word where blocks
// differ. Every difference that a reader can see or follow is in it.
func compareTexts(from, to press.HTML, w *Words) comparedText {
	c := &comparing{w: w}
	a, b := passages(from, w), passages(to, w)
	for _, e := range wording.Align(keys(a), keys(b)) {
		if e.Kept {
			for i := e.FromStart; i < e.FromEnd; i++ {
				old, fresh := a[i], b[e.ToStart+i-e.FromStart]
				c.paragraphs = append(c.paragraphs, pieces(nil, old.words, piece{}))
				c.alike(old.words, fresh.words)
				c.reshaped(old, fresh)
			}
			continue
		}
		c.changed(a[e.FromStart:e.FromEnd], b[e.ToStart:e.ToEnd])
	}
	if len(c.remarks) == 0 && from != to && !changes(c.paragraphs...) {
		c.remarks = append(c.remarks, w.StructureChanged)
	}
	return comparedText{c.paragraphs, c.remarks}
}

func keys(all []passage) []string {
	said := make([]string, len(all))
	for i, p := range all {
		said[i] = p.key()
	}
	return said
}

// comparing gathers what differs.
type comparing struct {
	w *Words
	comparedText
	said map[string]bool
}

// changed compares stretches of passages word by word.
func (c *comparing) changed(from, to []passage) {
	a, b := together(from), together(to)
	textOf := func(words []styledWord) []string {
		all := make([]string, len(words))
		for i, w := range words {
			all[i] = w.key()
		}
		return all
	}
	old := textOf(a)
	edits := wording.Align(old, textOf(b))
	for i, before := range counterparts(from, to, edits) {
		if before >= 0 {
			c.reshaped(from[before], to[i])
		}
	}
	var all []piece
	for _, e := range joinClose(edits, old) {
		if e.Kept {
			all = pieces(all, a[e.FromStart:e.FromEnd], piece{})
			c.alike(a[e.FromStart:e.FromEnd], b[e.ToStart:e.ToEnd])
			continue
		}
		if c.parted(a, b, e) {
			all = append(all, piece{Text: paragraphEnd})
			continue
		}
		all = pieces(all, a[e.FromStart:e.FromEnd], piece{Removed: true})
		all = pieces(all, b[e.ToStart:e.ToEnd], piece{Added: true})
	}
	c.paragraphs = append(c.paragraphs, splitPieces(all)...)
}

// together puts passages into one, with their ends between them.
func together(all []passage) []styledWord {
	var words []styledWord
	for i, p := range all {
		if i > 0 {
			words = append(words, styledWord{{text: paragraphEnd}})
		}
		words = append(words, p.words...)
	}
	return words
}

// pieces appends words as pieces of the same kind; what is struck through stands
// in pieces of its own. A piece may have a hundred thousand words.
func pieces(all []piece, words []styledWord, as piece) []piece {
	for start := 0; start < len(words); {
		as.Struck = words[start][0].style.Struck
		end := start
		for end < len(words) && words[end][0].style.Struck == as.Struck {
			end++
		}
		as.Text = plainWords(words[start:end])
		if (as.Added || as.Removed) && strings.Trim(as.Text, "\t") != as.Text {
			as.Text = strings.ReplaceAll(as.Text, "\t", " | ") // the ends of cells, which nobody would see
		}
		if last := len(all) - 1; last >= 0 && all[last].Added == as.Added && all[last].Removed == as.Removed && all[last].Struck == as.Struck {
			all[last].Text += as.Text
		} else {
			all = append(all, as)
		}
		start = end
	}
	return all
}

// orNone is what a remark says in place of nothing.
func orNone(text string) string {
	if text == "" {
		return "—"
	}
	return text
}

func plainWords(words []styledWord) string {
	var b strings.Builder
	for _, w := range words {
		b.WriteString(plainParts(w))
	}
	return b.String()
}

func plainParts(parts []styledPart) string {
	var b strings.Builder
	for _, part := range parts {
		b.WriteString(part.text)
	}
	return b.String()
}

// mostQuoted bounds the words that a remark repeats.
const mostQuoted = 80

func (c *comparing) remark(sentence, text, from, to string) {
	if utf8.RuneCountInString(text) > mostQuoted {
		text = richtext.Shorten(text, mostQuoted)
	}
	// Isolates keep another script's words and addresses from turning the sentence.
	alone := func(s string) string { return "\u2068" + s + "\u2069" }
	said := strings.NewReplacer("{text}", alone(text), "{from}", alone(from), "{to}", alone(to)).Replace(sentence)
	if c.said == nil {
		c.said = map[string]bool{}
	}
	if !c.said[said] {
		c.said[said] = true
		c.remarks = append(c.remarks, said)
	}
}

// comparePictures compares what is said of an article's pictures. One in whose
// place there is another of which the same is said is remarked upon.
func comparePictures(from, to []press.Image, w *Words) comparedText {
	c := &comparing{w: w}
	old, fresh := captions(from), captions(to)
	for _, e := range wording.Align(old, fresh) {
		for i := e.FromStart; e.Kept && i < e.FromEnd; i++ {
			a, b := from[i], to[e.ToStart+i-e.FromStart]
			if a.Src != b.Src {
				c.remark(w.PictureReplaced, old[i], a.Src, b.Src)
			}
			if focusOf(a) != focusOf(b) {
				c.remark(w.FocusChanged, old[i], "", "")
			}
		}
	}
	c.paragraphs = differences(old, fresh)
	return c.comparedText
}

// focusOf is the point around which a picture is cut, which is its middle if nothing says so.
func focusOf(i press.Image) press.Focus {
	if i.Focus == nil {
		return press.Focus{}
	}
	return *i.Focus
}

// captions are what is said of an article's pictures, a line each; the name of
// the file if nothing is.
func captions(images []press.Image) []string {
	var all []string
	for _, i := range images {
		var said []string
		for _, text := range []string{i.Alt, i.Caption, i.Credit, i.Terms} {
			if text != "" {
				said = append(said, text)
			}
		}
		if len(said) == 0 {
			said = append(said, path.Base(i.Src))
		}
		all = append(all, strings.Join(said, " · "))
	}
	return all
}
