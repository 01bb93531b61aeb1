package richtext

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"communique/storage/lazyregexp"
)

// statement is one declaration of a style.
type statement struct {
	value     string
	important bool
}

// statements are the declarations of a style by their properties. Of two the later one
// counts, unless only the other is important (CSS Cascading and Inheritance 4, §6).
type statements map[string]statement

func stated(raw string) statements {
	said := statements{}
	for part := range strings.SplitSeq(cssText(raw), ";") {
		property, v, _ := strings.Cut(part, ":")
		property, v = strings.TrimSpace(property), strings.TrimSpace(v)
		s := statement{value: v}
		if m := important.FindStringIndex(v); m != nil {
			s = statement{strings.TrimSpace(v[:m[0]]), true}
		}
		said.add(property, s)
	}
	return said
}

func (all statements) add(property string, s statement) {
	if size := sizeIn(s.value); property == "font" && size != "" {
		all.add("font-size", statement{size, s.important})
		return
	}
	if known, ok := keywords[property]; property == "" || ok && !slices.Contains(known, s.value) {
		return // a declaration that is not understood says nothing
	}
	if !all[property].important || s.important {
		all[property] = s
	}
}

// sizeIn is the size among the values of a font, which may have the height of lines
// behind it and has a family behind both. A number without a unit is a weight.
func sizeIn(font string) string {
	all := strings.Fields(font)
	for _, word := range all[:max(len(all)-1, 0)] {
		size, _, _ := strings.Cut(word, "/")
		if m := measure.FindStringSubmatch(size); m != nil && (m[2] != "" || zero(size)) {
			return size
		}
	}
	return ""
}

func (all statements) values() map[string]string {
	said := make(map[string]string, len(all))
	for property, s := range all {
		said[property] = s.value
	}
	return said
}

var (
	cssComment = lazyregexp.New(`(?s)/\*.*?\*/`)
	cssEscape  = lazyregexp.New(`\\([0-9a-f]{1,6})[ \t\n]?|\\(.)`)
	important  = lazyregexp.New(`!\s*important$`)

	// keywords are what the properties may say that hide by a word.
	keywords = map[string][]string{
		"display": strings.Fields(`none block inline inline-block flow-root flex inline-flex grid inline-grid table inline-table
			table-row table-cell table-row-group table-header-group table-footer-group table-column table-column-group table-caption
			list-item contents run-in ruby ruby-base ruby-text -webkit-box -webkit-inline-box -webkit-flex -ms-flexbox -ms-grid math
			inherit initial unset revert revert-layer`),
		"visibility": strings.Fields("visible hidden collapse inherit initial unset revert revert-layer"),
	}
)

// cssText is a style without comments and escapes, in lower case.
func cssText(raw string) string {
	s := cssComment.ReplaceAllString(strings.ToLower(raw), "")
	return cssEscape.ReplaceAllStringFunc(s, func(escape string) string {
		m := cssEscape.FindStringSubmatch(escape)
		n, err := strconv.ParseUint(m[1], 16, 32)
		if err != nil {
			return m[2]
		}
		return strings.ToLower(string(rune(n)))
	})
}

// Hides tells whether a style attribute takes its element away from every reader, with
// all that is in it.
func Hides(style string) bool {
	said := stated(style).values()
	return concealedBy(said) || veils(said)
}

// veils tells whether a style hides its element, but for what in it says that it is
// visible.
func veils(style map[string]string) bool {
	return style["visibility"] == "hidden" || style["visibility"] == "collapse"
}

// concealed tells whether an element is hidden from every reader: by the
// attribute, by its style, or as Word does it. What its colours do is said elsewhere.
func concealed(t html.Token, style map[string]string) bool {
	shown := style["display"] != "" && style["display"] != "none" // which a style may say in spite of the attribute
	if how, ok := value(t, "hidden"); ok && (!shown || how == "until-found") {
		return true
	}
	if _, open := value(t, "open"); t.Data == "dialog" && !open && !shown {
		return true
	}
	return concealedBy(style)
}

// concealedBy tells whether a style hides its element.
func concealedBy(style map[string]string) bool {
	for property, v := range style {
		if hide := hiding[property]; hide != nil && hide(v) {
			return true
		}
	}
	return cutOff(style)
}

// sides are those of which one without length leaves nothing of a box that cuts off what
// is outside of it, and cutting are the other properties that decide on that.
var (
	sides   = []string{"height", "width", "max-height", "max-width"}
	cutting = []string{"overflow", "overflow-x", "overflow-y", "white-space", "text-indent", "padding", "padding-top", "padding-bottom", "min-height"}
)

// cutOff tells whether a box cuts off all that is in it. One that keeps the shape of a
// film has its height from its padding.
func cutOff(style map[string]string) bool {
	over := strings.Fields(style["overflow"] + " " + style["overflow-x"] + " " + style["overflow-y"])
	if !slices.Contains(over, "hidden") && !slices.Contains(over, "clip") {
		return false
	}
	if strings.HasPrefix(style["white-space"], "nowrap") && indented.MatchString(style["text-indent"]) {
		return true
	}
	roomy := false
	for _, property := range []string{"padding", "padding-top", "padding-bottom", "min-height"} {
		for word := range strings.FieldsSeq(style[property]) {
			n, ok := length(word)
			roomy = roomy || ok && n > 1 || strings.HasPrefix(word, "calc(")
		}
	}
	return slices.ContainsFunc(sides, func(side string) bool {
		n, ok := length(style[side])
		return ok && n <= 1 && !(roomy && strings.HasSuffix(side, "height"))
	})
}

// hiding tells of properties whether what they say hides.
var hiding = map[string]func(v string) bool{
	"display":            func(v string) bool { return v == "none" },
	"mso-hide":           func(v string) bool { return v == "all" },
	"content-visibility": func(v string) bool { return v == "hidden" },
	"opacity": func(v string) bool {
		n, ok := length(v)
		return ok && (n < 0.05 || strings.HasSuffix(v, "%") && n < 50)
	},
	"zoom":                  zero,
	"scale":                 func(v string) bool { return slices.ContainsFunc(strings.Fields(v), zero) },
	"transform":             func(v string) bool { return vanishing.MatchString(v) || farAway.MatchString(v) },
	"translate":             func(v string) bool { return slices.ContainsFunc(strings.Fields(v), outside) },
	"filter":                func(v string) bool { return vanishing.MatchString(v) || blurred.MatchString(v) },
	"-webkit-text-security": func(v string) bool { return v != "none" },
	"clip":                  func(v string) bool { return strings.HasPrefix(v, "rect(0") || strings.HasPrefix(v, "rect(1px") },
	"clip-path":             func(v string) bool { return vanishing.MatchString(v) },
	"left":                  outside, "right": outside, "top": outside, "bottom": outside,
	"text-indent": outside, "margin-left": outside, "margin-top": outside, "inset": outside,
}

var (
	// vanishing are the functions of CSS that leave nothing to be seen.
	vanishing = lazyregexp.New(`scale[xy3d]*\(\s*0*\.?0+%?\s*[,)]|scale\([^,)]*,\s*0*\.?0+%?\s*\)|opacity\(\s*0*\.?0+%?\s*\)|matrix\(\s*0\s*,\s*0\s*,|inset\(\s*(?:5[0-9]|[6-9][0-9]|100)%|circle\(\s*0|ellipse\(\s*0|polygon\(\s*(?:0[a-z%]*[\s,]*)+\)`)
	blurred   = lazyregexp.New(`blur\(\s*(?:[3-9]|[0-9]{2,})[0-9.]*px|blur\(\s*[0-9.]*[1-9][0-9.]*r?em`)
	farAway   = lazyregexp.New(`translate[xy3d]*\([^)]*-(?:[0-9]{4,}|9[0-9]{2})(?:px|pt|em|rem|%|vw|vh)`)
)

// indented is a first line that begins behind the end of lines.
var indented = lazyregexp.New(`^(?:[1-9][0-9]{2,}(?:\.[0-9]+)?%|[1-9][0-9]{3,}(?:\.[0-9]+)?px|[1-9][0-9]{2,}(?:\.[0-9]+)?(?:r?em|vw))`)

// tooSmall tells whether nobody can read a text of that size.
func tooSmall(v string) bool {
	n, ok := length(v)
	if strings.HasSuffix(v, "%") {
		n *= 16.0 / 100 / 10 // of the size around, which is not known
	}
	return ok && n <= 1
}

// outside tells whether a length moves something out of the page.
func outside(v string) bool {
	n, ok := length(v)
	return ok && n <= -900
}

// raisedBy is the element that says what a style says of an inline element's place:
// "sup", "sub" or nothing.
func raisedBy(n *node, style map[string]string) string {
	if n.kind != inline || n.name == "sup" || n.name == "sub" {
		return ""
	}
	for _, property := range []string{"vertical-align", "font-variant-position", "mso-text-raise", "baseline-shift"} {
		v := style[property]
		raised, ok := length(v)
		// Icons and buttons are moved by a point or two.
		if strings.HasSuffix(v, "%") {
			raised /= 50
		}
		switch {
		case v == "super" || ok && raised >= 3:
			return "sup"
		case v == "sub" || ok && raised <= -3:
			return "sub"
		}
	}
	switch {
	case strings.Contains(style["font-feature-settings"], "sups"):
		return "sup"
	case strings.Contains(style["font-feature-settings"], "subs"):
		return "sub"
	case smaller(style["font-size"]) && (style["vertical-align"] == "top" || style["vertical-align"] == "text-top"):
		return "sup"
	case smaller(style["font-size"]) && (style["vertical-align"] == "bottom" || style["vertical-align"] == "text-bottom"):
		return "sub"
	}
	return movedBy(style)
}

// smaller tells whether a text is smaller than the one around it.
func smaller(size string) bool {
	n, ok := length(size)
	switch {
	case strings.HasSuffix(size, "em"):
		return ok && n < 16 && !strings.HasSuffix(size, "rem")
	case strings.HasSuffix(size, "%"):
		return ok && n < 1000
	}
	return slices.Contains([]string{"smaller", "x-small", "xx-small"}, size)
}

// moves are the functions of CSS that move a text up or down, with how far.
var moves = lazyregexp.New(`^translate(?:y\(\s*|3?d?\([^,()]*,\s*)(-?[0-9.]+[a-z%]+)`)

// movedBy is the element that says how far a style moves a text up or down from its line.
func movedBy(style map[string]string) string {
	var down []string // lengths, of which negative ones raise
	if style["position"] == "relative" {
		down = append(down, style["top"])
		if up := style["bottom"]; strings.HasPrefix(up, "-") {
			down = append(down, up[1:])
		} else if up != "" {
			down = append(down, "-"+up)
		}
	}
	if m := moves.FindStringSubmatch(style["transform"]); m != nil {
		down = append(down, m[1])
	}
	if both := strings.Fields(style["translate"]); len(both) > 1 {
		down = append(down, both[1])
	}
	for _, by := range down {
		n, ok := length(by)
		if strings.HasSuffix(by, "%") {
			n /= 50 // of its own height
		}
		switch {
		case ok && n <= -3:
			return "sup"
		case ok && n >= 3:
			return "sub"
		}
	}
	return ""
}

// linedThrough tells whether a style draws a line through text.
func linedThrough(style map[string]string) bool {
	for _, property := range []string{"text-decoration", "text-decoration-line", "-webkit-text-decoration", "-webkit-text-decoration-line"} {
		if strings.Contains(style[property], "line-through") {
			return true
		}
	}
	word := style["text-line-through"]
	return word != "" && word != "none"
}

var measure = lazyregexp.New(`^(-?[0-9]*\.?[0-9]+)(px|pt|em|rem|%|cm|mm|q|pc|in|ex|ch|lh|rlh|vw|vh|vmin|vmax)?$`)

// length is a length of CSS in about pixels.
func length(v string) (float64, bool) {
	m := measure.FindStringSubmatch(v)
	if m == nil {
		return 0, false
	}
	n, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		return 0, false
	}
	switch m[2] {
	case "em", "rem", "ch", "ex", "lh", "rlh", "pc", "cm", "in":
		n *= 16
	case "vw", "vh", "vmin", "vmax", "%":
		n *= 10
	}
	return n, true
}

func zero(v string) bool {
	n, ok := length(v)
	return ok && n == 0
}
