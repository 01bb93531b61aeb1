package e2etest

import (
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Illustrated publishes an article with a picture that is larger than any size.
func (s *Site) Illustrated(title string) Filed {
	s.T.Helper()
	document := s.Markdown(title, "The Minister signed on Monday.", "lead: The two governments agree.", "tags: [harbours, treaties]",
		"images: [{src: harbour.jpg, alt: The harbour at dawn, caption: The harbour on the morning of the signing, credit: A. Photographer, terms: CC BY 4.0}]")
	Harbour(s.T, filepath.Join(filepath.Dir(document), "harbour.jpg"))
	return s.File("publish", document)
}

// Harbour writes a picture, the same each time.
func Harbour(t testing.TB, name string) {
	t.Helper()
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	m := image.NewRGBA(image.Rect(0, 0, 1700, 900))
	for y := range 900 {
		for x := range 1700 {
			m.SetRGBA(x, y, color.RGBA{uint8(x / 7), uint8(y / 4), uint8(x * y >> 12), 255})
		}
	}
	if err := jpeg.Encode(file, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
}

// Filed is what publish, correct and withdraw print with --json.
type Filed struct {
	ID    string `json:"id"`
	URL   string `json:"url"`
	Seq   int64  `json:"seq"`
	State string `json:"state"`
}

// ObjectID is the ActivityPub id of an article.
func (s *Site) ObjectID(a Filed) string { return s.Base + "/ap/articles/" + a.ID }

// Page is an article's page as a browser gets it.
func (s *Site) Page(a Filed, headers ...string) Answer {
	s.T.Helper()
	return Get(s.T, a.URL, append([]string{"Accept", "text/html"}, headers...)...)
}

// File runs a command that files something and reads what it prints.
func (s *Site) File(args ...string) Filed {
	s.T.Helper()
	var f Filed
	s.ReadJSON(&f, append(args, "--json")...)
	return f
}

// Picture puts a square PNG beside the configuration.
func (s *Site) Picture(name string, side int) {
	s.T.Helper()
	file, err := os.Create(filepath.Join(s.Data, name))
	if err != nil {
		s.T.Fatal(err)
	}
	if err := png.Encode(file, image.NewGray(image.Rect(0, 0, side, side))); err != nil {
		s.T.Fatal(err)
	}
	if err := file.Close(); err != nil {
		s.T.Fatal(err)
	}
}

// Markdown writes a document and returns its path.
func (s *Site) Markdown(title, body string, fields ...string) string {
	s.T.Helper()
	front := append([]string{"title: " + title, "section: the-ministry/the-minister/activities"}, fields...)
	file := filepath.Join(s.T.TempDir(), "article.md")
	text := "---\n" + strings.Join(front, "\n") + "\n---\n\n" + body + "\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		s.T.Fatal(err)
	}
	return file
}

// InSection files a document of [Site.Markdown] elsewhere.
func (s *Site) InSection(document, section string) string {
	s.T.Helper()
	text, err := os.ReadFile(document)
	if err == nil {
		elsewhere := strings.Replace(string(text), "the-ministry/the-minister/activities", section, 1)
		err = os.WriteFile(document, []byte(elsewhere), 0o600)
	}
	if err != nil {
		s.T.Fatal(err)
	}
	return document
}

// ShortText is one that may stand under many titles, also while one of them is under
// embargo or was withdrawn.
const ShortText = "The delegation came.\n\nThey spoke."

// Publish publishes an article with further fields of front matter.
func (s *Site) Publish(title string, fields ...string) Filed {
	s.T.Helper()
	return s.File("publish", s.Markdown(title, ShortText, fields...))
}

// Formats are the endings of feeds.
var Formats = []string{"rss", "atom", "json"}

// Feeds are the addresses of all feeds of an English article in the site's
// section: the section's own, those above it, and the one of everything.
func (s *Site) Feeds() []string {
	var all []string
	for _, path := range []string{"", "the-ministry/", "the-ministry/the-minister/", "the-ministry/the-minister/activities/"} {
		for _, format := range Formats {
			all = append(all, s.Base+"/en/"+path+"feed."+format)
		}
	}
	return all
}

// PublishedAt is the field of front matter that gives an article its instant.
func PublishedAt(at time.Time) string { return "published: " + at.UTC().Format(time.RFC3339) }
