package command_test

import (
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
)

// TestFollowers: who follows is listed page by page and written as CSV whose
// first column other servers import, for each actor by itself.
func TestFollowers(t *testing.T) {
	t.Parallel()
	s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
	s.Serve()
	host := strings.TrimPrefix(p.Server.URL, "http://")
	for _, account := range []string{"reader", "reader2", "reader3"} {
		other := p.As(account)
		e2etest.Equal(t, "a Follow", other.Send(s.Inbox(), other.Follow(s.Actor())), 202)
	}
	first := s.Must("followers", "list", "--limit", "2")
	for _, want := range []string{"reader@" + host, "reader2@" + host, "--after " + p.Server.URL + "/users/reader2"} {
		if !strings.Contains(first, want) {
			t.Errorf("the first page lacks %s:\n%s", want, first)
		}
	}
	second := s.Must("followers", "list", "--json", "--after", p.Server.URL+"/users/reader2")
	e2etest.Equal(t, "lines of the second page", strings.Count(second, "\n"), 1)
	rows, err := csv.NewReader(strings.NewReader(s.Must("followers", "export"))).ReadAll()
	if err != nil || len(rows) != 4 {
		t.Fatalf("exported %v, %v", rows, err)
	}
	e2etest.Equal(t, "the head", rows[0], []string{"Account address", "Actor", "Since"})
	e2etest.Equal(t, "a row", rows[2][:2], []string{"reader2@" + host, p.Server.URL + "/users/reader2"})
	_, _, err = s.Run("followers", "export", "--actor", "nobody")
	e2etest.Equal(t, "of an actor that is not there", fmt.Sprint(err != nil), "true")
}
