package readers

import (
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
	"communique/cmd/internal/realpart"
)

// TestNewsboatForgets: newsboat, which knows no tombstones and may ask for what is new
// alone, keeps nothing of a statement after its withdrawal.
func TestNewsboatForgets(t *testing.T) {
	t.Parallel()
	program := realpart.Program(t, "newsboat")
	s := e2etest.NewSite(t)
	s.Serve()
	s.Publish("An older statement", e2etest.PublishedAt(s.Clock.Now().Add(-time.Hour)))
	a := s.Publish("A secret title", "lead: A secret lead.")
	homes := map[string]string{}
	for _, feed := range []string{"feed.rss", "the-ministry/feed.atom"} {
		homes[feed] = t.TempDir()
		for name, content := range map[string]string{"urls": s.Base + "/en/" + feed + "\n", "config": ""} {
			if err := os.WriteFile(filepath.Join(homes[feed], name), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		for range 3 { // it sends validators from its third look on
			reload(t, program, homes[feed])
		}
		e2etest.Equal(t, "newsboat has of "+feed, fmt.Sprint(kept(t, homes[feed], "title")), "[A secret title An older statement]")
	}
	s.File("withdraw", a.ID, "--reason", "It named somebody.")
	for feed, home := range homes {
		reload(t, program, home)
		e2etest.Equal(t, "newsboat has of "+feed, fmt.Sprint(kept(t, home, "title")), "[This statement was withdrawn An older statement]")
		content := strings.Join(kept(t, home, "content"), "\n")
		if strings.Contains(content, "secret") || !strings.Contains(content, "because: It named somebody.") {
			t.Errorf("newsboat has of %s: %s", feed, content)
		}
	}
}

// TestNewsboatImports: a reader who has newsboat import the list of feeds has each
// article once, and no feed that is empty though there are articles in it.
func TestNewsboatImports(t *testing.T) {
	t.Parallel()
	program := realpart.Program(t, "newsboat")
	s := e2etest.NewSite(t)
	s.Must("section", "add", "Press Room")
	s.Serve()
	want := map[string]int{}
	for _, section := range []string{"the-ministry", "the-ministry/the-minister", "the-ministry/the-minister/activities", "press-room"} {
		s.File("publish", s.InSection(s.Markdown("A statement of "+section, "They spoke."), section))
		top, _, _ := strings.Cut(section, "/")
		want[s.Base+"/en/"+top+"/feed.atom"]++
	}
	home := t.TempDir()
	for name, content := range map[string][]byte{"urls": nil, "config": nil, "feeds.opml": e2etest.Get(t, s.Base+"/en/feeds.atom.opml").Body} {
		if err := os.WriteFile(filepath.Join(home, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	runNewsboat(t, program, home, "-i", filepath.Join(home, "feeds.opml"))
	for range 2 {
		reload(t, program, home)
		got := map[string]int{}
		for _, feed := range kept(t, home, "feedurl") {
			got[feed]++
		}
		e2etest.Equal(t, "the articles of each feed", fmt.Sprint(got), fmt.Sprint(want))
	}
}

func reload(t *testing.T, program, home string) {
	t.Helper()
	runNewsboat(t, program, home, "-x", "reload")
}

func runNewsboat(t *testing.T, program, home string, args ...string) {
	t.Helper()
	file := func(name string) string { return filepath.Join(home, name) }
	cmd := exec.Command(program, append([]string{"-q", "-u", file("urls"), "-C", file("config"), "-c", file("db")}, args...)...)
	cmd.Env = append(os.Environ(), "HOME="+home, "LANG=C.UTF-8")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("newsboat: %v\n%s", err, out)
	}
}

// kept reads a column of what newsboat has, the newest first.
func kept(t *testing.T, home, column string) (all []string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(home, "db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(`SELECT ` + column + ` FROM rss_item WHERE deleted = 0 ORDER BY pubDate DESC, id DESC`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		all = append(all, text)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}
