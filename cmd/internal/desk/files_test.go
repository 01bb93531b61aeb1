package desk

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"communique/storage"
	"communique/storage/newsdesk"
)

// TestWithdrawFile: the page of an article leads to the withdrawal of its picture, which names
// what it is of consequence to; who may not withdraw one of the articles may not withdraw the
// picture; and what was withdrawn is listed, with how far that has got.
func TestWithdrawFile(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.followed("good.example")
	picture := "images: [{src: harbour.png, alt: The harbour}]"
	a := h.publish("Treaty on harbours signed", picture)
	b := h.publish("The ships of the minister", picture, "section: the-minister")
	secret := h.publish("Fisheries talks", picture, "published: 2026-12-01 10:00")
	h.invite("root", "operator")
	editor, of := h.signedIn("e.one", "editor"), h.signedIn("m.one", "editor:the-minister")
	reader := h.signedIn("r.one", "reader")
	got := editor.get("/articles/" + string(a.ID))
	path := regexp.MustCompile(`/files/[0-9a-f]{32}/withdrawal`).FindString(got.body)
	if path == "" || strings.Contains(reader.get("/articles/"+string(a.ID)).body, path) {
		t.Fatalf("the page of the article leads %s to %q", "an editor", path)
	}
	editor.is("before a second factor", editor.get(path), http.StatusOK, "", "second factor")
	for _, b := range []*browser{editor, of, reader} {
		b.setsUp()
	}
	for _, says := range []string{a.Title, b.Title, secret.Title, "can’t be undone", "the same file is refused"} {
		editor.is("the consequence", editor.get(path), http.StatusOK, path, says)
	}
	of.is("an editor of some", of.get(path), http.StatusForbidden, "", "")
	of.is("an editor of some, who goes on", of.post(path, "sure", "yes"), http.StatusForbidden, "", "")
	reader.is("a reader", reader.post(path, "sure", "yes"), http.StatusForbidden, "", "")
	writer := h.signedIn("w.one", "author")
	enclosing := func() page {
		return writer.send("/manuscripts/new", map[string]string{"title": "The quay", "section": "the-ministry", "language": "en", "text": "The text."}, file{"image0file", "quay.png", harbour(t)})
	}
	copied := enclosing().path + "/file?name=quay.png"
	if got := writer.get(copied); got.body != string(harbour(t)) {
		t.Fatalf("the draft has %d: %.100s", got.status, got.body)
	}
	editor.is("unsure", editor.post(path, "note", "A wrong ship."), http.StatusUnprocessableEntity, "", "tick the box")
	editor.is("withdrawn", editor.post(path, "note", "A wrong ship.", "sure", "yes"), http.StatusOK, "/files/withdrawn", "A wrong ship.")
	editor.is("again", editor.post(path, "sure", "yes"), http.StatusOK, "/files/withdrawn", "")
	writer.is("its copy beside a manuscript", writer.get(copied), http.StatusNotFound, "", "")
	writer.is("the same file again", enclosing(), http.StatusUnprocessableEntity, "", "quay.png was withdrawn on")
	list := reader.get("/files/withdrawn")
	reader.is("the reach", list, http.StatusOK, "", "0 of 1 servers accepted all that is without it; 1 behind")
	if strings.Contains(list.body, secret.Title) {
		t.Error("the list names what is under embargo")
	}
	hash := strings.Split(path, "/")[2]
	if log := h.auditOf(hash); log != "e.one withdrew a picture" {
		t.Errorf("the audit tells of the picture: %s", log)
	}
	if log := h.auditOf(string(secret.ID)); !strings.Contains(log, "e.one a picture was withdrawn") {
		t.Errorf("the audit tells of a draft: %s", log)
	}
	err := h.room.Store.View(t.Context(), func(tx *storage.Tx) error {
		now, err := tx.Article(secret.ID)
		if len(now.Images) > 0 {
			t.Error("the draft shows it")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	m, err := newsdesk.NewMedia(harbour(t))
	if err != nil {
		t.Fatal(err)
	}
	if m.Hash != hash {
		t.Errorf("the picture is %s", m.Hash)
	}
}
