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

func reload(t *testing.T, newsboat, home string) {
	t.Helper()
	file := func(name string) string { return filepath.Join(home, name) }
	cmd := exec.Command(newsboat, "-q", "-u", file("urls"), "-C", file("config"), "-c", file("db"), "-x", "reload")
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
