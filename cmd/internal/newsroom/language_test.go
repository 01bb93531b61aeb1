package newsroom

import (
	"errors"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/importer"
	"communique/storage/press"
)

// TestLanguagesOfTheSite: no article gets into a language in which the site has no
// pages, in whichever way it comes; what is in one already can be corrected there.
func TestLanguagesOfTheSite(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	spanish := r.file("Treaty signed", "language: es").ID
	r.Languages = []press.Language{"en", "pt-BR"}
	refused := func(what string, err error) {
		t.Helper()
		var p *Problem
		if !errors.As(err, &p) || p.Line != 4 || p.Field != "language" || !strings.Contains(p.Text, "take one of en, pt-BR, or") {
			t.Errorf("%s: %v", what, err)
		}
	}
	for _, written := range []string{"es", "ES", "pt", "en-US", "zh"} {
		_, err := r.File(t.Context(), r.document("Another treaty", "language: "+written), Filing{Silent: true, Key: "k", Again: true})
		refused("filed in "+written, err)
	}
	english := r.file("Harbour opened").ID
	_, err := r.FileSet(t.Context(), []Document{r.document("Pact made"), r.document("Pacto hecho", "language: es")}, Filing{})
	refused("one of a set", err)
	if n := r.articles(); n != 2 {
		t.Errorf("%d articles are there", n)
	}
	_, err = r.Correct(t.Context(), english, r.document("Harbour opened", "language: fr"), Correction{Minor: true, Replace: true})
	refused("a correction to another", err)
	doc := r.document("Treaty signed at last", "language: es")
	if _, err := r.Correct(t.Context(), spanish, doc, Correction{Minor: true}); err != nil {
		t.Errorf("corrected in the language that it has: %v", err)
	}
	page := importer.Page{File: "p.html", Title: "T", Language: "es", Body: "<p>X</p>", Published: now.Add(-time.Hour), Precision: press.ToTheSecond, Section: []string{"Archive"}}
	for what, rehearse := range map[string]bool{"imported": false, "rehearsed": true} {
		imported := r.Import
		if rehearse {
			imported = r.RehearseImports(seenPages{}).Import
		}
		_, err := imported(t.Context(), page, anywhere)
		var incomplete *IncompleteError
		if !errors.As(err, &incomplete) || !strings.Contains(err.Error(), "the site has no pages in es: take one of en, pt-BR") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if len(r.tree()) != 2 {
		t.Errorf("the sections of the page were made: %v", r.tree())
	}
}
