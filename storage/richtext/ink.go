package richtext

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/image/colornames"
	"golang.org/x/net/html"

	"communique/storage/lazyregexp"
)

// Text is hidden as well by its colour: white on the page, or blacked out. What a
// reader could see is told by the colour of each text and of what is behind it, and by
// its size, which elements inside of others have from these as well.

// shade is a colour as it is stated.
type shade struct {
	kind    shadeKind
	r, g, b float64 // from 0 to 255
	alpha   float64
}

type shadeKind byte

const (
	inherited shadeKind = iota // nothing is said
	unknown                    // it may be any, as a class may say
	current                    // that of the text
	solid
)

func grey(level float64) shade { return shade{solid, level, level, level, 1} }

// tint is what an element says of its colours, and of the size of its type.
type tint struct {
	ink, ground shade
	size        size
}

// size is one of type, as far as it can be read.
type size byte

const (
	sizeInherited size = iota
	sizeTooSmall
	sizeReadable
)

// look is in what colour a text is seen, and on what.
type look struct {
	tint
	sheer bool // the text is transparent
	small bool // nobody can read it
}

// paper is a page that says nothing of its colours.
var paper = look{tint: tint{ink: grey(0), ground: grey(255)}}

// paint gives a node what it says of colours. Most say nothing, and look like what is
// around them.
func (n *node) paint(around *look, said tint) {
	if n.look = around; said != (tint{}) {
		own := around.with(said)
		n.tint, n.look = &said, &own
	}
}

// with is the look of what stands in an element.
func (l look) with(t tint) look {
	above := l.ground
	switch t.ground.kind {
	case unknown:
		l.ground = t.ground
	case solid:
		l.ground = t.ground.over(above)
	}
	switch t.ink.kind {
	case unknown:
		l.ink, l.sheer = t.ink, false
	case solid:
		l.ink, l.sheer = t.ink.over(l.ground), t.ink.alpha < 0.05
	}
	if t.ground.kind == current {
		l.ground = l.ink
	}
	if t.size != sizeInherited {
		l.small = t.size == sizeTooSmall
	}
	return l
}

// over is a colour seen before another one.
func (s shade) over(ground shade) shade {
	if s.alpha >= 1 {
		return s
	}
	if ground.kind != solid {
		return shade{kind: unknown}
	}
	mix := func(a, b float64) float64 { return s.alpha*a + (1-s.alpha)*b }
	return shade{solid, mix(s.r, ground.r), mix(s.g, ground.g), mix(s.b, ground.b), 1}
}

// hides tells whether nobody can read what has this look.
func (l look) hides() bool {
	return l.sheer || l.small || l.ink.kind == solid && l.ground.kind == solid && l.ink.near(l.ground)
}

// near tells whether a text in one colour cannot be read on the other one: their contrast
// (WCAG 2.2, relative luminance) is hardly one, and neither is of another hue.
func (s shade) near(o shade) bool {
	a, b := s.luminance(), o.luminance()
	contrast := (math.Max(a, b) + 0.05) / (math.Min(a, b) + 0.05)
	apart := math.Max(math.Abs(s.r-o.r), math.Max(math.Abs(s.g-o.g), math.Abs(s.b-o.b)))
	return contrast < 1.12 && apart <= 24
}

func (s shade) luminance() float64 {
	linear := func(level float64) float64 {
		if level /= 255; level <= 0.04045 {
			return level / 12.92
		}
		return math.Pow((level+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(s.r) + 0.7152*linear(s.g) + 0.0722*linear(s.b)
}

// tintOf is what a tag and its style say of colours. What a class does is not known, but
// for those of Word and for what knows of; a style counts more. What is taken out of the
// order of the page may stand before anything.
func tintOf(t html.Token, style map[string]string, knows func(class string) bool) tint {
	said := tint{inkOf(t, style), groundOf(t, style), sizeSaid(t, style)}
	if whole := t.Data == "html" || t.Data == "body"; whole && said.ink.kind == inherited && said.ground.kind != inherited {
		said.ink = shade{kind: unknown} // the style sheet of the page may be elsewhere
	}
	if at := style["position"]; said.ground.kind == inherited && (at == "absolute" || at == "fixed" || at == "sticky") {
		said.ground = shade{kind: unknown}
	}
	if !classed(t, knows) {
		return said
	}
	if said.ink.kind == inherited && said.ground.kind != inherited || said.ink.kind == solid && said.ink.alpha < 0.05 {
		said.ink = shade{kind: unknown}
	}
	if said.ground.kind == inherited {
		said.ground = shade{kind: unknown}
	}
	return said
}

// sizeSaid is the size that a tag and its style say of type. A part of the size around
// may be anything, but that of none.
func sizeSaid(t html.Token, style map[string]string) size {
	v := style["font-size"]
	if _, ok := value(t, "size"); ok && v == "" && t.Data == "font" {
		return sizeReadable
	}
	n, isLength := length(v)
	switch {
	case v == "" || keywordSizes[v]:
		return sizeInherited
	case tooSmall(v):
		return sizeTooSmall
	case isLength && n > 1 && ofOthers.MatchString(v):
		return sizeInherited
	}
	return sizeReadable
}

var (
	keywordSizes = map[string]bool{"inherit": true, "unset": true, "revert": true, "revert-layer": true, "smaller": true, "larger": true}
	ofOthers     = lazyregexp.New(`(?:[0-9.](?:em|ex|ch|lh)|%)$`)
)

func classed(t html.Token, knows func(class string) bool) bool {
	class, _ := value(t, "class")
	for name := range strings.FieldsSeq(class) {
		if !strings.HasPrefix(strings.ToLower(name), "mso") && !strings.HasPrefix(name, "WordSection") && (knows == nil || !knows(name)) {
			return true
		}
	}
	return false
}

func inkOf(t html.Token, style map[string]string) shade {
	clip := style["background-clip"] + " " + style["-webkit-background-clip"] + " " + style["background"]
	if slices.Contains(strings.Fields(clip), "text") {
		return shade{kind: unknown} // the background is seen through the letters
	}
	for _, property := range []string{"-webkit-text-fill-color", "color"} {
		if v := style[property]; v != "" {
			return inkNamed(v)
		}
	}
	for element, key := range map[string]string{"font": "color", "body": "text"} {
		if v, ok := value(t, key); ok && t.Data == element {
			return legacyColour(v)
		}
	}
	switch _, link := value(t, "href"); {
	case t.Data == "mark": // HTML §15.3.4
		return grey(0)
	case t.Data == "a" && link, t.Data == "button", t.Data == "select", t.Data == "textarea":
		return shade{kind: unknown}
	}
	return shade{}
}

func inkNamed(v string) shade {
	s := colour(v)
	if s.kind == current {
		return shade{}
	}
	return s
}

func groundOf(t html.Token, style map[string]string) shade {
	if v := style["text-shadow"]; v != "" && v != "none" {
		return shade{kind: unknown} // it sets the letters off
	}
	if v := style["background-image"]; v != "" && v != "none" {
		return painted(v)
	}
	for _, property := range []string{"background-color", "background", "mso-highlight", "mso-shading"} {
		if v := style[property]; v != "" && v != "none" {
			return painted(v)
		}
	}
	if _, ok := value(t, "background"); ok {
		return shade{kind: unknown}
	}
	if v, ok := value(t, "bgcolor"); ok && slices.Contains(coloured, t.Data) {
		return legacyColour(v)
	}
	if t.Data == "mark" {
		return colour("yellow")
	}
	return shade{}
}

var (
	// words are the values of a property; one with brackets is one.
	words = lazyregexp.New(`[^\s,(]+(?:\([^()]*(?:\([^()]*\)[^()]*)*\))?`)
	// drawn is a run of colours from one to another.
	drawn = lazyregexp.New(`^(?:repeating-)?(?:linear|radial|conic)-gradient\((.*)\)$`)
)

// painted is the colour that a background has, if it is one only.
func painted(v string) shade {
	found := shade{}
	for _, word := range words.FindAllString(strings.ToLower(v), -1) {
		s := colour(word)
		switch m := drawn.FindStringSubmatch(word); {
		case m != nil:
			s = painted(m[1])
		case strings.Contains(word, "(") && s.kind == inherited:
			return shade{kind: unknown} // a picture
		}
		switch {
		case s.kind == inherited, s.kind == solid && s.alpha == 0:
		case found.kind == inherited:
			found = s
		case found.kind != solid || s.kind != solid || !found.near(s):
			return shade{kind: unknown}
		}
	}
	return found
}

// system are the colours that a page has of itself, for those who do not say another.
var system = map[string]float64{
	"canvas": 255, "window": 255, "field": 255, "canvastext": 0, "windowtext": 0, "text": 0, "fieldtext": 0, "initial": 0, "auto": 0,
}

// colour reads a colour of CSS. What is none says nothing, and one of digits without "#"
// is a colour to old pages alone.
func colour(v string) shade {
	v = strings.ToLower(strings.TrimSpace(v))
	if level, ok := system[v]; ok {
		return grey(level)
	}
	if c, ok := colornames.Map[v]; ok {
		return shade{solid, float64(c.R), float64(c.G), float64(c.B), 1}
	}
	switch m := hexadecimal.FindStringSubmatch(v); {
	case v == "transparent":
		return shade{kind: solid}
	case v == "currentcolor":
		return shade{kind: current}
	case m != nil && v[0] != '#':
		return shade{kind: unknown}
	case m != nil:
		return hexColour(m[1])
	}
	name, rest, _ := strings.Cut(v, "(")
	switch name {
	case "rgb", "rgba":
		return rgb(parts(rest, 255))
	case "var", "color-mix", "light-dark":
		return shade{kind: unknown}
	}
	return inSpace(name, rest)
}

var hexadecimal = lazyregexp.New(`^#?([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$`)

func hexColour(digits string) shade {
	if len(digits) < 6 {
		var long strings.Builder
		for _, d := range digits {
			long.WriteString(strings.Repeat(string(d), 2))
		}
		digits = long.String()
	}
	n, err := strconv.ParseUint((digits + "ff")[:8], 16, 32)
	if err != nil {
		return shade{}
	}
	return shade{solid, float64(n >> 24), float64(n >> 16 & 255), float64(n >> 8 & 255), float64(n&255) / 255}
}

// parts are the numbers of a colour and its alpha; of the first three, 100% is as much as
// is said for each, the last for all behind it.
func parts(list string, whole ...float64) []float64 {
	var all []float64
	for i, word := range strings.FieldsFunc(strings.TrimSuffix(list, ")"), func(r rune) bool { return strings.ContainsRune(" \t\n,/", r) }) {
		number, percent := strings.CutSuffix(strings.TrimSuffix(word, "deg"), "%")
		if number == "none" {
			number = "0"
		}
		n, err := strconv.ParseFloat(number, 64)
		if err != nil {
			return nil
		}
		switch {
		case percent && i < 3:
			n *= whole[min(i, len(whole)-1)] / 100
		case percent:
			n /= 100
		}
		all = append(all, n)
	}
	if len(all) == 3 {
		all = append(all, 1)
	}
	return all
}

func rgb(n []float64) shade {
	if len(n) != 4 {
		return shade{kind: unknown}
	}
	return shade{solid, n[0], n[1], n[2], n[3]}
}
