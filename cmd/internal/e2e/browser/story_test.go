package browser

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
	"communique/storage/press"
)

// colleague is somebody of the press office at a window of their own.
type colleague struct {
	*typist
	*e2etest.Officer
	site   *e2etest.Site
	login  string
	script bool // scripts run in their browser
}

// newColleague invites somebody, and gives them a window of a browser.
func newColleague(t *testing.T, s *e2etest.Site, browser *typist, script bool, login string, roles ...string) *colleague {
	t.Helper()
	o := s.Officer(t, login, roles...)
	o.SetUpFactor()
	return &colleague{browser, o, s, login, script}
}

// do has them do something at their window.
func (c *colleague) do(what string, more ...any) seen {
	c.t.Helper()
	c.typist.do("be", "who", c.login, "script", c.script)
	return c.typist.do(what, more...)
}

// code is a one-time password that was not used yet.
func (c *colleague) code() string {
	c.site.Clock.Pass(time.Minute)
	return c.Code()
}

// goes opens a page of the desk.
func (c *colleague) goes(path string) seen {
	c.t.Helper()
	c.do("go", "url", c.Desk()+path)
	return c.do("value")
}

// presses presses a button or link, and sees where that leads.
func (c *colleague) presses(text string) seen {
	c.t.Helper()
	c.do("press", "text", text)
	return c.do("value")
}

// fills fills in fields, of names and values.
func (c *colleague) fills(fields ...string) {
	c.t.Helper()
	for i := 0; i < len(fields); i += 2 { // in their order
		c.do("fill", "fields", map[string]string{fields[i]: fields[i+1]})
	}
}

func (c *colleague) signsIn() {
	c.t.Helper()
	c.goes("/sign-in")
	c.fills("login", c.login, "password", e2etest.Password, "code", c.code())
	shows(c.t, c.presses("Sign in"), "Overview")
}

// confirms shows the second factor anew, if they are asked for it.
func (c *colleague) confirms() seen {
	c.t.Helper()
	now := c.do("value")
	if strings.Contains(now.Page, "Confirm that it’s you") {
		now = c.presses("Confirm that it’s you")
	}
	if now.Path != "/confirm" {
		return now
	}
	c.fills("code", c.code())
	return c.presses("Confirm")
}

// shows holds a page to texts.
func shows(t *testing.T, page seen, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(page.Page, text) {
			t.Fatalf("%s does not say %q:\n%s", page.Path, text, page.Page)
		}
	}
}

// lacks holds a page not to have texts.
func lacks(t *testing.T, page seen, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(page.Page, text) {
			t.Fatalf("%s says %q:\n%s", page.Path, text, page.Page)
		}
	}
}

// TestStoryOfTheDesk: a press office does in a real browser what it does in a week; scripts run
// in nobody's browser but the editor's. With the flag the whole is told twice more: with scripts
// for all, and for nobody.
func TestStoryOfTheDesk(t *testing.T) {
	t.Parallel()
	for _, told := range []struct {
		name             string
		editor, everyone bool // have scripts
		seldom           bool
	}{
		{name: "with scripts for the editor", editor: true},
		{name: "with scripts", editor: true, everyone: true, seldom: true},
		{name: "without scripts", seldom: true},
	} {
		if told.seldom && !*allOfDesk {
			continue
		}
		t.Run(told.name, func(t *testing.T) {
			t.Parallel()
			newOffice(t, told.everyone, told.editor).story(t)
		})
	}
}

// office is a ministry with a follower and three people: ana writes, carla edits, and releases
// alone if she has to, and bruno approves.
type office struct {
	*e2etest.Site
	follower          *e2etest.Peer
	ana, bruno, carla *colleague
	section           string
	due               time.Time
	manuscript        string // its address
	article           string // its address at the desk
}

func newOffice(t *testing.T, everyone, editor bool) *office {
	t.Helper()
	s := e2etest.NewSite(t)
	s.Configure("languages: [en]", "languages: [en, fr]")
	s.DeskAddress()
	s.Serve()
	s.Must("people", "invite", "root", "--role", "operator")
	o := &office{Site: s, follower: s.FollowedBy(t, s.Actor()), section: "the-ministry/the-minister/activities"}
	browser := openBrowser(t)
	o.ana = newColleague(t, s, browser, everyone, "ana", "author")
	o.bruno = newColleague(t, s, browser, everyone, "bruno", "approver")
	o.carla = newColleague(t, s, browser, editor, "carla", "editor", "alone")
	for _, c := range []*colleague{o.ana, o.bruno, o.carla} {
		c.signsIn()
	}
	return o
}

// lisbon is the zone of the ministry.
func lisbon(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Lisbon")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

const long = "Monday 2 January 2006"

// story tells it, a step after the other: each begins where the one before has ended.
func (o *office) story(t *testing.T) {
	steps := []struct {
		name string
		does func(*testing.T)
	}{
		{"an author writes, and submits", o.write},
		{"the embargo is shown with its weekday in all zones", o.embargo},
		{"who approves what was changed meanwhile is told, and nothing goes out", o.changed},
		{"a second person approves what is there now", o.approved},
		{"a change under embargo needs an approval of its own", o.changedUnderEmbargo},
		{"at its instant it goes out", o.released},
		{"a correction goes out with its note", o.corrected},
		{"it is withdrawn, with a reason", o.withdrawn},
		{"of a set of languages all go out, or none", o.inTwoLanguages},
		{"at night one person publishes alone, with a reason", o.alone},
	}
	for _, step := range steps {
		if !t.Run(step.name, func(t *testing.T) {
			for _, c := range []*colleague{o.ana, o.bruno, o.carla} {
				c.t = t
			}
			step.does(t)
		}) {
			return // the rest of the story has lost its beginning
		}
	}
}

// tokyo is where the other party is, so that the instant is theirs.
var tokyo = time.FixedZone("+09:00", 9*60*60)

func (o *office) write(t *testing.T) {
	o.due = o.Clock.Now().Add(3 * time.Hour).Truncate(time.Minute)
	at := o.due.In(tokyo)
	e2etest.Equal(t, "scripts run", !strings.Contains(o.ana.goes("/manuscripts/new").Page, "without scripts, what you type is kept only when you save"), o.ana.script)
	o.ana.fills("title", "Treaty on harbours", "section", o.section, "date", at.Format(time.DateOnly), "time", at.Format("15:04"), "zone", "+09:00",
		"lead", "The two governments agree.", "text", "The Minister signs on Monday.")
	saved := o.ana.presses("Save")
	o.manuscript = saved.Path
	shows(t, saved, "draft", "Treaty on harbours", "The Minister signs on Monday.")
	shows(t, o.ana.presses("Submit for review"), "in review")
	lacks(t, o.ana.goes(o.manuscript), "Approve")
}

func (o *office) embargo(t *testing.T) {
	o.bruno.goes("/manuscripts")
	page := o.bruno.presses("Treaty on harbours")
	e2etest.Equal(t, "where it leads", page.Path, o.manuscript)
	here := o.due.In(lisbon(t))
	shows(t, page, here.Format(long+", 15:04"), press.Offset(here),
		"as it was entered: "+o.due.In(tokyo).Format(long+", 15:04")+" (UTC+9)",
		"Approve: under embargo until "+here.Format(long+", 15:04")+" in Europe/Lisbon")
	if press.Offset(here) != "UTC" {
		shows(t, page, o.due.UTC().Format("15:04")+" UTC")
	}
}

func (o *office) changed(t *testing.T) {
	shows(t, o.carla.goes(o.manuscript+"/edit"), "Saved, it is a draft again, and has to be submitted anew.")
	o.carla.fills("text", "The Minister signs on Tuesday.")
	shows(t, o.carla.presses("Save"), "draft", "The Minister signs on Tuesday.")
	page := o.bruno.presses("Approve: ") // his page is the old one
	shows(t, page, "It has changed since it was shown to you. Nothing went out.", "signs on Tuesday", "can be approved when it was submitted")
	lacks(t, page, "Approve: ")
	shows(t, o.carla.goes(o.manuscript), "draft")
	shows(t, o.carla.presses("Submit for review"), "in review")
	lacks(t, o.carla.goes(o.manuscript), "Approve: ")
}

func (o *office) approved(t *testing.T) {
	o.bruno.goes(o.manuscript)
	o.bruno.confirms()
	shows(t, o.bruno.presses("Approve: under embargo"), "released")
	page := o.bruno.presses("the article")
	o.article = page.Path
	shows(t, page, "embargoed", o.due.In(lisbon(t)).Format(long+", 15:04"))
	o.unheard(t)
}

// public is the page of the article as the public gets it.
func (o *office) public(t *testing.T) e2etest.Answer {
	t.Helper()
	return e2etest.Get(t, o.Base+"/en"+o.article+"/treaty-on-harbours", "Accept", "text/html")
}

// unheard holds the public to have heard nothing.
func (o *office) unheard(t *testing.T) {
	t.Helper()
	e2etest.Equal(t, "deliveries under embargo", len(o.follower.OfKind("Create")), 0)
	e2etest.Equal(t, "the public page under embargo", o.public(t).Status, http.StatusNotFound)
}

func (o *office) changedUnderEmbargo(t *testing.T) {
	o.carla.goes(o.article)
	o.carla.presses("Propose a correction")
	o.carla.fills("text", "The Minister signs on Wednesday.")
	shows(t, o.carla.presses("Save"), "What it changes", "Tuesday", "Wednesday")
	page := o.carla.presses("Submit for review")
	shows(t, page, "in review", "What was approved before goes out at its instant, unless this is approved by then.")
	shows(t, o.carla.goes(o.article), "See the proposed change", "signs on Tuesday")
	o.bruno.goes(page.Path)
	o.bruno.confirms()
	shows(t, o.bruno.presses("Approve: under embargo"), "released")
	shows(t, o.bruno.goes(o.article), "embargoed", "signs on Wednesday")
	o.unheard(t)
}

func (o *office) released(t *testing.T) {
	o.Clock.Pass(o.due.Sub(o.Clock.Now()))
	got := o.follower.WaitFor(2)[1]
	e2etest.Equal(t, "what arrives", got.Kind(), "Create")
	e2etest.Equal(t, "published", e2etest.Text(got.Fields, "object", "published"), o.due.UTC().Format(time.RFC3339))
	page := o.public(t)
	if !strings.Contains(string(page.Body), "signs on Wednesday") {
		t.Errorf("the public page: %d\n%s", page.Status, page.Body)
	}
	o.Clock.Pass(time.Minute)
	e2etest.Eventually(t, "the desk shows who has it", func() bool { return strings.Contains(o.ana.goes(o.article).Page, "1 of 1") })
	shows(t, o.ana.do("value"), "published", "signs on Wednesday")
}

func (o *office) corrected(t *testing.T) {
	o.carla.goes(o.article)
	o.carla.presses("Propose a correction")
	o.carla.fills("text", "The Minister signed on Thursday.")
	lacking := o.carla.presses("Save")
	shows(t, lacking, "What it lacks")
	lacks(t, lacking, "What was approved before")
	o.carla.presses("Edit")
	o.carla.fills("note", "It was signed a day later.")
	shows(t, o.carla.presses("Save"), "Readers are told: It was signed a day later.", "Wednesday", "Thursday")
	o.bruno.goes(o.carla.presses("Submit for review").Path)
	o.bruno.confirms()
	shows(t, o.bruno.presses("Approve: corrects it at once: 1 server is told"), "released")
	e2etest.Equal(t, "what arrives", o.follower.WaitFor(3)[2].Kind(), "Update")
	page := string(o.public(t).Body)
	if !strings.Contains(page, "signed on Thursday") || !strings.Contains(page, "It was signed a day later.") {
		t.Errorf("the public page:\n%s", page)
	}
}

func (o *office) withdrawn(t *testing.T) {
	o.bruno.goes(o.article)
	o.bruno.presses("Withdraw …")
	shows(t, o.bruno.confirms(), "1 server is told to delete it", "This can’t be undone.")
	o.bruno.fills("reason", "It was not signed.", "sure", "yes")
	shows(t, o.bruno.presses("Withdraw it"), "withdrawn", "It was not signed.")
	e2etest.Equal(t, "what arrives", o.follower.WaitFor(4)[3].Kind(), "Delete")
	page := o.public(t)
	if page.Status != http.StatusGone || !strings.Contains(string(page.Body), "It was not signed.") || strings.Contains(string(page.Body), "signed on Thursday") {
		t.Errorf("the public page: %d\n%s", page.Status, page.Body)
	}
}

// inTwoLanguages tells of a statement in two languages, of which one is approved before the other:
// until both are nothing goes out, and then both do at their instant.
func (o *office) inTwoLanguages(t *testing.T) {
	due := o.Clock.Now().Add(2 * time.Hour).UTC().Truncate(time.Minute)
	o.ana.goes("/manuscripts/new")
	o.ana.fills("title", "The tide tables", "section", o.section, "date", due.Format(time.DateOnly), "time", due.Format("15:04"), "zone", "Z", "text", "They are printed.")
	original := o.ana.presses("Save").Path
	o.ana.goes(original + "/languages")
	o.ana.fills("language", "fr")
	o.ana.presses("Begin")
	o.ana.fills("title", "Les tables des marées", "text", "Elles sont imprimées.")
	french := o.ana.presses("Save").Path
	shows(t, o.ana.goes(original+"/languages"), "The original first", "How it goes out is said by an editor of all its languages.")
	o.carla.goes(original + "/languages")
	o.carla.fills("rule", "together")
	shows(t, o.carla.presses("Save how it goes out"), "All or none:", "While one is not approved, nothing goes out")
	for _, path := range []string{original, french} {
		o.ana.goes(path)
		shows(t, o.ana.presses("Submit for review"), "in review")
	}
	o.bruno.goes(original)
	o.bruno.confirms()
	shows(t, o.bruno.presses("Approve: goes out when these are approved, too: Français"), "ready", "It is approved, and waits for: Français")
	o.bruno.goes(french)
	o.bruno.confirms()
	shows(t, o.bruno.presses("Approve: "), "released")
	var articles []string
	for _, path := range []string{original, french} {
		o.bruno.goes(path)
		articles = append(articles, strings.TrimPrefix(o.bruno.presses("the article").Path, "/articles/"))
	}
	out := func() (n int) {
		for _, id := range articles {
			if e2etest.Get(t, o.Base+"/ap/articles/"+id).Status == http.StatusOK {
				n++
			}
		}
		return n
	}
	e2etest.Equal(t, "languages that are public under embargo", out(), 0)
	o.Clock.Pass(due.Sub(o.Clock.Now()))
	for _, arrived := range o.follower.WaitFor(6)[4:] {
		e2etest.Equal(t, "what arrives", arrived.Kind(), "Create")
	}
	e2etest.Equal(t, "languages that are public", out(), 2)
}

func (o *office) alone(t *testing.T) {
	now := o.Clock.Now().In(lisbon(t))
	o.Clock.Pass(time.Date(now.Year(), now.Month(), now.Day()+2, 2, 0, 0, 0, now.Location()).Sub(now))
	shows(t, o.carla.goes("/manuscripts/new"), "Sign in")
	o.carla.signsIn()
	o.carla.goes("/manuscripts/new")
	o.carla.fills("title", "Travel advice", "section", o.section, "text", "Do not travel to Aldreth.")
	shows(t, o.carla.presses("Save"), "Release without a second person", "as soon as it is approved")
	o.carla.fills("reason", "The airport is shut.")
	shows(t, o.carla.presses("Release alone: goes out at once to 1 server"), "released")
	got := o.follower.WaitFor(7)[6]
	e2etest.Equal(t, "what arrives", got.Kind(), "Create")
	e2etest.Equal(t, "what it is called", strings.Contains(fmt.Sprint(got.Fields["object"]), "Do not travel to Aldreth."), true)
	if log := o.Log.String(); !strings.Contains(log, "released without a second person") {
		t.Errorf("the log does not warn:\n%s", log)
	}
	if audit := o.Must("audit", "list", "--who", "carla"); !strings.Contains(audit, "released alone") || !strings.Contains(audit, "The airport is shut.") {
		t.Errorf("the audit:\n%s", audit)
	}
}

// TestTwoEditors: of two who edit at once the later one is shown both texts put together, chooses
// what becomes of the sentence that both have changed, and nothing is lost.
func TestTwoEditors(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.DeskAddress()
	s.Serve()
	browser := openBrowser(t)
	s.Must("people", "invite", "root", "--role", "operator")
	ana := newColleague(t, s, browser, true, "ana", "editor")
	rui := newColleague(t, s, browser, true, "rui", "editor")
	ana.signsIn()
	rui.signsIn()
	ana.goes("/manuscripts/new")
	ana.fills("title", "Treaty", "section", "the-ministry/the-minister/activities", "text", "It was signed.")
	path := ana.presses("Save").Path
	ana.goes(path + "/edit")
	rui.goes(path + "/edit")
	ana.fills("title", "The treaty", "text", "It was signed in Telm.")
	rui.fills("lead", "It had been prepared for a year.", "text", "It was signed on Monday.")
	ana.presses("Save")
	shows(t, rui.presses("Save"), "Put two texts together", "Nothing was saved: ana has saved it meanwhile", "Before:", "It was signed in Telm.", "It was signed on Monday.", "Both, first theirs")
	rui.fills("place0", "both")
	page := rui.presses("Put together")
	shows(t, page, "What saving changes in the text of ana", "It is not saved yet")
	e2etest.Equal(t, "the text that he goes on with", page.Text, "It was signed in Telm.\nIt was signed on Monday.")
	e2etest.Equal(t, "her title", rui.do("read", "selector", "#title").Text, "The treaty")
	rui.fills("text", "It was signed in Telm on Monday.")
	shows(t, rui.presses("Save"), "It was signed in Telm on Monday.", "It had been prepared for a year.", "1: ana", "2: ana", "3: rui")
	lacks(t, rui.goes(path), "not saved")
	shows(t, ana.goes(path), "It was signed in Telm on Monday.")
}
