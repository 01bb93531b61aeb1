package command

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestPicturesInTheText: a picture that only the text names is served like one
// of the front matter, whatever its name begins with; one that is not there is
// an error and not a hole in the page.
func TestPicturesInTheText(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.picture("arms.png", 16)
	s.picture("arms.png.png", 24)
	s.picture("coat & arms.png", 32)
	s.serve()
	document := s.markdown("Arms", "![One](arms.png) ![Two](arms.png.png)\n\n![Three](<coat & arms.png>) [a page](en/) [large](arms.png)\n",
		"images: [{src: arms.png, alt: The arms}]")
	for _, name := range []string{"arms.png", "arms.png.png", "coat & arms.png"} {
		if err := os.Rename(filepath.Join(s.data, name), filepath.Join(filepath.Dir(document), name)); err != nil {
			t.Fatal(err)
		}
	}
	page := string(get(t, s.file("publish", document).URL).Body)
	shown := map[string]bool{}
	for _, tag := range strings.Split(page, "<img ")[1:] {
		_, src, _ := strings.Cut(tag, `src="`)
		src, _, _ = strings.Cut(src, `"`)
		mustEqual(t, src, get(t, src).Status, 200)
		shown[src] = true
	}
	mustEqual(t, "pictures shown", len(shown), 3)
	if strings.Contains(page, "beside.invalid") || !strings.Contains(page, `href="`+s.base+`/en/"`) {
		t.Errorf("the page leads nowhere: %s", page)
	}
	_, _, err := s.run("publish", s.markdown("Arms", "![One](none.png)"))
	if err == nil || !strings.Contains(err.Error(), "a picture in the text: none.png beside the document: no such file") {
		t.Errorf("a picture that is not there: %v", err)
	}
}

// TestAKeyBringsNothingBack: who publishes again under the same key, not knowing
// whether he was heard, changes nothing of what was done meanwhile, and is not told
// that something is public which is not.
func TestAKeyBringsNothingBack(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.serve()
	s.picture("harbour.png", 40)
	document := filepath.Join(s.data, "statement.md")
	const text = "---\ntitle: With a picture\nsection: the-ministry\nimages:\n  - {src: harbour.png, alt: The harbour}\n---\n\nText.\n"
	if err := os.WriteFile(document, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	f := s.file("publish", "--key", "k", document)
	found := regexp.MustCompile(`/media/[0-9a-f]+\.png`).Find(get(t, s.base+"/en/feed.json").Body)
	picture := s.base + string(found)
	mustEqual(t, "the picture", get(t, picture).Status, 200)
	s.file("correct", f.ID, s.markdown("Without a picture", "Text."), "--note", "The picture was another's.")
	s.file("publish", "--key", "k", document)
	mustEqual(t, "the picture that was taken out", get(t, picture).Status, 404)
	s.file("withdraw", f.ID, "--reason", "An error.")
	_, problems, err := s.run("publish", "--key", "k", document)
	if err == nil || !strings.Contains(problems+err.Error(), "withdrawn") {
		t.Errorf("published again under the key: %v\n%s", err, problems)
	}
}
