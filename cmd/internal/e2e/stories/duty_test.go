package stories

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
	"communique/cmd/internal/mail/mailtest"
)

// mailed is a site that writes to those on duty by a real mail server.
func mailed(t *testing.T) (*e2etest.Site, *mailtest.Server) {
	t.Helper()
	post := mailtest.Start(t, mailtest.Options{})
	s := e2etest.NewSite(t)
	s.DeskAddress()
	s.Configure("mail:\n  server: \"\"\n  tls: starttls\n  from: \"\"", "mail:\n  server: \""+post.Address+"\"\n  tls: off\n  from: desk@mfa.example")
	s.Configure("addresses: []\n  weekend: []", "addresses: [duty@mfa.example, head@mfa.example]\n  weekend: [sunday]")
	return s, post
}

// letters are the subjects of those that somebody has got.
func letters(post *mailtest.Server, to string) (subjects []string) {
	for _, l := range post.Letters(to) {
		subjects = append(subjects, l.Header.Get("Subject"))
	}
	return subjects
}

// TestNothingIsUnapprovedInSilence: what comes to its instant unapproved stays back, and those on
// duty are written to before, also when the mail server was away for a while, and once however
// often the server is started; they say on the desk that they know. No letter has the title.
func TestNothingIsUnapprovedInSilence(t *testing.T) {
	t.Parallel()
	s, post := mailed(t)
	s.Serve()
	author := s.Officer(t, "a.silva", "author", "operator")
	author.SetUpFactor()
	approver := s.Officer(t, "r.costa", "approver")
	approver.SetUpFactor()
	s.Must("publish", s.Markdown("Quiet summit", "The text of the quiet summit.", e2etest.PublishedAt(s.Clock.Now().Add(3*time.Hour))), "--as", "a.silva")
	e2etest.Eventually(t, "nobody is told of what is far away, but that it was written late", func() bool { return len(post.Letters("duty")) == 1 })

	s.Clock.Pass(time.Hour + 5*time.Minute)
	e2etest.Eventually(t, "two hours before", func() bool { return len(post.Letters("duty")) == 2 })
	last := post.Letters("duty")[1]
	if !strings.Contains(last.Text, "nobody has approved it") {
		last = post.Letters("duty")[0]
	}
	link := regexp.MustCompile(`http://\S+(/alarms/[a-z0-9]+)`).FindStringSubmatch(strings.ReplaceAll(last.Text, "=\r\n", ""))
	if link == nil {
		t.Fatalf("no link in\n%s", last.Raw)
	}
	e2etest.Equal(t, "the link without signing in", e2etest.Get(t, author.Desk()+link[1]).Status, http.StatusSeeOther)
	e2etest.Equal(t, "the link", approver.Get(link[1]).Status, http.StatusOK)

	// Nobody answers, and the mail server is away: the next one's letter waits, and the desk says so.
	post.Stop()
	s.Clock.Pass(11 * time.Minute)
	e2etest.Eventually(t, "the desk says that letters can't be sent", func() bool {
		return strings.Contains(string(approver.Get("/").Body), "can’t be sent")
	})
	post.Again()
	s.Clock.Pass(time.Minute)
	e2etest.Eventually(t, "the next one on duty is written to", func() bool { return len(post.Letters("head")) == 1 })
	e2etest.Eventually(t, "the desk says that letters are sent again", func() bool {
		return !strings.Contains(string(approver.Get("/").Body), "can’t be sent")
	})
	open := regexp.MustCompile(`action="(/alarms/[a-z0-9]+)"`).FindSubmatch(approver.Get("/").Body)
	got := approver.Post(string(open[1]))
	e2etest.Equal(t, "who knows", strings.Contains(string(got.Body), "has known since"), true)

	// The server is started again and again, and off at the instant.
	s.Stop()
	s.Clock.Pass(3 * time.Hour)
	s.Serve()
	e2etest.Eventually(t, "at the instant", func() bool {
		return strings.Contains(strings.Join(letters(post, "duty"), "\n"), "was not approved at its instant")
	})
	s.Stop()
	s.Serve()
	e2etest.Eventually(t, "the desk is open", func() bool { return e2etest.Listens(strings.TrimPrefix(author.Desk(), "http://")) })
	e2etest.Eventually(t, "the alarm on the desk", func() bool {
		return strings.Contains(string(approver.Get("/").Body), "has come to its instant")
	})
	e2etest.Equal(t, "letters about the instant", strings.Count(strings.Join(letters(post, "duty"), "\n"), "was not approved at its instant"), 1)
	e2etest.Equal(t, "mentions of it in public", mentions(t, append(s.Feeds(), s.Base+"/en/"), "uiet summit"), 0)
	for _, to := range []string{"duty", "head"} {
		for _, l := range post.Letters(to) {
			if strings.Contains(strings.ToLower(l.Raw), "summit") {
				t.Errorf("a letter has the title:\n%s", l.Raw)
			}
		}
	}
	e2etest.Equal(t, "the page of an alarm that there is not", approver.Get("/alarms/none").Status, http.StatusNotFound)
}
