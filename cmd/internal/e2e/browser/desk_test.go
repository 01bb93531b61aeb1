package browser

import (
	"flag"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
	"communique/cmd/internal/realpart"
)

var allOfDesk = flag.Bool("browser.desk", os.Getenv(realpart.Required) != "", "judge every page of the desk, and tell its story in every way, which takes a minute")

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
	held := heldSet(s)
	gone, wrong := s.Publish("Issued in error"), s.Publish("Summit held")
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
	clash := operator.Post(manuscript+"/edit", "on", "1", "title", "Fisheries talks", "section", "statements", "language", "en", "text", "The text of both.")
	typed := regexp.MustCompile(`name="typed" value="([a-z2-7]+)"`).FindSubmatch(clash.Body)
	if typed == nil {
		t.Fatalf("two texts are not put together:\n%s", clash.Body)
	}
	operator.Post(manuscript+"/remarks", "remark", "Say which.")
	operator.Post("/rules", "act", "release", "persons", "1")
	later := s.Clock.Now().UTC().Add(24 * time.Hour)
	operator.Post("/articles/"+wrong.ID+"/withdrawal/proposal", "reason", "It names a victim.", "date", later.Format(time.DateOnly), "time", later.Format("15:04"), "zone", "Z")
	proposed := regexp.MustCompile(`/manuscripts/([a-z2-7]{16})`).FindStringSubmatch(string(operator.Get("/manuscripts?pile=review").Body))[1]
	soon := s.Clock.Now().UTC().Add(time.Hour)
	operator.Post("/manuscripts/new", "title", "Summit", "section", "statements", "language", "en", "text", "The text of it.", "date", soon.Format(time.DateOnly), "time", soon.Format("15:04"))
	alarm := ""
	e2etest.Eventually(t, "an alarm about it", func() bool {
		alarm = regexp.MustCompile(`/alarms/[a-z0-9]+`).FindString(string(operator.Get("/").Body))
		return alarm != ""
	})
	p.Sends(s, answerIn(p, s, a.ID, "1", "<p>Well said</p>"))
	s.Must("replies", "approve", s.WaitingReply())
	approved := tokenOf(t, operator, "/answers?state=approved")
	p.Sends(s, answerIn(p, s, a.ID, "2", "<p>متى تدخل المعاهدة حيز التنفيذ؟ <a href=\"https://elsewhere.example/\">هنا</a></p>"))
	p.Sends(s, p.Activity("Flag", "flag", s.ObjectID(a)))
	s.WaitingReply()
	waiting := tokenOf(t, operator, "/answers")
	kept := strings.TrimPrefix(regexp.MustCompile(`/evidence/[a-z2-7]{16}/original`).FindString(string(operator.Post("/answers/"+waiting+"/evidence").Body)), "/evidence/")
	kept = strings.TrimSuffix(kept, "/original")
	s.Must("block", "add", "bad.example", "--comment", "رسائل مزعجة")
	picture := regexp.MustCompile(`/files/[0-9a-f]{32}/withdrawal`).FindString(string(operator.Get("/articles/" + a.ID).Body))
	fill := strings.NewReplacer("/files/{picture}/withdrawal", picture, "{article}", a.ID, "{draft}", draft.ID, "{held}", held, "{withdrawn}", gone.ID, "{manuscript}", strings.TrimPrefix(manuscript, "/manuscripts/"),
		"{typed}", string(typed[1]), "{proposed}", proposed, "{alarm}", alarm, "{approved}", approved, "{waiting}", waiting, "{evidence}", kept, "{invitation}", strings.TrimPrefix(invited.Invitation, operator.Desk()))
	paths := []string{"/articles/" + a.ID, "/people/b.costa", manuscript, "/answers"}
	if *allOfDesk {
		paths = append(addressesOfDesk(t), "/nowhere")
	}
	var pages []string
	for _, path := range paths {
		if path != "/sign-in" { // they have signed in
			pages = append(pages, operator.Desk()+fill.Replace(path))
		}
	}
	if rest := operator.Get("/articles/" + held + "/rest"); rest.Status != http.StatusOK {
		t.Fatalf("what is left of a set: %d\n%s", rest.Status, rest.Body)
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

// heldSet files a statement in two languages that goes out all or none, and takes one of them
// back: what is left is held.
func heldSet(s *e2etest.Site) (id string) {
	s.T.Helper()
	original := s.Markdown("Ministers to speak of the tides", "They meet at the lighthouse.", "published: 2031-12-11 18:00")
	filed := s.Must("publish", "--all-or-none", "--json", original, s.Markdown("وزراء يتحدثون عن المد", "يجتمعون عند المنارة.", "language: ar"))
	ids := regexp.MustCompile(`"id":\s*"([a-z2-7]{16})"`).FindAllStringSubmatch(filed, -1)
	if len(ids) != 2 {
		s.T.Fatalf("two languages were filed as\n%s", filed)
	}
	s.Must("withdraw", ids[1][1])
	return ids[0][1]
}

// addressesOfDesk are those at which each page of the desk is looked at, from a list that its own
// tests hold against its routes.
func addressesOfDesk(t *testing.T) (all []string) {
	t.Helper()
	text, err := os.ReadFile(e2etest.Source(t, "cmd/internal/desk/testdata/pages.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if _, addresses, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok && addresses != "-" {
			all = append(all, strings.Fields(addresses)...)
		}
	}
	return all
}

// answerIn is a reply to an article.
func answerIn(p *e2etest.Peer, s *e2etest.Site, id, number, text string) map[string]any {
	return p.Activity("Create", number, p.Post(number, text, s.Base+"/ap/articles/"+id))
}

// tokenOf is what the first answer of a list is named by.
func tokenOf(t *testing.T, o *e2etest.Officer, list string) string {
	t.Helper()
	found := regexp.MustCompile(`/answers/([a-z2-7]{16})`).FindStringSubmatch(string(o.Get(list).Body))
	if found == nil {
		t.Fatalf("%s lists nothing", list)
	}
	return found[1]
}

// TestDeskIsLight: the first page of the desk, with all that it needs, has at most 60 kB.
func TestDeskIsLight(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.DeskAddress()
	s.Serve()
	for n := range 30 {
		s.Publish("Treaty "+strconv.Itoa(n)+" on the harbours of refuge of the northern passage", "published: 2031-12-10 18:00")
		s.Publish("Statement " + strconv.Itoa(n) + " on the meeting of the ministers of the northern passage")
	}
	operator := s.Officer(t, "a.silva", "editor")
	operator.SetUpFactor()
	page := operator.Get("/").Body
	weight := len(page)
	for _, found := range regexp.MustCompile(`(?:href|src)="(/[^"]+\.(?:css|js))"`).FindAllStringSubmatch(string(page), -1) {
		weight += len(operator.Get(found[1]).Body)
	}
	if weight > 60_000 || weight < 10_000 {
		t.Errorf("the first page has %d bytes", weight)
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
