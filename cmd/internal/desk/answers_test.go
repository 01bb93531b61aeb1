package desk

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/audience"
	"communique/storage/press"
)

// answered has somebody elsewhere answer an article, and returns what it is listed under.
func (h *house) answered(id, actor, text string, about press.Article, otherwise ...func(*audience.Reply)) string {
	h.t.Helper()
	r := audience.Reply{
		ID: "https://social.example/posts/" + id, Article: about.ID, Actor: "https://social.example/users/" + actor, Name: actor,
		Handle: "@" + actor + "@social.example", URL: "https://social.example/@" + actor + "/" + id, Content: press.HTML(text),
		Public: true, Published: h.clock.Now(), Version: h.clock.Now(),
	}
	for _, change := range otherwise {
		change(&r)
	}
	err := h.room.Store.Update(h.t.Context(), func(tx *storage.Tx) error {
		if _, err := tx.AddReply(r, h.clock.Now(), audience.ReplyPending); err != nil {
			return err
		}
		known, err := tx.Reply(r.ID)
		r = known
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return r.Token
}

// TestAnswers: who may decides on what strangers say, sees what it answers, and undoes it;
// what its author has changed or taken away meanwhile is decided on by nobody.
func TestAnswers(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	treaty := h.publish("Treaty on harbours signed")
	h.invite("root", "operator")
	first := h.answered("1", "ana", "<p>When does it begin?</p>", treaty)
	h.clock.Pass(time.Minute)
	const hostile = "<p>In \u202emay\u202c, <a href=\"https://evil.example/\">see</a> &lt;script&gt;alert(1)&lt;/script&gt;</p>"
	second := h.answered("2", "mallory", hostile, treaty, func(r *audience.Reply) {
		r.Parent, r.Name = "https://social.example/posts/1", `<img src="https://evil.example/x.png">`
	})
	editor := h.signedIn("an.editor", "editor:statements")
	got := editor.get("/answers")
	editor.is("what waits", got, http.StatusOK, "/answers", "When does it begin?")
	editor.is("what it is about", got, http.StatusOK, "/answers", "Treaty on harbours signed")
	editor.is("what was said before", got, http.StatusOK, "/answers", "had said (waits)")
	for _, never := range []string{"<script>", "evil.example/\"", `<img src="https://`, "href=\"https://social"} {
		if strings.Contains(got.body, never) {
			t.Errorf("the page has %s", never)
		}
	}
	got = editor.post("/answers/"+first+"/decision", "state", "approved", "list", "pending")
	editor.is("approved", got, http.StatusOK, "/answers?token="+first, "Approved: it is shown on its article")
	editor.is("among the approved", editor.get("/answers?state=approved"), http.StatusOK, "", "When does it begin?")
	got = editor.post("/answers/"+first+"/decision", "state", "pending", "list", "pending")
	editor.is("undone", got, http.StatusOK, "", "It waits again")
	editor.is("rejected", editor.post("/answers/"+second+"/decision", "state", "rejected"), http.StatusOK, "", "Rejected: it is shown nowhere")

	changed := h.answered("1", "ana", "<p>When does it end?</p>", treaty)
	editor.is("approving an older text", editor.post("/answers/"+first+"/decision", "state", "approved"), http.StatusConflict, "", "has changed it or taken it away")
	err := h.room.Store.Update(t.Context(), func(tx *storage.Tx) error {
		return tx.RemoveReply("https://social.example/users/ana", "https://social.example/posts/1", h.clock.Now())
	})
	if err != nil {
		t.Fatal(err)
	}
	editor.is("approving what is gone", editor.post("/answers/"+changed+"/decision", "state", "approved"), http.StatusConflict, "", "Nothing waits for you")
	editor.is("looking at what is gone", editor.get("/answers/"+changed), http.StatusNotFound, "", "Nothing here")
	editor.is("no state", editor.post("/answers/"+second+"/decision", "state", "shown"), http.StatusBadRequest, "", "Not understood")

	operator := h.signedIn("an.operator", "operator")
	audit := operator.get("/audit?subject=" + first).body
	for _, did := range []string{"reply approved", "reply pending"} {
		if !strings.Contains(audit, did) {
			t.Errorf("the audit lacks %q", did)
		}
	}
	for _, roles := range [][]string{{"editor:the-minister"}, {"editor::fr"}, {"reader"}, {"author"}, {"operator"}, {"alone"}} {
		b := h.signedIn(fmt.Sprintf("p%d", h.clock.Now().UnixNano()), roles...)
		h.clock.Pass(time.Second)
		for _, path := range []string{"/answers", "/answers?state=rejected", "/answers?token=" + second} {
			if got := b.get(path); got.status != http.StatusOK || strings.Contains(got.body, "mallory") {
				t.Errorf("%v at %s: %d\n%s", roles, path, got.status, got.body)
			}
		}
		b.is("another's answer", b.get("/answers/"+second), http.StatusNotFound, "", "Nothing here")
		if got := b.post("/answers/"+second+"/decision", "state", "approved"); got.status != http.StatusForbidden && got.status != http.StatusConflict {
			t.Errorf("%v decide: %d", roles, got.status)
		}
	}
	everywhere := h.signedIn("an.approver", "approver")
	h.answered("3", "bob", "<p>Hello ministry</p>", press.Article{})
	everywhere.is("a mention", everywhere.get("/answers"), http.StatusOK, "/answers", "mentions the ministry")
	if strings.Contains(editor.get("/answers").body, "Hello ministry") {
		t.Error("who decides in one section sees what is about none")
	}
}

// TestEvidence: who decides on an answer keeps it as evidence, with what was done to it; its
// author's deletion changes nothing of that, and nobody else sees it.
func TestEvidence(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	treaty := h.publish("Treaty on harbours signed")
	h.invite("root", "operator")
	original := []byte("POST /ap/inbox HTTP/1.1\r\n\r\n{}")
	token := h.answered("1", "mallory", `<p>I know <a href="https://evil.example/">where</a> &lt;script&gt; you live</p>`, treaty, func(r *audience.Reply) { r.Original = audience.Original{Request: original} })
	bare := h.answered("2", "bob", "<p>Me too</p>", treaty)
	editor := h.signedIn("an.editor", "editor:statements")
	editor.is("nothing yet", editor.get("/evidence"), http.StatusOK, "/evidence", "Nothing is kept")
	editor.post("/answers/"+token+"/decision", "state", "rejected")
	got := editor.post("/answers/" + token + "/evidence")
	address := got.path
	for _, part := range []string{"Kept as evidence", "users/mallory", "posts/1", "reply rejected", "kept as evidence", "an.editor", "Download the signed original", "I know where &lt;script&gt; you live"} {
		editor.is("kept", got, http.StatusOK, address, part)
	}
	err := h.room.Store.Update(t.Context(), func(tx *storage.Tx) error {
		return tx.RemoveReply("https://social.example/users/mallory", "https://social.example/posts/1", h.clock.Now())
	})
	if err != nil {
		t.Fatal(err)
	}
	editor.is("the answer is gone", editor.get("/answers/"+token), http.StatusNotFound, "", "Nothing here")
	editor.is("keeping what is gone", editor.post("/answers/"+token+"/evidence"), http.StatusConflict, "", "has changed it or taken it away")
	for _, never := range []string{"<script> you", "evil.example", `href="https://social`} {
		if strings.Contains(editor.get(address).body, never) {
			t.Errorf("the page has %s", never)
		}
	}
	file := editor.get(address + "/original")
	editor.is("the original", file, http.StatusOK, "", string(original))
	if kind, how := file.header.Get("Content-Type"), file.header.Get("Content-Disposition"); kind != "application/octet-stream" || !strings.HasPrefix(how, "attachment") {
		t.Errorf("the original is sent as %s, %s", kind, how)
	}
	editor.is("it cannot be verified", editor.get(address), http.StatusOK, "", "no key is kept beside it")
	editor.is("the key", editor.get(address+"/key"), http.StatusNotFound, "", "Nothing here")
	h.clock.Pass(time.Second)
	other := editor.post("/answers/" + bare + "/evidence")
	editor.is("without an original", other, http.StatusOK, "", "The signed original is not kept")
	editor.is("which is not there", editor.get(other.path+"/original"), http.StatusNotFound, "", "Nothing here")
	editor.is("the list", editor.get("/evidence"), http.StatusOK, "/evidence", "with the signed original")
	for _, roles := range [][]string{{"editor:the-minister"}, {"editor::fr"}, {"reader"}, {"author"}, {"operator"}} {
		b := h.signedIn(fmt.Sprintf("p%d", h.clock.Now().UnixNano()), roles...)
		h.clock.Pass(time.Second)
		if got := b.get("/evidence"); got.status != http.StatusOK || strings.Contains(got.body, "mallory") {
			t.Errorf("%v: %d\n%s", roles, got.status, got.body)
		}
		b.is("another's piece", b.get(address), http.StatusNotFound, "", "Nothing here")
		b.is("its original", b.get(address+"/original"), http.StatusNotFound, "", "Nothing here")
		b.is("keeping another's", b.post("/answers/"+bare+"/evidence"), http.StatusConflict, "", "")
	}
}

// TestBlocking: a block says what it costs, and is not done if it costs more by then.
func TestBlocking(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	treaty := h.publish("Treaty")
	for _, host := range []string{"social.example", "a.social.example", "b.social.example", "else.example"} {
		h.followed(host)
	}
	b := h.signedIn("an.operator", "operator")
	h.answered("1", "mallory", "<p>Spam</p>", treaty)
	b.is("an account", b.get("/blocks/new?subject=https://social.example/users/ada"), http.StatusOK, "", "One account follows no longer")
	b.is("its server", b.get("/blocks/new?subject=social.example"), http.StatusOK, "", "3 accounts follow no longer")
	b.is("nothing that could be blocked", b.get("/blocks/new?subject=https://social.example/"), http.StatusUnprocessableEntity, "", "Write a server")
	b.is("agreed to less", b.post("/blocks/new", "subject", "social.example", "followers", "2"), http.StatusConflict, "", "Meanwhile it would cost more")
	b.is("nobody", b.get("/blocks"), http.StatusOK, "", "Nobody is blocked")
	got := b.post("/blocks/new", "subject", "social.example", "followers", "3", "comment", "<b>Spam</b>")
	b.is("blocked", got, http.StatusOK, "/blocks", "social.example")
	b.is("costs nothing more", b.get("/blocks/new?subject=social.example"), http.StatusOK, "", "It costs no follower")
	b.is("ended", b.post("/blocks/end", "subject", "social.example"), http.StatusOK, "/blocks", "Nobody is blocked")
	for _, did := range []string{"blocked", "block ended"} {
		b.is("the audit", b.get("/audit?did="+strings.ReplaceAll(did, " ", "+")), http.StatusOK, "", "social.example")
	}
	err := h.room.Store.Update(t.Context(), func(tx *storage.Tx) error {
		return tx.AddFlag(audience.Flag{Activity: "https://else.example/flags/1", Actor: "https://else.example/actor", Content: "<b>Not true</b>", Objects: []string{h.room.Site.Object(treaty.ID)}})
	})
	if err != nil {
		t.Fatal(err)
	}
	got = b.get("/reports")
	b.is("a report", got, http.StatusOK, "/reports", "Not true")
	b.is("about an article", got, http.StatusOK, "/reports", "Treaty")
	_, rest, _ := strings.Cut(got.body, `action="/reports/`)
	id, _, _ := strings.Cut(rest, "/")
	b.is("seen to", b.post("/reports/"+id+"/dismissal"), http.StatusOK, "/reports", "No report waits")
}
