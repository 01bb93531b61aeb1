package feeds_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communique/storage"
	"communique/storage/press"
)

// TestRepeatedAnswers: who asks second gets what the first one got, in each
// form.
func TestRepeatedAnswers(t *testing.T) {
	t.Parallel()
	n := open(t)
	a := n.publish(press.Draft{Title: "Visit"})
	for _, path := range []string{"/en/feed.rss", "/en/the-ministry/feed.json", "/en/", "/en/feed.1.atom", "/en/archive/", "/en/articles/" + string(a.ID) + "/visit"} {
		tag := n.get(path).Header.Get("ETag")
		for _, headers := range [][]string{
			nil, {"Accept-Encoding", "gzip"}, {"If-None-Match", tag}, {"If-None-Match", `"other"`, "Accept-Encoding", "gzip"},
		} {
			for _, method := range []string{http.MethodGet, http.MethodHead} {
				n.clock.Pass(2 * time.Second) // nothing is repeated for so long
				first := n.ask(method, path, nil, headers...)
				second := n.ask(method, path, nil, headers...)
				if diff := cmp.Diff(first.Header, second.Header); diff != "" || first.StatusCode != second.StatusCode {
					t.Errorf("%s %s %q: status %d, then %d; headers %s", method, path, headers, first.StatusCode, second.StatusCode, diff)
				}
				if text(t, first) != text(t, second) {
					t.Errorf("%s %s %q: another body", method, path, headers)
				}
			}
		}
	}
}

// TestNothingStaleIsRepeated: what was committed is in the very next answer,
// whoever committed it. The clock stands still: an answer ends with the state of
// the database that it was given in, and not by its age.
func TestNothingStaleIsRepeated(t *testing.T) {
	t.Parallel()
	n := open(t)
	const feed = "/en/feed.rss"
	hold := func(what string) string { // the answer is repeated now
		n.get(feed)
		tag := n.get(feed).Header.Get("ETag")
		if r := n.get(feed, "If-None-Match", tag); r.StatusCode != http.StatusNotModified {
			t.Fatalf("%s: status %d", what, r.StatusCode)
		}
		return tag
	}
	expect := func(what, tag, title string, there bool) {
		t.Helper()
		r := n.get(feed, "If-None-Match", tag)
		if body := text(t, r); r.StatusCode != http.StatusOK || strings.Contains(body, title) != there {
			t.Errorf("%s: status %d, and %q is in the feed: %v", what, r.StatusCode, title, strings.Contains(body, title))
		}
	}
	for i := range 10 {
		title := fmt.Sprintf("Visit %d", i)
		tag := hold(title)
		var a press.Article
		n.update(func(tx *storage.Tx) (err error) {
			a, _, err = tx.Publish(press.Draft{Section: n.minister.ID, Language: "en", Title: title, Body: "<p>x</p>"})
			return err
		})
		expect("published", tag, title, true)
		page := "/en/articles/" + string(a.ID) + "/visit-" + strconv.Itoa(i)
		for range 2 {
			if r := n.get(page); r.StatusCode != http.StatusOK {
				t.Fatalf("%s: status %d", page, r.StatusCode)
			}
		}
		tag = hold(title)
		n.update(func(tx *storage.Tx) error {
			_, _, err := tx.Withdraw(a.ID, "Issued in error.")
			return err
		})
		expect("withdrawn", tag, "<title>"+title, false)
		if r := n.get(page); r.StatusCode != http.StatusGone {
			t.Errorf("withdrawn: the page answers %d", r.StatusCode)
		}
	}

	tag := hold("another process")
	other, err := n.open(n.clock)
	if err != nil {
		t.Fatal(err)
	}
	err = other.Update(t.Context(), func(tx *storage.Tx) error {
		_, _, err := tx.Publish(press.Draft{Section: n.minister.ID, Language: "en", Title: "From elsewhere", Body: "<p>x</p>"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	n.get(feed) // the last that may be answered from before
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	expect("by another process", tag, "From elsewhere", true)

	n.publish(press.Draft{Title: "Embargoed", Published: n.clock.Now().Add(time.Hour)})
	n.clock.Pass(2 * time.Hour)
	tag = hold("embargo")
	n.update(func(tx *storage.Tx) error {
		_, err := tx.Release(10)
		return err
	})
	expect("released", tag, "Embargoed", true)
}

// TestDeltaIsNotRepeated: the answer to one reader's tag is no answer to
// another's.
func TestDeltaIsNotRepeated(t *testing.T) {
	t.Parallel()
	n := open(t)
	n.publish(press.Draft{Title: "First"})
	old := n.get("/en/feed.atom").Header.Get("ETag")
	n.publish(press.Draft{Title: "Second"})
	for range 3 {
		if r := n.get("/en/feed.atom", "A-IM", "feed", "If-None-Match", old); r.StatusCode != http.StatusIMUsed {
			t.Errorf("who accepts a delta is answered %d", r.StatusCode)
		}
		if r := n.get("/en/feed.atom", "If-None-Match", old); r.StatusCode != http.StatusOK || strings.Count(text(t, r), "<entry") != 2 {
			t.Errorf("who doesn't is answered %d", r.StatusCode)
		}
	}
}

// seqOf reads the number of the entry out of a tag.
func seqOf(t *testing.T, tag string) press.Seq {
	t.Helper()
	tag = strings.Trim(tag, `"`)
	seq, err := strconv.ParseInt(tag[strings.LastIndexByte(tag, '.')+1:], 10, 64)
	if err != nil {
		t.Error(err)
	}
	return press.Seq(seq)
}

// TestReadersSeeEveryCommit: whoever asks after a publication has returned is
// answered with it, while others ask and publish at the same time; run with
// -race.
func TestReadersSeeEveryCommit(t *testing.T) {
	t.Parallel()
	n := open(t)
	n.publish(press.Draft{Title: "Visit"})
	var committed atomic.Int64
	stop := make(chan struct{})
	var readers, writers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				want := press.Seq(committed.Load())
				if got := seqOf(t, n.get("/en/the-ministry/feed.rss").Header.Get("ETag")); got < want {
					t.Errorf("entry %d was committed, and the feed is of %d", want, got)
					return
				}
			}
		})
	}
	writers.Go(func() {
		for range 50 {
			var e press.Entry
			err := n.store.Update(context.Background(), func(tx *storage.Tx) (err error) {
				_, e, err = tx.Publish(press.Draft{Section: n.minister.ID, Language: "en", Title: "Visit", Body: "<p>x</p>"})
				return err
			})
			if err != nil {
				t.Error(err)
				return
			}
			committed.Store(int64(e.Seq))
		}
	})
	writers.Wait()
	close(stop)
	readers.Wait()
}

// TestRenderingsOfManyReaders: 500 readers of some feeds and pages, each after
// each of 20 publications: what has changed and is asked for is rendered once,
// and nothing else.
func TestRenderingsOfManyReaders(t *testing.T) {
	t.Parallel()
	n := open(t)
	var embassy press.Section
	n.update(func(tx *storage.Tx) (err error) {
		embassy, err = tx.AddSection(press.Root, "embassy", "en", "Embassy")
		return err
	})
	changing := []string{"/en/feed.rss", "/en/feed.atom", "/en/the-ministry/feed.rss", "/en/the-ministry/feed.json", "/en/the-ministry/", "/en/"}
	standing := []string{"/en/embassy/feed.rss", "/fr/feed.rss", "/fr/the-ministry/"}
	n.publish(press.Draft{Title: "Opening", Section: embassy.ID})
	n.publish(press.Draft{Title: "Visite", Language: "fr"})
	all := append(append([]string{}, changing...), standing...)
	tags := make([]string, 500)
	poll := func() {
		var wait sync.WaitGroup
		for i := range tags {
			wait.Go(func() {
				r := n.get(all[i%len(all)], "If-None-Match", tags[i], "Accept-Encoding", "gzip")
				tags[i] = r.Header.Get("ETag")
			})
		}
		wait.Wait()
	}
	poll()
	for i := range 20 {
		before := n.server.Rendered()
		n.publish(press.Draft{Title: fmt.Sprintf("Visit %d", i)})
		poll()
		if made := n.server.Rendered() - before; made != int64(len(changing)) {
			t.Errorf("publication %d: %d renderings, want %d", i, made, len(changing))
		}
		poll()
		if made := n.server.Rendered() - before; made != int64(len(changing)) {
			t.Errorf("publication %d, asked once more: %d renderings", i, made)
		}
	}
}

// nowhere is a client that reads nothing.
type nowhere struct{ header http.Header }

func (n nowhere) Header() http.Header       { return n.header }
func (nowhere) Write(b []byte) (int, error) { return len(b), nil }
func (nowhere) WriteHeader(int)             {}

// TestRepeatedAnswersCostNothing: an answer that is repeated allocates no
// memory, but for a look at the database once in a while.
func TestRepeatedAnswersCostNothing(t *testing.T) {
	n := open(t)
	n.publish(press.Draft{Title: "Visit"})
	tag := n.get("/en/feed.rss").Header.Get("ETag")
	for name, headers := range map[string]http.Header{
		"200":      {},
		"200 gzip": {"Accept-Encoding": {"gzip, deflate, br"}},
		"304":      {"If-None-Match": {tag}, "Accept-Encoding": {"gzip"}},
	} {
		r := httptest.NewRequest(http.MethodGet, base+"/en/feed.rss", nil)
		r.Header = headers
		w := nowhere{http.Header{}}
		each := testing.AllocsPerRun(2000, func() {
			clear(w.header)
			n.handler.ServeHTTP(w, r)
		})
		if each > 1 {
			t.Errorf("%s: %.1f allocations", name, each)
		}
	}
}
