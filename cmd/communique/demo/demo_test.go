package demo

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"communique/federation/remote"
	"communique/federation/signature"
)

// TestContent: every article that is corrected or withdrawn is there, each text
// to replace stands in its article once, and the pictures come along.
func TestContent(t *testing.T) {
	t.Parallel()
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := Unpack(folder); err != nil {
		t.Fatal(err)
	}
	if c.Ministry.Actor == "" || len(c.Ministry.Languages) == 0 || len(c.Sections) == 0 || len(c.Articles) < 10 {
		t.Errorf("read %d sections and %d articles of %+v", len(c.Sections), len(c.Articles), c.Ministry)
	}
	for _, correction := range append(slices.Clone(c.Corrections), c.Second) {
		text, err := os.ReadFile(filepath.Join(folder, correction.Article+".md"))
		if err != nil {
			t.Error(err)
			continue
		}
		for _, r := range correction.Replace {
			if strings.Count(string(text), r.Old) != 1 || r.New == r.Old {
				t.Errorf("%q is replaced in %s, where it stands %d times", r.Old, correction.Article, strings.Count(string(text), r.Old))
			}
		}
	}
	for _, w := range c.Withdrawals {
		if !slices.Contains(c.Articles, w.Article) || w.Reason == "" {
			t.Errorf("%+v is withdrawn", w)
		}
	}
	if len(c.People) != 2 {
		t.Errorf("there are %d people to choose from", len(c.People))
	}
	for _, picture := range []string{c.Ministry.Icon, c.Ministry.Header, Fresh + ".md", Waiting + ".md"} {
		if _, err := os.Stat(filepath.Join(folder, filepath.Base(picture))); err != nil {
			t.Error(err)
		}
	}
}

// follower serves a follower on this machine.
func follower(t *testing.T) *Follower {
	t.Helper()
	var f *Follower
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { f.Handler().ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	made, err := NewFollower(server.URL, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	f = made
	t.Cleanup(f.Close)
	return f
}

// TestFollower: what another actor signs arrives and is shown, an Accept tells
// who is followed, and what does not verify is refused and shown as such.
func TestFollower(t *testing.T) {
	t.Parallel()
	reader, ministry := follower(t), follower(t)
	if err := reader.Follow(t.Context(), ministry.id()); err != nil {
		t.Fatal(err)
	}
	received, _ := ministry.Received()
	if len(received) != 1 || received[0].Type != "Follow" || !received[0].Verified || received[0].Object != ministry.id() {
		t.Fatalf("the ministry received %+v", received)
	}
	send := func(key signature.Key, kind, content string) int {
		text := fmt.Appendf(nil, `{"id":"%s/%s","type":"%[2]s","actor":"%[3]s","object":{"id":"%[1]s/o","type":"Note","content":"%[4]s"}}`, ministry.base, kind, ministry.id(), content)
		answer, err := ministry.remote.Post(t.Context(), remote.Delivery{Inbox: reader.base + "/inbox", Body: text, Digest: signature.Digest(text)}, remote.Ladder{Key: key})
		if err != nil {
			t.Fatal(err)
		}
		return answer.Status
	}
	if status := send(ministry.key, "Accept", ""); status != http.StatusAccepted {
		t.Errorf("the Accept is answered %d", status)
	}
	if status := send(ministry.key, "Create", "<b>Signed.</b>"); status != http.StatusAccepted {
		t.Errorf("the Create is answered %d", status)
	}
	if status := send(reader.key, "Delete", ""); status != http.StatusUnauthorized {
		t.Errorf("what another signed is answered %d", status)
	}
	received, follows := reader.Received()
	if follows != ministry.id() || len(received) != 4 { // what is refused is tried by the other scheme, too
		t.Fatalf("follows %q after %+v", follows, received)
	}
	if newest := received[0]; newest.Type != "Delete" || newest.Verified || !strings.Contains(newest.Problem, "not by "+ministry.id()) {
		t.Errorf("what another signed is kept as %+v", newest)
	}
	w := httptest.NewRecorder()
	reader.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	for _, want := range []string{ministry.id(), "<b>Signed.</b>", "Create"} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("the page does not show %q", want)
		}
	}
}

// TestFollowerRefuses: what is no activity or not signed is answered with what is
// wrong, and only so much is kept.
func TestFollowerRefuses(t *testing.T) {
	t.Parallel()
	f := follower(t)
	ask := func(body string) int {
		w := httptest.NewRecorder()
		f.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/inbox", strings.NewReader(body)))
		return w.Code
	}
	if status := ask("nonsense"); status != http.StatusBadRequest {
		t.Errorf("nonsense is answered %d", status)
	}
	const unsigned = `{"id":"https://a.example/1","type":"Create","actor":"https://a.example/u","object":"https://a.example/o"}`
	for range maxReceived + 3 {
		if status := ask(unsigned); status != http.StatusUnauthorized {
			t.Fatalf("what is not signed is answered %d", status)
		}
	}
	if received, follows := f.Received(); len(received) != maxReceived || follows != "" {
		t.Errorf("kept %d of %d, follows %q", len(received), maxReceived, follows)
	}
	if err := f.Follow(t.Context(), f.base+"/nobody"); err == nil {
		t.Error("an actor that is not there was followed")
	}
}
