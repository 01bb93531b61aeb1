package importer

import (
	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
)

// forms takes out the forms in which readers write: comments, subscriptions, questions to
// an office. All their words are those of a control; a form around the whole page, as some
// systems have it, is none of these.
func (p *pruner) forms() {
	const most = 50 // forms that are examined: whoever makes more wants to cost time
	for i, n := range p.d.tree.Find("form").Nodes {
		if i < most && n.Parent != nil && !p.heavy(n) && writable(n) && !tells(n) {
			p.lose(n)
			p.takeOut(n, control)
		}
	}
}

// writable reports whether a form has a field to write in.
func writable(form *html.Node) bool {
	s := goquery.NewDocumentFromNode(form)
	if s.Find("textarea").Length() > 0 {
		return true
	}
	for _, field := range s.Find("input").Nodes {
		switch attr(field, "type") {
		case "", "text", "email", "password", "tel", "number", "url":
			return true
		}
	}
	return false
}

// tells reports whether a form has more to say than what is to be written in it.
func tells(form *html.Node) bool {
	const explained = 2 // what becomes of an address, and how to leave
	prose := 0
	for _, l := range flatten(form) {
		if l.length() >= 120 && endsSentence(l.text) {
			prose++
		}
	}
	return prose > explained || goquery.NewDocumentFromNode(form).Find("h1, article, blockquote").Length() > 0
}
