package newsroom

import (
	"errors"
	"strings"
	"testing"

	"communique/storage/press"
)

// TestKinds: a kind that the site does not have is refused, with those that it has; an
// article keeps the one that it has.
func TestKinds(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	document := func(text, kind string) Document { return r.texts("Treaty signed", text, "kind: "+kind) }
	_, err := r.File(t.Context(), document("The text.", "interview"), Filing{})
	if want := `statement.md:3: kind: there is no kind "interview" here: the kinds are statement, speech, readout, press-release, travel-advice`; err == nil || err.Error() != want || !errors.Is(err, press.ErrInvalid) {
		t.Errorf("an unknown kind: %v, want %s", err, want)
	}
	filed, err := r.File(t.Context(), document("The text.", "speech"), Filing{})
	if err != nil || filed.Article.Kind != "speech" {
		t.Fatalf("filed as %q: %v", filed.Article.Kind, err)
	}
	r.Kinds = []press.ArticleKind{"communique"}
	if got, err := r.Correct(t.Context(), filed.Article.ID, document("The text itself.", "speech"), Correction{Minor: true}); err != nil || got.Article.Kind != "speech" {
		t.Errorf("it keeps its kind: %q, %v", got.Article.Kind, err)
	}
	if _, err := r.Correct(t.Context(), filed.Article.ID, document("The text of all.", "statement"), Correction{Minor: true}); err == nil || !strings.Contains(err.Error(), "the kinds are communique") {
		t.Errorf("another one: %v", err)
	}
}

// TestHiddenParticulars: of a private number that is hidden, no field and no note tells again.
func TestHiddenParticulars(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	first, err := r.File(t.Context(), r.texts("Treaty signed", "The text.", "contacts: [{name: Rosamund Vale, telephone: 021 5550199}]"), Filing{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := r.Correct(t.Context(), first.Article.ID, r.texts("Treaty signed", "The text."), Correction{Note: "Rosamund is not to be called.", HideEarlier: true})
	if err != nil || len(got.Hidden.Told) != 1 || got.Hidden.Told[0] != "Rosamund" {
		t.Errorf("told: %v, %v", got.Hidden.Told, err)
	}
}
