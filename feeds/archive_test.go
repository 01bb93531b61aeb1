package feeds_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"
	ext "github.com/mmcdole/gofeed/extensions"

	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// part is what an aggregator takes from one document of a feed, in any format.
type part struct {
	titles, ids, deleted  []string
	archive               bool
	older, newer, current string
}

// read asks for a document and reads it as an aggregator would.
func (n *newsroom) read(path string, headers ...string) (part, *http.Response) {
	n.Helper()
	r := n.get(path, headers...)
	body := text(n.T, r)
	if r.StatusCode != http.StatusOK && r.StatusCode != http.StatusIMUsed {
		n.Fatalf("%s: status %d", path, r.StatusCode)
	}
	f, err := gofeed.NewParser().ParseString(body)
	if err != nil {
		n.Fatalf("%s: %v\n%s", path, err, body)
	}
	var p part
	for _, i := range f.Items {
		p.titles, p.ids = append(p.titles, i.Title), append(p.ids, i.GUID)
	}
	if strings.HasSuffix(path, ".json") {
		p.readJSON(n.T, body)
	} else {
		p.readXML(body, f.Extensions)
	}
	return p, r
}

func (p *part) readJSON(t *testing.T, body string) {
	t.Helper()
	var f struct {
		Next string `json:"next_url"`
		Past struct {
			Archive bool   `json:"archive"`
			Current string `json:"current"`
			Newer   string `json:"next_archive"`
			Deleted []struct {
				ID string `json:"id"`
			} `json:"deleted"`
		} `json:"_communique"`
	}
	if err := json.Unmarshal([]byte(body), &f); err != nil {
		t.Fatal(err)
	}
	p.older, p.newer, p.current, p.archive = f.Next, f.Past.Newer, f.Past.Current, f.Past.Archive
	for _, d := range f.Past.Deleted {
		p.deleted = append(p.deleted, d.ID)
	}
}

func (p *part) readXML(body string, e ext.Extensions) {
	link := func(rel string) string {
		before, _, _ := strings.Cut(body, `" rel="`+rel+`"`)
		if before == body {
			return ""
		}
		return before[strings.LastIndex(before, `"`)+1:]
	}
	p.older, p.newer, p.current = link("prev-archive"), link("next-archive"), link("current")
	p.archive = e["fh"]["archive"] != nil
	for _, d := range e["at"]["deleted-entry"] {
		p.deleted = append(p.deleted, d.Attrs["ref"])
	}
}

// below is the path of an address of this site.
func below(address string) string { return strings.TrimPrefix(address, base) }

// publishMany publishes in one transaction.
func (n *newsroom) publishMany(count int) (all []press.Article) {
	n.Helper()
	n.update(func(tx *storage.Tx) error {
		for range count {
			a, _, err := tx.Publish(press.Draft{
				Section: n.minister.ID, Language: "en", Title: fmt.Sprint("Visit ", len(all)+1), Body: "<p>x</p>",
			})
			if err != nil {
				return err
			}
			all = append(all, a)
		}
		return nil
	})
	n.clock.Pass(time.Minute)
	return all
}

func (n *newsroom) withdraw(a press.Article) {
	n.Helper()
	n.update(func(tx *storage.Tx) error {
		_, _, err := tx.Withdraw(a.ID, "sent by <mistake>")
		return err
	})
	n.clock.Pass(time.Minute)
}

func (n *newsroom) move(a press.Article, to press.Section) {
	n.Helper()
	n.update(func(tx *storage.Tx) error {
		_, _, err := tx.Correct(a.ID, newsdesk.Correction{Minor: true, Draft: press.Draft{
			Section: to.ID, Language: a.Language, Title: a.Title, Body: a.Body,
		}})
		return err
	})
	n.clock.Pass(time.Minute)
}

func tagOf(a press.Article) string { return "tag:press.example,2026:article/" + string(a.ID) }

func TestArchiveIsAChain(t *testing.T) {
	t.Parallel()
	n := open(t)
	if p, _ := n.read("/en/feed.atom"); p.older != "" {
		t.Errorf("where nothing was published there is an archive: %s", p.older)
	}
	all := n.publishMany(250)
	for _, feed := range allFeeds {
		format := strings.TrimPrefix(feed, "feed.")
		address := func(number int) string { return fmt.Sprintf("%s/en/the-ministry/feed.%d.%s", base, number, format) }
		current, _ := n.read("/en/the-ministry/" + feed)
		if current.older != address(3) || current.archive || current.newer != "" || current.current != "" {
			t.Errorf("%s: the feed leads to %+v", format, current)
		}
		var met []string
		for number := 3; number >= 1; number-- {
			p, r := n.read(below(address(number)))
			met = append(met, p.ids...)
			want := part{archive: number < 3, current: base + "/en/the-ministry/" + feed}
			policy := "public, max-age=300, stale-while-revalidate=600"
			if number < 3 {
				want.newer, policy = address(number+1), "public, max-age=43200, stale-while-revalidate=43200"
			}
			if number > 1 {
				want.older = address(number - 1)
			}
			if p.archive != want.archive || p.current != want.current || p.newer != want.newer || p.older != want.older {
				t.Errorf("%s %d leads to %+v", format, number, p)
			}
			if got := r.Header.Get("Cache-Control"); got != policy {
				t.Errorf("%s %d: Cache-Control is %q", format, number, got)
			}
		}
		var want []string
		for _, a := range slices.Backward(all) {
			want = append(want, tagOf(a))
		}
		if !slices.Equal(met, want) {
			t.Errorf("%s: the chain holds %d articles, or in another order", format, len(met))
		}
	}
}

// TestArchiveStaysTheSame: a closed document keeps bytes and validators while
// anything else happens, and changes with its own articles.
func TestArchiveStaysTheSame(t *testing.T) {
	t.Parallel()
	n := open(t)
	all := n.publishMany(150)
	type seen struct{ tag, modified, body string }
	look := func(path string) seen {
		r := n.get(path)
		return seen{r.Header.Get("ETag"), r.Header.Get("Last-Modified"), text(t, r)}
	}
	for i, path := range []string{"/en/feed.1.rss", "/en/feed.1.atom", "/en/feed.1.json"} {
		before := look(path)
		n.publishMany(3)
		n.publish(press.Draft{Title: "Visite", Language: "fr", TranslationOf: all[3+i].ID})
		n.correct(all[120], "Visit corrected", "the place", false)
		n.update(func(tx *storage.Tx) error {
			_, err := tx.AddSection(n.minister.ID, "new-"+strings.TrimPrefix(path, "/en/feed.1."), "en", "New")
			return err
		})
		if after := look(path); after != before {
			t.Errorf("%s changed without one of its articles: %q %q, before %q %q", path, after.tag, after.modified, before.tag, before.modified)
		}
		if r := n.get(path, "If-None-Match", before.tag); r.StatusCode != http.StatusNotModified {
			t.Errorf("%s: status %d", path, r.StatusCode)
		}
		n.correct(all[0], "Another title for "+path, "the place", false)
		after := look(path)
		if after.tag == before.tag || after.modified == before.modified || !strings.Contains(after.body, "Another title for "+path) {
			t.Errorf("%s did not change with its article: %q %q", path, after.tag, after.modified)
		}
		n.update(func(tx *storage.Tx) error {
			_, err := tx.NameSection(n.ministry.ID, "en", "The House of "+path)
			return err
		})
		n.clock.Pass(time.Minute)
		if named := look(path); named.tag == after.tag || !strings.Contains(named.body, "The House of "+path) {
			t.Errorf("%s did not change with a name: %q", path, named.tag)
		}
		n.publish(press.Draft{Title: "Visite", Language: "fr"})
		n.withdraw(all[len(path)])
		p, _ := n.read(path)
		if !slices.Contains(p.deleted, tagOf(all[len(path)])) || p.titles[slices.Index(p.ids, tagOf(all[len(path)]))] != notice {
			t.Errorf("%s does not tell of the withdrawal: %q", path, p.deleted)
		}
		all = append(all[:len(path):len(path)], all[len(path)+1:]...)
	}
}

// TestWalkWhileThingsChange: an aggregator that walks from now to the first
// article meets all that there was, whatever happens meanwhile.
func TestWalkWhileThingsChange(t *testing.T) {
	t.Parallel()
	for _, feed := range allFeeds {
		t.Run(feed, func(t *testing.T) {
			t.Parallel()
			n := open(t)
			random := rand.New(rand.NewPCG(5005, uint64(len(feed))))
			all := n.publishMany(320)
			met, withdrawn := map[string]bool{}, map[press.ArticleID]bool{}
			path := "/en/the-ministry/the-minister/" + feed
			for steps := 0; path != ""; steps++ {
				if steps > 10 {
					t.Fatal("the walk does not end")
				}
				p, _ := n.read(path)
				for _, id := range slices.Concat(p.ids, p.deleted) {
					met[id] = true
				}
				path = below(p.older)
				n.publishMany(40)
				for range 10 {
					a := all[random.IntN(len(all))]
					switch {
					case withdrawn[a.ID]:
					case random.IntN(2) == 0:
						n.move(a, n.ministry)
					default:
						n.withdraw(a)
						withdrawn[a.ID] = true
					}
				}
			}
			for _, a := range all {
				if !met[tagOf(a)] {
					t.Errorf("missed %s", a.Title)
				}
			}
		})
	}
}

func TestNoSuchArchive(t *testing.T) {
	t.Parallel()
	n := open(t)
	n.publish(press.Draft{Title: "Visit"})
	for _, path := range []string{
		"/en/feed.0.atom", "/en/feed.2.atom", "/en/feed.-1.atom", "/en/feed.01.atom", "/en/feed.+1.atom",
		"/en/feed.1.xml", "/en/feed.1.", "/en/feed..atom", "/en/feed.1.1.atom", "/fr/feed.1.atom",
		"/en/feed.99999999999999999999.atom", "/en/feed.1073741825.rss", "/en/nothing/feed.1.atom", "/de/feed.1.atom",
	} {
		if r := n.get(path); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: status %d", path, r.StatusCode)
		}
	}
}
