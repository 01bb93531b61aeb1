package command

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// folderState is every file of a folder, byte for byte.
func folderState(t *testing.T, folder string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		all[path] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// pictureFile is a picture as a file has it.
func pictureFile(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestPreview: an editor sees page, item and post of a set under embargo, with a picture
// and a file, in files that nobody else can read; and the site is, byte for byte, what it
// was, also while it is open elsewhere.
func TestPreview(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	folder := t.TempDir()
	const most = 12 << 20 // more than the engine keeps of a transaction in memory
	for name, text := range map[string]string{
		"harbour.png": pictureFile(t),
		"treaty.txt":  strings.Repeat("Article 1.\n", most/11),
		"en.md":       "---\ntitle: Treaty signed\nsection: the-ministry\npublished: 2026-12-24 10:00\ntags: [sea law]\nimages:\n  - {src: harbour.png, alt: The harbour}\n---\n\nThe secret [text](treaty.txt).\n",
		"fr.md":       "---\ntitle: Traité signé\nsection: the-ministry\nlanguage: fr\n---\n\n" + strings.Repeat("Le texte secret. ", 60) + "\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	en, fr, to := filepath.Join(folder, "en.md"), filepath.Join(folder, "fr.md"), filepath.Join(folder, "out")
	kept, err := (&app{World: World{Env: func(string) string { return "" }, Clock: w.clock}, data: w.data}).open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close() // as a server would hold it
	before := folderState(t, w.data)
	w.say([]said{
		{"preview " + en + " " + fr + " --to " + to, 0, []string{
			`"Treaty signed" (en) would be under embargo until 2026-12-24 10:00 WET. Nothing was filed.`,
			"Page: " + to + "/preview.en.html", "  Categories: The Ministry, sea law", "  Pictures: The harbour", "  Files: text",
			"  | Treaty signed\n  |\n  | The secret text.\n", "  | #SeaLaw\n", `Card, with the picture "The harbour": M: Treaty signed`,
			`"Traité signé" (fr) would be under embargo until 2026-12-24 10:00 WET`, "Le texte…\n", "Open " + to + "/preview.en.html in a browser.", "it would go out when serve runs",
		}},
		{"preview --json " + en + " --to " + to, 0, []string{`"dry_run":true`, `"state":"embargoed"`, `"page":"` + to + `/preview.en.html"`, `"mastodon":{"title":"Treaty signed"`}},
		{"publish --dry-run " + en + " " + fr, 0, []string{`"Treaty signed" (en) would be under embargo until`, `"Traité signé" (fr) would be under embargo until`}},
		{"preview " + w.document("published: 2026-11-20"), 1, []string{"it is more than 48 hours ago", "add --silent"}},
		{"preview --silent --json " + w.document("published: 2026-11-20") + " --to " + to, 0, []string{`"silent":true`}},
		{"preview " + en + " " + en, 1, []string{"language: it is en, as "}},
		{"preview none.md", 1, []string{"none.md: it cannot be read"}},
	})
	after := folderState(t, w.data)
	for file, content := range before {
		if after[file] != content {
			t.Errorf("%s has changed: %d bytes, and were %d", file, len(after[file]), len(content))
		}
	}
	if len(after) != len(before) {
		t.Errorf("%d files are there, and were %d", len(after), len(before))
	}
	private(t, to)
	page, err := os.ReadFile(filepath.Join(to, "preview.fr.html"))
	if err != nil || !bytes.Contains(page, []byte(`href="preview.en.html" hreflang="en"`)) || bytes.Contains(page, []byte("/assets/")) {
		t.Errorf("the French page does not lead to the English one, or needs the site: %v", err)
	}
}

func private(t *testing.T, folder string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("others can read %s: %v", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestPreviewInAPublicFolder: what is in the way there is not written to, nor does its
// mode count.
func TestPreviewInAPublicFolder(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	folder, elsewhere := t.TempDir(), filepath.Join(t.TempDir(), "public.html")
	for _, file := range []string{elsewhere, filepath.Join(folder, "preview.en.json")} {
		if err := os.WriteFile(file, []byte("x"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(elsewhere, filepath.Join(folder, "preview.en.html")); err != nil {
		t.Fatal(err)
	}
	w.must("preview", w.document(), "--to", folder)
	if content, err := os.ReadFile(elsewhere); err != nil || string(content) != "x" {
		t.Errorf("what a link led to: %s (%v)", content, err)
	}
	for _, name := range []string{"preview.en.html", "preview.en.json", "preview.en.atom"} {
		if info, err := os.Lstat(filepath.Join(folder, name)); err != nil || info.Mode() != 0o600 {
			t.Errorf("%s: %v (%v)", name, info, err)
		}
	}
}

// TestPreviewOfACorrection: a document that says what it was made of is shown with the
// note on it, and refused as correct would refuse it.
func TestPreviewOfACorrection(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	id := w.publish(w.document("lead: It costs 100."))
	to := filepath.Join(t.TempDir(), "out")
	file := filepath.Join(t.TempDir(), "c.md")
	edit := func(old, put string) {
		t.Helper()
		text := strings.Replace(w.must("show", "--markdown", id), old, put, 1)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	edit("100", "200")
	w.say([]said{{"preview " + file + " --to " + to + ` --note "It is 200."`, 0, []string{`It would correct "Treaty signed" of 2026-11-26`, "It costs 200."}}})
	page, err := os.ReadFile(filepath.Join(to, "preview.en.html"))
	if err != nil || !bytes.Contains(page, []byte("It is 200.")) {
		t.Errorf("the page does not have the note: %v", err)
	}
	w.must("correct", id, file, "--note", "It is 200.")
	edit("200", "100")
	w.say([]said{
		{"preview " + file, 1, []string{`lead: it says "It costs 100."`, "--back"}},
		{"preview --back --note Again. --json " + file + " --to " + to, 0, []string{`"state":"published"`}},
		{"preview " + file + " " + w.document("language: fr"), 1, []string{"the document is a text of an article that exists"}},
	})
	later := w.publish(w.document("published: 2026-12-20 10:00", "lead: Later."))
	if err := os.WriteFile(file, []byte(strings.Replace(w.must("show", "--markdown", later), "2026-12-20", "2026-11-25", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	w.say([]said{
		{"preview " + file + " --to " + to, 0, []string{`"Treaty signed" (en) is under embargo until 2026-12-20 10:00 WET, and would be public at once: correct asks for --lift-embargo.`}},
		{"preview --json " + file + " --to " + to, 0, []string{`"state":"published"`, `"served":false`}},
		{"publish --again --dry-run --json " + w.document("lead: Newer."), 0, []string{`"served":false`}},
	})
	var d articleDetails
	if err := json.Unmarshal([]byte(w.must("show", "--json", id)), &d); err != nil || d.Revision != 2 {
		t.Errorf("the article is at revision %d (%v)", d.Revision, err)
	}
}
