package picture

import (
	"bytes"
	"image"
	"image/color"
	"image/png"

	"golang.org/x/image/draw"
)

// widths are the widths in pixels that a wider picture is scaled to. The column of text
// is 688 wide: twice that is for a high-resolution screen; a phone of 360 shows 328, in
// once to three times as many pixels. A width between would only be rounded up by the
// browser, at the reader's cost. Pictures that were filed earlier have the widths of
// then. blurEdge is the longest edge of the picture that the blur is computed from.
var widths = []int{1376, 1024, 688, 480}

const blurEdge = 64

// shrinkAll scales the picture to every width that is less than its own, the widest
// first, and finally to the size for the blur, which may be the picture itself. Each
// is made from the one before it.
func shrinkAll(m image.Image) []image.Image {
	var all []image.Image
	for _, w := range widths {
		if m.Bounds().Dx() > w {
			m = shrink(m, w)
			all = append(all, m)
		}
	}
	longest := max(m.Bounds().Dx(), m.Bounds().Dy())
	return append(all, average(m, (longest+blurEdge-1)/blurEdge))
}

// shrink scales a picture proportionally to a width. Squares of pixels are averaged
// first, row by row, because the filter's memory grows with its input.
func shrink(m image.Image, width int) image.Image {
	if by := m.Bounds().Dx() / width; by > 1 {
		m = average(m, by)
	}
	from := m.Bounds()
	if from.Dx() <= width {
		return m
	}
	to := image.NewRGBA(image.Rect(0, 0, width, max(1, (from.Dy()*width+from.Dx()/2)/from.Dx())))
	draw.CatmullRom.Scale(to, to.Bounds(), m, from, draw.Src, nil)
	return to
}

// average replaces each square of by times by pixels, or less in a smaller picture, by
// one pixel. Incomplete squares at the far edges are dropped.
func average(m image.Image, by int) image.Image {
	columns, rows := min(by, m.Bounds().Dx()), min(by, m.Bounds().Dy())
	w, h := m.Bounds().Dx()/columns, m.Bounds().Dy()/rows
	to := image.NewRGBA(image.Rect(0, 0, w, h))
	row := image.NewRGBA(image.Rect(0, 0, m.Bounds().Dx(), 1))
	sums := make([]uint32, 4*w)
	for y := range h {
		clear(sums)
		for r := range rows {
			copyRow(row, m, y*rows+r)
			for x := range columns * w {
				for i, v := range row.Pix[4*x : 4*x+4] {
					sums[x/columns*4+i] += uint32(v)
				}
			}
		}
		pixels := uint32(columns * rows)
		for i, sum := range sums {
			to.Pix[y*to.Stride+i] = uint8((sum + pixels/2) / pixels)
		}
	}
	return to
}

// copyRow copies a row of a picture, counted from its top.
func copyRow(row *image.RGBA, m image.Image, y int) {
	draw.Draw(row, row.Bounds(), m, m.Bounds().Min.Add(image.Pt(0, y)), draw.Src)
}

// encode encodes a smaller size: as JPEG if the original is one, else as PNG, because
// it may be transparent or have sharp edges, which JPEG blurs.
func encode(m image.Image, kind string, profile []byte) (Picture, error) {
	p := Picture{Type: kind, Width: m.Bounds().Dx(), Height: m.Bounds().Dy()}
	var err error
	if kind == "image/jpeg" {
		p.Content, err = encodeJPEG(m, profile, sizeQuality)
		return p, err
	}
	p.Type = "image/png"
	var b bytes.Buffer
	err = png.Encode(&b, m)
	p.Content = b.Bytes()
	return p, err
}

// rgbProfile reports whether the file's colour profile still applies once the pixels
// are written as RGB: that of a CMYK or grey picture does not.
func rgbProfile(m image.Image) bool {
	return m.ColorModel() != color.CMYKModel && m.ColorModel() != color.GrayModel
}
