package feeds_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"

	"communique/storage"
	"communique/storage/press"
)

// notice is the title of what takes the place of a withdrawn article in English feeds.
const notice = "This statement was withdrawn"

// TestWithdrawnInFeeds: readers that know no tombstones find an item with the same id
// that says when and why, and nothing of what the article said.
func TestWithdrawnInFeeds(t *testing.T) {
	t.Parallel()
	n := open(t)
	var a press.Article
	n.update(func(tx *storage.Tx) (err error) {
		a, _, err = tx.Publish(press.Draft{
			Section: n.minister.ID, Language: "en", Title: "Secret title", Lead: "Secret lead", Body: "<p>Secret body</p>",
			Tags: []string{"Secret tag"}, Images: []press.Image{{Src: "https://press.example/secret.jpg", Alt: "Secret picture"}},
		})
		return err
	})
	n.clock.Pass(time.Hour)
	paths := []string{"/en/", "/en/the-ministry/", "/en/the-ministry/the-minister/", "/en/tags/secret-tag/"}
	tags := map[string]string{}
	for _, path := range paths {
		for _, feed := range allFeeds {
			tags[path+feed] = n.get(path + feed).Header.Get("ETag")
		}
	}
	n.update(func(tx *storage.Tx) error {
		_, _, err := tx.Withdraw(a.ID, "Two <names> were & are wrong.")
		return err
	})
	for _, path := range paths {
		for _, feed := range allFeeds {
			of := path + feed
			r := n.get(of, "If-None-Match", tags[of])
			if r.StatusCode != http.StatusOK {
				t.Fatalf("%s: status %d after the withdrawal", of, r.StatusCode)
			}
			body := text(t, r)
			f, err := gofeed.NewParser().ParseString(body)
			if err != nil || len(f.Items) != 1 {
				t.Fatalf("%s: %v\n%s", of, err, body)
			}
			i := f.Items[0]
			const want = "<p>Withdrawn on 1 September 2026 because: Two &lt;names&gt; were &amp; are wrong.</p>"
			if i.GUID != tagOf(a) || i.Title != notice || i.Content != want || i.Link != (press.Site{Base: base}).ArticleByID("en", a.ID, "") {
				t.Errorf("%s holds %q %q %q %q", of, i.GUID, i.Title, i.Content, i.Link)
			}
			if !i.PublishedParsed.Equal(a.Published) {
				t.Errorf("%s: published %v, want %v", of, i.PublishedParsed, a.Published)
			}
			if about := strings.ReplaceAll(body, "tags/secret-tag", ""); strings.Contains(strings.ReplaceAll(about, "/secret-title", ""), "ecret") && path != "/en/tags/secret-tag/" {
				t.Errorf("%s still says what was withdrawn:\n%s", of, body)
			}
			if again := n.get(of, "If-None-Match", r.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
				t.Errorf("%s unchanged: status %d", of, again.StatusCode)
			}
		}
	}
}

// TestNoticeDoesNotRevive: an Atom entry that is newer than its tombstone would bring
// the article back (RFC 6721 §3), also where corrections came faster than the clock.
func TestNoticeDoesNotRevive(t *testing.T) {
	t.Parallel()
	n := open(t)
	now := n.clock.Now()
	a := n.publish(press.Draft{Title: "Visit"})
	for _, title := range []string{"Visits", "Two visits"} {
		n.clock.Set(now)
		n.correct(a, title, "How many.", false)
	}
	n.clock.Set(now)
	n.withdraw(a)
	for _, path := range []string{"/en/feed.atom", "/en/feed.1.atom"} {
		body := text(t, n.get(path))
		entry := body[strings.Index(body, "<entry"):]
		updated, when := between(entry, "<updated>", "</updated>"), between(body, `when="`, `"`)
		if updated > when {
			t.Errorf("%s: the entry of %s is newer than its tombstone of %s", path, updated, when)
		}
	}
}

// TestNoticeEnds: it stays for thirty days, back from the last change of the document;
// who asks for the changes since then is told however long it was ago.
func TestNoticeEnds(t *testing.T) {
	t.Parallel()
	n := open(t)
	a := n.publish(press.Draft{Title: "One", Tags: []string{"Visits"}})
	old := n.get("/en/feed.atom", "A-IM", "feed").Header.Get("ETag")
	n.withdraw(a)
	paths := []string{"/en/feed.", "/en/feed.1.", "/en/tags/visits/feed."}
	holds := func(path string, headers ...string) bool {
		t.Helper()
		return strings.Contains(text(t, n.get(path, headers...)), notice)
	}
	for _, days := range []int{0, 29} {
		n.clock.Pass(time.Duration(days) * 24 * time.Hour)
		n.publish(press.Draft{Title: "Two", Tags: []string{"Visits"}})
		for _, path := range paths {
			if !holds(path + "rss") {
				t.Errorf("%srss lacks the notice after %d days", path, days)
			}
		}
	}
	n.clock.Pass(2 * 24 * time.Hour)
	n.publish(press.Draft{Title: "Three", Tags: []string{"Visits"}})
	for _, path := range paths {
		for _, format := range []string{"rss", "atom", "json"} {
			if holds(path + format) {
				t.Errorf("%s%s keeps the notice", path, format)
			}
		}
	}
	if !holds("/en/feed.atom", "A-IM", "feed", "If-None-Match", old) {
		t.Error("the changes since the publication lack the notice")
	}
}

// TestNoticeEndsInAQuietFeed: also where nothing changes afterwards, and whoever has the
// feed with the notice does not keep it.
func TestNoticeEndsInAQuietFeed(t *testing.T) {
	t.Parallel()
	n := open(t)
	n.withdraw(n.publish(press.Draft{Title: "One", Tags: []string{"Visits"}}))
	paths := []string{"/en/feed.rss", "/en/feed.1.atom", "/en/tags/visits/feed.json", "/en/the-ministry/feed.atom"}
	first := map[string]http.Header{}
	for _, path := range paths {
		r := n.get(path)
		first[path] = r.Header
		if !strings.Contains(text(t, r), notice) {
			t.Errorf("%s lacks the notice", path)
		}
	}
	n.clock.Pass(29 * 24 * time.Hour)
	for _, path := range paths {
		if r := n.get(path, "If-None-Match", first[path].Get("ETag")); r.StatusCode != http.StatusNotModified {
			t.Errorf("%s after 29 days: %d", path, r.StatusCode)
		}
	}
	n.clock.Pass(24 * time.Hour)
	for _, path := range paths {
		r := n.get(path, "If-None-Match", first[path].Get("ETag"))
		if r.StatusCode != http.StatusOK || strings.Contains(text(t, r), notice) {
			t.Errorf("%s after 30 days: %d, or it keeps the notice", path, r.StatusCode)
		}
		if again := n.get(path, "If-None-Match", r.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
			t.Errorf("%s unchanged since: %d", path, again.StatusCode)
		}
		n.clock.Pass(time.Minute) // dates are sent once they have settled
		if since := n.get(path, "If-Modified-Since", n.clock.Now().Add(-24*time.Hour).UTC().Format(http.TimeFormat)); since.StatusCode != http.StatusOK {
			t.Errorf("%s since the day before: %d", path, since.StatusCode)
		}
	}
}

// TestNoticeInItsLanguage: an article that was moved to another language is taken back
// in both, in its own words.
func TestNoticeInItsLanguage(t *testing.T) {
	t.Parallel()
	n := open(t)
	a := n.publish(press.Draft{Title: "Visite", Language: "fr"})
	n.withdraw(a)
	var f struct {
		Items []struct {
			Title    string `json:"title"`
			Content  string `json:"content_html"`
			Language string `json:"language"`
			Modified string `json:"date_modified"`
		} `json:"items"`
		Past struct {
			Deleted []struct {
				At string `json:"date_deleted"`
			} `json:"deleted"`
		} `json:"_communique"`
	}
	if err := json.Unmarshal([]byte(text(t, n.get("/fr/feed.json"))), &f); err != nil || len(f.Items) != 1 {
		t.Fatal(err, f)
	}
	i := f.Items[0]
	if i.Title != "Ce communiqué a été retiré" || i.Language != "fr" || !strings.Contains(i.Content, "Retiré le 1er septembre 2026") {
		t.Errorf("the notice is %+v", i)
	}
	if i.Modified != f.Past.Deleted[0].At {
		t.Errorf("modified %s, withdrawn %s", i.Modified, f.Past.Deleted[0].At)
	}
}
