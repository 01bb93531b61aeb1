package richtext

import "golang.org/x/net/html"

// Sight is in what colours and size a text of a page is seen. A page is judged by it as a
// whole: of a part alone nobody can tell what is behind its text.
type Sight struct{ look look }

// OnPaper is the sight of a page that says nothing of its colours.
func OnPaper() Sight { return Sight{paper} }

// Within is how the text of an element inside is seen, by its tag and style. Knows tells
// of a class whether all that it does is in that style.
func (s Sight) Within(n *html.Node, style string, knows func(class string) bool) Sight {
	var said map[string]string
	if style != "" {
		said = stated(style).values()
	}
	return Sight{s.look.with(tintOf(html.Token{Data: n.Data, Attr: n.Attr}, said, knows))}
}

// Hides reports whether nobody can read it.
func (s Sight) Hides() bool { return s.look.hides() }
