package command

import (
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
)

// TestFollowers: who follows is listed page by page and written as CSV whose
// first column other servers import, for each actor by itself.
func TestFollowers(t *testing.T) {
	t.Parallel()
	s, p := newSite(t), newPeer(t)
	s.serve()
	host := strings.TrimPrefix(p.server.URL, "http://")
	for _, account := range []string{"reader", "reader2", "reader3"} {
		other := p.as(account)
		mustEqual(t, "a Follow", other.send(s.base+"/ap/inbox", other.follow(s.actor())), 202)
	}
	first := s.must("followers", "list", "--limit", "2")
	for _, want := range []string{"reader@" + host, "reader2@" + host, "--after " + p.server.URL + "/users/reader2"} {
		if !strings.Contains(first, want) {
			t.Errorf("the first page lacks %s:\n%s", want, first)
		}
	}
	second := s.must("followers", "list", "--json", "--after", p.server.URL+"/users/reader2")
	mustEqual(t, "lines of the second page", strings.Count(second, "\n"), 1)
	rows, err := csv.NewReader(strings.NewReader(s.must("followers", "export"))).ReadAll()
	if err != nil || len(rows) != 4 {
		t.Fatalf("exported %v, %v", rows, err)
	}
	mustEqual(t, "the head", rows[0], []string{"Account address", "Actor", "Since"})
	mustEqual(t, "a row", rows[2][:2], []string{"reader2@" + host, p.server.URL + "/users/reader2"})
	_, _, err = s.run("followers", "export", "--actor", "nobody")
	mustEqual(t, "of an actor that is not there", fmt.Sprint(err != nil), "true")
}
