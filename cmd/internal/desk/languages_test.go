package desk

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/press"
)

// writesSet writes a statement in English and French that goes out all or none, and submits both.
func (b *browser) writesSet(date string) (en, fr string) {
	b.t.Helper()
	en = b.send("/manuscripts/new", map[string]string{"title": "Treaty on harbours signed", "section": "statements", "language": "en", "text": "The text of it.", "date": date, "time": "10:00"}).path
	got := b.get(en + "/languages")
	b.is("alone so far", got, http.StatusOK, en+"/languages", "It is written in English alone")
	got = b.post(en+"/languages", "language", "fr")
	b.is("French is begun", got, http.StatusOK, "", "The text of it.")
	fr = strings.TrimSuffix(got.path, "/edit")
	fields := fieldsOf(got)
	fields["title"], fields["text"] = "Traité sur les ports signé", "Le texte du traité."
	b.is("translated", b.send(fr+"/edit", fields), http.StatusOK, fr, "a set of languages")
	b.is("all or none", b.post(fr+"/languages/rule", "rule", "together"), http.StatusOK, fr+"/languages", "All or none:")
	for _, at := range []string{en, fr} {
		b.is("submitted", b.post(at+"/submission", b.get(at).hidden(b.t, at+"/submission")...), http.StatusOK, at, "in review")
	}
	return en, fr
}

// approves has somebody approve what they are shown.
func (b *browser) approves(at string) page {
	b.t.Helper()
	return b.post(at+"/approval", b.get(at).hidden(b.t, at+"/approval")...)
}

// released ends the embargoes that are due.
func (h *house) released() {
	h.t.Helper()
	err := h.desk.Store.Update(h.t.Context(), func(tx *storage.Tx) error {
		_, err := tx.Release(10)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// TestSetOfLanguages: a statement is written in two languages, goes out in both in one step when
// both are approved, is seen by what each lacks, and stays back in both if one is taken back.
func TestSetOfLanguages(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.invite("root", "operator")
	rui, eva, fay := h.signedIn("rui", "editor"), h.signedIn("eva", "approver"), h.signedIn("fay", "editor::fr", "reader")
	en, fr := rui.writesSet("2026-12-04")

	fay.is("who edits French alone reads it", fay.get(fr+"/languages"), http.StatusOK, "", "How it goes out is said by an editor of all its languages")
	if strings.Contains(fay.get(fr+"/languages").body, "Write it in another language") {
		t.Error("who edits French alone is offered other languages")
	}
	rui.is("no rule", rui.post(en+"/languages/rule"), http.StatusBadRequest, "", "could not be read")
	rui.is("what giving up the original does", rui.get(en), http.StatusOK, en, "each of the other languages is a text of its own then")
	rui.is("what giving up another one does", rui.get(fr), http.StatusOK, fr, "Its set goes out all or none: nothing of it goes out then")
	fay.is("and does not rule", fay.post(fr+"/languages/rule", "rule", "first"), http.StatusForbidden, "", "It takes an editor of all languages of the set")
	fay.is("nor write another one", fay.post(en+"/end", "sure", "yes"), http.StatusForbidden, "", "Your roles")
	fay.is("nor make it wait for a third", fay.post(fr+"/languages", "language", "ar"), http.StatusForbidden, "", "It takes an editor of all languages")

	eva.is("what approving does", eva.get(fr), http.StatusOK, fr, "Approve: goes out when these are approved, too: English")
	eva.is("one is approved", eva.approves(fr), http.StatusOK, fr, "It is approved, and waits for: English.")
	eva.is("and on its list", eva.get("/manuscripts?pile=ready"), http.StatusOK, "", fr)
	eva.is("nothing is filed", eva.get("/articles"), http.StatusOK, "", "Nothing that you may read")
	eva.is("the calendar knows", eva.get("/calendar"), http.StatusOK, "", "waits for other languages")
	eva.is("each with its state", eva.get(en+"/languages"), http.StatusOK, "", `<span class="state ready">`)

	fields := fieldsOf(rui.get(en + "/edit"))
	fields["title"], fields["text"], fields["section"] = "Treaty on harbours signed today", "The text of it, again.", ""
	rui.is("the original is written again", rui.send(en+"/edit", fields), http.StatusOK, "", "What it lacks")
	rui.is("what it lacks", rui.get(fr+"/languages"), http.StatusOK, "", "It lacks something: <b>Section</b>")
	fields = fieldsOf(rui.get(en + "/edit"))
	fields["section"] = "statements"
	rui.send(en+"/edit", fields)
	rui.post(en+"/submission", rui.get(en).hidden(t, en+"/submission")...)
	eva.is("the last is approved", eva.approves(en), http.StatusOK, en, "It was released")
	eva.is("with the other one", eva.get(fr), http.StatusOK, fr, "It was released")
	english, french := eva.get(en).article(t), eva.get(fr).article(t)
	eva.is("both are under one embargo", eva.get(french), http.StatusOK, french, "in one step, or none does")
	eva.is("which the page explains", eva.get(french), http.StatusOK, french, "it moves with that, ends with it")

	eva.is("what a recall does", eva.get(french+"/withdrawal"), http.StatusOK, "", "English, “Treaty on harbours signed today” is held")
	eva.is("French is taken back", eva.post(french+"/withdrawal", "sure", "yes"), http.StatusOK, french, "cancelled")
	eva.is("in its language", eva.get(french), http.StatusOK, french, `<dt>Language</dt><dd><span lang="fr" dir="ltr">Français</span>`)
	eva.is("the other one is held", eva.get(english), http.StatusOK, english, "its set goes out in all languages or in none")
	h.clock.Pass(8*24*time.Hour + time.Hour)
	h.released()
	if err := h.desk.Room.Watch(t.Context()); err != nil {
		t.Fatal(err)
	}
	rui.signIn("rui", goodPassword, "")
	eva.signIn("eva", goodPassword, eva.nextCode())
	eva.is("the alarm", eva.get("/"), http.StatusOK, "/", "A set of languages that goes out all or none has come to its instant")
	rui.is("not by who wrote it", rui.get(english), http.StatusOK, english, "/rest")
	rest := eva.get(english + "/rest")
	eva.is("what is left", rest, http.StatusOK, english+"/rest", "Let these go out without what is missing")
	eva.is("it goes out", eva.post(english+"/rest", rest.hidden(t, english+"/rest")...), http.StatusOK, english, "let the rest of a set go out")
	h.released()
	eva.is("at once", eva.get(english), http.StatusOK, english, `<span class="state published">`)
	for _, secret := range []string{"harbours", "ports"} {
		if strings.Contains(h.log.String(), secret) {
			t.Errorf("the log has %q", secret)
		}
	}
}

// TestTranslationOfAnArticle: what is there is begun in another language from its page, under its
// embargo, which moves the other one along.
func TestTranslationOfAnArticle(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	a := h.publish("Fisheries talks", "published: 2026-12-01 10:00")
	h.invite("root", "operator")
	rui, eva := h.signedIn("rui", "editor"), h.signedIn("eva", "approver", "editor")
	page := "/articles/" + string(a.ID)
	got := rui.post(page+"/languages", "language", "fr")
	rui.is("begun", got, http.StatusOK, "", "The text of it: Fisheries talks.")
	fr := strings.TrimSuffix(got.path, "/edit")
	fields := fieldsOf(got)
	fields["title"], fields["text"] = "Entretiens sur la pêche", "Le texte des entretiens sur la pêche."
	rui.is("with the embargo of that", rui.send(fr+"/edit", fields), http.StatusOK, fr, "Tuesday 1 December 2026")
	rui.is("on the page of the original", rui.get(page), http.StatusOK, page, fr)
	rui.is("once", rui.post(page+"/languages", "language", "fr"), http.StatusConflict, "", "being written")
	rui.is("in languages of the site", rui.post(page+"/languages", "language", "xx"), http.StatusUnprocessableEntity, "", "no pages")
	rui.post(fr+"/submission", rui.get(fr).hidden(t, fr+"/submission")...)
	eva.is("approved", eva.approves(fr), http.StatusOK, fr, "It was released")

	correction := strings.TrimSuffix(rui.post(page+"/correction").path, "/edit")
	fields = fieldsOf(rui.get(correction + "/edit"))
	fields["date"] = "2026-12-02"
	rui.is("a moved embargo names what moves along", rui.send(correction+"/edit", fields), http.StatusOK, correction, "moves along, and is under embargo until Wednesday 2 December 2026")
}

var inList = regexp.MustCompile(`(?s)<ol class="list">.*?</ol>`)

// TestSetIsNotTold: whoever may read one language of a set alone learns that there are others, and
// no word of them.
func TestSetIsNotTold(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.invite("root", "operator")
	rui, fay := h.signedIn("rui", "editor"), h.signedIn("fay", "editor::fr")
	en, fr := rui.writesSet("2026-12-04")
	got := fay.get(fr + "/languages")
	fay.is("her own", got, http.StatusOK, "", "And 1 more, which your roles don’t let you read")
	if strings.Contains(got.body, "harbours") || strings.Contains(got.body, en) {
		t.Errorf("she reads of the other one:\n%s", inList.FindString(got.body))
	}
	for _, path := range []string{en + "/languages", "/manuscripts/" + string(press.NewArticleID()) + "/languages"} {
		fay.is("what she may not read", fay.get(path), http.StatusNotFound, "", "Nothing here")
		fay.is("nor begin", fay.post(path, "language", "ar"), http.StatusNotFound, "", "Nothing here")
		fay.is("nor rule", fay.post(path+"/rule", "rule", "first"), http.StatusNotFound, "", "Nothing here")
	}
}
