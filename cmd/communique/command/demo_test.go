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
