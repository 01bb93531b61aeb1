package stories

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
)

// TestWhatIsPreviewedIsWhatComes: page, feed item and post are, but for the id, those
// that readers get when the embargo ends; until then nobody gets anything of them.
func TestWhatIsPreviewedIsWhatComes(t *testing.T) {
	t.Parallel()
	s, to := e2etest.NewSite(t), filepath.Join(t.TempDir(), "preview")
	s.Configure("languages: [en]", "languages: [en, fr]")
	s.Serve()
	p := e2etest.NewPeer(t)
	p.Sends(s, p.Follow(s.Actor()))
	p.WaitFor(1)
	s.Picture("harbour.png", 1400)
	at := "published: " + s.Clock.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	en := s.Markdown("Harbour & <sea> treaty", "Text of it[^1].\n\n![In it](harbour.png)\n\n[^1]: A note.", at, "tags: [sea law, harbours]",
		"images:\n  - {src: harbour.png, alt: The \"harbour\", caption: At dawn, credit: A. P.}")
	fr := s.Markdown("Traité du port", strings.Repeat("Le texte. ", 60), "language: fr")
	picture, err := os.ReadFile(filepath.Join(s.Data, "harbour.png"))
	if err == nil {
		err = os.WriteFile(filepath.Join(filepath.Dir(en), "harbour.png"), picture, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	s.Must("preview", en, fr, "--to", to)
	read := func(name string) string {
		t.Helper()
		content, err := os.ReadFile(filepath.Join(to, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(content)
	}
	for _, feed := range s.Feeds() {
		if got := string(e2etest.Get(t, feed).Body); strings.Contains(got, "treaty") || strings.Contains(got, "Traité") {
			t.Errorf("%s tells of what was previewed:\n%s", feed, got)
		}
	}
	s.Must("publish", en, fr)
	s.Clock.Pass(time.Hour)
	for _, a := range p.WaitFor(3)[1:] {
		object, ok := e2etest.At(a.Fields, "object").(map[string]any)
		if !ok {
			t.Fatalf("there is no object in %s", a.Body)
		}
		address, id := e2etest.Text(object, "url"), strings.TrimPrefix(e2etest.Text(object, "id"), s.Base+"/ap/articles/")
		lang, _, _ := strings.Cut(strings.TrimPrefix(address, s.Base+"/"), "/")
		var sent map[string]any
		if err := json.Unmarshal([]byte(read("preview."+lang+".json")), &sent); err != nil {
			t.Fatal(err)
		}
		delete(sent, "@context")
		e2etest.Equal(t, "the post in "+lang, asJSON(t, sent), asJSON(t, object))
		page := string(e2etest.Get(t, address, "Accept", "text/html").Body)
		e2etest.Equal(t, "the page in "+lang, main(read("preview."+lang+".html")), main(page))
		feed := string(e2etest.Get(t, s.Base+"/"+lang+"/the-ministry/the-minister/activities/feed.atom").Body)
		e2etest.Equal(t, "the item in "+lang, entry(read("preview."+lang+".atom")), entry(feed))
		if !strings.Contains(feed, id) || !strings.Contains(main(page), "</article>") || entry(feed) == "" {
			t.Errorf("what was compared is not article %s", id)
		}
	}
}

var (
	articleID = regexp.MustCompile(`\b[a-z2-7]{16}\b`)
	// cutLink is where a link of a note hides its tail, in the middle of an id.
	cutLink   = regexp.MustCompile(`(?:<|\\u003c)/span(?:>|\\u003e)(?:<|\\u003c)span class=\\?"invisible\\?"(?:>|\\u003e)`)
	pictures  = regexp.MustCompile(`<img [^>]*>`)
	wholeMain = regexp.MustCompile(`(?s)<main.*</main>`)
	oneEntry  = regexp.MustCompile(`(?s)<entry>.*?</entry>`)
)

func anyID(text string) string {
	return articleID.ReplaceAllString(cutLink.ReplaceAllString(text, ""), "ID")
}

// main is a page's main part without its pictures, which a preview has in it.
func main(page string) string {
	return anyID(pictures.ReplaceAllString(wholeMain.FindString(page), "<img>"))
}

func entry(feed string) string { return anyID(oneEntry.FindString(feed)) }

// cut is where the address of a page is cut for those who see it.
const cut = `\u003c/span\u003e\u003cspan class=\"invisible\"\u003e`

// asJSON writes the fields that a follower reads, in the order of their names, with any
// id.
func asJSON(t *testing.T, fields map[string]any) string {
	t.Helper()
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		text, err := json.Marshal(fields[name])
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString(name + ": " + string(text) + "\n")
	}
	return anyID(strings.ReplaceAll(b.String(), cut, ""))
}
