package desk

import (
	"net/http"
	"strings"
	"testing"

	"communique/cmd/internal/newsroom"
)

// TestApprovalOfWhatChanged: who approves what is another thing by then is shown what has
// changed, also where nobody has saved anything.
func TestApprovalOfWhatChanged(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.invite("root", "operator")
	ana, eva := h.signedIn("ana", "author"), h.signedIn("eva", "approver")
	at := ana.send("/manuscripts/new", map[string]string{"title": "Treaty", "section": "statements", "language": "en", "text": "The Minister signs on Monday."}).path
	ana.post(at+"/submission", "revision", "1")
	shown := eva.get(at).hidden(t, at+"/approval")
	fields := fieldsOf(ana.get(at + "/edit"))
	fields["text"], fields["contact0name"], fields["contact0email"] = "The Minister signs on Tuesday.", "Rosa Vale", "press@mfa.example"
	ana.send(at+"/edit", fields, file{"image0file", "pier.png", smallPNG(t)})
	fields = fieldsOf(ana.get(at + "/edit"))
	fields["image0alt"] = "The pier"
	ana.send(at+"/edit", fields)
	ana.post(at+"/submission", "revision", "3")
	got := eva.post(at+"/approval", shown...)
	eva.is("an earlier revision", got, http.StatusConflict, "", "Another than it was: the text, the pictures, the contacts.")
	for _, word := range []string{"</span>Monday<span", "</span>Tuesday<span", "From revision 1 to revision 3", "Rosa Vale"} {
		if !strings.Contains(got.body, word) {
			t.Errorf("it does not show %q:\n%s", word, got.body)
		}
	}
	shown = eva.get(at).hidden(t, at+"/approval")
	if _, err := h.room.RenameSection(t.Context(), "statements", "declarations", false); err != nil {
		t.Fatal(err)
	}
	got = eva.post(at+"/approval", shown...)
	eva.is("the same revision", got, http.StatusConflict, "", "Another than it was: the address of the section.")
	eva.is("as it is now", eva.post(at+"/approval", got.hidden(t, at+"/approval")...), http.StatusOK, at, "It was released")
}

// TestEveryPartIsNamed: there are words for each part of what goes out, but for what a manuscript
// is from its beginning.
func TestEveryPartIsNamed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.invite("root", "operator")
	id := h.written("Treaty")
	room, err := h.room.As(t.Context(), "some.writer")
	var look newsroom.Looked
	if err == nil {
		look, err = room.Look(t.Context(), id)
	}
	if err != nil || look.Lacks != nil {
		t.Fatal(err, look.Lacks)
	}
	named := map[string]bool{"Kind": true, "Article": true}
	for _, part := range partNames {
		named[part.name] = true
	}
	for part := range look.Parts {
		if !named[part] {
			t.Errorf("%s has no name", part)
		}
	}
	if len(look.Parts) < 15 {
		t.Errorf("the parts are %v", look.Parts)
	}
}
