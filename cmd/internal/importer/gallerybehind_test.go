package importer

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// TestGalleryBehindText: a gallery that stands behind a text, in a box of its own, is not left
// out without a word, unless it offers other pages.
func TestGalleryBehindText(t *testing.T) {
	t.Parallel()
	const caption = "The ministers open the bridge at Port Almira"
	frame := func(href string) string {
		return `<div class="vignette"><a href="` + href + `"><img src="https://mfa.example/1s.jpg" alt="Bridge" width="400" height="300"></a><p class="legende">` + caption + `</p></div>`
	}
	for name, c := range map[string]struct {
		gallery string
		told    bool
	}{
		"pictures that open":     {frame("https://mfa.example/1.jpg"), true},
		"pictures by themselves": {frame("#1"), true},
		"other pages":            {frame("https://mfa.example/news/7"), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const page = `<!DOCTYPE html><html lang="en"><head><title>A bridge is opened</title></head><body><div class="content"><h1>A bridge is opened</h1><p class="date">5 March 2024</p><div class="text"><p>FIRST</p><p>SECOND</p></div><div class="gallery">GALLERY</div></div></body></html>`
			words := strings.NewReplacer("FIRST", strings.Repeat("The ministers met at the river and spoke of the bridge. ", 4), "SECOND", strings.Repeat("They agreed to meet again in the spring of next year. ", 4), "GALLERY", c.gallery)
			p, err := ReadPage("a.html", []byte(words.Replace(page)), Options{Zone: time.UTC})
			if err != nil {
				t.Fatal(err)
			}
			told := strings.Contains(string(p.Body), caption) || slices.ContainsFunc(p.Problems, func(s string) bool { return strings.Contains(s, caption) })
			if told != c.told {
				t.Errorf("the caption is kept or told: %t, want %t; problems %q, text %q", told, c.told, p.Problems, p.Body)
			}
		})
	}
}
