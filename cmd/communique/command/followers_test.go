package command_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
	"communique/storage"
	"communique/storage/deliveries"
	"communique/storage/sqlite"
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

// TestSoftwareIsShown: what servers run is listed, and correct and reach say where a
// correction is not shown, and nothing of who has it yet: Misskey passes over an Update of
// a Note (ApInboxService.ts#update; seen with MisskeyIO 2025.4).
func TestSoftwareIsShown(t *testing.T) {
	t.Parallel()
	s, p := e2etest.NewFollowed(t)
	id := s.Publish("A treaty was signed").ID
	p.WaitFor(2)
	if out := s.Must("destinations"); !strings.Contains(out, "SOFTWARE") || !strings.Contains(out, "RSA") {
		t.Errorf("destinations:\n%s", out)
	}
	store, err := sqlite.Open(t.Context(), filepath.Join(s.Data, "communique.db"), s.Clock)
	if err != nil {
		t.Fatal(err)
	}
	runs := func(name string) {
		t.Helper()
		err := store.Update(t.Context(), func(tx *storage.Tx) error {
			return tx.SetSoftware(strings.TrimPrefix(p.Server.URL, "http://"), deliveries.Software{Name: name, Version: "2025.4.0"})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { _ = store.Close() })
	p.AnswerWith(http.StatusServiceUnavailable) // who is behind is told by reach alone
	const tells = "1 servers with 1 followers run misskey, which takes corrections and goes on showing the first text."
	for name, want := range map[string]bool{"mastodon": false, "misskey": true} {
		runs(name)
		for _, list := range [][]string{{"destinations"}, {"destinations", "--json"}, {"followers", "list"}, {"followers", "list", "--json"}} {
			if out := s.Must(list...); !strings.Contains(out, name+" 2025.4.0") {
				t.Errorf("%v:\n%s", list, out)
			}
		}
		signature := map[string]string{"mastodon": "Ed25519", "misskey": "RSA"}[name]
		if out := s.Must("destinations", "--json"); !strings.Contains(out, `"signature":"`+signature+`"`) {
			t.Errorf("%s:\n%s", name, out)
		}
		out := s.Must("correct", id, s.Markdown("Treaties were signed with "+name, "It was."), "--note", "There were several.", "--replace")
		e2etest.Equal(t, "correct tells of "+name, strings.Contains(out, "Not every server will show it: "+tells) && strings.Contains(out, "communique reach "+id), want)
		if strings.Contains(out, "ent to") {
			t.Errorf("what has not arrived counts as sent:\n%s", out)
		}
		out = s.Must("reach", id)
		e2etest.Equal(t, "reach tells of "+name, strings.Contains(out, "Not every server that has it shows it: "+tells), want)
	}
}
