package site

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
)

// TestFeedsAnswerFromTheVersion: a second poll costs a 304, until something
// changes.
func TestFeedsAnswerFromTheVersion(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.Serve()
	f := s.Publish("A statement")
	s.Clock.Pass(4 * time.Second) // Last-Modified is told once no other version can have the same
	for _, feed := range s.Feeds() {
		first := e2etest.Get(t, feed)
		tag, modified := first.Header.Get("ETag"), first.Header.Get("Last-Modified")
		if !strings.HasPrefix(tag, `"`) || modified == "" {
			t.Fatalf("%s has the validators %q, %q", feed, tag, modified)
		}
		e2etest.Equal(t, "by tag", e2etest.Get(t, feed, "If-None-Match", tag).Status, 304)
		e2etest.Equal(t, "by weak tag in a list", e2etest.Get(t, feed, "If-None-Match", `"x", W/`+tag).Status, 304)
		e2etest.Equal(t, "by time", e2etest.Get(t, feed, "If-Modified-Since", modified).Status, 304)
		e2etest.Equal(t, "by another tag, though not modified", e2etest.Get(t, feed, "If-None-Match", `"x"`, "If-Modified-Since", modified).Status, 200)
		head := e2etest.Request(t, http.MethodHead, feed)
		e2etest.Equal(t, "HEAD", fmt.Sprint(head.Status, head.Header.Get("ETag"), len(head.Body)), fmt.Sprint(200, tag, 0))
	}
	tag := e2etest.Get(t, s.Feeds()[0]).Header.Get("ETag")
	s.File("correct", f.ID, s.Markdown("A statement", "A comma."), "--minor")
	e2etest.Equal(t, "after a correction", e2etest.Get(t, s.Feeds()[0], "If-None-Match", tag).Status, 200)
}
