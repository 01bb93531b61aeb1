package feeds_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"

	"communique/storage/press"
)

// TestCorrectionsShow: in every format and document a correction keeps id and
// date of publication, moves the date of the last change and is noted with its
// date in the text; a minor one changes the text alone.
func TestCorrectionsShow(t *testing.T) {
	t.Parallel()
	n := open(t)
	n.publish(press.Draft{Title: "Another"})
	a := n.publish(press.Draft{Title: "Visit", Lead: "In short."})
	documents := map[string][]string{} // path to headers
	for _, feed := range allFeeds {
		format := strings.TrimPrefix(feed, "feed.")
		documents["/en/"+feed] = nil
		documents["/en/the-ministry/feed.1."+format] = nil
		documents["/en/the-ministry/"+feed] = []string{"A-IM", "feed", "If-None-Match", n.get("/en/the-ministry/" + feed).Header.Get("ETag")}
	}
	type seen struct {
		id, title          string
		published, updated time.Time
		note               bool
	}
	look := func(path string, headers []string) seen {
		f, err := gofeed.NewParser().Parse(n.get(path, headers...).Body)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		for _, i := range f.Items {
			if i.GUID == tagOf(a) {
				return seen{i.GUID, i.Title, i.PublishedParsed.UTC(), i.UpdatedParsed.UTC(), strings.Contains(i.Content, "Correction, 1 September 2026")}
			}
		}
		t.Fatalf("%s lacks the article", path)
		return seen{}
	}
	published := a.Published
	check := func(title string, updated time.Time, note bool) {
		t.Helper()
		for path, headers := range documents {
			if title == "Visit" {
				headers = nil // nothing has changed yet
			}
			want := seen{tagOf(a), title, published, updated, note}
			if got := look(path, headers); got != want {
				t.Errorf("%s %v: %+v, want %+v", path, headers != nil, got, want)
			}
		}
	}
	check("Visit", published, false)
	n.correct(a, "Visit, with a comma", "", true)
	check("Visit, with a comma", published, false)
	corrected := n.clock.Now()
	n.correct(a, "Two visits", "There were two.", false)
	check("Two visits", corrected, true)
	n.correct(a, "Two visits.", "", true)
	check("Two visits.", corrected, true)
	for path, headers := range documents {
		body := text(t, n.get(path, headers...))
		if got := strings.Count(body, "There were two."); got != 1 {
			t.Errorf("%s notes the correction %d times", path, got)
		}
		if want := fmt.Sprint("article/", a.ID); strings.Count(body, want) != 1 {
			t.Errorf("%s has the id %d times", path, strings.Count(body, want))
		}
	}
}
