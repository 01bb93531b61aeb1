package desk

import (
	"net/http"
	"strings"
	"testing"

	"communique/cmd/internal/newsroom"
	"communique/storage/press"
)

// correct corrects an article, before there are people who would have to approve it.
func (h *house) correct(a press.Article, title string, fields ...string) {
	h.t.Helper()
	front := "---\ntitle: " + title + "\nsection: statements\n" + strings.Join(fields, "\n") + "\n---\n\nThe text of it: " + title + ".\n"
	doc, err := h.room.Read("article.md", []byte(front), nil)
	if err == nil {
		_, err = h.room.Correct(h.t.Context(), a.ID, doc, newsroom.Correction{Note: "The place was left out."})
	}
	if err != nil {
		h.t.Fatal(err)
	}
}

// TestOlderTranslation: the desk marks a translation as older than what it translates where it
// lists it and on its page, until an editor of its language says that it needs no change.
func TestOlderTranslation(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	en := h.publish("Treaty on harbours signed")
	fr := h.publish("Traité sur les ports", "language: fr", "translation_of: "+string(en.ID))
	h.correct(en, "Treaty on harbours signed", "lead: It was signed in Almira.")
	h.invite("root", "operator")
	const mark = "older than what it translates"
	editor, reader := h.signedIn("f.editor", "editor::fr", "reader"), h.signedIn("e.editor", "editor::en", "reader")
	page := "/articles/" + string(fr.ID)
	for _, path := range []string{"/", "/articles?language=fr", page, "/articles/" + string(en.ID)} {
		if got := editor.get(path); !strings.Contains(strings.ToLower(got.body), mark) {
			t.Errorf("%s does not say that it is older:\n%s", path, got.body)
		}
	}
	if strings.Contains(editor.get("/articles?language=en").body, mark) {
		t.Error("the original is older than itself")
	}
	if strings.Contains(reader.get(page).body, "/unchanged") {
		t.Error("who edits English is offered to say so of French")
	}
	fields := editor.get(page).hidden(t, page+"/unchanged")
	reader.is("by who may not", reader.post(page+"/unchanged", fields...), http.StatusForbidden, "", "Your roles")
	editor.is("of what it said before", editor.post(page+"/unchanged", "wording", "1"), http.StatusConflict, "", "look again")
	editor.is("it needs none", editor.post(page+"/unchanged", fields...), http.StatusOK, page, "said that a translation needs no change")
	for _, path := range []string{"/", "/articles?language=fr", page} {
		if got := editor.get(path); strings.Contains(strings.ToLower(got.body), mark) {
			t.Errorf("%s says still that it is older", path)
		}
	}
}
