package desk

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestProposingAWithdrawal: an author proposes that an article be withdrawn, for an instant; an
// approver is shown what that does, approves it, it is recalled and approved again, stands in the
// calendar, and is carried out then.
func TestProposingAWithdrawal(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	a := h.publish("Treaty on harbours signed")
	h.invite("root", "operator")
	at := "/articles/" + string(a.ID)
	ana, eva := h.signedIn("ana", "author"), h.signedIn("eva", "approver")
	reader, elsewhere := h.signedIn("rita", "reader"), h.signedIn("otto", "author:the-minister")
	for who, b := range map[string]*browser{"a reader": reader, "an author elsewhere": elsewhere} {
		b.is(who, b.get(at+"/withdrawal/proposal"), http.StatusForbidden, "", "Your roles")
		b.is(who, b.post(at+"/withdrawal/proposal", "reason", "Issued in error."), http.StatusForbidden, "", "Your roles")
	}
	page := ana.get(at)
	ana.is("an article", page, http.StatusOK, "", `href="`+at+`/withdrawal/proposal"`)
	if strings.Contains(page.body, `href="`+at+`/withdrawal"`) {
		t.Error("an author may withdraw at once")
	}
	for what, fields := range map[string][]string{
		"without a reason":           {"reason", " "},
		"an instant that is past":    {"reason", "Issued in error.", "date", "2026-11-26", "time", "08:00"},
		"a day without a time":       {"reason", "Issued in error.", "date", "2026-12-01"},
		"a time that is not of days": {"reason", "Issued in error.", "time", "10:00"},
		"an hour that there is not":  {"reason", "Issued in error.", "date", "2027-03-28", "time", "01:30"},
	} {
		got := ana.post(at+"/withdrawal/proposal", fields...)
		ana.is(what, got, http.StatusUnprocessableEntity, "", `role="alert"`)
		ana.is(what, got, http.StatusUnprocessableEntity, "", strings.TrimSpace(fields[1]))
	}
	ana.is("what it lacks", ana.post(at+"/withdrawal/proposal", "reason", " "), http.StatusUnprocessableEntity, "", "say in a sentence what readers are told of it")
	got := ana.post(at+"/withdrawal/proposal", "reason", "Issued in error.", "date", "2026-11-27", "time", "18:00")
	ana.is("proposed", got, http.StatusOK, "", `<span class="state in review">in review</span>`)
	ana.is("what giving it up does", got, http.StatusOK, "", "Nothing is withdrawn then: the article stays as it is")
	m := got.path
	ana.is("it is one", ana.get(at+"/withdrawal/proposal"), http.StatusOK, m, "Friday 27 November 2026, <b>18:00</b>")
	ana.is("who proposed it does not approve it", ana.post(m+"/approval", got.hidden(t, m+"/remarks")...), http.StatusOK, "/account/second-factor", "")
	ana.is("edited", ana.get(m+"/edit"), http.StatusOK, "", `value="18:00"`)
	ana.is("saved", ana.post(m+"/withdrawal", "on", "1", "reason", "It names a victim.", "date", "2026-11-27", "time", "18:00"), http.StatusOK, m, "It names a victim.")
	ana.is("the later of two who save", ana.post(m+"/withdrawal", "on", "1", "reason", "Other."), http.StatusConflict, "", "Other.")
	ana.is("submitted", ana.post(m+"/submission", "revision", "2"), http.StatusOK, m, "in review")
	shown := eva.get(m)
	eva.is("what it does", shown, http.StatusOK, m, "withdraws it on Friday 27 November 2026, 18:00 in Europe/Lisbon: 3 servers are told to delete it then")
	approval := shown.hidden(t, m+"/approval")
	eva.is("approved", eva.post(m+"/approval", approval...), http.StatusOK, m, `<span class="state approved">approved</span>`)
	for _, path := range []string{"/calendar", "/manuscripts?pile=approved"} {
		eva.is("where it is told", eva.get(path), http.StatusOK, path, `<span class="state approved">approved</span>`)
	}
	eva.is("the article", eva.get(at), http.StatusOK, at, "See the proposed change")
	eva.is("recalled", eva.post(m+"/recall", eva.get(m).hidden(t, m+"/recall")...), http.StatusOK, m, "in review")
	eva.is("the older approval", eva.post(m+"/recall", "revision", "2"), http.StatusConflict, "", "Nothing was done")
	eva.is("approved again", eva.post(m+"/approval", approval...), http.StatusOK, m, `<span class="state approved">approved</span>`)
	if err := h.desk.Room.Watch(t.Context()); err != nil {
		t.Fatal(err)
	}
	eva.is("before its instant", eva.get(at), http.StatusOK, at, `<span class="state published">published</span>`)
	h.clock.Set(time.Date(2026, 11, 27, 18, 0, 0, 0, time.UTC))
	if err := h.desk.Room.Watch(t.Context()); err != nil {
		t.Fatal(err)
	}
	reader.signIn("rita", goodPassword, "")
	reader.is("at its instant", reader.get(at), http.StatusOK, at, "It names a victim.")
	reader.is("at its instant", reader.get(at), http.StatusOK, at, `<span class="state withdrawn">withdrawn</span>`)
	reader.is("what became of the proposal", reader.get(m), http.StatusOK, m, "The withdrawal was carried out")
}

// TestRulesOfPersons: an operator asks that one person be enough, another one agrees under Rights, and
// an approver releases what they wrote since; two to withdraw hold at once.
func TestRulesOfPersons(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	root, leo, rui := h.signedIn("root", "operator"), h.signedIn("leo", "operator"), h.signedIn("rui", "editor", "approver")
	write := func(title string) string {
		t.Helper()
		at := rui.send("/manuscripts/new", map[string]string{"title": title, "section": "statements", "language": "en", "text": "The text of it: " + title}).path
		rui.post(at+"/submission", "revision", "1")
		return at
	}
	waiting := write("Waiting for two")
	root.is("asked", root.post("/rules", "act", "release", "persons", "1"), http.StatusOK, "/rules?done=waits", "under Rights")
	page := root.get("/rights")
	root.is("who has asked", page, http.StatusOK, "/rights", "You can’t agree to this")
	page = leo.get("/rights")
	fields := page.hidden(t, "/rules/agreement")
	root.is("who has asked agrees", root.post("/rules/agreement", fields...), http.StatusUnprocessableEntity, "", "You can&#39;t agree to this")
	leo.is("the overview", leo.get("/"), http.StatusOK, "/", "wait for a second person")
	h.clock.Pass(time.Second)
	leo.is("agreed", leo.post("/rules/agreement", fields...), http.StatusOK, "/rights?done=rule", "what was begun before takes two")
	if strings.Contains(rui.get(waiting).body, "Approve:") {
		t.Error("what waited can be approved by who wrote it")
	}
	h.clock.Pass(time.Second)
	later := write("Begun since")
	got := rui.get(later)
	rui.is("what was begun since", rui.post(later+"/approval", got.hidden(t, later+"/approval")...), http.StatusOK, later, "It was released")
	root.is("two to withdraw", root.post("/rules", "act", "withdrawal", "persons", "2"), http.StatusOK, "/rules?done=holds", "It holds from now on")
	article := regexp.MustCompile(`href="(/articles/[a-z0-9]+)"`).FindStringSubmatch(rui.get(later).body)[1]
	rui.is("an editor", rui.get(article+"/withdrawal"), http.StatusOK, article+"/withdrawal/proposal", "Propose to withdraw")
	rui.is("who sends the form all the same", rui.post(article+"/withdrawal", "reason", "An error.", "sure", "yes"), http.StatusOK, article+"/withdrawal/proposal", "Propose to withdraw")
	rui.is("it is there still", rui.get(article), http.StatusOK, article, `<span class="state published">published</span>`)
	root.is("what is no rule", root.post("/rules", "act", "other", "persons", "1"), http.StatusUnprocessableEntity, "", "Nothing was changed")
	root.is("nowhere", root.post("/rules", "section", "nowhere", "act", "release", "persons", "1"), http.StatusNotFound, "", "Nothing here")
}
