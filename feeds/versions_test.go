package feeds_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/press"
)

// revised publishes an article and corrects it twice, the second time without
// a note.
func (n *newsroom) revised() (a press.Article, page string) {
	n.Helper()
	a = n.publish(press.Draft{Title: "Visit to Telm", Body: "<p>The marker oneword stays.</p>"})
	n.correct(a, "Visit to Talm", "the name of the place", false)
	n.correct(a, "The visit to Talm", "", true)
	return a, "/en/articles/" + string(a.ID) + "/history"
}

func TestHistoryKeepsEveryVersion(t *testing.T) {
	t.Parallel()
	n := open(t)
	a, page := n.revised()
	history := text(t, n.get(page))
	for _, want := range []string{
		"First publication", "the name of the place", "Minor correction", "Current version",
		base + page + "/1", base + page + "/1-2", base + page + "/2-3", `rel="canonical" href="` + base + page + `"`,
	} {
		if !strings.Contains(history, want) {
			t.Errorf("the history lacks %q:\n%s", want, history)
		}
	}
	first := n.get(page + "/1")
	if body := text(t, first); !strings.Contains(body, "Visit to Telm") || !strings.Contains(body, "This is an earlier version") ||
		!strings.Contains(body, `content="noindex"`) || strings.Contains(body, "canonical") {
		t.Errorf("the first version:\n%s", body)
	}
	compared := text(t, n.get(page+"/1-3"))
	for _, want := range []string{"Removed: </span>Telm</del>", "Added: </span>Talm</ins>", "oneword", `content="noindex"`} {
		if !strings.Contains(compared, want) {
			t.Errorf("the comparison lacks %q:\n%s", want, compared)
		}
	}
	article := text(t, n.get("/en/articles/"+string(a.ID)+"/the-visit-to-talm"))
	if !strings.Contains(article, base+page+`"`) {
		t.Errorf("the article does not lead to its history:\n%s", article)
	}
}

func TestHistoryAddresses(t *testing.T) {
	t.Parallel()
	n := open(t)
	a, page := n.revised()
	for path, want := range map[string]int{
		page + "/3": 200, page + "/2-3": 200,
		page + "/0": 404, page + "/4": 404, page + "/01": 404, page + "/x": 404, page + "/1-4": 404, page + "/2-2": 404,
		page + "/3-1": 404, page + "/1-2-3": 404, page + "/-1": 404, page + "/99999999999999999999": 404,
		"/en/articles/aaaaaaaaaaaaaaaa/history": 404, "/en/articles/x/history": 404,
		"/fr/articles/" + string(a.ID) + "/history": 301, "/fr/articles/" + string(a.ID) + "/history/1-2": 301,
	} {
		if r := n.get(path); r.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, r.StatusCode, want)
		}
	}
	tag := n.get(page + "/1").Header.Get("ETag")
	if r := n.get(page+"/1", "If-None-Match", tag); r.StatusCode != http.StatusNotModified {
		t.Errorf("an unchanged version answers %d", r.StatusCode)
	}
	n.correct(a, "Once more", "all of it", false)
	if r := n.get(page+"/3", "If-None-Match", tag); r.StatusCode != http.StatusOK {
		t.Errorf("a version that was replaced answers %d", r.StatusCode)
	}
	named := n.publish(press.Draft{Title: "History"})
	if r := n.get("/en/articles/" + string(named.ID) + "/"); r.StatusCode != http.StatusOK {
		t.Errorf("an article of the title History answers %d at its address", r.StatusCode)
	}
}

// TestHistoryOfWhatIsNotPublic: nothing of an embargoed or withdrawn article
// shows in any version.
func TestHistoryOfWhatIsNotPublic(t *testing.T) {
	t.Parallel()
	n := open(t)
	held := n.publish(press.Draft{Title: "Tomorrow", Published: n.clock.Now().Add(24 * time.Hour)})
	for _, path := range []string{"", "/1", "/1-2"} {
		unknown := n.get("/en/articles/aaaaaaaaaaaaaaaa/history" + path)
		r := n.get("/en/articles/" + string(held.ID) + "/history" + path)
		if r.StatusCode != http.StatusNotFound || text(t, r) != text(t, unknown) {
			t.Errorf("under embargo, %q answers %d or otherwise than an unknown id", path, r.StatusCode)
		}
	}
	a, page := n.revised()
	_ = text(t, n.get(page+"/1")) // in the cache
	n.update(func(tx *storage.Tx) error {
		_, _, err := tx.Withdraw(a.ID, "issued in error")
		return err
	})
	for _, path := range []string{"", "/1", "/3", "/1-2"} {
		r := n.get(page + path)
		if body := text(t, r); r.StatusCode != http.StatusGone || strings.Contains(body, "oneword") || strings.Contains(body, "Telm") {
			t.Errorf("withdrawn, %q answers %d:\n%s", path, r.StatusCode, body)
		}
	}
}
