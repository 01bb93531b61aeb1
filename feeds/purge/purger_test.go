package purge_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"communique/feeds/purge"
	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
	"communique/storage/storagetest/engines"
)

// cache is one in front of the site that notes what it is told. It refuses as
// long as it has a status to answer with.
type cache struct {
	t      *testing.T
	server *httptest.Server

	mu      sync.Mutex
	arrived *sync.Cond
	refuse  int
	refused int
	purged  []string // host and path, or the address in a list
	methods map[string]bool
}

func newCache(t *testing.T) *cache {
	c := &cache{t: t, methods: map[string]bool{}}
	c.arrived = sync.NewCond(&c.mu)
	c.server = httptest.NewServer(c)
	t.Cleanup(c.server.Close)
	return c
}

func (c *cache) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	defer c.arrived.Broadcast()
	if c.refuse != 0 {
		c.refused++
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(c.refuse)
		return
	}
	if r.Header.Get("X-Token") != "secret" {
		c.t.Error("the token is missing")
	}
	c.methods[r.Method] = true
	if r.Method != http.MethodPost {
		c.purged = append(c.purged, "https://"+r.Host+r.URL.Path)
		w.WriteHeader(http.StatusNotFound) // it has nothing of that address
		return
	}
	var list struct{ Files []string }
	if err := json.NewDecoder(r.Body).Decode(&list); err != nil || len(list.Files) == 0 || len(list.Files) > 30 {
		c.t.Errorf("a list of %d: %v", len(list.Files), err)
	}
	c.purged = append(c.purged, list.Files...)
}

// wait waits until something holds of the cache.
func (c *cache) wait(holds func() bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for !holds() {
		c.arrived.Wait()
	}
}

// site is a store and the purger of its cache.
type site struct {
	*testing.T
	store    *storage.Store
	cache    *cache
	method   string
	ministry press.Section
	minister press.Section
	stop     func()
}

const base = "https://press.example"

// zone is far from that of most machines.
var zone = time.FixedZone("UTC+14", 14*60*60)

func newSite(t *testing.T, method string) *site {
	s := &site{T: t, cache: newCache(t), method: method}
	var err error
	if s.store, err = engines.Chosen(t)(storage.SystemClock{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.store.Close() })
	s.update(func(tx *storage.Tx) (err error) {
		if s.ministry, err = tx.AddSection(press.Root, "the-ministry", "en", "The Ministry"); err != nil {
			return err
		}
		s.minister, err = tx.AddSection(s.ministry.ID, "the-minister", "en", "The Minister")
		return err
	})
	return s
}

func (s *site) update(fn func(*storage.Tx) error) {
	s.Helper()
	if err := s.store.Update(context.Background(), fn); err != nil {
		s.Fatal(err)
	}
}

// run starts the purger.
func (s *site) run() {
	p, err := purge.New(context.Background(), purge.Options{
		Store: s.store, Site: press.Site{Base: base, Tag: "press.example,2026"}, Zone: zone, Languages: []press.Language{"en", "fr"},
		Cache: purge.Cache{URL: s.cache.server.URL, Method: s.method, Header: map[string]string{"X-Token": "secret"}},
		Log:   slog.New(slog.DiscardHandler),
	})
	if err != nil {
		s.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { p.Run(ctx) })
	s.stop = func() {
		cancel()
		running.Wait()
	}
	s.Cleanup(s.stop)
}

// purged is how far the purger has come.
func (s *site) purged() (fact string) {
	s.Helper()
	err := s.store.View(context.Background(), func(tx *storage.Tx) (err error) {
		fact, err = tx.Fact("purged")
		return err
	})
	if err != nil {
		return ""
	}
	return fact
}

// settled waits until the purger has come to the end of the log.
func (s *site) settled() {
	s.Helper()
	watch, err := s.store.Watch(context.Background(), 5*time.Millisecond)
	if err != nil {
		s.Fatal(err)
	}
	defer watch.Close()
	for range watch.C {
		done := false
		err := s.store.View(context.Background(), func(tx *storage.Tx) error {
			head, err := tx.Head()
			fact, _ := tx.Fact("purged")
			done = fact == fmt.Sprint(head.Seq)
			return err
		})
		if err != nil {
			s.Fatal(err)
		}
		if done {
			return
		}
	}
}

// picture stores one that is wide enough to have sizes.
func (s *site) picture() newsdesk.Media {
	s.Helper()
	var file bytes.Buffer
	if err := png.Encode(&file, image.NewGray(image.Rect(0, 0, 2000, 10))); err != nil {
		s.Fatal(err)
	}
	m, err := newsdesk.NewMedia(file.Bytes())
	if err != nil {
		s.Fatal(err)
	}
	s.update(func(tx *storage.Tx) error { return tx.AddMedia(m) })
	return m
}

// file stores a file and returns its path.
func (s *site) file() string {
	s.Helper()
	f, err := newsdesk.NewFile("notes.txt", []byte("Notes"))
	if err != nil {
		s.Fatal(err)
	}
	s.update(func(tx *storage.Tx) error { return tx.AddFile(f) })
	return "/files/" + f.Hash + "/" + f.Name
}

func (s *site) publish(d press.Draft) (a press.Article) {
	s.Helper()
	d.Section, d.Body = s.minister.ID, cmp.Or(d.Body, "<p>The text.</p>")
	s.update(func(tx *storage.Tx) (err error) {
		a, _, err = tx.Publish(d)
		return err
	})
	return a
}

// take returns what was purged since the last call, sorted.
func (s *site) take() []string {
	s.settled()
	s.cache.mu.Lock()
	defer s.cache.mu.Unlock()
	got := s.cache.purged
	s.cache.purged = nil
	slices.Sort(got)
	return got
}

// TestPurge: each entry purges the addresses that it has changed.
func TestPurge(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"PURGE", "BAN", http.MethodPost} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, method)
			s.run()
			if got := s.take(); len(got) != 0 {
				t.Errorf("what was there before is purged: %q", got)
			}
			picture := s.picture()
			a := s.publish(press.Draft{Language: "en", Title: "A visit", Tags: []string{"Peace"}, Images: []press.Image{{Src: base + "/media/" + picture.Name(), Alt: "Two people"}}})
			want := []string{
				"/en/", "/en/feed.rss", "/en/feed.atom", "/en/feed.json", "/en/feed.1.atom", "/en/archive/",
				"/en/the-ministry/", "/en/the-ministry/feed.rss", "/en/the-ministry/the-minister/",
				"/en/the-ministry/the-minister/feed.atom", "/en/the-ministry/the-minister/feed.1.rss",
				"/en/articles/" + string(a.ID) + "/a-visit", "/en/tags/peace/feed.rss",
				"/sitemap.xml", "/sitemap.news.xml", "/sitemap.en.1.xml", "/en/tags/",
				a.Published.In(zone).Format("/en/archive/2006/"), a.Published.In(zone).Format("/en/the-ministry/archive/2006/01/"),
				"/media/" + picture.Name(), "/media/" + picture.Sizes[0].Name(), "/ap/articles/" + string(a.ID),
			}
			got := s.take()
			s.holds("published", got, want)
			if once := slices.Compact(slices.Clone(got)); len(once) != len(got) {
				t.Errorf("purged twice: %q", got)
			}
			s.update(func(tx *storage.Tx) error {
				_, _, err := tx.Correct(a.ID, newsdesk.Correction{Note: "The title.", Draft: press.Draft{
					Section: s.ministry.ID, Language: "en", Title: "A long visit", Body: a.Body,
				}})
				return err
			})
			// Also where it was before, with the title, the tag and the picture that it had.
			s.holds("corrected", s.take(), append(want, "/en/articles/"+string(a.ID)+"/a-long-visit", "/en/articles/"+string(a.ID)+"/history"))
			fr := s.publish(press.Draft{Language: "fr", Title: "Une visite", TranslationOf: a.ID})
			s.holds("translated", s.take(), []string{"/fr/feed.rss", "/fr/articles/" + string(fr.ID) + "/une-visite", "/en/articles/" + string(a.ID) + "/a-long-visit", "/en/feed.rss"})
			var activities []string
			s.update(func(tx *storage.Tx) error {
				for _, e := range s.entriesOf(tx, a.ID) {
					activities = append(activities, fmt.Sprintf("/ap/activities/%d/create", e.Seq))
				}
				_, _, err := tx.Withdraw(a.ID, "Issued in error.")
				return err
			})
			activities = append(activities, strings.Replace(activities[1], "create", "update", 1)) // of the correction
			s.holds("withdrawn", s.take(), []string{"/en/articles/" + string(a.ID) + "/a-long-visit", "/en/the-ministry/the-minister/feed.1.rss", "/en/feed.json",
				"/en/articles/" + string(a.ID) + "/history/1", "/en/articles/" + string(a.ID) + "/history/1-2", activities[0], activities[1], activities[2]})
			file := s.file()
			b := s.publish(press.Draft{Language: "en", Title: "Another visit", Body: press.HTML(`<p><a href="` + base + file + `">Notes</a></p>`), Images: []press.Image{{Src: base + "/media/" + picture.Name(), Alt: "Two people"}}})
			s.take()
			s.update(func(tx *storage.Tx) error {
				_, _, err := tx.Withdraw(b.ID, "Issued in error.")
				return err
			})
			s.holds("withdrawn, never corrected", s.take(), []string{"/en/articles/" + string(b.ID) + "/another-visit",
				"/en/articles/" + string(b.ID) + "/history/1", "/media/" + picture.Name(), "/media/" + picture.Sizes[0].Name(), file})
			s.update(func(tx *storage.Tx) error {
				_, err := tx.AddSection(s.minister.ID, "travels", "en", "Travels")
				return err
			})
			s.holds("section", s.take(), []string{"/fr/the-ministry/the-minister/travels/", "/en/the-ministry/the-minister/", "/fr/feed.atom", "/sitemap.sections.xml", "/fr/feeds.rss.opml"})
			if !s.cache.methods[method] || len(s.cache.methods) != 1 {
				t.Errorf("asked by %v", s.cache.methods)
			}
		})
	}
}

func (s *site) entriesOf(tx *storage.Tx, id press.ArticleID) []press.Entry {
	s.Helper()
	entries, err := tx.EntriesOf(id)
	if err != nil {
		s.Fatal(err)
	}
	return entries
}

func (s *site) holds(what string, got, want []string) {
	s.Helper()
	for _, path := range want {
		if !slices.Contains(got, base+path) {
			s.Errorf("%s: %s is not purged:\n%s", what, path, strings.Join(got, "\n"))
		}
	}
}

// TestPurgeWhereASectionWas: a cache may have from before a move what is withdrawn
// after it.
func TestPurgeWhereASectionWas(t *testing.T) {
	t.Parallel()
	s := newSite(t, "PURGE")
	s.run()
	a := s.publish(press.Draft{Language: "en", Title: "A visit"})
	s.take()
	for _, slug := range []string{"minister", "head"} {
		s.update(func(tx *storage.Tx) error {
			_, err := tx.MoveSection(s.minister.ID, press.Root, slug, false)
			return err
		})
	}
	s.holds("moved", s.take(), []string{"/en/head/", "/fr/head/feed.rss", "/en/the-ministry/the-minister/", "/en/the-ministry/the-minister/feed.rss", "/en/minister/"})
	s.update(func(tx *storage.Tx) error {
		_, _, err := tx.Withdraw(a.ID, "Issued in error.")
		return err
	})
	s.holds("withdrawn", s.take(), []string{
		"/en/head/feed.1.atom", "/en/minister/feed.1.json", "/en/the-ministry/the-minister/feed.1.rss", "/en/the-ministry/the-minister/feed.atom",
		"/en/the-ministry/feed.1.rss",
	})
}

// TestPurgeLosesNothing: what a cache refuses, or does not hear because we are
// not there, it is told later.
func TestPurgeLosesNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t, "PURGE")
	s.run()
	s.take()
	s.cache.mu.Lock()
	s.cache.refuse = http.StatusTemporaryRedirect // which is not followed
	s.cache.mu.Unlock()
	before := s.purged()
	a := s.publish(press.Draft{Language: "en", Title: "Refused"})
	s.cache.wait(func() bool { return s.cache.refused > 0 })
	s.stop()
	if s.purged() != before {
		t.Error("what was refused counts as purged")
	}
	b := s.publish(press.Draft{Language: "en", Title: "Away"})
	s.cache.mu.Lock()
	s.cache.refuse = 0
	s.cache.mu.Unlock()
	s.run()
	s.holds("later", s.take(), []string{"/en/articles/" + string(a.ID) + "/refused", "/en/articles/" + string(b.ID) + "/away"})
}
