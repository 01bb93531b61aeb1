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

// seen is what the page is like.
type seen struct{ Text, Told, Path, Page, Sent, Error string }

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

// TestNothingTypedIsLost: tab, network or server are killed at random moments while somebody
// types. What the server has answered that it has is there, in full, when the form is opened
// again; what was typed after that is on the page still, if that is there, and arrives when
// network and server are back.
func TestNothingTypedIsLost(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.DeskAddress()
	s.Serve()
	o := s.Officer(t, "a.silva", "editor")
	o.SetUpFactor()
	p := newTypist(t, o)
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 0))
	words := func(n int) string {
		var b strings.Builder
		for range n {
			fmt.Fprintf(&b, "word%d ", random.IntN(1000))
		}
		return b.String()
	}
	for round := range *typings {
		kill := []string{"tab", "network", "server"}[round%3]
		o.Post("/manuscripts/new", "title", fmt.Sprint("Treaty ", round), "section", "statements", "language", "en", "text", "Begun.")
		path := regexp.MustCompile(`/manuscripts/[a-z2-7]{16}`).FindString(string(o.Get("/manuscripts").Body)) + "/edit"
		p.do("open", "url", o.Desk()+path)
		p.do("type", "text", " "+words(1+random.IntN(5)), "pause", random.IntN(20))
		p.do("wait", "text", "Kept at")
		p.do("type", "text", words(1+random.IntN(20)), "pause", random.IntN(40))
		now := p.do("value")
		switch kill {
		case "tab":
			p.do("kill")
			if got := found(t, o, path); !strings.HasPrefix(now.Text, got) && !strings.HasPrefix(got, now.Text) || len(got) < len(now.Sent) {
				t.Errorf("seed %d, round %d: %q was typed, the server had %q, and %q is found", seed, round, now.Text, now.Sent, got)
			}
			continue
		case "network":
			p.do("offline", "on", true)
		case "server":
			s.Stop()
		}
		p.do("type", "text", words(1+random.IntN(5)), "pause", 5)
		p.do("wait", "text", "can’t be reached")
		whole := p.do("value").Text
		switch kill {
		case "network":
			p.do("offline", "on", false)
		case "server":
			s.Serve()
			e2etest.Eventually(t, "the desk is open again", func() bool { return e2etest.Listens(strings.TrimPrefix(o.Desk(), "http://")) })
		}
		p.do("wait", "text", "Kept at")
		if got := found(t, o, path); got != whole {
			t.Errorf("seed %d, round %d: %q was typed, and %q is found after the %s was back", seed, round, whole, got, kill)
		}
	}
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
