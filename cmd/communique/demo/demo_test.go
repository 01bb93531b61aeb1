package demo_test

import (
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"communique/cmd/communique/demo"
	"communique/cmd/internal/e2e/e2etest"
)

// TestContent: what the demo says of its articles is there: the files, the texts
// that are corrected, once each, and the sections.
func TestContent(t *testing.T) {
	t.Parallel()
	content, err := demo.Load()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := demo.Unpack(folder); err != nil {
		t.Fatal(err)
	}
	read := func(article string) string {
		text, err := os.ReadFile(filepath.Join(folder, article+".md"))
		if err != nil {
			t.Error(err)
		}
		return string(text)
	}
	if len(content.Articles) == 0 || len(content.Sections) == 0 || len(content.Corrections) == 0 || len(content.Withdrawals) == 0 {
		t.Errorf("%d articles, %d sections, %d corrections, %d withdrawals", len(content.Articles), len(content.Sections), len(content.Corrections), len(content.Withdrawals))
	}
	for _, article := range content.Articles {
		if !strings.HasPrefix(read(article), "---\n") {
			t.Errorf("%s has no front matter", article)
		}
	}
	for _, c := range append(content.Corrections, content.Second) {
		for _, r := range c.Replace {
			if n := strings.Count(read(c.Article), r.Old); n != 1 {
				t.Errorf("%s has %q %d times", c.Article, r.Old, n)
			}
		}
	}
	for _, w := range content.Withdrawals {
		read(w.Article)
	}
}

// TestFollower: the demo's follower follows a site, takes and shows what
// that signs, and tells what is not signed apart from it.
func TestFollower(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(nil)
	base := "http://" + server.Listener.Addr().(*net.TCPAddr).String()
	f, err := demo.NewFollower(base, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	server.Config.Handler = f.Handler()
	server.Start()
	t.Cleanup(server.Close)

	s := e2etest.NewSite(t)
	s.Serve()
	if err := f.Follow(t.Context(), s.Actor()); err != nil {
		t.Fatal(err)
	}
	s.Publish("A treaty was signed")
	e2etest.Eventually(t, "the follower shows the article", func() bool {
		return strings.Contains(string(e2etest.Get(t, base+"/").Body), "A treaty was signed")
	})
	stranger := e2etest.NewPeer(t)
	l := stranger.Letter(base+"/inbox", stranger.Activity("Create", "1", stranger.Post("1", "<p>Forged</p>", "")))
	e2etest.Equal(t, "the answer to what is not signed", l.Post(t), http.StatusUnauthorized)
	received, follows := f.Received()
	e2etest.Equal(t, "whom it follows", follows, s.Actor())
	for n, got := range received {
		e2etest.Equal(t, got.Type+" "+got.ID+" is verified", got.Verified, n > 0)
	}
}
