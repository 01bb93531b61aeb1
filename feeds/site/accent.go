package site

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
)

// readable is the contrast that text needs against its ground (WCAG 2.2 §1.4.3).
const readable = 4.5

// comfortable is the contrast that links get on a dark ground, where the least
// that can be read (WCAG 2.2 §1.4.6) tires.
const comfortable = 7

// defaultAccent is used without a configured one.
const defaultAccent = "#1d4f91"

// Grounds of the two schemes, as style.css sets them. Links stand on the soft one
// too, in notices and as tags; on it a light scheme leaves them less contrast than
// on white.
var (
	softGround = color{0xf3, 0xf4, 0xf6}
	darkGround = color{0x15, 0x18, 0x1c}
)

type color [3]float64

var hexColor = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// AccentFor returns the accent that pages use for a configured one, "#rrggbb":
// the same if white text on it and links of it on every light ground can be read,
// else darkened until they can, with a warning that says so. Empty is the default;
// what is no colour is the default with a warning.
func AccentFor(hex string) (used, warning string) {
	if hex == "" {
		return defaultAccent, ""
	}
	if !hexColor.MatchString(hex) {
		return defaultAccent, fmt.Sprintf("the accent %q is no colour like #1d4f91; %s is used", hex, defaultAccent)
	}
	c := parseColor(hex)
	ratio := contrast(c, softGround)
	if ratio >= readable {
		return c.String(), ""
	}
	used = c.towards(color{}, softGround, readable).String()
	return used, fmt.Sprintf("the accent %s has a contrast of %.1f to 1 on light grey, less than %.1f; the darker %s is used", hex, ratio, readable, used)
}

// darkAccent is the accent for the dark scheme: lightened until it can be read.
func darkAccent(hex string) string {
	return parseColor(hex).towards(color{255, 255, 255}, darkGround, comfortable).String()
}

func parseColor(hex string) color {
	n, err := strconv.ParseUint(hex[1:], 16, 32)
	if err != nil {
		return color{}
	}
	return color{float64(n >> 16), float64(n >> 8 & 0xff), float64(n & 0xff)}
}

// towards mixes a colour with another in steps until it has a contrast on a
// ground.
func (c color) towards(end, ground color, enough float64) color {
	const steps = 50
	for n := range steps {
		mixed := c
		for i := range mixed {
			mixed[i] = math.Round(c[i] + (end[i]-c[i])*float64(n)/steps)
		}
		if contrast(mixed, ground) >= enough {
			return mixed
		}
	}
	return end
}

func (c color) String() string {
	return fmt.Sprintf("#%02x%02x%02x", int(c[0]), int(c[1]), int(c[2]))
}

// contrast is the ratio of WCAG 2.2 §1.4.3, from 1 to 21.
func contrast(a, b color) float64 {
	x, y := a.luminance(), b.luminance()
	return (math.Max(x, y) + 0.05) / (math.Min(x, y) + 0.05)
}

func (c color) luminance() float64 {
	var linear [3]float64
	for i, v := range c {
		v /= 255
		if v <= 0.04045 {
			linear[i] = v / 12.92
		} else {
			linear[i] = math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	return 0.2126*linear[0] + 0.7152*linear[1] + 0.0722*linear[2]
}
