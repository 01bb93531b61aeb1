package desk

import (
	"crypto/rand"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/newsroom"
	"communique/storage/manuscripts"
)

// TestA40Manuscripts: nobody finds a word of a manuscript, of its revisions, remarks or files,
// where no role of theirs reads it, by whatever address; nor where others are named for it.
func TestA40Manuscripts(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.invite("root", "operator")
	marker := strings.ToLower(rand.Text())
	writer := h.signedIn("some.writer", "editor", "approver")
	got := writer.send("/manuscripts/new", map[string]string{
		"title": "Secret " + marker, "section": "statements", "language": "en", "lead": "More of " + marker, "text": "Text " + marker + "\n\n[Annex](" + marker + ".txt)",
		"date": "2026-11-26", "time": "15:00", "image0alt": "Picture " + marker,
	}, file{"files", marker + ".txt", []byte("Annex " + marker)}, file{"image0file", "pier.png", smallPNG(t)})
	at := got.path
	writer.is("a remark", writer.post(at+"/remarks", "remark", "Remark "+marker), http.StatusOK, at, "Remark "+marker)
	fields := fieldsOf(writer.get(at + "/edit"))
	fields["title"] += " again"
	writer.is("another revision", writer.send(at+"/edit", fields), http.StatusOK, at, "again")
	writer.is("due, on the overview", writer.get("/"), http.StatusOK, "/", "Not approved, and due within a day")
	room, err := h.room.As(t.Context(), "some.writer")
	if err != nil {
		t.Fatal(err)
	}
	text := newsroom.Composition{Title: "Named " + marker, Section: "the-minister", Language: "en", Text: "Text."}.Document()
	named, err := room.Begin(t.Context(), newsroom.Proposal{Kind: manuscripts.NewArticle, Text: text, Named: []string{room.Person.ID}})
	if err != nil {
		t.Fatal(err)
	}
	pages := []string{"/", "/articles", "/calendar", "/audit", "/manuscripts", "/manuscripts/new"}
	for _, p := range piles() {
		pages = append(pages, "/manuscripts?pile="+p.Name)
	}
	picture := regexp.MustCompile(`src="` + at + `(/media/[^"]*)"`).FindStringSubmatch(writer.get(at).body)
	if picture == nil || writer.get(at+picture[1]).status != http.StatusOK {
		t.Fatal("no picture is shown")
	}
	own := func(at string) []string {
		return []string{at, at + "/edit", at + "/comparison?from=1&to=2", at + "/file?name=" + marker + ".txt", at + "/media/pier.png", at + picture[1]}
	}
	for _, roles := range [][]string{{"reader:the-minister"}, {"editor::fr"}, {"author:the-minister", "approver:statements:ar"}, {"operator"}, {"alone:the-minister"}} {
		b := h.signedIn("p"+strings.ToLower(rand.Text()), roles...)
		for path, got := range b.crawl(append(pages, append(own(at), own("/manuscripts/"+named.ID)...)...)...) {
			if found := strings.ReplaceAll(got.body, "name="+marker, ""); strings.Contains(found, marker) {
				t.Errorf("%v at %s find the words:\n%s", roles, path, found)
			}
		}
		for _, path := range own(at) {
			b.is("what they may not read", b.get(path), http.StatusNotFound, "", "Nothing here")
		}
		for _, act := range []string{"/edit", "/submission", "/return", "/remarks", "/end"} {
			b.is("what they may not do", b.post(at+act, "revision", "2", "on", "2", "sure", "yes", "remark", "x", "title", "x"), http.StatusNotFound, "", "Nothing here")
		}
	}
	reader := h.signedIn("a.reader", "reader:statements:en")
	reader.is("who may reads it", reader.get(at), http.StatusOK, at, marker)
	reader.is("and does not write", reader.get(at+"/edit"), http.StatusForbidden, "", "Your roles")
	stranger := h.browser()
	for _, path := range own(at) {
		if got := stranger.get(path); strings.Contains(strings.ReplaceAll(got.body, "name%3D"+marker, ""), "Secret") || !strings.HasPrefix(got.path, "/sign-in") {
			t.Errorf("nobody at %s: %s", path, got.path)
		}
	}
	// The instant comes.
	h.clock.Pass(6 * time.Hour)
	writer.is("it stays back", writer.get(at), http.StatusOK, at, "Its instant has come, and nobody has approved it")
	if err := h.desk.Room.Watch(t.Context()); err != nil {
		t.Fatal(err)
	}
	writer.is("the alarm", writer.get("/"), http.StatusOK, "/", "has come to its instant")
	alarm := regexp.MustCompile(`action="(/alarms/[^"]*)"`).FindStringSubmatch(writer.get("/").body)[1]
	stranger = h.signedIn("another.operator", "operator")
	if got := stranger.get(alarm); got.status != http.StatusOK || strings.Contains(got.body, marker) {
		t.Errorf("the alarm for who may not read it:\n%s", got.body)
	}
	stranger = h.signedIn("an.other", "reader::fr")
	stranger.is("for who is not told", stranger.get(alarm), http.StatusNotFound, "", "Nothing here")
	if strings.Contains(h.log.String(), marker) {
		t.Errorf("the log has the words:\n%s", h.log.String())
	}
}
