package importer

import (
	"maps"
	"slices"
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"

	"communique/storage/richtext"
)

// LinkedSheet is what a style sheet that stands beside the pages says of what they show.
// It may be used by many at once.
type LinkedSheet struct{ rules []showing }

// showing is a rule with what it names, and what its last part names.
type showing struct {
	richtext.Showing
	marks, aim []string
}

// ReadLinkedSheet reads a style sheet.
func ReadLinkedSheet(css string) *LinkedSheet {
	s := &LinkedSheet{}
	for _, r := range richtext.ReadShowing(css) {
		aim := richtext.Aim(r.Selector, func(string) bool { return true })
		s.rules = append(s.rules, showing{r, richtext.Marks(r.Selector), richtext.Marks(aim)})
	}
	return s
}

// on returns the rules that say something of a page with these marks, in the order in which
// they count. What names something that is not there holds only sometimes.
func (s *LinkedSheet) on(named map[string]bool, always bool) []richtext.Showing {
	var all []richtext.Showing
	for _, r := range s.rules {
		absent := func(mark string) bool { return !named[mark] }
		sometimes := r.Sometimes || !always || slices.ContainsFunc(r.marks, absent)
		switch {
		case len(all) == maxShowing, sometimes && (r.Hides || !slices.ContainsFunc(r.aim, func(mark string) bool { return named[mark] })):
		default:
			rule := r.Showing
			rule.Sometimes = sometimes
			all = append(all, rule)
		}
	}
	return all
}

const (
	// maxLinked bounds the style sheets that are looked for on a page, and maxShowing the
	// rules of each that are tried on it.
	maxLinked  = 20
	maxShowing = 1000
)

// linkedRules are the rules of the style sheets beside the page, in the order in which they
// count, with those of the page's own; what names something that is not on the page holds
// only sometimes.
func (d *document) linkedRules(linked func(href string) *LinkedSheet, own string, named map[string]bool) []richtext.Showing {
	var rules []richtext.Showing
	links := d.tree.Find("link[rel][href]").Nodes
	for _, n := range links[:min(len(links), maxLinked)] {
		rel := strings.Fields(strings.ToLower(attr(n, "rel")))
		media := strings.ToLower(strings.TrimSpace(attr(n, "media")))
		if !slices.Contains(rel, "stylesheet") || slices.Contains(rel, "alternate") || strings.Contains(media, "print") {
			continue
		}
		if sheet := linked(strings.TrimSpace(attr(n, "href"))); sheet != nil {
			rules = append(rules, sheet.on(named, media == "" || media == "all" || media == "screen")...)
		}
	}
	if !slices.ContainsFunc(rules, func(r richtext.Showing) bool { return r.Hides }) {
		return nil
	}
	rules = append(rules, ReadLinkedSheet(own).on(named, true)...)
	slices.SortStableFunc(rules, func(a, b richtext.Showing) int { return a.Weight - b.Weight })
	return rules
}

// applyLinked hides what the style sheets beside the page hide from every reader: nothing
// that they show on some screens, or once a reader or a script does something, and nothing
// at all if that were much of the page, which then waits for a script.
func (d *document) applyLinked(linked func(href string) *LinkedSheet, own string, named map[string]bool, sizes map[*html.Node]int, whole int) {
	if linked == nil {
		return
	}
	rules := d.linkedRules(linked, own, named)
	hidden := map[string]map[*html.Node]bool{"display": {}, "visibility": {}}
	for _, r := range rules {
		of := hidden[r.Property]
		switch {
		case r.Hides:
			for _, n := range d.tree.Find(r.Selector).Nodes {
				if len(of) < maxStyled {
					of[n] = true
				}
			}
		case len(of) > 0:
			shows := aims(r, named)
			for n := range of {
				if shows(n) {
					delete(of, n)
				}
			}
		}
	}
	all := slices.Concat(slices.Collect(maps.Keys(hidden["display"])), slices.Collect(maps.Keys(hidden["visibility"])))
	if len(all) == 0 || covered(all, sizes)*3 >= whole {
		return
	}
	for property, of := range hidden {
		value := map[string]string{"display": "none", "visibility": "hidden"}[property]
		for n := range of {
			setAttr(n, "style", property+":"+value+";"+attr(n, "style"))
		}
	}
}

// aims returns whether a rule that shows elements shows this one, or would at another time.
func aims(r richtext.Showing, named map[string]bool) func(*html.Node) bool {
	selector := r.Selector
	if r.Sometimes {
		selector = richtext.Aim(selector, func(mark string) bool { return named[mark] })
	}
	compiled, err := cascadia.ParseGroup(selector)
	if selector == "" || err != nil {
		return func(*html.Node) bool { return false }
	}
	return compiled.Match
}

// shownSometimes returns whether a style sheet that hides an element by a rule of this weight
// shows it on some screens, or once a reader does something.
func shownSometimes(css string, named map[string]bool) func(n *html.Node, weight int) bool {
	type shows struct {
		weight int
		match  func(*html.Node) bool
	}
	var all []shows
	for _, r := range ReadLinkedSheet(css).on(named, true) {
		if r.Sometimes {
			all = append(all, shows{r.Weight, aims(r, named)})
		}
	}
	return func(n *html.Node, weight int) bool {
		return slices.ContainsFunc(all, func(s shows) bool { return s.weight >= weight && s.match(n) })
	}
}

// marksOn are the classes and ids of the page, each with its sign.
func (d *document) marksOn() map[string]bool {
	named := map[string]bool{}
	for n := range d.tree.Nodes[0].Descendants() {
		for _, a := range n.Attr {
			switch a.Key {
			case "class":
				for class := range strings.FieldsSeq(a.Val) {
					named["."+class] = true
				}
			case "id":
				named["#"+a.Val] = true
			}
		}
	}
	return named
}
