package picture

import (
	"bytes"
	"errors"
	"image"
	"image/gif"
	"slices"

	"golang.org/x/image/draw"
)

// Blocks of a GIF file (GIF89a §§15-27).
const (
	gifExtension = 0x21
	gifImage     = 0x2c
	gifTrailer   = 0x3b

	gifControl     = 0xf9
	gifApplication = 0xff

	gifHeader     = 13 // with the logical screen descriptor
	gifDescriptor = 10
)

// gifLoops are the applications whose blocks say how often an animation is repeated.
var gifLoops = []string{"NETSCAPE2.0", "ANIMEXTS1.0"}

// cleanGIF copies the blocks that draw the picture, up to its end, without comments
// and application data.
func cleanGIF(b []byte) (cleaned, error) {
	c := cleaned{turn: upright}
	if len(b) < gifHeader {
		return c, errCut
	}
	at := gifHeader + colourTable(b[10])
	frames := 0
	c.content = append(make([]byte, 0, len(b)), b[:min(at, len(b))]...)
	for {
		if at >= len(b) {
			return c, errCut
		}
		start := at
		var keep bool
		switch b[at] {
		case gifTrailer:
			c.content, c.moving = append(c.content, gifTrailer), frames > 1
			return c, nil
		case gifImage:
			if at+gifDescriptor > len(b) {
				return c, errCut
			}
			at += gifDescriptor + colourTable(b[at+gifDescriptor-1]) + 1 // and the code size
			frames, keep = frames+1, true
		case gifExtension:
			if at+3 > len(b) {
				return c, errCut
			}
			keep = b[at+1] == gifControl || b[at+1] == gifApplication && isLoop(b[at+2:])
			at += 2
		default:
			return c, errors.New("it contains an unknown block")
		}
		var err error
		if at, err = skipBlocks(b, at); err != nil {
			return c, err
		}
		if keep {
			c.content = append(c.content, b[start:at]...)
		}
	}
}

// decodeGIF draws the first frame at its position on the logical screen, which it need
// not fill (§20).
func decodeGIF(b []byte) (image.Image, error) {
	screen, err := gif.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	frame, err := gif.Decode(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	if frame.Bounds().Empty() {
		return nil, errors.New("its first frame is empty")
	}
	whole := image.Rect(0, 0, screen.Width, screen.Height)
	if frame.Bounds() == whole {
		return frame, nil
	}
	m := image.NewRGBA(whole)
	draw.Draw(m, frame.Bounds(), frame, frame.Bounds().Min, draw.Src)
	return m, nil
}

// colourTable is the length of the colour table that a descriptor's flags announce.
func colourTable(flags byte) int {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

func isLoop(block []byte) bool {
	const length = 11
	return len(block) > length && block[0] == length && slices.Contains(gifLoops, string(block[1:1+length]))
}

// skipBlocks finds the end of a row of data sub-blocks (§15).
func skipBlocks(b []byte, at int) (int, error) {
	for {
		if at >= len(b) {
			return 0, errCut
		}
		length := int(b[at])
		at += 1 + length
		if length == 0 {
			return at, nil
		}
	}
}
