package command_test

import (
	"compress/gzip"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"communique/cmd/communique/command"
	"communique/cmd/internal/config"
	"communique/cmd/internal/e2e/e2etest"
	"communique/storage"
	"communique/storage/sqlite"
)

// siteOf04 is an installation whose database version 0.4 has written.
func siteOf04(t *testing.T) *e2etest.Site {
	t.Helper()
	s := e2etest.NewSite(t)
	packed, err := os.Open(filepath.Join("..", "..", "..", "storage", "migrations", "testdata", "0.4.0.db.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	r, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	file, later := filepath.Join(s.Data, config.Database), filepath.Join(t.TempDir(), "later.db")
	if err := os.Rename(file, later); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", "file:"+file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	_, err = db.ExecContext(t.Context(), `ATTACH $1 AS later; UPDATE facts SET value = $2 WHERE name = 'base_url';
		UPDATE actor_keys AS k SET private = (SELECT l.private FROM later.actor_keys l WHERE l.actor = k.actor AND l.name = k.name)`, later, s.Base) // there were no keys in it
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// tellsOfUpgrade holds what readers, machines and status are told in the middle of step 7.
func tellsOfUpgrade(t *testing.T, s *e2etest.Site, watched string, at storage.Upgrade) {
	t.Helper()
	far := fmt.Sprintf("step 7 of %d, 1 of 1 rows", at.Steps)
	got := e2etest.Get(t, s.Base+"/en/", "Accept", "text/html")
	page := string(got.Body)
	if got.Status != http.StatusServiceUnavailable || got.Header.Get("Retry-After") == "" || got.Header.Get("Cache-Control") != "no-store" ||
		!strings.Contains(page, "Please come back in a minute") || !strings.Contains(page, "<progress") {
		t.Errorf("a page: %d %v\n%s", got.Status, got.Header, page)
	}
	_, rest, _ := strings.Cut(page, `<link rel="stylesheet" href="`)
	style, _, _ := strings.Cut(rest, `"`)
	if got := e2etest.Get(t, s.Base+style, "Accept", "text/css"); got.Status != http.StatusOK || !strings.Contains(string(got.Body), "--accent") {
		t.Errorf("the style sheet %s: %d", style, got.Status)
	}
	got = e2etest.Get(t, s.Base+"/actors/ministry", "Accept", e2etest.ActivityJSON)
	var problem struct {
		Status, Percent int
		Detail          string
	}
	if err := json.Unmarshal(got.Body, &problem); err != nil || got.Header.Get("Content-Type") != "application/problem+json" || got.Header.Get("Retry-After") == "" ||
		problem.Status != http.StatusServiceUnavailable || problem.Percent != 100*7/(at.Steps) || !strings.Contains(problem.Detail, far) {
		t.Errorf("to a machine: %d %v %s", got.Status, got.Header, got.Body)
	}
	if got := e2etest.Get(t, "http://"+watched+"/readyz"); got.Status != http.StatusServiceUnavailable || !strings.Contains(string(got.Body), far) {
		t.Errorf("/readyz: %d %s", got.Status, got.Body)
	}
	if got := e2etest.Get(t, "http://"+watched+"/healthz"); got.Status != http.StatusOK {
		t.Errorf("/healthz: %d %s", got.Status, got.Body)
	}
	out, _, err := s.Run("status")
	if command.ExitStatus(io.Discard, err) != 1 || !strings.Contains(out, "The database is being brought up to date for version") || !strings.Contains(out, far) {
		t.Errorf("status: %v\n%s", err, out)
	}
	if out, _, _ := s.Run("status", "--json"); !strings.Contains(out, `"well":false`) || !strings.Contains(out, `"upgrade":{"version":`) {
		t.Errorf("status --json: %s", out)
	}
}

// TestServeUpgrades: while serve brings the database up to date, readers are told how far that
// is and when to come back, machines that watch it and status why it is not ready; then the
// same server serves, and nobody is refused in between.
func TestServeUpgrades(t *testing.T) {
	t.Parallel()
	s := siteOf04(t)
	file := filepath.Join(s.Data, config.Database)
	upgrades := func() bool {
		is, err := sqlite.Upgrades(t.Context(), file)
		if err != nil {
			t.Error(err)
		}
		return is
	}
	e2etest.Equal(t, "whether the tables will be changed", upgrades(), true)
	watched := e2etest.FreePort(t)
	s.Configure(`listen: "off"`, "listen: "+watched)
	reached, goOn := make(chan storage.Upgrade), make(chan struct{})
	ctx, stop := context.WithCancel(storage.WatchUpgrade(t.Context(), func(u storage.Upgrade) {
		if u.Step == 7 && u.Done == 1 { // the days of articles, all on one
			reached <- u
			<-goOn
		}
	}))
	ended := make(chan error, 1)
	go func() { ended <- command.Run(ctx, []string{"serve", "--data", s.Data}, s.World(io.Discard, &s.Log)) }()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("serve: %v", err)
		}
	}()
	var at storage.Upgrade
	select {
	case at = <-reached:
	case err := <-ended:
		ended <- nil
		t.Fatalf("serve ended: %v\n%s", err, s.Log.String())
	}

	tellsOfUpgrade(t, s, watched, at)
	close(goOn)
	e2etest.Eventually(t, "the site is served", func() bool {
		return e2etest.Get(t, s.Base+"/en/", "Accept", "text/html").Status == http.StatusOK // fails if it is refused
	})
	if got := e2etest.Get(t, "http://"+watched+"/readyz"); got.Status != http.StatusOK {
		t.Errorf("/readyz: %d %s", got.Status, got.Body)
	}
	if out, _, err := s.Run("status"); !strings.Contains(out, "One server runs.") {
		t.Errorf("status: %v\n%s", err, out)
	}
	e2etest.Equal(t, "whether the tables will be changed again", upgrades(), false)
	if _, err := os.Stat(filepath.Join(s.Data, "upgrade.lock")); err == nil {
		t.Error("upgrade.lock is left")
	}
}
