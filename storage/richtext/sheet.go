package richtext

import (
	"cmp"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"communique/storage/lazyregexp"
)

// Rule is what a style sheet says of the elements that a selector names, as far as it
// hides them, strikes them through or raises them, numbers them, or colours them where a rule of the
// sheet hides by a colour.
type Rule struct {
	Selector string
	Style    string // for a style attribute
	Hides    bool   // rather than strikes, raises or shows
	// Weight puts rules for one element in order, the one that counts last.
	Weight int
}

// Sheet is what a style sheet says, and of which classes all that it says is known.
type Sheet struct {
	Rules   []Rule
	classes map[string]bool // those that it names; false for those of which it says more
}

// Doubts reports whether the sheet says more of a class than its rules tell.
func (s Sheet) Doubts(class string) bool {
	sure, named := s.classes[class]
	return named && !sure
}

const (
	// maxSheet bounds a style sheet in bytes, maxRules what it says, and maxRead how many
	// rules are read for that.
	maxSheet = 256 << 10
	maxRules = 300
	maxRead  = 4000
)

// ReadSheet reads a style sheet. What it says of some media or under a condition is left
// out, and so is what it says of the page as a whole: that is shown by a script.
func ReadSheet(css string) Sheet {
	all := slices.DeleteFunc(rulesOf(cssComment.ReplaceAllString(css[:min(len(css), maxSheet)], ""), 0, maxRead), func(w written) bool { return w.sometimes })
	sheet := Sheet{classes: map[string]bool{}}
	looked := looksAt(all)
	for _, w := range all {
		style := w.said.only(looked)
		for selector := range strings.SplitSeq(w.selectors, ",") {
			selector = strings.TrimSpace(selector)
			simple := compounds(selector) != nil
			for _, mark := range compoundMark.FindAllString(selector, -1) {
				sure, named := sheet.classes[mark[1:]]
				sheet.classes[mark[1:]] = (sure || !named) && (simple || !w.said.colours())
			}
			if style != "" && len(sheet.Rules) < maxRules && !wholePage.MatchString(selector) {
				sheet.Rules = append(sheet.Rules, Rule{selector, style, w.hides, weight(selector)})
			}
		}
	}
	slices.SortStableFunc(sheet.Rules, func(a, b Rule) int { return cmp.Compare(a.Weight, b.Weight) })
	return sheet
}

// written is a rule as it stands in a sheet.
type written struct {
	selectors string
	said      statements
	hides     bool
	sometimes bool // on some screens
}

// rulesOf reads at most so many rules.
func rulesOf(css string, depth, most int) []written {
	var all []written
	for len(css) > 0 && len(all) < most {
		selectors, rest, found := strings.Cut(css, "{")
		if !found {
			break
		}
		body, after := block(rest)
		selectors, css = strings.TrimSpace(selectors[strings.LastIndexByte(selectors, ';')+1:]), after
		if name, ok := strings.CutPrefix(selectors, "@"); ok {
			kind := strings.ToLower(atRule.FindString(name))
			query := name[len(kind):]
			always := kind == "layer" || kind == "media" && forScreens(query)
			if depth < 3 && (always || conditions[kind] && !strings.Contains(strings.ToLower(query), "print")) {
				inner := rulesOf(body, depth+1, most-len(all))
				for i := range inner {
					inner[i].sometimes = inner[i].sometimes || !always
				}
				all = append(all, inner...)
			}
			continue
		}
		if said := stated(body); len(said) > 0 {
			said.settle()
			all = append(all, written{selectors: selectors, said: said, hides: len(hidesBy(said)) > 0})
		}
	}
	return all
}

var atRule = lazyregexp.New(`^[\w-]*`)

// conditions are the blocks whose rules hold on some screens only.
var conditions = map[string]bool{"media": true, "supports": true, "container": true}

// forScreens reports whether a media query is about every screen.
func forScreens(query string) bool {
	return slices.Contains([]string{"all", "screen", "only screen"}, strings.ToLower(strings.TrimSpace(query)))
}

var wholePage = lazyregexp.New(`(?i)(^|[\s>])(html|body|\*)([.#:\[][^\s>]*)?$`)

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
	return 10_000*strings.Count(selector, "#") + 100*classes + len(elementName.FindAllString(selector, -1))
}

var elementName = lazyregexp.New(`(^|[\s>+~])[A-Za-z]`)

// stating are the properties of a style sheet that are always looked at: others say often
// something that hides nothing, and are if a rule of the sheet hides by them.
var stating = []string{"display", "visibility", "mso-hide", "content-visibility", "text-decoration", "text-decoration-line", "vertical-align", "font-variant-position", "list-style", "list-style-type"}

// colouring are those that tell of the colours of a text and what is behind it.
var colouring = []string{"color", "-webkit-text-fill-color", "background", "background-color", "background-image", "background-clip", "-webkit-background-clip", "text-shadow", "position"}

// looksAt are the properties that matter in a sheet of these rules.
func looksAt(all []written) []string {
	looked := slices.Clone(stating)
	inks, grounds := []shade{paper.ink}, []shade{paper.ground}
	for _, w := range all {
		for _, property := range hidesBy(w.said) {
			if !slices.Contains(looked, property) {
				looked = append(looked, property)
			}
		}
		if w.said.colours() && len(inks)+len(grounds) < maxColours {
			t := tintOf(html.Token{}, w.said.values(), nil)
			inks, grounds = append(inks, t.ink), append(grounds, t.ground)
		}
		if said := w.said["white-space"].value; strings.HasPrefix(said, "pre-") && !slices.Contains(looked, "white-space") {
			looked = append(looked, "white-space")
		}
	}
	if meet(inks, grounds) {
		looked = append(looked, colouring...)
	}
	return looked
}

// maxColours bounds the colours that are compared.
const maxColours = 400

// meet reports whether a text in one of these colours could not be read on one of those.
func meet(inks, grounds []shade) bool {
	return slices.ContainsFunc(inks, func(ink shade) bool {
		return ink.kind == solid && (ink.alpha < 0.05 || slices.ContainsFunc(grounds, func(g shade) bool { return g.kind == solid && g.alpha > 0.05 && ink.near(g) }))
	})
}

// colours reports whether a rule says anything of colours.
func (all statements) colours() bool {
	for _, property := range colouring[:5] {
		if _, ok := all[property]; ok {
			return true
		}
	}
	return false
}

// settle takes from a rule what is on its way to be seen: a transition or an animation
// leads somewhere else.
func (all statements) settle() {
	moves := false
	for _, property := range []string{"transition", "transition-property", "transition-duration", "animation", "animation-name"} {
		said := all[property].value
		moves = moves || said != "" && said != "none" && said != "0s"
	}
	if !moves {
		return
	}
	for property, s := range all {
		if hide := hiding[property]; hide != nil && hide(s.value) && property != "display" && property != "mso-hide" {
			delete(all, property)
		}
	}
	for _, side := range sides {
		delete(all, side)
	}
}

// hidesBy are the properties by which a rule hides, if it does.
func hidesBy(said statements) []string {
	style := said.values()
	var by []string
	for property, v := range style {
		if hide := hiding[property]; hide != nil && hide(v) || property == "font-size" && tooSmall(v) {
			by = append(by, property)
		}
	}
	if veils(style) {
		by = append(by, "visibility")
	}
	if cutOff(style) {
		for property := range style {
			if slices.Contains(cutting, property) || slices.Contains(sides, property) {
				by = append(by, property)
			}
		}
	}
	slices.Sort(by)
	return by
}

// only is a style attribute of some of what a rule states.
func (all statements) only(looked []string) string {
	var b strings.Builder
	for _, property := range looked {
		s, ok := all[property]
		if !ok || strings.HasPrefix(property, "list-style") && !counts(s.value) {
			continue
		}
		b.WriteString(property + ":" + s.value)
		if s.important {
			b.WriteString("!important")
		}
		b.WriteByte(';')
	}
	return b.String()
}

// compound is a part of a selector: what it says of one element.
type compound struct {
	tag, id string
	classes []string
	child   bool // of the one before it, not just below it
}

// sheet is what a text says of its own elements.
type sheet struct {
	rules   map[string][]sheetRule // by a class, id or name of the element that a rule is for
	classes map[string]bool        // of which all that is said is known
}

// knows reports whether all that a text says of a class is known.
func (s sheet) knows(class string) bool { return s.classes[class] }

type sheetRule struct {
	path []compound // the element itself comes last
	said statements
}

var (
	compoundSelector = lazyregexp.New(`^([A-Za-z][\w-]*)?((?:[.#][\w-]+)*)$`)
	compoundMark     = lazyregexp.New(`[.#][\w-]+`)
)

// maxPerKey bounds the rules that are tried on one element.
const maxPerKey = 20

// read adds the rules of a style element, as far as their selectors are understood.
func (s sheet) read(css string) {
	read := ReadSheet(css)
	for class, sure := range read.classes {
		known, named := s.classes[class]
		s.classes[class] = sure && (known || !named)
	}
	for _, r := range read.Rules {
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
		if len(s.rules[key]) < maxPerKey {
			s.rules[key] = append(s.rules[key], sheetRule{path, stated(r.Style)})
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
		for _, r := range s.rules[key] {
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
	if len(b.sheet.rules) == 0 {
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
