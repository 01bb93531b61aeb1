package feeds_test

import (
	"compress/gzip"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/press"
)

func TestFeedTypesAndHeaders(t *testing.T) {
	t.Parallel()
	n := open(t)
	n.publish(press.Draft{Title: "Visit"})
	for path, kind := range map[string]string{
		"/en/feed.rss":               "application/rss+xml; charset=utf-8",
		"/en/feed.atom":              "application/atom+xml; charset=utf-8",
		"/fr/the-ministry/feed.json": "application/feed+json; charset=utf-8",
		"/en/the-ministry/":          "text/html; charset=utf-8",
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			r := n.ask(method, path, nil)
			for name, want := range map[string]string{"Content-Type": kind} {
				if got := r.Header.Get(name); r.StatusCode != http.StatusOK || got != want {
					t.Errorf("%s %s: status %d, %s is %q, want %q", method, path, r.StatusCode, name, got, want)
				}
			}
			vary := "Accept-Encoding"
			if strings.Contains(path, "feed.") {
				vary = "Accept, Sec-Fetch-Dest, Accept-Encoding"
			}
			if got := strings.Join(r.Header.Values("Vary"), ", "); got != vary {
				t.Errorf("%s %s: Vary is %q, want %q", method, path, got, vary)
			}
			for _, name := range []string{"ETag", "Last-Modified", "Cache-Control", "Content-Length"} {
				if r.Header.Get(name) == "" {
					t.Errorf("%s %s has no %s", method, path, name)
				}
			}
		}
	}
}

func TestConditionalRequests(t *testing.T) {
	t.Parallel()
	n := open(t)
	a := n.publish(press.Draft{Title: "Visit"})
	for _, path := range []string{"/en/feed.rss", "/en/the-ministry/feed.atom", "/en/feed.json", "/en/the-ministry/", "/en/articles/" + string(a.ID) + "/visit"} {
		t.Run(path, func(t *testing.T) {
			first := n.get(path)
			tag, modified := first.Header.Get("ETag"), first.Header.Get("Last-Modified")
			bare := strings.Trim(tag, `"`)
			earlier := "Mon, 01 Jan 2024 00:00:00 GMT"
			for name, c := range map[string]struct {
				headers []string
				status  int
			}{
				"same tag":                {[]string{"If-None-Match", tag}, 304},
				"weak":                    {[]string{"If-None-Match", "W/" + tag}, 304},
				"in a list":               {[]string{"If-None-Match", `"x, y", ` + tag}, 304},
				"in a second line":        {[]string{"If-None-Match", `"x"`, "If-None-Match", tag}, 304},
				"any":                     {[]string{"If-None-Match", "*"}, 304},
				"of the gzip form":        {[]string{"If-None-Match", `"` + bare + `-gzip"`}, 304},
				"as Jetty ends it":        {[]string{"If-None-Match", `"` + bare + `--gzip"`}, 304},
				"another tag":             {[]string{"If-None-Match", `"other"`}, 200},
				"without quotes":          {[]string{"If-None-Match", bare}, 200},
				"same date":               {[]string{"If-Modified-Since", modified}, 304},
				"an earlier date":         {[]string{"If-Modified-Since", earlier}, 200},
				"no date":                 {[]string{"If-Modified-Since", "yesterday"}, 200},
				"the tag beats the date":  {[]string{"If-None-Match", tag, "If-Modified-Since", earlier}, 304},
				"and the other way round": {[]string{"If-None-Match", `"other"`, "If-Modified-Since", modified}, 200},
			} {
				r := n.get(path, c.headers...)
				body := text(t, r)
				if r.StatusCode != c.status || (r.StatusCode == 304) != (body == "") {
					t.Errorf("%s: status %d with %d bytes, want %d", name, r.StatusCode, len(body), c.status)
				}
				if r.Header.Get("ETag") != tag || r.Header.Get("Last-Modified") != modified || r.Header.Get("Cache-Control") == "" {
					t.Errorf("%s: headers are %v", name, r.Header)
				}
			}
		})
	}
	// Whatever changes the document changes tag and date.
	before := n.get("/en/feed.rss")
	n.correct(a, "Visit", "the place", false)
	after := n.get("/en/feed.rss", "If-None-Match", before.Header.Get("ETag"))
	if after.StatusCode != 200 || after.Header.Get("ETag") == before.Header.Get("ETag") || after.Header.Get("Last-Modified") == before.Header.Get("Last-Modified") {
		t.Errorf("after the correction: %d %v", after.StatusCode, after.Header)
	}
}

// TestLastModifiedWaits: two versions within a second would look alike.
func TestLastModifiedWaits(t *testing.T) {
	t.Parallel()
	n := open(t)
	n.clock.Set(time.Date(2026, 9, 1, 13, 0, 0, 200_000_000, time.UTC))
	n.update(func(tx *storage.Tx) error {
		_, _, err := tx.Publish(press.Draft{Section: n.minister.ID, Language: "en", Title: "Visit", Body: "<p>x</p>"})
		return err
	})
	date := "Tue, 01 Sep 2026 13:00:00 GMT"
	if r := n.get("/en/feed.rss", "If-Modified-Since", date); r.StatusCode != 200 || r.Header.Get("Last-Modified") != "" {
		t.Errorf("within the second: %d %q", r.StatusCode, r.Header.Get("Last-Modified"))
	}
	n.clock.Set(time.Date(2026, 9, 1, 13, 0, 0, 900_000_000, time.UTC))
	n.update(func(tx *storage.Tx) error {
		// Its commit takes until after the second.
		n.clock.Set(time.Date(2026, 9, 1, 13, 0, 2, 0, time.UTC))
		if r := n.get("/en/feed.rss"); r.Header.Get("Last-Modified") != "" {
			t.Errorf("while another version is under way: %q", r.Header.Get("Last-Modified"))
		}
		_, _, err := tx.Publish(press.Draft{Section: n.minister.ID, Language: "en", Title: "Visit", Body: "<p>x</p>"})
		return err
	})
	n.clock.Set(time.Date(2026, 9, 1, 13, 0, 3, 0, time.UTC))
	if r := n.get("/en/feed.rss"); r.Header.Get("Last-Modified") != date {
		t.Errorf("after it: %q", r.Header.Get("Last-Modified"))
	}
}

// TestLastModifiedOfAClockSetBack: who asks by the date alone is told what came
// after the clock was set back.
func TestLastModifiedOfAClockSetBack(t *testing.T) {
	t.Parallel()
	for _, back := range []time.Duration{62 * time.Second, time.Hour} {
		n := open(t)
		a := n.publish(press.Draft{Title: "Visit"})
		date := n.get("/en/feed.rss").Header.Get("Last-Modified")
		n.clock.Jump(-back)
		n.withdraw(a)
		for range 2 {
			if r := n.get("/en/feed.rss", "If-Modified-Since", date); r.StatusCode != http.StatusOK || date == "" {
				t.Errorf("set back by %v: %d for what was modified %q, since %q", back, r.StatusCode, r.Header.Get("Last-Modified"), date)
			}
			n.clock.Pass(2 * time.Hour)
		}
	}
}

func TestEncodings(t *testing.T) {
	t.Parallel()
	n := open(t)
	n.publish(press.Draft{Title: "Visit"})
	plain := n.get("/en/feed.rss")
	want := text(t, plain)
	for accept, zipped := range map[string]bool{
		"gzip": true, "deflate, GZIP;q=0.5": true, "x-gzip": true, "*": true, "br, *;q=0.1": true,
		"gzip;q=0": false, "*, gzip;q=0": false, "identity": false, "gzip;q=much": false, "br": false, "": false,
	} {
		r := n.get("/en/feed.rss", "Accept-Encoding", accept)
		if got := r.Header.Get("Content-Encoding") == "gzip"; got != zipped {
			t.Errorf("%q: gzip is %v", accept, got)
			continue
		}
		if sameTag := r.Header.Get("ETag") == plain.Header.Get("ETag"); sameTag == zipped {
			t.Errorf("%q: the tag is %s", accept, r.Header.Get("ETag"))
		}
		if zipped {
			z, err := gzip.NewReader(r.Body)
			if err != nil {
				t.Fatal(err)
			}
			r.Body = z
		}
		if text(t, r) != want {
			t.Errorf("%q: other content", accept)
		}
	}
}

// TestNothingFromTheRequestGetsIntoTheDocument: one cached copy serves all.
func TestNothingFromTheRequestGetsIntoTheDocument(t *testing.T) {
	t.Parallel()
	n := open(t)
	n.publish(press.Draft{Title: "Visit"})
	for _, path := range []string{"/en/feed.rss", "/en/feed.atom", "/en/feed.json", "/en/"} {
		want := text(t, n.get(path))
		r := httptest.NewRequest(http.MethodGet, path+"?utm=evil", nil)
		r.Host = "evil.example"
		r.Header.Set("X-Forwarded-Host", "evil.example")
		r.Header.Set("X-Forwarded-Proto", "gopher")
		w := httptest.NewRecorder()
		n.handler.ServeHTTP(w, r)
		if got := w.Body.String(); got != want || strings.Contains(got, "evil") {
			t.Errorf("%s differs", path)
		}
	}
}

// TestManyAskAtOnce: whoever asks while a version is being rendered waits for
// that rendering; run with -race.
func TestManyAskAtOnce(t *testing.T) {
	t.Parallel()
	n := open(t)
	n.publish(press.Draft{Title: "Visit"})
	var wait sync.WaitGroup
	bodies := make([]string, 20)
	for i := range bodies {
		wait.Go(func() {
			w := httptest.NewRecorder()
			n.handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, base+"/en/feed.atom", nil))
			bodies[i] = w.Body.String()
		})
	}
	wait.Wait()
	for _, b := range bodies {
		if b != bodies[0] || b == "" {
			t.Fatal("readers got different documents")
		}
	}
}
