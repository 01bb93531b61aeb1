package desk

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"communique/cmd/internal/importer"
	"communique/cmd/internal/newsroom"
	"communique/storage"
	"communique/storage/manuscripts"
)

// TestImportedPageOnTheDesk: a page that was handed in on the command line is looked at, mended and
// approved as what was written at the desk, says where it is from, and its pictures keep what they
// say, which may be nothing. That its date is long ago is nothing that anybody missed.
func TestImportedPageOnTheDesk(t *testing.T) {
	t.Parallel()
	for _, mended := range []bool{false, true} {
		h := newHouse(t)
		h.invite("root", "operator")
		ana, rui, eva := h.signedIn("ana", "author", "approver"), h.signedIn("rui", "editor"), h.signedIn("eva", "approver")
		desk, err := h.room.As(t.Context(), "ana")
		if err != nil {
			t.Fatal(err)
		}
		root := &url.URL{Scheme: "https", Host: "old.mfa.example", Path: "/"}
		desk.Mirror = newsroom.NewMirror(root, fstest.MapFS{"quay.png": {Data: harbour(t)}})
		read, err := importer.ReadPage("117.html", []byte(`<html lang="en"><head><title>A visit</title></head><body><main><article><h1>A visit to the harbour</h1><time datetime="2019-05-04">4 May 2019</time>
<p>She came to the harbour in the morning and left it in the evening, and nobody saw her.</p><figure><img src="/quay.png" width="600" height="400"></figure></article></main></body></html>`),
			importer.Options{Zone: h.room.Zone, SourceURL: root.JoinPath("117.html")})
		if err != nil {
			t.Fatal(err)
		}
		how := newsroom.Importing{Section: "statements", Review: true}
		stored, err := desk.Import(t.Context(), read, how)
		if err != nil || stored.Manuscript.State != manuscripts.InReview {
			t.Fatalf("%+v, %v", stored, err)
		}
		at := "/manuscripts/" + stored.Manuscript.ID
		eva.is("waits for who approves", eva.get("/manuscripts?pile=waiting"), http.StatusOK, "", "A visit to the harbour")
		shown := eva.get(at)
		for _, says := range []string{"Imported from <bdi>https://old.mfa.example/117.html</bdi>", "Saturday 4 May 2019", `alt=""`, "goes out at once on pages and in feeds; no server is told", "Silent: no server is told"} {
			eva.is("what is shown", shown, http.StatusOK, at, says)
		}
		for _, not := range []string{"Its instant has come", "What it lacks"} {
			if strings.Contains(shown.body, not) {
				t.Errorf("it says %s:\n%s", not, shown.body)
			}
		}
		if list := eva.get("/manuscripts").body; strings.Contains(list, "come and not approved") || strings.Contains(list, "description") && strings.Contains(list, "lacks a description") {
			t.Errorf("the list says:\n%s", list)
		}
		if got := ana.get(at); strings.Contains(got.body, at+"/approval") {
			t.Errorf("who handed it in is offered to approve it")
		}
		ana.is("and may not", ana.post(at+"/approval", shown.hidden(t, at+"/approval")...), http.StatusForbidden, "", "")
		if mended {
			fields := fieldsOf(rui.get(at + "/edit"))
			fields["text"] = strings.Replace(fields["text"], "nobody saw her", "somebody saw her", 1)
			rui.is("mended", rui.writes(at+"/edit", fields), http.StatusOK, "", "somebody saw her")
			rui.is("submitted", rui.post(at+"/submission", "revision", "2"), http.StatusOK, "", "Imported from")
			eva.is("approved as it was", eva.post(at+"/approval", shown.hidden(t, at+"/approval")...), http.StatusConflict, "", "")
			shown = eva.get(at)
		}
		eva.is("approved", eva.post(at+"/approval", shown.hidden(t, at+"/approval")...), http.StatusOK, at, "It was released")
		again, err := desk.Import(t.Context(), read, how)
		if err != nil || !again.Known || again.Article.ID == "" {
			t.Fatalf("afterwards: %+v, %v", again, err)
		}
		a := again.Article
		if a.SourceURL != "https://old.mfa.example/117.html" || !a.Silent || len(a.Images) != 1 || a.Images[0].Alt != "" || a.Images[0].Width == 0 || strings.Contains(string(a.Body), "somebody") != mended {
			t.Errorf("mended %v, it went out as %+v", mended, a)
		}
		eva.is("the article", eva.get("/articles/"+string(a.ID)), http.StatusOK, "", "Imported from</dt><dd><bdi>https://old.mfa.example/117.html")
		h.clock.Pass(time.Hour)
		if err := h.room.Watch(t.Context()); err != nil {
			t.Fatal(err)
		}
		err = h.room.Store.View(t.Context(), func(tx *storage.Tx) error {
			open, err := tx.OpenAlarms(10)
			if len(open) > 0 {
				t.Errorf("alarms: %+v", open)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
