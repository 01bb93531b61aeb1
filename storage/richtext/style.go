package richtext

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// declarations reads a style attribute as far as it decides what a reader sees.
func declarations(t html.Token) map[string]string {
	raw, ok := value(t, "style")
	if !ok {
		return nil
	}
	said := map[string]string{}
	for part := range strings.SplitSeq(cssComment.ReplaceAllString(strings.ToLower(raw), ""), ";") {
		property, v, _ := strings.Cut(part, ":")
		v = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(v), "!important"))
		if property = strings.TrimSpace(property); property != "" {
			said[property] = v
		}
	}
	return said
}

var cssComment = regexp.MustCompile(`(?s)/\*.*?\*/`)

// concealed tells whether an element is hidden from every reader: by the
// attribute, by its style, or as Word does it. backdrop says that something
// around it may have another colour than the page, on which white can be read.
func concealed(t html.Token, style map[string]string, backdrop bool) bool {
	if _, ok := value(t, "hidden"); ok {
		return true
	}
	switch t.Data {
	case "dialog":
		_, open := value(t, "open")
		return !open
	case "font":
		if color, ok := value(t, "color"); ok && !backdrop && isWhite(color) {
			return true
		}
	}
	return concealedBy(style, backdrop)
}

// concealedBy tells whether a style hides its element.
func concealedBy(style map[string]string, backdrop bool) bool {
	for property, v := range style {
		switch property {
		case "display":
			if v == "none" {
				return true
			}
		case "visibility":
			if v == "hidden" || v == "collapse" {
				return true
			}
		case "mso-hide":
			if v == "all" {
				return true
			}
		case "content-visibility":
			if v == "hidden" {
				return true
			}
		case "opacity", "font-size":
			if zero(v) {
				return true
			}
		case "left", "right", "top", "text-indent", "margin-left", "margin-top":
			if n, ok := length(v); ok && n <= -900 {
				return true
			}
		case "clip":
			if strings.HasPrefix(v, "rect(0") || strings.HasPrefix(v, "rect(1px") {
				return true
			}
		}
	}
	if style["overflow"] == "hidden" && (zero(style["height"]) || zero(style["width"]) || zero(style["max-height"])) {
		return true
	}
	return isWhite(style["color"]) && !backdrop
}

// linedThrough tells whether a style draws a line through text.
func linedThrough(style map[string]string) bool {
	for _, property := range []string{"text-decoration", "text-decoration-line"} {
		if strings.Contains(style[property], "line-through") {
			return true
		}
	}
	word := style["text-line-through"]
	return word != "" && word != "none"
}

// backdrop tells whether an element may paint something else than white behind
// its text. What a class does is not known, but for those of Word.
func backdrop(t html.Token, style map[string]string) bool {
	for _, a := range t.Attr {
		switch a.Key {
		case "bgcolor":
			if !isWhite(a.Val) {
				return true
			}
		case "background":
			return true
		case "class", "id":
			for name := range strings.FieldsSeq(a.Val) {
				if a.Key == "class" && !strings.HasPrefix(strings.ToLower(name), "mso") && !strings.HasPrefix(name, "WordSection") {
					return true
				}
			}
		}
	}
	for property, v := range style {
		if strings.HasPrefix(property, "background") && property != "background-repeat" || property == "mso-shading" || property == "mso-highlight" || property == "text-shadow" {
			switch {
			case v == "", v == "none", v == "transparent", v == "inherit", v == "initial", isWhite(v):
			default:
				return true
			}
		}
	}
	return false
}

var white = regexp.MustCompile(`^(?:white|#fff|#ffff|#ffffff|#ffffffff|window|rgba?\(\s*255[\s,]+255[\s,]+255(?:[\s,/]+1(?:\.0*)?)?\s*\)|hsla?\([^)]*\b100%\s*\)|transparent)$`)

// isWhite tells whether a colour is that of the page.
func isWhite(color string) bool {
	return white.MatchString(strings.ToLower(strings.TrimSpace(color)))
}

var measure = regexp.MustCompile(`^(-?[0-9]*\.?[0-9]+)(px|pt|em|rem|%|cm|mm|in|ex|ch|vw|vh)?$`)

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
	case "em", "rem", "ch", "ex", "cm", "in":
		n *= 16
	case "vw", "vh", "%":
		n *= 10
	}
	return n, true
}

func zero(v string) bool {
	n, ok := length(v)
	return ok && n == 0
}

// listTypes are the types of a numbered list by the styles that ask for them.
var listTypes = map[string]string{
	"lower-alpha": "a", "lower-latin": "a", "upper-alpha": "A", "upper-latin": "A", "lower-roman": "i", "upper-roman": "I",
}

// listType is how a list counts: "a", "A", "i" or "I", and empty for digits.
func listType(t html.Token, style map[string]string) string {
	for _, property := range []string{"list-style-type", "list-style"} {
		for word := range strings.FieldsSeq(style[property]) {
			if kind, ok := listTypes[word]; ok {
				return kind
			}
		}
	}
	raw, _ := value(t, "type")
	return oneOf(strings.TrimSpace(raw), "a", "A", "i", "I")
}
