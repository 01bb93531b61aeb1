package browser

import (
	"flag"
	"regexp"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
	"communique/cmd/internal/realpart"
)

var allOfDesk = flag.Bool("browser.desk", false, "judge every page of the desk, which takes half a minute")

// TestDeskIsAccessible: axe-core, pa11y and html-validate find nothing on the pages of the
// desk, narrow and wide, light and dark, and none is wider than the window. Without the flag two pages are judged.
func TestDeskIsAccessible(t *testing.T) {
	t.Parallel()
	realpart.Program(t, "chromium")
	s := e2etest.NewSite(t)
	s.Configure("languages: [en]", "languages: [en, ar]")
	s.DeskAddress()
	s.Serve()
	p := s.FollowedBy(t, s.Actor())
	p.AnswerWith(500)
	a := s.Illustrated("Treaty on harbours signed")
	s.Publish("توقيع معاهدة الموانئ", "language: ar", "lead: اتفقت الحكومتان.", "translation_of: "+a.ID)
	draft := s.Publish("بيان عن الزيارة", "language: ar", "published: 2031-12-10 18:00")
	gone := s.Publish("Issued in error")
	s.File("withdraw", gone.ID, "--reason", "It was a draft.")
	operator := s.Officer(t, "a.silva", "editor")
	operator.SetUpFactor()
	s.Must("people", "invite", "b.costa", "--name", "يوسف", "--role", "author::ar")
	waitForLaggard(t, s, a.ID)
	var invited struct{ Invitation string }
	s.ReadJSON(&invited, "people", "invite", "c.dias", "--role", "reader", "--json")
	operator.Post("/manuscripts/new", "title", "Fisheries talks", "section", "statements", "language", "en", "text", "The text of it.", "date", "2031-12-10", "time", "18:00")
	manuscript := regexp.MustCompile(`/manuscripts/[a-z2-7]{16}`).FindString(string(operator.Get("/manuscripts").Body))
	operator.Post(manuscript+"/edit", "on", "1", "title", "Fisheries talks", "section", "statements", "language", "en", "text", "The text of the talks.", "image0src", "https://pictures.example/pier.jpg", "image0alt", "The pier")
	operator.Post(manuscript+"/remarks", "remark", "Say which.")
	paths := []string{"/articles/" + a.ID, "/people/b.costa", manuscript}
	if *allOfDesk {
		hash := regexp.MustCompile(`/files/[0-9a-f]{32}/withdrawal`).FindString(string(operator.Get("/articles/" + a.ID).Body))
		paths = append(paths, "/articles/"+a.ID+"/reach?live=on", hash, "/files/withdrawn")
		paths = append(paths, "/manuscripts", "/manuscripts/new", "/manuscripts/new?as=text", manuscript+"/edit", manuscript+"/comparison?from=1&to=2", "/articles/"+a.ID+"/withdrawal")
		paths = append(paths, "/", "/articles", "/articles?state=held", "/articles/"+draft.ID, "/articles/"+gone.ID, "/calendar",
			"/audit", "/people", "/people/invite", "/rights", "/account", "/account/second-factor", "/account/passkeys", "/confirm", "/nowhere")
	}
	var pages []string
	for _, path := range paths {
		pages = append(pages, operator.Desk()+path)
	}
	if *allOfDesk {
		pages = append(pages, invited.Invitation)
	}
	c := operator.Session()
	found := checkPages(t, append([]string{"--cookie=" + c.Name + "=" + c.Value}, pages...)...)
	if *allOfDesk {
		found.Problems = append(found.Problems, checkPages(t, operator.Desk()+"/sign-in").Problems...)
	}
	for _, p := range found.Problems {
		t.Errorf("%s, %s: %s: %s", p.Tool, p.URL, p.Rule, p.Text)
	}
}

// waitForLaggard waits until a server has failed to take an article, which its page tells.
func waitForLaggard(t *testing.T, s *e2etest.Site, id string) {
	t.Helper()
	e2etest.Eventually(t, "a server is behind", func() bool {
		var reach struct {
			Entries []struct{ Behind []struct{ Error string } }
		}
		s.ReadJSON(&reach, "reach", id, "--json")
		return len(reach.Entries) > 0 && len(reach.Entries[0].Behind) > 0 && reach.Entries[0].Behind[0].Error != ""
	})
}
