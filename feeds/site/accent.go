package site

import (
	"fmt"
	"math"
	"strconv"

	"communique/storage/lazyregexp"
)

// readable is the contrast that text needs with its background (WCAG 2.2 §1.4.3).
const readable = 4.5

// comfortable is the contrast of links on a dark background (WCAG 2.2 §1.4.6), where
// the minimum is tiring to read.
const comfortable = 7

// defaultAccent is used if none is configured.
const defaultAccent = "#1d4f91"

// Backgrounds of the two colour schemes, as in style.css. Notices and tags have the
// soft one, on which links have less contrast than on white.
var (
	softBackground = color{0xf3, 0xf4, 0xf6}
	darkBackground = color{0x15, 0x18, 0x1c}
)

type color [3]float64

var hexColor = lazyregexp.New(`^#[0-9a-fA-F]{6}$`)

// AccentFor returns the accent that pages use for a configured one, "#rrggbb": the
// same if white text on it and links in it are readable on every light background,
// or a darker one with a warning. An empty one is replaced by the default, an
// invalid one by the default with a warning.
func AccentFor(hex string) (used, warning string) {
	if hex == "" {
		return defaultAccent, ""
	}
	if !hexColor.MatchString(hex) {
		return defaultAccent, fmt.Sprintf("the accent %q is not a colour like #1d4f91; %s is used", hex, defaultAccent)
	}
	c := parseColor(hex)
	ratio := contrast(c, softBackground)
	if ratio >= readable {
		return c.String(), ""
	}
	used = c.towards(color{}, softBackground, readable).String()
	return used, fmt.Sprintf("the accent %s has a contrast of %.1f to 1 on light grey, less than %.1f; the darker %s is used", hex, ratio, readable, used)
}

// darkAccent is the accent for the dark scheme, lightened until it is comfortable.
func darkAccent(hex string) string {
	return parseColor(hex).towards(color{255, 255, 255}, darkBackground, comfortable).String()
}

func parseColor(hex string) color {
	n, err := strconv.ParseUint(hex[1:], 16, 32)
	if err != nil {
		return color{}
	}
	return color{float64(n >> 16), float64(n >> 8 & 0xff), float64(n & 0xff)}
}

// towards mixes a colour with another in steps until its contrast with a background
// is enough.
func (c color) towards(end, background color, enough float64) color {
	const steps = 50
	for n := range steps {
		mixed := c
		for i := range mixed {
			mixed[i] = math.Round(c[i] + (end[i]-c[i])*float64(n)/steps)
		}
		if contrast(mixed, background) >= enough {
			return mixed
		}
	}
	return end
}

func (c color) String() string {
	return fmt.Sprintf("#%02x%02x%02x", int(c[0]), int(c[1]), int(c[2]))
}

// contrast is the contrast ratio of WCAG 2.2 §1.4.3, from 1 to 21.
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
