package importer

import (
	"maps"
	"net/url"
	"path"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// addressForm is what the addresses of pages of one kind have in common: their folder and the
// ending of their names, whatever their numbers are. It is empty where pages of any kind stand.
func addressForm(u *url.URL) string {
	if u == nil || u.Host == "" {
		return ""
	}
	folder, name := path.Split(strings.Trim(u.Path, "/"))
	number := figures.ReplaceAllString(name, anyNumber)
	if lettersOf(strings.TrimSuffix(name, path.Ext(name))) > 0 {
		number = "*" + path.Ext(name)
	}
	query := slices.Sorted(maps.Keys(u.Query()))
	if folder == "" && len(query) == 0 && !strings.Contains(number, anyNumber) {
		return ""
	}
	return u.Host + "/" + figures.ReplaceAllString(folder, anyNumber) + number + "?" + strings.Join(query, "&")
}

// addressOf is where a page says that it is.
func (p *Profile) addressOf(d *document) *url.URL {
	if text, _ := p.address.value(d.tree.Nodes[0]); text != "" {
		if u := address(text); u != nil {
			return u
		}
		return d.resolve(text)
	}
	return d.canonical
}

// addresses counts the forms of the addresses of a template's pages.
func (t *pageTemplate) addresses(p *Profile) {
	t.forms = votes{}
	t.each(func(_ int, d *document) {
		if form := addressForm(p.addressOf(d)); form != "" {
			t.forms.add(form)
		}
	})
}

// leadsAlike reports whether all that is said in an element, but for a heading, are titles of
// pages like these: their addresses have the same form, and they are longer than names are.
func (t *pageTemplate) leadsAlike(d *document, n *html.Node) bool {
	const name = 24 // letters of a person's name, as a text in letters has it
	letters, links := 0, linksIn(n)
	for i, l := range flatten(n) {
		if l.links == 0 {
			if i > 0 || !filesPages(l) {
				return false
			}
			continue
		}
		if !l.linked() {
			return false
		}
		l.links = 0
		letters += max(l.length(), textWeight(l))
	}
	for _, a := range links {
		form := addressForm(d.resolve(attr(a, "href")))
		if form == "" || !t.several(t.forms[form]) {
			return false
		}
	}
	return letters >= max(1, len(links))*name
}

// likes reports whether an element is one of a name that leads to pages like this one, and was not
// announced by the text.
func (t *pageTemplate) likes(d *document, n *html.Node) bool {
	return standsLoose(n) && len(ownNames(n)) > 0 && !introduced(n) && t.leadsAlike(d, n)
}

// within are the parts of an element that are what it is, by which it is known where its own name
// stands for other things, too.
func (s *survey) within(t *pageTemplate, d *document, n *html.Node, of seenElement) (all []seenElement) {
	is := t.likes
	if of.kind == wording {
		is = t.ownPictures
	}
	pictures := len(allIn(n, pictureElements))
	for c := range n.Descendants() {
		if c.Type != html.ElementNode || lineOf(c).text != of.text || len(allIn(c, pictureElements)) != pictures || !is(d, c) {
			continue
		}
		e := of
		e.names, e.entries = names(c), nil
		s.total.add(e.names...)
		s.vote(e)
		all = append(all, e)
	}
	return all
}
