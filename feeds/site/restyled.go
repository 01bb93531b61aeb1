package site

import (
	"cmp"
	"strings"

	"communique/storage/richtext"
	"communique/storage/wording"
)

// alike tells in words what differs between words whose letters are the same.
func (c *comparing) alike(old, fresh []styledWord) {
	from, to := cutAlike(partsOf(old), partsOf(fresh))
	for i := range from {
		if from[i].text != to[i].text {
			c.remark(c.w.BlankChanged, around(to, i), c.w.Blanks.name(from[i].text), c.w.Blanks.name(to[i].text))
		}
	}
	for _, a := range aspects {
		for i := 0; i < len(from); {
			end := i + 1
			for end < len(from) && a.of(from[end].style) == a.of(from[i].style) && a.of(to[end].style) == a.of(to[i].style) {
				end++
			}
			text := strings.TrimSpace(plainParts(to[i:end]))
			if a.of(from[i].style) != a.of(to[i].style) && text != "" {
				a.tell(c, text, from[i].style, to[i].style)
			}
			i = end
		}
	}
}

// partsOf are the parts of words; of blanks the first alone, for they are compared as
// wholes.
func partsOf(words []styledWord) []styledPart {
	var all []styledPart
	for _, w := range words {
		if text := plainWords([]styledWord{w}); isBlank(text) {
			all = append(all, styledPart{text, w[0].style})
			continue
		}
		all = append(all, w...)
	}
	return all
}

// cutAlike cuts words whose letters are the same where either side ends one: mark-up
// within a word makes several of it.
func cutAlike(from, to []styledPart) (a, b []styledPart) {
	for i, j := 0, 0; i < len(from) && j < len(to); {
		n := min(len(from[i].text), len(to[j].text))
		m := n
		if isBlank(from[i].text) && isBlank(to[j].text) {
			n, m = len(from[i].text), len(to[j].text)
		}
		a = append(a, styledPart{from[i].text[:n], from[i].style})
		b = append(b, styledPart{to[j].text[:m], to[j].style})
		if from[i].text = from[i].text[n:]; from[i].text == "" {
			i++
		}
		if to[j].text = to[j].text[m:]; to[j].text == "" {
			j++
		}
	}
	return a, b
}

// around is a blank with the words beside it.
func around(parts []styledPart, at int) string {
	return plainParts(parts[max(at-1, 0):min(at+2, len(parts))])
}

// parted tells where one paragraph has become two, or two have become one: nothing but
// what stands between their words is another. It is false for any other change.
func (c *comparing) parted(from, to []styledWord, e wording.Edit) bool {
	old, fresh := plainWords(from[e.FromStart:e.FromEnd]), plainWords(to[e.ToStart:e.ToEnd])
	if strings.TrimSpace(old+fresh) != "" || (old == paragraphEnd) == (fresh == paragraphEnd) || strings.Contains(old+fresh, "\t") {
		return false
	}
	before, after := to[max(e.ToStart-beside, 0):e.ToStart], to[e.ToEnd:min(e.ToEnd+beside, len(to))]
	last := plainWords(before)
	if end := strings.LastIndex(last, paragraphEnd); end >= 0 {
		last = last[end+len(paragraphEnd):]
	}
	first, _, _ := strings.Cut(plainWords(after), paragraphEnd)
	c.remark(c.w.BlankChanged, strings.TrimSpace(last+" "+first), c.w.Blanks.name(old), c.w.Blanks.name(fresh))
	return true
}

// beside is how many words, blanks and marks on each side of a place say which one it is.
const beside = 5

// aspect is one thing that a reader sees or can follow besides the letters. It is told
// of a whole stretch, whatever else changes within.
type aspect struct {
	of   func(richtext.Style) string
	tell func(c *comparing, text string, old, fresh richtext.Style)
}

var aspects = []aspect{
	{func(s richtext.Style) string { return s.Link }, (*comparing).relinked},
	{func(s richtext.Style) string { return s.Title }, func(c *comparing, text string, old, fresh richtext.Style) {
		c.remark(c.w.TitleChanged, text, orNone(old.Title), orNone(fresh.Title))
	}},
	{func(s richtext.Style) string { return s.LinkTitle }, func(c *comparing, text string, old, fresh richtext.Style) {
		c.remark(c.w.LinkTitled, text, orNone(old.LinkTitle), orNone(fresh.LinkTitle))
	}},
	{func(s richtext.Style) string { return s.Align }, (*comparing).realigned},
	{func(s richtext.Style) string { return s.Date }, func(c *comparing, text string, old, fresh richtext.Style) {
		c.remark(c.w.DateChanged, text, orNone(old.Date), orNone(fresh.Date))
	}},
	{func(s richtext.Style) string { return s.Picture }, func(c *comparing, text string, old, fresh richtext.Style) {
		c.remark(c.w.PictureReplaced, text, old.Picture, fresh.Picture)
	}},
	{func(s richtext.Style) string { return s.Size }, func(c *comparing, text string, old, fresh richtext.Style) {
		c.remark(c.w.SizeChanged, text, orNone(old.Size), orNone(fresh.Size))
	}},
	{func(s richtext.Style) string { return s.Marks }, func(c *comparing, text string, old, fresh richtext.Style) {
		if from, to := c.w.lettering(old.Marks), c.w.lettering(fresh.Marks); from != to {
			c.remark(c.w.LetteringChanged, text, from, to)
		}
	}},
	{func(s richtext.Style) string { return s.Language }, func(c *comparing, text string, old, fresh richtext.Style) {
		c.remark(c.w.LanguageChanged, text, orNone(old.Language), orNone(fresh.Language))
	}},
	{func(s richtext.Style) string { return s.Direction }, func(c *comparing, text string, old, fresh richtext.Style) {
		c.remark(c.w.DirectionChanged, text, c.w.Directions.name(old.Direction), c.w.Directions.name(fresh.Direction))
	}},
	{func(s richtext.Style) string { return s.Source }, func(c *comparing, text string, old, fresh richtext.Style) {
		c.remark(c.w.SourceChanged, text, orNone(old.Source), orNone(fresh.Source))
	}},
	{func(s richtext.Style) string { return s.Scope }, func(c *comparing, text string, old, fresh richtext.Style) {
		c.remark(c.w.ScopeChanged, text, c.w.Scopes.name(old.Scope), c.w.Scopes.name(fresh.Scope))
	}},
}

// relinked tells where a stretch leads.
func (c *comparing) relinked(text string, old, fresh richtext.Style) {
	if scheme, _, ok := strings.Cut(fresh.Link, "://"); ok && strings.HasPrefix(text, "://") {
		text = scheme + text // of a bare address, which is quoted as a whole
	}
	switch {
	case old.Link == "":
		c.remark(c.w.LinkAdded, text, "", fresh.Link)
	case fresh.Link == "":
		c.remark(c.w.LinkRemoved, text, old.Link, "")
	default:
		c.remark(c.w.LinkMoved, text, old.Link, fresh.Link)
	}
}

// realigned tells on which side the texts of a column stand, or one of them if nothing
// names its column.
func (c *comparing) realigned(text string, old, fresh richtext.Style) {
	if column := cmp.Or(fresh.Column, old.Column); column != "" {
		sentence := map[string]string{"left": c.w.AlignedLeft, "center": c.w.AlignedCenter, "right": c.w.AlignedRight, "": c.w.AlignedAsText}[fresh.Align]
		c.remark(sentence, column, "", "")
		return
	}
	c.remark(c.w.SideChanged, text, c.w.Sides.name(old.Align), c.w.Sides.name(fresh.Align))
}
