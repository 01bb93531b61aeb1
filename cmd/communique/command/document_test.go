package command_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
)

// TestAKeyBringsNothingBack: an editor who publishes again under the same key, not knowing
// whether they were heard, changes nothing of what was done meanwhile, and is not told
// that something is public which is not.
func TestAKeyBringsNothingBack(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.Serve()
	s.Picture("harbour.png", 40)
	document := filepath.Join(s.Data, "statement.md")
	const text = "---\ntitle: With a picture\nsection: the-ministry\nimages:\n  - {src: harbour.png, alt: The harbour}\n---\n\nText.\n"
	if err := os.WriteFile(document, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	f := s.File("publish", "--key", "k", document)
	found := regexp.MustCompile(`/media/[0-9a-f]+\.png`).Find(e2etest.Get(t, s.Base+"/en/feed.json").Body)
	picture := s.Base + string(found)
	e2etest.Equal(t, "the picture", e2etest.Get(t, picture).Status, 200)
	s.File("correct", f.ID, s.Markdown("Without a picture", "Text."), "--note", "The picture was another's.")
	s.File("publish", "--key", "k", document)
	e2etest.Equal(t, "the picture that was taken out", e2etest.Get(t, picture).Status, 404)
	s.File("withdraw", f.ID, "--reason", "An error.")
	_, problems, err := s.Run("publish", "--key", "k", document)
	if err == nil || !strings.Contains(problems+err.Error(), "withdrawn") {
		t.Errorf("published again under the key: %v\n%s", err, problems)
	}
}
