package importer

import (
	"strings"
	"testing"
	"time"

	"communique/storage/richtext"
)

// TestSourceOfAText: a line that says from whom a text is stays, or is named.
func TestSourceOfAText(t *testing.T) {
	t.Parallel()
	for _, said := range []string{"Source: Zorvalen", "Source: The Zorvalen Quistberg Agency", "Quelle: Zorvalen", "Fuente: Zorvalen"} {
		for _, shape := range markedPages {
			for _, place := range []string{"FIRST", "MIDDLE", "LAST"} {
				text := strings.Replace(shape.html, place, "<p>"+said+"</p>", 1)
				for _, other := range []string{"BEFORE", "FIRST", "MIDDLE", "LAST", "AFTER"} {
					text = strings.Replace(text, other, "", 1)
				}
				p, err := ReadPage("a.html", []byte(`<!DOCTYPE html><html lang="en"><head><title>The treaty of Port Almira</title></head><body><nav><a href="/">Home</a></nav>`+text+`</body></html>`), Options{Zone: time.UTC})
				if err != nil {
					t.Fatal(err)
				}
				if !strings.Contains(richtext.Text(p.Body)+strings.Join(p.Problems, "\n"), "Zorvalen") {
					t.Errorf("%s, %s: %s vanishes: %q", shape.name, place, said, p.Problems)
				}
			}
		}
	}
}
