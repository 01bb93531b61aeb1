package picture

import (
	"encoding/binary"
	"slices"
)

const pngSignature = "\x89PNG\r\n\x1a\n"

// drawing are the chunks of a PNG file that draw it (PNG 3rd edition §11): image,
// palette, transparency, colours, pixel size, animation; no texts, times or EXIF data.
var drawing = []string{
	"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "cICP", "sBIT", "pHYs", "bKGD",
	"acTL", "fcTL", "fdAT",
}

// cleanPNG copies the chunks that draw the picture, up to its end.
func cleanPNG(b []byte) (cleaned, error) {
	c := cleaned{turn: upright, content: append(make([]byte, 0, len(b)), pngSignature...)}
	const frame = 12 // length, type, checksum
	for at := len(pngSignature); ; {
		if at+frame > len(b) {
			return c, errCut
		}
		length := int64(binary.BigEndian.Uint32(b[at:]))
		if length > int64(len(b)-at-frame) {
			return c, errCut
		}
		name, end := string(b[at+4:at+8]), at+frame+int(length)
		if slices.Contains(drawing, name) {
			c.content = append(c.content, b[at:end]...)
		}
		c.moving = c.moving || name == "acTL"
		if name == "IEND" {
			return c, nil
		}
		at = end
	}
}
