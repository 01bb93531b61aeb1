package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"

	"communique/storage/press"
)

// Picture is a picture file that contains only what draws it.
type Picture struct {
	Type          string // media type: "image/jpeg", "image/png", "image/gif"
	Width, Height int    // pixels
	Content       []byte
	// Blurhash is a coarse blur of the picture as a short text; smaller sizes have
	// none.
	Blurhash string
	// Sizes are narrower versions of the picture, the narrowest first. Animations
	// have none.
	Sizes []Picture
}

// Limits of a picture: larger ones are refused before a pixel is decoded.
const (
	MaxBytes  = 20 << 20
	maxPixels = 50_000_000
)

// format is a file format.
type format struct {
	// clean copies only the data that draws the picture.
	clean  func([]byte) (cleaned, error)
	decode func([]byte) (image.Image, error)
}

// cleaned is a file that contains only what draws the picture.
type cleaned struct {
	content []byte
	moving  bool
	profile []byte // the segments of a JPEG file that hold its colour profile
	turn    orientation
}

var formats = map[string]format{
	"jpeg": {cleanJPEG, func(b []byte) (image.Image, error) { return jpeg.Decode(bytes.NewReader(b)) }},
	"png":  {cleanPNG, func(b []byte) (image.Image, error) { return png.Decode(bytes.NewReader(b)) }},
	"gif":  {cleanGIF, decodeGIF},
}

// Read reads a picture from a file. It returns press.ErrInvalid for a file that is not
// a JPEG, PNG or GIF, that is too large, or that is damaged: a page or a program must
// not pass as a picture.
func Read(content []byte) (Picture, error) {
	if len(content) > MaxBytes {
		return Picture{}, fmt.Errorf("%w picture: larger than %d MiB", press.ErrInvalid, MaxBytes>>20)
	}
	size, name, err := image.DecodeConfig(bytes.NewReader(content))
	f, known := formats[name]
	if err != nil || !known {
		return Picture{}, fmt.Errorf("%w picture: not a JPEG, PNG or GIF file", press.ErrInvalid)
	}
	if size.Width < 1 || size.Height < 1 {
		return Picture{}, fmt.Errorf("%w picture: %d by %d pixels, nothing to see", press.ErrInvalid, size.Width, size.Height)
	}
	if size.Width*size.Height > maxPixels {
		return Picture{}, fmt.Errorf("%w picture: %d by %d pixels, more than 50 million", press.ErrInvalid, size.Width, size.Height)
	}
	file, err := f.clean(content)
	if err != nil {
		return Picture{}, fmt.Errorf("%w picture: the %s file is damaged: %w", press.ErrInvalid, name, err)
	}
	pixels, err := f.decode(file.content)
	if err != nil {
		return Picture{}, fmt.Errorf("%w picture: the %s file is damaged: %w", press.ErrInvalid, name, err)
	}
	return finish("image/"+name, file, pixels)
}

// finish rotates the picture upright and adds its blur and its sizes.
func finish(kind string, file cleaned, pixels image.Image) (Picture, error) {
	p := Picture{Type: kind, Content: file.content}
	if !rgbProfile(pixels) {
		file.profile = nil
	}
	if file.turn != upright {
		pixels = file.turn.apply(pixels)
		var err error
		if p.Content, err = encodeJPEG(pixels, file.profile, turnedQuality); err != nil {
			return p, err
		}
	}
	p.Width, p.Height = pixels.Bounds().Dx(), pixels.Bounds().Dy()
	smaller := shrinkAll(pixels)
	p.Blurhash = blurhash(smaller[len(smaller)-1])
	if file.moving {
		return p, nil
	}
	for i := len(smaller) - 2; i >= 0; i-- { // the last is for the blur
		size, err := encode(smaller[i], kind, file.profile)
		if err != nil {
			return p, err
		}
		// A drawing of few colours may need more bytes in a smaller size.
		if len(size.Content) < len(p.Content) {
			p.Sizes = append(p.Sizes, size)
		}
	}
	return p, nil
}
