package stories

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
)

// TestHiddenWordings: --hide-earlier takes a wording out of every address under which
// it went out, and out of what caches and readers of changes ask for; the minor
// correction alone does not, and says so.
func TestHiddenWordings(t *testing.T) {
	t.Parallel()
	s, p := e2etest.NewFollowed(t)
	const name = "Ottokar"
	f := s.File("publish", s.Markdown(name+" has signed", "The witness "+name+" was heard by the ministers in the morning.", "lead: "+name+" spoke.", "tags: ["+name+"]"))
	p.WaitFor(2)
	said := s.Must("correct", f.ID, s.Markdown("A witness signed", "The witness "+name+" was heard by the ministers in the evening.", "lead: He spoke."), "--minor")
	e2etest.Equal(t, "the earlier wording is said to stay", strings.Contains(said, "/history") && strings.Contains(said, "--hide-earlier"), true)
	p.WaitFor(3)
	page := strings.TrimSpace(after(said, "Corrected: "))
	base := s.Base + "/en/articles/" + f.ID
	var addresses []string
	for _, address := range []string{"/history", "/history/1", "/history/2", "/history/3", "/history/1-2", "/history/2-3", "/history/1-3"} {
		addresses = append(addresses, base+address)
	}
	for seq := range 12 {
		for _, verb := range []string{"create", "update"} {
			addresses = append(addresses, fmt.Sprintf("%s/ap/activities/%d/%s", s.Base, seq, verb))
		}
	}
	addresses = append(addresses, s.Feeds()...)
	tag := s.Base + "/en/tags/" + strings.ToLower(name) + "/"
	tagged := []string{tag, tag + "feed.rss", tag + "feed.atom", tag + "feed.json"}
	addresses = append(addresses, append(tagged, s.Base+"/en/tags/")...)
	addresses = append(addresses, base+"/", page, s.Base+"/ap/articles/"+f.ID,
		s.Actor()+"/outbox", s.Actor()+"/outbox?before=9007199254740991", s.Base+"/en/feed.1.atom", s.Base+"/en/the-ministry/feed.1.json", s.Base+"/en/search?q=heard")
	if n := mentions(t, addresses, name); n == 0 {
		t.Fatal("nothing mentions it before")
	}
	tags := map[string]string{}
	for _, address := range addresses {
		tags[address] = e2etest.Get(t, address, "Accept", "text/html").Header.Get("ETag")
	}
	s.Must("correct", f.ID, s.Markdown("A witness signed", "The witness was heard by the ministers in the evening.", "lead: He spoke."), "--minor", "--hide-earlier")
	last := p.WaitFor(4)[3]
	e2etest.Equal(t, "what followers are sent mentions it", strings.Contains(fmt.Sprint(last.Fields), name), false)
	for _, address := range tagged {
		for _, headers := range [][]string{nil, {"If-None-Match", tags[address], "A-IM", "feed"}} {
			e2etest.Equal(t, address, e2etest.Get(t, address, headers...).Status, 404)
		}
	}
	for _, address := range addresses {
		e2etest.Equal(t, address+" mentions it", mentions(t, []string{address}, name), 0)
		for _, headers := range [][]string{{"If-None-Match", tags[address]}, {"If-None-Match", tags[address], "A-IM", "feed"}} {
			got := e2etest.Get(t, address, append([]string{"Accept", "text/html"}, headers...)...)
			e2etest.Equal(t, address+" mentions it to who has it", strings.Contains(string(got.Body), name), false)
			if got.Status == 304 && strings.Contains(address, "history") {
				t.Errorf("%s tells who has it that it stands", address)
			}
		}
	}
	history := string(e2etest.Get(t, base+"/history", "Accept", "text/html").Body)
	e2etest.Equal(t, "the history tells of three versions", strings.Count(history, "<time"), 3)
	// Whoever would bring it back is told.
	refused(t, s, name, "correct", f.ID, s.Markdown("A witness signed", "The witness "+name+" was heard by the ministers in the evening.", "lead: He spoke."), "--minor")
}

// TestHidingWhatWasCorrectedBefore: also when the text is right already.
func TestHidingWhatWasCorrectedBefore(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.Serve()
	f := s.File("publish", s.Markdown("A statement", "The number is 0301234."))
	right := s.Markdown("A statement", "There is a number.")
	s.File("correct", f.ID, right, "--note", "The number was private.")
	refused(t, s, "nothing to correct", "correct", f.ID, right, "--minor")
	s.File("correct", f.ID, right, "--minor", "--hide-earlier")
	for _, address := range []string{"/history/1", "/history/1-2", "/history/2-3"} {
		e2etest.Equal(t, address, e2etest.Get(t, s.Base+"/en/articles/"+f.ID+address, "Accept", "text/html").Status, 404)
	}
	e2etest.Equal(t, "the newest", e2etest.Get(t, s.Base+"/en/articles/"+f.ID+"/history/3", "Accept", "text/html").Status, 200)
}

func after(text, mark string) string {
	_, rest, _ := strings.Cut(text, mark)
	line, _, _ := strings.Cut(rest, "\n")
	return line
}

// TestHiddenNotes: the note on an earlier correction goes with the wordings, wherever it
// is shown; that the new one gives away what only these had is said, and it can be hidden
// as well. Editors still read all of it.
func TestHiddenNotes(t *testing.T) {
	t.Parallel()
	s, p := e2etest.NewFollowed(t)
	const name = "Ottokar"
	f := s.File("publish", s.Markdown("A witness was heard", "The witness Otokar was heard.", "tags: [courts]"))
	p.WaitFor(2)
	noted := s.Must("correct", f.ID, s.Markdown("A witness was heard", "The witness "+name+" was heard."), "--note", "It is "+name+", not Otokar.")
	p.WaitFor(3)
	page := strings.TrimSpace(after(noted, "Corrected: "))
	base := s.Base + "/en/articles/" + f.ID
	addresses := append(s.Feeds(), page, base+"/history", base+"/history/2", base+"/history/3", s.Base+"/ap/articles/"+f.ID, s.Actor()+"/outbox?before=9007199254740991",
		s.Base+"/en/feed.1.atom", s.Base+"/en/tags/courts/feed.json")
	if mentions(t, addresses, name) == 0 {
		t.Fatal("nothing mentions it before")
	}
	right := s.Markdown("A witness was heard", "The witness was heard.")
	told := s.Must("correct", f.ID, right, "--note", "A name, "+name+", was taken out.", "--hide-earlier")
	for _, want := range []string{`Hidden too, the note on an earlier correction: "It is Ottokar, not Otokar."`, "says Ottokar, which only earlier wordings had"} {
		e2etest.Equal(t, "it says "+want, strings.Contains(told, want), true)
	}
	p.WaitFor(4)
	told = s.Must("correct", f.ID, right, "--minor", "--hide-earlier", "--json") // as it was said to do
	e2etest.Equal(t, "for scripts", strings.Contains(told, `"hidden_notes":["A name, Ottokar, was taken out."]`), true)
	last := p.WaitFor(5)[4]
	e2etest.Equal(t, "what followers are sent mentions it", strings.Contains(fmt.Sprint(last.Fields), name), false)
	for _, address := range addresses {
		e2etest.Equal(t, address+" mentions it", mentions(t, []string{address}, name), 0)
	}
	e2etest.Equal(t, "editors read it", strings.Contains(s.Must("show", f.ID), "It is Ottokar, not Otokar. (hidden)"), true)
}

// TestHidingReachesAllFeeds that ever carried an article, also where it is no longer among
// the newest, has left, or is told as a minor correction.
func TestHidingReachesAllFeeds(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.Must("section", "add", "Press Room")
	s.Serve()
	const name, mended = "Ottokar", "The witness was heard"
	a := s.File("publish", s.Markdown("A witness was heard", "The witness "+name+" was heard.", "tags: [courts]"))
	s.File("correct", a.ID, s.InSection(s.Markdown("A witness was heard", "The witness "+name+" was heard.", "tags: [courts]"), "press-room"), "--minor")
	s.Clock.Pass(40 * 24 * time.Hour)
	s.Fill(21, "A later statement", "courts", "the-ministry/the-minister/activities", "press-room")
	feeds := append(s.Feeds(), s.Base+"/en/press-room/feed.atom", s.Base+"/en/tags/courts/feed.rss")
	e2etest.Equal(t, "feeds that have it before", mentions(t, feeds, a.ID), 0)
	s.File("correct", a.ID, s.InSection(s.Markdown("A witness was heard", mended+".", "tags: [courts]"), "press-room"), "--minor", "--hide-earlier")
	for _, feed := range feeds {
		e2etest.Equal(t, feed+" mentions it", mentions(t, []string{feed}, name), 0)
		e2etest.Equal(t, feed+" has the new text", mentions(t, []string{feed}, mended) > 0, true)
	}
	s.Clock.Pass(31 * 24 * time.Hour)
	s.Publish("A month later", "tags: [courts]")
	s.File("publish", s.InSection(s.Markdown("A month later", "It was said."), "press-room"))
	e2etest.Equal(t, "feeds that have it a month later", mentions(t, feeds, a.ID), 0)
}

// TestACorrectionIsNotUndoneByTheOldFile: whichever way an editor files it, under the title
// that it had or another, page and feeds go on to say what the note says.
func TestACorrectionIsNotUndoneByTheOldFile(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.Serve()
	const old = "The Ministry of Foreign Affairs presented its plan on Monday. The budget is 100 million. The minister thanked all partners in the room."
	right := strings.Replace(old, "100 million", "200 million", 1)
	f := s.File("publish", s.Markdown("A budget", old))
	s.File("correct", f.ID, s.Markdown("A budget", right), "--note", "The budget is 200 million.")
	refused(t, s, "--back", "correct", f.ID, s.Markdown("A budget", strings.Replace(old, "Monday.", "Monday;", 1)), "--minor")
	for _, title := range []string{"A budget", "Another budget"} {
		refused(t, s, "The budget is 200 million.", "publish", s.Markdown(title, old))
		refused(t, s, "--again", "publish", s.Markdown(title, old))
	}
	addresses := append(s.Feeds(), s.Base+"/en/articles/"+f.ID+"/", s.Base+"/en/the-ministry/", s.Base+"/en/search?q=budget")
	e2etest.Equal(t, "says 100 million", mentions(t, addresses, "100 million"), 0)
	e2etest.Equal(t, "says 200 million", mentions(t, addresses, "200 million") > 0, true)
}
