package browser

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
)

var typings = flag.Int("browser.typings", 6, "how often tab, network or server are killed while somebody types")

// typist is somebody who writes on the desk in a real browser.
type typist struct {
	t   *testing.T
	in  io.Writer
	out *bufio.Scanner
}

// newTypist opens a browser in which an officer has signed in.
func newTypist(t *testing.T, o *e2etest.Officer) *typist {
	t.Helper()
	c := o.Session()
	return openBrowser(t, c.Name+"="+c.Value)
}

// openBrowser opens a browser that has a cookie, if one is given.
func openBrowser(t *testing.T, cookie ...string) *typist {
	t.Helper()
	cmd := withBrowser(t, "puppeteer", "type.mjs", nil, cookie...)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait() // the browser is closed, or the test has failed
	})
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 8<<20)
	return &typist{t, in, lines}
}

// seen is what the page is like, At by its own clock, in milliseconds.
type seen struct {
	Text, Told, Path, Page, Sent, Error string

	At   float64
	Keys []key
	Slow float64 // for how long a try was under way of late, or the page was held up
}

// key is a letter that was typed.
type key struct {
	At     float64
	Length int // of the text with it
}

// missing is how long ago the first letter was typed that is not found.
func (s seen) missing(found string) time.Duration {
	for _, k := range s.Keys {
		if k.Length > len(found) {
			return time.Duration((s.At - k.At) * float64(time.Millisecond))
		}
	}
	return 0
}

// do has the typist do something, of names and values.
func (p *typist) do(what string, more ...any) (s seen) {
	p.t.Helper()
	order := map[string]any{"do": what}
	for i := 0; i < len(more); i += 2 {
		order[more[i].(string)] = more[i+1]
	}
	if err := json.NewEncoder(p.in).Encode(order); err != nil {
		p.t.Fatal(err)
	}
	if !p.out.Scan() {
		p.t.Fatalf("the browser is gone: %v", p.out.Err())
	}
	if err := json.Unmarshal(p.out.Bytes(), &s); err != nil || s.Error != "" {
		p.t.Fatalf("%s: %v, %s", what, err, s.Error)
	}
	return s
}

var (
	offeredForm = regexp.MustCompile(`\?typed=[a-z2-7]+`)
	theTyped    = regexp.MustCompile(`(?s)<textarea id="text"[^>]*>\n(.*?)</textarea>`)
)

// found is the text that an officer finds who opens a form again and takes what they typed.
func found(t *testing.T, o *e2etest.Officer, path string) string {
	t.Helper()
	take := offeredForm.FindString(string(o.Get(path).Body))
	if take == "" {
		t.Fatalf("nothing is offered at %s", path)
	}
	text := theTyped.FindStringSubmatch(string(o.Get(path + take).Body))
	if text == nil {
		t.Fatalf("no form at %s%s", path, take)
	}
	return text[1]
}

const (
	// mostMissing is how much typing is lost at most with a tab, network or server.
	mostMissing = 2 * time.Second
	// saveShare is how long a save may take for that to hold: what is typed while one is under
	// way waits for its answer, for the pause of the form's script, and for the next one.
	saveShare = (mostMissing - 700*time.Millisecond) / 2
)

// typing is somebody who types in one form after the other while what they need is killed.
type typing struct {
	*testing.T
	*e2etest.Site
	officer *e2etest.Officer
	typist  *typist
	server  *e2etest.Process
	random  *rand.Rand
	slow    int           // rounds on a machine too slow for what is promised
	most    time.Duration // that was missing in another round
}

func (y *typing) words(n int) string {
	var b strings.Builder
	for range n {
		fmt.Fprintf(&b, "word%d ", y.random.IntN(1000))
	}
	return b.String()
}

// begins opens a form with a text and types in it.
func (y *typing) begins(round int) (path string) {
	y.officer.Post("/manuscripts/new", "title", fmt.Sprint("Treaty ", round), "section", "statements", "language", "en", "text", "Begun.")
	path = regexp.MustCompile(`/manuscripts/[a-z2-7]{16}`).FindString(string(y.officer.Get("/manuscripts").Body)) + "/edit"
	y.typist.do("open", "url", y.officer.Desk()+path)
	y.typist.do("type", "text", " "+y.words(1+y.random.IntN(3)), "pause", y.random.IntN(20))
	y.typist.do("wait", "text", "Kept at")
	y.typist.do("type", "text", y.words(1+y.random.IntN(10)), "pause", y.random.IntN(120))
	return path
}

// killed holds what is found to what was typed when the kill came: all of it that the server had
// answered that it has, and all that was typed two seconds before.
func (y *typing) killed(what, found string, when seen) {
	y.Helper()
	if !strings.HasPrefix(when.Text, found) && !strings.HasPrefix(found, when.Text) || len(found) < len(when.Sent) {
		y.Errorf("%s: %q was typed, the server had %q, and %q is found", what, when.Text, when.Sent, found)
	}
	switch missing := when.missing(found); {
	case when.Slow > float64(saveShare.Milliseconds()):
		y.slow++
	case missing > mostMissing:
		y.Errorf("%s: %q was typed, and %q is found: %v of typing are missing, though nothing took longer than %.0f ms", what, when.Text, found, missing, when.Slow)
	default:
		y.most = max(y.most, missing)
	}
}

// goesOn types on a page that reaches nothing.
func (y *typing) goesOn() {
	y.typist.do("type", "text", y.words(1+y.random.IntN(5)), "pause", 5)
	y.typist.do("wait", "text", "can’t be reached")
}

// arrives holds what is found, as soon as the page says that it was kept, to all that was typed.
func (y *typing) arrives(what, path string) {
	y.Helper()
	whole := y.typist.do("value").Text
	y.typist.do("offline", "on", false)
	y.typist.do("wait", "text", "Kept at")
	if got := found(y.T, y.officer, path); got != whole {
		y.Errorf("%s: %q was typed, and %q is found when it was back", what, whole, got)
	}
}

// TestNothingTypedIsLost: tab, network or server are killed at random moments while somebody
// types. What the server has answered that it has is there, in full, when the form is opened
// again, and so is all that was typed two seconds before; what was typed after that is on the
// page still, if that is there, and arrives when network and server are back.
func TestNothingTypedIsLost(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.DeskAddress()
	server := s.Start()
	o := s.Officer(t, "a.silva", "editor")
	o.SetUpFactor()
	seed := rand.Uint64()
	y := &typing{T: t, Site: s, officer: o, typist: newTypist(t, o), server: server, random: rand.New(rand.NewPCG(seed, 0))}
	for round := range *typings {
		kill := []string{"tab", "network", "server"}[round%3]
		what := fmt.Sprintf("seed %d, round %d, %s", seed, round, kill)
		path := y.begins(round)
		switch kill {
		case "tab":
			when := y.typist.do("kill")
			y.killed(what, found(t, o, path), when)
		case "network":
			when := y.typist.do("value")
			y.typist.do("offline", "on", true)
			y.killed(what, found(t, o, path), when)
			y.goesOn()
			y.arrives(what, path)
		case "server":
			when := y.typist.do("value")
			y.server.Kill()
			y.goesOn()
			y.typist.do("offline", "on", true) // else the page may be faster than who looks
			y.server = s.Start()
			e2etest.Eventually(t, "the desk is open again", func() bool { return e2etest.Listens(strings.TrimPrefix(o.Desk(), "http://")) })
			y.killed(what, found(t, o, path), when)
			y.arrives(what, path)
		}
	}
	t.Logf("at most %v of typing were missing in %d rounds; in %d others the machine was slower than %v, and what the server had answered alone was counted", y.most, *typings-y.slow, y.slow, saveShare)
}

// TestSessionEndsWhileTyping: by the time the form is saved the session has ended. What was
// typed is kept, is found after signing in, and is saved then; the page itself is drawn.
func TestSessionEndsWhileTyping(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.DeskAddress()
	s.Serve()
	s.Must("people", "invite", "root", "--role", "operator")
	o := s.Officer(t, "a.silva", "editor")
	p := newTypist(t, o)
	p.do("open", "url", o.Desk()+"/manuscripts/new")
	p.do("type", "text", "Written before. ", "pause", 0)
	p.do("wait", "text", "Kept at")
	section := regexp.MustCompile(`<option value="([^"]+)">`).FindSubmatch(o.Get("/manuscripts/new?typed=none").Body)
	if section == nil {
		t.Fatal("there is no section to write in")
	}
	o.Post("/sign-out") // in another window
	p.do("type", "text", "And after.", "pause", 0)
	p.do("wait", "text", "Your session has ended")
	p.do("fill", "fields", map[string]string{"title": "Treaty", "section": string(section[1])})
	p.do("click", "selector", ".writing button[type=submit]")
	got := p.do("value")
	if got.Path != "/sign-in" || !strings.Contains(got.Page, "is kept for you") {
		t.Fatalf("it leads to %s:\n%s", got.Path, got.Page)
	}
	p.do("fill", "fields", map[string]string{"login": "a.silva", "password": e2etest.Password})
	p.do("click", "selector", "main button[type=submit]")
	if got := p.do("value"); got.Path != "/manuscripts/new" || !strings.Contains(got.Page, "You typed this on") {
		t.Fatalf("after signing in it leads to %s:\n%s", got.Path, got.Page)
	}
	p.do("click", "selector", "a.button[href*='typed=']")
	if got := p.do("value"); got.Text != "Written before. And after." {
		t.Errorf("it is %q", got.Text)
	}
	p.do("click", "selector", ".writing button[type=submit]")
	if got := p.do("value"); !strings.HasPrefix(got.Path, "/manuscripts/") || !strings.Contains(got.Page, "Written before. And after.") {
		t.Errorf("saved, it is at %s:\n%s", got.Path, got.Page)
	}
}
