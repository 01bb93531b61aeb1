package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"slices"
)

var errCut = errors.New("it is truncated")

// Markers of a JPEG file (ITU-T T.81 §B.1.1.3).
const (
	markTemporary = 0x01
	markRestart   = 0xd0 // and the seven after it
	markEnd       = 0xd9
	markScan      = 0xda
	markComment   = 0xfe
	markAPP1      = 0xe1 // EXIF, XMP
	markAPP2      = 0xe2 // colour profile, but also further pictures
	markAPP14     = 0xee // Adobe: how colours are stored
	markAPP15     = 0xef
)

var (
	exifName    = []byte("Exif\x00\x00")
	profileName = []byte("ICC_PROFILE\x00") // ICC.1:2022 §B.4
)

// maxScans bounds the scans of a file: ten are usual, and each takes time in
// proportion to the size of the picture, however few bytes it has.
const maxScans = 100

// cleanJPEG copies the segments that draw the picture, up to its end.
func cleanJPEG(b []byte) (c cleaned, err error) {
	out := make([]byte, 0, len(b))
	c.turn = upright
	scans := 0
	for at := 0; ; {
		mark, segment, next, err := nextSegment(b, at)
		if err != nil {
			return c, err
		}
		at = next
		body := segment[min(4, len(segment)):]
		profile := mark == markAPP2 && bytes.HasPrefix(body, profileName)
		switch {
		case mark == markAPP1 && bytes.HasPrefix(body, exifName):
			c.turn = exifOrientation(body[len(exifName):])
		case mark == markComment || mark >= markAPP1 && mark <= markAPP15 && mark != markAPP14 && !profile:
		default:
			out = append(out, segment...)
		}
		if profile {
			c.profile = append(c.profile, segment...)
		}
		switch mark {
		case markEnd:
			c.content = out
			return c, nil
		case markScan:
			if scans++; scans > maxScans {
				return c, fmt.Errorf("it has more than %d scans", maxScans)
			}
			end := scanEnd(b, at)
			out = append(out, b[at:end]...)
			at = end
		}
	}
}

// nextSegment reads the segment at an offset: its marker and all of its bytes, marker
// and length included. Bytes between segments are skipped, as every reader does.
func nextSegment(b []byte, at int) (mark byte, segment []byte, next int, err error) {
	for at+1 < len(b) && (b[at] != 0xff || b[at+1] == 0xff || b[at+1] == 0) {
		at++
	}
	if at+1 >= len(b) {
		return 0, nil, 0, errCut
	}
	mark = b[at+1]
	if mark >= markRestart && mark <= markEnd || mark == markTemporary {
		return mark, b[at : at+2], at + 2, nil
	}
	if at+4 > len(b) {
		return 0, nil, 0, errCut
	}
	length := int(binary.BigEndian.Uint16(b[at+2:]))
	if next = at + 2 + length; length < 2 || next > len(b) {
		return 0, nil, 0, errCut
	}
	return mark, b[at:next], next, nil
}

// scanEnd finds the marker after the compressed data that starts at an offset; 0xff
// occurs in it only escaped or as a restart marker (§B.1.1.5).
func scanEnd(b []byte, at int) int {
	for ; at+1 < len(b); at++ {
		if next := b[at+1]; b[at] == 0xff && next != 0 && next != 0xff && (next < markRestart || next > markRestart+7) {
			return at
		}
	}
	return len(b)
}

// JPEG qualities: a picture that is only rotated loses nothing visible; a smaller size
// is for slow connections, and at 75 takes a fifth less than at 82.
const (
	turnedQuality = 93
	sizeQuality   = 75
)

// maxProfile bounds the colour profile that is copied to smaller sizes, in bytes.
const maxProfile = 16 << 10

func encodeJPEG(m image.Image, profile []byte, quality int) ([]byte, error) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: quality}); err != nil {
		return nil, err
	}
	if len(profile) > maxProfile {
		return b.Bytes(), nil
	}
	return slices.Insert(b.Bytes(), 2, profile...), nil // after the start marker
}
