package importer

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"

	"communique/storage/lazyregexp"
	"communique/storage/richtext"
)

// Selector names elements of a page as CSS does; with " @NAME" behind it, it names an
// attribute of them: "h1.title", "meta[property='og:title'] @content". It may also name what
// the page says in its data for programs: "ld+json NewsArticle.datePublished".
type Selector struct {
	text, attribute string
	match           cascadia.SelectorGroup
	data            *dataPath
	bare            bool // see bareLine
}

var attributeOf = lazyregexp.New(`\s@([a-zA-Z][a-zA-Z0-9:_-]*)\s*$`)

// ParseSelector reads a selector; the empty text selects nothing.
func ParseSelector(text string) (s Selector, err error) {
	s.text = strings.TrimSpace(text)
	if s.text == "" {
		return s, nil
	}
	if s.text == bareLine {
		s.bare = true
		return s, nil
	}
	if strings.HasPrefix(s.text, dataMark) {
		s.data, err = parseDataPath(s.text)
		return s, err
	}
	css := s.text
	if m := attributeOf.FindStringSubmatchIndex(css); m != nil {
		s.attribute = strings.ToLower(css[m[2]:m[3]])
		css = css[:m[0]]
	}
	if s.match, err = cascadia.ParseGroup(css); err != nil {
		return s, fmt.Errorf("%q is not a selector as in CSS: %w", text, err)
	}
	return s, nil
}

func (s Selector) String() string { return s.text }

// all returns the outermost elements that the selector names, in the order of the page.
func (s Selector) all(root *html.Node) []*html.Node {
	if s.text == "" || s.isData() || s.bare {
		return nil
	}
	var found []*html.Node
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode && s.match.Match(n) {
			found = append(found, n)
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
	return found
}

// value is what the first element that says anything says, and that element.
func (s Selector) value(root *html.Node) (string, *html.Node) {
	if s.isData() {
		if values, script := s.data.values(root); len(values) > 0 {
			return values[0], script
		}
		return "", nil
	}
	for _, n := range s.all(root) {
		text := attr(n, s.attribute)
		if s.attribute == "" {
			text = lineOf(n).text
		}
		if text = richtext.CleanText(text); text != "" {
			return text, n
		}
	}
	return "", nil
}

// plainName are the names of classes and ids that a template gives, not a page: without
// long numbers, and written without a sign that CSS reads.
var plainName = lazyregexp.New(`^-?[A-Za-z_][A-Za-z_-]*[0-9]{0,2}$`)

// names are the selectors by which an element may be found on other pages of its
// template, the surest first.
func names(n *html.Node) []string {
	own := ownNames(n)
	if len(own) > 0 && n.Data != "div" && n.Data != "span" && n.Data != "p" {
		own = append(own, n.Data)
	}
	if len(own) > 0 {
		return own
	}
	if single[n.Data] {
		own = append(own, n.Data)
	}
	if n.Parent == nil || n.Parent.Type != html.ElementNode {
		return own
	}
	step := " > " + n.Data
	for up, a := 0, n.Parent; up < 4 && a != nil && a.Type == html.ElementNode; up, a = up+1, a.Parent {
		above := ownNames(a)
		if len(above) == 0 && single[a.Data] {
			above = []string{a.Data}
		}
		if len(above) > 0 {
			return append(own, above[0]+step)
		}
		step = " > " + a.Data + step
	}
	return own
}

// placesOf are the selectors of an element that nothing names: how it looks, and its place.
func placesOf(n *html.Node) (places []string) {
	for _, a := range n.Attr {
		if looks[a.Key] && plainLook.MatchString(a.Val) {
			places = append(places, n.Data+"["+a.Key+`="`+a.Val+`"]`)
		}
	}
	return append(places, placeOf(n)...)
}

// placeOf is the selector of an element by its place in the closest one that has a name.
func placeOf(n *html.Node) []string {
	const highest = 8
	path := ""
	for up, a := 0, n; up < highest && a != nil && a.Type == html.ElementNode; up, a = up+1, a.Parent {
		above := ownNames(a)
		if len(above) == 0 && single[a.Data] {
			above = []string{a.Data}
		}
		if up > 0 && len(above) > 0 {
			return []string{above[0] + path}
		}
		path = " > " + a.Data + whichOfKind(a) + path
	}
	return nil
}

// pathBelow is the selector of an element that nothing names by the elements from another one
// down to it.
func pathBelow(top, n *html.Node) []string {
	path := n.Data
	for n != top {
		if n = n.Parent; n == nil || n.Type != html.ElementNode {
			return nil
		}
		path = n.Data + " > " + path
	}
	if path == n.Data {
		return nil
	}
	return []string{path}
}

// sureness is less than 1 for a place: a name says more of other pages.
func (s Selector) sureness() float64 {
	const place, everything = 0.95, 0.9
	if s.text == "body" {
		return everything
	}
	if strings.Contains(s.text, " > ") {
		return place
	}
	return 1
}

// looks are the attributes by which old pages say what an element looks like.
var looks = set("color align size face bgcolor")

var plainLook = lazyregexp.New(`^[#A-Za-z0-9+-][A-Za-z0-9, -]{0,30}$`)

// whichOfKind says which of its kind an element is among its siblings, if it is not the only one.
func whichOfKind(n *html.Node) string {
	if n.Parent == nil {
		return ""
	}
	at, all := 0, 0
	for c := n.Parent.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && c.Data == n.Data {
			all++
		}
		if c == n {
			at = all
		}
	}
	if all == 1 {
		return ""
	}
	return fmt.Sprintf(":nth-of-type(%d)", at)
}

// namesBelow are the selectors of an element whose own names other elements of the page
// may have, too: below the closest elements that have names.
func namesBelow(n *html.Node) []string {
	own := ownNames(n)
	if len(own) == 0 {
		return nil
	}
	var below []string
	for a := n.Parent; a != nil && a.Type == html.ElementNode && len(below) < 4; a = a.Parent {
		for _, above := range ownNames(a) {
			below = append(below, above+" "+own[0])
		}
	}
	return below
}

// single are elements that a page is likely to have once.
var single = set("h1 main article time body")

func ownNames(n *html.Node) []string {
	var own []string
	if id := attr(n, "id"); plainName.MatchString(id) {
		own = append(own, "#"+id)
	}
	var classes []string
	for c := range strings.FieldsSeq(attr(n, "class")) {
		if plainName.MatchString(c) && len(classes) < 6 {
			classes = append(classes, c)
		}
	}
	for _, c := range classes {
		own = append(own, n.Data+"."+c)
	}
	if len(classes) > 1 {
		own = append(own, n.Data+"."+strings.Join(classes[:min(len(classes), 3)], "."))
	}
	if prop := attr(n, "itemprop"); plainName.MatchString(prop) {
		own = append(own, n.Data+`[itemprop="`+prop+`"]`)
	}
	return own
}

// votes counts the selectors that pages propose.
type votes map[string]int

func (v votes) add(selectors ...string) {
	for _, s := range selectors {
		v[s]++
	}
}

// total is how many votes there are.
func (v votes) total() (n int) {
	for _, times := range v {
		n += times
	}
	return n
}

// plain is 1 for the name of an element without a mark, which other templates have, too.
func plain(selector string) int {
	if strings.ContainsAny(selector, ".#[") {
		return 0
	}
	return 1
}

// best are the selectors with most votes, at most so many.
func (v votes) best(most int) []Selector {
	all := slices.SortedFunc(maps.Keys(v), func(a, b string) int {
		return cmp.Or(v[b]-v[a], plain(a)-plain(b), len(a)-len(b), strings.Compare(a, b))
	})
	var chosen []Selector
	for _, text := range all {
		if s, err := ParseSelector(text); err == nil && len(chosen) < most {
			chosen = append(chosen, s)
		}
	}
	return chosen
}

// rated is a selector with what the pages of a template say of it.
type rated struct {
	Selector
	score    float64
	on       []int // the pages on which it found something
	examples []string
}

func (r *rated) found(i int, text string, score float64) {
	r.score += score
	r.on = append(r.on, i)
	if text = squeeze(text, 60); len(r.examples) < 3 && text != "" && !slices.Contains(r.examples, text) {
		r.examples = append(r.examples, text)
	}
}

// strongestOf is the selector with the highest score; of equals the first.
func strongestOf(all []*rated) *rated {
	var best *rated
	for _, r := range all {
		if len(r.on) > 0 && (best == nil || r.score > best.score+1e-9) {
			best = r
		}
	}
	return best
}

func ratedOf(selectors []Selector) []*rated {
	all := make([]*rated, len(selectors))
	for i, s := range selectors {
		all[i] = &rated{Selector: s}
	}
	return all
}
