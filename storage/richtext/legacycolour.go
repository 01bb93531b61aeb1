package richtext

import (
	"strconv"
	"strings"

	"golang.org/x/image/colornames"
)

// coloured are the elements of which browsers read the attribute bgcolor.
var coloured = []string{"body", "table", "thead", "tbody", "tfoot", "tr", "td", "th", "marquee"}

// mostOfColour bounds what is read of a colour in an attribute, in characters.
const mostOfColour = 128

// legacyColour reads a colour in an attribute, where anything is one (HTML Standard, rules
// for parsing a legacy color value): "fff" without its sign is nearly black, and a text in
// it can be read.
func legacyColour(v string) shade {
	if v == "" {
		return shade{}
	}
	v = strings.ToLower(strings.Trim(v, " \t\n\f\r"))
	if v == "transparent" {
		return shade{}
	}
	if c, ok := colornames.Map[v]; ok {
		return shade{solid, float64(c.R), float64(c.G), float64(c.B), 1}
	}
	if m := hexadecimal.FindStringSubmatch(v); m != nil && len(v) == 4 {
		return hexColour(m[1])
	}
	digits := hexDigits(v)
	length := len(digits) / 3
	var levels [3]float64
	for i := range levels {
		part := digits[i*length : (i+1)*length]
		part = part[max(0, length-8):]
		part = part[leadingZeros(digits, length):]
		if n, err := strconv.ParseUint(part[:min(len(part), 2)], 16, 8); err == nil {
			levels[i] = float64(n)
		}
	}
	return shade{solid, levels[0], levels[1], levels[2], 1}
}

// hexDigits makes three equal parts of digits of what is no name of a colour.
func hexDigits(v string) string {
	var b strings.Builder
	for _, r := range v {
		switch {
		case r > 0xffff:
			b.WriteString("00")
		case r >= '0' && r <= '9', r >= 'a' && r <= 'f', r == '#' && b.Len() == 0:
			b.WriteRune(r)
		default:
			b.WriteByte('0')
		}
	}
	digits := strings.TrimPrefix(b.String()[:min(b.Len(), mostOfColour)], "#")
	digits = strings.ReplaceAll(digits, "#", "0")
	for len(digits) == 0 || len(digits)%3 != 0 {
		digits += "0"
	}
	return digits
}

// leadingZeros is how many zeros all three parts begin with, of their last eight digits and
// but for two.
func leadingZeros(digits string, length int) int {
	from := max(0, length-8)
	for n := 0; ; n++ {
		if length-from-n <= 2 {
			return n
		}
		for i := range 3 {
			if digits[i*length+from+n] != '0' {
				return n
			}
		}
	}
}
