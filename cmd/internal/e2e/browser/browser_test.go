package browser

import (
	"fmt"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
	"communique/cmd/internal/realpart"
)

// TestBrowser: pages are drawn by a real browser, wide and narrow, and say
// something.
func TestBrowser(t *testing.T) {
	t.Parallel()
	chromium := realpart.Program(t, "chromium")
	s := e2etest.NewSite(t)
	s.Serve()
	a := s.Publish("A treaty was signed", "lead: The two governments agree.")
	for _, page := range []string{a.URL, s.Base + "/en/", s.Base + "/en/nowhere/"} {
		for _, width := range []int{360, 1280} {
			shot := filepath.Join(t.TempDir(), "page.png")
			cmd := exec.Command(chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
				"--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
				"--user-data-dir="+t.TempDir(), fmt.Sprintf("--window-size=%d,900", max(width, 500)), "--screenshot="+shot, page)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("chromium: %v\n%s", err, out)
			}
			if colours := coloursOf(t, shot); colours < 10 {
				t.Errorf("%s at %d pixels is drawn in %d colours: nothing is there", page, width, colours)
			}
		}
	}
}

func coloursOf(t *testing.T, file string) int {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	picture, err := png.Decode(io.Reader(f))
	if err != nil {
		t.Fatal(err)
	}
	colours := map[[3]uint32]bool{}
	for y := range picture.Bounds().Dy() {
		for x := range picture.Bounds().Dx() {
			r, g, b, _ := picture.At(x, y).RGBA()
			colours[[3]uint32{r, g, b}] = true
		}
	}
	return len(colours)
}
