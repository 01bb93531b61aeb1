package picture

import (
	"bytes"
	"image"
	"image/color"
	"image/png"

	"golang.org/x/image/draw"
)

// widths are those that a picture is made in, where it is wider: for a phone, a
// phone with a fine screen, a column of text on a fine screen. blurEdge is the
// longest edge that the blur is made of.
var widths = []int{1600, 960, 480}

const blurEdge = 64

// shrinkAll makes the picture in every width that is less than its own, the
// widest first, and last for the blur, which may be the picture itself. Each is
// made from the one before it.
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

// shrink makes a picture of a width in proportion. Whole numbers of pixels are
// averaged first, in strips: the filter's memory grows with what it is given.
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

// average makes each square of by times by pixels one, or what is there of it in
// a picture that is smaller. What is left at the far edges is dropped.
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

// copyRow copies a row of a picture, counted from its own top.
func copyRow(row *image.RGBA, m image.Image, y int) {
	draw.Draw(row, row.Bounds(), m, m.Bounds().Min.Add(image.Pt(0, y)), draw.Src)
}

// encode writes a smaller size: as JPEG, or as PNG what is transparent or was
// drawn with sharp edges, which JPEG blurs.
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

// rgbProfile is whether pixels still mean what the file's colour profile says
// once they are written as RGB: ink and grey do not.
func rgbProfile(m image.Image) bool {
	return m.ColorModel() != color.CMYKModel && m.ColorModel() != color.GrayModel
}
