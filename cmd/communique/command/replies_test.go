package command_test

import (
	"fmt"
	"strings"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
)

// TestReplies: an editor lists what waits, page by page, reads it and decides,
// each decision by itself or several at once.
func TestReplies(t *testing.T) {
	t.Parallel()
	s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
	a := s.Publish("Answered")
	s.Serve()
	for n := range 3 {
		p.Sends(s, p.Activity("Create", fmt.Sprint(n), p.Post(fmt.Sprint(n), fmt.Sprintf("<p>Reply %d</p>", n), s.ObjectID(a))))
	}
	mention := e2etest.With(p.Post("4", "<p>Hello</p>", ""), "tag", []any{map[string]any{"type": "Mention", "href": s.Actor()}})
	private := e2etest.With(p.Post("5", "<p>Between us</p>", s.ObjectID(a)), "to", []string{s.Actor()})
	p.Sends(s, p.Activity("Create", "4", mention), p.Activity("Create", "5", private))

	list := func(args ...string) string { return s.Must(append([]string{"replies", "list"}, args...)...) }
	holds(t, list(), "Reply 0", "Reply 1", "Reply 2", "(mention)", "(private)", a.ID)
	first := s.WaitingReply()
	page := list("--limit", "1")
	holds(t, page, "Reply 0", "--after "+first)
	holds(t, list("--after", first), "Reply 1")
	holds(t, s.Must("replies", "show", first), "Reply 0", "pending, to "+a.ID, "@reader@")
	holds(t, s.Must("replies", "show", first, "--json"), `"text":"Reply 0"`, `"public":true`)

	holds(t, s.Must("replies", "approve", first), "Approved: "+first)
	second := s.WaitingReply()
	holds(t, s.Must("replies", "reject", "--json", second), `"state":"rejected"`)
	holds(t, list("--state", "approved"), "Reply 0")
	holds(t, list("--state", "rejected", "--json"), "Reply 1")
	e2etest.Equal(t, "what is shown", strings.Count(string(s.Page(a).Body), "<p>Reply "), 1)
	for _, wrong := range [][]string{{"list", "--state", "odd"}, {"list", "--limit", "0"}, {"approve"}, {"approve", "nothing"}, {"show", "nothing"}, {"list", "--after", "nothing"}} {
		if _, _, err := s.Run(append([]string{"replies"}, wrong...)...); err == nil {
			t.Errorf("replies %v is taken", wrong)
		}
	}
}

// TestFlags: reports are listed until they are dismissed.
func TestFlags(t *testing.T) {
	t.Parallel()
	s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
	a := s.Publish("Reported")
	s.Serve()
	p.Sends(s, e2etest.With(p.Activity("Flag", "1", s.ObjectID(a)), "content", "Not nice"))
	holds(t, s.Must("flags"), "Not nice")
	var line struct{ ID any }
	s.ReadJSON(&line, "flags", "--json")
	s.Must("flags", "dismiss", fmt.Sprint(line.ID))
	e2etest.Equal(t, "reports after it", s.Must("flags", "--json"), "")
}

// holds makes sure that a text has parts.
func holds(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is missing:\n%s", part, text)
		}
	}
}
