package richtext

import (
	"strings"

	"golang.org/x/net/html"
)

// Word writes formulas (Office Open XML, ECMA-376-1 §22.1) and drawings (VML) into pages by
// elements of its own. Browsers show the words in them, and nothing of the rest.

// officeElements are those that say how their words stand.
var officeElements = map[string]element{
	"m:sup": {kind: inline, as: "sup"},
	"m:sub": {kind: inline, as: "sub"},
}

// officeSigns are what a formula has before the words of an element.
var officeSigns = map[string]string{"m:den": "/", "m:rad": "√"}

// elementOf is what becomes of an element.
func elementOf(name string) element {
	if e, ok := elements[name]; ok {
		return e
	}
	return officeElements[name]
}

// office tells what a page of Word loses with an element, and adds the signs that a formula
// is not read without.
func (b *builder) office(t html.Token) {
	if b.foreign || !strings.Contains(t.Data, ":") {
		return
	}
	if sign := officeSigns[t.Data]; sign != "" {
		b.characters(sign)
	}
	switch {
	case t.Data == "m:omath":
		b.notes.at(b.at, "a formula of Word is shown as text", "")
	case strings.HasPrefix(t.Data, "v:"):
		b.drawing(t)
	}
}

// shownByDrawings are the attributes of a drawing that say something, and what that is.
var shownByDrawings = []struct{ key, what string }{
	{"src", "a picture of Word was left out"}, {"string", "the words of a drawing of Word were left out"},
	{"alt", "a drawing of Word was left out"}, {"title", "the title of a drawing of Word was left out"}, {"o:title", "the title of a picture of Word was left out"},
	{"href", "the address to which a drawing of Word leads was left out"},
}

// drawing notes what a drawing shows besides the words that stand in it, and keeps the words
// around it apart.
func (b *builder) drawing(t html.Token) {
	for _, a := range shownByDrawings {
		if said, ok := value(t, a.key); ok && strings.TrimSpace(said) != "" {
			b.notes.at(b.at, a.what, strings.TrimSpace(said))
		}
	}
	b.append(gap(b.at))
}
