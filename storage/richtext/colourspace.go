package richtext

import (
	"math"
	"slices"
	"strings"
)

// inSpace is a colour by the name of its space and its numbers there (CSS Color 4).
func inSpace(name, rest string) shade {
	whole := map[string][]float64{
		"hsl": {100}, "hsla": {100}, "hwb": {100}, "lab": {100, 125}, "lch": {100, 150}, "oklab": {1, 0.4}, "oklch": {1, 0.4},
	}[name]
	if name == "color" {
		return inNamedSpace(rest)
	}
	if whole == nil {
		return shade{}
	}
	n := parts(rest, whole...)
	if len(n) != 4 {
		return shade{kind: unknown}
	}
	switch name {
	case "hsl", "hsla":
		return hsl(n[0], n[1]/100, n[2]/100, n[3])
	case "hwb":
		return hwb(n[0], n[1]/100, n[2]/100, n[3])
	case "lch", "oklch":
		sin, cos := math.Sincos(n[2] * math.Pi / 180)
		n[1], n[2] = n[1]*cos, n[1]*sin
	}
	if strings.HasPrefix(name, "ok") {
		return oklab(n)
	}
	return lab(n)
}

// inNamedSpace is a colour of a space of light. What is grey in one is so in each.
func inNamedSpace(rest string) shade {
	space, numbers, _ := strings.Cut(strings.TrimSpace(rest), " ")
	n := parts(numbers, 1)
	switch {
	case len(n) != 4:
	case space == "srgb-linear":
		return seen(n[0], n[1], n[2], n[3])
	case space == "srgb" || n[0] == n[1] && n[1] == n[2] && !strings.HasPrefix(space, "xyz"):
		return shade{solid, 255 * n[0], 255 * n[1], 255 * n[2], n[3]}
	}
	return shade{kind: unknown}
}

// hsl reads hue, saturation and lightness (CSS Color 4, §7.1).
func hsl(hue, saturation, lightness, alpha float64) shade {
	level := func(at float64) float64 {
		k := math.Mod(math.Mod(at+hue/30, 12)+12, 12)
		return 255 * (lightness - saturation*math.Min(lightness, 1-lightness)*math.Max(-1, math.Min(math.Min(k-3, 9-k), 1)))
	}
	return shade{solid, level(0), level(8), level(4), alpha}
}

// hwb reads hue, whiteness and blackness (CSS Color 4, §8.1).
func hwb(hue, white, black, alpha float64) shade {
	if white+black >= 1 {
		level := 255 * white / (white + black)
		return shade{solid, level, level, level, alpha}
	}
	s := hsl(hue, 1, 0.5, alpha)
	mix := func(level float64) float64 { return level*(1-white-black) + 255*white }
	return shade{solid, mix(s.r), mix(s.g), mix(s.b), alpha}
}

// lab reads CIE Lab under D50 (CSS Color 4, §9 and §18).
func lab(n []float64) shade {
	const kappa, epsilon = 24389.0 / 27, 216.0 / 24389
	fy := (n[0] + 16) / 116
	share := func(f float64) float64 {
		if cube := f * f * f; cube > epsilon {
			return cube
		}
		return (116*f - 16) / kappa
	}
	x, y, z := share(fy+n[1]/500)*0.9642956, share(fy), share(fy-n[2]/200)*0.8251046
	return seen(
		3.1341359*x-1.6173864*y-0.4906619*z,
		-0.9787955*x+1.9162544*y+0.0334428*z,
		0.0719554*x-0.2289768*y+1.4053860*z, n[3])
}

// oklab reads Oklab (CSS Color 4, §9.3 and §18).
func oklab(n []float64) shade {
	cube := func(f float64) float64 { return f * f * f }
	l := cube(n[0] + 0.3963377774*n[1] + 0.2158037573*n[2])
	m := cube(n[0] - 0.1055613458*n[1] - 0.0638541728*n[2])
	s := cube(n[0] - 0.0894841775*n[1] - 1.2914855480*n[2])
	return seen(
		4.0767416621*l-3.3077115913*m+0.2309699292*s,
		-1.2684380046*l+2.6097574011*m-0.3413193965*s,
		-0.0041960863*l-0.7034186147*m+1.7076147010*s, n[3])
}

// seen is a colour by its light, from 0 to 1; what no screen shows is as near as it can.
func seen(r, g, b, alpha float64) shade {
	levels := []float64{r, g, b}
	for i, light := range levels {
		light = math.Max(0, math.Min(light, 1))
		if light <= 0.0031308 {
			levels[i] = 255 * 12.92 * light
			continue
		}
		levels[i] = 255 * (1.055*math.Pow(light, 1/2.4) - 0.055)
	}
	if slices.ContainsFunc(levels, math.IsNaN) {
		return shade{kind: unknown}
	}
	return shade{solid, levels[0], levels[1], levels[2], alpha}
}
