package browser

import (
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
	"communique/cmd/internal/realpart"
)

// photograph writes a picture that is as hard to compress as one of a camera's that was
// made ready for a page: large shapes, edges and grain.
func photograph(t *testing.T, file string, seed uint64) (bytes int) {
	t.Helper()
	const w, h = 1600, 1067
	random := rand.New(rand.NewPCG(seed, 360))
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	type wave struct{ x, y, phase, height float64 }
	var waves []wave
	for n := range 40 {
		size := 2 * math.Pi * math.Pow(1.09, float64(n)) / 800
		angle := random.Float64() * 2 * math.Pi
		waves = append(waves, wave{size * math.Cos(angle), size * math.Sin(angle), random.Float64() * 7, 26 * math.Pow(0.93, float64(n))})
	}
	for y := range h {
		for x := range w {
			light := 110 + random.NormFloat64()*2
			for _, v := range waves {
				light += v.height * math.Sin(v.x*float64(x)+v.y*float64(y)+v.phase)
			}
			if (x/200+y/160)%7 == 0 { // roofs and windows
				light -= 40
			}
			of := func(share float64) uint8 { return uint8(max(0, min(255, light*share))) }
			m.SetRGBA(x, y, color.RGBA{of(1), of(0.93), of(0.85), 255})
		}
	}
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := jpeg.Encode(f, m, &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return int(info.Size())
}

// TestPageWeight: a phone is not sent the pictures of a screen four times as wide. Two
// photographs of 225 KB and more come with their page in 79.
func TestPageWeight(t *testing.T) {
	t.Parallel()
	realpart.Program(t, "chromium")
	s := e2etest.NewSite(t)
	s.Serve()
	document := s.Markdown("Treaty on harbours signed", "The Minister signed on Tuesday.\n\n![The quay](quay.jpg)", "lead: The two governments agree.",
		"images: [{src: harbour.jpg, alt: The harbour}]")
	originals := 0
	for i, name := range []string{"harbour.jpg", "quay.jpg"} {
		originals += photograph(t, filepath.Join(filepath.Dir(document), name), uint64(i))
	}
	if originals < 225_000 {
		t.Fatalf("the photographs have %d bytes: they prove nothing", originals)
	}
	found := checkPages(t, "--weight", s.File("publish", document).URL)
	for _, w := range found.Weights {
		t.Logf("%d bytes in %d answers at %d pixels for one, of %d", w.Bytes, w.Fetched, w.Scale, originals)
		if w.Scale <= 2 && w.Bytes > 79_000 {
			t.Errorf("a phone whose pixels are %d to one fetches %d bytes", w.Scale, w.Bytes)
		}
		if w.Bytes > originals {
			t.Errorf("a phone whose pixels are %d to one fetches %d bytes, more than the originals", w.Scale, w.Bytes)
		}
	}
	e2etest.Equal(t, "phones", len(found.Weights), 3)
}
