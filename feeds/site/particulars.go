package site

import (
	"html/template"
	"net/url"
	"strings"

	"communique/storage/lazyregexp"
	"communique/storage/press"
	"communique/storage/wording"
)

// contactView is somebody who can be asked.
type contactView struct {
	press.Contact
	Call  template.URL // to their telephone; empty if it cannot be dialled
	Write template.URL // to their mail
}

func contactViews(contacts []press.Contact) (all []contactView) {
	for _, c := range contacts {
		view := contactView{Contact: c}
		if number := c.Dial(); number != "" {
			view.Call = template.URL("tel:" + number)
		}
		if c.Email != "" {
			view.Write = template.URL("mailto:" + strings.ReplaceAll(url.PathEscape(c.Email), "%40", "@"))
		}
		all = append(all, view)
	}
	return all
}

// kindLink leads to what a section lists of an article's kind; to nowhere if the site has
// that kind no longer.
func (s *Site) kindLink(a press.Article, path press.Path) *Link {
	if a.Kind == "" {
		return nil
	}
	link := &Link{Text: s.KindName(a.Kind, a.Language)}
	for _, kind := range s.Kinds() {
		if kind == a.Kind {
			link.URL = s.id.Site.SectionKind(a.Language, path, kind)
		}
	}
	return link
}

// webAddress is an address in a text, without the marks that end a sentence.
var webAddress = lazyregexp.New(`https?://[^\s<>"“”«»]*[^\s<>"“”«».,;:!?)\]}،؛。，、）」]`)

// linked is a plain text with its addresses as links.
func linked(text string) template.HTML {
	var b strings.Builder
	at := 0
	for _, found := range webAddress.FindAllStringIndex(text, -1) {
		address := template.HTMLEscapeString(text[found[0]:found[1]])
		b.WriteString(template.HTMLEscapeString(text[at:found[0]]) + `<a href="` + address + `">` + address + "</a>")
		at = found[1]
	}
	b.WriteString(template.HTMLEscapeString(text[at:]))
	return template.HTML(b.String())
}

func linkedAll(texts []string) (all []template.HTML) {
	for _, text := range texts {
		all = append(all, linked(text))
	}
	return all
}

// Beside returns the notes to editors and the contacts of an article as HTML, for a feed;
// nothing if it has none.
func (s *Site) Beside(a press.Article) string {
	w := s.Words(a.Language)
	var b strings.Builder
	if len(a.NotesToEditors) > 0 {
		b.WriteString("<h2>" + template.HTMLEscapeString(w.NotesToEditors) + "</h2><ol>")
		for _, note := range linkedAll(a.NotesToEditors) {
			b.WriteString("<li>" + string(note) + "</li>")
		}
		b.WriteString("</ol>")
	}
	if len(a.Contacts) > 0 {
		b.WriteString("<h2>" + template.HTMLEscapeString(w.Contacts) + "</h2><ul>")
		for _, c := range contactViews(a.Contacts) {
			b.WriteString("<li>" + strings.Join(c.parts(), " · ") + "</li>")
		}
		b.WriteString("</ul>")
	}
	return b.String()
}

// parts are what is said of a contact, as HTML.
func (c contactView) parts() (all []string) {
	escape := template.HTMLEscapeString
	for _, text := range []string{c.Name, c.Role} {
		if text != "" {
			all = append(all, escape(text))
		}
	}
	if c.Telephone != "" {
		if c.Call != "" {
			all = append(all, `<a href="`+escape(string(c.Call))+`" dir="ltr">`+escape(c.Telephone)+"</a>")
		} else {
			all = append(all, escape(c.Telephone))
		}
	}
	if c.Email != "" {
		all = append(all, `<a href="`+escape(string(c.Write))+`" dir="ltr">`+escape(c.Email)+"</a>")
	}
	return all
}

// besideChange is a change of what an article has beside its text.
type besideChange struct {
	Title string // which part of it
	Lines [][]piece
}

// compareBeside compares what two revisions have beside their texts.
func (s *Site) compareBeside(from, to press.Article, w *Words) (all []besideChange) {
	kind := func(a press.Article) []string {
		if a.Kind == "" {
			return nil
		}
		return []string{s.KindName(a.Kind, a.Language).Text}
	}
	for _, part := range []struct {
		title    string
		from, to []string
	}{
		{w.KindTitle, kind(from), kind(to)},
		{w.Place, []string{from.Place}, []string{to.Place}},
		{w.NotesToEditors, from.NotesToEditors, to.NotesToEditors},
		{w.Contacts, contactLines(from.Contacts), contactLines(to.Contacts)},
	} {
		var lines [][]piece
		for _, c := range lineChanges(part.from, part.to) {
			lines = append(lines, compareWords(c[0], c[1]))
		}
		if changes(lines...) {
			all = append(all, besideChange{part.title, lines})
		}
	}
	return all
}

// contactLines are contacts as lines of text.
func contactLines(contacts []press.Contact) (all []string) {
	for _, c := range contacts {
		var parts []string
		for _, text := range []string{c.Name, c.Role, c.Telephone, c.Email} {
			if text != "" {
				parts = append(parts, text)
			}
		}
		all = append(all, strings.Join(parts, " · "))
	}
	return all
}

// lineChanges pairs the lines of two lists: those that both have with themselves, what is
// between them in turn, and what is left over with nothing.
func lineChanges(from, to []string) (pairs [][2]string) {
	var was, is []string
	flush := func() {
		for len(was) > 0 || len(is) > 0 {
			var pair [2]string
			if len(was) > 0 {
				pair[0], was = was[0], was[1:]
			}
			if len(is) > 0 {
				pair[1], is = is[0], is[1:]
			}
			pairs = append(pairs, pair)
		}
	}
	for _, e := range wording.Align(from, to) {
		if !e.Kept {
			was, is = append(was, from[e.FromStart:e.FromEnd]...), append(is, to[e.ToStart:e.ToEnd]...)
			continue
		}
		flush()
		for i := e.FromStart; i < e.FromEnd; i++ {
			pairs = append(pairs, [2]string{from[i], from[i]})
		}
	}
	flush()
	return pairs
}
