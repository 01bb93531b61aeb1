package importer

import (
	"slices"
	"unicode/utf8"

	"communique/storage/richtext"
)

// Doubt is what was dropped inside of a text, and why: a person has to look.
type Doubt struct {
	Line   int    `json:"line"`
	Reason string `json:"reason"`
	Text   string `json:"text"`
}

// maxQuote bounds what is quoted in one doubt, in characters.
const maxQuote = 240

// doubts are the dropped pieces from the title or the first kept text on to the end of
// what contains the text. Pieces that follow each other and share the reason are one.
func doubts(segments []Segment, from, to int) []Doubt {
	var all []Doubt
	open := false
	for i := from; i < min(to, len(segments)); i++ {
		s := segments[i]
		if s.Kept || s.Picture || s.Link && s.Reason != MissingFile || unremarkable[s.Reason] && !(s.amid && s.Reason == control) || !saying(s.Text) {
			open = open && (s.Link || !s.Kept)
			continue
		}
		if open && all[len(all)-1].Reason == s.Reason && utf8.RuneCountInString(all[len(all)-1].Text+s.Text) < maxQuote {
			all[len(all)-1].Text += " " + s.Text
			continue
		}
		all = append(all, Doubt{Line: s.Line, Reason: s.Reason, Text: richtext.Shorten(s.Text, maxQuote)})
		open = true
	}
	return all
}

// Accept takes the doubts with these reasons as looked at; without a reason all of them.
func (p *Page) Accept(reasons ...string) {
	p.Doubts = slices.DeleteFunc(p.Doubts, func(d Doubt) bool { return len(reasons) == 0 || slices.Contains(reasons, d.Reason) })
}

// Doubtful are the reasons for which words are in doubt when they are left out.
func Doubtful() []string {
	return []string{outside, menu, advert, hidden, caption, besideFrame, lost, tagged, MissingFile}
}

// unremarkable are the reasons that nobody needs to look at: the words stand elsewhere
// on the article, or are those of a control that the page says is one.
var unremarkable = map[string]bool{repeated: true, control: true, onMost: true, furnished: true, ornamental: true, byProfile: true, inDate: true, inSection: true}
