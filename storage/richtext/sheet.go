package richtext

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// Rule is what a style sheet says of the elements that a selector names, as far as it
// hides them, strikes them through or raises them.
type Rule struct {
	Selector string
	Style    string // for a style attribute
	// Weight puts rules for one element in order, the one that counts last.
	Weight int
}

const (
	// maxSheet bounds a style sheet in bytes, and maxRules what it says.
	maxSheet = 256 << 10
	maxRules = 300
)

// Rules reads a style sheet. What it says of some media or under a condition is left
// out, and so is what it says of the page as a whole: that is shown by a script.
func Rules(css string) []Rule {
	all := rulesOf(cssComment.ReplaceAllString(css[:min(len(css), maxSheet)], ""), 0)
	slices.SortStableFunc(all, func(a, b Rule) int { return cmp.Compare(a.Weight, b.Weight) })
	return all
}

func rulesOf(css string, depth int) []Rule {
	var all []Rule
	for len(css) > 0 && len(all) < maxRules {
		selectors, rest, found := strings.Cut(css, "{")
		if !found {
			break
		}
		body, after := block(rest)
		selectors, css = strings.TrimSpace(selectors[strings.LastIndexByte(selectors, ';')+1:]), after
		if query, ok := strings.CutPrefix(selectors, "@media"); ok {
			if depth < 3 && slices.Contains([]string{"all", "screen"}, strings.TrimSpace(query)) {
				all = append(all, rulesOf(body, depth+1)...)
			}
			continue
		}
		style := relevant(stated(body))
		if style == "" || strings.HasPrefix(selectors, "@") {
			continue
		}
		for selector := range strings.SplitSeq(selectors, ",") {
			selector = strings.TrimSpace(selector)
			if len(all) < maxRules && !wholePage.MatchString(selector) {
				all = append(all, Rule{selector, style, weight(selector)})
			}
		}
	}
	return all
}

var wholePage = regexp.MustCompile(`(?i)(^|[\s>])(html|body|\*)([.#:\[][^\s>]*)?$`)

// block is what stands up to the brace that closes a block, and what follows it.
func block(css string) (body, after string) {
	depth := 1
	for i := range len(css) {
		switch css[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return css[:i], css[i+1:]
			}
		}
	}
	return css, ""
}

// weight is how much a selector counts: ids before classes before elements.
func weight(selector string) int {
	classes := strings.Count(selector, ".") + strings.Count(selector, "[") + strings.Count(selector, ":")
	return 10_000*strings.Count(selector, "#") + 100*classes + len(strings.Fields(selector))
}

// stating are the properties of a style sheet that are looked at. Colours are if a rule
// hides by both that of a text and what is behind it; else the other one may be anywhere.
var stating = []string{"display", "visibility", "mso-hide", "content-visibility", "opacity", "clip", "clip-path", "transform", "filter",
	"text-decoration", "text-decoration-line", "vertical-align", "font-variant-position"}

var colouring = []string{"color", "-webkit-text-fill-color", "background", "background-color", "background-image", "background-clip", "-webkit-background-clip", "text-shadow"}

// relevant is a style attribute of what matters in a style.
func relevant(said statements) string {
	var b strings.Builder
	matters := false
	looked := stating
	if said["color"].value != "" && said["background"].value+said["background-color"].value != "" && paper.with(tintOf(html.Token{}, said.values())).hides() {
		looked = slices.Concat(stating, colouring)
	}
	for _, property := range looked {
		s, ok := said[property]
		if !ok {
			continue
		}
		matters = true
		b.WriteString(property + ":" + s.value)
		if s.important {
			b.WriteString("!important")
		}
		b.WriteByte(';')
	}
	if !matters {
		return ""
	}
	return b.String()
}

// compound is a part of a selector: what it says of one element.
type compound struct {
	tag, id string
	classes []string
	child   bool // of the one before it, not just below it
}

// sheet is what a text says of its own elements, by a class, id or name of the element
// that a rule is for.
type sheet map[string][]sheetRule

type sheetRule struct {
	path []compound // the element itself comes last
	said statements
}

var (
	compoundSelector = regexp.MustCompile(`^([A-Za-z][\w-]*)?((?:[.#][\w-]+)*)$`)
	compoundMark     = regexp.MustCompile(`[.#][\w-]+`)
)

// maxPerKey bounds the rules that are tried on one element.
const maxPerKey = 20

// read adds the rules of a style element, as far as their selectors are understood.
func (s sheet) read(css string) {
	for _, r := range Rules(css) {
		path := compounds(r.Selector)
		if len(path) == 0 || len(path) > 4 {
			continue
		}
		last := path[len(path)-1]
		key := last.tag
		switch {
		case last.id != "":
			key = "#" + last.id
		case len(last.classes) > 0:
			key = "." + last.classes[0]
		}
		if len(s[key]) < maxPerKey {
			s[key] = append(s[key], sheetRule{path, stated(r.Style)})
		}
	}
}

// compounds are the parts of a selector, or nothing for one that says more than names,
// classes and ids of elements in one another.
func compounds(selector string) []compound {
	var path []compound
	child := false
	for part := range strings.FieldsSeq(strings.ReplaceAll(selector, ">", " > ")) {
		if part == ">" {
			child = true
			continue
		}
		m := compoundSelector.FindStringSubmatch(part)
		if m == nil {
			return nil
		}
		c := compound{tag: strings.ToLower(m[1]), child: child}
		for _, mark := range compoundMark.FindAllString(m[2], -1) {
			if mark[0] == '#' {
				c.id = mark[1:]
			} else {
				c.classes = append(c.classes, mark[1:])
			}
		}
		path, child = append(path, c), false
	}
	return path
}

func (c compound) matches(n *node) bool {
	if c.tag != "" && c.tag != n.source || c.id != "" && c.id != n.named {
		return false
	}
	for _, class := range c.classes {
		if !slices.Contains(n.classes, class) {
			return false
		}
	}
	return true
}

// of is what the rules say of an element inside of others.
func (s sheet) of(n *node, around []*node) statements {
	said := statements{}
	keys := []string{n.source}
	for _, class := range n.classes {
		keys = append(keys, "."+class)
	}
	if n.named != "" {
		keys = append(keys, "#"+n.named)
	}
	for _, key := range keys {
		for _, r := range s[key] {
			if r.path[len(r.path)-1].matches(n) && above(r.path, around) {
				for property, d := range r.said {
					said.add(property, d)
				}
			}
		}
	}
	return said
}

// above tells whether the elements around one are as a selector says.
func above(path []compound, around []*node) bool {
	at := len(around) - 1
	for i := len(path) - 2; i >= 0; i-- {
		for ; at > 0 && !path[i].matches(around[at]); at-- {
			if path[i+1].child {
				return false
			}
		}
		if at <= 0 {
			return false
		}
		at--
	}
	return true
}

// style is what the attribute and the style sheets of a text say of an element.
func (b *builder) style(n *node, t html.Token) map[string]string {
	own, _ := value(t, "style")
	if len(b.sheet) == 0 {
		if own == "" {
			return nil
		}
		return stated(own).values()
	}
	class, _ := value(t, "class")
	n.named, _ = value(t, "id")
	if n.classes = strings.Fields(class); len(n.classes) > maxPerKey {
		n.classes = n.classes[:maxPerKey]
	}
	said := b.sheet.of(n, b.open)
	for property, s := range stated(own) {
		said.add(property, s)
	}
	return said.values()
}
