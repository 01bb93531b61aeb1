package faults

import (
	"database/sql"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"communique/cmd/communique/command"
	"communique/cmd/internal/config"
	"communique/cmd/internal/e2e/e2etest"
)

// TestFaultLocked lets another process hold the database for longer than we
// wait: pages go on, an alarm says what is the matter, and then everything is
// delivered.
func TestFaultLocked(t *testing.T) {
	t.Parallel()
	s, c := e2etest.NewSite(t), newCrowd(t, 5, 20)
	c.follow(s)
	server := s.Start()
	first := s.Publish("A first statement")
	c.settles("the first", s.ObjectID(first), created)
	db, err := sql.Open("sqlite", "file:"+filepath.Join(s.Data, config.Database)+"?_txlock=immediate&_pragma=busy_timeout(60000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	// As soon as the second arrives somewhere, before that is written down.
	locked := make(chan *sql.Tx, 1)
	var once sync.Once
	c.reactTo(func(int) {
		once.Do(func() {
			tx, err := db.Begin()
			if err != nil {
				t.Error(err)
			}
			locked <- tx
		})
	})
	second := s.Publish("A second statement")
	third := s.Markdown("A third statement", "It waits.")
	tx := <-locked
	ended := make(chan error, 1)
	go func() {
		_, _, err := s.Run("publish", third)
		ended <- err
	}()
	e2etest.Eventually(t, "an alarm", func() bool {
		return strings.Contains(server.Stderr.String(), "another program holds the database: stop it")
	})
	e2etest.Equal(t, "a page meanwhile", e2etest.Get(t, s.Base+"/en/").Status, 200)
	if err := <-ended; err == nil || !strings.Contains(said(err), "another program holds it") {
		t.Errorf("a command meanwhile: %v", err)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	c.settles("the second", s.ObjectID(second), created)
}

// said is the line that the program ends with.
func said(err error) string {
	var line strings.Builder
	command.ExitStatus(&line, err)
	return line.String()
}
