package picture

import (
	"encoding/binary"
	"image"
)

// orientation is how the camera was held: tag 0x112 of EXIF 2.32 §4.6.4 A.
type orientation uint16

// Orientations. From leftTop on, rows and columns are exchanged.
const (
	upright     orientation = 1
	topRight    orientation = 2
	bottomRight orientation = 3
	bottomLeft  orientation = 4
	leftTop     orientation = 5
	rightTop    orientation = 6
	rightBottom orientation = 7
	leftBottom  orientation = 8
)

// exifOrientation reads the orientation, the only EXIF value that affects how the
// picture is drawn. It returns upright for data that cannot be parsed.
func exifOrientation(tiff []byte) orientation {
	var order binary.ByteOrder
	switch {
	case len(tiff) < 8:
		return upright
	case string(tiff[:4]) == "II*\x00":
		order = binary.LittleEndian
	case string(tiff[:4]) == "MM\x00*":
		order = binary.BigEndian
	default:
		return upright
	}
	start := int64(order.Uint32(tiff[4:]))
	if start+2 > int64(len(tiff)) {
		return upright
	}
	const length, tag = 12, 0x112
	entries := tiff[start+2:]
	for range order.Uint16(tiff[start:]) {
		if len(entries) < length {
			return upright
		}
		if order.Uint16(entries) == tag {
			if o := orientation(order.Uint16(entries[8:])); o >= upright && o <= leftBottom {
				return o
			}
			return upright
		}
		entries = entries[length:]
	}
	return upright
}

// apply rotates a picture upright.
func (o orientation) apply(m image.Image) image.Image {
	b := m.Bounds()
	w, h := b.Dx(), b.Dy()
	to := image.NewRGBA(image.Rect(0, 0, w, h))
	if o >= leftTop {
		to = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	row := image.NewRGBA(image.Rect(0, 0, w, 1))
	for y := range h {
		copyRow(row, m, y)
		for x := range w {
			tx, ty := o.place(x, y, w, h)
			copy(to.Pix[to.PixOffset(tx, ty):][:4], row.Pix[4*x:])
		}
	}
	return to
}

// place returns where a point of a picture of w by h is in the upright picture.
func (o orientation) place(x, y, w, h int) (int, int) {
	switch o {
	case topRight:
		return w - 1 - x, y
	case bottomRight:
		return w - 1 - x, h - 1 - y
	case bottomLeft:
		return x, h - 1 - y
	case leftTop:
		return y, x
	case rightTop:
		return h - 1 - y, x
	case rightBottom:
		return h - 1 - y, w - 1 - x
	case leftBottom:
		return y, w - 1 - x
	}
	return x, y
}
