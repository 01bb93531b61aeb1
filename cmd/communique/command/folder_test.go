package command

import (
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPicturesBesideADocument: a picture is a file of the document's folder. One that
// is elsewhere is refused, also if a name or a link in the folder leads there.
func TestPicturesBesideADocument(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	folder, elsewhere := t.TempDir(), filepath.Join(t.TempDir(), "secret.png")
	for _, name := range []string{filepath.Join(folder, "pier.png"), elsewhere} {
		file, err := os.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := png.Encode(file, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
			t.Fatal(err)
		}
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(elsewhere, filepath.Join(folder, "link.png")); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	for _, tt := range []struct {
		src    string
		status int
		want   string // of what is printed
	}{
		{"pier.png", 0, "Published: "},
		{"none.png", 1, "treaty.md:4: images: image 1: none.png beside the document: no such file or directory"},
		{"link.png", 1, "treaty.md:4: images: image 1: link.png beside the document: path escapes from parent"},
		{"%2e%2e%2fsecret.png", 1, "is not the name of a file beside the document"},
	} {
		document := filepath.Join(folder, "treaty.md")
		text := "---\ntitle: Treaty " + tt.src + "\nsection: the-ministry\nimages: [{src: '" + tt.src + "', alt: The pier}]\n---\n\nIt was signed.\n"
		if err := os.WriteFile(document, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		out, problems, status := w.run("publish", document)
		if status != tt.status || !strings.Contains(out+problems, tt.want) {
			t.Errorf("%s: status %d, %s%s, want %q", tt.src, status, out, problems, tt.want)
		}
	}
}
