package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"slices"
	"strings"
	"testing"

	"communique/storage/press"
)

// secret stands in everything of a file that does not draw the picture.
const secret = "taken at 48.85,2.29 by the deputy"

// scene is a picture whose corners tell how it is turned: red at the top left,
// green beside it, blue below.
func scene(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{uint8(200 * x / w), uint8(200 * y / h), 90, 255}
			switch {
			case x < w/4 && y < h/4:
				c = color.RGBA{255, 0, 0, 255}
			case x >= w*3/4 && y < h/4:
				c = color.RGBA{0, 255, 0, 255}
			case x < w/4 && y >= h*3/4:
				c = color.RGBA{0, 0, 255, 255}
			}
			m.Set(x, y, c)
		}
	}
	return m
}

func jpegOf(t *testing.T, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngOf(t *testing.T, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gifOf(t *testing.T, frames int) []byte {
	t.Helper()
	film := &gif.GIF{}
	for n := range frames {
		m := image.NewPaletted(image.Rect(0, 0, 600, 4), color.Palette{color.Black, color.White, color.RGBA{uint8(n), 0, 0, 255}})
		m.Pix[n] = 2
		film.Image, film.Delay = append(film.Image, m), append(film.Delay, 10)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, film); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// segment is a JPEG segment.
func segment(mark byte, body string) string {
	return string([]byte{0xff, mark}) + string(binary.BigEndian.AppendUint16(nil, uint16(len(body)+2))) + body
}

// exif is a JPEG segment with an orientation, as a camera writes it.
func exif(o uint16) string {
	b := append([]byte("Exif\x00\x00MM\x00*"), 0, 0, 0, 8, 0, 2)
	for _, entry := range [][2]uint16{{0x10f, 0x4d4d}, {0x112, o}} {
		b = binary.BigEndian.AppendUint16(b, entry[0])
		b = append(b, 0, 3, 0, 0, 0, 1)
		b = binary.BigEndian.AppendUint16(b, entry[1])
		b = append(b, 0, 0)
	}
	return segment(markAPP1, string(b)+secret)
}

// chunk is a PNG chunk.
func chunk(name, body string) string {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(b, name+body...)
	return string(binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE([]byte(name+body))))
}

func insert(b []byte, at int, text string) []byte {
	return []byte(string(b[:at]) + text + string(b[at:]))
}

func TestWhatDoesNotDrawIsLeftOut(t *testing.T) {
	t.Parallel()
	const profile = "ICC_PROFILE\x00\x01\x01the colours"
	const afterIHDR, afterGIFHeader = 33, 13
	hidden := segment(markComment, secret) + exif(1) + segment(0xed, "Photoshop 3.0\x00"+secret) +
		segment(markAPP2, "MPF\x00"+secret) + segment(markAPP1, "http://ns.adobe.com/xap/1.0/\x00"+secret)
	for name, file := range map[string][]byte{
		"jpeg": append(insert(jpegOf(t, scene(80, 60)), 2, hidden+segment(markAPP2, profile)), secret...),
		"png": append(insert(pngOf(t, scene(80, 60)), afterIHDR,
			chunk("tEXt", "Author\x00"+secret)+chunk("eXIf", secret)+chunk("zzZz", secret)), secret...),
		"gif": append(insert(gifOf(t, 1), afterGIFHeader,
			"\x21\xfe"+string(rune(len(secret)))+secret+"\x00"+"\x21\xff\x0bXMP DataXMP"+string(rune(len(secret)))+secret+"\x00"), secret...),
	} {
		p, err := Read(file)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if strings.Contains(string(p.Content), "deputy") {
			t.Errorf("%s: what the file hides is still there", name)
		}
		if _, got, err := image.Decode(bytes.NewReader(p.Content)); got != name || err != nil {
			t.Errorf("%s: what is left is %s, %v", name, got, err)
		}
		if again, err := Read(p.Content); err != nil || !bytes.Equal(again.Content, p.Content) {
			t.Errorf("%s: cleaning twice is not cleaning once: %v", name, err)
		}
		if name == "jpeg" && !strings.Contains(string(p.Content), profile) {
			t.Error("the colour profile is gone")
		}
	}
}

func TestPhotographsAreTurned(t *testing.T) {
	t.Parallel()
	for o := upright; o <= leftBottom; o++ {
		want := scene(120, 80)
		held := image.NewRGBA(image.Rect(0, 0, 120, 80))
		if o >= leftTop {
			held = image.NewRGBA(image.Rect(0, 0, 80, 120))
		}
		for y := range held.Rect.Dy() { // as the camera saw it
			for x := range held.Rect.Dx() {
				tx, ty := o.place(x, y, held.Rect.Dx(), held.Rect.Dy())
				held.Set(x, y, want.At(tx, ty))
			}
		}
		p, err := Read(insert(jpegOf(t, held), 2, exif(uint16(o))))
		if err != nil {
			t.Fatal(err)
		}
		m, err := jpeg.Decode(bytes.NewReader(p.Content))
		if err != nil {
			t.Fatal(err)
		}
		if p.Width != 120 || p.Height != 80 || m.Bounds().Dx() != 120 {
			t.Errorf("orientation %d: %d by %d", o, p.Width, p.Height)
		}
		for name, at := range map[string]image.Point{"red": {5, 5}, "green": {115, 5}, "blue": {5, 75}} {
			r, g, b, _ := m.At(at.X, at.Y).RGBA()
			if got := map[string]bool{"red": r > 0xc000, "green": g > 0xc000, "blue": b > 0xc000}; !got[name] {
				t.Errorf("orientation %d: no %s at %v", o, name, at)
			}
		}
	}
}

// TestFrameWithinScreen: a film whose first frame fills a corner is as large as
// its screen, for whoever makes room for it.
func TestFrameWithinScreen(t *testing.T) {
	t.Parallel()
	corner := image.NewPaletted(image.Rect(5, 3, 9, 7), color.Palette{color.White, color.Black})
	var b bytes.Buffer
	film := gif.GIF{Image: []*image.Paletted{corner}, Delay: []int{0}, Config: image.Config{Width: 40, Height: 20, ColorModel: corner.ColorModel()}}
	if err := gif.EncodeAll(&b, &film); err != nil {
		t.Fatal(err)
	}
	if p, err := Read(b.Bytes()); err != nil || p.Width != 40 || p.Height != 20 {
		t.Errorf("%d by %d, %v, want 40 by 20", p.Width, p.Height, err)
	}
}

func TestSizes(t *testing.T) {
	t.Parallel()
	grey := image.NewGray(image.Rect(0, 0, 600, 90))
	draw.Draw(grey, grey.Bounds(), scene(600, 90), image.Point{}, draw.Src)
	for _, tt := range []struct {
		name   string
		file   []byte
		widths []int
		kind   string
	}{
		{"narrow", jpegOf(t, scene(480, 100)), nil, ""},
		{"wide", jpegOf(t, scene(1000, 750)), []int{480, 688}, "image/jpeg"},
		{"wider", jpegOf(t, scene(3300, 330)), []int{480, 688, 1024, 1376}, "image/jpeg"},
		{"drawing, larger when smaller", pngOf(t, scene(1025, 500)), []int{480, 688}, "image/png"},
		{"grey", jpegOf(t, grey), []int{480}, "image/jpeg"},
		{"film", gifOf(t, 3), nil, ""},
	} {
		p, err := Read(tt.file)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		var got []int
		for _, size := range p.Sizes {
			got = append(got, size.Width)
			m, _, err := image.Decode(bytes.NewReader(size.Content))
			if err != nil || m.Bounds().Dx() != size.Width || m.Bounds().Dy() != size.Height || size.Type != tt.kind {
				t.Errorf("%s: the size %d is %v, %s: %v", tt.name, size.Width, m.Bounds(), size.Type, err)
			}
			if off := size.Height*p.Width - p.Height*size.Width; off > p.Width || off < -p.Width {
				t.Errorf("%s: %d by %d became %d by %d", tt.name, p.Width, p.Height, size.Width, size.Height)
			}
		}
		if !slices.Equal(got, tt.widths) {
			t.Errorf("%s: widths %v, want %v", tt.name, got, tt.widths)
		}
	}
}

func TestSmallerSizesKeepColours(t *testing.T) {
	t.Parallel()
	p, err := Read(jpegOf(t, scene(2000, 1000)))
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range p.Sizes {
		m, err := jpeg.Decode(bytes.NewReader(size.Content))
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range []image.Point{{100, 100}, {1900, 100}, {100, 900}, {1000, 500}} {
			r, g, b, _ := m.At(at.X*size.Width/2000, at.Y*size.Width/2000).RGBA()
			wr, wg, wb, _ := scene(2000, 1000).At(at.X, at.Y).RGBA()
			for i, d := range []int{int(r) - int(wr), int(g) - int(wg), int(b) - int(wb)} {
				if d > 0x600 || d < -0x600 {
					t.Errorf("%d wide, at %v, colour %d is off by %d", size.Width, at, i, d>>8)
				}
			}
		}
	}
}

// TestBlurhash decodes, by the definition, what can be said beforehand: the
// length, the average colour, and that black has no waves.
func TestBlurhash(t *testing.T) {
	t.Parallel()
	fill := func(c color.Color) image.Image {
		m := image.NewRGBA(image.Rect(0, 0, 60, 40))
		draw.Draw(m, m.Bounds(), image.NewUniform(c), image.Point{}, draw.Src)
		return m
	}
	if got, want := blurhash(fill(color.Black)), "L00000"+strings.Repeat("fQ", 11); got != want {
		t.Errorf("black is %q, want %q", got, want)
	}
	for want, c := range map[int]color.Color{0xff0000: color.RGBA{255, 0, 0, 255}, 0x808080: color.Gray{128}, 0xffffff: color.Transparent} {
		value := 0
		for _, digit := range blurhash(fill(c))[2:6] {
			value = value*83 + strings.IndexRune(base83, digit)
		}
		if value != want {
			t.Errorf("the average of %v is %06x", c, value)
		}
	}
	// Brighter on the right: the first wave across is dark first, in every colour.
	slope := image.NewGray(image.Rect(0, 0, 60, 40))
	for x := range 60 {
		for y := range 40 {
			slope.SetGray(x, y, color.Gray{uint8(4 * x)})
		}
	}
	hash := blurhash(slope)
	first := strings.IndexByte(base83, hash[6])*83 + strings.IndexByte(base83, hash[7])
	if r, g, b := first/361, first/19%19, first%19; r != 0 || g != 0 || b != 0 {
		t.Errorf("the slope %q begins with %d, %d, %d, want the darkest of 19", hash, r, g, b)
	}
}

// TestRefused: SECURITY A 34, image bombs, programs and damaged files.
func TestRefused(t *testing.T) {
	t.Parallel()
	bomb := pngOf(t, scene(4, 4))
	binary.BigEndian.PutUint32(bomb[16:], 60000)
	binary.BigEndian.PutUint32(bomb[20:], 60000)
	binary.BigEndian.PutUint32(bomb[29:], crc32.ChecksumIEEE(bomb[12:29]))
	whole := map[string][]byte{"jpeg": jpegOf(t, scene(30, 20)), "png": pngOf(t, scene(30, 20)), "gif": gifOf(t, 2)}
	refused := map[string][]byte{
		"bomb": bomb, "too large": make([]byte, MaxBytes+1), "empty": nil,
		"svg": []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), "page": []byte("<!DOCTYPE html><script>x</script>"),
	}
	scan := bytes.Index(whole["jpeg"], []byte{0xff, markScan})
	refused["endless scans"] = insert(whole["jpeg"], scan, strings.Repeat(string(whole["jpeg"][scan:len(whole["jpeg"])-2]), maxScans))
	flat := slices.Clone(whole["jpeg"])
	copy(flat[bytes.Index(flat, []byte{0xff, 0xc0})+5:], []byte{0, 0})
	refused["no height"] = flat
	refused["frame without height"] = []byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x00\x00\x00\x02\x02D\x01\x00;")
	for kind, b := range whole {
		refused["half a "+kind] = b[:len(b)/2]
		refused["cut "+kind] = b[:len(b)-1]
	}
	for name, b := range refused {
		if _, err := Read(b); !errors.Is(err, press.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// A program behind a picture, or a picture that is a program too, is a
	// picture and nothing else afterwards.
	both, err := Read(append(whole["gif"], "<script>x</script>"...))
	if err != nil || bytes.Contains(both.Content, []byte("script")) {
		t.Errorf("what follows the picture is still there: %v", err)
	}
}

// FuzzRead: whatever is handed in, what comes out is a picture that reads the
// same again.
func FuzzRead(f *testing.F) {
	var small bytes.Buffer
	if err := jpeg.Encode(&small, scene(9, 7), nil); err != nil {
		f.Fatal(err)
	}
	f.Add(small.Bytes())
	f.Add(insert(small.Bytes(), 2, exif(6)))
	f.Add([]byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if c, _, err := image.DecodeConfig(bytes.NewReader(b)); err == nil && c.Width*c.Height > 1<<16 {
			return // as slow as it is large
		}
		p, err := Read(b)
		if err != nil {
			if !errors.Is(err, press.ErrInvalid) {
				t.Fatal(err)
			}
			return
		}
		again, err := Read(p.Content)
		if err != nil || !bytes.Equal(again.Content, p.Content) || len(p.Content) > len(b) && !bytes.Contains(b, exifName) {
			t.Fatalf("what was cleaned reads otherwise: %v", err)
		}
	})
}
