package desk

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/newsroom"
	"communique/storage/manuscripts"
	"communique/storage/press"
)

// limited are an article under embargo and a manuscript that are limited to people who are not among
// those of the test, one of whom can approve them.
func (h *house) limited(title string) (press.ArticleID, string) {
	h.t.Helper()
	var named []string
	rooms := map[string]newsroom.Desk{}
	for login, role := range map[string]string{"named.writer": "editor", "named.approver": "approver"} {
		h.invite(login, role)
		room, err := h.room.As(h.t.Context(), login)
		if err != nil {
			h.t.Fatal(err)
		}
		rooms[login], named = room, append(named, room.Person.ID)
	}
	begin := func(title, published string) manuscripts.Manuscript {
		text := newsroom.Composition{Title: title, Section: "statements", Language: "en", Text: "The text of " + title + ".", Published: published}.Document()
		m, err := rooms["named.writer"].Propose(h.t.Context(), newsroom.Proposal{Kind: manuscripts.NewArticle, Text: text, Named: named}, nil)
		if err != nil {
			h.t.Fatal(err)
		}
		return m
	}
	m := begin("Early: "+title, "2026-12-03 10:00")
	look, err := rooms["named.approver"].Look(h.t.Context(), m.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	r, err := rooms["named.approver"].Approve(h.t.Context(), m.ID, newsroom.Approving{Revision: m.Revision, Digest: look.Digest})
	if err != nil {
		h.t.Fatal(err)
	}
	return r.Article.ID, begin("Late: "+title, "2026-11-26 15:00").ID
}

// TestLimiting: who writes a draft limits it to named people by a form, assigns it, and opens it
// again; the others find nothing of it, not where it is counted, listed or due, and not by guessing.
func TestLimiting(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.invite("root", "operator")
	ana, rui, eva, mona := h.signedIn("ana", "author"), h.signedIn("rui", "editor"), h.signedIn("eva", "approver"), h.signedIn("mona", "approver", "editor", "alone", "operator")
	got := ana.send("/manuscripts/new", map[string]string{"title": "Hostages freed", "section": "statements", "language": "en", "text": "The text.", "date": "2026-11-26", "time": "15:00"})
	at := got.path
	id := strings.TrimPrefix(at, "/manuscripts/")
	page := ana.get(at + "/people")
	ana.is("the form", page, http.StatusOK, "", `<bdi>EVA</bdi> <span class="quiet">(can approve it)</span>`)
	eva.is("who does not write may limit what they may approve", eva.get(at+"/people"), http.StatusOK, "", "Who may read it")
	tick := func(name string) string {
		t.Helper()
		found := regexp.MustCompile(`name="named" value="([^"]*)"[^>]*> <label [^>]*><bdi>` + name + `</bdi>`).FindStringSubmatch(page.body)
		if found == nil {
			t.Fatalf("%s can't be named:\n%s", name, page.body)
		}
		return found[1]
	}
	ana.is("limited to who can't approve it", ana.post(at+"/people", "who", "named", "named", tick("RUI")), http.StatusOK, at, "None of them can approve it: until one is named who can, all read it who may approve it")
	named := []string{"who", "named", "named", tick("EVA")}
	ana.is("limited", ana.post(at+"/people", named...), http.StatusOK, at, "Limited to named people: <bdi>ANA</bdi>, <bdi>EVA</bdi>")
	if strings.Contains(ana.get(at).body, "None of them can approve it") {
		t.Error("who is named can approve it")
	}
	ana.is("in the list", ana.get("/manuscripts"), http.StatusOK, "", "limited to named people")
	eva.is("who is named reads it", eva.get(at), http.StatusOK, at, "Hostages freed")
	for _, path := range []string{at, at + "/edit", at + "/people", at + "/comparison?from=1&to=1", at + "/media/none.png", at + "/file?name=a.txt"} {
		none := mona.get(strings.Replace(path, id, press.RandomToken(), 1))
		if got := mona.get(path); got.status != http.StatusNotFound || got.body != none.body {
			t.Errorf("who is not named at %s: %d\n%s", path, got.status, got.body)
		}
	}
	for _, act := range []string{"/edit", "/submission", "/return", "/remarks", "/end", "/approval", "/withdrawal", "/recall", "/assignment", "/people", "/typed", "/typed/correction"} {
		fields := []string{"revision", "1", "on", "1", "sure", "yes", "remark", "x", "title", "x", "reason", "x", "who", "all", "alone", "yes", "to", tick("EVA")}
		none := mona.post("/manuscripts/"+press.RandomToken()+act, fields...)
		if got := mona.post(at+act, fields...); got.status != none.status || got.body != none.body || got.status == http.StatusOK {
			t.Errorf("who is not named sends %s: %d, and %d where there is nothing", act, got.status, none.status)
		}
	}
	for path, got := range mona.crawl("/", "/manuscripts", "/manuscripts?pile=waiting", "/calendar", "/articles", "/articles?text=hostages", "/audit", "/people", "/rights") {
		if strings.Contains(strings.ReplaceAll(got.body, "hostages", ""), "Hostages") {
			t.Errorf("who is not named finds it at %s:\n%s", path, got.body)
		}
	}
	rui.is("the form for writing", rui.get("/manuscripts?pile=draft"), http.StatusOK, "", "Nothing.")
	form := ana.get(at)
	if strings.Contains(form.body, `<option value="`+tick("RUI")+`"`) {
		t.Error("it can be assigned to who may not read it")
	}
	ana.is("assigned to who may not read it", ana.post(at+"/assignment", "to", tick("RUI")), http.StatusUnprocessableEntity, "", "can&#39;t work on it")
	ana.is("assigned", ana.post(at+"/assignment", "to", tick("EVA")), http.StatusOK, at, "<dt>Assigned to</dt><dd><bdi>EVA</bdi>")
	eva.is("it waits for her", eva.get("/manuscripts?pile=waiting"), http.StatusOK, "", "assigned to <bdi>EVA</bdi>")
	ana.post(at+"/submission", "revision", "1")
	// The instant comes.
	h.clock.Pass(6 * time.Hour)
	if err := h.desk.Room.Watch(t.Context()); err != nil {
		t.Fatal(err)
	}
	got = mona.get("/")
	mona.is("not all is well", got, http.StatusOK, "/", "See the alarms below.")
	mona.is("by one clock, where both show the same", got, http.StatusOK, "/", "15:00 (UTC), and nobody")
	mona.is("who is on duty", got, http.StatusOK, "/", "Who can approve it: <bdi>EVA</bdi>")
	if strings.Contains(got.body, "Hostages") || strings.Contains(got.body, id) {
		t.Errorf("the alarm tells what it is about:\n%s", got.body)
	}
	eva.is("who can approve it", eva.get("/"), http.StatusOK, "/", "Hostages freed")
	ana.is("opened", ana.post(at+"/people", "who", "all"), http.StatusOK, at, "all with a role there")
	mona.is("who was not named reads it", mona.get(at), http.StatusOK, at, "Hostages freed")
	rui.is("named are those who are there", rui.post(at+"/people", "who", "named", "named", "nobody"), http.StatusUnprocessableEntity, "", "one of them is not here")
}
