package stories

import (
	"bytes"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
)

// TestRestoredEmbargoes: what became of a draft after the backup, a new text, a later
// second or its end, is not in it. None goes out before somebody has looked.
func TestRestoredEmbargoes(t *testing.T) {
	e2etest.NeedsFile(t)
	t.Parallel()
	s := e2etest.NewSite(t)
	file := filepath.Join(t.TempDir(), "one.backup")
	f := s.File("publish", s.Markdown("A secret", "Text.", e2etest.PublishedAt(s.Clock.Now().Add(time.Hour))))
	s.Must("backup", file)
	s.Must("withdraw", f.ID, "--reason", "Not needed.")
	restored := s.Elsewhere()
	told := restored.Must("restore", file)
	if !strings.Contains(told, "communique clock confirm") {
		t.Errorf("restore does not say what to do:\n%s", told)
	}
	restored.Must("restore", "--confirm")
	restored.Serve()
	restored.Clock.Pass(time.Hour + time.Second)
	for _, title := range []string{"Another statement", "One more"} {
		restored.Publish(title) // whoever ends embargoes looks at every commit
	}
	e2etest.Equal(t, "the status of what was cancelled behind the backup", e2etest.Get(t, f.URL).Status, 404)
	restored.Must("clock", "confirm")
	e2etest.Eventually(t, "what nobody cancelled again goes out", func() bool { return e2etest.Get(t, f.URL).Status == 200 })
}

// everywhere is every public address that could mention an article of the
// site, by id too.
func everywhere(s *e2etest.Site, id string) []string {
	return append(s.Feeds(),
		s.Base+"/en/", s.Base+"/en/the-ministry/", s.Base+"/en/the-ministry/the-minister/activities/",
		s.Base+"/en/articles/"+id+"/", s.Base+"/en/articles/"+id+"/a-statement", s.Base+"/ap/articles/"+id,
		s.Actor()+"/outbox", s.Actor()+"/outbox?before=9007199254740991",
		s.Base+"/ap/activities/1/create", s.Base+"/ap/activities/2/create", s.Base+"/ap/activities/3/create", s.Base+"/ap/activities/4/create",
		s.Base+"/nodeinfo/2.1")
}

// mentions counts the addresses whose answer holds a text.
func mentions(t *testing.T, addresses []string, text string) int {
	t.Helper()
	n := 0
	for _, address := range addresses {
		for _, accept := range []string{"text/html", e2etest.ActivityJSON, "*/*"} {
			if got := e2etest.Get(t, address, "Accept", accept); bytes.Contains(got.Body, []byte(text)) {
				n++
			}
		}
	}
	return n
}

var requestName = regexp.MustCompile(`"request":"[a-z2-7]{12}"`)

// unnamed is an answer without what its request is called, which is drawn by chance.
func unnamed(body []byte) []byte { return requestName.ReplaceAll(body, nil) }

// TestEmbargo: nothing tells before its second that a statement exists
// (SECURITY A 40), and everything has it after.
func TestEmbargo(t *testing.T) {
	t.Parallel()
	s, p := e2etest.NewFollowed(t)
	const marker = "9f3ac0de51e7b2a4"
	const embargo = 10 * time.Minute
	release := s.Clock.Now().Add(embargo).Truncate(time.Second)
	f := s.File("publish", s.Markdown("A statement "+marker, "Text "+marker+".", "tags: [t"+marker+"]", e2etest.PublishedAt(release)))
	e2etest.Equal(t, "the state", f.State, "embargoed")

	unknown := "aaaaaaaaaaaaaaaa"
	e2etest.Equal(t, "mentions before", mentions(t, everywhere(s, f.ID), marker), 0)
	for i, address := range everywhere(s, f.ID) {
		nothing := everywhere(s, unknown)[i]
		if address == nothing {
			continue
		}
		got, want := e2etest.Get(t, address), e2etest.Get(t, nothing)
		e2etest.Equal(t, "the status of "+address, got.Status, want.Status)
		same := bytes.Equal(bytes.ReplaceAll(unnamed(got.Body), []byte(f.ID), nil), bytes.ReplaceAll(unnamed(want.Body), []byte(unknown), nil))
		e2etest.Equal(t, "the answer at "+address+" is that of an unknown id", same, true)
	}
	s.Clock.Pass(embargo / 2)
	e2etest.Equal(t, "mentions at half time", mentions(t, everywhere(s, f.ID), marker), 0)
	s.FollowedBy(t, s.Actor()) // what waited has gone out when this is answered
	e2etest.Equal(t, "deliveries before the second", len(p.Arrivals())-1, 0)

	s.Clock.Pass(embargo / 2)
	got := p.WaitFor(2)[1]
	e2etest.Equal(t, "published", e2etest.Text(got.Fields, "object", "published"), release.UTC().Format(time.RFC3339))
	for _, feed := range s.Feeds() {
		e2etest.Equal(t, "the text in "+feed, bytes.Contains(e2etest.Get(t, feed).Body, []byte(marker)), true)
	}
	e2etest.Equal(t, "the page", e2etest.Get(t, f.URL, "Accept", "text/html").Status, 200)
}

// TestCancelledEmbargo: what is withdrawn before its second never existed.
func TestCancelledEmbargo(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.Serve()
	f := s.File("publish", s.Markdown("A secret", "Text.", e2etest.PublishedAt(s.Clock.Now().Add(time.Hour))))
	s.Must("withdraw", f.ID, "--reason", "Not needed.")
	for _, address := range []string{f.URL, s.Base + "/ap/articles/" + f.ID} {
		e2etest.Equal(t, "the status of "+address, e2etest.Get(t, address).Status, 404)
	}
}
