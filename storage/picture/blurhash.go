package picture

import (
	"image"
	"image/draw"
	"math"
	"strings"
)

// Components of a blurhash: waves across and down. More would make it longer but
// hardly better.
const (
	across = 4
	down   = 3
)

const base83 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~"

// blurhash encodes the lowest frequencies of a small picture as text, with the
// algorithm published at blurha.sh (BlurHash, Algorithm.md).
func blurhash(m image.Image) string {
	factors := frequencies(m)
	highest := 0.0
	for _, f := range factors[1:] {
		highest = max(highest, math.Abs(f[0]), math.Abs(f[1]), math.Abs(f[2]))
	}
	quantised := int(max(0, min(82, math.Floor(highest*166-0.5))))
	scale := float64(quantised+1) / 166

	var b strings.Builder
	writeBase83(&b, across-1+(down-1)*9, 1)
	writeBase83(&b, quantised, 1)
	average := factors[0]
	writeBase83(&b, fromLinear(average[0])<<16|fromLinear(average[1])<<8|fromLinear(average[2]), 4)
	for _, f := range factors[1:] {
		value := 0
		for _, v := range f {
			value = value*19 + quantise(v/scale)
		}
		writeBase83(&b, value, 2)
	}
	return b.String()
}

// quantise maps -1 to 1 onto 0 to 18, finer around the middle.
func quantise(v float64) int {
	root := math.Copysign(math.Sqrt(math.Abs(v)), v)
	return int(max(0, min(18, math.Floor(root*9+9.5))))
}

// frequencies are the cosine transform of the picture's linear colours.
func frequencies(m image.Image) [across * down][3]float64 {
	w, h := m.Bounds().Dx(), m.Bounds().Dy()
	flat := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(flat, flat.Bounds(), image.White, image.Point{}, draw.Src) // the page behind transparent pixels
	draw.Draw(flat, flat.Bounds(), m, m.Bounds().Min, draw.Over)
	var factors [across * down][3]float64
	for y := range h {
		for x := range w {
			pixel := flat.Pix[flat.PixOffset(x, y):]
			linear := [3]float64{toLinear(pixel[0]), toLinear(pixel[1]), toLinear(pixel[2])}
			for n := range factors {
				wave := math.Cos(math.Pi*float64(n%across*x)/float64(w)) * math.Cos(math.Pi*float64(n/across*y)/float64(h))
				for i, v := range linear {
					factors[n][i] += wave * v
				}
			}
		}
	}
	for n := range factors {
		norm := 2.0
		if n == 0 {
			norm = 1
		}
		for i := range factors[n] {
			factors[n][i] *= norm / float64(w*h)
		}
	}
	return factors
}

func writeBase83(b *strings.Builder, value, length int) {
	for digit := range length {
		place := int(math.Pow(83, float64(length-1-digit)))
		b.WriteByte(base83[value/place%83])
	}
}

// toLinear and fromLinear are the transfer function of sRGB (IEC 61966-2-1).
func toLinear(v uint8) float64 {
	s := float64(v) / 255
	if s <= 0.04045 {
		return s / 12.92
	}
	return math.Pow((s+0.055)/1.055, 2.4)
}

func fromLinear(v float64) int {
	v = max(0, min(1, v))
	if v <= 0.0031308 {
		return int(v*12.92*255 + 0.5)
	}
	return int((1.055*math.Pow(v, 1/2.4)-0.055)*255 + 0.5)
}
