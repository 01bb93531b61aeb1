package site

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
)

// TestPicturesInTheText: a picture that only the text names is served like one
// of the front matter, whatever its name begins with; one that is not there is
// an error and not a hole in the page.
func TestPicturesInTheText(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.Picture("arms.png", 16)
	s.Picture("arms.png.png", 24)
	s.Picture("coat & arms.png", 32)
	s.Serve()
	document := s.Markdown("Arms", "![One](arms.png) ![Two](arms.png.png)\n\n![Three](<coat & arms.png>) [a page](en/) [large](arms.png)\n",
		"images: [{src: arms.png, alt: The arms}]")
	for _, name := range []string{"arms.png", "arms.png.png", "coat & arms.png"} {
		if err := os.Rename(filepath.Join(s.Data, name), filepath.Join(filepath.Dir(document), name)); err != nil {
			t.Fatal(err)
		}
	}
	page := string(e2etest.Get(t, s.File("publish", document).URL).Body)
	shown := map[string]bool{}
	for _, tag := range strings.Split(page, "<img ")[1:] {
		_, src, _ := strings.Cut(tag, `src="`)
		src, _, _ = strings.Cut(src, `"`)
		e2etest.Equal(t, src, e2etest.Get(t, src).Status, 200)
		shown[src] = true
	}
	e2etest.Equal(t, "pictures shown", len(shown), 3)
	if strings.Contains(page, "beside.invalid") || !strings.Contains(page, `href="`+s.Base+`/en/"`) {
		t.Errorf("the page leads nowhere: %s", page)
	}
	_, _, err := s.Run("publish", s.Markdown("Arms", "![One](none.png)"))
	if err == nil || !strings.Contains(err.Error(), "a picture in the text: none.png beside the document: no such file") {
		t.Errorf("a picture that is not there: %v", err)
	}
}

// TestPicturesBesideTheDocument: a picture is public while its article is.
func TestPicturesBesideTheDocument(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.Serve()
	s.Picture("harbour.png", 40)
	document := filepath.Join(s.Data, "statement.md")
	const front = "---\ntitle: With a picture\nsection: the-ministry\nimages:\n  - {src: harbour.png, alt: The harbour}\n%s---\n\nText.\n"
	write := func(extra string) string {
		if err := os.WriteFile(document, fmt.Appendf(nil, front, extra), 0o600); err != nil {
			t.Fatal(err)
		}
		return document
	}
	held := s.File("publish", write(e2etest.PublishedAt(s.Clock.Now().Add(time.Hour))+"\n"))
	var shown struct {
		Images []struct{ Src, Alt string }
	}
	if err := json.Unmarshal([]byte(s.Must("show", held.ID, "--json")), &shown); err != nil || len(shown.Images) != 1 {
		t.Fatalf("show: %v, %+v", err, shown)
	}
	picture := shown.Images[0].Src
	e2etest.Equal(t, "the picture under embargo", e2etest.Get(t, picture).Status, 404)
	open := s.File("publish", "--again", write(""))
	got := e2etest.Get(t, picture)
	e2etest.Equal(t, "the picture", fmt.Sprint(got.Status, got.Header.Get("Content-Type"), got.Header.Get("X-Content-Type-Options")), "200image/pngnosniff")
	s.Must("withdraw", open.ID, "--reason", "A test.")
	e2etest.Equal(t, "the picture after the withdrawal", e2etest.Get(t, picture).Status, 404)
}
