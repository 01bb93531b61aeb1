package command_test

import (
	"context"
	"io"
	"regexp"
	"strings"
	"testing"

	"communique/cmd/communique/command"
	"communique/cmd/internal/e2e/e2etest"
)

// TestDemo: the demo shows a site and a follower, publishes and corrects, and
// ends without an error when it is interrupted.
func TestDemo(t *testing.T) {
	t.Parallel()
	ctx, interrupt := context.WithCancel(t.Context())
	var out e2etest.Buffer
	ended := make(chan error, 1)
	go func() { ended <- command.Run(ctx, []string{"demo"}, e2etest.NewFolder(t).World(&out, io.Discard)) }()
	said := func(pattern string) string {
		t.Helper()
		compiled := regexp.MustCompile(pattern)
		e2etest.Eventually(t, "the demo says "+pattern, func() bool { return compiled.MatchString(out.String()) })
		return compiled.FindStringSubmatch(out.String())[1]
	}
	follower := said(`a follower +(\S+)`)
	for _, lang := range []string{"en", "fr", "ar"} {
		e2etest.Equal(t, "the home page in "+lang, e2etest.Get(t, said(`the site +(\S+/)en/`)+lang+"/").Status, 200)
	}
	desk := strings.TrimSuffix(said(`the desk +(\S+)`), "/")
	approver := e2etest.Visit(t, desk)
	e2etest.Eventually(t, "the desk opens", func() bool { return e2etest.Listens(strings.TrimPrefix(desk, "http://")) })
	approver.Post("/sign-in/invented", "login", "t.okell")
	waiting := regexp.MustCompile(`/manuscripts/[a-z2-7]{16}`).FindString(string(approver.Get("/manuscripts").Body))
	form := regexp.MustCompile(`name="digest" value="([^"]+)"`).FindStringSubmatch(string(approver.Get(waiting).Body))
	if form == nil {
		t.Fatal("what waits at the desk cannot be approved")
	}
	approved := approver.Post(waiting+"/approval", "revision", "1", "digest", form[1])
	if !strings.Contains(string(approved.Body), "Petrel") || approved.Status != 200 {
		t.Errorf("approving what waits at the desk: %d\n%s", approved.Status, approved.Body)
	}
	e2etest.Eventually(t, "the follower shows what was approved", func() bool {
		return strings.Contains(string(e2etest.Get(t, follower).Body), "cutter Petrel")
	})
	e2etest.Eventually(t, "an answer waits at the desk", func() bool {
		return strings.Contains(string(approver.Get("/answers").Body), "winter harbours")
	})
	if page := string(approver.Get("/").Body); !strings.Contains(page, "All is well") || strings.Contains(page, "Rights that take two") {
		t.Errorf("the desk's first page:\n%s", page)
	}
	fresh := said(`Published (\S+)`)
	e2etest.Equal(t, "the page of what is published", e2etest.Get(t, fresh).Status, 200)
	said(`(Corrected) http`)
	e2etest.Eventually(t, "the follower shows the correction", func() bool {
		return strings.Contains(string(e2etest.Get(t, follower).Body), "There are 49")
	})
	interrupt()
	if err := <-ended; err != nil {
		t.Errorf("it ends with %v", err)
	}
}
