package stories

import (
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
)

var mediaAddress = regexp.MustCompile(`/media/[0-9a-f]{32}\.jpg`)

// TestAPictureIsWithdrawn: a picture is taken out of every article that shows it, with all its
// sizes; followers get the articles anew; it is refused from then on; and a restore from
// before, with its journal, brings nothing of it back.
func TestAPictureIsWithdrawn(t *testing.T) {
	e2etest.NeedsFile(t)
	t.Parallel()
	s := e2etest.NewSite(t)
	s.Configure("journal: journal", "journal: "+filepath.Join(s.T.TempDir(), "other-disk"))
	s.Serve()
	p := s.FollowedBy(t, s.Actor())
	one := s.Illustrated("Treaty on harbours signed")
	second := s.Markdown("The harbours of the treaty", "They are three.", "images: [{src: harbour.jpg, alt: One of the harbours}]")
	e2etest.Harbour(t, filepath.Join(filepath.Dir(second), "harbour.jpg"))
	two := s.File("publish", second)
	e2etest.Eventually(t, "both arrived", func() bool { return len(p.OfKind("Create")) == 2 })
	sizes := mediaAddress.FindAllString(string(s.Page(one).Body), -1)
	slices.Sort(sizes)
	if sizes = slices.Compact(sizes); len(sizes) < 3 {
		t.Fatalf("the page has the sizes %v", sizes)
	}
	file := filepath.Join(t.TempDir(), "one.backup")
	s.Must("backup", file)
	gone := func(s *e2etest.Site) {
		t.Helper()
		for _, path := range sizes {
			e2etest.Equal(t, path, e2etest.Get(t, s.Base+path).Status, http.StatusGone)
		}
		addresses := []string{s.Base + "/en/feed.atom", s.Base + "/en/feed.json", s.Base + "/en/feed.rss", s.ObjectID(one), s.ObjectID(two)}
		for _, a := range []e2etest.Filed{one, two} {
			addresses = append(addresses, a.URL, a.URL+"/versions/1")
		}
		for _, address := range addresses {
			body := string(e2etest.Get(t, address).Body)
			for _, path := range sizes {
				if strings.Contains(body, path) {
					t.Errorf("%s shows %s", address, path)
				}
			}
		}
		e2etest.Equal(t, "the note", strings.Contains(string(s.Page(two).Body), "A wrong person was shown."), true)
		e2etest.Equal(t, "the text", strings.Contains(string(s.Page(two).Body), "They are three."), true)
	}
	told := s.Must("withdraw", "file", s.Base+sizes[0], "--note", "A wrong person was shown.")
	e2etest.Equal(t, "what is said", strings.Contains(told, one.ID) && strings.Contains(told, two.ID), true)
	gone(s)
	e2etest.Eventually(t, "the follower gets both anew", func() bool { return len(p.OfKind("Update")) == 2 })
	for _, a := range p.OfKind("Update") {
		object, _ := a.Fields["object"].(map[string]any)
		if object["attachment"] != nil {
			t.Errorf("the Update has %v", object["attachment"])
		}
	}
	again := s.Markdown("Once more", "The text.", "images: [{src: harbour.jpg, alt: The harbour}]")
	e2etest.Harbour(t, filepath.Join(filepath.Dir(again), "harbour.jpg"))
	refused(t, s, "barred from use", "publish", again)
	e2etest.Equal(t, "the list", strings.Contains(s.Must("withdraw", "files"), "A wrong person was shown."), true)
	s.Stop()

	r := s.Elsewhere()
	restored := r.Must("restore", file)
	if !strings.Contains(restored, "is withdrawn and barred from use") || !strings.Contains(restored, "Next: communique serve") {
		t.Errorf("restore says:\n%s", restored)
	}
	r.Serve()
	gone(r)
	refused(t, r, "barred from use", "publish", again)
}
